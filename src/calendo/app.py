"""
The composition root: settings, database, web and worker put together.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import CalendoError
from calendo.integrations.links import Links
from calendo.integrations.llm import LanguageModel
from calendo.integrations.vault import Vault
from calendo.ops.deliveries import LEASE_SECONDS
from calendo.settings import Settings
from calendo.web import docs, health
from calendo.web.api import (
    api_keys,
    auth,
    availability,
    book,
    booking_page,
    bookings,
    calendars,
    chat,
    deliveries,
    event_types,
    manage,
    schedules,
    webhooks,
)
from calendo.web.deps import read_clock
from calendo.web.gate import Gate
from calendo.web.mcp.server import PATH as MCP_PATH
from calendo.web.mcp.server import McpServer
from calendo.web.pages import booking, decide
from calendo.web.pages import manage as manage_pages
from calendo.web.pages.rendering import handle
from calendo.web.pages.rendering import router as static_files
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
    bookings.router,
    booking_page.public,
    booking_page.private,
    event_types.router,
    schedules.router,
    auth.public,
    auth.private,
    api_keys.router,
    webhooks.router,
    deliveries.router,
    chat.router,
    docs.router,
    health.router,
    static_files,
    manage_pages.router,
    decide.router,
    booking.router,
)


def create_app(
    settings: Settings,
    db: Database,
    clock: Callable[[], Instant] = read_clock,
    worker: Worker | None = None,
) -> FastAPI:
    """
    Make the ASGI application over a database whose schema is current.

    A ``worker`` that is given starts and stops with it.
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

    app = FastAPI(
        title="Calendo API",
        version=version("calendo"),
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=docs.operation_id,
    )
    app.state.settings = settings
    app.state.db = db
    app.state.vault = Vault(settings.signing_key())
    app.state.links = Links(settings.signing_key())
    app.state.clock = clock
    app.state.model = None if settings.llm_base_url is None else LanguageModel(settings)
    app.openapi = lambda: docs.describe(app)  # type: ignore[method-assign] # as FastAPI documents it
    # Before the booking pages, whose addresses are all that are left.
    app.router.routes.append(Route(MCP_PATH, mcp_server))
    for router in _ROUTERS:
        app.include_router(router)
    for kind in (CalendoError, RequestValidationError, HTTPException, OperationalError, PoolTimeoutError):
        app.add_exception_handler(kind, handle)
    app.add_middleware(
        Gate, db=db, settings=settings, limits=limits, clock=clock, shortcut=availability.shortcut
    )
    return app


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
