"""
All that is kept of a host, to take along: every row and every column that is not a secret.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Select, select

from calendo.core.instants import Instant, written
from calendo.db.engine import Database, Tx
from calendo.db.models import (
    ApiKey,
    AvailabilitySchedule,
    Base,
    Booking,
    BookingChange,
    BookingPage,
    EventType,
    LoginSession,
    WebhookEndpoint,
)
from calendo.ops import accounts

#: So many bookings are read in one transaction; none is open while they are sent.
BATCH = 500
#: What lets somebody in or tells nobody anything: hashes and secrets, search keys, whose row it is.
LEFT_OUT = frozenset(
    {
        "password_hash",
        "email_key",
        "feed_counter",
        "closed_ts",
        "token_hash",
        "key_hash",
        "secret_encrypted",
        "secret_hint",
        "former_secret_encrypted",
        "former_secret_until_ts",
        "invitee_key",
        "invitee_search",
        "link_counter",
        "host_id",
        "user_id",
        "booking_id",
    }
)
#: What is exported whole, a section for each; bookings follow in batches.
SECTIONS: dict[str, tuple[type[Base], Any]] = {
    "event_types": (EventType, EventType.host_id),
    "availability_schedules": (AvailabilitySchedule, AvailabilitySchedule.host_id),
    "webhooks": (WebhookEndpoint, WebhookEndpoint.host_id),
    "api_keys": (ApiKey, ApiKey.user_id),
    "sessions": (LoginSession, LoginSession.user_id),
}
# Kept as JSON text, and better read as what it says.
_JSON_TEXTS = {"rules", "overrides"}


def export(db: Database, host_id: int, now: Instant) -> Iterator[bytes]:
    """
    Yield the pieces of one JSON object. Its bookings are read in batches, however many there are.
    """
    with db.read() as tx:
        opening = _opening(tx, host_id, now)
    yield orjson.dumps(opening)[:-1] + b',"bookings":['
    last_id, separator = 0, b""
    while True:
        with db.read() as tx:
            rows = _bookings(tx, host_id, last_id)
        for row in rows:
            yield separator + orjson.dumps(row)
            separator = b","
        if len(rows) < BATCH:
            break
        last_id = rows[-1]["id"]
    yield b"]}"


def _opening(tx: Tx, host_id: int, now: Instant) -> dict[str, Any]:
    user = accounts.get_user(tx, host_id)
    page = tx.scalars(select(BookingPage).where(BookingPage.host_id == host_id)).one()
    return {
        "exported_at": written(now),
        "profile": _row(user),
        "booking_page": _row(page),
        **{
            name: [_row(row) for row in tx.scalars(_owned(table, owner, host_id))]
            for name, (table, owner) in SECTIONS.items()
        },
    }


def _bookings(tx: Tx, host_id: int, after: int) -> list[dict[str, Any]]:
    rows = tx.scalars(_owned(Booking, Booking.host_id, host_id).where(Booking.id > after).limit(BATCH)).all()
    changes = _histories(tx, [row.id for row in rows])
    return [{**_row(row), "history": changes.get(row.id, [])} for row in rows]


def _histories(tx: Tx, booking_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    query = select(BookingChange).where(BookingChange.booking_id.in_(booking_ids)).order_by(BookingChange.id)
    for change in tx.scalars(query):
        found.setdefault(change.booking_id, []).append(_row(change))
    return found


def _owned(table: Any, owner: Any, host_id: int) -> Select[Any]:
    return select(table).where(owner == host_id).order_by(table.id)


def _row(row: Base) -> dict[str, Any]:
    return dict(_fields(row, (column.key for column in row.__table__.columns)))


def _fields(row: Base, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    for name in names:
        value = getattr(row, name)
        if name in LEFT_OUT:
            continue
        if name.endswith("_ts"):
            yield f"{name.removesuffix('_ts')}_at", None if value is None else written(value)
        elif name in _JSON_TEXTS:
            yield name, orjson.loads(value)
        else:
            yield name, value
