"""
Forgotten passwords: a link by mail sets a new one, for an hour and once.

Its token is derived from a row's uid, so nothing usable rests in a table or a message.
"""

from uuid import uuid4

from sqlalchemy import delete, func, select

from calendo.core.instants import HOUR, Instant
from calendo.db.engine import Tx
from calendo.db.models import PasswordReset, User
from calendo.errors import NotFound
from calendo.integrations.links import Links, Purpose, uid_in
from calendo.ops import outbox, sessions
from calendo.ops.locks import lock_host

VALID_SECONDS = HOUR
#: So many links of one host are good at a time; who asks for more gets no further mail.
MAX_OPEN = 3


def request(tx: Tx, user_id: int, now: Instant) -> PasswordReset | None:
    """
    Write the mail with a link to a host, unless there are enough on their way already.
    """
    lock_host(tx, user_id)
    tx.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id, PasswordReset.expires_ts <= now))
    open_ = tx.scalar(select(func.count()).where(PasswordReset.user_id == user_id)) or 0
    user = tx.get(User, user_id)
    if user is None or user.closed_ts is not None or open_ >= MAX_OPEN:
        return None
    reset = PasswordReset(uid=str(uuid4()), user_id=user_id, created_ts=now, expires_ts=now + VALID_SECONDS)
    tx.add(reset)
    outbox.tell_reset(tx, user, reset, now)
    return reset


def get_by_token(tx: Tx, links: Links, token: str, now: Instant) -> PasswordReset:
    """
    Return what a token in a mail is for; ``NotFound`` for one that was used, is too old, or is none.
    """
    reset = tx.scalar(select(PasswordReset).where(PasswordReset.uid == (uid_in(token) or "")))
    if reset is None or reset.expires_ts <= now or not links.fits(token, Purpose.RESET, reset.uid, 0):
        raise NotFound("This link is not good any more. It works for an hour, and once: ask for a new one.")
    return reset


def set_password(tx: Tx, links: Links, token: str, new_hash: str, now: Instant) -> User:
    """
    Set the password of whoever was mailed this token. All sessions end, and all other links with them.
    """
    user_id = get_by_token(tx, links, token, now).user_id
    lock_host(tx, user_id)
    # While this waited for its turn another call may have used the link.
    tx.expire_all()
    get_by_token(tx, links, token, now)
    user = tx.get_one(User, user_id)
    user.password_hash = new_hash
    forget_all(tx, user_id)
    sessions.end_all(tx, user_id)
    tx.flush()
    return user


def forget_all(tx: Tx, user_id: int) -> None:
    """
    Make all links of a host worthless.
    """
    tx.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))
