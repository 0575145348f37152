"""
The schema: recognized in any state, made by migrations alone, and the same as the models.
"""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from calendo.db.engine import Database
from calendo.db.models import Base
from calendo.db.schema import SchemaState, migrate, schema_state
from ops.making import make_host

VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"
#: What makes a database of each state, from an empty one.
STATES = {
    SchemaState.EMPTY: [],
    SchemaState.OLDER: [VERSION],
    SchemaState.NEWER: [VERSION, "INSERT INTO alembic_version VALUES ('9999')"],
    SchemaState.FOREIGN: ["CREATE TABLE recipes (id INTEGER PRIMARY KEY)"],
}

#: Imports first what takes long, so that all are at the same point when they are told to go.
MIGRATE_ON_DEMAND = """
import sys
from alembic import command
from calendo.db.engine import Database
from calendo.db.schema import migrate
db = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(migrate(db).value)
"""


def tables(db: Database) -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def bring_to(db: Database, state: SchemaState) -> None:
    with db.write() as tx:
        for statement in STATES[state]:
            tx.execute(text(statement))


def test_an_empty_database_becomes_current(empty: Database) -> None:
    """
    Migrating says how the database was found; doing it twice changes nothing.
    """
    assert SchemaState.EMPTY is schema_state(empty)
    assert SchemaState.EMPTY is migrate(empty, only_if_empty=True)
    assert SchemaState.CURRENT is schema_state(empty)
    with empty.write() as tx:
        host = make_host(tx)
    assert SchemaState.CURRENT is migrate(empty)
    with empty.read() as tx:
        assert "Jane Smith" == tx.get_one(type(host), host.id).name


def test_an_older_schema_is_migrated_when_asked(empty: Database) -> None:
    """
    A server that starts leaves it alone; whoever runs the server says when.
    """
    bring_to(empty, SchemaState.OLDER)

    assert SchemaState.OLDER is schema_state(empty)
    assert SchemaState.OLDER is migrate(empty, only_if_empty=True)
    assert {"alembic_version"} == tables(empty)
    assert SchemaState.OLDER is migrate(empty)
    assert SchemaState.CURRENT is schema_state(empty)


@pytest.mark.parametrize("state", [SchemaState.NEWER, SchemaState.FOREIGN])
def test_what_is_not_ours_is_left_alone(empty: Database, state: SchemaState) -> None:
    """
    A database of a newer version, or of another program, is never changed.
    """
    bring_to(empty, state)
    before = tables(empty)

    assert state is schema_state(empty)
    assert [state, state] == [migrate(empty), migrate(empty, only_if_empty=True)]
    assert before == tables(empty)


def test_models_equal_migrations(db: Database) -> None:
    """
    The migrations make what the models describe: no table, column, type, index or constraint differs.

    Defaults are no part of it: those of the database only fill rows that were there before a column.
    """
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        assert [] == compare_metadata(context, Base.metadata)


def test_a_migration_that_fails_leaves_nothing(empty: Database) -> None:
    """
    All of the migrations are done, or none of them: here half-way a table is in the way.
    """
    bring_to(empty, SchemaState.OLDER)
    with empty.write() as tx:
        tx.execute(text("CREATE TABLE deliveries (id INTEGER PRIMARY KEY)"))
    with pytest.raises(DBAPIError, match="deliveries"):
        migrate(empty)

    assert {"alembic_version", "deliveries"} == tables(empty)
    assert SchemaState.OLDER is schema_state(empty)


def test_processes_that_migrate_at_once_take_turns(empty: Database, empty_url: str) -> None:
    """
    However many start together on an empty database, one migrates it and the others find it current.
    """
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE_ON_DEMAND, empty_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(3)
    ]
    assert ["ready\n"] * 3 == [process.stdout.readline() for process in processes]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0] for process in processes]

    assert ["current\n", "current\n", "empty\n"] == sorted(said)
    assert SchemaState.CURRENT is schema_state(empty)
