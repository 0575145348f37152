"""
The schema's version: is it current, and how does it become so.
"""

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
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
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        state = _state(connection)
        if state is SchemaState.EMPTY or (state is SchemaState.OLDER and not only_if_empty):
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return state


def _state(connection: Connection) -> SchemaState:
    script = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_heads()
    if not current:
        return SchemaState.FOREIGN if inspect(connection).get_table_names() else SchemaState.EMPTY
    if set(current) == set(script.get_heads()):
        return SchemaState.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState.OLDER if set(current) <= known else SchemaState.NEWER


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
