"""
The world that the reference's calls take for granted: a server, and Jane Smith on it.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import curl
import pytest
from curl import Answer

import parts
from calendo.db.engine import Database
from calendo.db.schema import migrate

#: The address in the reference's calls, which a server of our own takes the place of.
DOCUMENTED_BASE = "https://calendo.dev/api"

#: ``2026-03-10 14:00:00``, always UTC.
WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK_TIME = re.compile(r"\d\d:\d\d")

REGISTER = """
curl -X POST https://calendo.dev/api/auth/register \\
-H "Content-Type: application/json" \\
-d '{
"email": "you@example.com",
"password": "securepass123",
"name": "Jane Smith"
}'
"""
LOG_IN = """
curl -X POST https://calendo.dev/api/auth/login \\
-H "Content-Type: application/json" \\
-d '{"email": "you@example.com", "password": "securepass123"}'
"""
CREATE_EVENT_TYPE = """
curl -X POST https://calendo.dev/api/event-types \\
-H "Content-Type: application/json" \\
-H "X-API-Key: cal_your_api_key" \\
-d '{
"name": "30 Minute Call",
"duration_minutes": 30,
"description": "A quick intro call",
"color": "#0069ff"
}'
"""
BOOK = """
curl -X POST https://calendo.dev/api/book/jane-smith/30-minute-call \\
-H "Content-Type: application/json" \\
-d '{
"name": "Bob Johnson",
"email": "bob@example.com",
"timezone": "America/New_York",
"start_time": "2026-03-10T19:00:00Z"
}'
"""
#: What BOOK asks for, in the past by now: replaced by a start that is free.
DOCUMENTED_START = "2026-03-10T19:00:00Z"


@dataclass
class Caller:
    """
    Makes the reference's calls to one server, as Jane once ``key`` is known.
    """

    base: str
    key: str = "cal_your_api_key"

    def curl(self, command: str, replace: Mapping[str, str] | None = None) -> Answer:
        """
        Make a call as it is written, apart from the address, Jane's key and what ``replace`` names.

        The reference's dates have gone by and its ids, keys and tokens are examples, so
        those may be replaced, and nothing else.
        """
        command = command.replace(DOCUMENTED_BASE, self.base).replace("cal_your_api_key", self.key)
        for documented, real in (replace or {}).items():
            assert documented in command, f"the call does not contain {documented}"
            command = command.replace(documented, real)
        return curl.run(command.strip())

    def get(self, path: str) -> Any:
        """
        Get what has to be there, as Jane.
        """
        answer = self.curl(f"curl {DOCUMENTED_BASE}{path} -H 'X-API-Key: cal_your_api_key'")
        assert 200 == answer.status, answer.text
        return answer.body

    def send(self, method: str, path: str, body: str) -> Answer:
        """
        Send JSON as Jane; with an empty body nothing but the method.
        """
        data = f"-H 'Content-Type: application/json' -d '{body}'" if body else ""
        return self.curl(f"curl -X {method} {DOCUMENTED_BASE}{path} -H 'X-API-Key: cal_your_api_key' {data}")

    def free_start(self) -> str:
        """
        Find a start of the 30 Minute Call that is free, in the spelling of the reference.
        """
        first_on = datetime.now(UTC).date()
        last_on = first_on + timedelta(days=30)
        query = f"start={first_on}&end={last_on}"
        answer = self.curl(f"curl '{DOCUMENTED_BASE}/availability/jane-smith/30-minute-call?{query}'")
        return next(start for starts in answer.body["starts"].values() for start in starts)

    def book(self) -> Answer:
        """
        Make the reference's booking at a time that is free.
        """
        return self.curl(BOOK, replace={DOCUMENTED_START: self.free_start()})


@dataclass
class World(Caller):
    """
    Jane Smith with her 30 Minute Call; the answers she got on the way are kept.
    """

    registered: Answer | None = None
    logged_in: Answer | None = None
    event_type_created: Answer | None = None


@contextmanager
def served(engine: str, folder: Path, request: pytest.FixtureRequest, **settings: str) -> Iterator[str]:
    """
    Run a server over an empty database and yield the address that stands for the documented one.
    """
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'calendo.db'}"
        db = Database(url)
        migrate(db)
        db.close()
    else:
        postgres: parts.Postgres = request.getfixturevalue("postgres")
        url = postgres.make()
    environment = {"CALENDO_DATABASE_URL": url, "CALENDO_DATA_DIR": str(folder / "data"), **settings}
    with parts.running_servers(1, environment) as (server,):
        yield f"{server.url}/api"
    if engine != "sqlite":
        postgres.drop(url)


def make_world(base: str) -> World:
    """
    Let Jane Smith sign up, log in, get an API key and create her event type.
    """
    world = World(base)
    world.registered = world.curl(REGISTER)
    world.logged_in = world.curl(LOG_IN)
    made = world.curl(
        f"curl -X POST {DOCUMENTED_BASE}/api-keys -H 'Cookie: session={session_token(world.logged_in)}'"
        """ -H 'Content-Type: application/json' -d '{"label": "contract"}'"""
    )
    assert 201 == made.status, made.text
    world.key = made.body["key"]
    world.event_type_created = world.curl(CREATE_EVENT_TYPE)
    return world


def session_token(answer: Answer) -> str:
    """
    Take the session's token out of the cookie that an answer sets.
    """
    match = re.match(r"session=([^;]+)", answer.headers["set-cookie"])
    assert match is not None
    return match[1]


def assert_shape(documented: Any, answered: Any, place: str = "the answer") -> None:
    """
    See that what is documented is there: objects by their fields, lists by their one kind of
    element, texts by a pattern, everything else by its type. More fields may be there.
    """
    if isinstance(documented, dict):
        assert type(answered) is dict, f"{place} is {answered!r}"
        for name, kind in documented.items():
            assert name in answered, f"{place} has no {name}: {answered}"
            assert_shape(kind, answered[name], f"{place}.{name}")
    elif isinstance(documented, list):
        assert type(answered) is list, f"{place} is {answered!r}"
        assert answered, f"{place} is empty, so it shows nothing"
        for number, element in enumerate(answered):
            assert_shape(documented[0], element, f"{place}[{number}]")
    elif isinstance(documented, re.Pattern):
        assert type(answered) is str, f"{place} is {answered!r}"
        assert documented.fullmatch(answered), f"{place} is {answered!r}"
    elif isinstance(documented, type):
        assert documented is type(answered), f"{place} is {answered!r}"
    else:
        assert documented == answered, f"{place} is {answered!r}"
