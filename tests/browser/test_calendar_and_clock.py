"""
Months, clocks and zones: the right times, in whatever zone and language somebody looks at them.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from browsing import Open, Site, Watch, fill_in, free_days, is_booked, send
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]


def change_on(zone: str, hours: int) -> date:
    """
    The next date from tomorrow on that is shorter (-1) or longer (1) by an hour.
    """
    tz = ZoneInfo(zone)
    day = datetime.now(UTC).date() + timedelta(days=1)
    while True:
        begins, ends = (datetime.combine(day + timedelta(days=n), datetime.min.time(), tz) for n in (0, 1))
        if ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=24 + hours):
            return day
        day += timedelta(days=1)


def listed(page: Page) -> list[str]:
    page.locator(".start").first.wait_for()
    return [text.replace("\u202f", " ") for text in page.locator(".start").all_text_contents()]


def starts(page: Page) -> list[str]:
    page.locator(".start").first.wait_for()
    found: list[str] = page.locator(".start").evaluate_all("all => all.map(one => one.dataset.start)")
    return found


def test_somebody_a_day_ahead_books_their_own_day(site: Site, visit: Open) -> None:
    """
    Beyond the date line the days are theirs, and what is booked is the instant they saw.
    """
    zone = "Pacific/Kiritimati"
    event = site.offer()
    day = (datetime.now(ZoneInfo(zone)).date() + timedelta(days=2)).isoformat()
    page = visit(site.address(event, f"?date={day}"), timezone_id=zone)

    assert site.starts(event, day, zone) == starts(page)
    assert ["12:00 AM", "1:00 AM"] == listed(page)[:2]
    page.locator(".start").first.click()
    expect(page.locator(".chosen")).to_contain_text("12:00")
    fill_in(page)
    send(page)

    assert is_booked(page)
    (booking,) = site.bookings()
    there = datetime.fromisoformat(f"{booking['start_time']}+00:00").astimezone(ZoneInfo(zone))
    assert f"{day} 00:00" == f"{there:%Y-%m-%d %H:%M}"
    assert day > booking["start_time"]


def test_the_hour_that_comes_twice_can_be_told_apart_and_booked(site: Site, visit: Open) -> None:
    """
    On the day the clocks go back each time has its offset, and the second one o'clock is the second.
    """
    zone = min(("America/New_York", "Australia/Sydney"), key=lambda name: change_on(name, 1))
    day = change_on(zone, 1).isoformat()
    event = site.offer(max_future_days=400)
    page = visit(site.address(event, f"?date={day}"), timezone_id=zone)

    assert 25 == len(set(listed(page)))
    assert site.starts(event, day, zone) == starts(page)
    twice = sorted(label.split(" GMT")[0] for label in listed(page))
    repeated = next(label for label in twice if twice.count(label) == 2)
    wanted = [
        start
        for start, label in zip(starts(page), listed(page), strict=True)
        if label.startswith(f"{repeated} ")
    ]
    page.locator(f".start[data-start='{wanted[1]}']").click()
    fill_in(page)
    send(page)

    assert is_booked(page)
    assert wanted[1] == site.bookings()[0]["start_time"].replace(" ", "T") + "Z"


def test_the_hour_that_is_skipped_is_not_there(site: Site, visit: Open) -> None:
    """
    On the day the clocks go forward 23 hours are listed, and none of them twice.
    """
    day = change_on("Europe/Berlin", -1).isoformat()
    page = visit(
        site.address(site.offer(max_future_days=400), f"?date={day}"),
        timezone_id="Europe/Berlin",
        locale="de-DE",
    )

    hours = [f"{hour:02}:00" for hour in range(24) if hour != 2]
    assert hours == listed(page)


def test_zones_with_half_an_hour(site: Site, visit: Open) -> None:
    """
    In Kathmandu full hours of UTC are at a quarter to.
    """
    event = site.offer()
    day = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()
    page = visit(site.address(event, f"?date={day}"), timezone_id="Asia/Kathmandu", locale="en-GB")

    assert ["00:45", "01:45"] == listed(page)[:2]
    assert site.starts(event, day, "Asia/Kathmandu") == starts(page)
    expect(page.locator(".zone-button")).to_contain_text("Kathmandu (GMT+5:45)")


def test_the_zone_can_be_searched_and_changed(site: Site, visit: Open) -> None:
    """
    By city, with the keyboard; the choice is in the address, so that a shared link has it.
    """
    event = site.offer()
    page = visit(site.address(event))
    free_days(page)

    page.locator(".zone-button").click()
    page.keyboard.type("sao paulo")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    free_days(page)

    expect(page.locator(".zone-button")).to_contain_text("Sao Paulo (GMT-3)")
    assert "timezone=America/Sao_Paulo" in page.url
    page.reload()
    free_days(page)
    expect(page.locator(".zone-button")).to_contain_text("Sao Paulo (GMT-3)")
    page.locator(".zone-button").click()
    page.keyboard.type("nowhere at all")
    expect(page.locator(".zone-panel [role=status]")).to_have_text("No time zone is called that.")
    page.keyboard.press("Escape")
    expect(page.locator(".zone-panel")).to_be_hidden()


def test_clock_and_week_are_those_of_the_locale_until_changed(site: Site, visit: Open) -> None:
    """
    Britain has Monday and 24 hours, the United States Sunday and 12; a click changes the clock for good.
    """
    address = site.address(site.offer())
    british, american = visit(address, locale="en-GB"), visit(address, locale="en-US")

    assert ["Mon", "Sun"] == [page.locator(".grid th").first.inner_text() for page in (british, american)]
    free_days(british).nth(1).click()
    free_days(american).nth(1).click()
    assert ["00:00", "12:00 AM"] == [listed(page)[0] for page in (british, american)]
    american.get_by_role("button", name="24 h").click()
    assert "00:00" == listed(american)[0]
    american.reload()
    assert "00:00" == listed(american)[0]


def test_back_reload_and_a_shared_link_lead_where_they_should(site: Site, visit: Open) -> None:
    """
    Each step is in the address; another browser with the same address is at the same step.
    """
    event = site.offer()
    page = visit(site.address(event))
    free_days(page).nth(1).click()
    start = page.locator(".start").nth(2)
    instant = start.get_attribute("data-start")
    start.click()
    shared = page.url

    assert f"time={instant}" in shared
    fill_in(page)
    page.go_back()
    expect(page.locator(".form-pane")).to_be_hidden()
    assert "date=" in page.url
    page.go_forward()
    assert "Bob Johnson" == page.locator("[name=name]").input_value()
    page.go_back()
    page.go_back()
    assert site.address(event) == page.url
    other = visit(f"{shared}&name=Ann&email=ann@example.com&answers.unknown=x")
    assert ["Ann", "ann@example.com"] == [
        other.locator(f"[name={name}]").input_value() for name in ("name", "email")
    ]
    send(other)
    assert is_booked(other)
    assert instant == site.bookings()[0]["start_time"].replace(" ", "T") + "Z"


def test_a_link_to_a_time_that_went_says_so_at_once(site: Site, visit: Open) -> None:
    """
    Nobody fills in a form for nothing: the day's other times are there, or that there are none.
    """
    event = site.offer()
    day = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    taken, *left = site.starts(event, day)
    site.book(event, taken)
    page = visit(site.address(event, f"?time={taken}&name=Ann"))

    expect(page.locator(".notices")).to_contain_text("this time has just been taken")
    assert left == starts(page)
    assert f"?name=Ann&date={day}" in page.url
    page.goto(site.address(event, "?date=2100-01-01"))
    expect(page.locator(".times-pane")).to_contain_text("Nothing is free on this day.")


def test_questions_can_be_filled_in_by_the_address(site: Site, visit: Open) -> None:
    """
    Texts, choices and boxes take what the address says of them.
    """
    questions = [
        {"id": "topic", "label": "Topic"},
        {"id": "stage", "label": "Stage", "type": "select", "options": ["Sketch", "Done"]},
        {"id": "days", "label": "Days", "type": "checkbox", "options": ["Mon", "Tue"]},
    ]
    event = site.offer(questions=questions)
    start = site.starts(event, (datetime.now(UTC).date() + timedelta(days=1)).isoformat())[0]
    query = f"?time={start}&name=Ann&email=ann@example.com&answers.topic=Tea&answers.stage=Done"
    page = visit(site.address(event, f"{query}&answers.days=Tue&notes=Hello"))
    send(page)

    assert is_booked(page)
    assert {"topic": "Tea", "stage": "Done", "days": ["Tue"]} == site.bookings()[0]["answers"]


def test_an_empty_month_leads_to_the_next_free_day(site: Site, visit: Open) -> None:
    """
    An address without a month goes there by itself; a month that was asked for says where, and leads there.
    """
    free = (datetime.now(UTC).date() + timedelta(days=80)).isoformat()
    override = {"date": free, "start": "09:00", "end": "12:00"}
    schedule = site.call(
        "POST",
        "/availability-schedules",
        {"name": "Once", "timezone": "UTC", "rules": [], "overrides": [override]},
    )
    event = site.offer(schedule_id=schedule["id"], max_future_days=100)
    jumped = visit(site.address(event))
    expect(jumped.locator(".notices")).to_contain_text("The next free day is")
    assert free == free_days(jumped).first.get_attribute("data-date")

    asked = visit(site.address(event, f"?month={datetime.now(UTC):%Y-%m}"))
    expect(asked.locator(".empty")).to_contain_text("Nothing is free in")
    asked.get_by_role("button", name="Next free day").click()
    assert free == free_days(asked).first.get_attribute("data-date")
    asked.get_by_label("Next month").click()
    expect(asked.locator(".empty")).to_contain_text("Nor is there anything within a year")


def test_the_page_speaks_the_language_of_the_browser(site: Site, visit: Open) -> None:
    """
    Words and dates follow the browser, or ``?lang=`` where that is in the address.
    """
    event = site.offer()
    german = visit(site.address(event), locale="de-AT")
    japanese = visit(site.address(event, "?lang=ja"), locale="de-AT")
    days = [free_days(page) for page in (german, japanese)]

    assert ["de-AT", "ja"] == [page.evaluate("document.documentElement.lang") for page in (german, japanese)]
    days[0].nth(1).click()
    german.locator(".start").first.click()
    expect(german.get_by_label("Ihr Name")).to_be_visible()
    expect(german.locator(".form button[type=submit]")).to_have_text("Diese Zeit buchen")
    assert "年" in japanese.locator("h2#month").inner_text()


def test_a_zone_the_server_does_not_know_is_read_as_utc(site: Site, visit: Open, watch: Watch) -> None:
    """
    Browsers know zones by names that came after the server's; then the times are in UTC, and say so.
    """
    watch.expected = ("status of 400",)
    page = visit(site.address(site.offer()))
    free_days(page)
    # Browsers take any spelling of a zone, and the server exact ones only.
    page.evaluate("history.replaceState(null, '', '?timezone=europe/berlin')")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")

    free_days(page)
    expect(page.locator(".zone-button")).to_contain_text("UTC")
