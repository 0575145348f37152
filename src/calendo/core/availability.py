"""
When a host can be met: weekly rules, date overrides and a zone make open windows.

Rules and overrides are wall time and stay wall time; they become instants here,
for the dates that somebody asks about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from calendo.core.instants import dates_between, midnight, minute_to_instant
from calendo.core.intervals import Interval, merge

DAY_MINUTES = 24 * 60
#: Three months and some are asked about at most; more are not worth their memory.
_REMEMBERED_DATES = 128
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """
    Open time on one date, in minutes after its midnight on the clock.

    An ``end_minute`` past 1440 lies on the following date.
    """

    start_minute: int
    end_minute: int

    @classmethod
    def between(cls, start_minute: int, end_minute: int) -> "Window":
        """
        Make a window from two times of day; an end before the start runs past midnight.
        """
        if end_minute == start_minute:
            raise ValueError("start and end are the same time")
        if end_minute < start_minute:
            end_minute += DAY_MINUTES
        return cls(start_minute, end_minute)


@dataclass(frozen=True, slots=True)
class Rule:
    """
    A window that repeats weekly. ``day``: 0 = Sunday ... 6 = Saturday.
    """

    day: int
    window: Window


@dataclass(frozen=True, slots=True)
class Override:
    """
    What holds on the dates ``first_on`` to ``last_on`` instead of the rules.

    Without a window the dates are closed. Several overrides of one date add up,
    so a window reopens part of a range that another override closes.
    """

    first_on: date
    last_on: date
    window: Window | None


class Schedule:
    """
    A host's availability schedule, ready to be asked for its open windows.

    It never changes, so it remembers the windows of the dates it was asked about.
    """

    def __init__(self, zone: ZoneInfo, rules: Iterable[Rule], overrides: Iterable[Override] = ()) -> None:
        self.zone = zone
        self._weekly: list[list[Window]] = [[] for _ in range(7)]
        for rule in rules:
            self._weekly[rule.day % 7].append(rule.window)
        self._overrides = tuple(overrides)
        self._known: dict[date, list[Interval]] = {}

    def windows(self, first_on: date, last_on: date) -> Iterator[Interval]:
        """
        Yield the open windows of each date from ``first_on`` to ``last_on``, by date.

        The windows of one date that touch or overlap are merged. Those of two
        dates are not, since each date has a slot grid of its own; they may
        overlap where one runs past midnight. An override owns its date whole:
        it also cuts off what the day before would carry past its midnight.
        """
        for day in dates_between(first_on, last_on):
            windows = self._known.get(day)
            if windows is None:
                if len(self._known) >= _REMEMBERED_DATES:
                    self._known.clear()
                windows = self._known[day] = self._windows_on(day)
            yield from windows

    def _windows_on(self, day: date) -> list[Interval]:
        owned = self.override_of(day)
        spans = merge(
            (
                minute_to_instant(day, window.start_minute, self.zone),
                minute_to_instant(day, window.end_minute, self.zone),
            )
            for window in (self._weekly[day.isoweekday() % 7] if owned is None else owned)
        )
        # The second date counts too: an overnight window that ends in a gap before
        # midnight (Nuuk, 23:30 on 2026-03-28) ends on the date after.
        for following in (day + _ONE_DAY, day + 2 * _ONE_DAY):
            if spans and self.override_of(following) is not None:
                cut = midnight(following, self.zone)
                return merge((start, min(end, cut)) for start, end in spans)
        return spans

    def opening_minutes(self) -> set[int]:
        """
        Return the minutes after midnight at which weekly windows begin.
        """
        return {window.start_minute for day in self._weekly for window in day}

    def override_of(self, day: date) -> list[Window] | None:
        """
        Return the windows that overrides give a date, none if they close it, or None if it has no override.
        """
        windows = [
            override.window for override in self._overrides if override.first_on <= day <= override.last_on
        ]
        return [window for window in windows if window is not None] if windows else None
