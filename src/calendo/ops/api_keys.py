"""
API keys: for programs that act as a host.
"""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update

from calendo.core.instants import MINUTE, Instant
from calendo.db.engine import Tx
from calendo.db.models import ApiKey
from calendo.errors import NotFound
from calendo.ops import tokens

_PREFIX_LENGTH = 12


def create(tx: Tx, user_id: int, label: str, expires_ts: Instant | None, now: Instant) -> tuple[ApiKey, str]:
    """
    Make a key and return it whole beside its row, for the only time.
    """
    key = tokens.new_api_key()
    row = ApiKey(
        user_id=user_id,
        label=label,
        prefix=key[:_PREFIX_LENGTH],
        key_hash=tokens.fingerprint(key),
        created_ts=now,
        expires_ts=expires_ts,
    )
    tx.add(row)
    tx.flush()
    return row, key


def list_keys(tx: Tx, user_id: int) -> Sequence[ApiKey]:
    """
    List a host's keys, expired ones too, oldest first.
    """
    return tx.scalars(select(ApiKey).where(ApiKey.user_id == user_id).order_by(ApiKey.id)).all()


def revoke(tx: Tx, user_id: int, key_id: int) -> None:
    """
    Delete a key; it is dead from here on.
    """
    revoked = tx.execute(
        delete(ApiKey).where(ApiKey.id == key_id, ApiKey.user_id == user_id).returning(ApiKey.id)
    ).first()
    if revoked is None:
        raise NotFound("There is no API key with this id.")


def find_valid(tx: Tx, key: str, now: Instant) -> ApiKey | None:
    """
    Find the row of a key that is known and has not expired.
    """
    if not tokens.is_api_key(key):
        return None
    return tx.scalar(
        select(ApiKey).where(
            ApiKey.key_hash == tokens.fingerprint(key),
            or_(ApiKey.expires_ts.is_(None), ApiKey.expires_ts > now),
        )
    )


def use_is_noted(row: ApiKey, now: Instant) -> bool:
    """
    Say whether the last use is on record to the minute, so that most calls write nothing.
    """
    return row.last_used_ts is not None and row.last_used_ts > now - MINUTE


def note_use(tx: Tx, key_id: int, now: Instant) -> None:
    """
    Record that a key was used.
    """
    tx.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_ts=now))
