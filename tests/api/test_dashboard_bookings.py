"""
Bookings in the dashboard: which part of the list each is in, the calendar, and what a host does about one.
"""

import csv
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import StringIO
from itertools import product
from typing import Any

import pytest
from browsers import Browser, browse, led_to, text_of
from sqlalchemy import select

from calendo.core.instants import DAY, HOUR, MINUTE, Instant, get_zone, minute_to_instant, written_iso
from calendo.db.engine import Database
from calendo.db.models import AvailabilitySchedule, Booking, EventType, User
from calendo.i18n import LANGUAGES
from calendo.ops import bookings, history
from calendo.settings import Settings
from conftest import Clock
from ops.making import MONDAY_9, make_booking, make_host, make_type

pytest_plugins = ["dashboard_fixtures"]

BERLIN = get_zone("Europe/Berlin")
QUESTIONS = [
    {"id": "why", "label": "Why & wherefore?", "type": "text", "required": True, "options": []},
    {"id": "new", "label": "New here?", "type": "checkbox", "required": False, "options": []},
    {"id": "with", "label": "With whom?", "type": "checkbox", "required": False, "options": ["A", "B"]},
]

Book = Callable[..., int]


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about bookings is tested with the API; pages need one of them only.
    """
    return "sqlite"


@pytest.fixture
def host(guest: Browser, db: Database) -> Browser:
    """
    The browser of a host in Berlin who can be met at all hours, for a call at once, for a talk if confirmed.
    """
    guest.sign_up(timezone="Europe/Berlin")
    with db.write() as tx:
        jane = tx.scalars(select(User)).one()
        jane.max_bookings_per_invitee = 1000
        every_day = ",".join(f'{{"day":{day},"start":"00:00","end":"24:00"}}' for day in range(7))
        tx.scalars(select(AvailabilitySchedule)).one().rules = f"[{every_day}]"
        make_type(
            tx,
            jane.id,
            color="#d9480f",
            slot_interval=15,
            location_type="zoom",
            location="https://zoom.us/j/1",
        )
        make_type(tx, jane.id, name="Talk", requires_confirmation=True, questions=QUESTIONS)
    return guest


@pytest.fixture
def book(db: Database) -> Book:
    """
    Books a call, or what is named, with the host: ``book("Bob", at, "Talk")``; returns its id.
    """

    def made(name: str = "Bob", start: Instant = MONDAY_9, what: str = "Call", **fields: Any) -> int:
        with db.write() as tx:
            event_type = tx.scalars(select(EventType).where(EventType.name == what)).one()
            given = {"why": "Just so", "new": True, "with": ["A", "B"]} if what == "Talk" else {}
            request = bookings.BookingRequest(
                start, name, f"{name.split(maxsplit=1)[0].lower()}@example.com", answers=given, **fields
            )
            return bookings.book(tx, event_type, request, MONDAY_9 - 2 * DAY).id

    return made


def status(db: Database, booking_id: int) -> str:
    with db.read() as tx:
        return tx.get_one(Booking, booking_id).status


def named(page: str) -> list[str]:
    """
    The invitees in a list, in its order.
    """
    return re.findall(r'<div class="booking-who">\s*<p><a [^>]*><bdi>([^<]*)</bdi></a>', unescape(page))


def exported(text: str) -> list[str]:
    """
    The invitees in a table.
    """
    return [row["invitee_name"] for row in csv.DictReader(StringIO(text))]


def test_each_booking_is_in_one_part_of_the_list(
    host: Browser, db: Database, book: Book, clock: Clock
) -> None:
    """
    What is going on is still to come; what is coming begins with the next, what is over with the last.
    """
    ids = {name: book(name, MONDAY_9 + number * HOUR) for number, name in enumerate("ABCDE")}
    asked = [book(name, MONDAY_9 + hours * HOUR, "Talk") for name, hours in (("F", 8), ("G", 6), ("H", 9))]
    clock.now = MONDAY_9 + HOUR + MINUTE
    with db.write() as tx:
        jane = tx.scalars(select(User)).one()
        bookings.cancel(tx, jane.id, ids["D"], clock.now)
        bookings.decline(tx, jane.id, asked[2], clock.now)

    assert ["B", "C", "E"] == named(host.open("/app/bookings").text)
    assert ["G", "F"] == named(host.open("/app/bookings?show=waiting").text)
    assert ["A"] == named(host.open("/app/bookings?show=past").text)
    assert ["H", "D"] == named(host.open("/app/bookings?show=cancelled").text)
    assert ["B", "C", "E"] == named(host.open("/app/bookings?show=nonsense&type=x").text)
    assert "Waiting 2" in text_of(host.open("/app/bookings"))


def test_the_home_of_the_dashboard_is_the_list(host: Browser) -> None:
    assert (303, "/app/bookings") == led_to(host.open("/app"))


def test_days_are_those_of_the_host_and_near_ones_have_names(host: Browser, book: Book) -> None:
    """
    Late on Sunday in UTC it is Monday in Berlin.
    """
    book("Late", MONDAY_9 - 10 * HOUR + 30 * MINUTE)
    book("Soon", MONDAY_9 - 18 * HOUR)
    said = text_of(host.open("/app/bookings"))

    assert "Today Sun, Mar 1 4:00 – 4:30 PM Soon" in said
    assert "Tomorrow Mon, Mar 2 12:30 – 1:00 AM Late" in said
    assert "Times are in Central European Time (Berlin)." in said


def test_an_empty_part_says_what_to_do(host: Browser) -> None:
    """
    The first one has the link to share.
    """
    for show, said in (
        ("upcoming", "No meetings to come"),
        ("waiting", "Nothing waits for you"),
        ("past", "No meetings yet"),
        ("cancelled", "Nothing was cancelled"),
    ):
        page = host.open(f"/app/bookings?show={show}")
        assert said in text_of(page)
        assert ("http://calendo.test/jane-smith" in page.text) == (show == "upcoming")


def test_bookings_are_found_by_their_invitee_wherever_they_are(
    host: Browser, db: Database, book: Book, clock: Clock
) -> None:
    """
    By name or address, whatever the case and the accents; other parts say what they have found.
    """
    book("José Álvarez")
    book("Bob", MONDAY_9 + HOUR)
    gone = book("Josefine", MONDAY_9 + 2 * HOUR)
    with db.write() as tx:
        bookings.cancel(tx, tx.scalars(select(User)).one().id, gone, clock.now)

    assert ["José Álvarez"] == named(host.open("/app/bookings?q=JOSE").text)
    assert ["Bob"] == named(host.open("/app/bookings?q=bob%40example").text)
    found = host.open("/app/bookings?q=josefine")
    assert "Nothing found here" in text_of(found)
    assert "Found as well: Cancelled (1)" in text_of(found)
    assert ["Josefine"] == named(host.open("/app/bookings?show=cancelled&q=josefine").text)


def test_bookings_are_restricted_to_an_event_type(host: Browser, db: Database, book: Book) -> None:
    """
    Another host's id restricts nothing.
    """
    book("Bob")
    book("Amy", MONDAY_9 + HOUR, "Talk")
    with db.write() as tx:
        talk = tx.scalars(select(EventType.id).where(EventType.name == "Talk")).one()
        theirs = make_type(tx, make_host(tx).id).id

    assert [] == named(host.open(f"/app/bookings?type={talk}").text)
    assert ["Amy"] == named(host.open(f"/app/bookings?show=waiting&type={talk}").text)
    assert ["Bob"] == named(host.open(f"/app/bookings?type={theirs}").text)


def test_a_long_list_comes_in_pages(host: Browser, book: Book) -> None:
    """
    Each begins where the one before ended, and none is said twice.
    """
    for number in range(53):
        book(f"N{number}", MONDAY_9 + number * HOUR)

    first = host.open("/app/bookings?q=n")
    (further,) = re.findall(r'rel="next" href="([^"]+)"', unescape(first.text))
    second = host.open(further)

    assert [f"N{number}" for number in range(53)] == named(first.text) + named(second.text)
    assert 'rel="next"' not in second.text
    assert "To the beginning" in text_of(second)
    assert 400 == host.open("/app/bookings?cursor=nonsense").status_code


def test_the_export_has_what_the_list_shows(host: Browser, book: Book) -> None:
    """
    Of the part that is open, with what is searched.
    """
    book("Bob")
    book("Amy", MONDAY_9 + HOUR)
    book("Bobby", MONDAY_9 + 2 * HOUR, "Talk")
    page = host.open("/app/bookings?q=bob")
    (address,) = re.findall(r'href="(/app/bookings/export[^"]+)"', unescape(page.text))

    file = host.open(address)

    assert "text/csv; charset=utf-8" == file.headers["content-type"]
    assert ["Bob"] == exported(file.text)
    assert ["Bobby"] == exported(host.open("/app/bookings/export.csv?show=waiting").text)


def test_a_booking_tells_all_that_is_known_of_it(host: Browser, book: Book) -> None:
    """
    Answers under their questions, the notes, both clocks and the history; markup stays text.
    """
    name = "Bob <b>Johnson</b>"
    fields = {"timezone": "America/New_York", "locale": "fr", "notes": "<script>alert(1)</script>"}
    page = host.open(f"/app/bookings/{book(name, what='Talk', **fields)}")
    said = text_of(page)

    assert "<b>" not in page.text
    assert "<script>alert" not in page.text
    for text in (
        "Monday, March 2, 2026 10:00 – 10:30 AM Central European Time (Berlin)",
        "For Bob <b>Johnson</b>: Mon, Mar 2, 4:00 – 4:30 AM",
        "Eastern Time (New York)",
        "Why & wherefore? Just so",
        "New here? Yes",
        "With whom? A, B",
        "Language French",
        "<script>alert(1)</script>",
        "asked for this time",
    ):
        assert text in unescape(said), text
    assert "/api/bookings/1.ics" in page.text
    assert 200 == host.open("/api/bookings/1.ics").status_code


def test_a_place_with_an_address_can_be_joined_when_it_is_time(
    host: Browser, book: Book, clock: Clock
) -> None:
    """
    In the list from a quarter of an hour before; on the booking's own page before that, too.
    """
    booking_id = book()
    link = 'href="https://zoom.us/j/1"'

    assert link not in host.open("/app/bookings").text
    assert link in host.open(f"/app/bookings/{booking_id}").text
    clock.now = MONDAY_9 - 15 * MINUTE
    assert link in host.open("/app/bookings").text
    clock.now = MONDAY_9 + 30 * MINUTE
    assert link not in host.open("/app/bookings?show=past").text


@pytest.mark.parametrize(("act", "becomes"), [("confirm", "confirmed"), ("decline", "declined")])
def test_a_request_is_answered_with_a_message(
    host: Browser, db: Database, book: Book, act: str, becomes: str
) -> None:
    """
    The page says so and shows the message in the history.
    """
    booking_id = book(what="Talk")
    assert 'id="answer"' in host.open(f"/app/bookings/{booking_id}").text

    answered = host.send(f"/app/bookings/{booking_id}/{act}", {"reason": "Gladly\r\nindeed"})
    page = host.open(f"/app/bookings/{booking_id}")

    assert (303, f"/app/bookings/{booking_id}") == led_to(answered)
    assert becomes == status(db, booking_id)
    assert "Bob gets an e-mail" in text_of(page)
    assert "<blockquote>Gladly\nindeed</blockquote>" in page.text
    assert 'id="answer"' not in page.text


def test_a_request_is_confirmed_from_the_list(host: Browser, db: Database, book: Book) -> None:
    """
    And the list comes back, where it was; nowhere else.
    """
    first, second = book(what="Talk"), book("Amy", MONDAY_9 + HOUR, "Talk")
    assert f"/app/bookings/{first}/confirm?back=waiting" in host.open("/app/bookings?show=waiting").text

    assert (303, "/app/bookings?show=waiting") == led_to(
        host.send(f"/app/bookings/{first}/confirm?back=waiting")
    )
    elsewhere = host.send(f"/app/bookings/{second}/confirm?back=//evil.example")
    assert (303, f"/app/bookings/{second}") == led_to(elsewhere)
    assert ["confirmed"] * 2 == [status(db, first), status(db, second)]


def test_a_booking_is_cancelled_with_a_message(host: Browser, db: Database, book: Book) -> None:
    """
    After a question; once it is cancelled the question leads back.
    """
    booking_id = book()
    path = f"/app/bookings/{booking_id}/cancel"
    assert "Cancel the booking?" in text_of(host.open(path))
    assert "confirmed" == status(db, booking_id)

    host.send(path, {"reason": "I am ill."})

    assert "cancelled" == status(db, booking_id)
    page = host.open(f"/app/bookings/{booking_id}")
    assert "You cancelled I am ill." in text_of(page)
    assert (303, f"/app/bookings/{booking_id}") == led_to(host.open(path))
    assert (303, f"/app/bookings/{booking_id}") == led_to(host.open(f"/app/bookings/{booking_id}/move"))


def test_what_a_booking_does_not_allow_is_said_on_its_page(host: Browser, db: Database, book: Book) -> None:
    """
    As it is by now: somebody may have been faster.
    """
    booking_id = book(what="Talk")
    with db.write() as tx:
        bookings.decline(tx, tx.scalars(select(User)).one().id, booking_id, MONDAY_9 - DAY)

    for act in ("confirm", "decline", "cancel", "no-show", "move"):
        sent = {"reason": "", "start_time": written_iso(MONDAY_9 + HOUR)}
        refused = host.send(f"/app/bookings/{booking_id}/{act}", sent)
        assert 409 == refused.status_code, act
        assert "This booking is declined, which does not allow this." in text_of(refused)
        assert 'role="alert"' in refused.text


def test_a_message_that_is_too_long_stays_typed(host: Browser, db: Database, book: Book) -> None:
    """
    And nothing is done.
    """
    ids = {"confirm": book(what="Talk"), "cancel": book("Amy", MONDAY_9 + HOUR)}
    ids["move"] = ids["cancel"]
    start = written_iso(MONDAY_9 + 3 * HOUR)

    for act, booking_id in ids.items():
        before = status(db, booking_id)
        sent = {"reason": "x" * 5001, "start_time": start}
        refused = host.send(f"/app/bookings/{booking_id}/{act}", sent)
        assert 400 == refused.status_code, act
        assert "x" * 5001 in refused.text
        assert 'id="reason-error">Use 5000 characters or less.' in refused.text
        assert before == status(db, booking_id)


def test_nobody_came(host: Browser, db: Database, book: Book, clock: Clock) -> None:
    """
    Only from the start on; then it is said in the list and on the page, and cannot be said again.
    """
    booking_id = book()
    path = f"/app/bookings/{booking_id}/no-show"
    assert "/no-show" not in host.open(f"/app/bookings/{booking_id}").text
    assert 409 == host.send(path).status_code
    clock.now = MONDAY_9 + DAY

    assert f"{path}?back=past" in host.open("/app/bookings?show=past").text
    assert (303, "/app/bookings?show=past") == led_to(host.send(f"{path}?back=past"))
    assert "Bob No-show" in text_of(host.open("/app/bookings?show=past"))
    assert "/no-show" not in host.open(f"/app/bookings/{booking_id}").text


def test_a_booking_is_moved_to_a_free_time(host: Browser, db: Database, book: Book) -> None:
    """
    What is taken is not offered; beside each time stands that of the invitee.
    """
    booking_id = book(timezone="America/New_York")
    book("Amy", MONDAY_9 + HOUR)
    page = host.open(f"/app/bookings/{booking_id}/move?on=2026-03-03")
    times = re.findall(r'name="start_time" value="([^"]+)"', page.text)
    new = written_iso(MONDAY_9 + DAY)
    monday = host.open(f"/app/bookings/{booking_id}/move").text

    assert new in times
    assert "Tuesday, March 3, 2026" in text_of(page)
    assert "10:00 AM For Bob: 4:00 AM" in text_of(page)
    assert written_iso(MONDAY_9 + 2 * HOUR) in monday
    assert written_iso(MONDAY_9 + HOUR) not in monday
    moved = host.send(f"/app/bookings/{booking_id}/move?on=2026-03-03", {"start_time": new, "reason": "Sun!"})
    assert (303, f"/app/bookings/{booking_id}") == led_to(moved)
    said = text_of(host.open(f"/app/bookings/{booking_id}"))
    assert "You moved it Mon, Mar 2, 10:00 AM → Tue, Mar 3, 10:00 AM Sun!" in said
    with db.read() as tx:
        assert MONDAY_9 + DAY == tx.get_one(Booking, booking_id).start_ts


@pytest.mark.parametrize(
    ("start", "code", "said"),
    [
        (written_iso(MONDAY_9 + HOUR), 409, "This time is not, or no longer, on offer."),
        (None, 400, "Please fill this in."),
        ("yesterday", 400, "Use an ISO 8601 date and time"),
    ],
)
def test_a_time_that_went_is_said_with_those_there_are(
    host: Browser, db: Database, book: Book, start: str | None, code: int, said: str
) -> None:
    """
    At the times; the message stays typed, the booking where it is.
    """
    booking_id = book()
    book("Amy", MONDAY_9 + HOUR)

    chosen = {"start_time": start} if start else {}
    refused = host.send(f"/app/bookings/{booking_id}/move", {**chosen, "reason": "So sorry"})

    assert code == refused.status_code
    assert said in text_of(refused)
    assert 'id="start_time-error"' in refused.text
    assert "So sorry" in refused.text
    assert written_iso(MONDAY_9 + 2 * HOUR) in refused.text
    with db.read() as tx:
        assert MONDAY_9 == tx.get_one(Booking, booking_id).start_ts


def test_a_month_without_free_times_leads_to_the_next_that_has_some(
    host: Browser, db: Database, book: Book
) -> None:
    """
    Where none is near either, the hours are named as the reason.
    """
    booking_id = book()
    with db.write() as tx:
        schedule = tx.scalars(select(AvailabilitySchedule)).one()
        schedule.rules = "[]"
        schedule.overrides = '[{"date":"2026-04-08","start":"09:00","end":"12:00"}]'
    page = host.open(f"/app/bookings/{booking_id}/move")

    assert "The next free day is Wednesday, April 8, 2026." in text_of(page)
    assert 'name="start_time"' in host.open(f"/app/bookings/{booking_id}/move?on=2026-04-08").text
    late = host.open(f"/app/bookings/{booking_id}/move?on=2026-05-01")
    assert "Your hours decide what is free." in text_of(late)


def test_bookings_of_others_are_not_there(host: Browser, db: Database) -> None:
    """
    Neither to be seen nor to be changed.
    """
    with db.write() as tx:
        theirs = make_booking(tx, make_type(tx, make_host(tx).id)).id
    path = f"/app/bookings/{theirs}"
    fields = {"start_time": written_iso(MONDAY_9 + HOUR)}

    seen = [host.open(f"{path}{rest}").status_code for rest in ("", "/cancel", "/move")]
    acts = ("confirm", "decline", "cancel", "no-show", "move")
    done = [host.send(f"{path}/{act}", fields).status_code for act in acts]

    assert {404} == {*seen, *done}
    assert "confirmed" == status(db, theirs)


def test_the_calendar_shows_what_stands(host: Browser, db: Database, book: Book, clock: Clock) -> None:
    """
    In a day, a week and a month; what fell through only if asked for.
    """
    book("Bob")
    book("Amy", MONDAY_9 + HOUR, "Talk")
    gone = book("Cyd", MONDAY_9 + 2 * HOUR)
    with db.write() as tx:
        bookings.cancel(tx, tx.scalars(select(User)).one().id, gone, clock.now)

    for view, title in (
        ("day", "Monday, March 2, 2026"),
        ("week", "Mar 2 – 8, 2026"),
        ("month", "March 2026"),
    ):
        page = host.open(f"/app/bookings/{view}?on=2026-03-02")
        said = text_of(page)
        assert title in said
        assert "Bob" in said
        assert "Amy" in said
        assert "Cyd" not in said
        assert "Cyd" in text_of(host.open(f"/app/bookings/{view}?on=2026-03-02&all=yes"))
        assert "There is no booking" in text_of(host.open(f"/app/bookings/{view}?on=2027-03-02"))
    month = text_of(host.open("/app/bookings/month?on=2026-03-02"))
    assert "10:00 AM Bob" in month


def test_a_month_says_how_many_more_a_day_has(host: Browser, book: Book) -> None:
    """
    And how many there are in all, to those who do not see them.
    """
    for number in range(5):
        book(f"N{number}", MONDAY_9 + number * HOUR)
    page = host.open("/app/bookings/month")

    assert "3 more" in text_of(page)
    assert 'aria-label="Monday, March 2, 2026, 5 bookings"' in page.text


def test_what_lasts_past_midnight_is_on_both_days(host: Browser, book: Book) -> None:
    """
    On each from where to where it lies there: rows are half hours.
    """
    start = minute_to_instant(date(2026, 3, 2), 23 * 60 + 45, BERLIN)
    book("Night owl", start)
    style = re.compile(r"\.at-0-0\{--top:([\d.]+);--height:([\d.]+)")

    first = host.open("/app/bookings/day?on=2026-03-02").text
    second = host.open("/app/bookings/day?on=2026-03-03").text

    assert "Night owl" in first
    assert "Night owl" in second
    # From 8:00 to midnight, and from midnight on; a quarter of an hour is drawn as half an hour.
    assert [("31.5", "1")] == style.findall(first)
    assert [("0", "1")] == style.findall(second)


def test_the_hour_that_is_there_twice_has_two_places(host: Browser, db: Database, clock: Clock) -> None:
    """
    Both meetings at half past two are told apart by their offsets, and lie below each other.
    """
    clock.set("2026-10-24T12:00:00+00:00")
    host.log_in()
    first = minute_to_instant(date(2026, 10, 25), 150, BERLIN)
    with db.write() as tx:
        call = tx.scalars(select(EventType).where(EventType.name == "Call")).one()
        for start in (first, first + HOUR):
            make_booking(tx, call, start, now=clock.now)
    page = host.open("/app/bookings/week?on=2026-10-21", **{"Accept-Language": "en"})
    day = host.open("/app/bookings/day?on=2026-10-25")

    for response in (page, day):
        said = text_of(response)
        assert "2:30 AM GMT+02:00 – 2:00 AM GMT+01:00" in said
        assert "2:30 AM GMT+01:00 – 3:00 AM" in said
        assert "2 AM again" in said
    assert [("1", "1"), ("3", "1")] == re.findall(r"\.at-0-\d\{--top:(\d+);--height:(\d+)", day.text)


def test_a_date_that_cannot_be_shown_is_today(host: Browser) -> None:
    """
    Or one so far away that nothing can be there.
    """
    for on in ("", "nonsense", "2026-02-30", "9999-12-31", "1000-01-01"):
        for view in ("day", "week", "month"):
            page = host.open(f"/app/bookings/{view}?on={on}")
            assert 200 == page.status_code
            assert 'value="2026-03-01"' in page.text


def test_weeks_begin_where_the_language_has_it(host: Browser, db: Database) -> None:
    """
    On Sunday in the United States, on Monday in Germany.
    """
    heads = []
    for tag in ("en-US", "de"):
        with db.write() as tx:
            tx.scalars(select(User)).one().locale = tag
        page = host.open("/app/bookings/month?on=2026-03-02").text
        heads.append(re.findall(r'<th scope="col">.*?<span class="sr-only">([^<]+)', page)[0])

    assert ["Sunday", "Montag"] == heads


def test_the_pages_speak_the_language_of_the_host(
    host: Browser, db: Database, book: Book, clock: Clock
) -> None:
    """
    Each page is there, and says nothing of its own in English.
    """
    asked = book("Xx", what="Talk", locale="de")
    done = book("Yy", MONDAY_9 + HOUR)
    with db.write() as tx:
        jane = tx.scalars(select(User)).one()
        bookings.reschedule(tx, jane.id, done, MONDAY_9 + 3 * HOUR, clock.now)
        bookings.cancel(tx, jane.id, done, clock.now, "Zz")
    pages = ["", "?show=waiting", "?show=cancelled", "?q=nobody", "/day?on=2026-03-02", "/week", "/month"]
    pages += [f"/{asked}", f"/{asked}/move", f"/{done}"]

    for language, path in product(LANGUAGES[1:], pages):
        with db.write() as tx:
            tx.scalars(select(User)).one().locale = language
        page = host.open(f"/app/bookings{path}")
        assert 200 == page.status_code, path
        assert not re.search(
            r"\b(Bookings|Waiting|Search|Today|Confirm|Decline|Move|History|Times)\b", text_of(page)
        ), path


def test_a_link_to_the_list_survives_the_log_in(settings: Settings, db: Database, clock: Clock) -> None:
    with browse(settings, db, clock) as guest:
        asked = guest.open("/app/bookings?show=waiting")

    assert (303, "/app/login?next=%2Fapp%2Fbookings%3Fshow%3Dwaiting") == led_to(asked)


def test_history_has_words_for_all_that_can_be_done(host: Browser, db: Database, book: Book) -> None:
    """
    Whoever did it, also what somebody has never been seen to do.
    """
    booking_id = book()
    with db.write() as tx:
        booking = bookings.get_booking(tx, tx.scalars(select(User)).one().id, booking_id)
        for action in history.Action:
            for actor in history.Actor:
                history.record(tx, booking, action, actor, MONDAY_9)

    page = host.open(f"/app/bookings/{booking_id}")

    assert 200 == page.status_code
    assert "Declined, since nobody answered in time" in text_of(page)
