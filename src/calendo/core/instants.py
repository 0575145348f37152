"""
The one place where wall time and instants meet.

An ``Instant`` is a whole number of UTC seconds since 1970. Everything between
the edge and the database is reckoned in instants; people and schedules speak
in wall time, and only the functions below translate.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, available_timezones

Instant: TypeAlias = int

MINUTE = 60
HOUR = 3600
DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Writing is hot, and formats of datetime without a zone are thrice as fast.
_NAIVE_EPOCH = _EPOCH.replace(tzinfo=None)
_SECOND = timedelta(seconds=1)


class UnknownZone(ValueError):
    """No such time zone in the IANA database."""


@cache
def zone_names() -> frozenset[str]:
    """
    List the IANA names that people may use.

    ``localtime`` is whatever the machine has, and ``Factory`` is a placeholder.
    """
    return frozenset(available_timezones() - {"localtime", "Factory"})


@lru_cache(maxsize=1024)
def get_zone(name: str) -> ZoneInfo:
    """
    Return the zone of that exact IANA name, or raise ``UnknownZone``.
    """
    if name not in zone_names():
        raise UnknownZone(name)
    return ZoneInfo(name)


def to_instant(moment: datetime) -> Instant:
    """
    Convert an aware datetime; a fraction of a second is dropped.

    A wall time that its zone skips or repeats is read with the offset that
    ``fold`` names, which for the default 0 is the rule of ``wall_to_instant``.
    """
    return (moment - _EPOCH) // _SECOND


def to_datetime(instant: Instant, zone: ZoneInfo) -> datetime:
    """
    Say what a clock and a calendar in ``zone`` show at ``instant``.
    """
    return (_EPOCH + timedelta(seconds=instant)).astimezone(zone)


def local_date(instant: Instant, zone: ZoneInfo) -> date:
    """
    Say which date it is in ``zone`` at ``instant``.
    """
    return to_datetime(instant, zone).date()


def wall_to_instant(day: date, wall: time, zone: ZoneInfo) -> Instant:
    """
    Find the instant at which a clock in ``zone`` shows ``wall`` on ``day``.

    A time that a DST change skips moves forward by the length of the gap; a
    time that occurs twice means the first one. RFC 5545, 3.3.5, asks for both.
    """
    return to_instant(datetime.combine(day, wall, tzinfo=zone))


def midnight(day: date, zone: ZoneInfo) -> Instant:
    """
    Find the instant at which ``day`` begins in ``zone``.

    The day ends where the next one begins, which may be 23 or 25 hours later.
    """
    return wall_to_instant(day, time.min, zone)


def minute_to_instant(day: date, minute: int, zone: ZoneInfo) -> Instant:
    """
    Like ``wall_to_instant``, for minutes after midnight on the clock.

    1440 and more are wall times of the days that follow.
    """
    days, minute = divmod(minute, 24 * 60)
    hours, minutes = divmod(minute, 60)
    return wall_to_instant(day + timedelta(days=days), time(hours, minutes), zone)


def written(instant: Instant) -> str:
    """
    Write an instant as the API's answers do: ``2026-03-10 14:00:00``, in UTC.
    """
    return (_NAIVE_EPOCH + timedelta(seconds=instant)).isoformat(" ")


def written_iso(instant: Instant) -> str:
    """
    Write an instant as ISO 8601 has it: ``2026-03-10T14:00:00Z``.
    """
    return f"{(_NAIVE_EPOCH + timedelta(seconds=instant)).isoformat()}Z"


def dates_between(first: date, last: date) -> Iterator[date]:
    """
    Yield the dates from ``first`` to ``last``, both included.
    """
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@lru_cache(maxsize=256)
def offsets(first: Instant, last: Instant, zone: ZoneInfo) -> tuple[tuple[Instant, int], ...]:
    """
    Describe the clock of ``zone`` between two instants as ``(until, offset)`` pairs.

    The offset, in seconds east of UTC, holds for the instants before ``until``;
    the last pair reaches at least to ``last``. Formatting many instants this way costs
    a sum each instead of a calendar computation each.
    """
    pairs: list[tuple[Instant, int]] = []
    offset = _offset(first, zone)
    at = first
    while at < last:
        probe = min(at + DAY, last)
        following = _offset(probe, zone)
        if following != offset:
            pairs.append((_change(at, probe, offset, zone), offset))
            offset = following
        at = probe
    pairs.append((last + 1, offset))
    return tuple(pairs)


def _offset(instant: Instant, zone: ZoneInfo) -> int:
    # Every zone's datetime has an offset; the driver of this loop is hot, so
    # it asks the zone itself instead of building two datetimes.
    shift = datetime.fromtimestamp(instant, zone).utcoffset()
    return 0 if shift is None else shift.days * DAY + shift.seconds


def _change(low: Instant, high: Instant, offset: int, zone: ZoneInfo) -> Instant:
    """
    Find the first instant in (low, high] at which ``offset`` no longer holds.
    """
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high
