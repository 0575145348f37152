"""
Notices: what a page says once about what was just done.

The page that does it sends the browser on, and the notice along in a cookie: encrypted, so
that nobody else can put words there; shown once, and gone after a minute.
"""

from typing import cast

from fastapi import Request, Response

from calendo.integrations.vault import Vault
from calendo.web.logins import is_https

_COOKIE = "notice"
_PATH = "/app"
_SECONDS = 60
#: Browsers keep cookies up to 4 KiB, and encrypting makes a text longer by half.
_MAX_LENGTH = 1000


def leave(request: Request, response: Response, text: str) -> None:
    """
    Leave a notice for the next page that the browser opens.
    """
    response.set_cookie(
        _COOKIE,
        _vault(request).encrypt(text[:_MAX_LENGTH]),
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request.app.state.settings),
    )


def find(request: Request) -> str | None:
    """
    Find the notice that was left.
    """
    token = request.cookies.get(_COOKIE)
    return _vault(request).find_text(token) if token else None


def remove(request: Request, response: Response) -> None:
    """
    Take away a notice that was shown.
    """
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, path=_PATH)


def _vault(request: Request) -> Vault:
    return cast("Vault", request.app.state.notices)
