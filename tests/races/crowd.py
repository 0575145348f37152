"""
A crowd of callers: calls that reach several servers in one instant, and whether the books balance after.
"""

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import text

from calendo.core.instants import DAY, Instant, written, written_iso
from calendo.db.engine import Database
from calendo.db.schema import migrate
from parts import FULL, Postgres, Server, start_server

SERVERS = 3 if FULL else 2
#: The status of a call that got no answer, since the server died.
UNANSWERED = 0

_PATIENCE_SECONDS = 120
_OPEN_ROUND_THE_CLOCK = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]

# Which message may come at which status of a booking, and the status it leads to.
_STORY = {
    (None, "booking.requested"): "pending",
    (None, "booking.created"): "confirmed",
    ("pending", "booking.created"): "confirmed",
    ("pending", "booking.declined"): "declined",
    ("pending", "booking.cancelled"): "cancelled",
    ("confirmed", "booking.cancelled"): "cancelled",
    ("pending", "booking.rescheduled"): "pending",
    ("confirmed", "booking.rescheduled"): "confirmed",
}


@dataclass(frozen=True)
class Call:
    """
    One call of the API.
    """

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """
    What came back; ``seconds`` is how long it took, 0 where nobody listened.
    """

    status: int
    body: Any
    headers: Mapping[str, str]
    seconds: float

    @property
    def code(self) -> str | None:
        """
        The error's code, if it is an error.
        """
        return self.body.get("code") if isinstance(self.body, dict) else None


async def exchange(url: str, call: Call, start: asyncio.Barrier | None = None) -> Answer:
    """
    Make a call on a connection of its own; with ``start`` send it when all have connected.
    """
    address = urlsplit(url)
    try:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:
        assert start is None, "a server does not listen"
        return Answer(UNANSWERED, None, {}, 0)
    if start is not None:
        await start.wait()
    began = time.perf_counter()
    try:
        writer.write(_request(address.netloc, call))
        raw = await reader.read()
    except OSError:
        raw = b""
    finally:
        writer.close()
    return _answer(raw, time.perf_counter() - began)


def all_at_once(
    urls: Sequence[str], calls: Sequence[Call], sent: threading.Event | None = None
) -> list[Answer]:
    """
    Send calls in one instant, in turn to the servers at ``urls``; the answers are in the calls' order.

    ``sent`` is set when all are connected and on their way.
    """

    async def rush() -> list[Answer]:
        start = asyncio.Barrier(len(calls) + 1)
        async with asyncio.timeout(_PATIENCE_SECONDS), asyncio.TaskGroup() as group:
            answers = [
                group.create_task(exchange(urls[place % len(urls)], call, start))
                for place, call in enumerate(calls)
            ]
            await start.wait()
            if sent is not None:
                sent.set()
        return [answer.result() for answer in answers]

    return asyncio.run(rush())


def send(urls: Sequence[str], calls: Sequence[Call]) -> "Future[list[Answer]]":
    """
    Send calls that a lock holds up, and return while they wait.
    """
    pool = ThreadPoolExecutor(1)
    sent = threading.Event()
    answers = pool.submit(all_at_once, urls, calls, sent)
    pool.shutdown(wait=False)
    assert sent.wait(_PATIENCE_SECONDS)
    time.sleep(1)
    assert not answers.done()
    return answers


