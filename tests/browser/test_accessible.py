"""
Nothing that axe finds, at any step, light and dark; and no motion for those who want none.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsing import AXE, PHONE, WIDE, Open, Site, Watch, fill_in, found, free_days, is_booked, send

from calendo.integrations.links import Links, Purpose
from calendo.settings import Settings
from parts import Server

pytest_plugins = ["browser_fixtures"]

QUESTIONS = [
    {"id": "line", "label": "Line", "required": True},
    {"id": "one", "label": "One", "type": "select", "options": ["A", "B"]},
    {"id": "dot", "label": "Dot", "type": "radio", "options": ["C", "D"]},
    {"id": "terms", "label": "Terms", "type": "checkbox"},
]


@pytest.mark.parametrize(
    ("scheme", "size", "color"), [("light", WIDE, "#ffe066"), ("dark", PHONE, "#1b1464")]
)
def test_axe_finds_nothing_at_any_step(
    site: Site, visit: Open, watch: Watch, scheme: str, size: object, color: str
) -> None:
    """
    Page, month, zones, times, form, its errors, and what was booked; a brand colour is mended.
    """
    watch.expected = (AXE,)
    site.call("PUT", "/booking-page", {"brand_color": color, "bio": "Designer", "welcome_message": "Hello"})
    event = site.offer(questions=QUESTIONS, description="A call")
    page = visit(f"{site.url}/{site.slug}", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    assert [] == found(page)
    page.goto(site.address(event))
    free_days(page)
    assert [] == found(page)
    page.locator(".zone-button").click()
    page.keyboard.type("new")
    assert [] == found(page)
    page.keyboard.press("Escape")
    free_days(page).nth(1).click()
    assert [] == found(page)
    page.locator(".start").first.click()
    send(page)
    assert [] == found(page)
    fill_in(page, **{"answers.line": "Tea"})
    send(page)
    assert is_booked(page)
    assert [] == found(page)


@pytest.mark.parametrize(("scheme", "size"), [("light", PHONE), ("dark", WIDE)])
def test_axe_finds_nothing_behind_links(
    site: Site, visit: Open, watch: Watch, server_settings: dict[str, str], scheme: str, size: object
) -> None:
    """
    The booking to its invitee, moving and cancelling it; the request to its host.
    """
    watch.expected = (AXE,)
    event = site.offer(requires_confirmation=True, questions=QUESTIONS[:1], location="https://example.com/")
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    start = f"{day}T10:00:00Z"
    link = site.book(event, start, answers={"line": "Tea"}, notes="One\ntwo", locale="pt")
    page = visit(link, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    assert [] == found(page)
    page.goto(f"{link}/reschedule")
    free_days(page)
    assert [] == found(page)
    page.goto(f"{link}/reschedule?time={day}T15:00:00Z")
    page.locator("[name=reason]").wait_for()
    assert [] == found(page)
    page.goto(f"{link}/cancel")
    assert [] == found(page)
    page.get_by_role("button").click()
    page.locator(".status.cancelled").wait_for()
    assert [] == found(page)
    links = Links(Settings(data_dir=Path(server_settings["CALENDO_DATA_DIR"])).signing_key())
    site.book(event, start, answers={"line": "Tea"})
    uid = next(row["uid"] for row in site.bookings() if row["status"] == "pending")
    page.goto(f"{site.url}/bookings/{links.token(Purpose.DECIDE, uid, 0)}")
    page.locator("summary").click()
    assert [] == found(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_what_else_there_is(
    visit: Open, watch: Watch, server: Server, scheme: str
) -> None:
    """
    The gallery shows every part that other pages use; the page of bookers, the first page, one that is none.
    """
    watch.expected = (AXE, "status of 404")
    page = visit(f"{server.url}/dev/gallery", color_scheme=scheme)
    assert [] == found(page)
    for path in ("/", "/nothing-here", "/dev/embed"):
        page.goto(f"{server.url}{path}")
        assert [] == found(page)


def test_the_plain_pages_too(site: Site, visit: Open, watch: Watch) -> None:
    """
    What is there without JavaScript is as accessible; axe needs it, so a form that failed is looked at.
    """
    watch.expected = (AXE, "status of 400")
    page = visit(site.address(site.offer(questions=QUESTIONS)))
    page.evaluate(
        """address => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = address;
            form.innerHTML = '<input name="start_time" value="2100-01-01T00:00:00Z">';
            document.body.append(form);
            form.submit();
        }""",
        page.url,
    )
    page.locator(".problem").wait_for()

    assert [] == found(page)
