"""
Bookings: book, confirm, decline, cancel, reschedule, mark as a no-show.

Two bookings of a host never overlap. Whoever takes a time locks the host, asks again
whether it is on offer, and writes; behind that the database itself refuses.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from calendo.core.instants import Instant
from calendo.core.intervals import Interval
from calendo.core.searching import search_key
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING, CANCELLED, CONFIRMED, DECLINED, PENDING, Booking, EventType, User
from calendo.errors import BookingState, NotFound, SlotUnavailable, TooManyBookings
from calendo.ops import history, outbox, reminders, slots
from calendo.ops.history import Action, Actor
from calendo.ops.locks import lock_host
from calendo.ops.outbox import Topic
from calendo.ops.questions import check_answers

#: So many that were not answered in time are declined in one transaction.
LAPSE_BATCH = 100


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """
    What an invitee asks for. ``timezone`` is the invitee's, ``answers`` is keyed by question id.
    """

    start_ts: Instant
    name: str
    email: str
    timezone: str = "UTC"
    locale: str | None = None
    notes: str | None = None
    answers: dict[str, Any] = field(default_factory=dict)


def book(tx: Tx, event_type: EventType, request: BookingRequest, now: Instant) -> Booking:
    """
    Book a slot of an active event type; where the host has to confirm it is pending.

    Raises ``SlotUnavailable`` when the time is not on offer, ``TooManyBookings`` when the
    invitee has as many to come as the host allows, and ``InvalidInput`` when the questions
    are not answered as they should be.
    """
    answers = check_answers(event_type.questions, request.answers)
    lock_host(tx, event_type.host_id)
    rule = slots.rule_if_offered(tx, event_type.id, request.start_ts, now)
    if rule is None:
        raise SlotUnavailable
    _check_number(tx, event_type.host_id, request.email, now)
    start_ts, end_ts = rule.meeting(request.start_ts)
    blocked_start_ts, blocked_end_ts = rule.blocked(request.start_ts)
    booking = Booking(
        uid=str(uuid4()),
        host_id=event_type.host_id,
        event_type=event_type,
        start_ts=start_ts,
        end_ts=end_ts,
        blocked_start_ts=blocked_start_ts,
        blocked_end_ts=blocked_end_ts,
        status=PENDING if event_type.requires_confirmation else CONFIRMED,
        invitee_name=request.name,
        invitee_email=request.email,
        invitee_key=request.email.casefold(),
        invitee_search=search_key(f"{request.name} {request.email}"),
        timezone=request.timezone,
        locale=request.locale,
        notes=request.notes,
        answers=answers,
        created_ts=now,
        updated_ts=now,
    )
    tx.add(booking)
    try:
        tx.flush()
    except IntegrityError:
        raise SlotUnavailable from None
    if booking.status == PENDING:
        _tell(tx, booking, Topic.BOOKING_REQUESTED, Action.REQUESTED, Actor.INVITEE, now)
    else:
        _tell(tx, booking, Topic.BOOKING_CREATED, Action.BOOKED, Actor.INVITEE, now)
    return booking


def confirm(tx: Tx, host_id: int, booking_id: int, now: Instant, reason: str | None = None) -> Booking:
    """
    Confirm a pending booking whose time has not come yet.
    """
    booking = get_booking(tx, host_id, booking_id)
    if booking.status == PENDING and booking.start_ts <= now:
        raise BookingState("The time of this booking has passed, so it can no longer be confirmed.")
    _swap(tx, booking, (PENDING,), now, status=CONFIRMED, reason=reason)
    _tell(tx, booking, Topic.BOOKING_CREATED, Action.CONFIRMED, Actor.HOST, now, reason)
    return booking


def decline(
    tx: Tx, host_id: int, booking_id: int, now: Instant, reason: str | None = None, *, by: Actor = Actor.HOST
) -> Booking:
    """
    Decline a pending booking; its time is free again.
    """
    booking = get_booking(tx, host_id, booking_id)
    _swap(tx, booking, (PENDING,), now, status=DECLINED, reason=reason)
    _tell(tx, booking, Topic.BOOKING_DECLINED, Action.DECLINED, by, now, reason)
    return booking


def lapse(tx: Tx, now: Instant) -> int:
    """
    Decline, as the system, pending bookings whose time has come; return how many rows that took.
    """
    overdue = tx.execute(
        select(Booking.host_id, Booking.id)
        .where(Booking.status == PENDING, Booking.start_ts <= now)
        .order_by(Booking.start_ts)
        .limit(LAPSE_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for host_id, booking_id in overdue:
        decline(tx, host_id, booking_id, now, by=Actor.SYSTEM)
    return len(overdue)


def cancel(
    tx: Tx, host_id: int, booking_id: int, now: Instant, reason: str | None = None, *, by: Actor = Actor.HOST
) -> Booking:
    """
    Cancel a pending or confirmed booking; its time is free again.
    """
    booking = get_booking(tx, host_id, booking_id)
    _swap(tx, booking, BLOCKING, now, status=CANCELLED, reason=reason)
    _tell(tx, booking, Topic.BOOKING_CANCELLED, Action.CANCELLED, by, now, reason)
    return booking


def mark_no_show(tx: Tx, host_id: int, booking_id: int, now: Instant) -> Booking:
    """
    Note that the invitee of a confirmed booking did not come. Doing it again changes nothing.
    """
    booking = get_booking(tx, host_id, booking_id)
    if booking.status != CONFIRMED:
        raise _forbidden(booking)
    if now < booking.start_ts:
        raise BookingState("The time of this booking has not come yet, so nobody can have missed it.")
    if not booking.is_no_show:
        booking.is_no_show = True
        booking.updated_ts = now
        history.record(tx, booking, Action.NO_SHOW, Actor.HOST, now)
        tx.flush()
    return booking


def reschedule(
    tx: Tx,
    host_id: int,
    booking_id: int,
    start_ts: Instant,
    now: Instant,
    reason: str | None = None,
    *,
    by: Actor = Actor.HOST,
) -> Booking:
    """
    Move a pending or confirmed booking to another slot of its event type.

    It keeps ``uid`` and status, and takes the duration and buffers that the event
    type has now. To where it is already it moves without a word. Raises
    ``SlotUnavailable``.
    """
    lock_host(tx, host_id)
    booking = get_booking(tx, host_id, booking_id)
    if booking.status not in BLOCKING:
        raise _forbidden(booking)
    if start_ts == booking.start_ts:
        return booking
    former = (booking.start_ts, booking.end_ts)
    rule = slots.rule_if_offered(
        tx, booking.event_type_id, start_ts, now, without=(booking.blocked_start_ts, booking.blocked_end_ts)
    )
    if rule is None:
        raise SlotUnavailable
    (new_start, new_end), (blocked_start, blocked_end) = rule.meeting(start_ts), rule.blocked(start_ts)
    times = {
        "start_ts": new_start,
        "end_ts": new_end,
        "blocked_start_ts": blocked_start,
        "blocked_end_ts": blocked_end,
    }
    try:
        _swap(tx, booking, BLOCKING, now, reason=reason, **times)
    except IntegrityError:
        raise SlotUnavailable from None
    _tell(tx, booking, Topic.BOOKING_RESCHEDULED, Action.RESCHEDULED, by, now, reason, former)
    return booking


def get_booking(tx: Tx, host_id: int, booking_id: int) -> Booking:
    """
    Return one of a host's bookings, its event type loaded.
    """
    booking = tx.scalar(_with_type().where(Booking.id == booking_id, Booking.host_id == host_id))
    if booking is None:
        raise NotFound("There is no booking with this id.")
    return booking


def find_by_uid(tx: Tx, uid: str) -> Booking | None:
    """
    Return the booking with this uid, whoever's it is, its event type loaded.
    """
    return tx.scalar(_with_type().where(Booking.uid == uid))


def get_by_uid(tx: Tx, uid: str) -> Booking:
    """
    Like ``find_by_uid``, for a booking that has to be there.
    """
    booking = find_by_uid(tx, uid)
    if booking is None:
        raise NotFound("There is no such booking.")
    return booking


def _check_number(tx: Tx, host_id: int, email: str, now: Instant) -> None:
    """
    Raise ``TooManyBookings`` if this address has no booking left with this host, who is locked.
    """
    coming = tx.scalar(
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.host_id == host_id,
            Booking.invitee_key == email.casefold(),
            Booking.start_ts > now,
            Booking.status.in_(BLOCKING),
        )
    )
    if (coming or 0) >= tx.get_one(User, host_id).max_bookings_per_invitee:
        raise TooManyBookings


def _tell(
    tx: Tx,
    booking: Booking,
    topic: Topic,
    action: Action,
    by: Actor,
    now: Instant,
    reason: str | None = None,
    former: Interval | None = None,
) -> None:
    """
    Write down what was done to a booking, for everybody whom it concerns.
    """
    history.record(
        tx, booking, action, by, now, reason=reason, former_start_ts=None if former is None else former[0]
    )
    outbox.emit(tx, topic, booking, now, by=by, reason=reason, former=former)
    reminders.plan(tx, booking, now)


def _with_type() -> Select[Booking]:
    return select(Booking).join(Booking.event_type).options(contains_eager(Booking.event_type))


def _swap(tx: Tx, booking: Booking, allowed: tuple[str, ...], now: Instant, **values: Any) -> None:
    """
    Compare and swap: change the booking if its status is still one of ``allowed``.
    """
    swapped = tx.execute(
        update(Booking)
        .where(Booking.id == booking.id, Booking.status.in_(allowed))
        .values(updated_ts=now, sequence=Booking.sequence + 1, **values)
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    ).first()
    # Read again as a whole: while this waited for its turn another transaction may
    # have moved the booking, and the message has to tell the time it has now.
    again = _with_type().where(Booking.id == booking.id)
    tx.scalars(again.execution_options(populate_existing=True)).one()
    if swapped is None:
        raise _forbidden(booking)


def _forbidden(booking: Booking) -> BookingState:
    return BookingState(f"This booking is {booking.status}, which does not allow this.")
