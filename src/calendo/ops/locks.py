"""
Taking turns: what must not be decided by two transactions at once.

On SQLite a write transaction has the database to itself, so these do nothing there.
"""

from sqlalchemy import select, text

from calendo.db.engine import Statement, Tx, query_in
from calendo.db.models import User, WebhookEndpoint

#: Any numbers will do, as long as every process of Calendo uses the same.
_SLUG_LOCK = 7_244_002
_DELIVERY_LOCK = 7_244_003


def lock_host(tx: Tx, host_id: int) -> None:
    """
    Hold off everybody else who decides about this host's time until ``tx`` ends.
    """
    # NO KEY UPDATE: rows that merely refer to the host can still be written.
    tx.execute(select(User.id).where(User.id == host_id).with_for_update(key_share=True))


def lock_endpoint(tx: Tx, endpoint_id: int) -> None:
    """
    Hold off everybody else who switches this endpoint, or sends to it anew, until ``tx`` ends.
    """
    tx.execute(
        select(WebhookEndpoint.id).where(WebhookEndpoint.id == endpoint_id).with_for_update(key_share=True)
    )


def lock_slugs(tx: Tx) -> None:
    """
    Hold off everybody else who chooses a booking page's slug until ``tx`` ends.
    """
    # In a statement of its own: the next one sees all that was committed before it began.
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SLUG_LOCK})


def lock_deliveries(tx: Tx) -> None:
    """
    Hold off all others who claim deliveries until ``tx`` ends; what is read after it is what they left.

    The commit does not wait for the disk. Should the database's machine fail within the second,
    it comes back as if this had not happened, which for a delivery means to be sent again.
    """
    if tx.get_bind().dialect.name == "postgresql":
        query_in(tx)(_TAKE_TURN, {"key": _DELIVERY_LOCK})


_TAKE_TURN = Statement(
    "SELECT pg_advisory_xact_lock(:key), set_config('synchronous_commit', 'off', true)",
)
