"""
Event types and the booking page in a browser: their main acts, with keys, without scripts, and under axe.
"""

from io import BytesIO

import pytest
from browsing import AXE, NARROW, WIDE, Open, Site, Watch, found, overflow, tab_to
from PIL import Image
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]

TYPES = "/app/event-types"


def save(page: Page) -> None:
    """
    Send the form, and wait for the list.
    """
    page.locator(".save-bar button.main").click()
    page.wait_for_url(f"**{TYPES}#type-*")


def names(site: Site) -> list[str]:
    return [event_type["name"] for event_type in site.call("GET", "/event-types")]


def test_an_event_type_with_questions_from_name_to_copied_link(site: Site, dashboard: Open) -> None:
    """
    The preview follows what is typed: the times of the new length, the questions; it books nothing.
    """
    page = dashboard(TYPES, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="New event type").first.click()
    page.locator("#name").fill("Design review")
    preview = page.locator("type-preview")
    expect(preview.locator(".event-name")).to_have_text("Design review")
    page.locator("#duration_minutes").fill("120")
    expect(preview.locator(".facts")).to_contain_text("2 hr")
    expect(preview.locator(".day:not([aria-disabled])").first).to_be_visible()

    add = page.get_by_role("button", name="Add a question")
    add.click()
    page.keyboard.type("Where can I see it?")
    expect(preview.get_by_label("Where can I see it?")).to_be_visible()
    add.click()
    page.keyboard.type("How far along is it?")
    second = page.locator(".question").nth(1)
    second.get_by_label("Kind of answer").select_option("select")
    second.get_by_label("Options").fill("Sketch\nShipped")
    second.get_by_label("Has to be answered").check()
    second.get_by_role("button", name="Move up").click()
    first = page.locator(".question").first
    expect(first.locator("input[maxlength]")).to_have_value("How far along is it?")
    first.locator(".grip").press("ArrowDown")
    expect(page.locator(".question").nth(1).locator(".grip")).to_be_focused()
    preview.get_by_label("Your name").fill("Bob")
    preview.get_by_label("Your e-mail address").fill("bob@example.com")
    preview.get_by_label("How far along is it?").select_option("Shipped")
    preview.get_by_role("button", name="Book this time").click()
    expect(preview.locator("[role=alert]")).to_have_text(
        "This is how it will be. In the preview nothing is booked."
    )

    save(page)
    expect(page.locator(".notice")).to_have_text("“Design review” can be booked now.")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert site.address("design-review") == page.evaluate("navigator.clipboard.readText()")
    [made] = site.call("GET", "/event-types")
    assert [("Where can I see it?", False, []), ("How far along is it?", True, ["Sketch", "Shipped"])] == [
        (question["label"], question["required"], question["options"]) for question in made["questions"]
    ]
    assert [] == site.bookings()


def test_the_order_by_keys_and_by_mouse(site: Site, dashboard: Open) -> None:
    """
    Each step is kept at once, and said; the focus stays on what is moved.
    """
    for name in ("A", "B", "C"):
        site.offer(name=name)
    page = dashboard(TYPES)
    grips = page.locator(".grip")
    tab_to(page, ".grip[aria-label='Move A']")
    with page.expect_response("**/order"):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_have_text("Now at place 2 of 3.")
    expect(page.get_by_role("button", name="Move A", exact=True)).to_be_focused()
    assert ["B", "A", "C"] == names(site)

    box, to = grips.nth(2).bounding_box(), grips.nth(0).bounding_box()
    assert box is not None
    assert to is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(to["x"] + 5, to["y"] - 30, steps=4)
    with page.expect_response("**/order"):
        page.mouse.up()
    assert ["C", "B", "A"] == names(site)
    page.reload()
    expect(page.locator(".type h2")).to_have_text(["C", "B", "A"])


def test_without_scripts_it_is_all_there(site: Site, dashboard: Open) -> None:
    """
    Switched off and found again, moved, copied, with a question more.
    """
    for name in ("A", "B"):
        site.offer(name=name)
    page = dashboard(TYPES, scripts=False)
    page.get_by_role("switch", name="On: A").click()
    expect(page.locator(".off-types .type h2")).to_have_text("A")
    page.get_by_role("switch", name="On: A").click()
    page.locator("#type-1, .type").filter(has_text="B").locator("summary").click()
    page.get_by_role("button", name="Move up").click()
    assert ["B", "A"] == names(site)
    page.locator(".type").filter(has_text="B").locator("summary").click()
    page.get_by_role("button", name="Duplicate").click()
    page.locator("#name").fill("B again")
    page.get_by_role("button", name="Add a question").click()
    expect(page.locator("#name")).to_have_value("B again")
    page.get_by_label("Question", exact=True).last.fill("Why?")
    # Enter in a field saves, whatever buttons come before.
    page.locator("#name").press("Enter")
    page.wait_for_url(f"**{TYPES}#type-*")
    assert ["B", "B again", "A"] == names(site)
    assert "Why?" == site.call("GET", "/event-types")[1]["questions"][0]["label"]


def test_the_booking_page_colour_and_picture(site: Site, dashboard: Open) -> None:
    """
    A colour that cannot be read is mended before one's eyes; a picture of any size is sent at one click.
    """
    site.offer(name="Call")
    page = dashboard("/app/page")
    page.locator("#brand_color").fill("#ffe066")
    expect(page.locator(".mended")).to_contain_text("darkened to #7c6c31")
    button = page.locator(".look.light .look-button")
    assert "rgb(124, 108, 49)" == button.evaluate("element => getComputedStyle(element).backgroundColor")
    page.locator("#bio").fill("Designer")
    expect(page.locator(".look.light .bio")).to_have_text("Designer")
    page.locator(".page-form button.main").click()
    expect(page.locator(".notice")).to_have_text("Your booking page is saved.")

    content = BytesIO()
    Image.effect_noise((1700, 1300), 90).convert("RGB").save(content, "PNG")
    assert len(content.getvalue()) > 2 * 1024 * 1024
    page.locator("#picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": content.getvalue()}
    )
    expect(page.locator(".notice")).to_have_text("This is your picture now.")
    page.goto(site.address())
    expect(page.locator("img.initials")).to_be_visible()
    assert page.locator("img.initials").evaluate("image => image.complete && image.naturalWidth") == 256


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing(
    site: Site, dashboard: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    The list, empty and full, the form with all of it open, its problems, and the booking page.
    """
    watch.expected = (AXE, "status of 400")
    page = dashboard(TYPES, color_scheme=scheme, viewport=size, reduced_motion="reduce")

    def fine() -> bool:
        assert [] == found(page), page.url
        assert overflow(page) == 0, page.url
        return True

    assert fine()
    questions = [{"id": "a", "label": "A", "type": "radio", "options": ["B", "C"]}]
    site.offer(name="Long" * 40, description="D", is_secret=True, questions=questions)
    site.call("DELETE", f"/event-types/{site.call('GET', '/event-types')[0]['id']}")
    site.offer(name="Call", location_type="zoom", questions=questions)
    page.reload()
    assert fine()
    page.locator(".menu summary").first.click()
    assert fine()
    page.goto(f"{site.url}{TYPES}/{site.call('GET', '/event-types')[0]['id']}")
    page.locator("type-preview .day").first.wait_for()
    for summary in page.locator(".more > summary").all():
        summary.click()
    page.get_by_role("button", name="Add a question").click()
    assert fine()
    page.locator("#cancel_notice_hours").fill("-1")
    page.locator(".save-bar button.main").click()
    expect(page.locator(".problem")).to_be_focused()
    assert fine()
    page.goto(f"{site.url}/app/page")
    assert fine()
