"""
The schema's version: is it current, and how does it become so.
"""

from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from calendo.db.engine import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
#: Any number will do, as long as every process of Calendo uses the same.
_MIGRATION_LOCK = 7_244_001


class SchemaState(Enum):
    """
    How a database stands to this version of the program.
    """

    CURRENT = "current"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


def schema_state(db: Database) -> SchemaState:
    """
    Look at the database without changing it.
    """
    with db.engine.connect() as connection:
        return _state(connection)


def migrate(db: Database, *, only_if_empty: bool = False) -> SchemaState:
    """
    Bring the schema up to date, all of it or nothing, and return how it was found.

    Processes that start at once take turns. A database of a newer version, or of
    another program, is left alone; so is an older one with ``only_if_empty``.
    """
    with db.write() as tx:
        connection = tx.connection()
        if connection.dialect.name == "postgresql":
            # Another one's migration may take longer than a call would wait.
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        state = _state(connection)
        if state is SchemaState.EMPTY or (state is SchemaState.OLDER and not only_if_empty):
            _upgrade(connection)
        return state


def _state(connection: Connection) -> SchemaState:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return SchemaState.FOREIGN if tables else SchemaState.EMPTY
    found = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    known = _revisions()
    if found == {known[-1]}:
        return SchemaState.CURRENT
    return SchemaState.OLDER if found <= set(known) else SchemaState.NEWER


def _revisions() -> list[str]:
    # A migration's file is named after its revision, and they follow each other.
    return sorted(path.name.partition("_")[0] for path in _MIGRATIONS.glob("versions/[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    # Alembic takes ten megabytes, and a server that is up needs none of it.
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
