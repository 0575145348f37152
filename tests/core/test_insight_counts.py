"""
Bookings are counted on a clock, and every way of grouping them has them all.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calendo.core.insights import Counts, Tally, group
from calendo.core.instants import MINUTE, get_zone, midnight
from core.reckoning import AWKWARD_ZONES, moment

NEW_YORK = get_zone("America/New_York")


def tally(at: str, zone: str = "America/New_York", event_type: int = 1, **counts: int) -> Tally:
    return Tally(moment(at, get_zone(zone)), event_type, Counts(**(counts or {"bookings": 1})))


def test_days_and_weeks_are_all_there() -> None:
    """
    Dates without a booking are there too, and weeks begin on Mondays, which may lie before the range.
    """
    found = group([tally("2026-03-05 09:00")], date(2026, 3, 4), date(2026, 3, 9), NEW_YORK)

    assert [date(2026, 3, day) for day in range(4, 10)] == list(found.by_day)
    assert [0, 1, 0, 0, 0, 0] == [counts.bookings for counts in found.by_day.values()]
    assert {date(2026, 3, 2): 1, date(2026, 3, 9): 0} == {
        day: counts.bookings for day, counts in found.by_week.items()
    }
    assert list(range(24)) == list(found.by_hour)
    assert list(range(7)) == list(found.by_weekday)
    assert Counts(bookings=1) == found.by_weekday[4] == found.by_hour[9]


def test_each_kind_is_counted_for_itself() -> None:
    """
    What was cancelled is no booking that stands, and a no-show is one.
    """
    rows = [
        tally("2026-03-02 09:00", event_type=1, bookings=3, no_shows=1),
        tally("2026-03-02 09:15", event_type=2, cancelled=2),
        tally("2026-03-02 10:00", event_type=1, declined=1, bookings=1),
    ]
    found = group(rows, date(2026, 3, 2), date(2026, 3, 2), NEW_YORK)

    assert Counts(bookings=4, cancelled=2, declined=1, no_shows=1) == found.total
    assert {1: Counts(4, 0, 1, 1), 2: Counts(0, 2, 0, 0)} == found.by_event_type
    assert Counts(3, 2, 0, 1) == found.by_hour[9]


def test_a_date_is_what_the_calendar_shows_there() -> None:
    """
    Late in the evening in New York it is the next day already in Tokyo.
    """
    row = tally("2026-03-02 20:00")
    here = group([row], date(2026, 3, 2), date(2026, 3, 3), NEW_YORK)
    there = group([row], date(2026, 3, 2), date(2026, 3, 3), get_zone("Asia/Tokyo"))

    assert (1, 0) == tuple(counts.bookings for counts in here.by_day.values())
    assert (0, 1) == tuple(counts.bookings for counts in there.by_day.values())


def test_the_hour_that_comes_twice_has_both() -> None:
    """
    On the day the clocks go back one o'clock is counted for two hours, and the date for 25.
    """
    first = midnight(date(2026, 11, 1), NEW_YORK)
    rows = [Tally(first + hour * 3600, 1, Counts(bookings=1)) for hour in range(25)]
    found = group(rows, date(2026, 11, 1), date(2026, 11, 1), NEW_YORK)

    assert Counts(bookings=25) == found.by_day[date(2026, 11, 1)]
    assert [1, 2] + [1] * 22 == [counts.bookings for counts in found.by_hour.values()]


@given(
    zone=st.sampled_from(AWKWARD_ZONES),
    first_on=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    days=st.integers(1, 40),
    quarters=st.lists(st.tuples(st.integers(0, 40 * 96), st.integers(1, 3)), max_size=30),
)
def test_every_grouping_has_every_booking(
    zone: str, first_on: date, days: int, quarters: list[tuple[int, int]]
) -> None:
    """
    Whatever clock it is, sums agree with the total, and days and hours with the calendar.
    """
    there, last_on = get_zone(zone), first_on + timedelta(days=days - 1)
    low, high = midnight(first_on, there), midnight(last_on + timedelta(days=1), there)
    rows = [
        Tally(start, event_type, Counts(bookings=1))
        for quarter, event_type in quarters
        if (start := low - low % 900 + 900 + quarter * 15 * MINUTE) < high
    ]
    found = group(rows, first_on, last_on, there)
    shown = [datetime.fromtimestamp(row.start_ts, UTC).astimezone(there) for row in rows]

    for grouped in (found.by_day, found.by_week, found.by_event_type, found.by_hour, found.by_weekday):
        assert len(rows) == sum(counts.bookings for counts in grouped.values())
    assert Counter(moment.date() for moment in shown) == Counter(
        {day: counts.bookings for day, counts in found.by_day.items() if counts.bookings}
    )
    assert Counter(moment.hour for moment in shown) == Counter(
        {hour: counts.bookings for hour, counts in found.by_hour.items() if counts.bookings}
    )
