"""
Reminders: planned when a booking is confirmed, written to the outbox when they are due.
"""

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from calendo.core.instants import MINUTE, Instant
from calendo.db.engine import Tx
from calendo.db.models import CONFIRMED, Booking, Reminder
from calendo.ops import outbox

#: So many are written in one transaction, so that others get their turn.
BATCH = 100


def write_due(tx: Tx, now: Instant) -> int:
    """
    Write the messages of reminders that are due, and return how many rows that took.

    Of several that are due at once for a booking, after the server was away, only the
    last one is sent; none is sent once the meeting has begun.
    """
    due = tx.scalars(
        select(Reminder)
        .where(Reminder.due_ts <= now)
        .order_by(Reminder.due_ts, Reminder.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    latest = _latest(tx, {reminder.booking_id for reminder in due}, now)
    for reminder in due:
        if reminder.due_ts < latest[reminder.booking_id]:
            continue
        booking = tx.get_one(Booking, reminder.booking_id, options=[joinedload(Booking.event_type)])
        if booking.status == CONFIRMED and now < booking.start_ts:
            outbox.remind(tx, booking, reminder.minutes_before, now)
    tx.execute(delete(Reminder).where(Reminder.id.in_([reminder.id for reminder in due])))
    return len(due)


def plan(tx: Tx, booking: Booking, now: Instant) -> None:
    """
    Plan a booking's reminders anew; those whose time is over already are left out.
    """
    drop(tx, booking)
    if booking.status != CONFIRMED:
        return
    for minutes in booking.event_type.reminder_minutes:
        due_ts = booking.start_ts - minutes * MINUTE
        if due_ts > now:
            tx.add(Reminder(booking_id=booking.id, minutes_before=minutes, due_ts=due_ts))


def drop(tx: Tx, booking: Booking) -> None:
    """
    Forget a booking's reminders.
    """
    tx.execute(delete(Reminder).where(Reminder.booking_id == booking.id))


def _latest(tx: Tx, booking_ids: Collection[int], now: Instant) -> dict[int, Instant]:
    """
    Say when the last of each booking's reminders that are due was due, whoever takes it.
    """
    rows = tx.execute(
        select(Reminder.booking_id, func.max(Reminder.due_ts))
        .where(Reminder.booking_id.in_(booking_ids), Reminder.due_ts <= now)
        .group_by(Reminder.booking_id)
    )
    return dict(iter(rows))
