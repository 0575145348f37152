"""
The log of an endpoint's deliveries: what its host sees of them, and sends again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, update

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import FAILED, SENDING, WAITING, Attempt, Delivery, Message, WebhookEndpoint
from calendo.errors import DeliveryState, EndpointState, NotFound
from calendo.ops import outbox, webhooks
from calendo.ops.locks import lock_endpoint

#: So many failed deliveries one call sends again, so that others get their turn.
REDELIVERED_AT_ONCE = 1000
#: So many attempts a delivery shows, the latest; sending it again and again makes more.
SHOWN_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """
    Which deliveries to list. ``before`` is where the page before ended.
    """

    statuses: tuple[str, ...] | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """
    A delivery with its message and its attempts, oldest first; ``payload`` only where asked for.
    """

    id: int
    topic: str
    message_uid: str
    status: str
    created_ts: Instant
    next_attempt_ts: Instant
    payload: str | None = None
    attempts: list[Attempt] = field(default_factory=list)


_COLUMNS = (
    Delivery.id,
    Message.topic,
    Message.uid,
    Delivery.status,
    Delivery.created_ts,
    Delivery.next_attempt_ts,
)


def list_deliveries(tx: Tx, host_id: int, endpoint_id: int, wanted: DeliveryFilter) -> Sequence[DeliveryRow]:
    """
    List an endpoint's deliveries, newest first, in two statements however many there are.
    """
    webhooks.get_endpoint(tx, host_id, endpoint_id)
    # Payloads stay where they are: two hundred of them are more than a list should carry.
    query = (
        select(*_COLUMNS)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.endpoint_id == endpoint_id)
        .order_by(Delivery.id.desc())
        .limit(wanted.limit)
    )
    if wanted.statuses is not None:
        query = query.where(Delivery.status.in_(wanted.statuses))
    if wanted.before is not None:
        query = query.where(Delivery.id < wanted.before)
    return _with_attempts(tx, [DeliveryRow(*row) for row in tx.execute(query)])


def get_delivery(tx: Tx, host_id: int, endpoint_id: int, delivery_id: int) -> DeliveryRow:
    """
    Return one of an endpoint's deliveries, with its payload as it is sent.
    """
    webhooks.get_endpoint(tx, host_id, endpoint_id)
    found = tx.execute(
        select(*_COLUMNS, Message.payload)
        .join(Message, Message.id == Delivery.message_id)
        .where(Delivery.id == delivery_id, Delivery.endpoint_id == endpoint_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no delivery with this id.")
    (row,) = _with_attempts(tx, [DeliveryRow(*found)])
    return row


def redeliver(tx: Tx, host_id: int, endpoint_id: int, delivery_id: int, now: Instant) -> DeliveryRow:
    """
    Send a delivery again that has arrived or failed: the same message, with all its attempts.

    Raises ``EndpointState`` where the endpoint is off, ``DeliveryState`` while it is on its way.
    """
    _lock_active(tx, host_id, endpoint_id)
    get_delivery(tx, host_id, endpoint_id, delivery_id)
    sent = tx.scalars(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.status.not_in((WAITING, SENDING)))
        .values(_anew(now))
        .returning(Delivery.id)
    ).all()
    if not sent:
        raise DeliveryState
    return get_delivery(tx, host_id, endpoint_id, delivery_id)


def redeliver_failed(tx: Tx, host_id: int, endpoint_id: int, since_ts: Instant, now: Instant) -> int:
    """
    Send the deliveries again that have failed since an instant, and return how many those are.

    At most ``REDELIVERED_AT_ONCE``, oldest first; calling again takes the next ones.
    """
    _lock_active(tx, host_id, endpoint_id)
    failed = (
        select(Delivery.id)
        .where(
            Delivery.endpoint_id == endpoint_id,
            Delivery.status == FAILED,
            Delivery.finished_ts >= since_ts,
        )
        .order_by(Delivery.id)
        .limit(REDELIVERED_AT_ONCE)
    )
    # Through the connection, since of a session's own result nobody can tell how many rows it changed.
    sent = tx.connection().execute(update(Delivery).where(Delivery.id.in_(failed)).values(_anew(now)))
    return sent.rowcount


def send_test(tx: Tx, host_id: int, endpoint_id: int, now: Instant) -> DeliveryRow:
    """
    Send a message that is about no booking, so that its host can see how it arrives.
    """
    endpoint = _lock_active(tx, host_id, endpoint_id)
    return get_delivery(tx, host_id, endpoint_id, outbox.emit_test(tx, endpoint, now).id)


def _anew(now: Instant) -> dict[str, object]:
    return {"status": WAITING, "attempts": 0, "next_attempt_ts": now, "finished_ts": None}


def _lock_active(tx: Tx, host_id: int, endpoint_id: int) -> WebhookEndpoint:
    # Whoever switches it off at this moment ends either what is sent here, or this call.
    lock_endpoint(tx, endpoint_id)
    endpoint = webhooks.get_endpoint(tx, host_id, endpoint_id)
    if not endpoint.is_active:
        raise EndpointState
    return endpoint


def _with_attempts(tx: Tx, rows: Sequence[DeliveryRow]) -> Sequence[DeliveryRow]:
    by_id = {row.id: row for row in rows}
    for attempt in _latest_attempts(tx, by_id):
        by_id[attempt.delivery_id].attempts.append(attempt)
    return rows


def _latest_attempts(tx: Tx, delivery_ids: Iterable[int]) -> Sequence[Attempt]:
    place = func.row_number().over(partition_by=Attempt.delivery_id, order_by=Attempt.id.desc())
    ranked = select(Attempt.id, place.label("place")).where(Attempt.delivery_id.in_(delivery_ids)).subquery()
    return tx.scalars(
        select(Attempt)
        .join(ranked, ranked.c.id == Attempt.id)
        .where(ranked.c.place <= SHOWN_ATTEMPTS)
        .order_by(Attempt.id)
    ).all()
