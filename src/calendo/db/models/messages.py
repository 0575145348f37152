"""
What is told to whom: messages, and their deliveries to webhooks and mailboxes.
"""

from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from calendo.db.models.base import Base, owner_id, row_id, table_args

#: Where a delivery stands. Of the first two ``next_attempt_ts`` says when a worker may take it.
WAITING: Final = "pending"
SENDING: Final = "sending"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
_IS_OPEN: Final = "status IN ('pending', 'sending')"


class WebhookEndpoint(Base):
    """
    Where a host wants to hear of bookings. The secrets are encrypted.

    After a change of the secret the former one signs as well, until ``former_secret_until_ts``.
    ``failing_since_ts`` is when the first of a row of failures was, with no success since.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = table_args(Index(None, "host_id"))

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
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
    __table_args__ = table_args(
        UniqueConstraint("uid"),
        Index(None, "host_id", "created_ts"),
        Index(None, "booking_id"),
        Index(None, "created_ts"),
    )

    id: Mapped[int] = row_id()
    uid: Mapped[str]
    host_id: Mapped[int] = owner_id()
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
    __table_args__ = table_args(
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

    id: Mapped[int] = row_id()
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
    __table_args__ = table_args(Index(None, "delivery_id", "id"))

    id: Mapped[int] = row_id()
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"))
    started_ts: Mapped[int]
    duration_ms: Mapped[int]
    status_code: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[str | None]
