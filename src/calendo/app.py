"""
The composition root: settings, database, web and worker put together.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from calendo.clock import read_clock
from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import CalendoError
from calendo.integrations.links import Links
from calendo.integrations.llm import LanguageModel
from calendo.integrations.vault import Vault
from calendo.ops.deliveries import LEASE_SECONDS
from calendo.settings import Settings
from calendo.web import avatars as avatar_files
from calendo.web import docs, health, static_files
from calendo.web.api import (
    account,
    api_keys,
    auth,
    availability,
    avatars,
    book,
    booking_page,
    bookings,
    bookings_csv,
    calendars,
    chat,
    deliveries,
    event_types,
    explain,
    insights,
    manage,
    password_resets,
    schedules,
    sessions,
    webhooks,
)
from calendo.web.cross_origin import CrossOrigin
from calendo.web.dashboard import routers as dashboard
from calendo.web.gate import Gate
from calendo.web.mcp.server import PATH as MCP_PATH
from calendo.web.mcp.server import McpServer
from calendo.web.pages import booking, decide, dev, facts
from calendo.web.pages import manage as manage_pages
from calendo.web.pages.rendering import handle
from calendo.web.rate_limits import RateLimits
from calendo.worker.deliver import WebhookSender
from calendo.worker.loop import Worker
from calendo.worker.mails.sender import MailSender

# The look-up of slots is called most, and routes are tried in order.
_ROUTERS = (
    availability.router,
    book.router,
    manage.router,
    # Before the bookings: to their routes "7.ics" is an id that is none.
    calendars.private,
    calendars.public,
    calendars.feeds,
    bookings_csv.router,
    bookings.router,
    booking_page.public,
    booking_page.private,
    event_types.router,
    schedules.router,
    insights.router,
    explain.router,
    auth.public,
    auth.private,
    sessions.router,
    avatars.pictures,
    avatars.router,
    account.router,
    password_resets.router,
    api_keys.router,
    webhooks.router,
    deliveries.router,
    chat.router,
    docs.router,
    health.router,
    static_files.router,
    avatar_files.router,
    *dashboard.ROUTERS,
    facts.router,
    manage_pages.router,
    decide.router,
    booking.router,
)


def create_app(
    settings: Settings,
    db: Database,
    clock: Callable[[], Instant] = read_clock,
    worker: Worker | None = None,
    *,
    demo_mode: bool = False,
) -> FastAPI:
    """
    Make the ASGI application over a database whose schema is current.

    A ``worker`` that is given starts and stops with it. In demo mode it has the
    pages under ``/dev`` too.
    """
    limits = RateLimits(settings)
    mcp_server = McpServer(settings, db, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if worker is not None:
            worker.start()
        yield
        if worker is not None:
            await worker.stop()
        await mcp_server.close()
        if app.state.model is not None:
            await app.state.model.close()
        await limits.close()
        db.close()

    app = _bare_app(lifespan)
    app.state.settings = settings
    app.state.db = db
    app.state.vault = Vault(settings.signing_key())
    app.state.links = Links(settings.signing_key())
    app.state.notices = Vault(settings.signing_key(), b"calendo notices 1")
    app.state.clock = clock
    app.state.model = None if settings.llm_base_url is None else LanguageModel(settings)
    app.openapi = lambda: docs.describe(app)  # type: ignore[method-assign] # as FastAPI documents it
    # Before the booking pages, whose addresses are all that are left.
    app.router.routes.append(Route(MCP_PATH, mcp_server))
    app.router.routes.extend(_routes(demo_mode=demo_mode))
    for kind in (CalendoError, RequestValidationError, HTTPException, OperationalError, PoolTimeoutError):
        app.add_exception_handler(kind, handle)
    app.add_middleware(
        Gate, db=db, settings=settings, limits=limits, clock=clock, shortcut=availability.shortcut
    )
    # Outside the gate, so that preflights are not counted.
    app.add_middleware(CrossOrigin)
    return app


def _bare_app(lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    return FastAPI(
        title="Calendo API",
        version=version("calendo"),
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=docs.operation_id,
    )


@cache
def _routes(*, demo_mode: bool) -> list[BaseRoute]:
    # What a route takes is worked out at its first call, which takes longer than most calls.
    # It is the same for every application, of which tests make thousands.
    app = _bare_app()
    for router in (dev.router, *_ROUTERS) if demo_mode else _ROUTERS:
        app.include_router(router)
    return app.router.routes


def create_worker(
    settings: Settings,
    db: Database,
    clock: Callable[[], Instant] = read_clock,
    *,
    base_url: str,
    lease_seconds: int = LEASE_SECONDS,
) -> Worker:
    """
    Make a worker over a database whose schema is current.

    ``base_url`` is where links in mails lead if no public URL is set.
    """
    key = settings.signing_key()
    return Worker(
        db,
        WebhookSender(Vault(key), settings.webhook_allowed_networks, clock=clock),
        MailSender(settings, Links(key), base_url=base_url),
        clock,
        lease_seconds=lease_seconds,
    )
