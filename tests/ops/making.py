"""
Hosts, event types and bookings, made by the operations themselves.
"""

from typing import Any
from uuid import uuid4

from calendo.core.instants import HOUR, Instant
from calendo.db.engine import Tx
from calendo.db.models import Booking, EventType, User
from calendo.ops import accounts, bookings, event_types
from calendo.ops.accounts import NewAccount
from calendo.ops.bookings import BookingRequest

#: Sunday, 2026-03-01, noon in UTC.
NOW: Instant = 1_772_366_400
#: Monday, 2026-03-02, 09:00 in UTC: when the hosts made here open.
MONDAY_9: Instant = NOW + 21 * HOUR

_TYPE: dict[str, Any] = {
    "name": "Call",
    "duration_minutes": 30,
    "slot_interval": None,
    "description": "",
    "color": "#0069ff",
    "location_type": None,
    "location": None,
    "questions": [],
    "is_secret": False,
    "requires_confirmation": False,
    "buffer_before": 0,
    "buffer_after": 0,
    "min_notice_hours": 0,
    "max_future_days": 60,
    "schedule_id": None,
}


def make_host(tx: Tx, *, name: str = "Jane Smith", timezone: str = "UTC", now: Instant = NOW) -> User:
    """
    Make a host who works Monday to Friday, 09:00 to 17:00, and has no password that anybody knows.
    """
    account = NewAccount(f"{uuid4().hex}@example.com", "no hash", name, timezone)
    return accounts.register(tx, account, now)


def make_type(tx: Tx, host_id: int, *, now: Instant = NOW, **fields: Any) -> EventType:
    """
    Make an event type, half an hour without notice and buffers unless ``fields`` says otherwise.
    """
    return event_types.create(tx, host_id, _TYPE | fields, now)


def make_booking(
    tx: Tx, event_type: EventType, start: Instant = MONDAY_9, *, now: Instant = NOW, **fields: Any
) -> Booking:
    """
    Book a time as Bob.
    """
    return bookings.book(tx, event_type, BookingRequest(start, "Bob", "bob@example.com", **fields), now)
