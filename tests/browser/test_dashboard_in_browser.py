"""
The dashboard in a browser: from signing up to a shared link by keyboard alone, and how it looks to axe.
"""

from itertools import count

import pytest
from browsing import AXE, NARROW, WIDE, Open, Site, Watch, found, overflow, tab_to
from playwright.sync_api import Page, expect

from parts import Server

pytest_plugins = ["browser_fixtures"]

PASSWORD = "securepass123"
_numbers = count(1)


def sign_up(page: Page, server: Server) -> None:
    """
    Create an account that nobody else has.
    """
    page.goto(f"{server.url}/app/signup")
    page.locator("#name").fill("Ada Lovelace")
    page.locator("#email").fill(f"ada{next(_numbers)}-{id(page)}@example.com")
    page.locator("#password").fill(PASSWORD)
    page.locator(".form button.main").click()


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_from_the_home_page_to_a_shared_link_by_keyboard_alone(
    server: Server, visit: Open, size: dict[str, int]
) -> None:
    """
    The zone is found; what is filled in already is left as it is; the link is copied.
    """
    page = visit(
        server.url,
        viewport=size,
        timezone_id="Asia/Kolkata",
        permissions=["clipboard-read", "clipboard-write"],
    )
    keys = page.keyboard
    tab_to(page, "a[href='/app/signup']")
    keys.press("Enter")
    page.wait_for_url("**/app/signup")
    tab_to(page, "#name")
    keys.type("Ada Lovelace")
    tab_to(page, "#email")
    keys.type(f"ada-{size['width']}@example.com")
    tab_to(page, "#password")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("**/app/welcome")
    expect(page.locator("#timezone")).to_have_value("Asia/Kolkata")
    tab_to(page, "button.main")
    keys.press("Enter")
    page.wait_for_url("**/app/welcome/meeting")
    tab_to(page, "[name=duration_minutes]")
    keys.press("ArrowRight")
    tab_to(page, "button.main")
    keys.press("Enter")
    page.wait_for_url("**/app/welcome/link")
    tab_to(page, "copy-text button")
    keys.press("Enter")
    expect(page.locator("copy-text button")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")

    page.goto(link)
    expect(page.locator(".event-name")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("45")


def test_without_scripts_it_is_as_many_steps(server: Server, visit: Open) -> None:
    """
    The zone is asked for, with one chosen that can be changed.
    """
    page = visit(f"{server.url}/app", scripts=False)
    page.get_by_role("link", name="Create an account").click()
    sign_up(page, server)
    page.locator("#timezone").select_option("Europe/Paris")
    page.locator("button.main").click()
    page.locator("button.main").click()
    expect(page.locator(".copied")).to_contain_text("/30-minute-meeting")
    expect(page.locator("copy-text button")).to_be_hidden()


def test_a_form_that_was_refused_has_the_focus_on_what_is_wrong(
    server: Server, visit: Open, watch: Watch
) -> None:
    """
    The list of problems is read out, and leads to each field.
    """
    watch.expected = ("status of 400",)
    page = visit(f"{server.url}/app/signup")
    page.locator("#email").fill("bob at example")
    page.locator(".form button.main").click()

    expect(page.locator(".problem")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    expect(page.locator("#email")).to_have_value("bob at example")
    expect(page.locator("#email")).to_have_attribute("aria-describedby", "email-error")


def test_a_password_can_be_looked_at(server: Server, visit: Open) -> None:
    """
    For as long as one wants to; the button says so to those who do not see it.
    """
    page = visit(f"{server.url}/app/login")
    page.locator("#password").fill(PASSWORD)
    button = page.get_by_role("button", name="Show the password")

    button.click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator("#password")).to_have_attribute("type", "password")


def test_whoever_was_sent_to_the_log_in_comes_back(site: Site, visit: Open, server: Server) -> None:
    """
    And whoever is logged in already is not asked.
    """
    page = visit(f"{server.url}/app/welcome/meeting", session=site.session)
    expect(page.locator("#name")).to_have_value("30 minute meeting")
    page.goto(f"{server.url}/app/login?next=/app/welcome/meeting")
    page.wait_for_url(f"{server.url}/app/welcome/meeting")
    page.get_by_role("button", name="Log out").click()
    expect(page.locator(".notice")).to_have_text("You are logged out.")
    page.goto(f"{server.url}/app/welcome/meeting")
    page.wait_for_url("**/app/login?next=**")


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_on_the_way_in(
    server: Server, visit: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    Home, log-in, sign-up with and without problems, first steps; and nothing is wider than the window.
    """
    watch.expected = (AXE, "status of 400", "status of 401")
    page = visit(server.url, color_scheme=scheme, viewport=size, reduced_motion="reduce")

    def fine() -> bool:
        assert [] == found(page), page.url
        assert overflow(page) == 0, page.url
        return True

    assert fine()
    page.goto(f"{server.url}/app")
    assert fine()
    page.locator("button.main").click()
    assert fine()
    page.goto(f"{server.url}/app/signup")
    page.locator(".form button.main").click()
    assert fine()
    sign_up(page, server)
    page.locator("[name=days]").first.wait_for()
    assert fine()
    while page.locator("[name=days]:checked").count():
        page.locator("[name=days]:checked").first.uncheck()
    page.locator("button.main").click()
    expect(page.locator("#days-error")).to_be_visible()
    assert fine()
    page.locator("[name=days]").first.check()
    page.locator("button.main").click()
    page.locator("[name=location]").wait_for()
    assert fine()
    page.locator("button.main").click()
    page.locator("copy-text").wait_for()
    assert fine()


@pytest.mark.parametrize(("scheme", "size"), [("light", NARROW), ("dark", WIDE)])
def test_axe_finds_nothing_in_the_gallery_of_the_dashboard(
    demo_server: str, visit: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    Every part, also what opens: the account, the further areas, a menu, a dialog.
    """
    watch.expected = (AXE,)
    page = visit(
        f"{demo_server}/dev/gallery/dashboard", color_scheme=scheme, viewport=size, reduced_motion="reduce"
    )
    assert [] == found(page)
    assert overflow(page) == 0
    openers = [".account", ".menu summary", "[data-opens=shown]"] + (
        [".further button"] if size is NARROW else []
    )
    for opener in openers:
        page.locator(opener).click()
        assert [] == found(page), opener
        page.keyboard.press("Escape")


def test_what_opens_can_be_closed_by_escape(demo_server: str, visit: Open) -> None:
    """
    Menus and dialogs, with the focus back where it was.
    """
    page = visit(f"{demo_server}/dev/gallery/dashboard")
    for opener, opened in (
        (".account", "#account"),
        (".menu summary", ".menu ul"),
        ("[data-opens=shown]", "#shown"),
    ):
        page.locator(opener).focus()
        page.keyboard.press("Enter")
        expect(page.locator(opened)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(opened)).to_be_hidden()
        expect(page.locator(opener)).to_be_focused()


def test_a_page_can_be_turned_round(demo_server: str, visit: Open) -> None:
    """
    From right to left the areas are on the other side, and nothing is wider than the window.
    """
    page = visit(f"{demo_server}/dev/gallery/dashboard")
    page.evaluate("document.documentElement.dir = 'rtl'")

    box = page.locator(".areas").bounding_box()

    assert box is not None
    assert WIDE["width"] == round(box["x"] + box["width"])
    assert overflow(page) == 0
