"""
What the tests of this folder do in a browser over and over, and the host they book.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Playwright, expect

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 760}
PHONE = {"width": 390, "height": 780}
#: Machines can be busy, and what is not there by then does not come.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


#: A Chromium is sought for once; where there is none, that is believed for so long.
_BELIEVED_SECONDS = 600


def find_chromium(playwright: Playwright) -> str | None:
    """
    Find a Chromium: the one that is named, one of the machine, or Playwright's own; else install one.

    As root that is Debian's package, else Playwright's own. None where neither can be had.
    """
    found = os.environ.get("CALENDO_TEST_CHROMIUM") or _present(playwright)
    if found:
        return found
    # The processes of one run shall not install it side by side, nor fail to one after the other.
    with (Path(tempfile.gettempdir()) / "calendo-tests-chromium").open("a+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        is_known = turn.read() and time.time() - Path(turn.name).stat().st_mtime < _BELIEVED_SECONDS
        if not is_known and not _present(playwright):
            _install(playwright)
        found = _present(playwright)
        if not found and not is_known:
            turn.write("There is none.")
        return found


def _present(playwright: Playwright) -> str | None:
    own = playwright.chromium.executable_path
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (own if Path(own).exists() else None)


def _install(playwright: Playwright) -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("There is no Chromium here; installing Debian's.", file=sys.stderr)
        for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", "-qq", *command], check=False, stdout=subprocess.DEVNULL)
    if not _present(playwright):
        print("There is no Chromium here; installing Playwright's.", file=sys.stderr)
        command = ["-m", "playwright", "install", "--no-shell", "chromium"]
        subprocess.run([sys.executable, *command], check=False, stdout=subprocess.DEVNULL)


@dataclass
class Site:
    """
    A host of the test's own, round the clock bookable, on the shared server.
    """

    url: str
    client: httpx2.Client
    slug: str
    key: str
    session: str

    def address(self, event: str = "call", query: str = "") -> str:
        """
        The address of an event type's page.
        """
        return f"{self.url}/{self.slug}/{event}{query}"

    def offer(self, **fields: Any) -> str:
        """
        Make an event type, a call of an hour unless ``fields`` say otherwise; return its slug.
        """
        body = {"name": "Call", "duration_minutes": 60, "min_notice_hours": 0, **fields}
        return str(self.call("POST", "/event-types", body)["slug"])

    def call(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        """
        Call the API as the host.
        """
        response = self.client.request(
            method, f"/api{path}", json=body, params=params, headers={"X-API-Key": self.key}
        )
        response.raise_for_status()
        return response.json()

    def starts(self, event: str, day: str, zone: str = "UTC") -> list[str]:
        """
        List what the API offers on a day.
        """
        found = self.call("GET", f"/availability/{self.slug}/{event}", start=day, end=day, timezone=zone)
        return list(found["starts"].get(day, []))

    def book(self, event: str, start: str, **fields: Any) -> str:
        """
        Book as an invitee; return the address at which they manage it.
        """
        body = {"name": "Bob Johnson", "email": "bob@example.com", "start_time": start, **fields}
        response = self.client.post(f"/api/book/{self.slug}/{event}", json=body).raise_for_status()
        return str(response.json()["booking"]["manage_url"])

    def bookings(self) -> list[dict[str, Any]]:
        """
        List the host's bookings.
        """
        return list(self.call("GET", "/bookings"))


@dataclass
class Watch:
    """
    What a browser complained of; ``expected`` is what a test provokes.
    """

    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def note(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.complaints.append(text)


#: Opens a page in a browser profile of its own.
Open = Callable[..., Page]


#: What axe itself provokes: it tries out styles.
AXE = "Applying inline style violates"


def found(page: Page) -> list[str]:
    """
    What axe finds wrong, each with the place.
    """
    return [
        f"{problem['id']}: {node['target']} {node.get('failureSummary', '')}"
        for problem in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        for node in problem["nodes"]
    ]


def overflow(page: Page) -> int:
    """
    By how many pixels a page is wider than its window.
    """
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def tab_to(page: Page, selector: str) -> None:
    """
    Press Tab until the focus is where ``selector`` says.
    """
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def free_days(page: Page) -> Locator:
    """
    The days of the month that can be chosen, once they are known.
    """
    days = page.locator(".day:not([aria-disabled])")
    days.first.wait_for()
    return days


def fill_in(page: Page, **values: str) -> None:
    """
    Fill in the form: a name, an address, and what else is given.
    """
    for name, value in {"name": "Bob Johnson", "email": "bob@example.com", **values}.items():
        page.locator(f"[name='{name}']").fill(value)


def send(page: Page) -> None:
    """
    Press the form's button.
    """
    page.locator(".form button[type=submit]").click()


def is_booked(page: Page) -> bool:
    """
    Wait until the booking is confirmed on the page.
    """
    expect(page.locator(".done-title")).to_have_text("It is booked")
    return True
