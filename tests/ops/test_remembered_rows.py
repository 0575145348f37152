"""
Rows are remembered only for as long as nobody writes, in this process or in another.
"""

import subprocess
import sys

from calendo.db.engine import Database, Statement
from parts import environment

_COUNT = Statement("SELECT COUNT(*) FROM users WHERE name <> :name")
_ADD = (
    "INSERT INTO users (email, email_key, password_hash, name, timezone, created_ts) "
    "VALUES ('{0}', '{0}', '', 'A', 'UTC', 0)"
)


def counted(db: Database) -> int:
    with db.quick() as query:
        return int(query(_COUNT, {"name": "nobody"})[0][0])


def test_what_this_process_commits_shows_at_once(db: Database) -> None:
    """
    Rows read before a commit are not given out after it.
    """
    before = counted(db)
    with db.write() as tx:
        tx.connection().exec_driver_sql(_ADD.format("a@example.com"))
        during = counted(db)

    assert [0, 0, 1, 1] == [before, during, counted(db), counted(db)]


def test_what_another_process_commits_shows_at_once(db: Database, database_url: str) -> None:
    """
    The count of commits is the database's, not the process's.
    """
    before = counted(db)
    program = (
        "from calendo.db.engine import Database\n"
        f"with Database({database_url!r}).write() as tx:\n"
        f"    tx.connection().exec_driver_sql({_ADD.format('b@example.com')!r})\n"
    )
    subprocess.run([sys.executable, "-c", program], env=environment({}), check=True)

    assert [0, 1] == [before, counted(db)]


def test_different_parameters_have_different_rows(db: Database) -> None:
    """
    Rows are remembered for a statement and its parameters, not for the statement.
    """
    with db.write() as tx:
        tx.connection().exec_driver_sql(_ADD.format("c@example.com"))
    with db.quick() as query:
        counts = [query(_COUNT, {"name": name})[0][0] for name in ("nobody", "A", "nobody")]

    assert [1, 0, 1] == counts


def test_memory_is_bounded(db: Database) -> None:
    """
    However many different questions are asked, the answers stay right.
    """
    with db.quick() as query:
        for number in range(300):
            assert 0 == query(_COUNT, {"name": str(number)})[0][0]
    with db.write() as tx:
        tx.connection().exec_driver_sql(_ADD.format("d@example.com"))

    assert 1 == counted(db)
