"""
Databases of every kind under ``calendo serve`` and ``calendo migrate``.
"""

import socket
from pathlib import Path

import pytest
from commands import JANE, PASSWORD, Calendo
from sqlalchemy import text

import parts
from calendo.db.engine import Database
from calendo.db.schema import SchemaState, schema_state
from calendo.settings import Settings

pytest_plugins = ["cli_fixtures"]


def run_sql(url: str, *statements: str) -> None:
    db = Database(url)
    with db.write() as tx:
        for statement in statements:
            tx.execute(text(statement))
    db.close()


def state_of(url: str) -> SchemaState:
    db = Database(url)
    state = schema_state(db)
    db.close()
    return state


def test_a_data_directory_may_have_any_name(calendo: Calendo) -> None:
    """
    Spaces, percent signs and letters of any script in its path name just that folder.
    """
    folder = calendo.folder / "it's 100%ce ü 日本?#&=+" / "d%20ata"

    assert "The schema is current now.\n" == calendo.with_settings(data_dir=str(folder)).done("migrate")
    assert ["calendo.db"] == [path.name for path in folder.iterdir()]
    assert SchemaState.CURRENT is state_of(Settings(data_dir=folder).database)


def test_a_database_url_of_a_relative_file(calendo: Calendo) -> None:
    """
    ``sqlite:///file.db`` is a file in the folder where the program is started.
    """
    calendo.with_settings(database_url="sqlite:///meetings.db").done("migrate")

    assert ["meetings.db"] == [path.name for path in calendo.folder.iterdir()]


def test_a_database_url_in_the_short_form(calendo: Calendo, postgres: parts.Postgres) -> None:
    """
    ``postgres://``, as some hosting services write it, is PostgreSQL too.
    """
    url = postgres.make(migrated=False)
    short = url.replace("postgresql://", "postgres://")

    assert short != url
    assert "The schema is current now.\n" == calendo.with_settings(database_url=short).done("migrate")
    assert SchemaState.CURRENT is state_of(url)
    postgres.drop(url)


def test_a_postgresql_that_does_not_answer_is_named(calendo: Calendo) -> None:
    """
    Where no PostgreSQL listens, the line has the address and the setting, and not the password.
    """
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    url = f"postgresql://jane:hidden@127.0.0.1:{port}/calendo"

    why = calendo.with_settings(database_url=url).refused("serve", "--port", "0")

    assert f"postgresql://jane:***@127.0.0.1:{port}/calendo cannot be opened" in why
    assert "CALENDO_DATABASE_URL" in why
    assert "hidden" not in why


def test_a_postgresql_database_that_is_missing_is_named(calendo: Calendo, postgres: parts.Postgres) -> None:
    """
    Where the server has no such database, it is named.
    """
    url = postgres.make(migrated=False)
    postgres.drop(url)

    why = calendo.with_settings(database_url=url).refused("migrate")

    assert "does not exist" in why
    assert "CALENDO_DATABASE_URL" in why


@pytest.mark.parametrize("way", ["its folder is missing", "another kind of file"])
def test_a_file_that_cannot_be_a_database_is_named(calendo: Calendo, way: str) -> None:
    """
    A database file that cannot be opened, or is none, is named.
    """
    path = calendo.folder / "missing" / "calendo.db"
    if way == "another kind of file":
        path = calendo.folder / "notes.txt"
        path.write_text("These are notes and not a database.\n" * 100)

    why = calendo.with_settings(database_url=f"sqlite:///{path}").refused("migrate")

    assert f"The database {path} cannot be " in why
    assert "CALENDO_DATABASE_URL" in why


def test_a_newer_database_is_left_alone(calendo: Calendo, database_url: str) -> None:
    """
    A database that a later version has migrated is not touched.
    """
    run_sql(database_url, "UPDATE alembic_version SET version_num = '9999'")

    why = calendo.with_settings(database_url=database_url).refused("migrate")

    assert "belongs to a newer version of Calendo. Run that version, or " in why
    assert SchemaState.NEWER is state_of(database_url)


@pytest.mark.parametrize("command", ["serve --port 0", "migrate"])
def test_a_foreign_database_is_left_alone(calendo: Calendo, empty_url: str, command: str) -> None:
    """
    A database with the tables of another program is not touched.
    """
    run_sql(empty_url, "CREATE TABLE recipes (id INTEGER PRIMARY KEY)")

    why = calendo.with_settings(database_url=empty_url).refused(*command.split())

    assert "holds tables that are not Calendo's. Set CALENDO_DATABASE_URL to an empty database." in why
    assert SchemaState.FOREIGN is state_of(empty_url)


def test_an_upgrade(calendo: Calendo, empty_url: str, next_version: Path) -> None:
    """
    A later version asks for ``calendo migrate``, which keeps what is there and is harmless twice.
    """
    today = calendo.with_settings(database_url=empty_url)
    tomorrow = today.of_version(next_version)
    today.done(*JANE, *PASSWORD)

    assert "has an older schema. Back it up, then run: calendo migrate" in tomorrow.refused("serve")
    assert SchemaState.CURRENT is state_of(empty_url)

    assert "The schema is current now.\n" == tomorrow.done("migrate")
    assert "The schema was current already.\n" == tomorrow.done("migrate")
    assert "belongs to a newer version" in today.refused("serve")

    db = Database(empty_url)
    with db.read() as tx:
        assert [("Jane Smith", "none yet")] == tx.execute(text("SELECT name, motto FROM users")).all()
    db.close()
