"""
What the page of a schedule shows: its week, its dates, what invitees see, and coming clock changes.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from pydantic import BaseModel

from calendo.core.clock_changes import ClockChange
from calendo.core.instants import Instant, get_zone, local_date, zone_names
from calendo.db.engine import Tx, query_in
from calendo.db.models import AvailabilitySchedule, EventType
from calendo.i18n import Texts
from calendo.ops import clock_changes, event_types, schedules, slots
from calendo.web.dashboard.availability import months
from calendo.web.dashboard.availability.typed import has_half_days
from calendo.web.dashboard.visitors import Visit
from calendo.web.dashboard.zones import regions

AREA = "/app/availability"
DOMAIN = "host_hours"
MODULES = ("availability/parts.js", "availability/week.js", "availability/dates.js")
#: Sunday is 0, as in rules.
_WEEK = (1, 2, 3, 4, 5, 6, 0)
_LOOKED_AT_DAYS = 28
_SHOWN_DAYS = 4
_SHOWN_TIMES = 6
_SHOWN_CHANGES = 4
#: Changes that are further off are there to be looked up, not to be stumbled upon every time.
_SOON = timedelta(days=28)


class Asked(BaseModel):
    """
    What an address asks of the page; whatever is none of it is as if it were not there.

    ``type`` and ``zone`` are for what an invitee sees, ``month`` and ``first`` for the calendar.
    """

    type: str = ""
    zone: str = ""
    month: str = ""
    first: str = ""


def page(visit: Visit, tx: Tx, schedule: AvailabilitySchedule, asked: Asked, now: Instant) -> dict[str, Any]:
    """
    Say all that the page shows, apart from its form of weekly hours.
    """
    types = event_types.list_types(tx, visit.host_id)
    off = event_types.list_types(tx, visit.host_id, active=False)
    followers = [each for each in types if _follows(each, schedule)]
    zone = get_zone(schedule.timezone if asked.zone not in zone_names() else asked.zone)
    texts = visit.texts
    changes = _clock_changes(visit, tx, schedule, zone, now)
    return {
        "modules": MODULES,
        "schedule": schedule,
        "all_schedules": schedules.list_schedules(tx, visit.host_id),
        "users": [each for each in (*types, *off) if each.schedule_id == schedule.id],
        "days": days(texts),
        "half_days": has_half_days(texts),
        "regions": regions(texts, schedule.timezone),
        "preview": preview(visit, tx, followers, asked, zone, now),
        "changes": [_told(texts, other, change) for other, change in changes],
        "are_changes_open": zone.key != schedule.timezone
        or any(change.on <= local_date(now, zone) + _SOON for _, change in changes),
        "calendar": months.calendar(visit, schedule, asked.month, now),
        "dates": visit.form(first=asked.first, last=asked.first, kind="closed"),
    }


def days(texts: Texts) -> list[tuple[int, str, str]]:
    """
    List the days of the week as the locale has them: number, name and short name.
    """
    names = texts.locale.days["stand-alone"]
    # Babel counts days from Monday, and says with which one a week begins.
    first = _WEEK[texts.locale.first_week_day]
    at = _WEEK.index(first)
    return [
        (day, names["wide"][(day - 1) % 7], names["abbreviated"][(day - 1) % 7])
        for day in (*_WEEK[at:], *_WEEK[:at])
    ]


def clock(texts: Texts, wall: time) -> str:
    """
    Write a wall time as the locale's clocks show it.
    """
    text = format_time(datetime.combine(date.min, wall), "short", locale=texts.locale)
    return text.replace("\u202f", "\u00a0")


def long_date(texts: Texts, day: date) -> str:
    """
    Write a date in full: ``Tuesday, March 10, 2026``.
    """
    return format_date(day, "full", locale=texts.locale)


def city(texts: Texts, zone: ZoneInfo) -> str:
    """
    Name the city that a zone is called after.
    """
    known = texts.locale.time_zones.get(zone.key, {}).get("city")
    return str(known or zone.key.rpartition("/")[2].replace("_", " "))


def preview(
    visit: Visit, tx: Tx, followers: Sequence[EventType], asked: Asked, zone: ZoneInfo, now: Instant
) -> dict[str, Any]:
    """
    Say what an invitee in ``zone`` sees of one of the event types, from the look-up that invitees use.
    """
    chosen = next((each for each in followers if str(each.id) == asked.type), None)
    chosen = chosen or next(iter(followers), None)
    found: dict[date, list[str]] = {}
    if chosen:
        today = local_date(now, zone)
        dates = (today, today + timedelta(days=_LOOKED_AT_DAYS))
        for start in slots.look_up(query_in(tx), visit.page.slug, chosen.slug, dates, zone, now):
            found.setdefault(local_date(start, zone), []).append(visit.texts.time(start, zone))
    return {
        "types": followers,
        "chosen": chosen,
        "zone": zone.key,
        "regions": regions(visit.texts, zone.key),
        "days": [
            (long_date(visit.texts, day), day.isoformat(), times[:_SHOWN_TIMES], len(times))
            for day, times in list(found.items())[:_SHOWN_DAYS]
        ],
    }


def _clock_changes(
    visit: Visit, tx: Tx, schedule: AvailabilitySchedule, zone: ZoneInfo, now: Instant
) -> list[tuple[ZoneInfo, ClockChange]]:
    found = clock_changes.list_coming(tx, visit.host_id, schedule.id, None, now)
    if zone.key != schedule.timezone and zone not in {other for other, _ in found}:
        found = [*clock_changes.list_coming(tx, visit.host_id, schedule.id, zone, now), *found]
    return found[:_SHOWN_CHANGES]


def _told(texts: Texts, zone: ZoneInfo, change: ClockChange) -> dict[str, Any]:
    return {
        "on": format_date(change.on, "long", locale=texts.locale),
        "here": clock(texts, change.here),
        "there": clock(texts, change.there),
        "former": clock(texts, change.former_there),
        "city": city(texts, zone),
        "days_apart": change.days_apart,
    }


def _follows(event_type: EventType, schedule: AvailabilitySchedule) -> bool:
    if event_type.schedule_id is None:
        return schedule.is_default
    return event_type.schedule_id == schedule.id
