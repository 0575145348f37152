"""
Availability schedules: read as they are written, and always exactly one default.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
import pytest

from calendo.core.availability import Schedule
from calendo.core.instants import UnknownZone, get_zone
from calendo.db.engine import Database, Tx
from calendo.db.models import AvailabilitySchedule
from calendo.errors import DefaultScheduleNeeded, NotFound, ScheduleInUse
from calendo.ops import schedules
from ops.making import NOW, make_host, make_type

TUESDAYS = {"day": 2, "start": "09:00", "end": "12:00"}


def open_times(rules: Sequence[Any] = (), overrides: Sequence[Any] = (), on: str = "2026-03-10") -> list[str]:
    """
    List what a schedule in Berlin has open on a date.
    """
    schedule = parsed(rules, overrides)
    day = date.fromisoformat(on)
    return [
        "-".join(
            datetime.fromtimestamp(bound, get_zone("Europe/Berlin")).strftime("%d %H:%M") for bound in span
        )
        for span in schedule.windows(day, day)
    ]


def parsed(rules: Sequence[Any] = (), overrides: Sequence[Any] = (), zone: str = "Europe/Berlin") -> Schedule:
    return schedules.parsed(zone, orjson.dumps(rules).decode(), orjson.dumps(overrides).decode())


def defaults(tx: Tx, host_id: int) -> list[str]:
    return [row.name for row in schedules.list_schedules(tx, host_id) if row.is_default]


def make(tx: Tx, host_id: int, name: str, **fields: Any) -> AvailabilitySchedule:
    return schedules.create(tx, host_id, {"name": name, "timezone": "UTC"} | fields, NOW)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"day": 2, "start": "09:00", "end": "17:30"}, ["10 09:00-10 17:30"]),
        ({"day": 2, "start": "00:00", "end": "24:00"}, ["10 00:00-11 00:00"]),
        ({"day": 2, "start": "22:00", "end": "02:00"}, ["10 22:00-11 02:00"]),
        ({"day": 2, "start": "22:00", "end": "00:00"}, ["10 22:00-11 00:00"]),
        ({"day": 3, "start": "09:00", "end": "17:00"}, []),
    ],
)
def test_rules_are_wall_times(rule: dict[str, Any], expected: list[str]) -> None:
    """
    A rule opens its day of the week; an end before the start is one of the next date.
    """
    assert expected == open_times([rule])


@pytest.mark.parametrize("day", [0, 7])
def test_seven_is_sunday_too(day: int) -> None:
    """
    Both ways of writing Sunday are understood.
    """
    assert ["08 09:00-08 12:00"] == open_times([TUESDAYS | {"day": day}], on="2026-03-08")


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([{"date": "2026-03-10", "unavailable": True}], []),
        ([{"date": "2026-03-10", "unavailable": 1}], []),
        ([{"date": "2026-03-09", "unavailable": True}], ["10 09:00-10 12:00"]),
        ([{"date": "2026-03-09", "until": "2026-03-11", "unavailable": True}], []),
        ([{"date": "2026-03-10", "start": "14:00", "end": "15:00"}], ["10 14:00-10 15:00"]),
        (
            [{"date": "2026-03-10", "start": "14:00", "end": "15:00", "unavailable": False}],
            ["10 14:00-10 15:00"],
        ),
        (
            [
                {"date": "2026-03-10", "start": "14:00", "end": "15:00"},
                {"date": "2026-03-08", "until": "2026-03-12", "start": "08:00", "end": "08:30"},
            ],
            ["10 08:00-10 08:30", "10 14:00-10 15:00"],
        ),
        (
            [
                {"date": "2026-03-01", "until": "2026-03-31", "unavailable": True},
                {"date": "2026-03-10", "start": "14:00", "end": "15:00"},
            ],
            ["10 14:00-10 15:00"],
        ),
    ],
)
def test_overrides_hold_instead_of_rules(overrides: list[dict[str, Any]], expected: list[str]) -> None:
    """
    An override holds on its date, or until another, and several of a date add up.
    """
    assert expected == open_times([TUESDAYS], overrides)


def test_a_schedule_is_parsed_once() -> None:
    """
    The same columns give the same schedule, whoever asks; others give another one.
    """
    assert parsed([TUESDAYS]) is parsed([TUESDAYS])
    assert parsed([TUESDAYS]) is not parsed([TUESDAYS], zone="UTC")


def test_a_zone_that_is_none_is_not_parsed() -> None:
    """
    Should a zone vanish from the time zone database, that is said and not guessed over.
    """
    with pytest.raises(UnknownZone):
        parsed(zone="Europe/Atlantis")


def test_rules_and_overrides_are_kept_as_json_text(db: Database) -> None:
    """
    What the API takes as lists is kept as text, and lists left out are empty.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = make(tx, host.id, "Tuesdays", rules=[TUESDAYS])
        schedules.change(tx, host.id, made.id, {"overrides": [{"date": "2026-03-10", "unavailable": True}]})

    with db.read() as tx:
        kept = schedules.get_schedule(tx, host.id, made.id)
    assert '[{"day":2,"start":"09:00","end":"12:00"}]' == kept.rules
    assert '[{"date":"2026-03-10","unavailable":true}]' == kept.overrides


