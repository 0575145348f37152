"""
The database: one engine, transactions that read and transactions that write.

SQLite on a laptop, PostgreSQL when it grows; the same code above this file.
"""

import re
import select
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import Any, TypeAlias

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from calendo.errors import Unavailable

try:
    import pysqlite3.dbapi2 as sqlite_module
except ImportError:  # no wheel for this platform: the standard library's serves
    sqlite_module = sqlite3

Tx: TypeAlias = Session
Row: TypeAlias = tuple[Any, ...]
#: Runs a statement with ``:name`` parameters and returns all its rows.
Query: TypeAlias = Callable[["Statement", Mapping[str, object]], list[Row]]

#: How long a call waits for one thing that others hold, a connection or a lock, before
#: it is told to come back. Without an end a lock that stays would take one thread after
#: the other, and the process could not end.
_PATIENCE_SECONDS = 5
_PATIENCE_MS = 1000 * _PATIENCE_SECONDS
#: Marks a transaction of SQLite that writes; its value is for how long it may wait for the lock.
_WRITES = "calendo_writes"

#: A connection that rested for less than this is taken to work, unless its socket says otherwise.
_TRUSTED_SECONDS = 2

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_PATIENCE_MS}",
)

_REMEMBERED_QUERIES = 64


class Statement:
    """
    A hand-tuned statement with ``:name`` parameters, for both drivers.

    Where the dialects differ, ``words`` says what stands for a ``{word}``, first on
    SQLite and then on PostgreSQL.
    """

    def __init__(self, sql: str, **words: tuple[str, str]) -> None:
        self.sqlite = sql.format(**{word: pair[0] for word, pair in words.items()})
        on_postgresql = sql.format(**{word: pair[1] for word, pair in words.items()})
        self.postgresql = re.sub(r":(\w+)", r"%(\1)s", on_postgresql)


class Database:
    """
    Opens transactions. ``write`` waits its turn; ``read`` never waits for a writer.
    """

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = _sqlite_engine(str(parsed))
        else:
            self.engine = _postgresql_engine(parsed)
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        # SQLite lets one writer in at a time and those that wait poll in no
        # order; within the process a lock makes them queue instead.
        self._turn = threading.Lock()
        self._local = threading.local()
        self._readers: list[_SqliteReader] = []

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """
        Open a transaction that only reads; what it sees does not change meanwhile on SQLite.
        """
        with Session(self.engine, expire_on_commit=False) as tx, tx.begin():
            yield tx

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """
        Open a transaction that commits when the block ends and rolls back when it raises.
        """
        if not self.is_sqlite:
            with Session(self.engine, expire_on_commit=False) as tx, tx.begin():
                yield tx
            return
        with self._own_turn() as left_ms, Session(self.engine, expire_on_commit=False) as tx, tx.begin():
            tx.connection(execution_options={_WRITES: left_ms})
            yield tx

    @contextmanager
    def _own_turn(self) -> Iterator[int]:
        """
        Wait for the turn, and say for how many milliseconds what else holds it up may be waited for.
        """
        began = monotonic()
        if not self._turn.acquire(timeout=_PATIENCE_SECONDS):
            raise Unavailable
        try:
            yield max(0, _PATIENCE_MS - int(1000 * (monotonic() - began)))
        finally:
            self._turn.release()

    @contextmanager
    def quick(self) -> Iterator[Query]:
        """
        Lend a way to read with hand-tuned statements, past the ORM and without a transaction.

        For the hot route: on SQLite it takes microseconds, on a connection of the
        thread's own, and may be used on the event loop.
        """
        if self.is_sqlite:
            yield self._reader().current()
            return
        with self._autocommit.connect() as connection:
            yield _query_on(connection)

    def _reader(self) -> "_SqliteReader":
        reader: _SqliteReader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = _SqliteReader(self.engine)
            self._readers.append(reader)
        return reader

    def close(self) -> None:
        """
        Close the pooled connections.
        """
        self.engine.dispose()
        for reader in self._readers:
            reader.close()
        self._readers.clear()
        self._local = threading.local()


class _SqliteReader:
    """
    Reads on a connection of its own, and remembers rows for as long as nothing is written.

    SQLite counts the commits of other connections, in this process and in others, and
    this one never writes; so while the count stands still the rows are the same.
    """

    def __init__(self, engine: Engine) -> None:
        self._proxy = engine.raw_connection()
        self._connection: Any = self._proxy.driver_connection
        self._proxy.detach()
        self._version: object = None
        self._remembered: dict[tuple[object, ...], list[Row]] = {}

    def current(self) -> Query:
        """
        Return a way to read what is committed now.
        """
        version = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version or len(self._remembered) >= _REMEMBERED_QUERIES:
            self._version = version
            self._remembered = {}
        return self._query

    def _query(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        key = (statement, *parameters.values())
        rows = self._remembered.get(key)
        if rows is None:
            rows = self._connection.execute(statement.sqlite, parameters).fetchall()
            self._remembered[key] = rows
        return rows

    def close(self) -> None:
        """
        Close the connection.
        """
        self._proxy.close()


def query_in(tx: Tx) -> Query:
    """
    Return a way to run hand-tuned statements inside ``tx``.
    """
    return _query_on(tx.connection())


def _query_on(connection: Connection) -> Query:
    sqlite = connection.dialect.name == "sqlite"

    def query(statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        sql = statement.sqlite if sqlite else statement.postgresql
        return [tuple(row) for row in connection.exec_driver_sql(sql, dict(parameters))]

    return query


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=10,
        pool_timeout=_PATIENCE_SECONDS,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.execute(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'")
        connection.commit()

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rested_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def see_that_it_lives(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        # SQLAlchemy's own pool_pre_ping asks the server each time, which is half of what a
        # short look-up costs. A server that went away has closed the socket, and that can be
        # seen without asking; only what rested for longer is asked.
        rested = monotonic() - record.info.get("rested_since", monotonic())
        if rested < _TRUSTED_SECONDS and not _has_news(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    return engine


def _has_news(connection: Any) -> bool:
    """
    Say whether a connection that nobody uses was sent something, such as its end.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return bool(poll.poll(0))


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, module=sqlite_module)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late and would hide BEGIN.
        connection.isolation_level = None
        with closing(connection.cursor()) as cursor:
            for pragma in _PRAGMAS:
                _patiently(cursor, pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        left_ms = connection.get_execution_options().get(_WRITES)
        if left_ms is None:
            connection.exec_driver_sql("BEGIN")
            return
        # A deferred BEGIN that later writes can fail half-way with "database is
        # locked"; taking the write lock first makes writers wait in line instead.
        connection.exec_driver_sql(f"PRAGMA busy_timeout={left_ms}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_PATIENCE_MS}")

    return engine


def _patiently(cursor: Any, pragma: str) -> None:
    # Switching a new file to WAL fails at once where another process is about to
    # do the same; it is the one thing for which SQLite does not wait by itself.
    deadline = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            cursor.execute(pragma)
        except sqlite_module.OperationalError as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return
