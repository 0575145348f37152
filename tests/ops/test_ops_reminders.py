"""
Reminders: planned when a booking is confirmed, sent once when they are due, and never too late.
"""

import pytest
from sqlalchemy import select, update

from calendo.core.instants import DAY, HOUR, MINUTE, Instant
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, Delivery, Message, Reminder
from calendo.ops import bookings, event_types, reminders
from calendo.ops.reminders import write_due
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

TUESDAY_9 = MONDAY_9 + DAY


def planned(tx: Tx) -> list[tuple[int, Instant]]:
    rows = tx.execute(select(Reminder.minutes_before, Reminder.due_ts).order_by(Reminder.due_ts))
    return [(minutes, due_ts) for minutes, due_ts in rows]


def sent(tx: Tx) -> list[int]:
    """
    How many minutes before, of all reminders that were written.
    """
    facts = tx.scalars(select(Message.facts).where(Message.topic == "booking.reminder").order_by(Message.id))
    return [fact["minutes_before"] for fact in facts if fact]


def test_a_day_and_an_hour_before(db: Database) -> None:
    """
    Both sides are reminded, once each time, and calendars of endpoints hear nothing of it.
    """
    with db.write() as tx:
        booking = make_booking(tx, make_type(tx, make_host(tx).id), TUESDAY_9)
        assert [(1440, TUESDAY_9 - DAY), (60, TUESDAY_9 - HOUR)] == planned(tx)

        assert [0, 1, 0] == [
            write_due(tx, at) for at in (TUESDAY_9 - DAY - 1, TUESDAY_9 - DAY, TUESDAY_9 - DAY)
        ]
        assert [1440] == sent(tx)
        assert [1, 0] == [write_due(tx, at) for at in (TUESDAY_9 - HOUR, TUESDAY_9)]
        assert [1440, 60] == sent(tx)
        message = tx.scalars(select(Message).order_by(Message.id.desc())).first()
        assert message is not None
        assert (booking.id, "system") == (message.booking_id, (message.facts or {})["by"])
        deliveries = tx.scalars(select(Delivery).where(Delivery.message_id == message.id)).all()
        assert {("host", None), ("invitee", None)} == {(row.recipient, row.endpoint_id) for row in deliveries}
        assert [] == planned(tx)


@pytest.mark.parametrize("at_once", [True, False])
def test_other_reminders_are_for_what_is_booked_from_then_on(db: Database, at_once: bool) -> None:
    """
    Whether they are changed for one event type or for all: those that are planned stay, until it is moved.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type, other = make_type(tx, host.id), make_type(tx, make_host(tx).id)
        booking = make_booking(tx, event_type, TUESDAY_9)
        if at_once:
            assert [1, 0] == [event_types.remind_alike(tx, host.id, [30]) for _ in range(2)]
        else:
            event_types.change(tx, host.id, event_type.id, {"reminder_minutes": [30]})
        assert ([30], [1440, 60]) == (event_type.reminder_minutes, other.reminder_minutes)

        assert [(1440, TUESDAY_9 - DAY), (60, TUESDAY_9 - HOUR)] == planned(tx)
        bookings.reschedule(tx, host.id, booking.id, TUESDAY_9 + HOUR, NOW)
        assert [(30, TUESDAY_9 + HOUR - 30 * MINUTE)] == planned(tx)


def test_what_is_booked_later_than_that_is_not_reminded_of(db: Database) -> None:
    """
    One that would be due now or in the past is left out.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        make_booking(tx, event_type, MONDAY_9)
        assert [(60, MONDAY_9 - HOUR)] == planned(tx)
        make_booking(tx, event_type, TUESDAY_9, now=TUESDAY_9 - HOUR)
        assert [(60, MONDAY_9 - HOUR)] == planned(tx)


def test_each_event_type_has_its_own(db: Database) -> None:
    """
    None, one or several, as the host chose.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_booking(tx, make_type(tx, host.id, reminder_minutes=[]), MONDAY_9)
        assert [] == planned(tx)
        make_booking(tx, make_type(tx, host.id, reminder_minutes=[90, 15, 5]), TUESDAY_9)
        assert [(minutes, TUESDAY_9 - minutes * MINUTE) for minutes in (90, 15, 5)] == planned(tx)


def test_a_request_has_none_until_it_is_confirmed(db: Database) -> None:
    """
    Nobody is reminded of what may not take place.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=True), TUESDAY_9)
        assert [] == planned(tx)
        bookings.reschedule(tx, host.id, booking.id, TUESDAY_9 + HOUR, NOW)
        assert [] == planned(tx)
        bookings.confirm(tx, host.id, booking.id, TUESDAY_9 - HOUR)
        assert [(60, TUESDAY_9)] == planned(tx)


def test_they_move_with_the_booking_and_go_with_it(db: Database) -> None:
    """
    After a move all of them are planned anew, those that were sent too.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id)
        booking = make_booking(tx, event_type, TUESDAY_9)
        other = make_booking(tx, event_type, TUESDAY_9 + HOUR)
        write_due(tx, TUESDAY_9 - DAY)
        bookings.reschedule(tx, host.id, booking.id, TUESDAY_9 + 2 * DAY, TUESDAY_9 - DAY)
        assert {(1440, TUESDAY_9 + DAY), (60, TUESDAY_9 + 2 * DAY - HOUR)} <= set(planned(tx))

        bookings.cancel(tx, host.id, booking.id, NOW)
        assert [(1440, TUESDAY_9 + HOUR - DAY), (60, TUESDAY_9)] == planned(tx)
        reminders.drop(tx, other)
        assert [] == planned(tx)


def test_after_an_outage_only_the_latest_is_sent(db: Database) -> None:
    """
    Of two that are due at once nobody needs the older one; once it has begun nobody needs either.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        make_booking(tx, event_type, TUESDAY_9)
        make_booking(tx, event_type, TUESDAY_9 + 4 * HOUR)

        assert 3 == write_due(tx, TUESDAY_9 - 1)
        assert [60, 1440] == sorted(sent(tx))
        assert 1 == write_due(tx, TUESDAY_9 + 4 * HOUR)
        assert [60, 1440] == sorted(sent(tx))


def test_the_latest_is_told_from_those_that_others_take(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Also where the limit of a transaction parts the two.
    """
    monkeypatch.setattr(reminders, "BATCH", 1)
    with db.write() as tx:
        make_booking(tx, make_type(tx, make_host(tx).id), TUESDAY_9)

        assert [1, 1, 0] == [write_due(tx, TUESDAY_9 - 1) for _ in range(3)]
        assert [60] == sent(tx)


def test_what_no_longer_takes_place_is_not_reminded_of(db: Database) -> None:
    """
    Not even where a plan for it was left over.
    """
    with db.write() as tx:
        booking = make_booking(tx, make_type(tx, make_host(tx).id), TUESDAY_9)
        tx.execute(update(Booking).where(Booking.id == booking.id).values(status="cancelled"))
        tx.expire_all()

        assert 2 == write_due(tx, TUESDAY_9 - 1)
        assert [] == sent(tx)


def test_others_get_their_turn(db: Database) -> None:
    """
    At most so many in one transaction; the next one takes the rest.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id, reminder_minutes=[])
        booking = make_booking(tx, event_type, TUESDAY_9)
        tx.add_all(
            Reminder(booking_id=booking.id, minutes_before=60, due_ts=NOW) for _ in range(reminders.BATCH + 1)
        )
        tx.flush()

        assert [reminders.BATCH, 1, 0] == [write_due(tx, NOW) for _ in range(3)]
