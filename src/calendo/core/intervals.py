"""
Intervals of time: half-open pairs of instants, ``[start, end)``.

They are plain tuples, since a look-up handles thousands of them and the
database driver already makes tuples.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from calendo.core.instants import Instant

Interval: TypeAlias = tuple[Instant, Instant]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """
    Join the intervals that touch or overlap; earliest first, empty ones dropped.
    """
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def intersect(one: Interval, other: Interval) -> Interval | None:
    """
    Return what two intervals share, or None.
    """
    start = max(one[0], other[0])
    end = min(one[1], other[1])
    return (start, end) if start < end else None


def subtract(one: Interval, others: Iterable[Interval]) -> Iterator[Interval]:
    """
    Yield what is left of an interval; ``others`` are in order and do not overlap.
    """
    at = one[0]
    for start, end in others:
        left = intersect(one, (at, start))
        if left is not None:
            yield left
        at = max(at, end)
    left = intersect(one, (at, one[1]))
    if left is not None:
        yield left
