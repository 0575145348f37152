"""
What the dashboard needs: sessions to tell apart, invitees to search, pictures, and forgotten passwords.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """
    Add columns with what holds for the rows that are there, then the new tables.
    """
    _widen_sessions()
    _widen_users()
    _make_bookings_searchable()
    _make_tables()


def _widen_sessions() -> None:
    op.add_column("sessions", sa.Column("user_agent", sa.Text()))
    op.add_column("sessions", sa.Column("last_used_ts", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE sessions SET last_used_ts = created_ts")


def _widen_users() -> None:
    op.add_column("users", sa.Column("avatar_hash", sa.Text()))
    op.add_column("users", sa.Column("closed_ts", sa.BigInteger()))
    closed = sa.text("closed_ts IS NOT NULL")
    op.create_index(
        op.f("ix_users_closed_ts"), "users", ["closed_ts"], sqlite_where=closed, postgresql_where=closed
    )


def _make_bookings_searchable() -> None:
    op.add_column("bookings", sa.Column("invitee_search", sa.Text(), nullable=False, server_default=""))
    bookings = sa.table(
        "bookings",
        sa.column("id"),
        sa.column("invitee_name"),
        sa.column("invitee_email"),
        sa.column("invitee_search"),
    )
    connection = op.get_bind()
    people = connection.execute(sa.select(bookings.c.id, bookings.c.invitee_name, bookings.c.invitee_email))
    keys = [{"row": row, "key": _search_key(f"{name} {email}")} for row, name, email in people]
    if keys:
        found = sa.update(bookings).where(bookings.c.id == sa.bindparam("row"))
        connection.execute(found.values(invitee_search=sa.bindparam("key")), keys)


def _search_key(text: str) -> str:
    # As ``core.searching`` had it at this version.
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def _make_tables() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", ID, nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_ts", sa.BigInteger(), nullable=False),
        sa.Column("expires_ts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_password_resets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_resets")),
        sa.UniqueConstraint("uid", name=op.f("uq_password_resets_uid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_password_resets_user_id"), "password_resets", ["user_id"])
    op.create_table(
        "avatars",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_ts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["users.id"], name=op.f("fk_avatars_host_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avatars")),
        sa.UniqueConstraint("host_id", name=op.f("uq_avatars_host_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_avatars_hash"), "avatars", ["hash"])
