"""
The fast way to find slots finds what counting minutes finds, in every zone that does something odd.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calendo.core import slots
from calendo.core.availability import Override, Rule, Schedule, Window
from calendo.core.instants import get_zone
from calendo.core.slots import SlotRule
from core.minute_by_minute import Case, Minutes, bookable_starts, clock
from core.reckoning import AWKWARD_ZONES

DAY = 86400
thoroughly = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _clock_changes(zone: str) -> list[date]:
    """
    List the dates of 2026 in whose course a clock in ``zone`` is set, or one that is like any other.
    """
    there = ZoneInfo(zone)
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(365 * 24)]
    changes = [
        hour.astimezone(there).date()
        for hour, following in pairwise(hours)
        if hour.astimezone(there).utcoffset() != following.astimezone(there).utcoffset()
    ]
    return changes or [date(2026, 6, 15)]


CHANGES = {zone: _clock_changes(zone) for zone in AWKWARD_ZONES}
PLACES = [(zone, day) for zone, days in CHANGES.items() for day in days]

# Windows that have hurt somebody: across midnight, in a gap, from gap to gap, almost a day and a day.
AWKWARD_WINDOWS = [
    (0, 1440),
    (0, 120),
    (60, 240),
    (75, 105),
    (135, 165),
    (150, 195),
    (150, 240),
    (540, 1020),
    (1320, 120),
    (1320, 1440),
    (1395, 1425),
    (1380, 0),
    (1425, 1410),
]
times_of_day = st.integers(0, 95).map(lambda quarter: quarter * 15) | st.integers(0, 1439)
lengths = st.integers(1, 95).map(lambda quarters: quarters * 15) | st.integers(1, 1439)
windows = st.sampled_from(AWKWARD_WINDOWS) | st.builds(
    lambda start, length: (start, (start + length) % 1440), times_of_day, lengths
)
weekdays = st.sampled_from(
    [*[(0, 1, 2, 3, 4, 5, 6)] * 3, (1, 2, 3, 4, 5, 6, 7), (7, 1, 2, 3, 4), (4, 5, 6, 0), (6, 0), (5, 6), (7,)]
)
rules = st.lists(st.tuples(weekdays, windows), min_size=1, max_size=3).map(tuple)
durations = st.sampled_from([15, 15, 20, 30, 30, 30, 45, 60, 60, 90, 480, 1440]) | st.integers(1, 90)
intervals = st.none() | st.sampled_from([5, 10, 15, 30, 60]) | st.integers(5, 120)
gaps = st.sampled_from([0, 10, 30, 60, 180, 600]) | st.integers(0, 900)
buffers = st.sampled_from([0, 0, 0, 5, 10, 15, 30, 60, 720])


@st.composite
def overrides(draw: st.DrawFn, around: date) -> tuple[date, date, Minutes | None]:
    """
    Draw an override of one to three dates near a date.
    """
    first = around + timedelta(days=draw(st.integers(-2, 3)))
    last = first + timedelta(days=draw(st.sampled_from([0, 0, 1, 2])))
    return first, last, draw(st.none() | windows)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """
    Draw a host and a question, near a day on which the clock is set.
    """
    zone, around = draw(st.sampled_from(PLACES))
    noon = int(datetime(around.year, around.month, around.day, 12, tzinfo=UTC).timestamp())
    low = noon + 3600 * draw(st.integers(-36, 6)) + draw(st.sampled_from([0, 0, 900, 7 * 60]))
    high = low + draw(st.sampled_from([1, 6 * 3600, DAY, DAY, DAY, *[2 * DAY] * 7]))
    soon = draw(st.booleans())
    blocked = []
    at = low - DAY
    for gap, length in draw(st.lists(st.tuples(gaps, durations), max_size=8)):
        # A calendar's appointment may well begin or end within a minute.
        start = at + gap * 60 + draw(st.sampled_from([0, 0, 0, 1, 59]))
        at = start + length * 60
        blocked.append((start, at))
    return Case(
        zone=zone,
        around=around,
        rules=draw(rules),
        overrides=tuple(draw(st.lists(overrides(around), max_size=3))),
        blocked=tuple(blocked),
        asked=(low, high),
        now=low - draw(st.integers(0, 3)) * DAY + draw(st.integers(-9000, 9000)) if soon else noon - 30 * DAY,
        duration=draw(durations),
        interval=draw(intervals),
        before=draw(buffers),
        after=draw(buffers),
        notice_hours=draw(st.sampled_from([0, 0, 1, 4, 24, 48])),
        future_days=draw(st.sampled_from([60, 4, 3, 2, 1, 0])) if soon else 60,
    )


def asked_of(case: Case) -> tuple[SlotRule, Schedule]:
    """
    Put a case into the product's words.
    """
    schedule = Schedule(
        get_zone(case.zone),
        [Rule(day, Window.between(*window)) for days, window in case.rules for day in days],
        [
            Override(first, last, None if window is None else Window.between(*window))
            for first, last, window in case.overrides
        ],
    )
    rule = SlotRule(
        duration_minutes=case.duration,
        slot_interval_minutes=case.interval,
        buffer_before_minutes=case.before,
        buffer_after_minutes=case.after,
        min_notice_hours=case.notice_hours,
        max_future_days=case.future_days,
    )
    return rule, schedule


def offered(case: Case) -> list[int]:
    """
    Ask the product.
    """
    return slots.offered(*asked_of(case), case.blocked, case.asked, case.now)


@settings(thoroughly, max_examples=2000)
@given(cases())
def test_counting_minutes_gives_the_same_slots(case: Case) -> None:
    """
    What is offered is what somebody would find who walks through every minute with a clock in hand.
    """
    assert bookable_starts(case) == offered(case)


@pytest.mark.parametrize(("zone", "around"), PLACES)
@pytest.mark.parametrize("window", AWKWARD_WINDOWS)
def test_counting_minutes_agrees_around_every_clock_change(zone: str, around: date, window: Minutes) -> None:
    """
    Whatever chance draws, each awkward window is tried on each awkward day.
    """
    noon = int(datetime(around.year, around.month, around.day, 12, tzinfo=UTC).timestamp())
    case = Case(
        zone=zone,
        around=around,
        rules=((tuple(range(7)), window),),
        overrides=(),
        blocked=((noon - 3600, noon + 1800),),
        asked=(noon - DAY - DAY // 2, noon + DAY + DAY // 2),
        now=noon - 30 * DAY,
        interval=15,
        before=10,
    )

    assert bookable_starts(case) == offered(case)


@settings(thoroughly, max_examples=400)
@given(cases(), st.data())
def test_the_grid_does_not_depend_on_the_range(case: Case, data: st.DataObject) -> None:
    """
    Asking for a part gives that part of the whole; so what is listed can be booked, and nothing else.
    """
    whole = offered(case)
    bounds = st.integers(*case.asked) | st.sampled_from([*whole, *case.asked])
    low, high = sorted(data.draw(st.tuples(bounds, bounds)))

    assert [start for start in whole if low <= start < high] == offered(replace(case, asked=(low, high)))
    for start in whole[:3] + whole[-3:]:
        assert [start] == offered(replace(case, asked=(start, start + 1)))


@settings(thoroughly, max_examples=400)
@given(cases(), st.data())
def test_a_booking_only_takes_times_away(case: Case, data: st.DataObject) -> None:
    """
    After a booking exactly those starts are gone that would collide with it; none appears or moves.
    """
    before = offered(case)
    if not before:
        return
    start, end = _blocked_by(case, data.draw(st.sampled_from(before)))
    after = offered(replace(case, blocked=tuple(sorted([*case.blocked, (start, end)]))))

    assert [
        kept for kept in before if _blocked_by(case, kept)[0] >= end or _blocked_by(case, kept)[1] <= start
    ] == after


@settings(thoroughly, max_examples=400)
@given(cases())
def test_starts_are_in_order_and_each_is_there_once(case: Case) -> None:
    """
    Overlapping windows of two dates do not lead to a time that is listed twice or late.
    """
    starts = offered(case)

    assert sorted(set(starts)) == starts


@pytest.mark.parametrize(("zone", "around"), PLACES)
def test_the_oracle_knows_the_clock(zone: str, around: date) -> None:
    """
    The list of minutes that is trusted here begins each date once and leaves no minute of the clock out.
    """
    here = clock(zone, around)
    for day in here.days:
        first, last = here.minute(day, 0), here.minute(day, 1440)
        assert {day} == set(here.dates[first:last])
        assert all(first <= here.minute(day, minute) for minute in range(1440))


def test_most_of_the_awkward_zones_set_their_clocks_twice() -> None:
    """
    Both clock changes of the year are looked at wherever there are any.
    """
    assert {"Asia/Kathmandu", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"} == {
        zone for zone, days in CHANGES.items() if len(days) != 2
    }


def _blocked_by(case: Case, start: int) -> tuple[int, int]:
    return start - case.before * 60, start + (case.duration + case.after) * 60
