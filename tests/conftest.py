"""
Fixtures over real parts. Whatever takes ``db`` or ``api`` runs on SQLite and on PostgreSQL.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

import parts
from calendo.app import create_app
from calendo.core.instants import Instant, to_instant
from calendo.db.engine import Database
from calendo.db.schema import migrate
from calendo.ops import api_keys
from calendo.settings import Settings


@pytest.fixture(scope="session")
def postgres() -> Iterator[parts.Postgres]:
    with parts.postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with parts.redis_server() as url:
        yield url


@pytest.fixture(params=parts.ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    A migrated SQLite database to copy, since migrating takes longer than most tests.
    """
    path = tmp_path_factory.mktemp("template") / "calendo.db"
    db = Database(f"sqlite:///{path}")
    migrate(db)
    db.close()
    return path


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """
    The URL of a fresh database whose schema is current.
    """
    if engine_name == "sqlite":
        path = tmp_path / "calendo.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres: parts.Postgres = request.getfixturevalue("postgres")
    url = postgres.make()
    yield url
    postgres.give_back(url)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """
    The URL of a database without any table.
    """
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: parts.Postgres = request.getfixturevalue("postgres")
    url = postgres.make(migrated=False)
    yield url
    postgres.drop(url)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    db = Database(empty_url)
    yield db
    db.close()


class Clock:
    """
    A clock that stands still until a test moves it.
    """

    def __init__(self, now: Instant) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now

    def set(self, moment: str) -> None:
        """
        Set the clock to an ISO 8601 moment with an offset.
        """
        self.now = to_instant(datetime.fromisoformat(moment))

    def forward(self, seconds: int) -> None:
        """
        Let time pass.
        """
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    """
    Sunday, 2026-03-01, noon in UTC.
    """
    made = Clock(0)
    made.set("2026-03-01T12:00:00+00:00")
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        secret_key="a key that only the tests use",
        rate_limit_public="1000000/minute",
        rate_limit_user="1000000/minute",
    )


class Api:
    """
    The API in this process, called as one caller: nobody, or a host with an API key.
    """

    def __init__(self, client: TestClient, key: str | None = None) -> None:
        self.client = client
        self.key = key

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        headers = {"X-API-Key": self.key} if self.key else {}
        headers.update(more.pop("headers", {}))
        content = {} if body is None else {"json": body}
        self.client.cookies.clear()
        return self.client.request(method, f"/api{path}", headers=headers, **content, **more)

    def get(self, path: str, **params: Any) -> Any:
        """
        Get what has to be there.
        """
        return self.expect(200, "GET", path, params=params)

    def post(self, path: str, body: Any = None) -> Any:
        """
        Post what has to be accepted.
        """
        return self.expect((200, 201), "POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        """
        Put what has to be accepted.
        """
        return self.expect(200, "PUT", path, body)

    def delete(self, path: str) -> Any:
        """
        Delete what has to be there.
        """
        return self.expect(200, "DELETE", path)

    def expect(
        self, status: int | tuple[int, ...], method: str, path: str, body: Any = None, **more: Any
    ) -> Any:
        """
        Call and see the status; return the answer's JSON.
        """
        response = self.call(method, path, body, **more)
        statuses = status if isinstance(status, tuple) else (status,)
        assert response.status_code in statuses, f"{response.status_code}: {response.text}"
        return response.json()


class Host(Api):
    """
    A host who signed up: ``slug`` is the booking page's, ``me`` the profile.
    """

    def __init__(self, client: TestClient, key: str, slug: str, me: dict[str, Any]) -> None:
        super().__init__(client, key)
        self.slug = slug
        self.me = me


@pytest.fixture
def api(db: Database, settings: Settings, clock: Clock) -> Iterator[Api]:
    """
    Nobody, calling the API.
    """
    with TestClient(create_app(settings, db, clock), base_url="http://calendo.test") as client:
        yield Api(client)


@pytest.fixture
def sign_up(api: Api, db: Database, clock: Clock) -> Callable[..., Host]:
    """
    Make hosts: ``sign_up(name="Jane Smith", timezone="UTC")``.
    """
    made = iter(range(1, 1000))

    def make(name: str = "Jane Smith", timezone: str = "UTC") -> Host:
        email, password = f"host{next(made)}-{time.monotonic_ns()}@example.com", "securepass123"
        account = api.post(
            "/auth/register", {"email": email, "password": password, "name": name, "timezone": timezone}
        )
        # A log-in would hash the password once more, which takes longer than most tests.
        with db.write() as tx:
            _, key = api_keys.create(tx, account["user"]["id"], "tests", None, clock())
        host = Host(api.client, key, account["bookingSlug"], account["user"])
        # Tests book over and over as the same Bob.
        host.put("/auth/me", {"max_bookings_per_invitee": 1000})
        return host

    return make


@pytest.fixture
def host(sign_up: Callable[..., Host]) -> Host:
    """
    A host in UTC, Monday to Friday 09:00 to 17:00, without event types yet.
    """
    return sign_up()
