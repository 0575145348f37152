"""
Conversations with the assistant.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "chat_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("messages", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("transcript", sa.JSON(), nullable=False),
        sa.Column("created_ts", sa.BigInteger(), nullable=False),
        sa.Column("used_ts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_sessions"),
        sa.ForeignKeyConstraint(
            ["host_id"], ["users.id"], name="fk_chat_sessions_host_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("token_hash", name="uq_chat_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_chat_sessions_host_id", "chat_sessions", ["host_id"])
    op.create_index("ix_chat_sessions_used_ts", "chat_sessions", ["used_ts"])
