"""
Coming clock changes that move a host's hours for invitees elsewhere.
"""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from calendo.core.clock_changes import ClockChange, coming_changes
from calendo.core.instants import Instant, get_zone, local_date, zone_names
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING, Booking
from calendo.ops import schedules

#: Half a year, in which every zone that changes its clocks does so once.
LOOK_AHEAD_DAYS = 190
#: Without a zone that is asked about: those of the most invitees to come.
MAX_ZONES = 5
_NINE = 9 * 60


def list_coming(
    tx: Tx, host_id: int, schedule_id: int, zone: ZoneInfo | None, now: Instant
) -> list[tuple[ZoneInfo, ClockChange]]:
    """
    List what changes between a schedule's zone and another one in the next months, earliest first.

    Without a ``zone`` it is those of the invitees with whom the host has bookings to come. The
    time of day that is told is the earliest at which a weekly rule opens.
    """
    schedule = schedules.get_schedule(tx, host_id, schedule_id)
    parsed = schedules.parsed(schedule.timezone, schedule.rules, schedule.overrides)
    hours, minutes = divmod(min(parsed.opening_minutes(), default=_NINE), 60)
    first_on = local_date(now, parsed.zone)
    zones = _invitee_zones(tx, host_id, now) if zone is None else [zone]
    found = [
        (other, change)
        for other in zones
        for change in coming_changes(
            parsed.zone, other, time(hours, minutes), first_on, first_on + timedelta(days=LOOK_AHEAD_DAYS)
        )
    ]
    return sorted(found, key=lambda each: (each[1].on, each[0].key))


def _invitee_zones(tx: Tx, host_id: int, now: Instant) -> list[ZoneInfo]:
    rows = tx.scalars(
        select(Booking.timezone)
        .where(Booking.host_id == host_id, Booking.start_ts > now, Booking.status.in_(BLOCKING))
        .group_by(Booking.timezone)
        .order_by(func.count().desc(), Booking.timezone)
        .limit(MAX_ZONES)
    )
    # One that a newer tzdata no longer has is nothing to warn about.
    return [get_zone(name) for name in rows if name in zone_names()]
