"""
A browser, a server with hosts to book, and pages that are watched: a complaint fails the test.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx2
import pytest
from browsing import ARGUMENTS, PATIENCE_MS, WIDE, Open, Site, Watch, find_chromium
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from parts import Server, running_servers, start_server

_SCHEDULE = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    One browser for all tests of a process.
    """
    path = find_chromium()
    if path is None:
        pytest.skip(
            "NO CHROMIUM: tests/browser tests nothing. Install one, or name it in CALENDO_TEST_CHROMIUM."
        )
    with sync_playwright() as playwright:
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
    One server for all tests of a process.
    """
    with running_servers(1, server_settings) as servers:
        yield servers[0]


_numbers = count(1)


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    """
    A host in UTC who can be booked at all hours.
    """
    with httpx2.Client(base_url=server.url) as client:
        account = {
            "email": f"host{next(_numbers)}@example.com",
            "password": "securepass123",
            "name": "Jane Smith",
            "timezone": "UTC",
        }
        made = client.post("/api/auth/register", json=account).raise_for_status().json()
        credentials = {"email": account["email"], "password": account["password"]}
        client.post("/api/auth/login", json=credentials).raise_for_status()
        key = client.post("/api/api-keys", json={"label": "tests"}).raise_for_status().json()["key"]
        session = client.cookies["session"]
        client.cookies.clear()
        site = Site(server.url, client, made["bookingSlug"], key, session)
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
            context.add_cookies([{"name": "session", "value": session, "url": url}])
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
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """
    A server in demo mode; its address.
    """
    settings = {"CALENDO_DATA_DIR": str(tmp_path_factory.mktemp("demo"))}
    started = start_server(settings, "--demo")
    yield started.url
    started.kill()
