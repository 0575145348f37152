"""
Every page turned round, from right to left: nothing is wider than the window, and no text is cut.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from browsing import NARROW, WIDE, Open, Site, free_days, overflow
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
QUESTIONS = [{"id": "stage", "label": "How far is it?", "type": "radio", "options": ["Sketch", "Done"]}]
#: Finds the texts that have no room, but for those that are cut on purpose: by an ellipsis, or by a scroll.
CUT = """
    () => [...document.querySelectorAll("main :is(a, button, h1, h2, h3, p, dt, dd, label, td, li, strong)")]
        .filter((element) => element.checkVisibility() && !element.closest(".sr-only, .tabs, .preview"))
        .filter((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            const { display, textOverflow } = getComputedStyle(element);
            const isWhole = display === "inline" || textOverflow === "ellipsis"
                || element.scrollWidth <= element.clientWidth + 1;
            return width > 1 && !(isWhole && left > -1 && right < innerWidth + 1);
        })
        .map((element) => `${element.tagName} ${element.className} ${element.textContent.trim()}`)
"""


@dataclass(frozen=True)
class Busy:
    """
    A host with one of everything, and the invitee's link of a booking.
    """

    site: Site
    paths: tuple[str, ...]
    link: str


@pytest.fixture
def busy(site: Site) -> Busy:
    """
    Bookings of all kinds, event types with all there is to them, and a webhook that was sent to.
    """
    call = site.offer(questions=QUESTIONS, description="A call about a design", location_type="zoom")
    talk = site.offer(name="A long talk about portfolios", duration_minutes=15, requires_confirmation=True)
    link = site.book(call, f"{TOMORROW}T10:00:00Z", notes="One\ntwo")
    site.book(talk, f"{TOMORROW}T12:00:00Z", name="Maximiliane Oberhuber-Feuerstein")
    site.book(call, f"{TOMORROW}T14:00:00Z", name="Cyd Charisse")
    kept, asked, gone = sorted(site.bookings(), key=lambda row: row["start_time"])
    site.call("POST", f"/bookings/{gone['id']}/cancel", {"reason": "A flood"})
    body = {"url": "https://127.0.0.1:9/hooks/calendo/bookings", "events": ["booking.created"]}
    hook = site.call("POST", "/webhooks", body)["id"]
    site.call("POST", f"/webhooks/{hook}/test")
    delivery = site.call("GET", f"/webhooks/{hook}/deliveries")[0]["id"]
    (first, _) = site.call("GET", "/event-types")
    bookings, hooks, settings = "/app/bookings", f"/app/webhooks/{hook}", "/app/settings"
    paths = (
        *(bookings, f"{bookings}?show=waiting", f"{bookings}?show=cancelled"),
        *(f"{bookings}/{view}?on={TOMORROW}" for view in ("day", "week", "month")),
        *(f"{bookings}/{row['id']}" for row in (kept, asked, gone)),
        *(f"{bookings}/{kept['id']}/move", f"{bookings}/{kept['id']}/cancel"),
        *("/app/event-types", f"/app/event-types/{first['id']}", "/app/event-types/new"),
        *("/app/availability?zone=America/New_York", f"/app/availability/why?date={TOMORROW}"),
        *("/app/availability/new", "/app/page", "/app/webhooks", "/app/webhooks/new"),
        *(hooks, f"{hooks}/change", f"{hooks}/secret", f"{hooks}/deliveries/{delivery}"),
        *("/app/insights", "/app/insights?range=own"),
        *(settings, *(f"{settings}/{part}" for part in ("security", "keys", "data", "data/delete"))),
        *("/app/welcome", "/app/welcome/meeting", "/app/welcome/link"),
    )
    return Busy(site, paths, link)


def turned(page: Page) -> list[str]:
    """
    Turn a page round, and list what has no room then.
    """
    page.evaluate("document.documentElement.dir = 'rtl'")
    wider = overflow(page)
    return [
        f"{page.url}: {text}" for text in ([f"{wider} px too wide"] if wider else []) + page.evaluate(CUT)
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_pages_of_hosts_can_be_turned_round(busy: Busy, dashboard: Open, size: dict[str, int]) -> None:
    """
    All of them, with what a host has who has been there for a while, and dates as they are written in Egypt.
    """
    page = dashboard("/app/bookings", viewport=size, locale="ar-EG")

    for path in busy.paths:
        page.goto(f"{busy.site.url}{path}")
        assert [] == turned(page)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_pages_of_invitees_can_be_turned_round(busy: Busy, visit: Open, size: dict[str, int]) -> None:
    """
    From the host's page to the form, and what is behind the link of a booking.
    """
    site = busy.site
    page = visit(f"{site.url}/{site.slug}", viewport=size, locale="ar-EG")
    assert [] == turned(page)
    page.goto(site.address())
    page.evaluate("document.documentElement.dir = 'rtl'")
    free_days(page).nth(1).click()
    assert [] == turned(page)
    page.locator(".start").first.click()
    assert [] == turned(page)
    for path in ("", "/reschedule", "/cancel"):
        page.goto(f"{busy.link}{path}")
        assert [] == turned(page)


def test_a_name_stays_as_it_is_written(busy: Busy, dashboard: Open) -> None:
    """
    On a page from right to left a name in Latin letters runs its own way, and an address keeps its order.
    """
    page = dashboard(f"/app/bookings/week?on={TOMORROW}")
    page.evaluate("document.documentElement.dir = 'rtl'")
    name = page.locator(".block strong", has_text="Maximiliane")
    assert "ltr" == name.evaluate("element => getComputedStyle(element).direction")

    page.goto(f"{busy.site.url}/app/page")
    page.evaluate("document.documentElement.dir = 'rtl'")
    before, slug = page.locator(".joint").bounding_box(), page.locator("#slug").bounding_box()
    assert before is not None
    assert slug is not None
    assert before["x"] < slug["x"]


def test_the_tab_that_is_shown_comes_into_sight(busy: Busy, dashboard: Open) -> None:
    """
    Where there is no room for all, in both directions.
    """
    page = dashboard("/app/bookings?show=cancelled", viewport={"width": 280, "height": 700})
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
    page.goto(f"{busy.site.url}/app/bookings")
    expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
