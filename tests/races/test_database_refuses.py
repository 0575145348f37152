"""
What must never be is refused by the database itself, whichever program writes and whatever it forgot.

The connections are plain ones: nothing of Calendo is between the SQL and the database.
Times are small numbers; a booking is written ``(start, end)``, or with its blocked
time ``(blocked start, start, end, blocked end)``.
"""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from crowd import database_on
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError

from calendo.core.slots import MAX_BLOCKED_SECONDS
from parts import ENGINES

ADA, BOB = 1001, 1002
LONGEST = MAX_BLOCKED_SECONDS

_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database_on(request, tmp_path_factory.mktemp("plain"), request.param) as url:
        yield url


@pytest.fixture
def sql(url: str) -> Iterator[Connection]:
    """
    A plain connection to a database with two hosts; what a test does there is undone.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed)
    with engine.connect() as connection:
        for host in (ADA, BOB):
            _insert(
                connection,
                "users",
                id=host,
                uid=str(host),
                email=f"{host}@example.com",
                email_key=f"{host}@example.com",
                password_hash="",
                name="",
                timezone="UTC",
                created_ts=0,
            )
            _add_event_type(connection, host, f"call-{host}", id=host)
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    ("there", "new"),
    [
        pytest.param((10, 20), (10, 20), id="the same time"),
        pytest.param((10, 20), (12, 18), id="inside"),
        pytest.param((10, 20), (5, 25), id="around"),
        pytest.param((10, 20), (19, 30), id="over the end by a second"),
        pytest.param((10, 20), (0, 11), id="over the start by a second"),
        pytest.param((10, 10, 20, 25), (24, 30), id="into the buffer after"),
        pytest.param((5, 10, 20, 20), (0, 6), id="into the buffer before"),
        pytest.param((5, 10, 20, 25), (24, 30, 40, 40), id="buffer into buffer"),
        pytest.param((0, LONGEST), (LONGEST - 1, LONGEST + 9), id="into the last second of the longest"),
        pytest.param((LONGEST - 1, LONGEST + 9), (0, LONGEST), id="the longest into a first second"),
        pytest.param((0, 1, LONGEST - 1, LONGEST), (5, 6), id="deep inside the longest"),
    ],
)
@pytest.mark.parametrize("status", ["pending", "confirmed"])
def test_a_booking_that_overlaps_another_is_refused(
    sql: Connection, status: str, there: tuple[int, ...], new: tuple[int, ...]
) -> None:
    """
    Blocked times of one host never overlap, be the bookings pending or confirmed.
    """
    _add_booking(sql, ADA, there, status)

    with refused(sql, "bookings_do_not_overlap"):
        _add_booking(sql, ADA, new)


@pytest.mark.parametrize(
    ("there", "new"),
    [
        pytest.param((10, 20), (20, 30), id="right after"),
        pytest.param((10, 20), (0, 10), id="right before"),
        pytest.param((5, 10, 20, 25), (25, 30, 40, 40), id="buffer to buffer"),
        pytest.param((0, LONGEST), (LONGEST, 2 * LONGEST), id="the longest after the longest"),
    ],
)
def test_bookings_that_touch_are_accepted(
    sql: Connection, there: tuple[int, ...], new: tuple[int, ...]
) -> None:
    """
    A time that ends when the next one begins leaves that one free.
    """
    _add_booking(sql, ADA, there)

    _add_booking(sql, ADA, new)

    assert 2 == _count(sql)


@pytest.mark.parametrize("status", ["cancelled", "declined"])
def test_what_is_cancelled_or_declined_does_not_count(sql: Connection, status: str) -> None:
    """
    Such a booking blocks nothing, and may be written over one that does.
    """
    _add_booking(sql, ADA, (10, 20), status)
    _add_booking(sql, ADA, (10, 20), "confirmed")

    _add_booking(sql, ADA, (10, 20), status)

    assert 3 == _count(sql)


def test_two_hosts_may_be_booked_for_one_time(sql: Connection) -> None:
    """
    Only bookings of one and the same host exclude each other.
    """
    _add_booking(sql, ADA, (10, 20))

    _add_booking(sql, BOB, (10, 20))

    assert 2 == _count(sql)


def test_one_statement_cannot_slip_in_two_that_overlap(sql: Connection) -> None:
    """
    The rows of one INSERT are held against each other too.
    """
    _add_booking(sql, ADA, (10, 20), "cancelled")
    found = sql.execute(text("SELECT * FROM bookings"))
    columns = ", ".join(set(found.keys()) - {"id", "uid", "status"})
    copy = f"SELECT '%s', 'confirmed', {columns} FROM bookings"

    with refused(sql, "bookings_do_not_overlap"):
        sql.execute(
            text(f"INSERT INTO bookings (uid, status, {columns}) {copy % 'one'} UNION ALL {copy % 'other'}")
        )


@pytest.mark.parametrize(
    ("host", "time", "status", "change"),
    [
        pytest.param(ADA, (15, 25), "cancelled", "status = 'confirmed'", id="uncancelled"),
        pytest.param(ADA, (15, 25), "declined", "status = 'pending'", id="undeclined"),
        pytest.param(
            ADA,
            (30, 40),
            "confirmed",
            "blocked_start_ts = 19, start_ts = 19, end_ts = 29, blocked_end_ts = 29",
            id="moved",
        ),
        pytest.param(ADA, (30, 40), "pending", "blocked_start_ts = 19", id="a longer buffer before"),
        pytest.param(ADA, (0, 5), "pending", "blocked_end_ts = 11", id="a longer buffer after"),
        pytest.param(BOB, (10, 20), "confirmed", f"host_id = {ADA}", id="another host"),
        pytest.param(
            ADA,
            (30, 40),
            "cancelled",
            "status = 'confirmed', blocked_start_ts = 10, start_ts = 10, end_ts = 20, blocked_end_ts = 20",
            id="uncancelled and moved",
        ),
    ],
)
def test_a_booking_cannot_be_changed_into_one_that_overlaps(
    sql: Connection, host: int, time: tuple[int, int], status: str, change: str
) -> None:
    """
    An UPDATE of status, times or host is refused as an INSERT would be.
    """
    _add_booking(sql, ADA, (10, 20))
    changed = _add_booking(sql, host, time, status)

    with refused(sql, "bookings_do_not_overlap"):
        sql.execute(text(f"UPDATE bookings SET {change} WHERE id = {changed}"))


def test_a_booking_can_be_moved_within_its_own_time(sql: Connection) -> None:
    """
    A booking is not in its own way, nor is what it was moved next to.
    """
    _add_booking(sql, ADA, (20, 30))
    moved = _add_booking(sql, ADA, (5, 15))

    sql.execute(
        text(
            "UPDATE bookings SET blocked_start_ts = 10, start_ts = 10, end_ts = 20, blocked_end_ts = 20"
            f" WHERE id = {moved}"
        )
    )

    times = sql.execute(text("SELECT start_ts, end_ts FROM bookings ORDER BY start_ts")).all()
    assert [(10, 20), (20, 30)] == [tuple(row) for row in times]


def test_one_update_cannot_move_two_bookings_onto_each_other(sql: Connection) -> None:
    """
    The rows of one UPDATE are held against each other too.
    """
    _add_booking(sql, ADA, (10, 20))
    _add_booking(sql, ADA, (30, 40))

    with refused(sql, "bookings_do_not_overlap"):
        sql.execute(
            text("UPDATE bookings SET blocked_start_ts = 50, start_ts = 50, end_ts = 60, blocked_end_ts = 60")
        )


@pytest.mark.parametrize(
    ("time", "status", "constraint"),
    [
        pytest.param((10, 20), "tentative", "status", id="a status that there is not"),
        pytest.param((10, 20), "", "status", id="an empty status"),
        pytest.param((10, 20), None, "status", id="no status"),
        pytest.param((20, 20), "confirmed", "order", id="a start at the end"),
        pytest.param((20, 10), "cancelled", "order", id="a start after the end"),
        pytest.param((11, 10, 20, 20), "confirmed", "order", id="blocked after its start"),
        pytest.param((10, 10, 20, 19), "pending", "order", id="blocked until before its end"),
        pytest.param((0, LONGEST + 1), "confirmed", "length", id="longer than the longest"),
        pytest.param((0, 5, 6, LONGEST + 1), "declined", "length", id="blocked for too long"),
    ],
)
def test_a_booking_that_makes_no_sense_is_refused(
    sql: Connection, time: tuple[int, ...], status: str | None, constraint: str
) -> None:
    """
    Status, order of times and length are checked on INSERT, and on UPDATE as well.
    """
    changed = _add_booking(sql, ADA, (10, 20))
    times = _times(time)
    changes = ", ".join(f"{name} = {value}" for name, value in times.items())
    shown = "NULL" if status is None else f"'{status}'"

    with refused(sql, constraint):
        _add_booking(sql, BOB, time, status)
    with refused(sql, constraint):
        sql.execute(text(f"UPDATE bookings SET {changes}, status = {shown} WHERE id = {changed}"))


def test_a_host_has_one_default_schedule(sql: Connection) -> None:
    """
    A second default is refused, made as one or turned into one; another host's is no matter.
    """
    _add_schedule(sql, ADA, is_default=True)
    _add_schedule(sql, BOB, is_default=True)
    second = _add_schedule(sql, ADA, is_default=False)

    with refused(sql, "availability_schedules[._](default|host_id)"):
        _add_schedule(sql, ADA, is_default=True)
    with refused(sql, "availability_schedules[._](default|host_id)"):
        sql.execute(text(f"UPDATE availability_schedules SET is_default = true WHERE id = {second}"))


def test_a_host_has_an_event_types_slug_once(sql: Connection) -> None:
    """
    Two event types of one host have two slugs; two hosts may use the same.
    """
    _add_event_type(sql, ADA, "intro")
    _add_event_type(sql, BOB, "intro")
    other = _add_event_type(sql, ADA, "outro")

    with refused(sql, "event_types.*slug"):
        _add_event_type(sql, ADA, "intro")
    with refused(sql, "event_types.*slug"):
        sql.execute(text(f"UPDATE event_types SET slug = 'intro' WHERE id = {other}"))


def test_a_booking_pages_slug_is_there_once(sql: Connection) -> None:
    """
    No two hosts share an address, and no host has two pages.
    """
    page = {"display_name": "", "bio": "", "brand_color": "", "welcome_message": ""}
    _insert(sql, "booking_pages", host_id=ADA, slug="ada", **page)

    with refused(sql, "booking_pages.*slug"):
        _insert(sql, "booking_pages", host_id=BOB, slug="ada", **page)
    with refused(sql, "booking_pages.*host_id"):
        _insert(sql, "booking_pages", host_id=ADA, slug="ada-2", **page)
    other = _insert(sql, "booking_pages", host_id=BOB, slug="bob", **page)
    with refused(sql, "booking_pages.*slug"):
        sql.execute(text(f"UPDATE booking_pages SET slug = 'ada' WHERE id = {other}"))


def test_an_idempotency_key_is_kept_once(sql: Connection) -> None:
    """
    One key of one event type stands for one answer.
    """
    kept = {"key": "k", "body_hash": "", "answer": "{}", "created_ts": 0}
    _insert(sql, "idempotency_keys", event_type_id=ADA, **kept)
    _insert(sql, "idempotency_keys", event_type_id=BOB, **kept)

    with refused(sql, "idempotency_keys.*key"):
        _insert(sql, "idempotency_keys", event_type_id=ADA, **kept)


@contextmanager
def refused(sql: Connection, by: str) -> Iterator[None]:
    """
    See the block refused by the database, by a constraint whose name matches; undo what it did.
    """
    with pytest.raises(IntegrityError) as caught, sql.begin_nested():
        yield
    assert re.search(by, str(caught.value.orig))


def _times(time: tuple[int, ...]) -> dict[str, int]:
    blocked_start, start, end, blocked_end = time if len(time) == 4 else (time[0], *time, time[1])
    return {
        "blocked_start_ts": blocked_start,
        "start_ts": start,
        "end_ts": end,
        "blocked_end_ts": blocked_end,
    }


def _add_booking(sql: Connection, host: int, time: tuple[int, ...], status: str | None = "confirmed") -> int:
    return _insert(
        sql,
        "bookings",
        uid=f"booking {next(_numbers)}",
        host_id=host,
        event_type_id=host,
        status=status,
        invitee_name="",
        invitee_email="",
        timezone="UTC",
        answers="{}",
        created_ts=0,
        updated_ts=0,
        **_times(time),
    )


def _add_event_type(sql: Connection, host: int, slug: str, **more: Any) -> int:
    return _insert(
        sql,
        "event_types",
        host_id=host,
        name="Call",
        slug=slug,
        description="",
        color="",
        duration_minutes=30,
        buffer_before=0,
        buffer_after=0,
        min_notice_hours=0,
        max_future_days=60,
        questions="[]",
        is_active=True,
        is_secret=False,
        requires_confirmation=False,
        position=0,
        created_ts=0,
        **more,
    )


def _add_schedule(sql: Connection, host: int, *, is_default: bool) -> int:
    return _insert(
        sql,
        "availability_schedules",
        host_id=host,
        name="Hours",
        timezone="UTC",
        rules="[]",
        overrides="[]",
        is_default=is_default,
        created_ts=0,
    )


def _insert(sql: Connection, table: str, **values: Any) -> int:
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    statement = text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id")
    return int(sql.execute(statement, values).scalar_one())


def _count(sql: Connection) -> int:
    return int(sql.execute(text("SELECT COUNT(*) FROM bookings")).scalar_one())
