"""
Pages of other sites may call what everybody may call, since the booker runs in them.

Without credentials: a cookie of ours never travels with such a call.
"""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

#: What the booker on another site calls; all else stays closed to scripts of other sites.
OPEN_PATHS = ("/api/availability/", "/api/book/", "/api/booking-pages/")

_DAY_SECONDS = 86_400


class CrossOrigin:
    """
    Answers preflights for the open paths, and lets any site read their answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "Idempotency-Key"],
            expose_headers=["Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"],
            max_age=_DAY_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Pass a call on, through the headers for other sites where its path is open to them.
        """
        is_open = scope["type"] == "http" and scope["path"].startswith(OPEN_PATHS)
        await (self._open if is_open else self._app)(scope, receive, send)
