"""
Slots are found between open windows and blocked time, on a grid that nothing shifts.

The instants here are small: minutes after 1970 began, so that they can be read.
"""

import pytest

from calendo.core.instants import HOUR, MINUTE, get_zone
from calendo.core.intervals import Interval
from calendo.core.slots import SlotRule, find_slots, offered
from core.reckoning import moment, schedule, utc

EVER = (-100_000, 100_000)


def found(
    windows: list[Interval], blocked: list[Interval] | None = None, within: Interval = EVER, **rule: int
) -> list[int]:
    """
    Find slots; all numbers are minutes, and a meeting takes ten unless told otherwise.
    """
    starts = find_slots(
        SlotRule(**({"duration_minutes": 10} | rule)),
        [(start * MINUTE, end * MINUTE) for start, end in windows],
        [(start * MINUTE, end * MINUTE) for start, end in blocked or []],
        (within[0] * MINUTE, within[1] * MINUTE),
    )
    assert all(start % MINUTE == 0 for start in starts)
    return [start // MINUTE for start in starts]


# The rule


def test_a_rule_that_says_nothing_is_half_an_hour() -> None:
    """
    Half an hour every half hour, without buffers or notice, up to sixty days ahead.
    """
    assert SlotRule(30, None, 0, 0, 0, 60) == SlotRule()


def test_a_meeting_lasts_its_duration() -> None:
    """
    Buffers are no part of the meeting.
    """
    rule = SlotRule(duration_minutes=20, buffer_before_minutes=2, buffer_after_minutes=22)

    assert (1000, 1000 + 20 * MINUTE) == rule.meeting(1000)


def test_a_meeting_blocks_its_buffers_too() -> None:
    """
    What is taken from the host begins with the buffer before and ends with the one after.
    """
    rule = SlotRule(duration_minutes=20, buffer_before_minutes=2, buffer_after_minutes=22)

    assert (1000 - 2 * MINUTE, 1000 + 42 * MINUTE) == rule.blocked(1000)


def test_what_matters_reaches_over_the_range_by_a_meeting() -> None:
    """
    To decide about the starts in a range one has to know what is blocked around it.
    """
    rule = SlotRule(duration_minutes=20, buffer_before_minutes=2, buffer_after_minutes=22)

    assert (1000 - 2 * MINUTE, 5000 + 42 * MINUTE) == rule.touches((1000, 5000))


@pytest.mark.parametrize(("interval", "seconds"), [(None, 1200), (5, 300), (60, 3600)])
def test_the_grid_steps_by_the_duration_unless_told_otherwise(interval: int | None, seconds: int) -> None:
    """
    Without an interval of its own, one meeting follows the other.
    """
    assert seconds == SlotRule(duration_minutes=20, slot_interval_minutes=interval).step_seconds


@pytest.mark.parametrize(
    ("zone", "now", "earliest", "until"),
    [
        ("UTC", "2026-06-15 12:00:07Z", "2026-06-15 14:00:07Z", "2026-06-17 00:00Z"),
        ("Pacific/Kiritimati", "2026-06-15 12:00Z", "2026-06-15 14:00Z", "2026-06-17 10:00Z"),
        ("Pacific/Pago_Pago", "2026-06-15 10:00Z", "2026-06-15 12:00Z", "2026-06-16 11:00Z"),
        ("America/New_York", "2026-03-08 04:59Z", "2026-03-08 06:59Z", "2026-03-09 04:00Z"),
        ("America/New_York", "2026-03-08 05:00Z", "2026-03-08 07:00Z", "2026-03-10 04:00Z"),
        ("America/New_York", "2026-10-31 12:00Z", "2026-10-31 14:00Z", "2026-11-02 05:00Z"),
    ],
)
def test_a_meeting_is_bookable_from_notice_to_midnight(
    zone: str, now: str, earliest: str, until: str
) -> None:
    """
    Notice is counted in hours that pass, the booking window in dates of the host.
    """
    rule = SlotRule(min_notice_hours=2, max_future_days=1)

    assert (moment(earliest), moment(until)) == rule.bookable(get_zone(zone), moment(now))


# What fits into windows


@pytest.mark.parametrize(
    ("windows", "starts"),
    [
        ([], []),
        ([(0, 9)], []),
        ([(0, 10)], [0]),
        ([(0, 19)], [0]),
        ([(0, 20)], [0, 10]),
        ([(2, 22)], [2, 12]),
        ([(2, 12), (22, 32)], [2, 22]),
        ([(22, 32), (2, 12)], [2, 22]),
        ([(-20, 0)], [-20, -10]),
    ],
)
def test_starts_lie_on_the_windows_grid(windows: list[Interval], starts: list[int]) -> None:
    """
    The grid begins where the window begins, and the last meeting ends where it ends or before.
    """
    assert starts == found(windows)


@pytest.mark.parametrize(
    ("windows", "starts"),
    [
        # Touching: the last start of the first window goes on in the second one.
        ([(0, 15), (15, 30)], [0, 10, 15]),
        # Overlapping, on one grid: what both offer is there once.
        ([(0, 30), (20, 50)], [0, 10, 20, 30, 40]),
        # Overlapping, on two grids: in order all the same.
        ([(0, 30), (15, 40)], [0, 10, 15, 20, 25]),
        ([(0, 40), (5, 15)], [0, 5, 10, 20, 30]),
        # A window within another one that goes on after it.
        ([(0, 60), (5, 8), (55, 70)], [0, 5, 10, 20, 30, 40, 50, 55]),
        # Apart by a minute: nothing goes over the gap.
        ([(0, 15), (16, 30)], [0, 16]),
        ([(0, 12), (12, 14), (14, 22)], [0, 10, 12]),
    ],
)
def test_a_meeting_may_go_on_in_the_next_window(windows: list[Interval], starts: list[int]) -> None:
    """
    Each window has a grid of its own, and open time is what they cover together.
    """
    assert starts == found(windows)


@pytest.mark.parametrize(
    ("interval", "starts"), [(5, [0, 5, 10, 15, 20]), (10, [0, 10, 20]), (25, [0]), (20, [0, 20])]
)
def test_the_interval_is_not_the_duration(interval: int, starts: list[int]) -> None:
    """
    Starts may lie closer than a meeting is long, or further apart.
    """
    assert starts == found([(0, 30)], slot_interval_minutes=interval)


@pytest.mark.parametrize(
    ("within", "starts"),
    [
        ((0, 100), [2, 12, 22, 32]),
        ((2, 33), [2, 12, 22, 32]),
        ((3, 32), [12, 22]),
        ((12, 13), [12]),
        ((13, 22), []),
        ((12, 12), []),
        ((50, 100), []),
        ((-100, 2), []),
    ],
)
def test_a_range_filters_and_never_shifts(within: Interval, starts: list[int]) -> None:
    """
    A range holds its first instant and not its last one, and the grid does not care about it.
    """
    assert starts == found([(2, 42)], within=within)


# Around blocked time


@pytest.mark.parametrize(
    ("blocked", "starts"),
    [
        ([(10, 20)], [0, 20, 30, 40]),
        ([(9, 20)], [20, 30, 40]),
        ([(10, 21)], [0, 30, 40]),
        ([(15, 16)], [0, 20, 30, 40]),
        ([(19, 21)], [0, 30, 40]),
        ([(-10, 0)], [0, 10, 20, 30, 40]),
        ([(-10, 1)], [10, 20, 30, 40]),
        ([(-10, 100)], []),
        ([(50, 60)], [0, 10, 20, 30, 40]),
        ([(49, 60)], [0, 10, 20, 30]),
        ([(12, 13), (14, 15), (16, 33)], [0, 40]),
        ([(0, 10), (10, 20), (40, 50)], [20, 30]),
        ([(-9, -5), (-4, -2), (22, 28), (70, 80), (90, 95)], [0, 10, 30, 40]),
    ],
)
def test_free_starts_keep_clear_of_what_is_blocked(blocked: list[Interval], starts: list[int]) -> None:
    """
    A meeting may touch what is blocked, on either side, but not by a minute more.
    """
    assert starts == found([(0, 50)], blocked)


@pytest.mark.parametrize(
    ("before", "after", "starts"),
    [
        (0, 0, [0, 5, 10, 30, 35, 50, 55, 60]),
        (5, 0, [0, 5, 10, 35, 55, 60]),
        (0, 5, [0, 5, 30, 50, 55, 60]),
        (5, 5, [0, 5, 55, 60]),
        (1, 1, [0, 5, 55, 60]),
        (20, 0, [0, 5, 10]),
        (0, 11, [50, 55, 60]),
    ],
)
def test_buffers_keep_their_distance(before: int, after: int, starts: list[int]) -> None:
    """
    The buffer before counts from what ends, the one after from what begins, and neither from closing time.
    """
    buffers = {"buffer_before_minutes": before, "buffer_after_minutes": after}

    assert starts == found([(0, 70)], [(20, 30), (45, 50)], slot_interval_minutes=5, **buffers)


def test_what_is_blocked_behind_the_end_does_not_move_it() -> None:
    """
    A meeting that would just be clear of what is blocked is not offered past the range, nor past its window.
    """
    assert [0, 10] == found([(0, 50)], [(30, 31)], within=(0, 20))
    assert [0, 10, 15, 35] == found([(0, 20), (15, 45)], [(30, 31)])


def test_each_window_looks_at_what_is_blocked_from_its_own_start() -> None:
    """
    One blocked time can reach into two windows, and one window can hold several.
    """
    blocked = [(5, 25), (33, 34), (47, 48), (70, 200)]

    assert [60] == found([(0, 10), (20, 30), (30, 50), (60, 90)], blocked)


# All together


def test_outside_of_notice_and_booking_window_nothing_is_offered() -> None:
    """
    A range that ends as the booking window begins is empty, and so is one that begins as it ends.
    """
    rule = SlotRule(min_notice_hours=1, max_future_days=0)
    always = schedule("UTC", "Sun-Sat 00:00-24:00")
    now = moment("2026-06-15 12:00Z")

    assert [] == offered(rule, always, [], (now, now + HOUR), now)
    assert ["2026-06-15 13:00Z"] == [utc(at) for at in offered(rule, always, [], (now, now + HOUR + 1), now)]
    assert ["2026-06-15 23:30Z"] == [
        utc(at) for at in offered(rule, always, [], (now + 11 * HOUR + 1, now + 40 * HOUR), now)
    ]
    assert [] == offered(rule, always, [], (now + 12 * HOUR, now + 40 * HOUR), now)


def test_what_is_blocked_around_a_range_is_enough() -> None:
    """
    ``touches`` names the time in which something blocked can matter: outside of it nothing does.
    """
    rule = SlotRule(duration_minutes=30, buffer_before_minutes=60, buffer_after_minutes=90)
    always = schedule("UTC", "Sun-Sat 00:00-24:00")
    noon = moment("2026-06-15 12:00Z")
    asked = (noon, noon + 1)
    before, after = rule.touches(asked)

    assert [noon] == offered(rule, always, [(before - 1, before), (after, after + 1)], asked, noon)
    assert [] == offered(rule, always, [(before - 1, before + 1)], asked, noon)
    assert [] == offered(rule, always, [(after - 2, after + 1)], asked, noon)