def _request(host: str, call: Call) -> bytes:
    body = b"" if call.body is None else json.dumps(call.body).encode()
    lines = [f"{call.method} {call.path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in call.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _answer(raw: bytes, seconds: float) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
    if not body or len(body) < int(headers.get("content-length", "0")):
        return Answer(UNANSWERED, None, {}, seconds)
    value = json.loads(body) if headers["content-type"] == "application/json" else body.decode()
    return Answer(int(first.split()[1]), value, headers, seconds)


class Site:
    """
    Servers over one database, and a host there who is in UTC and open round the clock.
    """

    def __init__(self, database_url: str, folder: Path) -> None:
        self.settings = {
            "CALENDO_DATABASE_URL": database_url,
            "CALENDO_DATA_DIR": str(folder),
            "CALENDO_SECRET_KEY": "a key that only the tests use",
            "CALENDO_RATE_LIMIT_PUBLIC": "1000000/minute",
            "CALENDO_RATE_LIMIT_USER": "1000000/minute",
            "CALENDO_TRUSTED_PROXIES": "127.0.0.1",
            # As servers side by side have it: their links are the same, whichever answers.
            "CALENDO_PUBLIC_URL": "http://calendo.test",
        }
        self.db = Database(database_url)
        self.engine = "sqlite" if self.db.is_sqlite else "postgresql"
        self.servers: list[Server] = []
        self.host_id = 0
        self.slug = ""
        self._credential: dict[str, str] = {}
        self._days = itertools.count(2)

    @property
    def urls(self) -> list[str]:
        """
        The addresses of the servers that run.
        """
        return [server.url for server in self.servers]

    def start(self, count: int) -> None:
        """
        Start more servers, all at the same time.
        """
        if count == 0:
            return
        with ThreadPoolExecutor(count) as pool:
            starting = [pool.submit(start_server, self.settings) for _ in range(count)]
        self.servers += [each.result() for each in starting if each.exception() is None]
        for each in starting:
            each.result()

    def kill(self, server: Server) -> None:
        """
        End a server as a power cut would.
        """
        self.servers.remove(server)
        server.kill()

    def close(self) -> None:
        """
        End the servers that run.
        """
        for server in list(self.servers):
            self.kill(server)
        self.db.close()

    def sign_up(self, name: str = "Jane Smith") -> None:
        """
        Make a host; the calls from here on are this one's, and so are the booking page and its bookings.
        """
        account = {"email": f"{uuid4().hex}@example.com", "password": "securepass123"}
        made = self.do("POST", "/api/auth/register", account | {"name": name, "timezone": "UTC"})
        self.host_id, self.slug = made["user"]["id"], made["bookingSlug"]
        cookie = self.ask("POST", "/api/auth/login", account).headers["set-cookie"].partition(";")[0]
        self._credential = {"Cookie": cookie}
        self._credential = {"X-API-Key": self.do("POST", "/api/api-keys", {"label": "races"})["key"]}
        (schedule,) = self.do("GET", "/api/availability-schedules")
        self.do("PUT", f"/api/availability-schedules/{schedule['id']}", {"rules": _OPEN_ROUND_THE_CLOCK})

    def own(self, method: str, path: str, body: Any = None) -> Call:
        """
        A call that the host makes.
        """
        return Call(method, path, body, self._credential)

    def booking(self, event: str, start: Instant, **headers: str) -> Call:
        """
        A call by which an invitee books a time.
        """
        wanted = {"name": "Bob", "email": f"bob{start}@example.com", "start_time": written_iso(start)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Call("POST", f"/api/book/{self.slug}/{event}", wanted, named)

    def rush(self, calls: Sequence[Call]) -> list[Answer]:
        """
        Make calls in one instant, spread over the servers.
        """
        return all_at_once(self.urls, calls)

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """
        Make one call as the host.
        """
        return asyncio.run(exchange(self.urls[0], self.own(method, path, body)))

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """
        Make one call as the host, and see that it is accepted.
        """
        answer = self.ask(method, path, body)
        assert answer.status in {200, 201}, answer
        return answer.body

    def event_type(self, name: str, **fields: Any) -> str:
        """
        Make an event type that can be booked without notice and for years, and return its slug.
        """
        made = {"name": name, "min_notice_hours": 0, "max_future_days": 3650} | fields
        slug: str = self.do("POST", "/api/event-types", made)["slug"]
        return slug

    def book(self, event: str, starts: Sequence[Instant]) -> list[int]:
        """
        Book times that are free, and return the bookings' ids.
        """
        answers = self.rush([self.booking(event, start) for start in starts])
        assert {201} == {answer.status for answer in answers}, answers
        ids = dict(self.rows("SELECT uid, id FROM bookings"))
        return [ids[answer.body["booking"]["uid"]] for answer in answers]

    def free_days(self, count: int) -> list[Instant]:
        """
        Noon, in UTC, of days that were not given out before.
        """
        today = int(time.time()) // DAY * DAY
        return [today + day * DAY + DAY // 2 for day in itertools.islice(self._days, count)]

    def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """
        Look into the database.
        """
        with self.db.read() as tx:
            return [tuple(row) for row in tx.execute(text(sql), parameters)]


@contextmanager
def database_on(
    request: pytest.FixtureRequest, folder: Path, engine: str, *, migrated: bool = True
) -> Iterator[str]:
    """
    Make a fresh database for as long as the block lasts; its URL.
    """
    if engine == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.make(migrated=migrated)
        yield url
        postgres.drop(url)
        return
    url = f"sqlite:///{folder / 'calendo.db'}"
    if migrated:
        db = Database(url)
        migrate(db)
        db.close()
    yield url


@contextmanager
def site_on(
    request: pytest.FixtureRequest,
    folders: pytest.TempPathFactory,
    *,
    servers: int,
    migrated: bool = True,
) -> Iterator[Site]:
    """
    Run servers over a fresh database of the engine that is the parameter of a fixture.
    """
    folder = folders.mktemp(request.param)
    with database_on(request, folder, request.param, migrated=migrated) as url:
        site = Site(url, folder)
        try:
            site.start(servers)
            yield site
        finally:
            site.close()


def see_that_the_books_balance(site: Site) -> None:
    """
    See that no two bookings overlap, and that each one's messages tell what happened to it, to the end.
    """
    blocking = site.rows(
        "SELECT host_id, blocked_start_ts, blocked_end_ts FROM bookings"
        " WHERE status IN ('pending', 'confirmed') ORDER BY host_id, blocked_start_ts"
    )
    overlaps = [
        (former, later)
        for former, later in itertools.pairwise(blocking)
        if former[0] == later[0] and later[1] < former[2]
    ]
    assert [] == overlaps

    told = defaultdict(list)
    for booking_id, topic, payload in site.rows(
        "SELECT booking_id, topic, payload FROM messages ORDER BY id"
    ):
        told[booking_id].append((topic, json.loads(payload)["data"]["booking"]))
    for booking_id, uid, status, start_ts in site.rows("SELECT id, uid, status, start_ts FROM bookings"):
        story = told.pop(booking_id, [])
        topics = [topic for topic, _ in story]
        reached = None
        for topic, shown in story:
            reached = _STORY.get((reached, topic))
            assert (uid, reached) == (shown["uid"], shown["status"]), topics
        assert status == reached, topics
        assert written(start_ts) == story[-1][1]["start_time"], topics
    assert {} == told
