"""
Bookings and insights in a browser: the main acts, by keyboard too, and how the pages look to axe.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from browsing import AXE, NARROW, WIDE, Open, Site, Watch, found, overflow, tab_to
from playwright.sync_api import expect

pytest_plugins = ["browser_fixtures"]

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


def book(site: Site, clock: str, name: str = "Bob Johnson", event: str = "call") -> dict[str, Any]:
    """
    Book a time of tomorrow as an invitee, and return the booking as its host sees it.
    """
    body = {
        "name": name,
        "email": f"{name.split(maxsplit=1)[0].lower()}@example.com",
        "start_time": f"{TOMORROW}T{clock}:00Z",
        "timezone": "Asia/Tokyo",
    }
    made = site.client.post(f"/api/book/{site.slug}/{event}", json=body).raise_for_status().json()
    return next(row for row in site.bookings() if row["uid"] == made["booking"]["uid"])


def test_requests_are_answered(site: Site, dashboard: Open) -> None:
    """
    One is confirmed in the list, one declined on its page with a message.
    """
    site.offer(requires_confirmation=True)
    book(site, "09:00")
    amy = book(site, "10:00", "Amy Jones")
    page = dashboard("/app/bookings")

    page.get_by_role("link", name="Waiting 2").click()
    page.get_by_role("button", name="Confirm Bob Johnson").click()
    expect(page.locator(".notice")).to_contain_text("Confirmed. Bob Johnson gets an e-mail.")
    page.get_by_role("link", name="Amy Jones").click()
    page.get_by_label("Message to Amy Jones").fill("Not this week, sorry.")
    page.get_by_role("button", name="Decline").click()
    expect(page.locator(".history blockquote")).to_have_text("Not this week, sorry.")

    assert {"confirmed", "declined"} == {row["status"] for row in site.bookings()}
    assert "Not this week, sorry." == site.call("GET", f"/bookings/{amy['id']}")["reason"]


def test_a_booking_is_found_moved_and_cancelled_by_keyboard_alone(site: Site, dashboard: Open) -> None:
    """
    From the search to the time, by links, arrows and Enter; what the message says is kept.
    """
    site.offer()
    book(site, "09:00", "Amy Jones")
    bob = book(site, "10:00")
    page = dashboard("/app/bookings")
    keys = page.keyboard
    tab_to(page, "#q")
    keys.type("johns")
    keys.press("Enter")
    expect(page.locator(".booking-row")).to_have_count(1)
    tab_to(page, ".booking-who a")
    keys.press("Enter")
    page.wait_for_url(f"**/bookings/{bob['id']}")
    tab_to(page, "a[href$='/move']")
    keys.press("Enter")
    page.wait_for_url("**/move")
    tab_to(page, "[name=start_time]")
    keys.press("Space")
    keys.press("ArrowDown")
    tab_to(page, "#reason")
    keys.type("Earlier suits me")
    tab_to(page, "#times button.main")
    keys.press("Enter")
    expect(page.locator(".notice")).to_contain_text("Moved.")
    moved = site.call("GET", f"/bookings/{bob['id']}")
    assert bob["start_time"] != moved["start_time"]
    assert "Earlier suits me" == moved["reason"]

    tab_to(page, "a[href$='/cancel']")
    keys.press("Enter")
    page.wait_for_url("**/cancel")
    tab_to(page, "#reason")
    keys.type("I am ill")
    tab_to(page, "button.danger")
    keys.press("Enter")
    expect(page.locator(".page-head .badge")).to_have_text("Cancelled")
    assert ("cancelled", "I am ill") == tuple(
        site.call("GET", f"/bookings/{bob['id']}")[field] for field in ("status", "reason")
    )


def test_the_calendar_is_turned_and_leads_to_a_booking(site: Site, dashboard: Open) -> None:
    """
    From the month to the day to the booking; what lies there has its place by the page's own style.
    """
    site.offer()
    book(site, "10:00")
    page = dashboard(f"/app/bookings/month?on={TOMORROW}")
    page.get_by_role("link", name="Month after").click()
    page.get_by_role("link", name="Month before").click()
    page.get_by_role("link", name=", 1 booking").click()
    block, hour = page.locator(".block").bounding_box(), page.locator(".hour-area").bounding_box()

    assert block is not None
    assert hour is not None
    # Two hours and four half hours below the first hour shown, which is eight o'clock.
    assert abs(block["y"] - hour["y"] - 4 * block["height"] / 2) < 1
    page.locator(".block a").click()
    expect(page.locator("h1")).to_have_text("Bob Johnson")


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_on_bookings_and_insights(
    site: Site, dashboard: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    On no page, nor in a menu that is open; and nothing is wider than the window.
    """
    watch.expected = (AXE,)
    site.offer()
    site.offer(name="Talk", requires_confirmation=True)
    bob, amy = book(site, "10:00"), book(site, "12:00", "Amy Jones", "talk")
    gone = book(site, "14:00", "Cyd Charisse")
    site.call("POST", f"/bookings/{gone['id']}/cancel", {"reason": "A flood"})
    page = dashboard("/app/bookings", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page.locator(".menu summary").first.click()
    bookings = ["?show=waiting", "?show=cancelled", "?q=nobody", f"/day?on={TOMORROW}&all=yes"]
    bookings += [f"/week?on={TOMORROW}", f"/month?on={TOMORROW}"]
    bookings += [f"/{amy['id']}", f"/{bob['id']}/move", f"/{bob['id']}/cancel", f"/{gone['id']}"]
    paths = [f"/app/bookings{path}" for path in bookings]
    paths += ["/app/insights", f"/app/insights?range=own&from={TOMORROW}&to={TOMORROW}"]

    assert [] == found(page)
    for path in paths:
        page.goto(f"{site.url}{path}")
        for table in page.locator("details.as-table summary").all():
            table.click()
        assert [] == found(page), path
        assert overflow(page) == 0, path
