"""
Why a time is not on offer, for the host: loads what decides, and puts the reasons into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from calendo.core import explanations
from calendo.core.explanations import Reason, Stretch, Taken, Why
from calendo.core.instants import Instant, midnight, to_datetime
from calendo.core.intervals import Interval
from calendo.core.slots import SlotRule
from calendo.db.engine import Tx, query_in
from calendo.db.models import BLOCKING, Booking, BookingPage, EventType
from calendo.errors import NotFound
from calendo.ops import slots

_WORDS = {
    Why.SWITCHED_OFF: "The event type is switched off.",
    Why.PAST: "This time is over.",
    Why.MINIMUM_NOTICE: "Too soon: bookings are made at least {notice} ahead.",
    Why.BOOKING_WINDOW: "Too far ahead: bookings are made at most {days} ahead.",
    Why.TOO_SHORT: "Too short: not all of the {length} from here on are open.",
    Why.BOOKED: "Booked by {invitee}, {start} to {end}.",
    Why.BUFFER: "Within the buffers around the meeting with {invitee}, {start} to {end}.",
    Why.OUTSIDE_HOURS: "Outside of the schedule's hours.",
    Why.CLOSED_BY_OVERRIDE: "Closed on this date by an override.",
    Why.OUTSIDE_OVERRIDE: "Outside of the hours that an override gives this date.",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    A day of an event type: its candidates and gaps, and the bookings that reasons speak of.

    ``zone`` is the one whose day it is, ``host_zone`` that of the schedule. ``bookable`` is
    when a meeting may start by minimum notice and booking window.
    """

    event_type: EventType
    rule: SlotRule
    day: date
    zone: ZoneInfo
    host_zone: ZoneInfo
    bookable: Interval
    stretches: list[Stretch]
    bookings: Mapping[int, Booking]


def explain(tx: Tx, event_type: EventType, day: date, zone: ZoneInfo | None, now: Instant) -> Explanation:
    """
    Explain a day as a clock in ``zone`` has it, or one where the host lives.
    """
    offer = slots.get_offer(query_in(tx), event_type.id)
    host_zone = offer.schedule.zone
    zone = zone or host_zone
    asked = (midnight(day, zone), midnight(day + timedelta(days=1), zone))
    touched = offer.rule.touches(asked)
    rows = tx.scalars(
        select(Booking)
        .where(
            Booking.host_id == event_type.host_id,
            Booking.status.in_(BLOCKING),
            Booking.blocked_start_ts < touched[1],
            Booking.blocked_end_ts > touched[0],
        )
        .order_by(Booking.blocked_start_ts)
    ).all()
    taken = [
        Taken(row.id, (row.start_ts, row.end_ts), (row.blocked_start_ts, row.blocked_end_ts)) for row in rows
    ]
    return Explanation(
        event_type=event_type,
        rule=offer.rule,
        day=day,
        zone=zone,
        host_zone=host_zone,
        bookable=offer.rule.bookable(host_zone, now),
        stretches=explanations.explain(
            offer.rule, offer.schedule, taken, asked, now, is_active=event_type.is_active
        ),
        bookings={row.id: row for row in rows},
    )


def get_type_at(tx: Tx, page_slug: str, event_slug: str, *, host_id: int | None = None) -> EventType:
    """
    Return the event type at an address, on or off; with ``host_id`` only if it is that host's.
    """
    query = (
        select(EventType)
        .join(BookingPage, BookingPage.host_id == EventType.host_id)
        .where(BookingPage.slug == page_slug, EventType.slug == event_slug)
    )
    if host_id is not None:
        query = query.where(EventType.host_id == host_id)
    event_type = tx.scalar(query)
    if event_type is None:
        raise NotFound("There is no event type at this address.")
    return event_type


def put_into_words(explanation: Explanation, reason: Reason) -> str:
    """
    Say a reason in an English sentence, with times on the clock of the day that was asked about.
    """
    rule = explanation.rule
    booking = explanation.bookings.get(reason.booking_id or 0)
    named = {}
    if booking is not None:
        named = {
            "invitee": booking.invitee_name,
            "start": clock_label(explanation, booking.start_ts),
            "end": clock_label(explanation, booking.end_ts),
        }
    return _WORDS[reason.why].format(
        notice=_count(rule.min_notice_hours, "hour"),
        days=_count(rule.max_future_days, "day"),
        length=_count(rule.duration_minutes, "minute"),
        **named,
    )


def clock_label(explanation: Explanation, instant: Instant) -> str:
    """
    Write a time of the explained day: ``09:30``, its end as ``24:00``, and before others their date.
    """
    if instant == midnight(explanation.day + timedelta(days=1), explanation.zone):
        return "24:00"
    shown = to_datetime(instant, explanation.zone)
    return f"{shown:%H:%M}" if shown.date() == explanation.day else f"{shown:%Y-%m-%d %H:%M}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
