"""
Overrides by their dates: what is set for dates holds there, whatever was said about them before.
"""

from datetime import date
from typing import Any

import orjson
import pytest

from calendo.db.engine import Database
from calendo.errors import InvalidInput, NotFound
from calendo.ops import overrides, schedules
from calendo.ops.overrides import MAX_OVERRIDES, DateRange
from ops.making import NOW, make_host

MORNING = {"start": "09:00", "end": "12:00"}
EVENING = {"start": "18:00", "end": "20:00"}
CLOSED = {"unavailable": True}


def day(number: int) -> date:
    return date(2026, 12, number)


@pytest.mark.parametrize(
    ("before", "dates", "hours", "expected"),
    [
        ([], (24, 24), [], [{"date": "2026-12-24", **CLOSED}]),
        ([], (24, 26), [], [{"date": "2026-12-24", "until": "2026-12-26", **CLOSED}]),
        (
            [],
            (24, 24),
            [MORNING, EVENING],
            [{"date": "2026-12-24", **MORNING}, {"date": "2026-12-24", **EVENING}],
        ),
        ([{"date": "2026-12-24", **MORNING}], (24, 24), [], [{"date": "2026-12-24", **CLOSED}]),
        (
            [{"date": "2026-12-20", "until": "2026-12-30", **CLOSED}],
            (24, 25),
            [MORNING],
            [
                {"date": "2026-12-20", "until": "2026-12-23", **CLOSED},
                {"date": "2026-12-24", "until": "2026-12-25", **MORNING},
                {"date": "2026-12-26", "until": "2026-12-30", **CLOSED},
            ],
        ),
        (
            [{"date": "2026-12-23", "until": "2026-12-24", **MORNING}, {"date": "2026-12-28", **CLOSED}],
            (24, 26),
            [],
            [
                {"date": "2026-12-23", **MORNING},
                {"date": "2026-12-24", "until": "2026-12-26", **CLOSED},
                {"date": "2026-12-28", **CLOSED},
            ],
        ),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_is_set_replaces_what_was_said_of_the_dates(
    db: Database,
    before: list[dict[str, Any]],
    dates: tuple[int, int],
    hours: list[dict[str, str]],
    expected: list[dict[str, Any]],
) -> None:
    """
    A range that goes further keeps what lies outside.
    """
    with db.write() as tx:
        host = make_host(tx)
        (schedule,) = schedules.list_schedules(tx, host.id)
        schedules.change(tx, host.id, schedule.id, {"overrides": before})
        overrides.set_on(tx, host.id, schedule.id, day(dates[0]), day(dates[1]), hours)
        assert expected == orjson.loads(schedule.overrides)


def test_dates_go_back_to_their_week(db: Database) -> None:
    """
    Those that were asked for, and no others.
    """
    with db.write() as tx:
        host = make_host(tx)
        (schedule,) = schedules.list_schedules(tx, host.id)
        overrides.set_on(tx, host.id, schedule.id, day(24), day(27), [])
        overrides.clear_on(tx, host.id, schedule.id, day(25), day(31))

        assert [DateRange(day(24), day(24), ())] == overrides.list_ranges(schedule, day(1))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_ranges_are_listed_by_date_with_their_hours(db: Database) -> None:
    """
    Several windows of the same dates are one entry; what is over is left out.
    """
    with db.write() as tx:
        host = make_host(tx)
        (schedule,) = schedules.list_schedules(tx, host.id)
        overrides.set_on(tx, host.id, schedule.id, day(24), day(26), [EVENING, MORNING])
        overrides.set_on(tx, host.id, schedule.id, day(1), day(3), [])

        assert [DateRange(day(24), day(26), (MORNING, EVENING))] == overrides.list_ranges(schedule, day(4))
        assert 2 == len(overrides.list_ranges(schedule, day(3)))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_there_is_an_end_to_overrides(db: Database) -> None:
    with db.write() as tx:
        host = make_host(tx)
        (schedule,) = schedules.list_schedules(tx, host.id)
        many = [{"date": "2027-01-01", **MORNING}] * MAX_OVERRIDES
        schedules.change(tx, host.id, schedule.id, {"overrides": many})
        with pytest.raises(InvalidInput, match="at most 1000"):
            overrides.set_on(tx, host.id, schedule.id, day(24), day(24), [])


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_dates_of_others_are_not_touched(db: Database) -> None:
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx, name="Other", now=NOW)
        (schedule,) = schedules.list_schedules(tx, other.id)
        with pytest.raises(NotFound):
            overrides.set_on(tx, host.id, schedule.id, day(24), day(24), [])
