"""
A few words in which the tests of the core speak about time.

``rules`` read ``"Mon-Fri 09:00-17:00, Sat 10:00-12:00"``. Dates are ``"2026-03-10"``, or a range
``"2026-03-10..2026-03-12"``. ``overrides`` read ``"2026-12-24 10:00-12:00, 2026-12-25 closed"``.
``booked`` reads ``"2026-03-10 10:00-10:30"``, with its buffers behind it where it has some:
``"2026-03-10 10:00-10:30 -10 +15"``. A moment such as ``now`` is what a clock shows where the host
lives, or UTC when a ``Z`` follows. ``on`` speaks of the invitee's dates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calendo.core import slots
from calendo.core.availability import Override, Rule, Schedule, Window
from calendo.core.instants import Instant, get_zone, midnight, to_instant
from calendo.core.intervals import Interval
from calendo.core.slots import SlotRule

AWKWARD_ZONES = (
    "Africa/Cairo",  # the clock skips midnight, and repeats the hour before it
    "Africa/Casablanca",  # falls back before it springs forward, by the moon
    "America/Havana",  # skips midnight, and repeats the hour behind it
    "America/New_York",
    "America/Nuuk",  # skips the hour before midnight
    "America/Santiago",  # the southern summer
    "America/St_Johns",  # half an hour off
    "Antarctica/Troll",  # two hours at once
    "Asia/Beirut",
    "Asia/Kathmandu",  # a quarter of an hour off
    "Asia/Kolkata",
    "Atlantic/Azores",
    "Australia/Lord_Howe",  # half an hour at once
    "Europe/Berlin",
    "Europe/Dublin",  # its winter is the saving time
    "Pacific/Chatham",  # changes at a quarter to three
    "Pacific/Kiritimati",  # the first place on the calendar
    "Pacific/Pago_Pago",  # the last one
)

_UTC = get_zone("UTC")
_WEEK = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True)
class Answer:
    """
    What a look-up shows: clock labels and UTC instants, by the invitee's date.
    """

    labels: dict[str, list[str]]
    instants: dict[str, list[str]]


def starts(
    *,
    asked: Interval,
    host: str = "UTC",
    rules: str = "Mon-Fri 09:00-17:00",
    overrides: str = "",
    booked: str = "",
    now: str = "2026-01-01 00:00",
    **rule: int,
) -> list[Instant]:
    """
    Ask for the starts between two instants; ``rule`` goes to ``SlotRule``.

    Unless told otherwise a meeting is half an hour and the booking window is wide.
    """
    zone = get_zone(host)
    return slots.offered(
        SlotRule(**({"max_future_days": 400} | rule)),
        schedule(host, rules, overrides),
        bookings(booked, zone),
        asked,
        moment(now, zone),
    )


def look_up(*, on: str, host: str = "UTC", invitee: str | None = None, **setup: Any) -> Answer:
    """
    Ask for the slots on the invitee's dates ``on``; the invitee lives with the host unless told otherwise.
    """
    zone = get_zone(invitee or host)
    first_on, last_on = dates(on)
    asked = midnight(first_on, zone), midnight(last_on + timedelta(days=1), zone)
    return Answer(*slots.by_local_date(starts(asked=asked, host=host, **setup), zone))


def offered(*, on: str, **setup: Any) -> list[str]:
    """
    List the clock labels on one date, as the invitee reads them.
    """
    return look_up(on=on, **setup).labels.get(on, [])


def offered_by_date(**setup: Any) -> dict[str, list[str]]:
    """
    List the clock labels by the invitee's date.
    """
    return look_up(**setup).labels


def offered_utc(**setup: Any) -> list[str]:
    """
    List the UTC instants, whatever the dates.
    """
    return [instant for day in look_up(**setup).instants.values() for instant in day]


def open_times(*, on: str, host: str = "UTC", rules: str = "", overrides: str = "") -> list[str]:
    """
    List the open windows of the host's dates ``on``: ``"12-24 10:00 - 12-24 12:00"``.
    """
    zone = get_zone(host)
    windows = schedule(host, rules, overrides).windows(*dates(on))
    return [" - ".join(_shown(bound, zone) for bound in window) for window in windows]


def every(minutes: int, first: str, last: str) -> list[str]:
    """
    List the clock labels from ``first`` to ``last``, both included.
    """
    return [
        f"{minute // 60:02}:{minute % 60:02}"
        for minute in range(minute_of_day(first), minute_of_day(last) + 1, minutes)
    ]


def schedule(host: str, rules: str, overrides: str = "") -> Schedule:
    """
    Make a schedule from words.
    """
    return Schedule(
        get_zone(host),
        [Rule(day, window(times)) for days, times in _pairs(rules) for day in _weekdays(days)],
        [
            Override(*dates(days), None if times == "closed" else window(times))
            for days, times in _pairs(overrides)
        ],
    )


def window(times: str) -> Window:
    """
    Make a window from ``"09:00-17:00"``.
    """
    start, end = times.split("-")
    return Window.between(minute_of_day(start), minute_of_day(end))


def bookings(text: str, zone: ZoneInfo) -> list[Interval]:
    """
    List the blocked times of bookings, earliest first.
    """
    blocked = []
    for words in _list(text):
        day, times, *buffers = words.split()
        start, end = times.split("-")
        taken = {"-": 0, "+": 0} | {buffer[0]: int(buffer[1:]) for buffer in buffers}
        rule = SlotRule(
            duration_minutes=minute_of_day(end) - minute_of_day(start),
            buffer_before_minutes=taken["-"],
            buffer_after_minutes=taken["+"],
        )
        blocked.append(rule.blocked(moment(f"{day} {start}", zone)))
    return sorted(blocked)


def moment(text: str, zone: ZoneInfo = _UTC) -> Instant:
    """
    Read ``"2026-03-10 12:00"`` or ``"2026-03-10 12:00:01"`` on a clock in ``zone``; with a ``Z`` in UTC.
    """
    shown = datetime.fromisoformat(text.removesuffix("Z"))
    return to_instant(shown.replace(tzinfo=UTC if text.endswith("Z") else zone))


def utc(instant: Instant) -> str:
    """
    Write an instant as ``"2026-03-10 14:00Z"``.
    """
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%MZ")


def dates(text: str) -> tuple[date, date]:
    """
    Read ``"2026-03-10"`` or ``"2026-03-10..2026-03-12"`` as a first and a last date.
    """
    first, _, last = text.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def minute_of_day(text: str) -> int:
    """
    Read ``"09:30"``; ``"24:00"`` is the day's end.
    """
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _weekdays(text: str) -> list[int]:
    first, _, last = text.partition("-")
    low, high = _WEEK.index(first), _WEEK.index(last or first)
    return [day % 7 for day in range(low, high + 1 + 7 * (high < low))]


def _pairs(text: str) -> Iterator[list[str]]:
    return (words.split() for words in _list(text))


def _list(text: str) -> list[str]:
    return re.split(r"\s*,\s*", text) if text else []


def _shown(instant: Instant, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(instant, zone).strftime("%m-%d %H:%M")
