"""
Bookings, counted: by day and week, by event type, by hour and weekday, on somebody's clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from calendo.core.instants import Instant, dates_between, to_datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How many bookings stand, were cancelled and declined; ``no_shows`` are among those that stand.
    """

    bookings: int = 0
    cancelled: int = 0
    declined: int = 0
    no_shows: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.bookings + other.bookings,
            self.cancelled + other.cancelled,
            self.declined + other.declined,
            self.no_shows + other.no_shows,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """
    The bookings of one event type that start at, or within minutes of, an instant.
    """

    start_ts: Instant
    event_type_id: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Insights:
    """
    The same bookings, grouped in several ways.

    ``by_day`` has every date of the range and ``by_week`` the Monday of each week that
    has one; ``by_hour`` has 0 to 23 and ``by_weekday`` 0 = Sunday to 6. ``by_event_type``
    has those that were booked.
    """

    total: Counts
    by_day: dict[date, Counts]
    by_week: dict[date, Counts]
    by_event_type: dict[int, Counts]
    by_hour: dict[int, Counts]
    by_weekday: dict[int, Counts]


def group(tallies: Iterable[Tally], first_on: date, last_on: date, zone: ZoneInfo) -> Insights:
    """
    Group what starts on the dates from ``first_on`` to ``last_on``, as clocks in ``zone`` have it.
    """
    none, tallies = Counts(), list(tallies)
    days = list(dates_between(first_on, last_on))
    found = Insights(
        total=sum((tally.counts for tally in tallies), none),
        by_day=dict.fromkeys(days, none),
        by_week=dict.fromkeys((_monday_before(day) for day in days), none),
        by_event_type={tally.event_type_id: none for tally in tallies},
        by_hour=dict.fromkeys(range(24), none),
        by_weekday=dict.fromkeys(range(7), none),
    )
    for tally in tallies:
        shown = to_datetime(tally.start_ts, zone)
        day = shown.date()
        found.by_day[day] += tally.counts
        found.by_week[_monday_before(day)] += tally.counts
        found.by_event_type[tally.event_type_id] += tally.counts
        found.by_hour[shown.hour] += tally.counts
        found.by_weekday[day.isoweekday() % 7] += tally.counts
    return found


def _monday_before(day: date) -> date:
    return day - timedelta(days=day.weekday())
