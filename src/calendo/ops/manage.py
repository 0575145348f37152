"""
Links that act: an invitee moves or cancels a booking, a host decides about one, by a token alone.

What a link allows is decided with the host locked, so that nobody moves the booking
between the look and the act.
"""

from dataclasses import dataclass
from typing import Self

from calendo.core.instants import HOUR, Instant, written
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING, Booking, BookingPage
from calendo.errors import NotFound, SlotUnavailable, TooLate
from calendo.integrations.links import Links, Purpose, uid_in
from calendo.ops import booking_pages, bookings
from calendo.ops.history import Actor
from calendo.ops.locks import lock_host


@dataclass(frozen=True, slots=True)
class Managed:
    """
    A booking and what its invitee can do about it at an instant.
    """

    booking: Booking
    page: BookingPage
    can_cancel: bool
    can_reschedule: bool

    @classmethod
    def at(cls, tx: Tx, booking: Booking, now: Instant) -> Self:
        """
        Look at a booking, its event type loaded.
        """
        is_open = booking.status in BLOCKING
        return cls(
            booking=booking,
            page=booking_pages.get_page(tx, booking.host_id),
            can_cancel=is_open and _in_time(booking, cancel_until(booking), now),
            can_reschedule=(
                is_open and booking.event_type.is_active and _in_time(booking, reschedule_until(booking), now)
            ),
        )


def get_by_token(tx: Tx, links: Links, purpose: Purpose, token: str) -> Booking:
    """
    Return the booking that a token is for, its event type loaded; ``NotFound`` for any other text.
    """
    uid = uid_in(token)
    booking = None if uid is None else bookings.find_by_uid(tx, uid)
    if booking is None or not links.fits(token, purpose, booking.uid, booking.link_counter):
        raise NotFound(
            "There is no booking under this link. Use the one in the latest e-mail about it,"
            " whole and unchanged."
        )
    return booking


def lock_by_token(tx: Tx, links: Links, purpose: Purpose, token: str) -> Booking:
    """
    Like ``get_by_token``, and hold off everybody else who decides about the host's time.
    """
    host_id = get_by_token(tx, links, purpose, token).host_id
    lock_host(tx, host_id)
    # While this waited for its turn the booking may have moved, or its links been replaced.
    tx.expire_all()
    return get_by_token(tx, links, purpose, token)


def cancel_until(booking: Booking) -> Instant:
    """
    Say until when the invitee may cancel: this instant included, unless it is the start.
    """
    return booking.start_ts - booking.event_type.cancel_notice_hours * HOUR


def reschedule_until(booking: Booking) -> Instant:
    """
    Say until when the invitee may move the booking, like ``cancel_until``.
    """
    return booking.start_ts - booking.event_type.reschedule_notice_hours * HOUR


def cancel(tx: Tx, booking: Booking, now: Instant, reason: str | None = None) -> Booking:
    """
    Cancel as the invitee what ``lock_by_token`` returned; raises ``TooLate`` and ``BookingState``.
    """
    _check_time(booking, cancel_until(booking), now, "cancel")
    return bookings.cancel(tx, booking.host_id, booking.id, now, reason, by=Actor.INVITEE)


def reschedule(
    tx: Tx, booking: Booking, start_ts: Instant, now: Instant, reason: str | None = None
) -> Booking:
    """
    Move as the invitee what ``lock_by_token`` returned.

    Raises ``TooLate``, ``BookingState``, and ``SlotUnavailable``, as everywhere for an
    event type that is switched off: it has no slots on offer to its invitees.
    """
    _check_time(booking, reschedule_until(booking), now, "move")
    if booking.status in BLOCKING and not booking.event_type.is_active:
        raise SlotUnavailable("This meeting is no longer on offer, so there are no times to move it to.")
    return bookings.reschedule(tx, booking.host_id, booking.id, start_ts, now, reason, by=Actor.INVITEE)


def _in_time(booking: Booking, until: Instant, now: Instant) -> bool:
    return now <= until and now < booking.start_ts


def _check_time(booking: Booking, until: Instant, now: Instant, verb: str) -> None:
    # Of one that is cancelled already its status is the better thing to say.
    if booking.status not in BLOCKING or _in_time(booking, until, now):
        return
    hours = (booking.start_ts - until) // HOUR
    notice = f"{hours} hour{'s' if hours > 1 else ''} before its start" if hours else "its start"
    raise TooLate(
        f"It is too late to {verb} this booking here: that was possible until"
        f" {written(until)} UTC, {notice}. Please get in touch with your host."
    )
