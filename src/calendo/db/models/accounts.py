"""
Hosts, and how they get in.
"""

from uuid import uuid4

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from calendo.db.models.base import Base, owner_id, row_id, table_args


class User(Base):
    """
    A host. ``email_key`` is the e-mail address as it is compared.

    Raising ``feed_counter`` makes the calendar feed's address a new one. ``avatar_hash``
    names the picture. Of one who has closed the account, at ``closed_ts``, only this row
    is left, without a name, until the last messages to invitees are sent.
    """

    __tablename__ = "users"
    __table_args__ = table_args(
        UniqueConstraint("email_key"),
        Index(None, "uid", unique=True),
        Index(
            None,
            "closed_ts",
            sqlite_where=text("closed_ts IS NOT NULL"),
            postgresql_where=text("closed_ts IS NOT NULL"),
        ),
    )

    id: Mapped[int] = row_id()
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
    __table_args__ = table_args(UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: Mapped[int] = row_id()
    user_id: Mapped[int] = owner_id()
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
    __table_args__ = table_args(UniqueConstraint("uid"), Index(None, "user_id"))

    id: Mapped[int] = row_id()
    uid: Mapped[str]
    user_id: Mapped[int] = owner_id()
    created_ts: Mapped[int]
    expires_ts: Mapped[int]


class Avatar(Base):
    """
    A host's picture as it is served, WebP; ``hash`` is the SHA-256 of that.
    """

    __tablename__ = "avatars"
    __table_args__ = table_args(UniqueConstraint("host_id"), Index(None, "hash"))

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
    hash: Mapped[str]
    content: Mapped[bytes]
    created_ts: Mapped[int]


class ApiKey(Base):
    """
    A key for programs. ``key_hash`` is its SHA-256; ``prefix`` tells keys apart.
    """

    __tablename__ = "api_keys"
    __table_args__ = table_args(UniqueConstraint("key_hash"), Index(None, "user_id"))

    id: Mapped[int] = row_id()
    user_id: Mapped[int] = owner_id()
    label: Mapped[str]
    prefix: Mapped[str]
    key_hash: Mapped[str]
    created_ts: Mapped[int]
    last_used_ts: Mapped[int | None]
    expires_ts: Mapped[int | None]
