"""
Servers start together, say whether they are ready, survive a database that is away, and end in time.
"""

import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from crowd import (
    Answer,
    Call,
    Site,
    all_at_once,
    database_on,
    see_that_the_books_balance,
    send,
    site_on,
)
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from calendo.core.instants import HOUR
from calendo.db.engine import Database
from calendo.db.schema import SchemaState, migrate
from parts import ENGINES, FULL, Server

pytestmark = pytest.mark.prove

ROUNDS = 10 if FULL else 2
#: How long a server that was asked to end may take.
GRACE_SECONDS = 15

#: How long a call may wait for a lock that stays.
PATIENCE_SECONDS = 12

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
def test_of_many_that_find_the_database_empty_one_sets_it_up(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine: str
) -> None:
    """
    Eight come in one instant, on connections of their own: the others wait and find it current.
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


@pytest.mark.parametrize("pair", ["postgresql"], indirect=True)
def test_while_postgresql_is_away_calls_are_told_to_come_back(site: Site) -> None:
    """
    503 in the error shape, for calls in flight too; the processes live, and work at once when it is back.
    """
    event = site.event_type("Call")
    first, second = site.free_days(2)
    calls = [site.booking(event, second), site.own("GET", "/api/bookings"), look_up(site, event)] * 2
    with away_from(site) as leave:
        with suppress(OperationalError), held(site):
            cut = send(site.urls, [site.booking(event, first + hour * HOUR) for hour in range(6)])
            leave()
        away = all_at_once(site.urls, [READY, READY, ALIVE, ALIVE, *calls])

    assert {(503, "unavailable", "2")} == told(cut.result())
    assert [503, 503, 200, 200] == statuses(away[:4])
    assert {(503, "unavailable", "2")} == told(away[4:])
    back = all_at_once(site.urls, [READY, READY, *calls])
    assert [200, 200, 200, 200, 200, 200, 201, 409] == sorted(statuses(back))
    see_that_the_books_balance(site)


@pytest.mark.parametrize("pair", ["postgresql"], indirect=True)
def test_connections_that_broke_while_nobody_called_are_replaced(site: Site) -> None:
    """
    PostgreSQL was started again over night: the first calls in the morning work as if nothing had been.
    """
    event = site.event_type("Call")
    (noon,) = site.free_days(1)
    bookings = [site.booking(event, noon + place * HOUR) for place in range(4)]
    reads = [READY, site.own("GET", "/api/bookings"), look_up(site, event)] * 4
    assert {200} == set(statuses(all_at_once(site.urls, reads)))

    with away_from(site) as leave:
        leave()

    assert {201} == set(statuses(all_at_once(site.urls, bookings)))
    assert {200} == set(statuses(all_at_once(site.urls, reads)))


def test_a_lock_that_stays_holds_up_nobody_for_long(site: Site) -> None:
    """
    Who needs it is told to come back, however many queue up; who only reads does not wait.

    And a server that is asked to end does so, though a body that it waits for never comes either.
    """
    event = site.event_type("Call")
    (noon,) = site.free_days(1)
    bookings = [site.booking(event, noon + place * HOUR) for place in range(12)]
    reads = [READY, READY, ALIVE, ALIVE, *[look_up(site, event), site.own("GET", "/api/bookings")] * 2]
    urls = site.urls
    with another_server(site) as ending, connection_to(ending) as dawdler:
        dawdler.sendall(
            b"POST /api/auth/login HTTP/1.1\r\nHost: calendo.test\r\nContent-Length: 1000\r\n\r\n{"
        )
        with held(site):
            waiting = send([*urls, ending.url], bookings)
            ending.process.send_signal(signal.SIGTERM)
            meanwhile = all_at_once(urls, reads)
            assert not waiting.done()
            assert 0 == ending.process.wait(timeout=GRACE_SECONDS)
            answers = waiting.result()

    assert {200} == set(statuses(meanwhile))
    assert {(503, "unavailable", "2")} == told(answers)
    assert max(answer.seconds for answer in answers) < PATIENCE_SECONDS
    assert {201} == set(statuses(all_at_once(urls, bookings)))
    see_that_the_books_balance(site)


def test_a_server_that_is_asked_to_end_finishes_its_calls(site: Site) -> None:
    """
    After SIGTERM it takes no new connection, answers what is in flight, and exits with 0.
    """
    event = site.event_type("Call")
    (noon,) = site.free_days(1)
    with another_server(site) as server, connection_to(server) as idle:
        with held(site):
            answers = send([server.url], [site.booking(event, noon + place * HOUR) for place in range(8)])
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            assert server.process.poll() is None
            with pytest.raises(ConnectionRefusedError):
                connection_to(server)

        assert {201} == set(statuses(answers.result()))
        assert 0 == server.process.wait(timeout=GRACE_SECONDS)
        assert b"" == idle.recv(1)
    see_that_the_books_balance(site)


def look_up(site: Site, event: str) -> Call:
    return Call("GET", f"/api/availability/{site.slug}/{event}?start=2026-03-02&end=2026-03-03")


@contextmanager
def held(site: Site) -> Iterator[None]:
    """
    Hold what everybody needs who books with the host: on SQLite the database, else the host's row.
    """
    with site.db.write() as tx:
        tx.execute(text("UPDATE users SET name = name WHERE id = :host"), {"host": site.host_id})
        yield


@contextmanager
def away_from(site: Site) -> Iterator[Callable[[], None]]:
    """
    Give a way to cut the site off from its PostgreSQL database; it is let in again when the block ends.
    """
    url = make_url(site.settings["CALENDO_DATABASE_URL"])
    admin = create_engine(
        url.set(drivername="postgresql+psycopg", database="postgres"), isolation_level="AUTOCOMMIT"
    )

    def leave() -> None:
        with admin.connect() as sql:
            sql.execute(text(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS false"))
            sql.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                {"name": url.database},
            )

    try:
        yield leave
    finally:
        with admin.connect() as sql:
            sql.execute(text(f"ALTER DATABASE {url.database} WITH ALLOW_CONNECTIONS true"))
        admin.dispose()


@contextmanager
def another_server(site: Site) -> Iterator[Server]:
    """
    Start one more server, which the test ends.
    """
    site.start(1)
    server = site.servers[-1]
    try:
        yield server
    finally:
        site.kill(server)


def connection_to(server: Server) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=GRACE_SECONDS)


def set_version(site: Site, version: str) -> None:
    with site.db.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def statuses(answers: Sequence[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def told(answers: Sequence[Answer]) -> set[tuple[int, str | None, str | None]]:
    return {(answer.status, answer.code, answer.headers.get("retry-after")) for answer in answers}
