"""
Take the screenshots of the documentation: ``make screenshots``; those that are named, or all.

Each shot is taken wide and narrow, light and dark, of a server in demo mode; those of the dashboard
of one that has been in use for some weeks.
"""

import re
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.browser.browsing import ARGUMENTS, PATIENCE_MS, fill_in, find_chromium, free_days, send
from tests.browser.furnishing import add_webhook, furnish, receiving
from tests.parts import Server, start_server

from calendo import demo
from calendo.db.engine import Database
from calendo.settings import Settings

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZES = {"wide": {"width": 1200, "height": 760}, "narrow": {"width": 390, "height": 760}}
#: As good as this format gets before small text frays; half the bytes of a PNG.
QUALITY = 80


@dataclass(frozen=True)
class Shot:
    """
    One page: where it is, what is done before it is taken, and whether the host is who looks at it.
    """

    name: str
    path: str
    act: Callable[[Page], None]
    is_hosts: bool = False


def _wait(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def _choose_day(page: Page) -> None:
    free_days(page).nth(2).click()


def _choose_time(page: Page) -> None:
    _choose_day(page)
    page.locator(".start").nth(2).click()
    fill_in(page)


def _book(page: Page) -> None:
    _choose_time(page)
    send(page)
    page.locator(".done-title").wait_for()


def _manage(page: Page) -> None:
    _book(page)
    page.get_by_role("link", name="Move or cancel it").click()
    _wait(page)


def _see_preview(page: Page) -> None:
    page.get_by_role("link", name="Design Review", exact=True).click()
    free_days(page)
    if page.viewport_size == SIZES["narrow"]:
        page.locator(".preview").evaluate("preview => preview.scrollIntoView()")


def _find_reasons(page: Page) -> None:
    day = datetime.now(UTC).date()
    while not page.locator(".why .refused").count():
        day += timedelta(days=1)
        page.goto(f"/app/availability/why?date={day}")


def _see_deliveries(page: Page) -> None:
    page.locator(".endpoint-url").click()
    page.locator(".log .table").wait_for()
    if page.viewport_size == SIZES["narrow"]:
        page.locator(".log").evaluate("log => log.scrollIntoView()")


def _ask(page: Page) -> None:
    page.locator(".chat-opener").click()
    page.locator(".chat-form textarea").fill("Next week in the afternoon, but not on Friday")
    page.keyboard.press("Enter")
    page.locator(".chat-answer a.button").first.wait_for()


_EVENT = "/jane-smith/30-minute-call"
SHOTS = (
    Shot("page", "/jane-smith", _wait),
    Shot("booker", _EVENT, _choose_day),
    Shot("form", _EVENT, _choose_time),
    Shot("booked", _EVENT, _book),
    Shot("manage", _EVENT, _manage),
    Shot("chat", _EVENT, _ask),
    Shot("bookings", "/app/bookings", _wait, is_hosts=True),
    Shot("week", "/app/bookings/week", _wait, is_hosts=True),
    Shot("event-types", "/app/event-types", _wait, is_hosts=True),
    Shot("event-type", "/app/event-types", _see_preview, is_hosts=True),
    Shot("availability", "/app/availability", _wait, is_hosts=True),
    Shot("why", "/app/availability", _find_reasons, is_hosts=True),
    Shot("insights", "/app/insights", _wait, is_hosts=True),
    Shot("webhook", "/app/webhooks", _see_deliveries, is_hosts=True),
    Shot("settings", "/app/settings", _wait, is_hosts=True),
)


def main(names: list[str]) -> None:
    """
    Take those that are named, or all.
    """
    IMAGES.mkdir(exist_ok=True)
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            raise SystemExit("There is no Chromium here, and none could be installed.")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for shot in wanted:
            if not shot.is_hosts:
                take_as_invitee(browser, shot)
        take_as_host(browser, [shot for shot in wanted if shot.is_hosts])
        browser.close()


def take_as_invitee(browser: Browser, shot: Shot) -> None:
    """
    Take a shot in all sizes and schemes, of a server that nobody has booked on before.
    """
    with _demo() as (server, _):
        for context, name in _contexts(browser, server):
            take(context, shot, name)


def take_as_host(browser: Browser, shots: list[Shot]) -> None:
    """
    Take shots in all sizes and schemes, as the host of a server that has been in use for some weeks.
    """
    with _demo() as (server, db), receiving() as receiver:
        furnish(db, int(time.time()))
        printed = "".join(server.output)
        key, password = (re.findall(f"{text} +(\\S+)", printed)[0] for text in ("API key", "with password"))
        add_webhook(f"{server.url}/api", key, receiver)
        for context, name in _contexts(browser, server):
            context.request.post("/api/auth/login", data={"email": demo.EMAIL, "password": password})
            for shot in shots:
                take(context, shot, name)


def take(context: BrowserContext, shot: Shot, name: str) -> None:
    """
    Take one shot; ``name`` is that of the size and the scheme.
    """
    page = context.new_page()
    page.goto(shot.path)
    shot.act(page)
    session = context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (IMAGES / f"{shot.name}-{name}.webp").write_bytes(b64decode(taken["data"]))
    page.close()


@contextmanager
def _demo() -> Iterator[tuple[Server, Database]]:
    """
    A server in demo mode, and its database.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "CALENDO_DATA_DIR": folder,
            "CALENDO_RATE_LIMIT_PUBLIC": "9999/minute",
            # Receivers of webhooks are on this machine.
            "CALENDO_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        }
        server = start_server(settings, "--demo")
        db = Database(Settings(data_dir=Path(folder)).database_in_data_dir("demo.db"))
        try:
            yield server, db
        finally:
            db.close()
            server.kill()


def _contexts(browser: Browser, server: Server) -> Iterator[tuple[BrowserContext, str]]:
    """
    Open a browser's profile for each size and scheme.
    """
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                base_url=server.url,
                viewport=viewport,
                color_scheme=scheme,
                locale="en-US",
                timezone_id="America/New_York",
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE_MS)
            yield context, f"{size}-{scheme}"
            context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
