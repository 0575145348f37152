"""
Servers start together, say whether they are ready, survive a database that is away, and end in time.
"""

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, make_url, text

from calendo.core.instants import HOUR, MINUTE, Instant
from calendo.db.engine import Database
from calendo.db.schema import SchemaState, migrate, schema_state
from crowd import FULL, Answer, Call, Site, all_at_once, database_on, see_that_the_books_balance, site_on
from parts import ENGINES, Server

pytestmark = pytest.mark.prove

ROUNDS = 10 if FULL else 2
#: How long a server that was asked to end may take.
GRACE_SECONDS = 15

READY = Call("GET", "/readyz")
ALIVE = Call("GET", "/healthz")


@pytest.fixture(scope="module", params=ENGINES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """
    Two servers that were started at once, on an empty database.
    """
    with site_on(request, tmp_path_factory, servers=2, migrated=False) as site:
        yield site


@pytest.fixture
def site(pair: Site) -> Site:
    pair.sign_up()
    return pair


def test_two_servers_that_start_at_once_on_an_empty_database_both_come_up(pair: Site) -> None:
    """
    One of them makes the tables, the other finds them.
    """
    assert [200, 200] == statuses(all_at_once(pair.urls, [READY, READY]))
    assert ["Calendo listens on"] * 2 == [server.output[0].partition(" http")[0] for server in pair.servers]
    assert 1 == len(pair.rows("SELECT version_num FROM alembic_version"))


@pytest.mark.parametrize("engine", ENGINES)
def test_processes_that_find_a_database_empty_migrate_it_once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: str
) -> None:
    """
    Of eight that come in one instant one sets the database up; the others wait and find it current.
    """
    starters = 8
    for _ in range(ROUNDS):
        folder = tmp_path_factory.mktemp("empty")
        with database_on(request, folder, engine, migrated=False) as url:
            start = Barrier(starters)

            def come(url: str = url, start: Barrier = start) -> SchemaState:
                db = Database(url)
                start.wait()
                try:
                    return migrate(db, only_if_empty=True)
                finally:
                    db.close()

            with ThreadPoolExecutor(starters) as pool:
                found = [each.result() for each in [pool.submit(come) for _ in range(starters)]]

            assert 1 == found.count(SchemaState.EMPTY)
            assert starters - 1 == found.count(SchemaState.CURRENT)


def test_readyz_tells_that_the_schema_is_not_current(site: Site) -> None:
    """
    Both servers say 503 while the database is of another version, live meanwhile, and are ready after.
    """
    ((version,),) = site.rows("SELECT version_num FROM alembic_version")
    try:
        set_version(site, "9999")
        answers = all_at_once(site.urls, [READY, READY, ALIVE, ALIVE])
    finally:
        set_version(site, version)

    assert [503, 503, 200, 200] == statuses(answers)
    assert {"status": "unavailable", "reason": "The schema is newer."} == answers[0].body
    assert [200, 200] == statuses(all_at_once(site.urls, [READY, READY]))


def test_calls_are_told_to_come_back_while_postgresql_is_away(site: Site) -> None:
    """
    503 in the error shape, for calls in flight too; the processes live, and work again at once after.
    """
    if site.engine == "sqlite":
        # A file is never away; what can keep SQLite's from us is a lock, see below.
        return
    event = site.event_type("Call")
    noons = site.free_days(2)
    path = f"/api/availability/{site.slug}/{event}?start=2026-03-02&end=2026-03-03"
    calls = [
        site.booking(event, noons[1]),
        site.own("GET", "/api/bookings"),
        Call("GET", path),
    ] * 2
    with postgresql_away(site) as leave:
        with held(site), in_flight(site.urls, [site.booking(event, noons[0] + n * HOUR) for n in range(6)]) as cut:
            leave()
        away = all_at_once(site.urls, [READY, READY, ALIVE, ALIVE, *calls])

    assert {503} == set(statuses(cut.result()))
    assert [503, 503, 200, 200] == statuses(away[:4])
    assert {(503, "unavailable", "2")} == {
        (answer.status, answer.code, answer.headers["retry-after"]) for answer in away[4:]
    }
    back = all_at_once(site.urls, [READY, READY, *calls])
    assert [200, 200] == statuses(back[:2])
    assert [200, 200, 200, 200, 201, 409] == sorted(statuses(back[2:]))
    see_that_the_books_balance(site)
