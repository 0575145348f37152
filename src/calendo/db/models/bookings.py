"""
What invitees do: bookings with what became of them, repeated calls, conversations.
"""

from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from calendo.core.slots import MAX_BLOCKED_SECONDS
from calendo.db.models.base import Base, owner_id, row_id, table_args
from calendo.db.models.pages import EventType

PENDING: Final = "pending"
CONFIRMED: Final = "confirmed"
CANCELLED: Final = "cancelled"
DECLINED: Final = "declined"
STATUSES: Final = (PENDING, CONFIRMED, CANCELLED, DECLINED)
#: The statuses whose blocked time is taken.
BLOCKING: Final = (PENDING, CONFIRMED)


class Booking(Base):
    """
    A meeting somebody booked. Its blocked time, buffers included, is frozen here.

    ``sequence`` rises with every change, as calendars want it (RFC 5545 3.8.7.4); raising
    ``link_counter`` makes the links in its mails new ones. ``invitee_key`` is the invitee's
    e-mail address as it is compared, ``invitee_search`` what invitees are searched by.
    """

    __tablename__ = "bookings"
    __table_args__ = table_args(
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

    id: Mapped[int] = row_id()
    uid: Mapped[str]
    host_id: Mapped[int] = owner_id()
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
    __table_args__ = table_args(Index(None, "booking_id", "id"))

    id: Mapped[int] = row_id()
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
    __table_args__ = table_args(Index(None, "due_ts"), Index(None, "booking_id"))

    id: Mapped[int] = row_id()
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    minutes_before: Mapped[int]
    due_ts: Mapped[int]


class IdempotencyKey(Base):
    """
    The first answer to a booking call, kept 24 h for its repetitions.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = table_args(UniqueConstraint("event_type_id", "key"), Index(None, "created_ts"))

    id: Mapped[int] = row_id()
    event_type_id: Mapped[int] = mapped_column(ForeignKey("event_types.id", ondelete="CASCADE"))
    key: Mapped[str]
    body_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_ts: Mapped[int]


class ChatSession(Base):
    """
    A conversation with the assistant of a host's page. ``token_hash`` is the SHA-256 of its id.

    ``messages`` counts the invitee's, and so tells one state from the next; ``state`` is what is
    settled so far. ``transcript`` is kept only where a language model reads it.
    """

    __tablename__ = "chat_sessions"
    __table_args__ = table_args(
        UniqueConstraint("token_hash"), Index(None, "host_id"), Index(None, "used_ts")
    )

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
    token_hash: Mapped[str]
    messages: Mapped[int]
    state: Mapped[dict[str, Any]]
    transcript: Mapped[list[Any]]
    created_ts: Mapped[int]
    used_ts: Mapped[int]
