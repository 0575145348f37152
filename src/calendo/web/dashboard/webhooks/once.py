"""
A secret that is shown once: to the page that a browser comes to after it was made, and to no other.

It goes along in a cookie: encrypted, out of reach of scripts, gone when it is shown or after a minute.
"""

from typing import cast

from fastapi import Request, Response

from calendo.integrations.vault import Vault
from calendo.web.logins import is_https

_COOKIE = "webhook_secret"
_PATH = "/app/webhooks"
_SECONDS = 60


def leave(request: Request, response: Response, endpoint_id: int, secret: str) -> None:
    """
    Leave an endpoint's new secret for its page.
    """
    response.set_cookie(
        _COOKIE,
        _vault(request).encrypt(f"{endpoint_id} {secret}"),
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https(request.app.state.settings),
    )


def find(request: Request, endpoint_id: int) -> str | None:
    """
    Find the secret that was left for an endpoint's page.
    """
    token = request.cookies.get(_COOKIE)
    text = _vault(request).find_text(token) if token else None
    whose, _, secret = (text or "").partition(" ")
    return secret if whose == str(endpoint_id) else None


def remove(request: Request, response: Response) -> None:
    """
    Take away a secret that was shown.
    """
    if _COOKIE in request.cookies:
        response.delete_cookie(_COOKIE, path=_PATH)


def _vault(request: Request) -> Vault:
    return cast("Vault", request.app.state.notices)
