"""
Parts alone: the slot function without a server, and a commit without a program around it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from sqlalchemy import text

from calendo.core.availability import Rule, Schedule, Window
from calendo.core.instants import HOUR, MINUTE, get_zone, midnight
from calendo.core.slots import SlotRule, find_slots, offered
from calendo.db.engine import Database

_ZONE = "America/New_York"
_FIRST_ON = date(2026, 3, 2)  # a Monday; the clocks change within the 60 days
_DAYS = 60
_BOOKINGS = 500


@dataclass(frozen=True, slots=True)
class Timing:
    """
    What many calls took, in milliseconds.
    """

    fastest_ms: float
    median_ms: float


def time_find_slots(repeats: int) -> tuple[Timing, Timing]:
    """
    Time ``find_slots`` over windows made before, and ``offered``, which makes them first.

    60 days, Monday to Friday 9 to 17, 30 minutes, 500 bookings.
    """
    zone = get_zone(_ZONE)
    schedule = Schedule(zone, [Rule(day, Window(9 * 60, 17 * 60)) for day in range(1, 6)])
    rule = SlotRule(duration_minutes=30, max_future_days=365)
    last_on = _FIRST_ON + timedelta(days=_DAYS - 1)
    asked = (midnight(_FIRST_ON, zone), midnight(last_on + timedelta(days=1), zone))
    now = asked[0] - 24 * HOUR
    windows = list(schedule.windows(_FIRST_ON, last_on))
    every = find_slots(rule, windows, [], asked)
    # Spread evenly, so that few free times stand side by side.
    taken = [every[number * len(every) // _BOOKINGS] for number in range(_BOOKINGS)]
    blocked = [(start, start + 30 * MINUTE) for start in taken]
    free = find_slots(rule, windows, blocked, asked)
    assert len(every) - _BOOKINGS == len(free)
    assert free == offered(rule, schedule, blocked, asked, now)
    return (
        _timed(lambda: find_slots(rule, windows, blocked, asked), repeats),
        _timed(lambda: offered(rule, schedule, blocked, asked, now), repeats),
    )


def commits_per_second(database_url: str, seconds: float) -> float:
    """
    Count how often one row can be written for good, one after the other.
    """
    db = Database(database_url)
    with db.write() as tx:
        tx.execute(text("CREATE TABLE scratch (id BIGINT, note TEXT)"))
    made, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with db.write() as tx:
            tx.execute(
                text("INSERT INTO scratch VALUES (:id, 'a row as short as a row can be')"), {"id": made}
            )
        made += 1
    db.close()
    return made / seconds


def _timed(call: Callable[[], object], repeats: int) -> Timing:
    took = []
    for _ in range(repeats):
        since = time.perf_counter()
        call()
        took.append((time.perf_counter() - since) * 1000)
    return Timing(min(took), median(took))
