"""
An endpoint that is deleted while somebody books takes no booking with it.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from calendo.db.engine import Database
from calendo.db.models import Booking, Delivery, EventType
from calendo.integrations.vault import Vault
from calendo.ops import webhooks
from ops.making import NOW, make_booking, make_host, make_type
from worker.workers import wait_until

VAULT = Vault(b"a key that only the tests use")
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_deleting_an_endpoint_fails_no_booking(db: Database) -> None:
    """
    The booking waits for the deletion, and is told to those endpoints that are left.
    """
    with db.write() as tx:
        host = make_host(tx)
        event_type_id = make_type(tx, host.id).id
        doomed, kept = (
            webhooks.create(
                tx, host.id, f"https://example.com/{name}", ("booking.created",), "secret", VAULT, NOW
            )
            for name in ("doomed", "kept")
        )
        doomed_id, kept_id = doomed.id, kept.id

    def book() -> None:
        with db.write() as tx:
            make_booking(tx, tx.get_one(EventType, event_type_id))

    with ThreadPoolExecutor(1) as pool:
        with db.write() as tx:
            webhooks.delete(tx, host.id, doomed_id)
            booking = pool.submit(book)
            wait_until(lambda: waiting(db) > 0, 10, "the booking waits for the deletion")
        booking.result()

    with db.read() as tx:
        assert 1 == len(tx.scalars(select(Booking.id)).all())
        told = tx.scalars(select(Delivery.endpoint_id).where(Delivery.endpoint_id.is_not(None))).all()
    assert [kept_id] == told


def waiting(db: Database) -> int:
    """
    Say how many connections wait for a lock.
    """
    with db.read() as tx:
        return tx.scalars(_WAITING).one()
