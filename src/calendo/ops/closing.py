"""
Closing an account: invitees are told, and everything of the host goes.

What is still to be sent to invitees has to outlast its host. So of the account an empty row
stays behind, with those messages, until they are sent; see docs/decisions/0026.
"""

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import (
    BLOCKING,
    SENDING,
    WAITING,
    ApiKey,
    AvailabilitySchedule,
    Avatar,
    Booking,
    BookingPage,
    Delivery,
    EventType,
    LoginSession,
    Message,
    PasswordReset,
    User,
    WebhookEndpoint,
)
from calendo.errors import WrongCredentials
from calendo.ops import bookings
from calendo.ops.locks import lock_host
from calendo.ops.outbox import INVITEE, Notice

#: So many closed accounts are forgotten in one transaction.
BATCH = 100
#: No password has this hash.
_NO_HASH = "closed"
_OPEN = (WAITING, SENDING)
# In this order, for what refers to others goes before them. Endpoints come first, as with
# everybody who writes to them and to deliveries.
_OWNED: tuple[InstrumentedAttribute[int], ...] = (
    WebhookEndpoint.host_id,
    LoginSession.user_id,
    ApiKey.user_id,
    PasswordReset.user_id,
    Avatar.host_id,
    Booking.host_id,
    EventType.host_id,
    AvailabilitySchedule.host_id,
    BookingPage.host_id,
)


def close(tx: Tx, user_id: int, now: Instant, *, password_hash: str) -> int:
    """
    Cancel a host's bookings to come, then delete the account; return how many were cancelled.

    ``password_hash`` is the one that was just verified: should the password have been
    changed meanwhile, this raises ``WrongCredentials``.
    """
    lock_host(tx, user_id)
    tx.expire_all()
    user = tx.get(User, user_id)
    if user is None or user.password_hash != password_hash:
        raise WrongCredentials
    cancelled = _cancel_all(tx, user_id, now)
    _keep_what_invitees_wait_for(tx, user_id)
    for owner in _OWNED:
        tx.execute(delete(owner.class_).where(owner == user_id))
    _empty(user, now)
    tx.flush()
    # What was loaded of the host is gone.
    tx.expire_all()
    return cancelled


def forget(tx: Tx, now: Instant) -> int:  # noqa: ARG001 - as all chores have it
    """
    Delete what is left of closed accounts that nobody waits to hear from; return how many those are.
    """
    waiting = exists().where(
        Message.host_id == User.id, Delivery.message_id == Message.id, Delivery.status.in_(_OPEN)
    )
    done = select(User.id).where(User.closed_ts.is_not(None), ~waiting).order_by(User.closed_ts).limit(BATCH)
    ids = tx.scalars(done).all()
    tx.execute(delete(User).where(User.id.in_(ids)))
    return len(ids)


def _cancel_all(tx: Tx, host_id: int, now: Instant) -> int:
    ids = tx.scalars(
        select(Booking.id)
        .where(Booking.host_id == host_id, Booking.status.in_(BLOCKING), Booking.start_ts > now)
        .order_by(Booking.start_ts)
    ).all()
    for booking_id in ids:
        bookings.cancel(tx, host_id, booking_id, now)
    return len(ids)


def _keep_what_invitees_wait_for(tx: Tx, host_id: int) -> None:
    """
    Delete all messages but those on their way to an invitee, and part these from their bookings.
    """
    tx.flush()
    on_their_way = exists().where(
        Delivery.message_id == Message.id, Delivery.recipient == INVITEE, Delivery.status.in_(_OPEN)
    )
    of_host = Message.host_id == host_id
    # Nobody has to be reminded of what is cancelled.
    is_over = or_(~on_their_way, Message.topic == Notice.BOOKING_REMINDER)
    tx.execute(delete(Message).where(of_host, is_over))
    rest = select(Message.id).where(of_host)
    tx.execute(
        delete(Delivery).where(Delivery.message_id.in_(rest), Delivery.recipient.is_distinct_from(INVITEE))
    )
    # With the booking would go the message.
    tx.execute(update(Message).where(of_host).values(booking_id=None))


def _empty(user: User, now: Instant) -> None:
    user.email = ""
    # Free to sign up again, and still one of its kind.
    user.email_key = f"closed:{user.uid}"
    user.password_hash = _NO_HASH
    user.name = ""
    user.timezone = "UTC"
    user.locale = None
    user.avatar_hash = None
    user.closed_ts = now
