"""
Measure the booking page as a newcomer on a slow line sees it: what it moves, and when it shows times.

``python -m bench.page``; exits with 1 when a target is missed. Nothing is in the cache, and the line
is Chromium's own model of one: each answer waits for the latency, all of them share the throughput.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from tests.browser.browsing import ARGUMENTS, PHONE, WIDE, find_chromium
from tests.parts import start_server

from bench import report
from bench.machine import processor
from bench.report import Target

LATENCY_MS = 150
BYTES_PER_SECOND = 1_600_000 / 8
MAX_SECONDS = 1.5
MAX_BYTES = 60_000
#: Where each width shows its first times: in the list of the first free day, and as days of the month.
FIRST = {"wide": (WIDE, ".start"), "narrow": (PHONE, ".day:not([aria-disabled])")}
_PAGE = ("Document", "Script", "Stylesheet")
# Notes when something that matches is first there to be seen, whether or not inside a component.
# Asking from outside would be coarser: who waits for an element there looks ever more seldom.
_WATCH = """
const found = (root, first) => {
  const element = root.querySelector(first);
  if (element?.checkVisibility()) return true;
  const shadow = root.querySelector("calendo-booker")?.shadowRoot;
  return shadow ? found(shadow, first) : false;
};
const look = () => {
  if (found(document, FIRST)) window.firstTimesAt = performance.now();
  else requestAnimationFrame(look);
};
look();
"""


@dataclass(frozen=True, slots=True)
class Load:
    """
    One load of the page: seconds until its first times, bytes by kind, and calls of the API.
    """

    seconds: float
    moved: dict[str, int]
    calls: int


def main() -> int:
    """
    Run the measurement and return the exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the table between FILE's markers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            raise SystemExit("There is no Chromium here, and none could be installed.")
        server = start_server(
            {"CALENDO_DATA_DIR": folder, "CALENDO_RATE_LIMIT_PUBLIC": "10000/minute"}, "--demo"
        )
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        address = f"{server.url}/jane-smith/30-minute-call"
        # One more than counts: a server answers its very first call more slowly.
        loads = {
            width: [load(browser, address, width) for _ in range(options.rounds + 1)][1:] for width in FIRST
        }
        setting = (
            f"{datetime.now(UTC):%Y-%m-%d}, {processor()}, {platform.system()};"
            f" Chromium {browser.version}; {LATENCY_MS} ms latency, {BYTES_PER_SECOND * 8 / 1e6:g} Mbit/s,"
            f" empty cache; median of {options.rounds} loads, server and browser on one machine."
        )
        browser.close()
        server.kill()
    targets = _targets(loads)
    tables = "\n\n".join([setting, _table(loads), report.targets_table(targets)])
    print(f"\n{tables}")
    if options.markdown is not None:
        report.put_into(options.markdown, tables, "page")
    return 0 if all(target.met for target in targets) else 1


def load(browser: Browser, address: str, width: str) -> Load:
    """
    Load the page in a profile of its own, until its first times are there.
    """
    size, first = FIRST[width]
    page = browser.new_context(viewport=size, locale="de-DE").new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **line})
    kinds: dict[str, str] = {}
    moved: Counter[str] = Counter()
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda told: moved.update({kinds[told["requestId"]]: int(told["encodedDataLength"])}),
    )
    page.add_init_script(f"{{const FIRST = {json.dumps(first)}; {_WATCH}}}")
    page.goto(address, wait_until="commit")
    page.locator(first).first.wait_for()
    seconds = page.evaluate("window.firstTimesAt") / 1000
    page.wait_for_load_state("networkidle")
    page.context.close()
    return Load(seconds, dict(moved), sum(kind in {"Fetch", "XHR"} for kind in kinds.values()))


def _table(loads: dict[str, list[Load]]) -> str:
    rows = [
        [
            width,
            f"{median(one.seconds for one in found):.2f}",
            f"{max(one.seconds for one in found):.2f}",
            *(f"{found[0].moved[kind]:,}" for kind in _PAGE),
            f"{_bytes(found[0]):,}",
        ]
        for width, found in loads.items()
    ]
    head = ["booking page", "first times, s", "slowest, s", "HTML", "scripts", "styles", "bytes in all"]
    return report.table(head, rows)


def _targets(loads: dict[str, list[Load]]) -> list[Target]:
    every = [one for found in loads.values() for one in found]
    slowest = max(median(one.seconds for one in found) for found in loads.values())
    most, calls = max(map(_bytes, every)), max(one.calls for one in every)
    return [
        Target(f"first times within {MAX_SECONDS} s", f"{slowest:.2f} s", slowest <= MAX_SECONDS),
        Target(f"HTML, scripts and styles: at most {MAX_BYTES:,} bytes", f"{most:,}", most <= MAX_BYTES),
        Target("calls for a month of times: one", str(calls), calls == 1),
    ]


def _bytes(one: Load) -> int:
    return sum(one.moved[kind] for kind in _PAGE)


if __name__ == "__main__":
    sys.exit(main())
