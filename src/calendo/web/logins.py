"""
Logging in and the session's cookie, the same for the API and for the dashboard.
"""

from starlette.responses import Response

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.db.models import User
from calendo.errors import WrongCredentials
from calendo.ops import accounts, passwords, sessions
from calendo.settings import Settings
from calendo.web.security import SESSION_COOKIE


def log_in(db: Database, email: str, password: str, now: Instant, user_agent: str | None) -> tuple[User, str]:
    """
    Open a session with e-mail address and password; return its host and its token.

    Takes as long for an address that nobody has. Raises ``WrongCredentials``.
    """
    with db.read() as tx:
        user = accounts.find_by_email(tx, email)
    password_hash = user.password_hash if user else None
    if not passwords.matches(password, password_hash) or user is None:
        raise WrongCredentials
    with db.write() as tx:
        token = sessions.start_session(tx, user.id, user.password_hash, now, user_agent=user_agent)
    return user, token


def keep(response: Response, token: str, settings: Settings) -> None:
    """
    Give the browser the session's cookie.
    """
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=sessions.SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_https(settings),
    )


def forget(response: Response, settings: Settings) -> None:
    """
    Take the session's cookie from the browser.
    """
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=is_https(settings))


def is_https(settings: Settings) -> bool:
    """
    Say whether people reach this server over https, so that cookies may be Secure.
    """
    return settings.public_url is not None and settings.public_url.scheme == "https"
