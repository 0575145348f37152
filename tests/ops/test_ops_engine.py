"""
The database: what a transaction sees and leaves, and statements that both drivers take.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from calendo.db.engine import Database, Statement, Tx, query_in, sqlite_module
from calendo.db.models import User
from calendo.errors import EmailTaken, Unavailable
from calendo.ops import accounts
from calendo.ops.accounts import NewAccount
from ops.making import NOW, make_host

COUNT = Statement("SELECT count(*) FROM users WHERE created_ts >= :since AND created_ts < :until")
ALWAYS = {"since": 0, "until": 2**40}


def count(tx: Tx) -> int:
    return tx.scalar(select(func.count()).select_from(User)) or 0


def make_namesakes(tx: Tx) -> None:
    account = NewAccount("jane@example.com", "no hash", "Jane", "UTC")
    for _ in range(2):
        accounts.register(tx, account, NOW)


def count_in(db: Database) -> int:
    with db.read() as tx:
        return count(tx)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    db = Database(f"sqlite:///{tmp_path / 'plain.db'}")
    yield db
    db.close()


@pytest.mark.parametrize(
    ("sql", "words", "sqlite", "postgresql"),
    [
        ("SELECT 1", {}, "SELECT 1", "SELECT 1"),
        ("WHERE a = :a AND b<:b", {}, "WHERE a = :a AND b<:b", "WHERE a = %(a)s AND b<%(b)s"),
        ("WHERE a = :one OR b = :one", {}, "WHERE a = :one OR b = :one", "WHERE a = %(one)s OR b = %(one)s"),
        ("IN (:host_id2,:x)", {}, "IN (:host_id2,:x)", "IN (%(host_id2)s,%(x)s)"),
        (
            "SELECT {all} FROM {where} WHERE id = :id",
            {"all": ("group(x)", "agg(x, :sep)"), "where": ("t", "u")},
            "SELECT group(x) FROM t WHERE id = :id",
            "SELECT agg(x, %(sep)s) FROM u WHERE id = %(id)s",
        ),
    ],
)
def test_a_statement_is_translated(
    sql: str, words: dict[str, tuple[str, str]], sqlite: str, postgresql: str
) -> None:
    """
    SQLite takes names behind a colon, PostgreSQL's driver in brackets; words stand for what differs.
    """
    statement = Statement(sql, **words)

    assert (sqlite, postgresql) == (statement.sqlite, statement.postgresql)


def test_statements_run_inside_and_outside_of_transactions(db: Database) -> None:
    """
    Inside a transaction a statement sees what that has written; outside only what is committed.
    """
    with db.write() as tx:
        make_host(tx)
    with db.write() as tx, db.quick() as query:
        make_host(tx)
        assert [(2,)] == query_in(tx)(COUNT, ALWAYS)
        assert [(1,)] == [tuple(row) for row in query(COUNT, ALWAYS)]
    with db.quick() as query:
        assert [(2,)] == [tuple(row) for row in query(COUNT, ALWAYS)]
        assert [(0,)] == [tuple(row) for row in query(COUNT, {"since": 0, "until": 1})]


def test_threads_read_side_by_side(db: Database) -> None:
    """
    Each thread has its own way to read quickly.
    """
    with db.write() as tx:
        make_host(tx)
    together = threading.Barrier(4, timeout=10)

    def look(_: int) -> int:
        together.wait()
        with db.quick() as query:
            return sum(query(COUNT, ALWAYS)[0][0] for _ in range(20))

    with ThreadPoolExecutor(4) as pool:
        assert [20] * 4 == list(pool.map(look, range(4)))


def test_a_block_that_raises_leaves_nothing(db: Database) -> None:
    """
    A write is kept when its block ends, and undone when it raises.
    """
    with pytest.raises(EmailTaken), db.write() as tx:
        make_namesakes(tx)
    with db.write() as tx:
        assert 0 == count(tx)
        make_host(tx)

    with db.read() as tx:
        assert 1 == count(tx)


def test_rows_refer_to_rows_that_are_there(db: Database) -> None:
    """
    Foreign keys hold on both engines: a key of nobody is refused, and a host's keys go with the host.
    """
    insert = text(
        "INSERT INTO api_keys (user_id, label, prefix, key_hash, created_ts)"
        " VALUES (:user_id, 'x', 'x', 'x', 0)"
    )
    with pytest.raises(IntegrityError), db.write() as tx:
        tx.execute(insert, {"user_id": 4711})
    with db.write() as tx:
        tx.execute(insert, {"user_id": make_host(tx).id})
        tx.execute(text("DELETE FROM users"))

        assert 0 == tx.scalar(text("SELECT count(*) FROM api_keys"))


def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    """
    While a write is under way others read what was before it.
    """
    with db.write() as tx:
        make_host(tx)
        with db.read() as reader:
            assert 0 == count(reader)
    with db.read() as tx:
        assert 1 == count(tx)


def test_writers_take_turns(db: Database) -> None:
    """
    Eight threads that read, think and write at once lose nothing on SQLite, where all writes queue up.
    """
    together = threading.Barrier(8, timeout=10)

    def add(_: int) -> None:
        together.wait()
        for _ in range(5):
            with db.write() as tx:
                make_host(tx)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))

    with db.read() as tx:
        assert 40 == count(tx)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
def test_every_sqlite_connection_is_safe(sqlite: Database, pragma: str, value: object) -> None:
    """
    What was answered survives a power cut, and waiting beats failing, on each kind of connection.
    """
    with sqlite.write() as writer, sqlite.read() as reader, sqlite.quick() as query:
        statement = Statement(f"PRAGMA {pragma}")
        seen = [query_in(writer)(statement, {}), query_in(reader)(statement, {}), query(statement, {})]

    assert [[(value,)]] * 3 == [[tuple(row) for row in rows] for rows in seen]


def test_waiting_for_a_turn_and_for_a_lock_is_one_wait(sqlite: Database) -> None:
    """
    Whoever stands behind another writer of this process is told to come back as soon as that one was.

    Each of them waited its five seconds for the turn and five more for the lock of another process,
    which is longer than a server that was asked to end gives them.
    """

    def write_in_vain(after_seconds: float) -> float:
        time.sleep(after_seconds)
        began = time.monotonic()
        with pytest.raises((OperationalError, Unavailable)), sqlite.write():
            pass
        return time.monotonic() - began

    with sqlite.write() as tx:
        tx.execute(text("CREATE TABLE users (id INTEGER)"))
    other = Database(str(sqlite.engine.url))
    with other.write(), ThreadPoolExecutor(2) as pool:
        waited = list(pool.map(write_in_vain, (0, 2)))
    other.close()

    assert max(waited) < 6.5


def test_a_closed_database_opens_again(db: Database) -> None:
    """
    Closing gives the connections back; whoever asks again gets new ones.
    """
    with db.write() as tx:
        make_host(tx)
    for _ in range(2):
        with db.quick() as query:
            assert 1 == query(COUNT, ALWAYS)[0][0]
        db.close()
    with db.read() as tx:
        assert 1 == count(tx)


def test_a_new_file_that_another_process_sets_up_is_waited_for(tmp_path: Path) -> None:
    """
    Whoever comes while the file is not in WAL mode yet, and in use, waits until it is free.
    """
    path = tmp_path / "new.db"
    with (
        closing(sqlite_module.connect(path, isolation_level=None, check_same_thread=False)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("CREATE TABLE users (id INTEGER)")
        other.execute("BEGIN IMMEDIATE")
        db = Database(f"sqlite:///{path}")
        counting = pool.submit(count_in, db)
        with pytest.raises(TimeoutError):
            counting.result(timeout=0.3)
        other.execute("COMMIT")

        assert 0 == counting.result(timeout=5)
    db.close()
