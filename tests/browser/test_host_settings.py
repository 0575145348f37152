"""
The settings in a browser: a zone found by its city, a key copied, an account deleted, and axe on all pages.
"""

import pytest
from browsing import AXE, NARROW, WIDE, Open, Site, Watch, found, overflow
from playwright.sync_api import expect

pytest_plugins = ["browser_fixtures"]

PATH = "/app/settings"


def test_a_zone_a_key_and_the_end(site: Site, dashboard: Open) -> None:
    """
    A few letters find the zone; the key that is copied is one that works; the password ends it all.
    """
    page = dashboard(PATH, permissions=["clipboard-read", "clipboard-write"])
    search = page.get_by_label("Search for a city or a zone")
    search.fill("nowhere at all")
    expect(page.locator(".zone-none")).to_have_text("No zone is called so.")
    expect(page.locator("#timezone")).to_have_value("UTC")
    search.fill("sao paulo")
    expect(page.locator("#timezone")).to_have_value("America/Sao_Paulo")
    search.press("Enter")
    expect(page.locator("#timezone")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice")).to_have_text("Your profile is saved.")
    assert "America/Sao_Paulo" == site.call("GET", "/auth/me")["timezone"]

    page.get_by_role("link", name="API keys").click()
    page.get_by_label("What it is for").fill("CRM")
    page.get_by_role("button", name="Create the key").click()
    page.get_by_role("button", name="Copy the key").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    key = page.evaluate("navigator.clipboard.readText()")
    called = site.client.get("/api/auth/me", headers={"X-API-Key": key})
    assert 200 == called.status_code
    page.get_by_role("link", name="I have it").click()
    page.get_by_role("button", name="Revoke: CRM").or_(page.get_by_label("Revoke: CRM")).click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.locator(".notice")).to_contain_text("The key is revoked.")
    assert 401 == site.client.get("/api/auth/me", headers={"X-API-Key": key}).status_code

    page.get_by_role("link", name="Your data").click()
    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("Your password").fill("securepass123")
    page.get_by_role("button", name="Delete the account for good").click()
    expect(page.locator(".notice")).to_have_text("Your account is deleted.")


def test_reminders_are_set_by_keyboard(site: Site, dashboard: Open) -> None:
    """
    For all event types at once; the way to one of them opens the part of its form that they are in.
    """
    bodies = [{"name": name, "reminder_minutes": [60]} for name in ("Chat", "Talk", "Walk", "Call")]
    made = [site.call("POST", "/event-types", body) for body in bodies]
    page = dashboard(f"{PATH}/reminders")
    expect(page.get_by_label("1 hour", exact=True)).to_be_checked()
    page.get_by_label("1 hour", exact=True).focus()
    for key in ("Space", "Tab", "Tab", "Space", "Tab", "Tab", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("90")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("The reminders of")
    kept = [site.call("GET", f"/event-types/{one['id']}")["reminder_minutes"] for one in made]
    assert [[1440, 90]] * 4 == kept

    page.get_by_role("link", name="Change: Chat").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/app/event-types/{made[0]['id']}#reminder_minutes")
    expect(page.get_by_label("1 hour 30 minutes")).to_be_checked()
    expect(page.get_by_label("1 hour 30 minutes")).to_be_in_viewport()


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing(
    site: Site, dashboard: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    All pages, with what is refused, a key that is new, and the dialog that asks.
    """
    watch.expected = (AXE, "status of 40")
    site.offer()
    page = dashboard(PATH, color_scheme=scheme, viewport=size, reduced_motion="reduce")

    def fine() -> None:
        assert [] == found(page), page.url
        assert overflow(page) == 0, page.url

    for path in ("", "/reminders", "/security", "/keys", "/data", "/data/delete"):
        page.goto(f"{site.url}{PATH}{path}")
        fine()
    page.get_by_role("button", name="Delete the account for good").click()
    expect(page.locator(".problem")).to_be_focused()
    fine()
    page.goto(f"{site.url}{PATH}/reminders")
    page.get_by_label("One more reminder").fill("0")
    page.get_by_label("One more reminder").press("Enter")
    expect(page.locator(".problem")).to_be_focused()
    fine()
    page.goto(f"{site.url}{PATH}/keys")
    page.get_by_label("What it is for").fill("W" * 60)
    page.get_by_role("button", name="Create the key").click()
    page.locator("copy-text").wait_for()
    fine()
    page.goto(f"{site.url}{PATH}/keys")
    page.locator("[data-opens]").first.click()
    fine()
