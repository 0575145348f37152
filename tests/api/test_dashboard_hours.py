"""
Availability in the dashboard: hours that are typed, dates that differ, and why a time is not offered.
"""

import re
from html import unescape
from typing import Any

import orjson
import pytest
from browsers import Browser, browse, led_to, text_of
from sqlalchemy import select

from calendo.db.engine import Database
from calendo.db.models import AvailabilitySchedule, EventType
from calendo.settings import Settings
from calendo.web.dashboard.availability.typed import read_hours, write_hours
from conftest import Clock

pytest_plugins = ["dashboard_fixtures"]

HOME = "/app/availability"
MEETING = {"name": "Call", "duration_minutes": "30", "location_type": "zoom", "location": ""}
WEEK = {"name": "Working Hours", "timezone": "UTC", "day1": "9-12, 13:00 – 17:30", "day5": "22:00-02:00"}


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about schedules is tested with the API; pages need one of them only.
    """
    return "sqlite"


@pytest.fixture
def schedule_id(jane: Browser, db: Database) -> int:
    """
    The schedule of a host in UTC who offers a call of half an hour, bookable from now on.
    """
    jane.send("/app/welcome/meeting", MEETING)
    with db.write() as tx:
        tx.scalars(select(EventType)).one().min_notice_hours = 0
        schedule = tx.scalars(select(AvailabilitySchedule)).one()
        schedule.timezone = "UTC"
        return schedule.id


def found(db: Database, schedule_id: int) -> AvailabilitySchedule:
    with db.read() as tx:
        return tx.get_one(AvailabilitySchedule, schedule_id)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("", ""),
        ("09:00-17:00", "09:00 – 17:00"),
        ("9-12, 13:00 – 17:30", "09:00 – 12:00, 13:00 – 17:30"),
        ("13-17; 9-12", "09:00 – 12:00, 13:00 – 17:00"),
        ("9am to 5pm", "09:00 – 17:00"),
        ("1-5 p.m.", "13:00 – 17:00"),
        ("11-1pm", "11:00 – 13:00"),
        ("9-5", "09:00 – 17:00"),
        ("9:00-5:00", "09:00 – 05:00"),
        ("22-2", "22:00 – 02:00"),
        ("12am-12am", "00:00 – 24:00"),
        ("0-24", "00:00 – 24:00"),
        ("18:00-00:00", "18:00 – 24:00"),
        ("9：00〜12：00、13-17", "09:00 – 12:00, 13:00 – 17:00"),  # noqa: RUF001 - as people type in Japan
        ("9h30-12h", "09:30 – 12:00"),
        ("9-11, 10-12, 12-13", "09:00 – 13:00"),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: str) -> None:
    """
    What is written again is read as the same, with half days and without.
    """
    read = read_hours(typed)

    assert hours == write_hours(read)
    assert read == read_hours(write_hours(read))
    assert read == read_hours(write_hours(read, half_days=True))


@pytest.mark.parametrize(
    "typed",
    [
        "nine to five",
        "9",
        "9-",
        "9-9",
        "24-2",
        "9-25",
        "9:60-10",
        "13am-2pm",
        "9-0pm",
        "10-09:00, 8-11",
        ", ".join(f"{n // 2}:{n % 2 * 30:02}-{n // 2}:{n % 2 * 30 + 10}" for n in range(30)),
        "9-10," * 400,
    ],
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        read_hours(typed)


def test_typed_hours_are_saved(jane: Browser, schedule_id: int, db: Database) -> None:
    """
    Several windows a day, one into the night; what is left out is closed.
    """
    saved = jane.send(f"{HOME}/{schedule_id}", {**WEEK, "timezone": "Europe/Berlin", "name": "Office"})

    assert (303, f"{HOME}/{schedule_id}") == led_to(saved)
    assert "The hours are saved." in text_of(jane.open(HOME))
    schedule = found(db, schedule_id)
    assert ("Office", "Europe/Berlin") == (schedule.name, schedule.timezone)
    assert [
        {"day": 1, "start": "09:00", "end": "12:00"},
        {"day": 1, "start": "13:00", "end": "17:30"},
        {"day": 5, "start": "22:00", "end": "02:00"},
    ] == orjson.loads(schedule.rules)


def test_hours_that_cannot_be_read_stay_in_their_field(jane: Browser, schedule_id: int, db: Database) -> None:
    """
    With what is wrong beside it, and nothing is saved.
    """
    before = found(db, schedule_id).rules

    refused = jane.send(f"{HOME}/{schedule_id}", {**WEEK, "day1": "all <b>day</b>", "name": " "})

    assert 400 == refused.status_code
    page = unescape(refused.text)
    assert 'id="day1-error">Write hours such as 09:00–17:00, with commas between several.</p>' in page
    assert 'id="name-error">This must not be blank.' in page
    assert 'value="all &lt;b&gt;day&lt;/b&gt;"' in refused.text
    assert before == found(db, schedule_id).rules


def test_hours_are_written_as_the_language_has_them(jane: Browser, schedule_id: int) -> None:
    """
    With AM and PM where clocks have them; the week begins where the language has it.
    """
    english, german = (jane.open(f"{HOME}?lang={tag}").text for tag in ("en-US", "de"))

    assert 'value="9 AM – 5 PM"' in english
    assert 'value="09:00 – 17:00"' in german
    assert ["day0", "day1"] == re.findall(r'name="(day\d)"', english)[:2]
    assert ["day1", "day2"] == re.findall(r'name="(day\d)"', german)[:2]


def test_a_second_schedule_begins_with_the_hours_of_the_first(
    jane: Browser, schedule_id: int, db: Database
) -> None:
    """
    It can become the default, and the one that was it can go then.
    """
    jane.send(f"{HOME}/{schedule_id}", WEEK)
    made = jane.send(f"{HOME}/new", {"name": "Summer", "timezone": "UTC", "like": str(schedule_id)})
    second = int(made.headers["location"].rpartition("/")[2])
    assert found(db, schedule_id).rules == found(db, second).rules
    assert "Summer" in text_of(jane.open(HOME))

    refused = jane.send(f"{HOME}/{schedule_id}/delete")
    assert 409 == refused.status_code
    assert "This is the default schedule, and one has to be." in text_of(refused)
    assert (303, f"{HOME}/{second}") == led_to(jane.send(f"{HOME}/{second}/default"))
    assert (303, HOME) == led_to(jane.send(f"{HOME}/{schedule_id}/delete"))
    with db.read() as tx:
        assert ["Summer"] == [row.name for row in tx.scalars(select(AvailabilitySchedule))]


def test_a_schedule_in_use_is_kept_and_its_event_types_named(
    jane: Browser, schedule_id: int, db: Database
) -> None:
    jane.send(f"{HOME}/new", {"name": "Evenings", "timezone": "UTC", "like": ""})
    with db.write() as tx:
        used = tx.scalars(
            select(AvailabilitySchedule.id).where(AvailabilitySchedule.name == "Evenings")
        ).one()
        meeting = tx.scalars(select(EventType)).one()
        meeting.schedule_id = used
        type_id = meeting.id

    page = jane.open(f"{HOME}/{used}")
    refused = jane.send(f"{HOME}/{used}/delete")

    assert f'href="/app/event-types/{type_id}"' in page.text
    assert "1 event type follows it." in text_of(page)
    assert 409 == refused.status_code
    assert "1 event type uses this schedule" in text_of(refused)


def test_dates_are_closed_given_other_hours_and_given_back(
    jane: Browser, schedule_id: int, db: Database
) -> None:
    """
    The calendar and the list say so, and an invitee sees it.
    """
    dates = f"{HOME}/{schedule_id}/dates"
    closed = jane.send(dates, {"first": "2026-03-03", "last": "2026-03-04", "kind": "closed", "hours": ""})
    jane.send(dates, {"first": "2026-03-05", "last": "", "kind": "other", "hours": "10-11"})
    page = jane.open(f"{HOME}?month=2026-03")

    assert (303, f"{HOME}/{schedule_id}?month=2026-03#dates") == led_to(closed)
    assert 'aria-label="Tuesday, March 3, 2026: closed"' in page.text
    assert 'aria-label="Thursday, March 5, 2026: other hours"' in page.text
    assert "Tue, Mar 3, 2026 – Wed, Mar 4, 2026 Closed" in text_of(page)
    assert "10 AM – 11 AM" in text_of(page)
    preview = text_of(page).partition("What will an invitee see?")[2]
    assert "March 3" not in preview
    assert "Thursday, March 5, 2026 10:00 AM 10:30 AM Friday" in preview

    jane.send(f"{dates}/clear", {"first": "2026-03-03", "last": "2026-03-04"})
    assert [{"date": "2026-03-05", "start": "10:00", "end": "11:00"}] == orjson.loads(
        found(db, schedule_id).overrides
    )


_NO_DATES: list[tuple[dict[str, str], str, str]] = [
    ({"first": ""}, "first", "Choose a date."),
    ({"first": "soon"}, "first", "Choose a date."),
    ({"first": "9999-12-31", "last": ""}, "first", "Choose a date."),
    ({"last": "2026-03-01"}, "last", "The last date is before the first one."),
    ({"last": "2099-01-01"}, "last", "Choose ten years at most."),
    ({"kind": "other"}, "hours", "Write the hours, or choose that there are none."),
    (
        {"kind": "other", "hours": "x"},
        "hours",
        "Write hours such as 09:00–17:00, with commas between several.",
    ),
]


def test_dates_that_are_none_are_refused(jane: Browser, schedule_id: int) -> None:
    """
    What was typed stays, and so does the form of the week beside it.
    """
    for fields, field, said in _NO_DATES:
        given = {"first": "2026-03-03", "last": "2026-03-03", "kind": "closed", "hours": "", **fields}
        refused = jane.send(f"{HOME}/{schedule_id}/dates", given)
        assert 400 == refused.status_code, fields
        assert f'id="{field}-error">{said}</p>' in unescape(refused.text)
        assert 'value="9 AM – 5 PM"' in refused.text


def test_an_address_that_asks_for_nothing_there_is_shows_what_there_is(
    jane: Browser, schedule_id: int
) -> None:
    for query in ("month=2026-13", "month=9999-12", "month=x", "zone=Mars/Olympus", "type=-1", "first=<b>"):
        page = jane.open(f"{HOME}/{schedule_id}?{query}")
        assert 200 == page.status_code, query
        assert "March 2026" in text_of(page)
        assert "<b>" not in page.text


def test_an_invitee_elsewhere_sees_other_times_and_clock_changes_are_named(
    jane: Browser, schedule_id: int
) -> None:
    """
    Nine in London is ten in Berlin, and stays so when both clocks change; in New York it does not.
    """
    jane.send(f"{HOME}/{schedule_id}", {**WEEK, "timezone": "Europe/London"})
    berlin = text_of(jane.open(f"{HOME}?zone=Europe/Berlin"))
    new_york = text_of(jane.open(f"{HOME}?zone=America/New_York"))

    assert "Monday, March 2, 2026 10:00 AM" in berlin
    assert "Clocks will change." not in berlin
    assert "Monday, March 2, 2026 4:00 AM" in new_york
    said = "From March 8, 2026 on your 9:00 AM is 5:00 AM in New York, and no longer 4:00 AM."
    assert said in new_york


def test_clock_changes_that_are_far_off_are_folded(jane: Browser, schedule_id: int) -> None:
    """
    Chile changes in five weeks and New York in one; what is asked about is there to be read.
    """
    jane.send(f"{HOME}/{schedule_id}", {**WEEK, "timezone": "UTC"})

    def is_open(invitee: str, start: str, query: str = "") -> bool:
        body = {"name": "Bob", "email": "bob@example.com", "timezone": invitee, "start_time": start}
        assert 201 == jane.client.post("/api/book/jane-smith/call", json=body).status_code
        page = jane.open(f"{HOME}{query}").text
        assert "Clocks will change." in page
        return "<details open>" in page

    assert not is_open("America/Santiago", "2026-03-02T10:00:00Z")
    assert is_open("America/Santiago", "2026-03-02T11:00:00Z", "?zone=America/Santiago")
    assert is_open("America/New_York", "2026-03-02T14:00:00Z")


def test_each_time_that_is_not_offered_has_its_reason(jane: Browser, schedule_id: int, db: Database) -> None:
    """
    In the order of the day, neighbours of one reason together, with where to change it.
    """
    with db.write() as tx:
        meeting = tx.scalars(select(EventType)).one()
        meeting.buffer_after = 10
    invited = {"name": "Bob <b>", "email": "bob@example.com", "start_time": "2026-03-02T10:00:00Z"}
    booked = jane.client.post("/api/book/jane-smith/call", json=invited)
    assert 201 == booked.status_code

    page = jane.open(f"{HOME}/why?date=2026-03-02")
    said = text_of(page)

    assert "13 of 16 times are offered." in said
    assert "Outside of your weekly hours." in said
    assert "9:30 AM In the buffer around the meeting with Bob <b>, 10:00 – 10:30 AM." in said
    assert "10:00 AM Booked by Bob <b>, 10:00 – 10:30 AM." in said
    assert "<b>" not in page.text
    assert re.search(r'href="/app/bookings/\d+"', page.text)
    assert f'href="{HOME}"' in page.text


_REASONS: list[tuple[str, dict[str, Any], str]] = [
    ("2026-03-01", {}, "No time lies in your hours."),
    ("2026-02-27", {}, "This time is over."),
    ("2026-03-02", {"min_notice_hours": 48}, "Too soon: bookings have to be made 48 hours ahead."),
    ("2026-03-04", {"max_future_days": 2}, "Too far ahead: bookings can be made for the next 2 days."),
    (
        "2026-03-02",
        {"duration_minutes": 45, "slot_interval": 30},
        "Too short: the 45 minutes from here on",
    ),
    ("2026-03-02", {"is_active": False}, "The event type is switched off."),
    ("x", {}, "No time lies in your hours."),
    ("2026-03-03", {}, "You have closed this date."),
    ("2026-03-05", {}, "Outside of the hours that you gave this date."),
]


def test_reasons_are_said_in_words(jane: Browser, schedule_id: int, db: Database) -> None:
    """
    Each of those that there are, of an event type that gives rise to it.
    """
    usual = {
        "min_notice_hours": 0,
        "max_future_days": 60,
        "duration_minutes": 30,
        "slot_interval": None,
        "is_active": True,
    }
    dates = f"{HOME}/{schedule_id}/dates"
    jane.send(dates, {"first": "2026-03-03", "kind": "closed"})
    jane.send(dates, {"first": "2026-03-05", "kind": "other", "hours": "10-11"})
    for day, fields, said in _REASONS:
        with db.write() as tx:
            meeting = tx.scalars(select(EventType)).one()
            for name, value in {**usual, **fields}.items():
                setattr(meeting, name, value)
        assert said in text_of(jane.open(f"{HOME}/why?date={day}"))


def test_without_an_event_type_there_is_nothing_to_explain(jane: Browser) -> None:
    assert "There is no event type yet" in text_of(jane.open(f"{HOME}/why"))
    assert "No event type follows this schedule" in text_of(jane.open(HOME))


def test_schedules_of_others_are_not_there(
    jane: Browser, schedule_id: int, settings: Settings, db: Database, clock: Clock
) -> None:
    """
    Neither to be seen nor to be changed.
    """
    before = found(db, schedule_id).rules
    with browse(settings, db, clock) as other:
        other.sign_up(email="other@example.com")
        assert 404 == other.open(f"{HOME}/{schedule_id}").status_code
        for path, fields in (
            ("", WEEK),
            ("/default", {}),
            ("/delete", {}),
            ("/dates", {"first": "2026-03-03", "kind": "closed"}),
            ("/dates/clear", {"first": "2026-03-03", "last": "2026-03-03"}),
        ):
            assert 404 == other.send(f"{HOME}/{schedule_id}{path}", fields).status_code, path
        like = other.send(f"{HOME}/new", {"name": "A", "timezone": "UTC", "like": str(schedule_id)})
        assert 404 == like.status_code
    assert before == found(db, schedule_id).rules
