"""
What sending takes: leases and attempts, mails beside webhooks, reminders, and a booking's history.
"""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What the messages of the past tell is the history of the bookings that there are.
HISTORY = """
INSERT INTO booking_changes (booking_id, action, actor, start_ts, created_ts)
SELECT m.booking_id,
    CASE m.topic
        WHEN 'booking.requested' THEN 'requested'
        WHEN 'booking.rescheduled' THEN 'rescheduled'
        WHEN 'booking.cancelled' THEN 'cancelled'
        WHEN 'booking.declined' THEN 'declined'
        ELSE CASE WHEN r.id IS NULL THEN 'booked' ELSE 'confirmed' END
    END,
    CASE WHEN m.topic = 'booking.requested' OR (m.topic = 'booking.created' AND r.id IS NULL)
        THEN 'invitee' ELSE 'host' END,
    b.start_ts, m.created_ts
FROM messages m
JOIN bookings b ON b.id = m.booking_id
LEFT JOIN messages r ON r.booking_id = m.booking_id AND r.topic = 'booking.requested'
ORDER BY m.id
"""


def upgrade() -> None:
    """
    Add columns with what holds for the rows that are there, then the new tables.
    """
    _widen_users()
    _widen_event_types()
    _widen_bookings()
    _widen_webhooks()
    _rebuild_deliveries()
    _make_tables()
    op.execute(HISTORY)


def _add(table: str, name: str, kind: sa.types.TypeEngine[Any], default: str | None = None) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=default))


def _widen_users() -> None:
    _add("users", "uid", sa.Text(), "")
    _add("users", "max_bookings_per_invitee", sa.BigInteger(), "5")
    _add("users", "feed_counter", sa.BigInteger(), "0")
    users = sa.table("users", sa.column("id"), sa.column("uid"))
    for user_id in op.get_bind().scalars(sa.select(users.c.id)).all():
        op.execute(sa.update(users).where(users.c.id == user_id).values(uid=str(uuid4())))
    op.create_index(op.f("ix_users_uid"), "users", ["uid"], unique=True)


def _widen_event_types() -> None:
    _add("event_types", "cancel_notice_hours", sa.BigInteger(), "0")
    _add("event_types", "reschedule_notice_hours", sa.BigInteger(), "0")
    _add("event_types", "reminder_minutes", sa.JSON(), "[1440, 60]")


def _widen_bookings() -> None:
    _add("bookings", "sequence", sa.BigInteger(), "0")
    _add("bookings", "link_counter", sa.BigInteger(), "0")
    op.add_column(
        "bookings", sa.Column("is_no_show", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _add("bookings", "invitee_key", sa.Text(), "")
    op.execute("UPDATE bookings SET invitee_key = lower(invitee_email)")
    bookings = sa.table("bookings", sa.column("invitee_email"), sa.column("invitee_key"))
    for email in op.get_bind().scalars(sa.select(bookings.c.invitee_email).distinct()).all():
        # What databases make of other scripts' capitals differs, and is not what Python does.
        if not email.isascii():
            found = sa.update(bookings).where(bookings.c.invitee_email == email)
            op.execute(found.values(invitee_key=email.casefold()))
    op.create_index(
        op.f("ix_bookings_host_id_invitee_key_start_ts"), "bookings", ["host_id", "invitee_key", "start_ts"]
    )
    pending = sa.text("status = 'pending'")
    op.create_index(
        "ix_bookings_pending", "bookings", ["start_ts"], sqlite_where=pending, postgresql_where=pending
    )


def _widen_webhooks() -> None:
    _add("webhook_endpoints", "former_secret_encrypted", sa.Text())
    _add("webhook_endpoints", "former_secret_until_ts", sa.BigInteger())
    _add("webhook_endpoints", "switched_off_reason", sa.Text())
    _add("webhook_endpoints", "failing_since_ts", sa.BigInteger())
    _add("messages", "facts", sa.JSON())
    op.create_index(op.f("ix_messages_created_ts"), "messages", ["created_ts"])


def _rebuild_deliveries() -> None:
    op.drop_index(op.f("ix_deliveries_endpoint_id"), "deliveries")
    with op.batch_alter_table("deliveries", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("endpoint_id", existing_type=ID, nullable=True)
        table.add_column(sa.Column("recipient", sa.Text()))
        table.add_column(sa.Column("lane", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("attempts", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("claim", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("claimed_ts", sa.BigInteger()))
        table.add_column(sa.Column("finished_ts", sa.BigInteger()))
    op.execute("UPDATE deliveries SET lane = endpoint_id")
    op.create_index(op.f("ix_deliveries_endpoint_id_id"), "deliveries", ["endpoint_id", "id"])
    op.create_index(
        op.f("ix_deliveries_message_id_recipient"), "deliveries", ["message_id", "recipient"], unique=True
    )
    for name, columns, condition in (
        ("ix_deliveries_open", ["lane", "next_attempt_ts", "id"], "status IN ('pending', 'sending')"),
        ("ix_deliveries_sending", ["lane", "next_attempt_ts"], "status = 'sending'"),
    ):
        where = sa.text(condition)
        op.create_index(name, "deliveries", columns, sqlite_where=where, postgresql_where=where)


def _make_tables() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("delivery_id", ID, nullable=False),
        sa.Column("started_ts", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("status_code", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attempts_delivery_id_id"), "attempts", ["delivery_id", "id"])
    op.create_table(
        "booking_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("start_ts", sa.BigInteger(), nullable=False),
        sa.Column("former_start_ts", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("created_ts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_changes_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_booking_changes_booking_id_id"), "booking_changes", ["booking_id", "id"])
    op.create_table(
        "reminders",
        sa.Column("id", ID, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("minutes_before", sa.BigInteger(), nullable=False),
        sa.Column("due_ts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_reminders_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_reminders_due_ts"), "reminders", ["due_ts"])
    op.create_index(op.f("ix_reminders_booking_id"), "reminders", ["booking_id"])
