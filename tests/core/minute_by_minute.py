"""
What is on offer, reckoned slowly: one minute after the other, as a person would with a clock and a pencil.

Nothing here comes from ``calendo``. The clock of a place is looked at once a minute, and every
question (when is it a quarter past two, which minutes are open, is this one free) is put to that
list of minutes. It takes thousands of times as long as the real thing, and can be believed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)

Minutes = tuple[int, int]  # wall time after midnight; 1440 is the day's end


class Clock:
    """
    What a clock in a zone shows at each minute of the days around a date.
    """

    def __init__(self, zone: str, around: date) -> None:
        self.days = [around + ONE_DAY * offset for offset in range(-4, 6)]
        self.zone = ZoneInfo(zone)
        self.first = _utc(self.days[0] - 2 * ONE_DAY)
        self.last = _utc(self.days[-1] + 4 * ONE_DAY)
        self.walls = [self.at(second) for second in range(self.first, self.last, 60)]
        self.dates = [wall.date() for wall in self.walls]
        self._minute_of: dict[datetime, int] = {}
        for minute, wall in enumerate(self.walls):
            # The first time that the clock shows something is the one that counts.
            self._minute_of.setdefault(wall, minute)
            # What the clock leaves out comes when it would have, had nobody touched it.
            before = self.walls[minute - 1] if minute else wall
            for later in range(1, (wall - before) // ONE_MINUTE):
                self._minute_of.setdefault(before + later * ONE_MINUTE, minute - 1 + later)

    def at(self, second: int) -> datetime:
        """
        Say what the clock shows at a second.
        """
        return datetime.fromtimestamp(second, UTC).astimezone(self.zone).replace(tzinfo=None)

    def minute(self, day: date, minutes: int) -> int:
        """
        Say in which minute the clock shows so many minutes after midnight.
        """
        return self._minute_of[datetime.combine(day, time.min) + minutes * ONE_MINUTE]


clock = cache(Clock)


@dataclass(frozen=True)
class Case:
    """
    A host, what they allow, what they have to do already, and somebody who asks.

    Seconds count from 1970 in UTC. ``days`` of a rule are 0 = Sunday ... 7 = Sunday.
    """

    zone: str
    around: date
    rules: tuple[tuple[tuple[int, ...], Minutes], ...]
    overrides: tuple[tuple[date, date, Minutes | None], ...]
    blocked: tuple[tuple[int, int], ...]
    asked: tuple[int, int]
    now: int
    duration: int = 30
    interval: int | None = None
    before: int = 0
    after: int = 0
    notice_hours: int = 0
    future_days: int = 60


def bookable_starts(case: Case) -> list[int]:
    """
    List the seconds at which a meeting can be booked to start.
    """
    here = clock(case.zone, case.around)
    open_, grid = open_minutes(case)
    taken = {
        minute
        for start, end in case.blocked
        for minute in range((start - here.first) // 60, -((here.first - end) // 60))
    }
    last_on = here.at(case.now).date() + case.future_days * ONE_DAY
    starts = []
    for minute in sorted(grid):
        second = here.first + minute * 60
        if (
            case.asked[0] <= second < case.asked[1]
            and second - case.now >= case.notice_hours * 3600
            and here.dates[minute] <= last_on
            and open_.issuperset(range(minute, minute + case.duration))
            and taken.isdisjoint(range(minute - case.before, minute + case.duration + case.after))
        ):
            starts.append(second)
    return starts


def open_minutes(case: Case) -> tuple[set[int], set[int]]:
    """
    Return the minutes at which the host is open, and those at which a meeting could start.
    """
    here = clock(case.zone, case.around)
    open_: set[int] = set()
    grid: set[int] = set()
    for day in here.days:
        of_this_day = {
            minute for window in _windows(case, day) for minute in _minutes_of(case, day, window, here)
        }
        for opened in [minute for minute in of_this_day if minute - 1 not in of_this_day]:
            closed = next(minute for minute in count(opened) if minute not in of_this_day)
            grid.update(range(opened, closed, case.interval or case.duration))
        open_ |= of_this_day
    return open_, grid


def _windows(case: Case, day: date) -> Iterator[Minutes]:
    if _is_overridden(case, day):
        for first, last, window in case.overrides:
            if first <= day <= last and window is not None:
                yield window
    else:
        weekday = int(day.strftime("%w"))
        for days, window in case.rules:
            if weekday in days or (weekday == 0 and 7 in days):
                yield window


def _minutes_of(case: Case, day: date, window: Minutes, here: Clock) -> Iterator[int]:
    start, end = window
    past_midnight = 1440 if end < start else 0
    for minute in range(here.minute(day, start), here.minute(day, end + past_midnight)):
        on = here.dates[minute]
        # A window ends where another date begins that has an override.
        if on != day and _is_overridden(case, on):
            break
        yield minute


def _is_overridden(case: Case, day: date) -> bool:
    return any(first <= day <= last for first, last, _ in case.overrides)


def _utc(day: date) -> int:
    return int(datetime.combine(day, time.min, tzinfo=UTC).timestamp())
