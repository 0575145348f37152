"""
What an invitee's link allows is decided under the host's lock, and requests that nobody answers lapse.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, update

from calendo.core.instants import DAY, HOUR, get_zone, local_date
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, Message
from calendo.errors import BookingState, CalendoError, NotFound, SlotUnavailable, TooLate, TooManyBookings
from calendo.integrations.links import Links, Purpose
from calendo.ops import bookings, history, manage, slots
from calendo.ops.bookings import BookingRequest
from calendo.ops.manage import Managed
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

LINKS = Links(b"a key that only the tests use")
TUESDAY_9 = MONDAY_9 + DAY
UTC = get_zone("UTC")


def token_of(booking: Booking, counter: int = 0) -> str:
    return LINKS.token(Purpose.MANAGE, booking.uid, counter)


def locked(tx: Tx, token: str) -> Booking:
    return manage.lock_by_token(tx, LINKS, Purpose.MANAGE, token)


def test_a_token_finds_its_booking_and_no_other(db: Database) -> None:
    """
    For its purpose and counter only, with and without the lock.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        booking, other = make_booking(tx, event_type), make_booking(tx, event_type, TUESDAY_9)
        token = token_of(booking)
        for get in (manage.get_by_token, manage.lock_by_token):
            assert booking.id == get(tx, LINKS, Purpose.MANAGE, token).id
            assert other.id == get(tx, LINKS, Purpose.MANAGE, token_of(other)).id
            for purpose, text in (
                (Purpose.DECIDE, token),
                (Purpose.MANAGE, token_of(booking, 1)),
                (Purpose.MANAGE, "garbage"),
                (Purpose.MANAGE, LINKS.token(Purpose.MANAGE, "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d", 0)),
            ):
                with pytest.raises(NotFound):
                    get(tx, LINKS, purpose, text)


def test_what_can_be_done_when(db: Database) -> None:
    """
    Each until its own notice, nothing from the start on or once it is called off.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id, cancel_notice_hours=1, reschedule_notice_hours=2)
        booking = make_booking(tx, event_type)

        def can(now: int) -> tuple[bool, bool]:
            managed = Managed.at(tx, booking, now)
            return managed.can_cancel, managed.can_reschedule

        assert [(True, True), (True, False), (True, False), (False, False)] == [
            can(MONDAY_9 - before) for before in (2 * HOUR, 2 * HOUR - 1, HOUR, HOUR - 1)
        ]
        event_type.cancel_notice_hours = event_type.reschedule_notice_hours = 0
        assert [(True, True), (False, False)] == [can(MONDAY_9 - 1), can(MONDAY_9)]
        event_type.is_active = False
        assert (True, False) == can(NOW)
        event_type.is_active = True
        manage.cancel(tx, locked(tx, token_of(booking)), NOW)
        assert (False, False) == can(NOW)


@pytest.mark.parametrize(
    ("hours", "notice"), [(0, "its start"), (1, "1 hour before"), (48, "48 hours before")]
)
def test_too_late_says_why(db: Database, hours: int, notice: str) -> None:
    """
    Until when it was possible, and of what is cancelled that it is.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id, cancel_notice_hours=hours, reschedule_notice_hours=hours)
        booking = locked(tx, token_of(make_booking(tx, event_type, TUESDAY_9)))
        with pytest.raises(TooLate, match=notice):
            manage.cancel(tx, booking, TUESDAY_9)
        with pytest.raises(TooLate, match=notice):
            manage.reschedule(tx, booking, TUESDAY_9 + DAY, TUESDAY_9)
        bookings.cancel(tx, booking.host_id, booking.id, NOW)
        with pytest.raises(BookingState):
            manage.cancel(tx, booking, TUESDAY_9)
        with pytest.raises(BookingState):
            manage.reschedule(tx, booking, TUESDAY_9 + DAY, TUESDAY_9)


