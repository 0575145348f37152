"""
Take the screenshots of the documentation: ``make screenshots``; those that are named, or all.

Each shot is taken wide and narrow, light and dark, of a server in demo mode.
"""

import sys
import tempfile
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.browsing import ARGUMENTS, PATIENCE_MS, fill_in, find_chromium, free_days, send
from tests.parts import start_server

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SIZES = {"wide": {"width": 1200, "height": 760}, "narrow": {"width": 390, "height": 760}}
#: As good as this format gets before small text frays; half the bytes of a PNG.
QUALITY = 80


@dataclass(frozen=True)
class Shot:
    """
    One page: where it is, and what is done before it is taken.
    """

    name: str
    path: str
    act: Callable[[Page], None]


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


_EVENT = "/jane-smith/30-minute-call"
SHOTS = (
    Shot("page", "/jane-smith", _wait),
    Shot("booker", _EVENT, _choose_day),
    Shot("form", _EVENT, _choose_time),
    Shot("booked", _EVENT, _book),
    Shot("manage", _EVENT, _manage),
)


def main(names: list[str]) -> None:
    """
    Take those that are named, or all.
    """
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            raise SystemExit("There is no Chromium here, and none could be installed.")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for shot in SHOTS:
            if not names or shot.name in names:
                take_all(browser, shot)
        browser.close()


def take_all(browser: Browser, shot: Shot) -> None:
    """
    Take a shot in all sizes and schemes, of a server that nobody has booked on before.
    """
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(
            {"CALENDO_DATA_DIR": folder, "CALENDO_RATE_LIMIT_PUBLIC": "9999/minute"}, "--demo"
        )
        try:
            for size in SIZES:
                for scheme in ("light", "dark"):
                    take(browser, server.url, shot, size, scheme)
        finally:
            server.kill()


def take(browser: Browser, base: str, shot: Shot, size: str, scheme: str) -> None:
    """
    Take one shot.
    """
    context = browser.new_context(
        viewport=SIZES[size],
        color_scheme=scheme,  # type: ignore[arg-type]  # one of the two that there are
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(base + shot.path)
    shot.act(page)
    session = context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (IMAGES / f"{shot.name}-{size}-{scheme}.webp").write_bytes(b64decode(taken["data"]))
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
