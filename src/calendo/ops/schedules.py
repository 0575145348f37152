"""
Availability schedules: when a host can be met. Each host has exactly one default.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import func, select, update

from calendo.core.availability import Override, Rule, Schedule, Window
from calendo.core.instants import Instant, get_zone
from calendo.db.engine import Tx
from calendo.db.models import AvailabilitySchedule, EventType
from calendo.errors import DefaultScheduleNeeded, NotFound, ScheduleInUse
from calendo.ops.locks import lock_host

_WORKING_HOURS = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(1, 6)]


def create_default(tx: Tx, host_id: int, timezone: str, now: Instant) -> AvailabilitySchedule:
    """
    Make a new host's first schedule: Monday to Friday, 09:00 to 17:00.
    """
    return create(
        tx,
        host_id,
        {"name": "Working Hours", "timezone": timezone, "rules": _WORKING_HOURS, "is_default": True},
        now,
    )


def create(tx: Tx, host_id: int, fields: Mapping[str, Any], now: Instant) -> AvailabilitySchedule:
    """
    Make a schedule. ``rules`` and ``overrides`` are lists in the API's form.
    """
    if fields.get("is_default"):
        _clear_default(tx, host_id)
    schedule = AvailabilitySchedule(
        host_id=host_id,
        name=fields["name"],
        timezone=fields["timezone"],
        rules=_to_json(fields.get("rules", [])),
        overrides=_to_json(fields.get("overrides", [])),
        is_default=fields.get("is_default", False),
        created_ts=now,
    )
    tx.add(schedule)
    tx.flush()
    return schedule


def list_schedules(tx: Tx, host_id: int) -> Sequence[AvailabilitySchedule]:
    """
    List a host's schedules, oldest first.
    """
    return tx.scalars(
        select(AvailabilitySchedule)
        .where(AvailabilitySchedule.host_id == host_id)
        .order_by(AvailabilitySchedule.id)
    ).all()


def get_schedule(tx: Tx, host_id: int, schedule_id: int) -> AvailabilitySchedule:
    """
    Return one of a host's schedules.
    """
    schedule = tx.scalar(
        select(AvailabilitySchedule).where(
            AvailabilitySchedule.id == schedule_id, AvailabilitySchedule.host_id == host_id
        )
    )
    if schedule is None:
        raise NotFound("There is no availability schedule with this id.")
    return schedule


def get_default(tx: Tx, host_id: int) -> AvailabilitySchedule:
    """
    Return a host's default schedule; there always is one.
    """
    return tx.scalars(
        select(AvailabilitySchedule).where(
            AvailabilitySchedule.host_id == host_id, AvailabilitySchedule.is_default
        )
    ).one()


def change(tx: Tx, host_id: int, schedule_id: int, changes: Mapping[str, Any]) -> AvailabilitySchedule:
    """
    Change a schedule. The default stays the default until another one is made so.
    """
    lock_host(tx, host_id)
    schedule = get_schedule(tx, host_id, schedule_id)
    if changes.get("is_default") is False and schedule.is_default:
        raise DefaultScheduleNeeded
    if changes.get("is_default") and not schedule.is_default:
        _clear_default(tx, host_id)
    for field, value in changes.items():
        setattr(schedule, field, _to_json(value) if field in {"rules", "overrides"} else value)
    tx.flush()
    return schedule


def delete(tx: Tx, host_id: int, schedule_id: int) -> None:
    """
    Delete a schedule that is not the default and that no event type uses.
    """
    lock_host(tx, host_id)
    schedule = get_schedule(tx, host_id, schedule_id)
    if schedule.is_default:
        raise DefaultScheduleNeeded(
            "This is the default schedule, and one has to be. Make another one the default first."
        )
    users = tx.scalar(select(func.count()).where(EventType.schedule_id == schedule_id))
    if users:
        raise ScheduleInUse(
            f"{users} event type{'s use' if users > 1 else ' uses'} this schedule (those that are off "
            "count too). Give them another one first."
        )
    tx.delete(schedule)
    tx.flush()


@lru_cache(maxsize=1024)
def parsed(timezone: str, rules: str, overrides: str) -> Schedule:
    """
    Turn a schedule's columns into the core's form.

    A function of its arguments alone, so its results can be kept.
    """
    return Schedule(
        get_zone(timezone),
        [Rule(rule["day"], _window(rule)) for rule in orjson.loads(rules)],
        [_override(override) for override in orjson.loads(overrides)],
    )


def _override(fields: Mapping[str, str]) -> Override:
    first_on = date.fromisoformat(fields["date"])
    last_on = date.fromisoformat(fields.get("until", fields["date"]))
    return Override(first_on, last_on, None if fields.get("unavailable") else _window(fields))


def _window(fields: Mapping[str, str]) -> Window:
    return Window.between(_minute(fields["start"]), _minute(fields["end"]))


def _minute(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def _clear_default(tx: Tx, host_id: int) -> None:
    lock_host(tx, host_id)
    tx.execute(
        update(AvailabilitySchedule)
        .where(AvailabilitySchedule.host_id == host_id, AvailabilitySchedule.is_default)
        .values(is_default=False)
    )


def _to_json(value: list[dict[str, Any]]) -> str:
    return orjson.dumps(value).decode()
