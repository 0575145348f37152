"""
An export has all that is kept of a host, and nothing that lets anybody in.
"""

import re

import orjson
import pytest

from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database
from calendo.db.models import Base, Booking, BookingChange, BookingPage, User
from calendo.ops import api_keys, bookings, exports, sessions
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type
from ops.sending import make_endpoint

TABLES = [User, BookingPage, Booking, BookingChange, *(table for table, _ in exports.SECTIONS.values())]
#: What an export leaves out: logs of what was sent about all this, and what lasts an hour or a day.
NOT_EXPORTED = {
    "attempts",
    "avatars",
    "deliveries",
    "idempotency_keys",
    "messages",
    "password_resets",
    "reminders",
}


def export(db: Database, host_id: int) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(b"".join(exports.export(db, host_id, NOW)))
    return found


def test_every_table_is_exported_or_left_out_on_purpose() -> None:
    """
    A new table has to be thought of.
    """
    exported = {table.__tablename__ for table in TABLES}

    assert set() == exported & NOT_EXPORTED
    known = exported | NOT_EXPORTED
    assert set() == {name for name in Base.metadata.tables if not name.startswith("chat")} - known


def test_no_column_that_looks_like_a_secret_is_exported() -> None:
    """
    Hashes, secrets, tokens, counters and keys stay; the hash of a public picture is no secret.
    """
    columns = {column.key for table in TABLES for column in table.__table__.columns} - exports.LEFT_OUT

    assert {"avatar_hash", "is_secret"} == {
        name for name in columns if re.search("hash|secret|token|counter|key|password|encrypted", name)
    }


def test_an_export_has_everything(db: Database) -> None:
    """
    Profile, page, hours, event types, webhooks, keys, sessions, and bookings with their histories.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx, name="Ann Other")
        call = make_type(tx, host.id)
        made = make_booking(tx, call)
        bookings.cancel(tx, host.id, made.id, NOW + 1, "Ill.")
        make_booking(tx, make_type(tx, other.id), timezone="Asia/Tokyo")
        make_endpoint(tx, host_id=host.id)
        token = sessions.start_session(tx, host.id, "no hash", NOW, user_agent="Firefox")
        _, key = api_keys.create(tx, host.id, "script", NOW + DAY, NOW)
    text = b"".join(exports.export(db, host.id, NOW)).decode()
    found = orjson.loads(text)

    assert [
        "exported_at",
        "profile",
        "booking_page",
        "event_types",
        "availability_schedules",
        "webhooks",
        "api_keys",
        "sessions",
        "bookings",
    ] == list(found)
    assert ("Jane Smith", "2026-03-01 12:00:00") == (found["profile"]["name"], found["profile"]["created_at"])
    assert "jane-smith" == found["booking_page"]["slug"]
    assert {"day": 1, "start": "09:00", "end": "17:00"} == found["availability_schedules"][0]["rules"][0]
    assert ["Call"] == [row["name"] for row in found["event_types"]]
    assert "https://example.com/hook" == found["webhooks"][0]["url"]
    assert ("script", "2026-03-02 12:00:00") == (
        found["api_keys"][0]["label"],
        found["api_keys"][0]["expires_at"],
    )
    assert "Firefox" == found["sessions"][0]["user_agent"]
    (booking,) = found["bookings"]
    assert ("Bob", "cancelled", "2026-03-02 09:00:00") == (
        booking["invitee_name"],
        booking["status"],
        booking["start_at"],
    )
    assert ["booked", "cancelled"] == [change["action"] for change in booking["history"]]
    for secret in (token, key, "no hash", "Ann Other", "Tokyo"):
        assert secret not in text


def test_bookings_are_read_in_batches(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    However many there are, each is there once.
    """
    monkeypatch.setattr(exports, "BATCH", 2)
    with db.write() as tx:
        host = make_host(tx)
        call = make_type(tx, host.id)
        host.max_bookings_per_invitee = 100
        made = [make_booking(tx, call, MONDAY_9 + number * HOUR).id for number in range(4)]

    assert made == [row["id"] for row in export(db, host.id)["bookings"]]  # type: ignore[attr-defined] # a list
    with db.write() as tx:
        made.append(make_booking(tx, tx.merge(call, load=False), MONDAY_9 + 5 * HOUR).id)
    assert made == [row["id"] for row in export(db, host.id)["bookings"]]  # type: ignore[attr-defined] # a list
