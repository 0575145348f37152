"""
Availability and webhooks in a browser: hours painted, moved by keys, typed and copied; what arrives where.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from browsing import AXE, NARROW, WIDE, Open, Site, Watch, found, overflow
from furnishing import Receiver, receiving
from playwright.sync_api import Locator, Page, expect

pytest_plugins = ["browser_fixtures"]

HOME = "/app/availability"
MORNINGS = [{"day": day, "start": "09:00", "end": "12:00"} for day in range(1, 6)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def mornings(site: Site) -> Site:
    """
    A host in UTC who works on weekday mornings and has an event type.
    """
    (schedule,) = site.call("GET", "/availability-schedules")
    site.call("PUT", f"/availability-schedules/{schedule['id']}", {"rules": MORNINGS})
    site.offer()
    return site


def rules(site: Site, day: int) -> list[str]:
    """
    List what is saved for a day of the week.
    """
    (schedule,) = site.call("GET", "/availability-schedules")
    return [
        f"{rule['start']}-{rule['end']}" for rule in orjson.loads(schedule["rules"]) if rule["day"] == day
    ]


def save(page: Page) -> None:
    page.locator(".week-form > .buttons button").click()
    expect(page.locator(".notice")).to_have_text("The hours are saved.")


def track(page: Page, day: int) -> Locator:
    return page.locator(f".week-day[data-day='{day}'] .track")


def draw(page: Page, start: tuple[int, float], end: tuple[int, float]) -> None:
    """
    Draw with the mouse from an hour of a day to another, maybe of another day.
    """
    for act, (day, hour) in ((page.mouse.down, start), (page.mouse.up, end)):
        box = track(page, day).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * hour / 24, box["y"] + box["height"] / 2)
        act()


def test_hours_are_painted_with_the_mouse(mornings: Site, dashboard: Open) -> None:
    """
    A window on one day, one on several days at once, one that is made longer into the night,
    one that is moved; what is painted stands in the typed field.
    """
    # High enough for the whole week.
    page = dashboard(f"{HOME}?lang=de", viewport={"width": 1280, "height": 1600})
    draw(page, (1, 13), (1, 17))
    expect(page.locator("#day1")).to_have_value("09:00 – 12:00, 13:00 – 17:00")
    draw(page, (3, 18), (5, 20))
    expect(page.locator("#day4")).to_have_value("09:00 – 12:00, 18:00 – 20:00")
    draw(page, (2, 11.95), (2, 14))
    expect(page.locator("#day2")).to_have_value("09:00 – 14:00")
    draw(page, (5, 10), (5, 11))
    expect(page.locator("#day5")).to_have_value("10:00 – 13:00, 18:00 – 20:00")
    draw(page, (5, 19.95), (5, 25))
    expect(page.locator("#day5")).to_have_value("10:00 – 13:00, 18:00 – 01:00")
    expect(track(page, 6).locator(".tail")).to_have_count(1)

    page.locator(".week-form > .buttons button").click()
    expect(page.locator(".notice")).to_be_visible()
    assert ["09:00-12:00", "13:00-17:00"] == rules(mornings, 1)
    assert ["10:00-13:00", "18:00-01:00"] == rules(mornings, 5)


def test_hours_are_moved_by_keys_typed_and_copied(mornings: Site, dashboard: Open) -> None:
    """
    Without a mouse everything can be done, and what cannot be read is said at once.
    """
    page = dashboard(f"{HOME}?lang=en-GB")
    keys = page.keyboard
    bar = track(page, 1).locator(".bar")
    bar.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        keys.press(key)
    expect(page.locator("#day1")).to_have_value("09:00 – 12:45")
    expect(bar).to_be_focused()
    expect(bar).to_have_attribute("aria-valuetext", "Monday, 09:00 to 12:45")
    track(page, 2).locator(".bar").focus()
    keys.press("Delete")
    expect(page.locator("#day2")).to_have_value("")
    expect(page.locator("#day2")).to_be_focused()

    keys.type("nine")
    keys.press("Tab")
    expect(page.locator("#day2-error")).to_be_visible()
    page.locator("#day2").fill("9-12, 1pm-5pm, 22-2")
    keys.press("Tab")
    expect(page.locator("#day2-error")).to_have_count(0)
    expect(page.locator("#day2")).to_have_value("09:00 – 12:00, 13:00 – 17:00, 22:00 – 02:00")
    expect(track(page, 2).locator(".bar")).to_have_count(3)

    copy = page.locator(".week-day[data-day='2'] .copy-days")
    copy.locator("summary").press("Enter")
    copy.get_by_label("Saturday").check()
    copy.get_by_role("button", name="Copy").click()
    expect(page.locator("#day6")).to_have_value("09:00 – 12:00, 13:00 – 17:00, 22:00 – 02:00")
    expect(copy.locator("summary")).to_be_focused()
    save(page)
    assert rules(mornings, 2) == rules(mornings, 4) == rules(mornings, 6)
    assert [] == rules(mornings, 0)


def test_without_scripts_hours_are_typed(mornings: Site, dashboard: Open, watch: Watch) -> None:
    """
    A day to close is a link of the calendar, and the day after is asked about by a form.
    """
    watch.expected = ("status of 400",)
    page = dashboard(HOME, scripts=False)
    page.locator("#day0").fill("10am-noon")
    page.locator(".week-form > .buttons button").click()
    expect(page.locator("#day0-error")).to_be_visible()
    page.locator("#day0").fill("10am-12pm")
    save(page)
    assert ["10:00-12:00"] == rules(mornings, 0)
    page.locator("a.date").first.click()
    first = page.locator("#first").input_value()
    page.locator(".dates-form button").click()
    expect(page.locator(".ranges li")).to_have_count(1)
    page.get_by_role("link", name="Why is this time not offered?").click()
    page.locator("#date").fill(first)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".why")).to_contain_text("You have closed this date.")


def test_dates_are_chosen_in_the_calendar_and_an_invitee_sees_it(mornings: Site, dashboard: Open) -> None:
    """
    Two clicks are a range, by keys as well; turning the month keeps what was typed above.
    """
    page = dashboard(HOME)
    page.locator("#day1").fill("8-9")
    page.get_by_label("Month after").click()
    month = datetime.now(UTC).date().replace(day=1) + timedelta(days=36)
    date = f"{month:%Y-%m}"
    page.locator(f"[data-date='{date}-10']").click()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#first")).to_have_value(f"{date}-10")
    expect(page.locator("#last")).to_have_value(f"{date}-12")
    expect(page.locator(".date.chosen")).to_have_count(3)
    expect(page.locator("#day1")).to_have_value("8 AM – 9 AM")
    page.get_by_label("Month before").click()
    page.get_by_label("Month after").press("Enter")
    expect(page.get_by_label("Month after")).to_be_focused()

    page.locator("#day1").fill("")
    save(page)
    page.goto(f"{mornings.url}{HOME}?month={date}")
    page.locator(f"[data-date='{date}-10']").click()
    page.locator("[name='kind'][value='other']").check()
    page.locator("#hours").fill("15-16")
    page.locator(".dates-form button").click()
    expect(page.locator(f"[data-date='{date}-10']")).to_have_class("date other")
    assert [f"{date}-10T15:00:00Z"] == mornings.starts("call", f"{date}-10")
    page.locator("#zone").select_option("Asia/Tokyo")
    expect(page.locator("#preview")).to_contain_text("6:00 PM")
    expect(page.locator("#day2")).to_have_value("9 AM – 12 PM")


def test_why_a_time_is_not_offered(mornings: Site, dashboard: Open) -> None:
    """
    Days and event types are turned without loading the page; a booking is linked.
    """
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    (schedule,) = mornings.call("GET", "/availability-schedules")
    every_day = [{"day": day, "start": "09:00", "end": "12:00"} for day in range(7)]
    mornings.call("PUT", f"/availability-schedules/{schedule['id']}", {"rules": every_day})
    invitee = {"name": "Bob Johnson", "email": "bob@example.com", "start_time": f"{tomorrow}T10:00:00Z"}
    mornings.call("POST", f"/book/{mornings.slug}/call", invitee)
    page = dashboard(f"{HOME}/why")

    page.get_by_label("Day after").click()
    expect(page.locator("#date")).to_have_value(tomorrow.isoformat())
    expect(page.locator(".why-sum")).to_contain_text("2 of 3 times are offered.")
    expect(page.locator(".why .refused")).to_contain_text("Booked by Bob Johnson")
    expect(page.locator(".why .refused a")).to_have_attribute("href", re.compile(r"/app/bookings/\d+"))
    assert f"date={tomorrow}" in page.url


def test_a_webhook_is_made_tried_and_sent_to_again(site: Site, dashboard: Open, receiver: Receiver) -> None:
    """
    The secret can be copied once; the page shows what comes of a test as it comes.
    """
    receiver.failures = 1
    page = dashboard("/app/webhooks", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="New webhook").click()
    page.locator("#url").fill(receiver.url)
    page.get_by_role("button", name="Make webhook").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("whsec_")
    page.reload()
    expect(page.locator("copy-text")).to_have_count(0)

    page.get_by_role("button", name="Send a test").click()
    expect(page.locator(".attempts li")).to_contain_text("The endpoint answered 500.")
    page.get_by_role("link", name="Webhook", exact=True).click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator(".attempts .good")).to_contain_text("The endpoint answered 200.")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".attempts li")).to_have_count(2)
    assert receiver.ids[1] == receiver.ids[2] != receiver.ids[0]


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_on_availability_and_webhooks(
    mornings: Site, dashboard: Open, watch: Watch, scheme: str, size: dict[str, int]
) -> None:
    """
    With what opens and what is refused; and nothing is wider than the window.
    """
    watch.expected = (AXE, "status of 400")
    (schedule,) = mornings.call("GET", "/availability-schedules")
    soon = datetime.now(UTC).date() + timedelta(days=1)
    overrides = [
        {"date": soon.isoformat(), "unavailable": True},
        {"date": f"{soon + timedelta(days=1)}", "start": "22:00", "end": "02:00"},
    ]
    mornings.call("PUT", f"/availability-schedules/{schedule['id']}", {"overrides": overrides})
    hook = mornings.call(
        "POST", "/webhooks", {"url": "https://127.0.0.1:9/hook", "events": ["booking.created"]}
    )
    mornings.call("POST", f"/webhooks/{hook['id']}/test")
    page = dashboard(
        f"{HOME}?zone=America/New_York", color_scheme=scheme, viewport=size, reduced_motion="reduce"
    )

    def fine() -> None:
        assert [] == found(page), page.url
        assert overflow(page) == 0, page.url

    fine()
    page.locator(".copy-days summary").first.click()
    fine()
    page.keyboard.press("Escape")
    page.locator("#day1").fill("x")
    page.locator(".week-form > .buttons button").click()
    fine()
    for path in (
        f"{HOME}/why?date={soon}",
        f"{HOME}/new",
        "/app/webhooks",
        "/app/webhooks/new",
        f"/app/webhooks/{hook['id']}",
        f"/app/webhooks/{hook['id']}/secret",
    ):
        page.goto(f"{mornings.url}{path}")
        fine()
    page.goto(f"{mornings.url}/app/webhooks/{hook['id']}")
    page.locator(".log .table a").first.click()
    page.locator(".payload").wait_for()
    fine()
