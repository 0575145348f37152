"""
The tables. Columns named ``*_ts`` are instants: whole UTC seconds, BIGINT.

What must never happen is refused by the database itself: two bookings of one host
whose blocked times overlap (an exclusion constraint or a trigger, in the first
migration), two default schedules of one host, two pages under one slug.
"""

from calendo.db.models.accounts import ApiKey, Avatar, LoginSession, PasswordReset, User
from calendo.db.models.base import NAMING, Base
from calendo.db.models.bookings import (
    BLOCKING,
    CANCELLED,
    CONFIRMED,
    DECLINED,
    PENDING,
    STATUSES,
    Booking,
    BookingChange,
    ChatSession,
    IdempotencyKey,
    Reminder,
)
from calendo.db.models.messages import (
    DELIVERED,
    FAILED,
    SENDING,
    WAITING,
    Attempt,
    Delivery,
    Message,
    WebhookEndpoint,
)
from calendo.db.models.pages import DEFAULT_REMINDER_MINUTES, AvailabilitySchedule, BookingPage, EventType

__all__ = [
    "BLOCKING",
    "CANCELLED",
    "CONFIRMED",
    "DECLINED",
    "DEFAULT_REMINDER_MINUTES",
    "DELIVERED",
    "FAILED",
    "NAMING",
    "PENDING",
    "SENDING",
    "STATUSES",
    "WAITING",
    "ApiKey",
    "Attempt",
    "AvailabilitySchedule",
    "Avatar",
    "Base",
    "Booking",
    "BookingChange",
    "BookingPage",
    "ChatSession",
    "Delivery",
    "EventType",
    "IdempotencyKey",
    "LoginSession",
    "Message",
    "PasswordReset",
    "Reminder",
    "User",
    "WebhookEndpoint",
]
