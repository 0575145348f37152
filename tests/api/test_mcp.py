"""
The MCP server, called by the protocol's own client on a server in a process of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.db.schema import migrate
from calendo.ops import api_keys, schedules
from calendo.settings import Settings
from calendo.web.mcp.server import allowed_callers
from ops.making import make_host, make_type
from parts import Server, start_server

_ALWAYS = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
_ACCEPT = {"Accept": "application/json, text/event-stream"}
#: Both generations of the protocol: with a handshake, and without.
modes = pytest.mark.parametrize("mode", ["legacy", "auto"])


class Running:
    """
    A server, a host with two event types on it, and the host's key.
    """

    def __init__(self, server: Server, key: str) -> None:
        self.url = server.url
        self.key = key
        self.day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()

    def talk(
        self, act: Callable[[Client], Awaitable[Any]], *, key: str | None = None, mode: str = "auto"
    ) -> Any:
        """
        Connect, let ``act`` use the client, and return what it returns.
        """

        async def connect() -> Any:
            headers = {} if key is None else {"Authorization": f"Bearer {key}"}
            async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
                transport = streamable_http_client(f"{self.url}/mcp", http_client=http)
                async with Client(transport, mode=mode) as client:
                    return await act(client)

        return asyncio.run(connect())

    def use(self, tool: str, *, key: str | None = None, mode: str = "auto", **arguments: Any) -> Any:
        """
        Call a tool that has to succeed.
        """
        result = self.talk(lambda client: client.call_tool(tool, arguments), key=key, mode=mode)
        assert not result.is_error, result.content
        return result.structured_content

    def refused(self, tool: str, *, key: str | None = None, **arguments: Any) -> str:
        """
        Call a tool that has to be refused, and return what it says.
        """
        result = self.talk(lambda client: client.call_tool(tool, arguments), key=key)
        assert result.is_error, result.structured_content
        return str(result.content[0].text)

    def post(self, headers: dict[str, str], body: Any = CALL) -> httpx2.Response:
        """
        Call without a client.
        """
        return httpx2.post(f"{self.url}/mcp", json=body, headers={**_ACCEPT, **headers}, timeout=30)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("mcp")
    db = Database(f"sqlite:///{folder / 'calendo.db'}")
    migrate(db)
    now = int(datetime.now(UTC).timestamp())
    with db.write() as tx:
        host = make_host(tx, now=now)
        schedules.change(tx, host.id, schedules.get_default(tx, host.id).id, {"rules": _ALWAYS})
        make_type(tx, host.id, now=now, location="https://meet.example.com/jane")
        make_type(tx, host.id, now=now, name="Hush", is_secret=True)
        _, key = api_keys.create(tx, host.id, "assistant", None, now)
    db.close()
    server = start_server({"CALENDO_DATA_DIR": str(folder), "CALENDO_RATE_LIMIT_PUBLIC": "100000/minute"})
    yield Running(server, key)
    assert server.stop() == 0


@modes
def test_the_tools_are_listed(running: Running, mode: str) -> None:
    """
    Four tools, of which one changes something.
    """
    tools = running.talk(lambda client: client.list_tools(), mode=mode).tools

    assert ["list_event_types", "find_slots", "book", "list_bookings"] == [tool.name for tool in tools]
    assert ["book"] == [tool.name for tool in tools if not tool.annotations.read_only_hint]
    assert all(tool.description and tool.input_schema and tool.output_schema for tool in tools)


@modes
def test_an_assistant_books_a_meeting(running: Running, mode: str) -> None:
    """
    From the page to a booking: what is listed can be booked, and then is not listed any more.
    """
    page = running.use("list_event_types", page="jane-smith", mode=mode)
    assert ("Jane Smith", ["call"]) == (page["display_name"], [each["slug"] for each in page["event_types"]])
    asked = {"page": "jane-smith", "event_type": "call", "start_date": running.day, "end_date": running.day}
    found = running.use("find_slots", **asked, timezone="Europe/Berlin", mode=mode)
    slot = found["dates"][running.day][0]
    invitee = {"name": "Ada", "email": f"ada-{mode}@example.com", "timezone": "Europe/Berlin"}
    wanted = {"page": "jane-smith", "event_type": "call", "start_time": slot["start_time"], **invitee}

    booking = running.use("book", **wanted, mode=mode)

    assert "confirmed" == booking["status"]
    assert slot["start_time"] == booking["start_time"].replace(" ", "T") + "Z"
    assert 200 == httpx2.get(booking["manage_url"]).status_code
    assert slot not in running.use("find_slots", **asked, timezone="Europe/Berlin")["dates"][running.day]
    assert "slot_unavailable" in running.refused("book", **wanted)
    (listed,) = (
        each
        for each in running.use("list_bookings", key=running.key, mode=mode)["bookings"]
        if each["uid"] == booking["uid"]
    )
    assert invitee["email"] == listed["invitee_email"]


def test_bookings_are_listed_with_a_key_only(running: Running) -> None:
    """
    Without a key there are none; a wrong key is refused before anything else is.
    """
    assert "unauthenticated" in running.refused("list_bookings")
    assert [] == running.use("list_bookings", key=running.key, status="declined")["bookings"]
    assert [] == running.use("list_bookings", key=running.key, starts_to="2026-01-01")["bookings"]
    assert "starts_from" in running.refused("list_bookings", key=running.key, starts_from="soon")
    wrong = running.key[:-1] + ("1" if running.key.endswith("0") else "0")
    for headers in ({"Authorization": f"Bearer {wrong}"}, {"X-API-Key": "cal_none"}):
        answer = running.post(headers)
        assert (401, "unauthenticated") == (answer.status_code, answer.json()["code"])


def test_a_cookie_is_no_key(running: Running) -> None:
    """
    Browsers send cookies along unasked, so at this address they count for nothing.
    """
    call = {**CALL, "method": "tools/call", "params": {"name": "list_bookings", "arguments": {}}}

    answer = running.post({"Cookie": "session=whatever"}, call)

    assert answer.json()["result"]["isError"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"page": "nobody"}, "not_found"),
        ({"event_type": "nothing"}, "not_found"),
        ({"page": "No Slug"}, "page"),
        ({"start_date": "soon"}, "start_date"),
        ({"end_date": "2026-02-30"}, "no such date"),
        ({"end_date": "2020-01-01"}, "before start_date"),
        ({"end_date": "9999-12-31"}, "31 days"),
        ({"start_date": "9999-12-31", "end_date": "9999-12-31"}, ""),
        ({"timezone": "Mars/Base"}, "IANA"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said(arguments: dict[str, str], told: str, running: Running) -> None:
    """
    Wrong arguments are named, and what is not there is not found.
    """
    asked = {"page": "jane-smith", "event_type": "call", "start_date": running.day, "end_date": running.day}
    if told:
        assert told in running.refused("find_slots", **asked | arguments)
    else:
        assert {} == running.use("find_slots", **asked | arguments)["dates"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"email": "no address"}, "email"),
        ({"name": " "}, "name"),
        ({"start_time": "tomorrow"}, "start_time"),
        ({"start_time": "2026-01-01T00:00:00Z"}, "slot_unavailable"),
        ({"answers": {"unknown": "x"}}, "answers"),
    ],
    ids=str,
)
def test_a_booking_is_refused_as_the_api_refuses_it(
    wrong: dict[str, Any], told: str, running: Running
) -> None:
    """
    The fields are those of the API, and nothing half right is booked.
    """
    wanted = {
        "page": "jane-smith",
        "event_type": "call",
        "start_time": f"{running.day}T22:00:00Z",
        "name": "Ada",
        "email": "ada@example.com",
    }

    assert told in running.refused("book", **wanted | wrong)


def test_a_secret_event_type_is_booked_by_those_who_know_it(running: Running) -> None:
    """
    As in the API: it is not listed, and can be found by its slug.
    """
    asked = {"page": "jane-smith", "event_type": "hush", "start_date": running.day, "end_date": running.day}

    assert running.use("find_slots", **asked)["dates"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.test"}, 421),
        ({"Host": "127.0.0.1.evil.test"}, 421),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Accept": "text/html"}, 406),
        ({"Content-Type": "text/plain"}, 415),
        ({}, 200),
    ],
    ids=str,
)
def test_who_calls_from_where_is_looked_at(headers: dict[str, str], status: int, running: Running) -> None:
    """
    A page on another site cannot call, under whatever name it reaches this address.
    """
    assert status == running.post(headers).status_code


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
def test_only_posts_are_taken(method: str, running: Running) -> None:
    """
    There are no streams to open and no sessions to end.
    """
    answer = httpx2.request(method, f"{running.url}/mcp")

    assert (405, "POST") == (answer.status_code, answer.headers["allow"])


def test_bodies_are_as_strict_as_the_apis(running: Running) -> None:
    """
    What is too large, too deep or no JSON is refused as by the API, in its form.
    """
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    huge = httpx2.post(
        f"{running.url}/mcp", content=b" " * 70_000, headers={"Content-Type": "application/json"}
    )
    nul = {**CALL, "method": "tools/call", "params": {"name": "book", "arguments": {"page": "a\0b"}}}
    broken = httpx2.post(f"{running.url}/mcp", content=b"{", headers={"Content-Type": "application/json"})

    assert "body_too_large" == huge.json()["code"]
    assert "nested_too_deep" == running.post({}, deep).json()["code"]
    assert "invalid_input" == broken.json()["code"]
    assert "NUL" in running.post({}, nul).json()["error"]


def test_the_public_address_is_a_name_to_call() -> None:
    """
    With a public URL its name is taken, and pages of that site may call; else this machine's alone.
    """
    public = allowed_callers(Settings(public_url="https://meet.example.com/"))
    ported = allowed_callers(Settings(public_url="http://calendo.lan:8000"))

    assert "meet.example.com" in public.allowed_hosts
    assert ["https://meet.example.com"] == public.allowed_origins
    assert "calendo.lan:8000" in ported.allowed_hosts
    assert ["http://calendo.lan:8000"] == ported.allowed_origins
    assert not any("example" in host for host in allowed_callers(Settings()).allowed_hosts)


def test_calls_count_for_the_address(tmp_path: Path) -> None:
    """
    With a key or without: a key tells who asks, and does not let anybody ask more often.
    """
    db = Database(f"sqlite:///{tmp_path / 'calendo.db'}")
    migrate(db)
    settings = Settings(
        data_dir=tmp_path,
        secret_key="a key that only the tests use",
        public_url="http://calendo.test",
        rate_limit_public="3/minute",
    )
    with TestClient(create_app(settings, db), base_url="http://calendo.test") as client:
        statuses = [
            client.post("/mcp", json=CALL, headers={**_ACCEPT, **headers}).status_code
            for headers in ({}, {"X-API-Key": "cal_x"}, {}, {}, {"Authorization": "Bearer cal_x"})
        ]

    assert [200, 401, 200, 429, 429] == statuses
