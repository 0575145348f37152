"""
Every operation of the description, called by all who are not the owner, finds nothing of the owner's.

An operation that the table below does not know fails the test.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlalchemy import ColumnElement, Table, bindparam, or_, select, update

from calendo.app import create_app
from calendo.core.instants import HOUR
from calendo.db.engine import Database
from calendo.db.models import Attempt, Base, Booking, Delivery, User
from calendo.errors import NotFound
from calendo.integrations.links import Links, Purpose
from calendo.ops import api_keys, resets, sessions
from calendo.settings import Settings
from conftest import Api, Clock, Host

#: Stands in every private text of the owner; no answer to anybody else may contain it.
MARK = "nightowl"
UNKNOWN_ID = 2**53 - 1
#: Answers to their owner that have no text of the owner's.
UNMARKED = {"read_page", "read_feed", "list_moves", "list_clock_changes", "read_insights"}


@dataclass(frozen=True)
class Sample:
    """
    A request that succeeds for the owner: ``body`` is put over the description's example.

    ``other`` is what another user is answered, and for a public operation everybody. A
    ``content`` is sent instead of JSON.
    """

    other: int
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    content: bytes | None = None


def _picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    return file.getvalue()


PICTURE = _picture()
SAMPLES = {
    "register": Sample(201, {"email": "fresh{number}@example.com"}),
    "login": Sample(200, {"email": "{email}", "password": "{password}"}),
    "logout": Sample(200),
    "read_profile": Sample(200),
    "change_profile": Sample(200, {"locale": "de"}),
    "change_password": Sample(200, {"current_password": "{password}", "new_password": "{password}"}),
    "request_reset": Sample(200, {"email": "{email}"}),
    "reset_password": Sample(404, {"password": "{password}"}),
    "change_avatar": Sample(200, content=PICTURE),
    "remove_avatar": Sample(200),
    "export_account": Sample(200),
    "list_sessions": Sample(200),
    "end_session": Sample(404),
    "logout_everywhere": Sample(200),
    "list_event_types": Sample(200),
    "create_event_type": Sample(201),
    "read_event_type": Sample(404),
    "change_event_type": Sample(404),
    "delete_event_type": Sample(404),
    "reorder_event_types": Sample(200, {"ids": []}),
    "duplicate_event_type": Sample(404),
    "list_schedules": Sample(200),
    "create_schedule": Sample(201, {"is_default": True}),
    "read_schedule": Sample(404),
    "change_schedule": Sample(404),
    "delete_schedule": Sample(404),
    "list_clock_changes": Sample(404),
    "list_slots": Sample(200, query={"start": "2026-03-02", "end": "2026-03-06"}),
    "explain_day": Sample(404, query={"date": "2026-03-02"}),
    "list_bookings": Sample(200),
    "export_bookings": Sample(200),
    "list_moves": Sample(404, query={"start": "2026-03-02", "end": "2026-03-06"}),
    "read_booking": Sample(404),
    "book_slot": Sample(201, {"start_time": "{free}"}),
    "read_insights": Sample(200),
    "cancel_booking": Sample(404),
    "confirm_booking": Sample(404),
    "decline_booking": Sample(404),
    "reschedule_booking": Sample(404, {"start_time": "{free}"}),
    "read_history": Sample(404),
    "mark_no_show": Sample(404),
    "read_managed": Sample(404),
    "list_managed_moves": Sample(404, query={"start": "2026-03-02", "end": "2026-03-06"}),
    "cancel_managed": Sample(404),
    "reschedule_managed": Sample(404, {"start_time": "{free}"}),
    "download_booking": Sample(404),
    "download_managed": Sample(404),
    "read_feed": Sample(200),
    "replace_feed": Sample(200),
    "read_page": Sample(200),
    "change_page": Sample(200),
    "read_public_page": Sample(200),
    "read_public_type": Sample(200),
    "list_keys": Sample(200),
    "create_key": Sample(201),
    "revoke_key": Sample(404),
    "list_webhooks": Sample(200),
    "create_webhook": Sample(201),
    "read_webhook": Sample(404),
    "change_webhook": Sample(404),
    "delete_webhook": Sample(404),
    "rotate_secret": Sample(404),
    "list_deliveries": Sample(404),
    "read_delivery": Sample(404),
    "redeliver": Sample(404),
    "redeliver_failed": Sample(404, query={"since": "2026-03-01"}),
    "send_test": Sample(404),
    "chat": Sample(200),
    "delete_account": Sample(200, {"password": "{password}"}),
}


@dataclass(frozen=True)
class Operation:
    """
    One operation of the description.
    """

    name: str
    method: str
    path: str
    needs_user: bool
    example: dict[str, Any] | None


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> list[Operation]:
    """
    The operations of the description, as the application builds it.
    """
    folder = tmp_path_factory.mktemp("openapi")
    db = Database(f"sqlite:///{folder / 'unused.db'}")
    document = create_app(Settings(data_dir=folder, secret_key="a key that only the tests use"), db).openapi()
    db.close()
    listed = [
        Operation(
            found["operationId"],
            method.upper(),
            path,
            "security" in found,
            found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example"),
        )
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]
    # Whoever has made this call makes no other.
    return sorted(listed, key=lambda operation: operation.name == "delete_account")


class Account:
    """
    A host with an e-mail address and a password, and ways to get a fresh key or cookie.
    """

    def __init__(self, api: Api, db: Database, clock: Clock, name: str, email: str) -> None:
        self.email, self.password = email, f"the password of {name}"
        body = {"email": email, "password": self.password, "name": name, "timezone": "UTC"}
        answer = api.post("/auth/register", body)
        self.id: int = answer["user"]["id"]
        self.slug: str = answer["bookingSlug"]
        self._db, self._clock = db, clock

    def key(self, expires_ts: int | None = None) -> dict[str, str]:
        """
        Make an API key, and return the header that carries it.
        """
        with self._db.write() as tx:
            _, key = api_keys.create(tx, self.id, self.email, expires_ts, self._clock())
        return {"X-API-Key": key}

    def cookie(self, age: int = 0) -> dict[str, str]:
        """
        Open a session, some seconds ago, and return the header that carries its cookie.
        """
        with self._db.write() as tx:
            user = tx.get_one(User, self.id)
            token = sessions.start_session(tx, self.id, user.password_hash, self._clock() - age)
        return {"Cookie": f"session={token}"}


class Owner(Account):
    """
    The host whose things the others must not find; ``things`` has an id of each kind.
    """

    def __init__(self, api: Api, db: Database, clock: Clock) -> None:
        super().__init__(api, db, clock, "Jane Smith", f"{MARK}@example.com")
        self.host = Host(api.client, self.key()["X-API-Key"], self.slug, {})
        # The same Bob books over and over.
        self.host.put("/auth/me", {"max_bookings_per_invitee": 1000})
        self._hours = self.host.get("/availability-schedules")[0]["id"]
        self.host.post("/event-types", {"name": "Call", "schedule_id": self._hours})
        self.host.post("/event-types", {"name": f"Secret {MARK}", "is_secret": True, "location": MARK})
        off = self.host.post("/event-types", {"name": f"Off {MARK}"})
        self.host.delete(f"/event-types/{off['id']}")
        self.free = self._free_starts()

    def _free_starts(self) -> Iterator[str]:
        found = self.host.get(f"/availability/{self.slug}/call", start="2026-03-02", end="2026-04-10")
        for starts in found["starts"].values():
            yield from starts

    def past_things(self) -> dict[str, Any]:
        """
        Make one of everything, the booking's time being over.
        """
        things = self.things()
        self.host.post(f"/bookings/{things['booking_id']}/confirm")
        now = self._clock()
        times = {
            "blocked_start_ts": now - 2,
            "start_ts": now - 2,
            "end_ts": now - 1,
            "blocked_end_ts": now - 1,
        }
        with self._db.write() as tx:
            tx.execute(update(Booking).where(Booking.id == things["booking_id"]).values(**times))
        return things

    def things(self) -> dict[str, Any]:
        """
        Make one of everything that can be named in an address, with the mark in its private texts.
        """
        asked = {"requires_confirmation": True, "is_secret": True, "schedule_id": self._hours}
        event_type = self.host.post("/event-types", {"name": f"{MARK} asks", **asked})
        booking = {
            "name": f"Bob {MARK}",
            "email": f"bob.{MARK}@example.com",
            "start_time": next(self.free),
            "notes": MARK,
        }
        made = self.host.post(f"/book/{self.slug}/{event_type['slug']}", booking)["booking"]
        booking_id = self.host.get("/bookings", limit=1, event_type_id=event_type["id"])[0]["id"]
        moved = {"start_time": next(self.free), "reason": MARK}
        self.host.post(f"/bookings/{booking_id}/reschedule", moved)
        key = self.host.post("/api-keys", {"label": MARK})
        schedule = self.host.post("/availability-schedules", {"name": MARK})
        webhook = self.host.post(
            "/webhooks",
            {
                "url": f"https://{MARK}.example.com/",
                "events": ["booking.created"],
                "secret": f"{MARK}-secret",
            },
        )
        return {
            "session_id": self._other_browser(),
            "reset_token": self._reset_token(),
            "event_type_id": event_type["id"],
            "booking_id": booking_id,
            "token": made["manage_url"].rpartition("/")[2],
            "schedule_id": schedule["id"],
            "key_id": key["id"],
            "webhook_id": webhook["id"],
            "delivery_id": self._failed_delivery(webhook["id"]),
            "page": self.slug,
            "slug": self.slug,
            "event": "call",
        }

    def _other_browser(self) -> int:
        with self._db.write() as tx:
            user = tx.get_one(User, self.id)
            sessions.start_session(tx, self.id, user.password_hash, self._clock(), user_agent=MARK)
            return sessions.list_sessions(tx, self.id, self._clock())[0].id

    def _reset_token(self) -> str:
        with self._db.write() as tx:
            resets.forget_all(tx, self.id)
            reset = resets.request(tx, self.id, self._clock())
        links: Links = self.host.client.app.state.links  # type: ignore[attr-defined] # an application
        return links.token(Purpose.RESET, reset.uid, 0)

    def _failed_delivery(self, webhook_id: int) -> int:
        delivery = self.host.post(f"/webhooks/{webhook_id}/test")
        with self._db.write() as tx:
            row = tx.get_one(Delivery, delivery["id"])
            row.status, row.finished_ts = "failed", self._clock()
            tx.add(Attempt(delivery_id=row.id, started_ts=self._clock(), duration_ms=1, error=MARK))
        return int(delivery["id"])


@pytest.fixture
def owner(api: Api, db: Database, clock: Clock, other: Account) -> Owner:
    """
    The owner signs up last, so that nothing before the matrix can have touched what is theirs.
    """
    return Owner(api, db, clock)


@pytest.fixture
def other(api: Api, db: Database, clock: Clock) -> Account:
    """
    Another user, with an event type of their own.
    """
    made = Account(api, db, clock, "Ben Other", "other@example.com")
    Host(api.client, made.key()["X-API-Key"], made.slug, {}).post("/event-types", {"name": "Mine"})
    return made


class Caller:
    """
    Sends the samples, with the header that ``credential`` makes for each call.
    """

    def __init__(
        self, client: TestClient, owner: Owner, account: Account, credential: Callable[[], dict[str, str]]
    ) -> None:
        self._client, self._owner, self._account, self._credential = client, owner, account, credential
        self._numbers = count(1)

    def send(self, operation: Operation, things: dict[str, Any]) -> Response:
        """
        Call an operation with its sample request.
        """
        sample = SAMPLES[operation.name]
        words = {
            "number": f"{next(self._numbers)}-{id(self)}",
            "email": self._account.email,
            "password": self._account.password,
            "free": next(self._owner.free),
        }
        body = {
            name: value.format(**words) if isinstance(value, str) else value
            for name, value in {**(operation.example or {}), **sample.body}.items()
        }
        self._client.cookies.clear()
        headers = dict(self._credential())
        content: dict[str, Any] = {"json": body} if operation.example else {}
        if sample.content is not None:
            content = {"content": sample.content}
            headers["Content-Type"] = "image/png"
        path = operation.path.format(**things)
        return self._client.request(operation.method, path, params=sample.query, headers=headers, **content)


def _owned(table: Table) -> ColumnElement[bool]:
    if table.name == "users":
        return table.c.id == bindparam("user_id")
    keys = [key for column in table.columns for key in column.foreign_keys]
    assert keys, f"who owns the rows of {table.name}?"
    return or_(*(key.parent.in_(select(key.column).where(_owned(key.column.table))) for key in keys))


_OWNED = {table.name: select(table).where(_owned(table)) for table in Base.metadata.sorted_tables}


def rows_of(db: Database, user_id: int) -> set[str]:
    """
    Dump every row, of whatever table, that belongs to a user or refers to what does.
    """
    with db.read() as tx:
        return {
            f"{name}: {row._asdict()}"
            for name, query in _OWNED.items()
            for row in tx.execute(query, {"user_id": user_id})
        }


def test_the_matrix_knows_every_operation(operations: list[Operation]) -> None:
    """
    The table of samples and the description list the same operations.
    """
    assert set(SAMPLES) == {operation.name for operation in operations}


def test_every_sample_succeeds_for_the_owner(api: Api, owner: Owner, operations: list[Operation]) -> None:
    """
    What the others are refused is there to be had: the owner's own calls all succeed.

    Otherwise the matrix would prove nothing.
    """
    caller = Caller(api.client, owner, owner, owner.key)
    things = owner.things()
    for operation in operations:
        if operation.name == "mark_no_show":
            things = owner.past_things()
        elif "_id}" in operation.path or "token}" in operation.path or operation.name == "list_sessions":
            things = owner.things()
        response = caller.send(operation, things)

        assert response.status_code in {200, 201}, f"{operation.name}: {response.text}"
        if operation.needs_user and operation.method == "GET" and operation.name not in UNMARKED:
            assert MARK in response.text, f"{operation.name} shows no mark to its owner"


def _nobody(_owner: Owner, _api: Api, _clock: Clock) -> dict[str, str]:
    return {}


def _garbage(_owner: Owner, _api: Api, _clock: Clock) -> dict[str, str]:
    return {"X-API-Key": "cal_0000", "Cookie": "session=garbage"}


def _expired_key(owner: Owner, _api: Api, clock: Clock) -> dict[str, str]:
    header = owner.key(expires_ts=clock() + HOUR)
    clock.forward(HOUR)
    return header


def _revoked_key(owner: Owner, api: Api, _clock: Clock) -> dict[str, str]:
    made = owner.host.post("/api-keys", {"label": MARK})
    header = {"X-API-Key": made["key"]}
    api.expect(200, "DELETE", f"/api-keys/{made['id']}", headers=header)
    return header


def _logged_out_cookie(owner: Owner, api: Api, _clock: Clock) -> dict[str, str]:
    header = owner.cookie()
    api.expect(200, "POST", "/auth/logout", headers=header)
    return header


def _expired_cookie(owner: Owner, _api: Api, _clock: Clock) -> dict[str, str]:
    return owner.cookie(age=sessions.SESSION_SECONDS)


@pytest.mark.parametrize(
    "make",
    [_nobody, _garbage, _expired_key, _revoked_key, _logged_out_cookie, _expired_cookie],
    ids=lambda make: make.__name__.strip("_"),
)
def test_without_a_valid_credential_nothing_is_found(
    api: Api,
    db: Database,
    clock: Clock,
    owner: Owner,
    other: Account,
    operations: list[Operation],
    make: Callable[[Owner, Api, Clock], dict[str, str]],
) -> None:
    """
    Operations that need a user answer 401, whatever is asked for; the public ones show nothing private.
    """
    things = owner.things()
    header = make(owner, api, clock)
    caller = Caller(api.client, owner, other, lambda: header)
    for operation in operations:
        expected = 401 if operation.needs_user else SAMPLES[operation.name].other
        _check(db, owner, caller, operation, things, expected)


@pytest.mark.parametrize("way", ["key", "cookie"])
def test_another_user_finds_nothing(
    api: Api, db: Database, owner: Owner, other: Account, operations: list[Operation], way: str
) -> None:
    """
    What belongs to somebody else is a 404, and no list, answer or change touches it.
    """
    caller = Caller(api.client, owner, other, getattr(other, way))
    things = owner.things()
    for operation in operations:
        _check(db, owner, caller, operation, things, SAMPLES[operation.name].other)


def _check(
    db: Database, owner: Owner, caller: Caller, operation: Operation, things: dict[str, Any], expected: int
) -> None:
    # Whoever has a link may use it; the others have one that does not fit.
    things = {**things, **{name: things[name].swapcase() for name in ("token", "reset_token")}}
    before = rows_of(db, owner.id)
    response = caller.send(operation, things)
    after = rows_of(db, owner.id)

    assert expected == response.status_code, f"{operation.name}: {response.text}"
    assert MARK not in response.text.lower(), f"{operation.name}: {response.text}"
    assert set() == before - after, f"{operation.name} changed or removed these"
    if operation.name not in {"book_slot", "chat"}:
        # Booking and talking are open to everybody, and only add.
        assert set() == after - before, f"{operation.name} added these"
    if expected == NotFound.status:
        nowhere = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), UNKNOWN_ID)
        missing = caller.send(operation, nowhere)
        assert missing.json() == response.json(), f"{operation.name} tells what is there"


def test_lists_have_only_ones_own(
    api: Api, owner: Owner, other: Account, operations: list[Operation]
) -> None:
    """
    Every list answers another user with what is theirs alone.
    """
    owner.things()
    caller = Caller(api.client, owner, other, other.key)
    # What is listed below something of one's own is a 404 for others, see above.
    lists = [
        operation
        for operation in operations
        if operation.name.startswith("list_") and "_id}" not in operation.path
    ]
    found = {operation.name: caller.send(operation, {}).json() for operation in lists if operation.needs_user}

    assert ["Mine"] == [row["name"] for row in found.pop("list_event_types")]
    assert ["Working Hours"] == [row["name"] for row in found.pop("list_schedules")]
    assert [] == found.pop("list_bookings")
    assert [] == found.pop("list_webhooks")
    assert [] == found.pop("list_sessions")
    assert {other.email} == {row["label"] for row in found.pop("list_keys")}
    assert {} == found


def test_naming_somebody_elses_things_is_like_naming_nothing(
    api: Api, db: Database, owner: Owner, other: Account
) -> None:
    """
    Ids and cursors of another host in a body or a query are answered like ones that do not exist.
    """
    things = owner.things()
    mine = Host(api.client, other.key()["X-API-Key"], other.slug, {})
    own_type = mine.get("/event-types")[0]["id"]
    owner.things()
    first = owner.host.call("GET", "/bookings", params={"limit": 1})
    cursor = re.findall(r"cursor=([\w-]+)", first.headers["Link"])[0]
    before = rows_of(db, owner.id)

    for named in (things["schedule_id"], UNKNOWN_ID):
        refusal = {"error": "schedule_id: there is no availability schedule with this id."}
        body = {"name": "Call", "schedule_id": named}
        assert refusal.items() <= mine.expect(400, "POST", "/event-types", body).items()
        assert refusal.items() <= mine.expect(400, "PUT", f"/event-types/{own_type}", body).items()
    for named in (things["event_type_id"], UNKNOWN_ID):
        assert [] == mine.get("/bookings", event_type_id=named)
    assert [] == mine.get("/bookings", cursor=cursor)
    assert before == rows_of(db, owner.id)
