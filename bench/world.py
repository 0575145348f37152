"""
The world that is measured: a host open round the clock, and their bookings.

The account is made through the API, as anybody would; the bookings are written
straight into the database, since some of them lie in the past.
"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle
from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import insert, text

from bench.load import Call
from calendo.core.instants import DAY, MINUTE, Instant, get_zone, midnight
from calendo.db.engine import Database
from calendo.db.models import CONFIRMED, Booking

HOST_ZONE = "Europe/Berlin"
INVITEE_ZONE = "America/New_York"
MEETING = 10 * MINUTE
WEEK = 7 * DAY
#: Every other slot of a week.
BOOKED_A_WEEK = WEEK // MEETING // 2
_PASSWORD = "as long as it takes"


class World:
    """
    One host on one server, with so many bookings, and the calls that are measured.
    """

    def __init__(self, base: str, database_url: str, bookings: int) -> None:
        self.bookings = bookings
        self.page = f"bench-{bookings}"
        with httpx2.Client(base_url=base, timeout=60) as client:
            self._key = _sign_up(client, self.page)
            event_type_id, host_id = _open_round_the_clock(client, self._key)
        self._first_on, self._week_ts = _week_ahead()
        _fill(database_url, host_id, event_type_id, self._booked())
        self._free = self._free_starts()

    @property
    def slots(self) -> Call:
        """
        Look up the slots of the week.
        """
        return self._look_up(self._first_on, 7)

    @property
    def slots_of_a_day(self) -> Call:
        """
        Look up the slots of the week's first day.
        """
        return self._look_up(self._first_on, 1)

    @property
    def slots_in_the_past(self) -> Call:
        """
        Look up a week that is over, so that none is on offer.
        """
        return self._look_up(datetime.now(UTC).date() - timedelta(days=14), 7)

    @property
    def free_in_week(self) -> int:
        """
        How many slots of the week are left.
        """
        return WEEK // MEETING - min(self.bookings, BOOKED_A_WEEK)

    @property
    def listing(self) -> Call:
        """
        List the bookings, all of them.
        """
        return Call("/api/bookings", {"X-API-Key": self._key})

    @property
    def first_page(self) -> Call:
        """
        List the hundred latest bookings.
        """
        return Call("/api/bookings?limit=100", {"X-API-Key": self._key})

    def booking(self, calls: int) -> Call:
        """
        Book so many slots, each of them free until then.
        """
        bodies = [
            json.dumps(
                {
                    "name": "Bob Johnson",
                    # A host takes only so many bookings of one address.
                    "email": f"{uuid4().hex}@example.com",
                    "timezone": "America/New_York",
                    "start_time": _written(next(self._free)),
                }
            )
            for _ in range(calls)
        ]
        return Call(f"/api/book/{self.page}/ten", {"Content-Type": "application/json"}, bodies)

    def _look_up(self, first_on: date, days: int) -> Call:
        query = f"start={first_on}&end={first_on + timedelta(days=days - 1)}&timezone={INVITEE_ZONE}"
        return Call(f"/api/availability/{self.page}/ten?{query}")

    def _booked(self) -> list[Instant]:
        if self.bookings < BOOKED_A_WEEK:
            step = WEEK // MEETING // self.bookings * MEETING
            return [self._week_ts + number * step for number in range(self.bookings)]
        starts: list[Instant] = []
        for number in range(-(-self.bookings // BOOKED_A_WEEK)):
            # The week asked for first, then by turns those after and before it.
            away = (number + 1) // 2 * (1 if number % 2 else -1)
            week_ts = self._week_ts + away * WEEK
            starts += range(week_ts, week_ts + WEEK, 2 * MEETING)
        return starts[: self.bookings]

    def _free_starts(self) -> Iterator[Instant]:
        return count(self._week_ts + 60 * WEEK, MEETING)


def _sign_up(client: httpx2.Client, name: str) -> str:
    account = {"email": f"{name}@example.com", "password": _PASSWORD}
    _post(client, "/api/auth/register", {**account, "name": name, "timezone": HOST_ZONE})
    _post(client, "/api/auth/login", account)
    key: str = _post(client, "/api/api-keys", {"label": "bench"})["key"]
    client.cookies.clear()
    return key


def _open_round_the_clock(client: httpx2.Client, key: str) -> tuple[int, int]:
    """
    Open the host's schedule, make the event type, and return its id and the host's.
    """
    client.headers["X-API-Key"] = key
    schedule = client.get("/api/availability-schedules").raise_for_status().json()[0]
    rules = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]
    changed = client.put(f"/api/availability-schedules/{schedule['id']}", json={"rules": rules})
    changed.raise_for_status()
    ten = _post(
        client,
        "/api/event-types",
        {"name": "Ten", "duration_minutes": 10, "min_notice_hours": 0, "max_future_days": 3650},
    )
    me = client.get("/api/auth/me").raise_for_status().json()
    return ten["id"], me["id"]


def _post(client: httpx2.Client, path: str, body: Mapping[str, Any]) -> Any:
    return client.post(path, json=body).raise_for_status().json()


def _fill(database_url: str, host_id: int, event_type_id: int, starts: list[Instant]) -> None:
    now = int(time.time())
    invitees = cycle(["Bob Johnson", "Aiko Tanaka", "Lena Fischer", "Thomas Dubois"])
    rows: list[dict[str, Any]] = [
        {
            "uid": str(uuid4()),
            "host_id": host_id,
            "event_type_id": event_type_id,
            "start_ts": start,
            "end_ts": start + MEETING,
            "blocked_start_ts": start,
            "blocked_end_ts": start + MEETING,
            "status": CONFIRMED,
            "invitee_name": next(invitees),
            "invitee_email": "somebody@example.com",
            "timezone": "America/New_York",
            "locale": None,
            "notes": None,
            "answers": {},
            "reason": None,
            "created_ts": now,
            "updated_ts": now,
        }
        for start in starts
    ]
    db = Database(database_url)
    with db.write() as tx:
        tx.execute(insert(Booking), rows)
    if not db.is_sqlite:
        # Or the planner guesses until autovacuum comes by, in the middle of a run.
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
    db.close()


def _week_ahead() -> tuple[date, Instant]:
    """
    Find the first week, two weeks ahead or more, in which no clock changes.
    """
    first_on = datetime.now(UTC).date() + timedelta(days=14)
    while True:
        spans = [_span(first_on, zone) for zone in (HOST_ZONE, INVITEE_ZONE)]
        if all(end - start == WEEK for start, end in spans):
            return first_on, spans[1][0]
        first_on += timedelta(days=1)


def _span(first_on: date, name: str) -> tuple[Instant, Instant]:
    zone = get_zone(name)
    return midnight(first_on, zone), midnight(first_on + timedelta(days=7), zone)


def _written(start: Instant) -> str:
    return datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
