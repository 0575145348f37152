"""
The tables. Columns named ``*_ts`` are instants: whole UTC seconds, BIGINT.

What must never happen is refused by the database itself: two bookings of one host
whose blocked times overlap (an exclusion constraint or a trigger, in the first
migration), two default schedules of one host, two pages under one slug.
"""

from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from calendo.core.slots import MAX_BLOCKED_SECONDS

PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"
CANCELLED: Final = "cancelled"
DECLINED: Final = "declined"
STATUSES: Final = (PENDING, CONFIRMED, CANCELLED, DECLINED)
#: The statuses whose blocked time is taken.
BLOCKING: Final = (PENDING, CONFIRMED)
#: Where a delivery stands. Of the first two ``next_attempt_ts`` says when a worker may take it.
WAITING: Final = "pending"
SENDING: Final = "sending"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
_IS_OPEN: Final = "status IN ('pending', 'sending')"

#: A day before and an hour before.
DEFAULT_REMINDER_MINUTES: Final = (1440, 60)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """
    Names every constraint, so that migrations can speak of them on both engines.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        int: BigInteger,
        str: Text,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


def _id() -> Mapped[int]:
    # SQLite numbers rows by itself only in a column declared INTEGER.
    return mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _owner() -> Mapped[int]:
    return mapped_column(ForeignKey("users.id", ondelete="CASCADE"))


def _table(*constraints: CheckConstraint | Index | UniqueConstraint) -> tuple[Any, ...]:
    # Without AUTOINCREMENT SQLite hands the id of a deleted row to the next
    # one, and a repeated DELETE would hit somebody new.
    return (*constraints, {"sqlite_autoincrement": True})


class User(Base):
    """
    A host. ``email_key`` is the e-mail address as it is compared.

    Raising ``feed_counter`` makes the calendar feed's address a new one. ``avatar_hash``
    names the picture. Of one who has closed the account, at ``closed_ts``, only this row
    is left, without a name, until the last messages to invitees are sent.
    """

    __tablename__ = "users"
    __table_args__ = _table(
        UniqueConstraint("email_key"),
        Index(None, "uid", unique=True),
        Index(
            None,
            "closed_ts",
            sqlite_where=text("closed_ts IS NOT NULL"),
            postgresql_where=text("closed_ts IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _id()
    uid: Mapped[str] = mapped_column(default=lambda: str(uuid4()))
    email: Mapped[str]
    email_key: Mapped[str]
    password_hash: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str]
    locale: Mapped[str | None]
    max_bookings_per_invitee: Mapped[int] = mapped_column(default=5)
    feed_counter: Mapped[int] = mapped_column(default=0)
    avatar_hash: Mapped[str | None]
    closed_ts: Mapped[int | None]
    created_ts: Mapped[int]


class LoginSession(Base):
    """
    A browser that is logged in. ``token_hash`` is the SHA-256 of its cookie.

    ``user_agent`` is what it called itself when it logged in; ``last_used_ts`` is true to the minute.
    """

    __tablename__ = "sessions"
    __table_args__ = _table(UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: Mapped[int] = _id()
    user_id: Mapped[int] = _owner()
    token_hash: Mapped[str]
    user_agent: Mapped[str | None]
    created_ts: Mapped[int]
    last_used_ts: Mapped[int]
    expires_ts: Mapped[int]


class PasswordReset(Base):
    """
    A link to set a new password that was asked for and not used yet; its token is derived from ``uid``.
    """

    __tablename__ = "password_resets"
    __table_args__ = _table(UniqueConstraint("uid"), Index(None, "user_id"))

    id: Mapped[int] = _id()
    uid: Mapped[str]
    user_id: Mapped[int] = _owner()
    created_ts: Mapped[int]
    expires_ts: Mapped[int]


class Avatar(Base):
    """
    A host's picture as it is served, WebP; ``hash`` is the SHA-256 of that.
    """

    __tablename__ = "avatars"
    __table_args__ = _table(UniqueConstraint("host_id"), Index(None, "hash"))

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    hash: Mapped[str]
    content: Mapped[bytes]
    created_ts: Mapped[int]


class ApiKey(Base):
    """
    A key for programs. ``key_hash`` is its SHA-256; ``prefix`` tells keys apart.
    """

    __tablename__ = "api_keys"
    __table_args__ = _table(UniqueConstraint("key_hash"), Index(None, "user_id"))

    id: Mapped[int] = _id()
    user_id: Mapped[int] = _owner()
    label: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str]
    created_ts: Mapped[int]
    last_used_ts: Mapped[int | None]
    expires_ts: Mapped[int | None]


class BookingPage(Base):
    """
    The public face of a host; each has one.
    """

    __tablename__ = "booking_pages"
    __table_args__ = _table(UniqueConstraint("slug"), UniqueConstraint("host_id"))

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    slug: Mapped[str]
    display_name: Mapped[str]
    bio: Mapped[str]
    brand_color: Mapped[str]
    welcome_message: Mapped[str]


class AvailabilitySchedule(Base):
    """
    When a host can be met. ``rules`` and ``overrides`` are JSON text, in wall time.
    """

    __tablename__ = "availability_schedules"
    __table_args__ = _table(
        Index(None, "host_id"),
        Index(
            "uq_availability_schedules_default",
            "host_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    name: Mapped[str]
    timezone: Mapped[str]
    rules: Mapped[str]
    overrides: Mapped[str]
    is_default: Mapped[bool]
    created_ts: Mapped[int]


class EventType(Base):
    """
    A bookable meeting template. ``schedule_id`` None follows the default schedule.
    """

    __tablename__ = "event_types"
    __table_args__ = _table(UniqueConstraint("host_id", "slug"), Index(None, "schedule_id"))

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("availability_schedules.id"))
    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str]
    color: Mapped[str]
    duration_minutes: Mapped[int]
    slot_interval: Mapped[int | None]
    buffer_before: Mapped[int]
    buffer_after: Mapped[int]
    min_notice_hours: Mapped[int]
    max_future_days: Mapped[int]
    location_type: Mapped[str | None]
    location: Mapped[str | None]
    questions: Mapped[list[Any]]
    is_active: Mapped[bool]
    is_secret: Mapped[bool]
    requires_confirmation: Mapped[bool]
    cancel_notice_hours: Mapped[int] = mapped_column(default=0)
    reschedule_notice_hours: Mapped[int] = mapped_column(default=0)
    reminder_minutes: Mapped[list[Any]] = mapped_column(default=lambda: list(DEFAULT_REMINDER_MINUTES))
    position: Mapped[int]
    created_ts: Mapped[int]


class Booking(Base):
    """
    A meeting somebody booked. Its blocked time, buffers included, is frozen here.

    ``sequence`` rises with every change, as calendars want it (RFC 5545 3.8.7.4); raising
    ``link_counter`` makes the links in its mails new ones. ``invitee_key`` is the invitee's
    e-mail address as it is compared, ``invitee_search`` what invitees are searched by.
    """

    __tablename__ = "bookings"
    __table_args__ = _table(
        UniqueConstraint("uid"),
        CheckConstraint("status IN ('pending', 'confirmed', 'cancelled', 'declined')", name="status"),
        CheckConstraint(
            "blocked_start_ts <= start_ts AND start_ts < end_ts AND end_ts <= blocked_end_ts", name="order"
        ),
        # The refusal of overlaps on SQLite looks back this far and no further.
        CheckConstraint(f"blocked_end_ts - blocked_start_ts <= {MAX_BLOCKED_SECONDS}", name="length"),
        Index(None, "host_id", "start_ts", "id"),
        Index(None, "host_id", "invitee_key", "start_ts"),
        Index(None, "event_type_id"),
        Index(
            "ix_bookings_pending",
            "start_ts",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_bookings_blocked",
            "host_id",
            "blocked_start_ts",
            "blocked_end_ts",
            # Not to search by it: so that the index alone answers, without the table.
            "status",
            sqlite_where=text("status IN ('pending', 'confirmed')"),
            postgresql_where=text("status IN ('pending', 'confirmed')"),
        ),
    )

    id: Mapped[int] = _id()
    uid: Mapped[str]
    host_id: Mapped[int] = _owner()
    event_type_id: Mapped[int] = mapped_column(ForeignKey("event_types.id", ondelete="CASCADE"))
    start_ts: Mapped[int]
    end_ts: Mapped[int]
    blocked_start_ts: Mapped[int]
    blocked_end_ts: Mapped[int]
    status: Mapped[str]
    sequence: Mapped[int] = mapped_column(default=0)
    link_counter: Mapped[int] = mapped_column(default=0)
    is_no_show: Mapped[bool] = mapped_column(default=False)
    invitee_name: Mapped[str]
    invitee_email: Mapped[str]
    invitee_key: Mapped[str]
    invitee_search: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str]
    locale: Mapped[str | None]
    notes: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    created_ts: Mapped[int]
    updated_ts: Mapped[int]

    event_type: Mapped[EventType] = relationship(lazy="raise_on_sql")


class BookingChange(Base):
    """
    A line of a booking's history: what was done, by whom, when and why.
    """

    __tablename__ = "booking_changes"
    __table_args__ = _table(Index(None, "booking_id", "id"))

    id: Mapped[int] = _id()
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    action: Mapped[str]
    actor: Mapped[str]
    start_ts: Mapped[int]
    former_start_ts: Mapped[int | None]
    reason: Mapped[str | None]
    created_ts: Mapped[int]


class Reminder(Base):
    """
    A reminder that is still to be written; the row goes when it is.
    """

    __tablename__ = "reminders"
    __table_args__ = _table(Index(None, "due_ts"), Index(None, "booking_id"))

    id: Mapped[int] = _id()
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    minutes_before: Mapped[int]
    due_ts: Mapped[int]


class IdempotencyKey(Base):
    """
    The first answer to a booking call, kept 24 h for its repetitions.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = _table(UniqueConstraint("event_type_id", "key"), Index(None, "created_ts"))

    id: Mapped[int] = _id()
    event_type_id: Mapped[int] = mapped_column(ForeignKey("event_types.id", ondelete="CASCADE"))
    key: Mapped[str]
    body_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_ts: Mapped[int]


