"""
What all tables have in common.
"""

from typing import Any

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
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

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


def row_id() -> Mapped[int]:
    """
    Number rows by themselves, on both engines.
    """
    # SQLite numbers rows by itself only in a column declared INTEGER.
    return mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def owner_id() -> Mapped[int]:
    """
    Name the host whose row it is, and with whom it goes.
    """
    return mapped_column(ForeignKey("users.id", ondelete="CASCADE"))


def table_args(*constraints: CheckConstraint | Index | UniqueConstraint) -> tuple[Any, ...]:
    """
    Give a table its constraints, and ids that are never used again.
    """
    # Without AUTOINCREMENT SQLite hands the id of a deleted row to the next
    # one, and a repeated DELETE would hit somebody new.
    return (*constraints, {"sqlite_autoincrement": True})
