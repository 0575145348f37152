"""
Taking turns: what two transactions must not decide at once, they decide one after the other.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from calendo.db.engine import Database, Tx, sqlite_module
from calendo.db.models import Delivery
from calendo.integrations.vault import Vault
from calendo.ops import booking_pages, delivery_log, outbox, webhooks
from calendo.ops.locks import lock_host, lock_slugs
from ops.making import NOW, make_host, make_type
from parts import Postgres


@pytest.fixture
def postgresql(postgres: Postgres) -> Iterator[Database]:
    url = postgres.make()
    db = Database(url)
    yield db
    db.close()
    postgres.drop(url)


def waits(db: Database, act: Callable[[Tx], object]) -> bool:
    """
    Say whether a second transaction would have to wait in ``act``.
    """
    try:
        with db.write() as tx:
            tx.execute(text("SET LOCAL lock_timeout = '50ms'"))
            act(tx)
    except OperationalError as error:
        return isinstance(error.orig, LockNotAvailable)
    return False


def test_one_transaction_at_a_time_decides_about_a_host(postgresql: Database) -> None:
    """
    A locked host makes others wait until the transaction ends; another host does not.
    """
    with postgresql.write() as tx:
        jane, bob = make_host(tx).id, make_host(tx).id

    with postgresql.write() as tx:
        lock_host(tx, jane)
        lock_host(tx, jane)
        assert waits(postgresql, lambda other: lock_host(other, jane))
        assert not waits(postgresql, lambda other: lock_host(other, bob))
    assert not waits(postgresql, lambda other: lock_host(other, jane))


def test_a_locked_host_can_be_referred_to(postgresql: Database) -> None:
    """
    Rows that merely refer to the host, such as a key or a session, can be written meanwhile.
    """
    with postgresql.write() as tx:
        host = make_host(tx)
    session = text(
        "INSERT INTO sessions (user_id, token_hash, created_ts, expires_ts) VALUES (:user_id, 'x', 0, 0)"
    )

    with postgresql.write() as tx:
        lock_host(tx, host.id)
        assert not waits(postgresql, lambda other: other.execute(session, {"user_id": host.id}))


@pytest.mark.parametrize(
    "act",
    [lambda tx, host: booking_pages.change(tx, host.id, {"slug": "jane"}), lambda tx, host: make_host(tx)],
    ids=["change", "create"],
)
def test_slugs_are_chosen_one_at_a_time(postgresql: Database, act: Callable[..., object]) -> None:
    """
    Whoever chooses the slug of a page waits for others who do.
    """
    with postgresql.write() as tx:
        host = make_host(tx)

    with postgresql.write() as tx:
        lock_slugs(tx)
        assert waits(postgresql, lambda other: act(other, host))
    assert not waits(postgresql, lambda other: act(other, host))


def test_event_types_are_made_one_at_a_time(postgresql: Database) -> None:
    """
    Two event types of a host that are made at once do not get the same slug or position.
    """
    with postgresql.write() as tx:
        host = make_host(tx)

    with postgresql.write() as tx:
        make_type(tx, host.id)
        assert waits(postgresql, lambda other: make_type(other, host.id))


def test_an_endpoint_is_switched_and_sent_to_one_after_the_other(postgresql: Database) -> None:
    """
    What is sent at the moment of switching off would wait forever at an endpoint that is off.
    """
    vault = Vault(b"a key that only the tests use")
    with postgresql.write() as tx:
        host = make_host(tx)
        one, other = (
            webhooks.create(tx, host.id, "https://example.com/", [], "secret", vault, NOW) for _ in range(2)
        )
        delivery = outbox.emit_test(tx, one, NOW).id
        tx.get_one(Delivery, delivery).status = "failed"

    with postgresql.write() as tx:
        webhooks.change(tx, host.id, one.id, {"is_active": False}, vault, NOW)
        for act in (delivery_log.send_test, lambda *args: delivery_log.redeliver_failed(*args, NOW)):
            assert waits(postgresql, lambda tx, act=act: act(tx, host.id, one.id, NOW))
            assert not waits(postgresql, lambda tx, act=act: act(tx, host.id, other.id, NOW))
        assert waits(postgresql, lambda tx: delivery_log.redeliver(tx, host.id, one.id, delivery, NOW))


def test_sqlite_lets_one_writer_in(tmp_path: Path) -> None:
    """
    On SQLite a write transaction holds off every other one, in other processes too.
    """
    db = Database(f"sqlite:///{tmp_path / 'calendo.db'}")
    with db.read() as tx:
        tx.execute(text("SELECT 1"))
    with closing(sqlite_module.connect(tmp_path / "calendo.db", timeout=0.05)) as other:
        with db.write() as tx:
            tx.execute(text("SELECT 1"))
            with pytest.raises(sqlite_module.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    db.close()
