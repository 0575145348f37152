"""
Intervals are half-open: where one ends another one may begin.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.core.intervals import Interval, intersect, merge

some_intervals = st.tuples(st.integers(0, 60), st.integers(0, 60))


@pytest.mark.parametrize(
    ("intervals", "merged"),
    [
        ([], []),
        ([(2, 22)], [(2, 22)]),
        ([(5, 7), (1, 3)], [(1, 3), (5, 7)]),
        ([(1, 3), (3, 5)], [(1, 5)]),
        ([(1, 3), (4, 5)], [(1, 3), (4, 5)]),
        ([(1, 4), (2, 5)], [(1, 5)]),
        ([(1, 9), (2, 3)], [(1, 9)]),
        ([(1, 9), (2, 3), (9, 10)], [(1, 10)]),
        ([(1, 3), (1, 3)], [(1, 3)]),
        ([(2, 3), (1, 2), (4, 5), (3, 4)], [(1, 5)]),
        ([(3, 3)], []),
        ([(5, 3)], []),
        ([(1, 2), (2, 2), (3, 3), (4, 5)], [(1, 2), (4, 5)]),
        ([(1, 5), (3, 2)], [(1, 5)]),
        ([(-5, -3), (-3, 0)], [(-5, 0)]),
    ],
)
def test_what_touches_or_overlaps_becomes_one(intervals: list[Interval], merged: list[Interval]) -> None:
    """
    Merged intervals are in order, lie apart and hold something.
    """
    assert merged == merge(intervals)


@given(st.lists(some_intervals, max_size=8))
def test_merging_keeps_every_second(intervals: list[Interval]) -> None:
    """
    The same seconds are covered before and after, by as few intervals as can be.
    """
    merged = merge(iter(intervals))

    assert _seconds(intervals) == _seconds(merged)
    assert all(start < end for start, end in merged)
    assert all(end < start for (_, end), (start, _) in pairwise(merged))


def test_merging_leaves_its_argument_alone() -> None:
    """
    The caller's list stays as it was.
    """
    given_ = [(3, 4), (1, 3)]
    merge(given_)

    assert [(3, 4), (1, 3)] == given_


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ((1, 5), (3, 8), (3, 5)),
        ((1, 9), (3, 5), (3, 5)),
        ((1, 5), (1, 5), (1, 5)),
        ((1, 3), (3, 5), None),
        ((1, 2), (4, 5), None),
        ((3, 3), (1, 5), None),
        ((4, 2), (1, 5), None),
    ],
)
def test_two_intervals_share_what_both_cover(one: Interval, other: Interval, shared: Interval | None) -> None:
    """
    What two intervals share does not depend on their order, and touching is not sharing.
    """
    assert shared == intersect(one, other)
    assert shared == intersect(other, one)


@given(some_intervals, some_intervals)
def test_what_is_shared_is_in_both(one: Interval, other: Interval) -> None:
    """
    No second is lost or invented.
    """
    shared = intersect(one, other)

    assert _seconds([one]) & _seconds([other]) == _seconds([shared] if shared else [])


def _seconds(intervals: list[Interval]) -> set[int]:
    return {second for start, end in intervals for second in range(start, end)}
