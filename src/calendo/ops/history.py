"""
A booking's history: who did what, when and why.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import exists, select

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import Booking, BookingChange


class Actor(StrEnum):
    """
    Who can do something to a booking; the system declines what nobody answered in time.
    """

    HOST = "host"
    INVITEE = "invitee"
    SYSTEM = "system"


class Action(StrEnum):
    """
    What can be done to a booking.
    """

    BOOKED = "booked"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


def record(
    tx: Tx,
    booking: Booking,
    action: Action,
    by: Actor,
    now: Instant,
    *,
    reason: str | None = None,
    former_start_ts: Instant | None = None,
) -> None:
    """
    Write a line; ``booking`` is as it is after the change.
    """
    tx.add(
        BookingChange(
            booking_id=booking.id,
            action=action.value,
            actor=by.value,
            start_ts=booking.start_ts,
            former_start_ts=former_start_ts,
            reason=reason,
            created_ts=now,
        )
    )


def list_changes(tx: Tx, booking: Booking) -> Sequence[BookingChange]:
    """
    List what was done to a booking, oldest first.
    """
    return tx.scalars(
        select(BookingChange).where(BookingChange.booking_id == booking.id).order_by(BookingChange.id)
    ).all()


def was_confirmed(tx: Tx, booking: Booking) -> bool:
    """
    Say whether a booking is, or ever was, confirmed.
    """
    confirmed = exists().where(
        BookingChange.booking_id == booking.id, BookingChange.action.in_((Action.BOOKED, Action.CONFIRMED))
    )
    return bool(tx.scalar(select(confirmed)))
