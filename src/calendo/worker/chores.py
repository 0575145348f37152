"""
What the worker does beside sending: reminders, bookings that nobody answered, accounts that were
closed, and what is old.

Each looks first whether there is anything to do, so that an idle server takes no write lock.
"""

from collections.abc import Callable
from dataclasses import dataclass

from calendo.core.instants import HOUR, Instant
from calendo.db.engine import Database, Statement, Tx
from calendo.ops import bookings, chats, closing, deliveries, reminders

#: So often it is looked for what is old: the log's end, and conversations that are over.
PRUNE_SECONDS = HOUR


@dataclass(frozen=True, slots=True)
class _Chore:
    """
    Something to do from time to time; ``do`` returns how many rows it took, ``batch`` at most.
    """

    is_due: Statement
    do: Callable[[Tx, Instant], int]
    batch: int


_REMIND = _Chore(
    Statement("SELECT 1 FROM reminders WHERE due_ts <= :now LIMIT 1"), reminders.write_due, reminders.BATCH
)
_LAPSE = _Chore(
    Statement("SELECT 1 FROM bookings WHERE status = 'pending' AND start_ts <= :now LIMIT 1"),
    bookings.lapse,
    bookings.LAPSE_BATCH,
)
_FORGET = _Chore(
    Statement(
        """
        SELECT 1 FROM users u WHERE u.closed_ts IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM messages m JOIN deliveries d ON d.message_id = m.id
            WHERE m.host_id = u.id AND d.status IN ('pending', 'sending')
        ) LIMIT 1
        """
    ),
    closing.forget,
    closing.BATCH,
)
_PRUNE = _Chore(
    Statement(f"SELECT 1 FROM messages WHERE created_ts < :now - {deliveries.KEPT_SECONDS} LIMIT 1"),  # noqa: S608 - a constant
    deliveries.prune,
    deliveries.PRUNE_BATCH,
)

_END_CHATS = _Chore(
    Statement(f"SELECT 1 FROM chat_sessions WHERE used_ts <= :now - {chats.IDLE_SECONDS} LIMIT 1"),  # noqa: S608 - a constant
    chats.prune,
    chats.PRUNE_BATCH,
)


class Chores:
    """
    The chores of one worker, who knows when it looked for what is old.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pruned_ts = 0

    def do(self, now: Instant) -> None:
        """
        Do all that is due.
        """
        self._do(_REMIND, now)
        self._do(_LAPSE, now)
        self._do(_FORGET, now)
        if now - self._pruned_ts >= PRUNE_SECONDS:
            self._do(_PRUNE, now)
            self._do(_END_CHATS, now)
            self._pruned_ts = now

    def _do(self, chore: _Chore, now: Instant) -> None:
        with self._db.quick() as query:
            if not query(chore.is_due, {"now": now}):
                return
        # A batch that is not full was the last one.
        taken = chore.batch
        while taken == chore.batch:
            with self._db.write() as tx:
                taken = chore.do(tx, now)
