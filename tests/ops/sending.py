"""
Endpoints with deliveries that wait, and attempts at them, without a network.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select

from calendo.core.instants import Instant
from calendo.db.engine import Database, Tx
from calendo.db.models import Attempt, Delivery, Message, WebhookEndpoint
from calendo.integrations.vault import Vault
from calendo.ops import deliveries, webhooks
from calendo.ops.deliveries import Attempted, Claimed, Outcome
from ops.making import NOW, make_host

VAULT = Vault(b"a key that only the tests use")
OK = Outcome(status_code=200, answer="thanks")
REFUSED = Outcome(status_code=500, error="The endpoint answered 500.")
ROOM = 256


def make_endpoint(
    tx: Tx, waiting: int = 0, *, url: str = "https://example.com/hook", host_id: int | None = None
) -> int:
    """
    Make an endpoint, of a new host if none is given, with so many deliveries that are due at ``NOW``.
    """
    host_id = make_host(tx).id if host_id is None else host_id
    endpoint = webhooks.create(tx, host_id, url, ["booking.created"], "secret", VAULT, NOW)
    queue(tx, endpoint, waiting)
    return endpoint.id


def queue(tx: Tx, endpoint: WebhookEndpoint, count: int, now: Instant = NOW, payload: str = "{}") -> None:
    """
    Write messages to an endpoint.
    """
    if count == 0:
        return
    made: list[dict[str, Any]] = [
        {
            "uid": str(uuid4()),
            "host_id": endpoint.host_id,
            "topic": "booking.created",
            "payload": payload,
            "created_ts": now,
        }
        for _ in range(count)
    ]
    ids = tx.scalars(insert(Message).returning(Message.id, sort_by_parameter_order=True), made).all()
    tx.execute(
        insert(Delivery),
        [
            {
                "message_id": id_,
                "endpoint_id": endpoint.id,
                "lane": endpoint.id,
                "status": "pending",
                "next_attempt_ts": now,
                "created_ts": now,
            }
            for id_ in ids
        ],
    )


def claim(db: Database, now: Instant = NOW, room: int = ROOM, kept: int = 0) -> list[Claimed]:
    """
    Claim as a worker does.
    """
    with db.write() as tx:
        return deliveries.claim(tx, now, room, kept)


def attempted(claimed: Claimed, outcome: Outcome, now: Instant) -> Attempted:
    """
    An attempt that took a second and ended at ``now``.
    """
    return Attempted(claimed, outcome, now - 1, now, 1000)


def finish(
    db: Database, claims: Sequence[Claimed], outcome: Outcome, now: Instant = NOW + 1
) -> list[Attempted]:
    """
    Write down that attempts have ended at ``now``, all alike.
    """
    with db.write() as tx:
        return deliveries.finish(tx, [attempted(each, outcome, now) for each in claims], now)


def found(db: Database) -> list[Delivery]:
    """
    Return the deliveries there are.
    """
    with db.read() as tx:
        return list(tx.scalars(select(Delivery).order_by(Delivery.id)))


def log(db: Database) -> list[Attempt]:
    """
    Return the attempts that were written down.
    """
    with db.read() as tx:
        return list(tx.scalars(select(Attempt).order_by(Attempt.id)))


def endpoint(db: Database, endpoint_id: int) -> WebhookEndpoint:
    """
    Return an endpoint as it is now.
    """
    with db.read() as tx:
        return tx.get_one(WebhookEndpoint, endpoint_id)
