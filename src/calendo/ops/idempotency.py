"""
Booking calls that are repeated: the same key and body get the first answer again.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from calendo.core.instants import DAY, Instant
from calendo.db.engine import Tx
from calendo.db.models import EventType, IdempotencyKey
from calendo.errors import IdempotencyKeyReused
from calendo.ops.locks import lock_host

Answer = dict[str, Any]


def once(
    tx: Tx, event_type: EventType, key: str, body_hash: str, now: Instant, act: Callable[[], Answer]
) -> Answer:
    """
    Act and keep the answer for 24 h; for a repetition return the kept one instead.

    The same key with another body raises ``IdempotencyKeyReused``. What ``act``
    refuses is not kept.
    """
    # Repetitions that arrive at once must queue up behind the first.
    lock_host(tx, event_type.host_id)
    tx.execute(delete(IdempotencyKey).where(IdempotencyKey.created_ts <= now - DAY))
    kept = tx.scalar(
        select(IdempotencyKey).where(IdempotencyKey.event_type_id == event_type.id, IdempotencyKey.key == key)
    )
    if kept is not None:
        if kept.body_hash != body_hash:
            raise IdempotencyKeyReused
        return kept.answer
    answer = act()
    tx.add(
        IdempotencyKey(
            event_type_id=event_type.id, key=key, body_hash=body_hash, answer=answer, created_ts=now
        )
    )
    return answer
