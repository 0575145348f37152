"""
Hosts' pictures. They rest in the database, so that every process can serve them.
"""

import hashlib

from sqlalchemy import delete, select

from calendo.core.instants import Instant
from calendo.db.engine import Tx
from calendo.db.models import Avatar, User
from calendo.ops import accounts
from calendo.ops.locks import lock_host

_HASH_LENGTH = 32


def change(tx: Tx, user_id: int, content: bytes, now: Instant) -> User:
    """
    Give a host a picture, WebP as ``pictures.make_avatar`` makes it, instead of the one before.
    """
    user = _cleared(tx, user_id)
    user.avatar_hash = hashlib.sha256(content).hexdigest()[:_HASH_LENGTH]
    tx.add(Avatar(host_id=user_id, hash=user.avatar_hash, content=content, created_ts=now))
    tx.flush()
    return user


def remove(tx: Tx, user_id: int) -> User:
    """
    Take a host's picture away; where there is none nothing happens.
    """
    user = _cleared(tx, user_id)
    user.avatar_hash = None
    tx.flush()
    return user


def find_content(tx: Tx, hash_: str) -> bytes | None:
    """
    Find the picture with this hash, whoever's it is.
    """
    return tx.scalar(select(Avatar.content).where(Avatar.hash == hash_).limit(1))


def find_hash(tx: Tx, host_id: int) -> str | None:
    """
    Find the hash of a host's picture.
    """
    return tx.scalar(select(User.avatar_hash).where(User.id == host_id))


def _cleared(tx: Tx, user_id: int) -> User:
    lock_host(tx, user_id)
    tx.execute(delete(Avatar).where(Avatar.host_id == user_id))
    return accounts.get_user(tx, user_id)