def test_a_new_default_takes_over(db: Database) -> None:
    """
    There is one default at any time, whether a new or an old schedule becomes it; other hosts keep theirs.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        plain = make(tx, host.id, "Plain")
        assert ["Working Hours"] == defaults(tx, host.id)
        make(tx, host.id, "Evenings", is_default=True)
    with db.write() as tx:
        assert ["Evenings"] == defaults(tx, host.id)
        schedules.change(tx, host.id, plain.id, {"is_default": True})
    with db.write() as tx:
        assert ["Plain"] == defaults(tx, host.id)
        schedules.change(tx, host.id, plain.id, {"is_default": True, "name": "Still"})
    with db.read() as tx:
        assert ["Still"] == defaults(tx, host.id)
        assert ["Working Hours"] == defaults(tx, other.id)


def test_the_default_cannot_be_given_up(db: Database) -> None:
    """
    The default is neither switched off nor deleted; one that is not may be told so again.
    """
    with db.write() as tx:
        host = make_host(tx)
        (default,) = schedules.list_schedules(tx, host.id)
        other = make(tx, host.id, "Other")
        with pytest.raises(DefaultScheduleNeeded):
            schedules.change(tx, host.id, default.id, {"is_default": False})
        with pytest.raises(DefaultScheduleNeeded, match="Make another one the default"):
            schedules.delete(tx, host.id, default.id)
        schedules.change(tx, host.id, other.id, {"is_default": False})

        assert ["Working Hours"] == defaults(tx, host.id)


def test_a_schedule_in_use_cannot_be_deleted(db: Database) -> None:
    """
    The refusal counts the event types, those that are off too; without any the schedule goes.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = make(tx, host.id, "Evenings")
        one = make_type(tx, host.id, schedule_id=made.id)
        with pytest.raises(ScheduleInUse, match=r"^1 event type uses"):
            schedules.delete(tx, host.id, made.id)
        two = make_type(tx, host.id, schedule_id=made.id)
        one.is_active = two.is_active = False
        with pytest.raises(ScheduleInUse, match=r"^2 event types use "):
            schedules.delete(tx, host.id, made.id)
        one.schedule_id = two.schedule_id = None

        schedules.delete(tx, host.id, made.id)

        with pytest.raises(NotFound):
            schedules.get_schedule(tx, host.id, made.id)


def test_schedules_of_somebody_else_are_not_found(db: Database) -> None:
    """
    Reading, changing and deleting them look like they were not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = make(tx, host.id, "Evenings")
        for act in (
            lambda: schedules.get_schedule(tx, other.id, made.id),
            lambda: schedules.change(tx, other.id, made.id, {"name": "Mine"}),
            lambda: schedules.delete(tx, other.id, made.id),
        ):
            with pytest.raises(NotFound):
                act()
        assert "Evenings" == schedules.get_schedule(tx, host.id, made.id).name
