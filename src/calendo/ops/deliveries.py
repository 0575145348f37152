"""
Deliveries: what is on its way to an endpoint or a mailbox, and what came of each attempt.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, insert, or_, update

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import FAILED, SENDING, WAITING, Attempt, Delivery, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A delivery that a worker holds the lease of, with all that sending takes.

    For a webhook ``url`` and the secrets are set; ``former_secret_encrypted`` only while
    that secret still signs. For a mail ``recipient`` ("host" or "invitee") and ``facts``
    are, and ``link_counter`` where it is about a booking.
    """

    id: int
    claim: int
    lane: int
    topic: str
    message_uid: str
    payload: str
    created_ts: Instant
    url: str | None
    secret_encrypted: str | None
    former_secret_encrypted: str | None
    recipient: str | None
    facts: dict[str, Any] | None
    link_counter: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of an attempt: delivered if ``error`` is None.

    ``status_code`` is what the endpoint, or the mail server, answered with, and ``answer``
    the first KiB of what it said. After an ``is_final`` failure no further attempt makes sense.
    """

    status_code: int | None = None
    error: str | None = None
    answer: str | None = None
    is_final: bool = False


def end_open(tx: Tx, endpoint: WebhookEndpoint, now: Instant) -> int:
    """
    End what waits for an endpoint that is switched off, visibly; return how many deliveries that are.

    What is being sent at this moment ends with its attempt.
    """
    is_waiting = or_(
        Delivery.status == WAITING, and_(Delivery.status == SENDING, Delivery.next_attempt_ts <= now)
    )
    ended = tx.scalars(
        update(Delivery)
        .where(Delivery.endpoint_id == endpoint.id, is_waiting)
        .values(status=FAILED, finished_ts=now)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        line = {"started_ts": now, "duration_ms": 0, "error": "not sent: the webhook is switched off"}
        tx.execute(insert(Attempt), [{"delivery_id": delivery_id, **line} for delivery_id in ended])
    return len(ended)
