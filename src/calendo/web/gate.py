"""
The gate before the API: who calls, how often, and every answer with its rate limit headers.

A plain ASGI middleware, since it stands before every call.
"""

from collections.abc import Awaitable, Callable

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import RateLimited
from calendo.settings import Settings
from calendo.web.pages.rendering import respond
from calendo.web.rate_limits import Allowance, RateLimits
from calendo.web.security import IDENTITY, carries_credential, client_address, identify

#: Calls that need no credential and count for the address, whoever makes them.
PUBLIC_PATHS = (
    "/api/availability/",
    "/api/book/",
    "/api/manage/",
    "/api/booking-pages/",
    "/api/ai/chat",
    "/api/auth/register",
    "/api/auth/login",
    "/api/auth/password-reset",
    "/api/openapi.json",
    "/api/docs",
    # Where a key tells which host asks, but does not let anybody ask more often.
    "/mcp",
)

#: Below a public path, and yet for the host alone; it is the last of six segments.
_EXPLAIN = "/explain"

#: Calendars ask here, with a token in the address and with nothing else.
FEEDS = "/feeds/"

#: Answers a call past the router, or returns None for one that it does not know.
Shortcut = Callable[[Scope], Awaitable[Response] | None]


def is_public(path: str) -> bool:
    """
    Say whether an address of the API needs no credential.
    """
    return path.startswith(PUBLIC_PATHS) and not (
        path.endswith(_EXPLAIN) and path.startswith(PUBLIC_PATHS[0]) and path.count("/") == 5  # noqa: PLR2004 - see above
    )


class Gate:
    """
    Identifies the caller, counts the call and refuses it when it is one too many.
    """

    def __init__(
        self,
        app: ASGIApp,
        db: Database,
        settings: Settings,
        limits: RateLimits,
        clock: Callable[[], Instant],
        shortcut: Shortcut,
    ) -> None:
        self._app = app
        self._shortcut = shortcut
        self._db = db
        self._clock = clock
        self._limits = limits
        self._trusted = settings.trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Let a call through, or answer it here. Calls that neither ask the API nor change anything just pass.
        """
        if scope["type"] != "http" or not _is_counted(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        started = False
        headers: list[tuple[bytes, bytes]] = []

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        try:
            allowance = await self._admit(scope)
            headers = allowance.headers
            if allowance.exceeded:
                refusal = respond(scope, RateLimited(allowance.retry_after()))
                await refusal(scope, receive, send_with_headers)
            elif (answering := self._shortcut(scope)) is not None:
                await (await answering)(scope, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)
        except Exception as error:  # whatever it is, the answer has its headers
            if started:
                raise
            await respond(scope, error)(scope, receive, send_with_headers)

    async def _admit(self, scope: Scope) -> Allowance:
        headers = Headers(scope=scope)
        path = scope["path"]
        if not is_public(path) and not path.startswith(FEEDS) and carries_credential(headers):
            identity = await run_sync(identify, self._db, headers, self._clock())
            if identity is not None:
                scope[IDENTITY] = identity
                return await self._limits.count_user(identity.user_id)
        peer = scope["client"][0] if scope["client"] else "unknown"
        # A proxy may add a line of its own below those that came with the call.
        forwarded = ",".join(headers.getlist("x-forwarded-for")) if self._trusted else None
        return await self._limits.count_public(client_address(peer, forwarded, self._trusted))


def _is_counted(method: str, path: str) -> bool:
    # The forms of the booking page book as much as the API does.
    return method != "OPTIONS" and (path == "/api" or path.startswith(("/api/", FEEDS)) or method == "POST")
