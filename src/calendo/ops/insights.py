"""
Insights: what became of a host's bookings, over time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, func, literal_column, select

from calendo.core import insights
from calendo.core.insights import Counts, Insights, Tally
from calendo.core.instants import MINUTE, midnight
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING, CANCELLED, DECLINED, Booking, EventType

#: Clocks differ by multiples of this, so what starts within it starts in one hour of one day.
_QUARTER = 15 * MINUTE


@dataclass(frozen=True, slots=True)
class HostInsights:
    """
    The counts, and what the event types in them are called.
    """

    counts: Insights
    event_type_names: Mapping[int, str]


def look(tx: Tx, host_id: int, first_on: date, last_on: date, zone: ZoneInfo) -> HostInsights:
    """
    Count the bookings that start on the dates from ``first_on`` to ``last_on``, as ``zone`` has them.

    The database adds up quarters of an hour, so what is read does not grow with a crowd.
    """
    # Written out: PostgreSQL takes two parameters for two things, even of one value.
    quarter = Booking.start_ts // literal_column(str(_QUARTER), BigInteger)
    rows = tx.execute(
        select(
            quarter,
            Booking.event_type_id,
            func.count().filter(Booking.status.in_(BLOCKING)),
            func.count().filter(Booking.status == CANCELLED),
            func.count().filter(Booking.status == DECLINED),
            func.count().filter(Booking.is_no_show, Booking.status.in_(BLOCKING)),
        )
        .where(
            Booking.host_id == host_id,
            Booking.start_ts >= midnight(first_on, zone),
            Booking.start_ts < midnight(last_on + timedelta(days=1), zone),
        )
        .group_by(quarter, Booking.event_type_id)
    ).all()
    tallies = [Tally(row[0] * _QUARTER, row[1], Counts(*row[2:])) for row in rows]
    names = select(EventType.id, EventType.name).where(
        EventType.host_id == host_id, EventType.id.in_({tally.event_type_id for tally in tallies})
    )
    return HostInsights(
        counts=insights.group(tallies, first_on, last_on, zone),
        event_type_names=dict(iter(tx.execute(names))),
    )
