"""
Sessions: browsers that are logged in. A cookie's token opens one until it ends.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from calendo.core.instants import DAY, MINUTE, Instant
from calendo.db.engine import Tx
from calendo.db.models import LoginSession, User
from calendo.errors import NotFound, WrongCredentials
from calendo.ops import tokens

SESSION_SECONDS = 30 * DAY
_MAX_USER_AGENT = 300


def start_session(
    tx: Tx, user_id: int, password_hash: str, now: Instant, *, user_agent: str | None = None
) -> str:
    """
    Open a session and return its token, for the cookie; ended ones are swept out.

    ``password_hash`` is the one that was just verified: should the password have
    been changed meanwhile, this raises ``WrongCredentials``.
    """
    user = tx.get(User, user_id, with_for_update={"key_share": True})
    if user is None or user.password_hash != password_hash:
        raise WrongCredentials
    tx.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_ts <= now))
    token = tokens.new_session_token()
    tx.add(
        LoginSession(
            user_id=user_id,
            token_hash=tokens.fingerprint(token),
            user_agent=user_agent and _shown(user_agent),
            created_ts=now,
            last_used_ts=now,
            expires_ts=now + SESSION_SECONDS,
        )
    )
    return token


def find_session(tx: Tx, token: str, now: Instant) -> LoginSession | None:
    """
    Find the session that a cookie's token opens.
    """
    return tx.scalar(
        select(LoginSession).where(
            LoginSession.token_hash == tokens.fingerprint(token), LoginSession.expires_ts > now
        )
    )


def use_is_noted(row: LoginSession, now: Instant) -> bool:
    """
    Say whether the last use is on record to the minute, so that most calls write nothing.
    """
    return row.last_used_ts > now - MINUTE


def note_use(tx: Tx, session_id: int, now: Instant) -> None:
    """
    Record that a session was used.
    """
    tx.execute(update(LoginSession).where(LoginSession.id == session_id).values(last_used_ts=now))


def list_sessions(tx: Tx, user_id: int, now: Instant) -> Sequence[LoginSession]:
    """
    List a host's sessions that have not ended, the one that was used last first.
    """
    return tx.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.expires_ts > now)
        .order_by(LoginSession.last_used_ts.desc(), LoginSession.id.desc())
    ).all()


def is_opened_by(row: LoginSession, token: str | None) -> bool:
    """
    Say whether this is the session of a cookie's token.
    """
    return token is not None and row.token_hash == tokens.fingerprint(token)


def end_session(tx: Tx, token: str) -> None:
    """
    Log out: the token is dead from here on.
    """
    tx.execute(delete(LoginSession).where(LoginSession.token_hash == tokens.fingerprint(token)))


def end_by_id(tx: Tx, user_id: int, session_id: int) -> None:
    """
    End one of a host's sessions, in whatever browser it is.
    """
    ended = tx.execute(
        delete(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.user_id == user_id)
        .returning(LoginSession.id)
    ).first()
    if ended is None:
        raise NotFound("There is no session with this id.")


def end_all(tx: Tx, user_id: int, *, keep_token: str | None = None) -> None:
    """
    End all sessions of a host but the one of ``keep_token``.
    """
    kept = tokens.fingerprint(keep_token) if keep_token else ""
    tx.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.token_hash != kept))


def _shown(user_agent: str) -> str:
    # Anybody can write anything there, and it is shown to people.
    return "".join(char for char in user_agent[:_MAX_USER_AGENT] if char.isprintable())
