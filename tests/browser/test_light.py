"""
The booking page is light. How soon it shows its first times is measured by ``python -m bench.page``.
"""

from browsing import WIDE, Open, Site, free_days
from playwright.sync_api import Browser

pytest_plugins = ["browser_fixtures"]

MOST_BYTES = 60_000
_STATIC_SIZES = """performance.getEntriesByType("resource")
    .filter((entry) => entry.name.includes("/static/")).map((entry) => entry.transferSize)"""


def test_the_booking_page_moves_at_most_60_kb(site: Site, browser: Browser) -> None:
    """
    HTML, style sheets and scripts, compressed, headers included; and one call for the month's times.
    """
    page = browser.new_context(viewport=WIDE, locale="de-DE").new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    moved: dict[str, int] = {}
    session.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    session.on(
        "Network.loadingFinished", lambda told: moved.update({told["requestId"]: told["encodedDataLength"]})
    )

    page.goto(site.address(site.offer()))
    free_days(page)
    page.locator(".start").first.wait_for()
    by_kind = {
        kind: sum(size for request, size in moved.items() if kinds[request] == kind)
        for kind in sorted(set(kinds.values()))
    }
    calls = [kind for kind in kinds.values() if kind in {"Fetch", "XHR"}]
    page.context.close()

    assert {"Document", "Script", "Stylesheet"} <= set(by_kind)
    assert sum(by_kind[kind] for kind in ("Document", "Script", "Stylesheet")) <= MOST_BYTES
    assert ["Fetch"] == calls


def test_whoever_comes_back_fetches_the_page_alone(site: Site, visit: Open) -> None:
    """
    All that is static is kept, since its address changes with its content.
    """
    page = visit(site.address(site.offer()))
    free_days(page)
    page.goto(f"{site.url}/{site.slug}/call?month=2100-01")
    page.locator(".empty p").first.wait_for()

    sizes = page.evaluate(_STATIC_SIZES)
    assert len(sizes) > 10
    assert {0} == set(sizes)
