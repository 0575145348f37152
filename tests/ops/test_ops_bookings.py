"""
Bookings: which turn each may take, what the message says, and a last word for the database.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import func, select, text

from calendo.core.instants import HOUR, MINUTE
from calendo.db.engine import Database, Tx
from calendo.db.models import CANCELLED, CONFIRMED, DECLINED, PENDING, Booking, Message
from calendo.errors import BookingState, InvalidInput, NotFound, SlotUnavailable
from calendo.ops import booking_lists, bookings, event_types, schedules
from calendo.ops.booking_lists import BookingFilter
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type
from parts import Postgres

QUESTION = {"id": "why", "label": "Why?", "type": "text", "required": True, "options": []}
TURNS = {"confirm": bookings.confirm, "decline": bookings.decline, "cancel": bookings.cancel}


def listed(tx: Tx, host_id: int, **wanted: Any) -> list[str]:
    """
    List bookings by their invitees' names.
    """
    return [row.invitee_name for row in booking_lists.list_bookings(tx, host_id, BookingFilter(**wanted))]


def told(tx: Tx, booking: Booking) -> list[tuple[str, dict[str, Any]]]:
    """
    List the messages about a booking: the topic, and what it says about the booking.
    """
    rows = tx.scalars(select(Message).where(Message.booking_id == booking.id).order_by(Message.id))
    return [(row.topic, orjson.loads(row.payload)["data"]["booking"]) for row in rows]


def test_a_booking_has_what_the_invitee_said(db: Database) -> None:
    """
    Times and blocked time, the invitee's words and answers are kept, and answers are checked.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id, questions=[QUESTION], buffer_before=10, buffer_after=5)
        with pytest.raises(InvalidInput):
            make_booking(tx, event_type)
        made = make_booking(
            tx, event_type, timezone="Asia/Tokyo", locale="ja", notes="Hi", answers={"why": " because "}
        )

    with db.read() as tx:
        kept = bookings.get_booking(tx, host.id, made.id)
    assert (MONDAY_9, MONDAY_9 + 30 * MINUTE) == (kept.start_ts, kept.end_ts)
    assert (MONDAY_9 - 10 * MINUTE, MONDAY_9 + 35 * MINUTE) == (kept.blocked_start_ts, kept.blocked_end_ts)
    assert (CONFIRMED, "Bob", "bob@example.com", "Asia/Tokyo", "ja", "Hi", {"why": "because"}, None) == (
        kept.status,
        kept.invitee_name,
        kept.invitee_email,
        kept.timezone,
        kept.locale,
        kept.notes,
        kept.answers,
        kept.reason,
    )
    assert (NOW, NOW, "Call") == (kept.created_ts, kept.updated_ts, kept.event_type.name)


def test_a_time_that_is_not_on_offer_cannot_be_booked(db: Database) -> None:
    """
    However far away or off the grid a time is, the refusal is the same, and leaves nothing.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
    for start in (-(2**62), -1, 0, NOW, MONDAY_9 - 1, MONDAY_9 + 1, MONDAY_9 + 8 * HOUR, 2**62):
        with pytest.raises(SlotUnavailable), db.write() as tx:
            make_booking(tx, event_type, start)

    with db.read() as tx:
        assert [] == tx.scalars(select(Booking)).all()
        assert [] == tx.scalars(select(Message)).all()


@pytest.mark.parametrize(
    ("status", "turns", "becomes"),
    [
        (PENDING, [], {"confirm": CONFIRMED, "decline": DECLINED, "cancel": CANCELLED}),
        (CONFIRMED, ["confirm"], {"cancel": CANCELLED}),
        (CANCELLED, ["cancel"], {}),
        (DECLINED, ["decline"], {}),
    ],
)
def test_the_status_says_which_turns_there_are(
    db: Database, status: str, turns: list[str], becomes: dict[str, str]
) -> None:
    """
    A turn that the status allows is made and told once; any other is refused by name and told to nobody.
    """
    for verb, turn in TURNS.items():
        with db.write() as tx:
            host = make_host(tx)
            booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=True))
            for former in turns:
                TURNS[former](tx, host.id, booking.id, NOW)
            before = len(told(tx, booking))
        with db.write() as tx:
            if verb in becomes:
                turned = turn(tx, host.id, booking.id, NOW + 1, "reason")
                assert (becomes[verb], "reason", NOW + 1) == (turned.status, turned.reason, turned.updated_ts)
                assert before + 1 == len(told(tx, booking))
            else:
                with pytest.raises(BookingState, match=f"This booking is {status}"):
                    turn(tx, host.id, booking.id, NOW + 1, "reason")
                kept = bookings.get_booking(tx, host.id, booking.id)
                assert (status, None, NOW) == (kept.status, kept.reason, kept.updated_ts)
                assert before == len(told(tx, booking))


@pytest.mark.parametrize(("early", "works"), [(1, True), (0, False), (-1, False)])
def test_a_booking_is_confirmed_before_it_begins(db: Database, early: int, works: bool) -> None:
    """
    From the second at which it would begin it can no longer be confirmed, only declined or cancelled.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=True))
        if works:
            assert CONFIRMED == bookings.confirm(tx, host.id, booking.id, MONDAY_9 - early).status
        else:
            with pytest.raises(BookingState, match="has passed"):
                bookings.confirm(tx, host.id, booking.id, MONDAY_9 - early)
            assert DECLINED == bookings.decline(tx, host.id, booking.id, MONDAY_9 - early).status