class WebhookEndpoint(Base):
    """
    Where a host wants to hear of bookings. The secrets are encrypted.

    After a change of the secret the former one signs as well, until ``former_secret_until_ts``.
    ``failing_since_ts`` is when the first of a row of failures was, with no success since.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = _table(Index(None, "host_id"))

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    url: Mapped[str]
    topics: Mapped[list[Any]]
    secret_encrypted: Mapped[str]
    secret_hint: Mapped[str]
    former_secret_encrypted: Mapped[str | None]
    former_secret_until_ts: Mapped[int | None]
    is_active: Mapped[bool]
    switched_off_reason: Mapped[str | None]
    failing_since_ts: Mapped[int | None]
    created_ts: Mapped[int]


class Message(Base):
    """
    One thing that happened, to be told; written in the transaction in which it happened.

    ``payload`` is the JSON text that goes out to endpoints, frozen, so that every attempt
    signs the same bytes; ``facts`` is what mails are made of, frozen too.
    """

    __tablename__ = "messages"
    __table_args__ = _table(
        UniqueConstraint("uid"),
        Index(None, "host_id", "created_ts"),
        Index(None, "booking_id"),
        Index(None, "created_ts"),
    )

    id: Mapped[int] = _id()
    uid: Mapped[str]
    host_id: Mapped[int] = _owner()
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    topic: Mapped[str]
    payload: Mapped[str]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_ts: Mapped[int]


class Delivery(Base):
    """
    A message on its way: to an endpoint, or by mail to a ``recipient`` (host or invitee).

    ``lane`` is what shares a limit of deliveries in flight: the endpoint's id, 0 for mail.
    ``claim`` counts how often a worker took it, which tells a late worker's result from the
    present one's. While it is being sent ``next_attempt_ts`` is when the lease ends.
    """

    __tablename__ = "deliveries"
    __table_args__ = _table(
        UniqueConstraint("message_id", "endpoint_id"),
        Index(None, "message_id", "recipient", unique=True),
        Index(None, "endpoint_id", "id"),
        Index(
            "ix_deliveries_open",
            "lane",
            "next_attempt_ts",
            "id",
            sqlite_where=text(_IS_OPEN),
            postgresql_where=text(_IS_OPEN),
        ),
        Index(
            "ix_deliveries_sending",
            "lane",
            "next_attempt_ts",
            sqlite_where=text("status = 'sending'"),
            postgresql_where=text("status = 'sending'"),
        ),
    )

    id: Mapped[int] = _id()
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    endpoint_id: Mapped[int | None] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    recipient: Mapped[str | None]
    lane: Mapped[int] = mapped_column(default=0)
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_ts: Mapped[int]
    claim: Mapped[int] = mapped_column(default=0)
    claimed_ts: Mapped[int | None]
    finished_ts: Mapped[int | None]
    created_ts: Mapped[int]


class Attempt(Base):
    """
    One try to make a delivery, and what came of it. ``answer`` is the beginning of what came back.
    """

    __tablename__ = "attempts"
    __table_args__ = _table(Index(None, "delivery_id", "id"))

    id: Mapped[int] = _id()
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    started_ts: Mapped[int]
    duration_ms: Mapped[int]
    status_code: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[str | None]


class ChatSession(Base):
    """
    A conversation with the assistant of a host's page. ``token_hash`` is the SHA-256 of its id.

    ``messages`` counts the invitee's, and so tells one state from the next; ``state`` is what is
    settled so far. ``transcript`` is kept only where a language model reads it.
    """

    __tablename__ = "chat_sessions"
    __table_args__ = _table(UniqueConstraint("token_hash"), Index(None, "host_id"), Index(None, "used_ts"))

    id: Mapped[int] = _id()
    host_id: Mapped[int] = _owner()
    token_hash: Mapped[str]
    messages: Mapped[int]
    state: Mapped[dict[str, Any]]
    transcript: Mapped[list[Any]]
    created_ts: Mapped[int]
    used_ts: Mapped[int]