def test_what_is_listed_can_be_moved_to(db: Database) -> None:
    """
    Half over itself too, but not to where it is; of one that is switched off nothing is on offer.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id, duration_minutes=120, slot_interval=60, buffer_after=30)
        booking = make_booking(tx, event_type, MONDAY_9 + 2 * HOUR)
        make_booking(tx, event_type, MONDAY_9 + 5 * HOUR)
        monday = local_date(MONDAY_9, UTC)
        listed = slots.list_moves(tx, booking, (monday, monday), UTC, NOW)

        assert [MONDAY_9, MONDAY_9 + HOUR] == listed
        assert (
            MONDAY_9 + HOUR == manage.reschedule(tx, locked(tx, token_of(booking)), listed[1], NOW).start_ts
        )
        with pytest.raises(SlotUnavailable):
            manage.reschedule(tx, locked(tx, token_of(booking)), MONDAY_9 + 4 * HOUR, NOW)
        event_type.is_active = False
        tx.flush()
        with pytest.raises(SlotUnavailable, match="no longer on offer"):
            manage.reschedule(tx, locked(tx, token_of(booking)), MONDAY_9, NOW)


def meet(db: Database, first: Callable[[Tx], object], second: Callable[[Tx], object]) -> list[str]:
    """
    Begin ``second`` while ``first`` holds its transaction open; say what came of each.
    """
    acted, waiting = Event(), Event()

    def one(act: Callable[[Tx], object], then: Callable[[], object]) -> str:
        try:
            with db.write() as tx:
                act(tx)
                then()
        except CalendoError as error:
            return error.code
        return "done"

    def other() -> str:
        acted.wait(10)
        waiting.set()
        return one(second, lambda: None)

    def hold() -> None:
        acted.set()
        waiting.wait(10)
        # Long enough for the other one to get as far as it can without this one's end.
        Event().wait(0.2)

    with ThreadPoolExecutor(2) as pool:
        return [answer.result() for answer in (pool.submit(one, first, hold), pool.submit(other))]


def test_an_invitee_meets_the_host(db: Database) -> None:
    """
    What the host did first is seen: a move into the notice, a cancellation, a link that was replaced.
    """
    with db.write() as tx:
        host = make_host(tx).id
        event_type = make_type(tx, host, cancel_notice_hours=24, reschedule_notice_hours=24)
        moved, cancelled, replaced = (
            make_booking(tx, event_type, TUESDAY_9 + hours * HOUR) for hours in range(3)
        )

    def look_and_cancel(tx: Tx) -> None:
        seen = manage.get_by_token(tx, LINKS, Purpose.MANAGE, token_of(moved))
        assert seen is manage.cancel(tx, locked(tx, token_of(moved)), NOW)

    assert ["done", "too_late"] == meet(
        db, lambda tx: bookings.reschedule(tx, host, moved.id, MONDAY_9, NOW), look_and_cancel
    )
    assert ["done", "booking_state"] == meet(
        db,
        lambda tx: bookings.cancel(tx, host, cancelled.id, NOW),
        lambda tx: manage.reschedule(tx, locked(tx, token_of(cancelled)), TUESDAY_9 + 5 * HOUR, NOW),
    )

    def replace(tx: Tx) -> None:
        locked(tx, token_of(replaced))
        tx.execute(update(Booking).where(Booking.id == replaced.id).values(link_counter=1))

    assert ["done", "not_found"] == meet(
        db, replace, lambda tx: manage.cancel(tx, locked(tx, token_of(replaced)), NOW)
    )
    with db.read() as tx:
        assert ["confirmed", "cancelled", "confirmed"] == list(
            tx.scalars(select(Booking.status).order_by(Booking.id))
        )


def test_of_twenty_bookings_of_one_address_at_once_five_are_made(db: Database) -> None:
    """
    However they meet, the limit is the limit.
    """
    with db.write() as tx:
        host_id = make_host(tx).id
        event_type = make_type(tx, host_id, duration_minutes=15)
    start = Barrier(20)

    def book(place: int) -> str:
        email = "bob@example.com" if place % 2 else "BOB@example.com"
        start.wait(10)
        try:
            with db.write() as tx:
                bookings.book(tx, event_type, BookingRequest(MONDAY_9 + place * 900, "Bob", email), NOW)
        except TooManyBookings:
            return "refused"
        return "made"

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(book, range(20)))

    assert (5, 15) == (answers.count("made"), answers.count("refused"))
    with db.read() as tx:
        assert 5 == tx.scalar(select(func.count()).select_from(Booking))


def test_a_request_lapses_at_its_start(db: Database) -> None:
    """
    It is declined by the system, with its message and its line of history; others stay as they are.
    """
    with db.write() as tx:
        host = make_host(tx)
        asks = make_type(tx, host.id, requires_confirmation=True)
        overdue, later = make_booking(tx, asks, MONDAY_9), make_booking(tx, asks, TUESDAY_9)
        confirmed = make_booking(tx, make_type(tx, host.id), MONDAY_9 + HOUR)

        assert [0, 1, 0] == [bookings.lapse(tx, at) for at in (MONDAY_9 - 1, MONDAY_9, MONDAY_9)]
        assert ["declined", "pending", "confirmed"] == [
            booking.status for booking in (overdue, later, confirmed)
        ]
        message = tx.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message is not None
        assert ("booking.declined", overdue.id, MONDAY_9) == (
            message.topic,
            message.booking_id,
            message.created_ts,
        )
        assert {"by": "system", "reason": None}.items() <= (message.facts or {}).items()
        assert [("requested", "invitee"), ("declined", "system")] == [
            (line.action, line.actor) for line in history.list_changes(tx, overdue)
        ]
        with pytest.raises(BookingState):
            bookings.confirm(tx, host.id, overdue.id, MONDAY_9)


def test_a_no_show_is_noted_once(db: Database) -> None:
    """
    A second time writes no second line, and what did not take place was missed by nobody.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id))
        with pytest.raises(BookingState):
            bookings.mark_no_show(tx, host.id, booking.id, MONDAY_9 - 1)
        for _ in range(2):
            assert bookings.mark_no_show(tx, host.id, booking.id, MONDAY_9).is_no_show
        assert ["booked", "no_show"] == [line.action for line in history.list_changes(tx, booking)]
        bookings.cancel(tx, host.id, booking.id, MONDAY_9)
        with pytest.raises(BookingState):
            bookings.mark_no_show(tx, host.id, booking.id, MONDAY_9)
