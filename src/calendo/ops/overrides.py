"""
Overrides by their dates: what a host sets for a date, or a range of dates, is what holds there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from calendo.db.engine import Tx
from calendo.db.models import AvailabilitySchedule
from calendo.errors import InvalidInput
from calendo.ops import schedules
from calendo.ops.locks import lock_host

#: As many as the API takes.
MAX_OVERRIDES = 1000
_ONE_DAY = timedelta(days=1)

#: A window as rules and overrides have it in JSON: ``{"start": "09:00", "end": "17:00"}``.
Hours = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DateRange:
    """
    What overrides make of the dates ``first_on`` to ``last_on``: their hours, or none.
    """

    first_on: date
    last_on: date
    hours: tuple[Hours, ...]


def list_ranges(schedule: AvailabilitySchedule, from_on: date) -> list[DateRange]:
    """
    List what holds on ranges of dates that end on ``from_on`` or later, earliest first.
    """
    found: dict[tuple[date, date], list[Hours]] = {}
    for override in orjson.loads(schedule.overrides):
        dates = _dates_of(override)
        hours = found.setdefault(dates, [])
        if not override.get("unavailable"):
            hours.append({"start": override["start"], "end": override["end"]})
    return [
        DateRange(*dates, tuple(sorted(hours, key=lambda window: window["start"])))
        for dates, hours in sorted(found.items())
        if dates[1] >= from_on
    ]


def set_on(
    tx: Tx, host_id: int, schedule_id: int, first_on: date, last_on: date, hours: Sequence[Hours]
) -> AvailabilitySchedule:
    """
    Give dates other hours, or close them with none, whatever overrides said about them before.
    """
    dates = _dates(first_on, last_on)
    added: list[dict[str, Any]] = [{**dates, **window} for window in hours] or [
        {**dates, "unavailable": True}
    ]
    return _replace(tx, host_id, schedule_id, (first_on, last_on), added)


def clear_on(tx: Tx, host_id: int, schedule_id: int, first_on: date, last_on: date) -> AvailabilitySchedule:
    """
    Take dates back to the weekly hours.
    """
    return _replace(tx, host_id, schedule_id, (first_on, last_on), [])


def _replace(
    tx: Tx, host_id: int, schedule_id: int, dates: tuple[date, date], added: list[dict[str, Any]]
) -> AvailabilitySchedule:
    # Two changes at one time must not undo each other.
    lock_host(tx, host_id)
    schedule = schedules.get_schedule(tx, host_id, schedule_id)
    kept = [part for override in orjson.loads(schedule.overrides) for part in _outside(override, *dates)]
    if len(kept) + len(added) > MAX_OVERRIDES:
        raise InvalidInput(f"A schedule has at most {MAX_OVERRIDES} overrides. Remove some first.")
    overrides = sorted(kept + added, key=lambda override: override["date"])
    return schedules.change(tx, host_id, schedule_id, {"overrides": overrides})


def _outside(override: dict[str, Any], first_on: date, last_on: date) -> Iterator[dict[str, Any]]:
    """
    Yield what is left of an override before and after a range of dates.
    """
    begins_on, ends_on = _dates_of(override)
    rest = {name: value for name, value in override.items() if name not in {"date", "until"}}
    for start_on, end_on in (
        (begins_on, min(ends_on, first_on - _ONE_DAY)),
        (max(begins_on, last_on + _ONE_DAY), ends_on),
    ):
        if start_on <= end_on:
            yield {**_dates(start_on, end_on), **rest}


def _dates_of(override: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(override["date"]), date.fromisoformat(override.get("until", override["date"]))


def _dates(first_on: date, last_on: date) -> dict[str, str]:
    until = {} if first_on == last_on else {"until": last_on.isoformat()}
    return {"date": first_on.isoformat(), **until}
