"""
What is on offer: loads an event type, its schedule and its host's blocked times.

This is the hot path, so it reads with two hand-tuned statements and hands plain
tuples to the core. Booking a slot asks the same functions inside its transaction.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import orjson

from calendo.core import slots
from calendo.core.availability import Schedule
from calendo.core.instants import Instant, midnight
from calendo.core.intervals import Interval, intersect
from calendo.core.slots import SlotRule
from calendo.db.engine import Query, Row, Statement, Tx, query_in
from calendo.db.models import Booking
from calendo.errors import NotFound
from calendo.ops import schedules

_OFFER = """
    SELECT e.host_id, e.duration_minutes, e.slot_interval, e.buffer_before, e.buffer_after,
        e.min_notice_hours, e.max_future_days, s.timezone, s.rules, s.overrides
    FROM event_types e
    JOIN availability_schedules s ON s.host_id = e.host_id
        AND (s.id = e.schedule_id OR (e.schedule_id IS NULL AND s.is_default))
"""
_OFFER_BY_ADDRESS = Statement(
    f"{_OFFER} JOIN booking_pages p ON p.host_id = e.host_id"
    " WHERE p.slug = :page_slug AND e.slug = :event_slug AND e.is_active"
)
_OFFER_BY_ID = Statement(f"{_OFFER} WHERE e.id = :event_type_id")

# A host's blocked times do not overlap, so besides those that begin within the
# time in question only the last one before it can reach in. They come as two JSON
# lists, since a driver takes twice as long to make a thousand rows.
_BLOCKED = Statement(
    """
    SELECT {starts}, {ends}
    FROM bookings
    WHERE host_id = :host_id AND status IN ('pending', 'confirmed')
        AND blocked_start_ts < :end
        AND blocked_start_ts >= COALESCE((
            SELECT MAX(blocked_start_ts)
            FROM bookings
            WHERE host_id = :host_id AND status IN ('pending', 'confirmed')
                AND blocked_start_ts <= :start
        ), :start)
    """,
    starts=("json_group_array(blocked_start_ts)", "COALESCE(CAST(json_agg(blocked_start_ts) AS text), '[]')"),
    ends=("json_group_array(blocked_end_ts)", "COALESCE(CAST(json_agg(blocked_end_ts) AS text), '[]')"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """
    What decides about an event type's slots, apart from the blocked times.
    """

    host_id: int
    rule: SlotRule
    schedule: Schedule

    @classmethod
    def of(cls, row: Row) -> "Offer":
        """
        Read a row of the statements above.
        """
        return cls(row[0], SlotRule(*row[1:7]), schedules.parsed(*row[7:]))


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What an event type would ask of its slots. ``schedule_id`` None follows the default schedule.
    """

    rule: SlotRule
    schedule_id: int | None = None


def look_up(
    query: Query, page_slug: str, event_slug: str, dates: tuple[date, date], zone: ZoneInfo, now: Instant
) -> list[Instant]:
    """
    List the starts on the dates from the first to the last, as ``zone`` has them.

    Raises ``NotFound`` for an address without an active event type.
    """
    rows = query(_OFFER_BY_ADDRESS, {"page_slug": page_slug, "event_slug": event_slug})
    if not rows:
        raise NotFound("There is no event type to book at this address.")
    asked = (midnight(dates[0], zone), midnight(dates[1] + timedelta(days=1), zone))
    return _offered(query, Offer.of(rows[0]), asked, now)


def preview(
    tx: Tx, host_id: int, draft: Draft, dates: tuple[date, date], zone: ZoneInfo, now: Instant
) -> list[Instant]:
    """
    List the starts that an event type would offer that is not kept yet, or not like this.

    Raises ``NotFound`` for a schedule that is none of the host's.
    """
    schedule_id = draft.schedule_id
    schedule = (
        next(row for row in schedules.list_schedules(tx, host_id) if row.is_default)
        if schedule_id is None
        else schedules.get_schedule(tx, host_id, schedule_id)
    )
    parsed = schedules.parsed(schedule.timezone, schedule.rules, schedule.overrides)
    asked = (midnight(dates[0], zone), midnight(dates[1] + timedelta(days=1), zone))
    return _offered(query_in(tx), Offer(host_id, draft.rule, parsed), asked, now)


def get_offer(query: Query, event_type_id: int) -> Offer:
    """
    Return what decides about the slots of an event type, be it on or off.
    """
    rows = query(_OFFER_BY_ID, {"event_type_id": event_type_id})
    if not rows:
        # Its host closed the account while this one waited for its turn.
        raise NotFound("There is no event type to book at this address.")
    return Offer.of(rows[0])


def list_moves(
    tx: Tx, booking: Booking, dates: tuple[date, date], zone: ZoneInfo, now: Instant
) -> list[Instant]:
    """
    List the starts that a booking can move to on the dates from the first to the last, as ``zone`` has them.

    Its own blocked time does not count, and where it is already is not among them.
    """
    query = query_in(tx)
    offer = get_offer(query, booking.event_type_id)
    asked = (midnight(dates[0], zone), midnight(dates[1] + timedelta(days=1), zone))
    own = (booking.blocked_start_ts, booking.blocked_end_ts)
    return [start for start in _offered(query, offer, asked, now, own) if start != booking.start_ts]


def rule_if_offered(
    tx: Tx, event_type_id: int, start: Instant, now: Instant, *, without: Interval | None = None
) -> SlotRule | None:
    """
    Return the rule by which a meeting can be booked at ``start``, or None if it cannot.

    The host must be locked. ``without`` is a blocked time that does not count, since its
    booking is the one that moves.
    """
    query = query_in(tx)
    offer = get_offer(query, event_type_id)
    starts = _offered(query, offer, (start, start + 1), now, without)
    return offer.rule if start in starts else None


def _offered(
    query: Query, offer: Offer, asked: Interval, now: Instant, without: Interval | None = None
) -> list[Instant]:
    bookable = intersect(asked, offer.rule.bookable(offer.schedule.zone, now))
    if bookable is None:
        return []
    start, end = offer.rule.touches(bookable)
    lists = query(_BLOCKED, {"host_id": offer.host_id, "start": start, "end": end})[0]
    blocked = _paired(*lists)
    if without is not None:
        blocked = [interval for interval in blocked if interval != without]
    return slots.offered(offer.rule, offer.schedule, blocked, bookable, now)


@lru_cache(maxsize=16)
def _paired(starts: str, ends: str) -> list[Interval]:
    """
    Make intervals of two JSON lists. What it returns is shared: do not change it.

    As the intervals do not overlap, the n-th to start is the n-th to end. Where
    nobody has booked since, the database says the same as before, to the letter,
    and need not be parsed anew.
    """
    return list(zip(sorted(orjson.loads(starts)), sorted(orjson.loads(ends)), strict=True))