def test_each_turn_is_told_as_it_was(db: Database) -> None:
    """
    Messages speak of the booking as it was when they were written, in the words of the API.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=True))
    with db.write() as tx:
        bookings.confirm(tx, host.id, booking.id, NOW + 1)
    with db.write() as tx:
        bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + HOUR, NOW + 2)
    with db.write() as tx:
        bookings.cancel(tx, host.id, booking.id, NOW + 3)

    with db.read() as tx:
        messages = told(tx, booking)
    assert [
        ("booking.requested", "pending", "2026-03-02 09:00:00", "2026-03-02 09:30:00", None),
        ("booking.created", "confirmed", "2026-03-02 09:00:00", "2026-03-02 09:30:00", None),
        (
            "booking.rescheduled",
            "confirmed",
            "2026-03-02 10:00:00",
            "2026-03-02 10:30:00",
            "2026-03-02 09:00:00",
        ),
        ("booking.cancelled", "cancelled", "2026-03-02 10:00:00", "2026-03-02 10:30:00", None),
    ] == [
        (topic, said["status"], said["start_time"], said["end_time"], said.get("former_start_time"))
        for topic, said in messages
    ]
    assert {booking.uid} == {said["uid"] for _, said in messages}


def test_moving_takes_what_the_event_type_is_now(db: Database) -> None:
    """
    A moved booking has the length and the buffers that its event type has by then; its former ones are freed.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id, buffer_after=60)
        booking = make_booking(tx, event_type)
        event_types.change(
            tx, host.id, event_type.id, {"duration_minutes": 60, "buffer_after": 0, "buffer_before": 15}
        )
        moved = bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + HOUR, NOW + 1, "late")

        assert (MONDAY_9 + HOUR, MONDAY_9 + 2 * HOUR) == (moved.start_ts, moved.end_ts)
        assert (MONDAY_9 + 45 * MINUTE, moved.end_ts) == (moved.blocked_start_ts, moved.blocked_end_ts)
        assert (CONFIRMED, "late", NOW + 1, booking.uid) == (
            moved.status,
            moved.reason,
            moved.updated_ts,
            moved.uid,
        )


def test_a_booking_may_move_into_its_own_time(db: Database) -> None:
    """
    Its own blocked time is no obstacle to a booking, those of others are.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id, duration_minutes=60, slot_interval=15)
        booking = make_booking(tx, event_type)
        make_booking(tx, event_type, MONDAY_9 + 2 * HOUR)

        assert (
            MONDAY_9 + 15 * MINUTE
            == bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + 900, NOW).start_ts
        )
        with pytest.raises(SlotUnavailable):
            bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + HOUR + 15 * MINUTE, NOW)
        assert MONDAY_9 + HOUR == bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + HOUR, NOW).start_ts


def test_moving_to_where_it_is_changes_nothing(db: Database) -> None:
    """
    That is so even when the time is not on offer any more, and nobody is told.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id))
        (hours,) = schedules.list_schedules(tx, host.id)
        schedules.change(tx, host.id, hours.id, {"rules": []})
        same = bookings.reschedule(tx, host.id, booking.id, MONDAY_9, NOW + 1, "no reason")

        assert (MONDAY_9, NOW, None) == (same.start_ts, same.updated_ts, same.reason)
        assert 1 == len(told(tx, booking))


@pytest.mark.parametrize("status", [CANCELLED, DECLINED])
def test_what_is_over_does_not_move(db: Database, status: str) -> None:
    """
    A cancelled or declined booking stays where it is, even to its own time.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=True))
        TURNS["cancel" if status == CANCELLED else "decline"](tx, host.id, booking.id, NOW)
        for start in (MONDAY_9, MONDAY_9 + HOUR):
            with pytest.raises(BookingState, match=status):
                bookings.reschedule(tx, host.id, booking.id, start, NOW)


def test_bookings_of_somebody_else_are_not_found(db: Database) -> None:
    """
    Whatever one host tries with another's booking, it looks like it was not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id))
        for act in (*TURNS.values(), lambda tx, *ids: bookings.reschedule(tx, *ids[:2], MONDAY_9, NOW)):
            with pytest.raises(NotFound):
                act(tx, other.id, booking.id, NOW)
        assert [] == listed(tx, other.id)
        assert CONFIRMED == bookings.get_booking(tx, host.id, booking.id).status


