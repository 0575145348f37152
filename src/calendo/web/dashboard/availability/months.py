"""
The calendar of a schedule: which dates have other hours than their week, or none.
"""

import re
from calendar import Calendar
from datetime import date, timedelta
from typing import Any

import orjson
from babel.dates import format_date, format_skeleton

from calendo.core.instants import Instant, get_zone, local_date
from calendo.db.models import AvailabilitySchedule
from calendo.i18n import Texts
from calendo.ops import overrides
from calendo.ops.overrides import DateRange
from calendo.web.dashboard.availability.typed import has_half_days, write_hours
from calendo.web.dashboard.visitors import Visit

_FIRST_YEAR, _LAST_YEAR = 1971, 2999


def calendar(visit: Visit, schedule: AvailabilitySchedule, month: str, now: Instant) -> dict[str, Any]:
    """
    Say what the calendar shows: a month of dates, and the ranges that have overrides.
    """
    texts = visit.texts
    today = local_date(now, get_zone(schedule.timezone))
    shown = _read_month(month) or today.replace(day=1)
    ranges = overrides.list_ranges(schedule, today)
    every = overrides.list_ranges(schedule, date.min)
    weekly = {rule["day"] for rule in orjson.loads(schedule.rules)}
    names = texts.locale.days["stand-alone"]
    first = texts.locale.first_week_day
    return {
        "title": format_skeleton("yMMMM", shown, locale=texts.locale),
        "month": f"{shown:%Y-%m}",
        "before": _month_beside(shown, -1),
        "after": _month_beside(shown, 1),
        "weekdays": [(names["wide"][day % 7], names["short"][day % 7]) for day in range(first, first + 7)],
        "weeks": [
            [_day(texts, day, shown, today, every, weekly) for day in week]
            for week in Calendar(first).monthdatescalendar(shown.year, shown.month)
        ],
        "ranges": [_range(texts, each) for each in ranges],
    }


def _day(
    texts: Texts, day: date, shown: date, today: date, ranges: list[DateRange], weekly: set[int]
) -> dict[str, Any] | None:
    if day.month != shown.month:
        return None
    own = [each for each in ranges if each.first_on <= day <= each.last_on]
    if own:
        kind = "other" if any(each.hours for each in own) else "closed"
    else:
        kind = "weekly" if day.isoweekday() % 7 in weekly else "free"
    return {
        "number": day.day,
        "date": day.isoformat(),
        "name": format_date(day, "full", locale=texts.locale),
        "kind": kind,
        "is_today": day == today,
        "is_over": day < today,
    }


def _range(texts: Texts, each: DateRange) -> dict[str, Any]:
    return {
        "first": each.first_on.isoformat(),
        "last": each.last_on.isoformat(),
        "name": _span(texts, each),
        "hours": write_hours(each.hours, half_days=has_half_days(texts)),
    }


def _span(texts: Texts, each: DateRange) -> str:
    first, last = (
        format_skeleton("yMMMEd", day, locale=texts.locale) for day in (each.first_on, each.last_on)
    )
    return first if each.first_on == each.last_on else f"{first} – {last}"


def _read_month(text: str) -> date | None:
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)
    if found and _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        return date(int(found[1]), int(found[2]), 1)
    return None


def _month_beside(shown: date, step: int) -> str:
    # 36 days after a month's first day is always the next one.
    beside = shown + timedelta(days=-1 if step < 0 else 36)
    return f"{beside:%Y-%m}"
