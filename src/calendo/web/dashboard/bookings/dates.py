"""
Days, weeks and months as a language writes them, and how far from today they are.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta

from babel.dates import format_date, format_interval, format_skeleton, format_time

from calendo.core.instants import Instant
from calendo.errors import InvalidInput
from calendo.i18n import Texts, gettext_noop
from calendo.web.api.ranges import read_date

_NEAR = {
    -1: gettext_noop("Yesterday"),
    0: gettext_noop("Today"),
    1: gettext_noop("Tomorrow"),
}
# Thin and narrow blanks look well, and as boxes where a font has none.
_BLANKS = str.maketrans({"\u2009": " ", "\u202f": "\u00a0"})
#: Calendars are turned no further than this from today.
_FURTHEST = timedelta(days=3650)


def read_day(text: str | None, today: date) -> date:
    """
    Read a date from an address; what is none, or beyond what calendars show, is today.
    """
    try:
        day = read_date("on", text or "")
    except InvalidInput:
        return today
    return day if abs(day - today) <= _FURTHEST else today


def near(texts: Texts, day: date, today: date) -> str:
    """
    Name a day that is today or next to it; any other one has no such name.
    """
    distance = (day - today).days
    return texts.gettext(_NEAR[distance]) if distance in _NEAR else ""


def day_name(texts: Texts, day: date) -> str:
    """
    Write a date in full: ``Tuesday, March 10, 2026``.
    """
    return _plain(format_date(day, "full", locale=texts.locale))


def short_day(texts: Texts, day: date, today: date) -> str:
    """
    Write a date short, with its year where that is another one: ``Tue, Mar 10``.
    """
    return _plain(format_skeleton("MMMEd" if day.year == today.year else "yMMMEd", day, locale=texts.locale))


def day_and_month(texts: Texts, day: date) -> str:
    """
    Write a date as short as it can be: ``Mar 10``.
    """
    return _plain(format_skeleton("MMMd", day, locale=texts.locale))


def span_name(texts: Texts, first_on: date, last_on: date) -> str:
    """
    Write from which date to which: ``Mar 8 – 14, 2026``.
    """
    return _plain(format_interval(first_on, last_on, "yMMMd", locale=texts.locale))


def month_name(texts: Texts, day: date) -> str:
    """
    Write month and year: ``March 2026``.
    """
    return _plain(format_skeleton("yMMMM", day, locale=texts.locale))


def hour_name(texts: Texts, hour: int) -> str:
    """
    Write a full hour as the locale's clocks show it: ``9 AM`` or ``09:00``.
    """
    at = time(hour)
    if "H" in texts.locale.time_formats["short"].pattern:
        return _plain(format_time(at, "short", locale=texts.locale))
    return _plain(format_skeleton("h", at, locale=texts.locale))


def weekday_names(texts: Texts, width: str = "abbreviated") -> list[str]:
    """
    List the days of the week, from the one on which weeks begin there.
    """
    names = texts.locale.days["stand-alone"][width]
    return [str(names[(texts.locale.first_week_day + offset) % 7]) for offset in range(7)]


def week_of(texts: Texts, day: date) -> list[date]:
    """
    List the days of the week that a day lies in.
    """
    first_on = day - timedelta(days=(day.weekday() - texts.locale.first_week_day) % 7)
    return [first_on + timedelta(days=offset) for offset in range(7)]


def weeks_of_month(texts: Texts, day: date) -> Iterator[list[date]]:
    """
    Yield the weeks that have a day of the month in which a day lies.
    """
    week = week_of(texts, day.replace(day=1))
    while min(week) <= last_of_month(day):
        yield week
        week = [one + timedelta(days=7) for one in week]


def last_of_month(day: date) -> date:
    """
    Return the last day of the month in which a day lies.
    """
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def minutes(start_ts: Instant, end_ts: Instant) -> int:
    """
    Say how long something takes.
    """
    return (end_ts - start_ts) // 60


def _plain(text: str) -> str:
    return text.translate(_BLANKS)