def test_bookings_are_listed_and_restricted(db: Database) -> None:
    """
    The latest start comes first, and each restriction leaves out what it says.
    """
    with db.write() as tx:
        host = make_host(tx)
        call, talk = make_type(tx, host.id), make_type(tx, host.id, name="Talk", requires_confirmation=True)
        by_name = {}
        for name, event_type, hours in (("b", call, 1), ("a", call, 0), ("d", call, 3), ("c", talk, 2)):
            by_name[name] = make_booking(tx, event_type, MONDAY_9 + hours * HOUR)
            by_name[name].invitee_name = name
        bookings.cancel(tx, host.id, by_name["d"].id, NOW)
        again = make_booking(tx, call, MONDAY_9 + 3 * HOUR)
        again.invitee_name = "e"

    with db.read() as tx:
        assert ["e", "d", "c", "b", "a"] == listed(tx, host.id)
        assert ["d", "c"] == listed(tx, host.id, statuses=(CANCELLED, PENDING))
        assert [] == listed(tx, host.id, statuses=(DECLINED,))
        assert ["c"] == listed(tx, host.id, event_type_id=talk.id)
        assert ["e", "d", "c"] == listed(tx, host.id, from_ts=MONDAY_9 + 2 * HOUR)
        assert ["b", "a"] == listed(tx, host.id, to_ts=MONDAY_9 + 2 * HOUR)
        assert ["b"] == listed(tx, host.id, from_ts=MONDAY_9 + 1, to_ts=MONDAY_9 + 2 * HOUR)
        assert ["e", "d"] == listed(tx, host.id, limit=2)
        assert ["d", "c"] == listed(tx, host.id, limit=2, after=(again.start_ts, again.id))
        assert [] == listed(tx, host.id, after=(by_name["a"].start_ts, by_name["a"].id))
        (first,) = booking_lists.list_bookings(tx, host.id, BookingFilter(event_type_id=talk.id))
        assert ("Talk", PENDING, {}) == (first.event_type_name, first.status, first.answers)


def test_bookings_are_listed_by_whether_they_are_over_soonest_first(db: Database) -> None:
    """
    One that is going on is not over; pages go on where the one before ended, and all are counted.
    """
    with db.write() as tx:
        host = make_host(tx)
        call = make_type(tx, host.id)
        ids = {}
        for hours, name in enumerate("abcd"):
            booking = make_booking(tx, call, MONDAY_9 + hours * HOUR)
            booking.invitee_name = name
            ids[name] = (booking.start_ts, booking.id)
    going_on = MONDAY_9 + HOUR + MINUTE
    coming = {"ending_after_ts": going_on, "soonest_first": True}

    with db.read() as tx:
        assert ["b", "c", "d"] == listed(tx, host.id, **coming)
        assert ["b", "c"] == listed(tx, host.id, **coming, limit=2)
        assert ["d"] == listed(tx, host.id, **coming, after=ids["c"])
        assert ["a"] == listed(tx, host.id, ended_by_ts=going_on)
        assert ["b", "a"] == listed(tx, host.id, ended_by_ts=MONDAY_9 + HOUR + 30 * MINUTE)
        assert 3 == booking_lists.count_bookings(tx, host.id, BookingFilter(**coming, limit=1))
        assert 0 == booking_lists.count_bookings(tx, host.id, BookingFilter(statuses=(CANCELLED,)))


@pytest.fixture
def postgresql(postgres: Postgres) -> Iterator[Database]:
    url = postgres.make()
    db = Database(url)
    yield db
    db.close()
    postgres.drop(url)


@pytest.mark.parametrize("what", ["book", "reschedule"])
def test_the_database_has_the_last_word(postgresql: Database, what: str) -> None:
    """
    Where another program writes a booking without asking for its turn, ours is refused, not broken.
    """
    with postgresql.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id)
        booking = make_booking(tx, event_type)

    def move(tx: Tx) -> Booking:
        return bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + HOUR, NOW)

    def book(tx: Tx) -> Booking:
        return make_booking(tx, event_type, MONDAY_9 + HOUR)

    with ThreadPoolExecutor(1) as pool:
        with postgresql.write() as tx:
            _write_without_asking(tx, booking, MONDAY_9 + HOUR)
            ours = pool.submit(_do, postgresql, {"book": book, "reschedule": move}[what])
            _wait_for_a_lock(postgresql)
        with pytest.raises(SlotUnavailable):
            ours.result(timeout=10)

    with postgresql.read() as tx:
        assert [MONDAY_9, MONDAY_9 + HOUR] == tx.scalars(
            select(Booking.start_ts).order_by(Booking.start_ts)
        ).all()
        assert 1 == tx.scalar(select(func.count()).select_from(Message))


def _do(db: Database, act: Callable[[Tx], Booking]) -> None:
    with db.write() as tx:
        act(tx)


def _write_without_asking(tx: Tx, like: Booking, start: int) -> None:
    values = {
        column.name: getattr(like, column.name) for column in Booking.__table__.columns if column.name != "id"
    }
    times = {"start_ts": start, "end_ts": start + 60, "blocked_start_ts": start, "blocked_end_ts": start + 60}
    tx.add(Booking(**(values | times | {"uid": str(uuid4())})))
    tx.flush()


def _wait_for_a_lock(db: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE NOT granted AND datname = current_database()"
    )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with db.read() as tx:
            if tx.scalar(waiting):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
