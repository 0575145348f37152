"""
A browser, a server with hosts to book, and pages that are watched: a complaint fails the test.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
from browsing import ARGUMENTS, PATIENCE_MS, WIDE, Open, Site, Watch, find_chromium
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from calendo.db.engine import Database
from calendo.ops import accounts, api_keys, booking_pages, passwords, sessions
from calendo.ops.accounts import NewAccount
from calendo.settings import Settings
from parts import Server, start_server

_SCHEDULE = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """
    One browser for all tests of a module.

    Not for longer: while Playwright runs, no other test of the process can run an event loop.
    """
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            pytest.skip(
                "NO CHROMIUM, and none could be installed: NOTHING IN tests/browser IS TESTED."
                " Install one, or name it in CALENDO_TEST_CHROMIUM."
            )
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """
    The settings of the server: a database of its own, and no limit that tests could meet.
    """
    return {
        "CALENDO_DATA_DIR": str(tmp_path_factory.mktemp("browser")),
        "CALENDO_RATE_LIMIT_PUBLIC": "100000/minute",
        "CALENDO_RATE_LIMIT_USER": "100000/minute",
        # Receivers of webhooks are on this machine.
        "CALENDO_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }


@pytest.fixture(scope="session")
def server(server_settings: dict[str, str]) -> Iterator[Server]:
    """
    One server for all tests of a process, in demo mode: that has more pages, and nothing less.
    """
    started = start_server(server_settings, "--demo")
    yield started
    started.kill()


_numbers = count(1)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """
    The hash of the password that all hosts of the tests have: making one costs more than all else here.
    """
    return passwords.hash_password("securepass123")


@pytest.fixture(scope="session")
def store(server: Server, server_settings: dict[str, str]) -> Iterator[Database]:
    """
    The server's database.
    """
    db = Database(
        Settings(data_dir=Path(server_settings["CALENDO_DATA_DIR"])).database_in_data_dir("demo.db")
    )
    yield db
    db.close()


@pytest.fixture
def site(server: Server, store: Database, password_hash: str) -> Iterator[Site]:
    """
    A host in UTC who can be booked at all hours.
    """
    account = NewAccount(f"host{next(_numbers)}@example.com", password_hash, "Jane Smith", "UTC")
    now = int(time())
    with store.write() as tx:
        host = accounts.register(tx, account, now)
        _, key = api_keys.create(tx, host.id, "tests", None, now)
        session = sessions.start_session(tx, host.id, password_hash, now)
        slug = booking_pages.get_page(tx, host.id).slug
    with httpx2.Client(base_url=server.url) as client:
        site = Site(server.url, client, slug, key, session)
        schedule = site.call("GET", "/availability-schedules")[0]
        site.call("PUT", f"/availability-schedules/{schedule['id']}", {"rules": _SCHEDULE})
        yield site


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visit(browser: Browser, watch: Watch) -> Iterator[Open]:
    """
    Open pages: ``visit(url, timezone_id="Asia/Tokyo")``. At the end nothing may have been complained of.
    """
    contexts: list[BrowserContext] = []

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            watch.note(f"{message.type}: {message.text}")

    def start(url: str, *, scripts: bool = True, session: str | None = None, **options: Any) -> Page:
        defaults = {"viewport": WIDE, "locale": "en-US", "timezone_id": "UTC"}
        context = browser.new_context(java_script_enabled=scripts, **{**defaults, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if session:
            # For the whole site, not just below this page.
            context.add_cookies([{"name": "session", "value": session, "url": urljoin(url, "/")}])
        page = context.new_page()
        page.on("console", note_console)
        page.on("pageerror", lambda error: watch.note(f"exception: {error}"))
        page.goto(url)
        return page

    yield start
    for context in contexts:
        context.close()
    assert [] == watch.complaints


@pytest.fixture
def dashboard(site: Site, visit: Open) -> Open:
    """
    Open pages of the dashboard as the site's host: ``dashboard("/app/bookings", locale="de-DE")``.
    """
    return lambda path, **options: visit(f"{site.url}{path}", session=site.session, **options)


@pytest.fixture(scope="session")
def demo_server(server: Server) -> str:
    """
    The address of a server in demo mode.
    """
    return server.url
