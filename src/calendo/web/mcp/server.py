"""
The MCP server at ``/mcp``: an assistant lists event types, finds slots and books, as anybody may.

Each call stands alone: no session is kept, so that any process can answer it. What the
protocol asks for is the ``mcp`` package's part; it takes a second to load, which the first
call does.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import MethodNotAllowed, Unauthenticated
from calendo.settings import Settings
from calendo.web.problems import response_for
from calendo.web.routing import MAX_BODY_BYTES, JsonRequest
from calendo.web.security import IDENTITY, identify

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings

PATH = "/mcp"
_BEARER = "bearer "
_OWN_MACHINE = ("localhost", "127.0.0.1", "[::1]")


class McpServer:
    """
    An ASGI application that starts with the first call and ends with ``close``.
    """

    def __init__(self, settings: Settings, db: Database, clock: Callable[[], Instant]) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._starting = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._running: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer a call whose body is as the API wants bodies, and whose key, if it brings one, is valid.
        """
        if scope["method"] != "POST":
            # Nothing is streamed and no session is kept, so there is nothing to get or to delete.
            refusal = response_for(MethodNotAllowed())
            refusal.headers["Allow"] = "POST"
            await refusal(scope, receive, send)
            return
        request = JsonRequest(scope, receive)
        await request.load()
        key = _key(request.headers)
        if key is not None:
            found = await run_sync(identify, self._db, Headers({"x-api-key": key}), self._clock())
            if found is None:
                raise Unauthenticated("This API key is not valid, or no longer.")
            scope[IDENTITY] = found
        app = await self._ready()
        await app(scope, _again(await request.body(), receive), send)

    async def close(self) -> None:
        """
        Let calls in progress end at once.
        """
        self._end.set()
        if self._running is not None:
            await self._running

    async def _ready(self) -> ASGIApp:
        async with self._starting:
            if self._app is None:
                manager = await run_sync(_make, self._settings)
                started = asyncio.Event()
                # A task of its own: what a call begins could not outlive it.
                self._running = asyncio.create_task(self._run(manager, started))
                await started.wait()
                self._app = manager.handle_request
            return self._app

    async def _run(self, manager: "StreamableHTTPSessionManager", started: asyncio.Event) -> None:
        async with manager.run():
            started.set()
            await self._end.wait()


def _make(settings: Settings) -> "StreamableHTTPSessionManager":
    from calendo.web.mcp.tools import make_server  # noqa: PLC0415 - it imports mcp

    server = make_server()
    server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BODY_BYTES,
        transport_security=allowed_callers(settings),
    )
    return server.session_manager


def allowed_callers(settings: Settings) -> "TransportSecuritySettings":
    """
    Say under which names the server may be called, and from pages of which sites.

    The protocol asks for both to be checked: a page on the web could give its own name our
    address and then call whatever listens there (DNS rebinding). Without a public URL only
    this machine's own names are known to be ours.
    """
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - see above

    hosts = [name for own in _OWN_MACHINE for name in (own, f"{own}:*")]
    if settings.public_url is None:
        return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[f"http://{h}" for h in hosts])
    origin = str(settings.public_url).rstrip("/")
    name = origin.partition("://")[2].partition("/")[0]
    return TransportSecuritySettings(
        allowed_hosts=[name, *hosts], allowed_origins=[f"{settings.public_url.scheme}://{name}"]
    )


def _key(headers: Headers) -> str | None:
    """
    Find the API key a call brings. A cookie is none: browsers send it along unasked.
    """
    given = headers.get("authorization", "")
    if given[: len(_BEARER)].lower() == _BEARER:
        return given[len(_BEARER) :].strip()
    return headers.get("x-api-key")


def _again(body: bytes, receive: Receive) -> Receive:
    """
    Make a ``receive`` that gives a body which was read already, and then what comes after it.
    """
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        with suppress(IndexError):
            return waiting.pop()
        return await receive()

    return receive_again
