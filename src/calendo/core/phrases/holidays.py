"""
Days and seasons with names of their own: "Christmas", "Good Friday", "Thanksgiving", "this summer".
"""

from collections.abc import Callable
from datetime import date, timedelta

from calendo.core.phrases import days
from calendo.core.phrases.context import Context
from calendo.core.phrases.dates import STEPS, dates
from calendo.core.phrases.days import Days, one

__all__ = ["dates"]

_SEASONS = {"spring": (320, 531), "summer": (621, 831), "autumn": (923, 1130), "winter": (1221, 228)}


@dates.rule("date", "[r=rel] s=season [of] [y=year]", "s=season r=rel")
def _season(c: Context, s: str, y: int | None = None, r: str = "") -> Days | None:
    """
    Read a season as the days that belong to it by every custom, of this year or the next.
    """
    begins, ends = _SEASONS[s]
    year = y or c.today.year + (STEPS.get(r, 0) if r in {"last", "after_next"} else 0)
    for first in (year - (y is None and begins > ends), year, year + 1):
        season = Days(
            date(first, begins // 100, begins % 100),
            date(first + (begins > ends), ends // 100, ends % 100),
            "season",
            fixed=y is not None,
        )
        if y or r == "last" or season.last >= c.today:
            return season
    return None


@dates.rule("date", "[the] f=fixed [of] , [y=year]")
def _fixed_holiday(c: Context, f: int, y: int | None = None) -> Days:
    return _holiday(c, y, lambda year: date(year, f // 100, f % 100))


@dates.rule("date", "[the] e=easter [of] , [y=year]")
def _easter_holiday(c: Context, e: int, y: int | None = None) -> Days:
    return _holiday(c, y, lambda year: days.easter(year) + timedelta(days=e))


@dates.rule("date", "[the] n=moving [of] , [y=year]")
def _moving_holiday(c: Context, n: int, y: int | None = None) -> Days:
    month, place, weekday = n // 100, n // 10 % 10, n % 10
    place = -1 if place == 9 else place  # noqa: PLR2004 - no month has nine Mondays: the last
    return _holiday(c, y, lambda year: days.nth_weekday(weekday, place, days.month_of(year, month)))


def _holiday(c: Context, year: int | None, find: Callable[[int], date]) -> Days:
    if year:
        return one(find(year), fixed=True)
    day = find(c.today.year)
    return one(day if day >= c.today else find(c.today.year + 1))
