"""
The booker in a page of another origin: inline, behind a button, floating; themed, and told of what happens.
"""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest
from browsing import Open, Site, Watch, fill_in, free_days, is_booked, send
from playwright.sync_api import expect

from parts import Server

pytest_plugins = ["browser_fixtures"]

_PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>Theirs</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' data:;
script-src 'self' {server}; style-src 'self' {server}; connect-src {server}">
<link rel="icon" href="data:,"><link rel="stylesheet" href="theirs.css">
<script src="theirs.js"></script><script type="module" src="{server}/embed.js"></script></head>
<body><main><h1>Theirs</h1>{body}</main></body></html>"""
_STYLE = "* { color: red } button { display: none } calendo-booker { --calendo-accent: #8a1c4a; }"
_SCRIPT = """var told = [];
for (const name of ["ready", "date", "time", "booked", "requested", "error", "closed"]) {
  document.addEventListener("calendo:" + name, (event) => told.push([name, event.detail]));
}"""


class Quiet(SimpleHTTPRequestHandler):
    """
    Serves files without a word.
    """

    def log_message(self, *_arguments: object) -> None:
        """
        Say nothing.
        """


class Theirs:
    """
    A site of somebody else.
    """

    def __init__(self, folder: Path, port: int, server: str) -> None:
        self._folder = folder
        self._server = server
        # Another host name, and so another site.
        self.url = f"http://localhost:{port}/"

    def publish(self, body: str, lang: str = "en", direction: str = "ltr") -> str:
        """
        Put a page up, and return its address.
        """
        page = _PAGE.format(server=self._server, body=body, lang=lang, dir=direction)
        (self._folder / "index.html").write_text(page)
        return self.url


@pytest.fixture
def theirs(tmp_path: Path, site: Site) -> Iterator[Theirs]:
    (tmp_path / "theirs.css").write_text(_STYLE)
    (tmp_path / "theirs.js").write_text(_SCRIPT)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Theirs(tmp_path, server.server_port, site.url)
        server.shutdown()


def test_somebody_books_on_another_site(site: Site, theirs: Theirs, visit: Open) -> None:
    """
    Under a strict policy of that site, in its colour, untouched by its styles; it hears what was booked.
    """
    event = site.offer()
    body = f'<calendo-booker page="{site.slug}" event="{event}" prefill="name=Ann&notes=Hi"></calendo-booker>'
    page = visit(theirs.publish(body))

    free_days(page).nth(1).click()
    assert "rgb(138, 28, 74)" == page.locator("[aria-selected=true] .day").evaluate(
        "day => getComputedStyle(day).backgroundColor"
    )
    page.locator(".start").first.click()
    assert "Ann" == page.locator("[name=name]").input_value()
    fill_in(page)
    send(page)

    assert is_booked(page)
    assert theirs.url == page.url
    told = page.evaluate("told")
    assert ["ready", "date", "time", "booked"] == [name for name, _ in told]
    (booking,) = site.bookings()
    assert booking["uid"] == told[-1][1]["booking"]["uid"]
    assert "manage_url" not in told[-1][1]["booking"]


def test_where_nothing_may_be_stored_it_books_all_the_same(site: Site, theirs: Theirs, visit: Open) -> None:
    """
    Where it may, what was typed outlives a reload there too.
    """
    event = site.offer()
    page = visit(theirs.publish(f'<calendo-booker page="{site.slug}" event="{event}"></calendo-booker>'))

    def ask() -> None:
        free_days(page).nth(1).click()
        page.locator(".start").first.click()

    ask()
    page.locator("[name=name]").fill("Ann")
    page.reload()
    ask()
    expect(page.locator("[name=name]")).to_have_value("Ann")
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('No'); } })"
    )
    page.reload()
    ask()
    expect(page.locator("[name=name]")).to_have_value("")
    fill_in(page)
    send(page)

    assert is_booked(page)


def test_a_button_opens_it_and_escape_closes_it(site: Site, theirs: Theirs, visit: Open) -> None:
    """
    Nothing is asked of the server before; the focus comes back to the button.
    """
    event = site.offer()
    address = f'page="{site.slug}" event="{event}"'
    page = visit(
        theirs.publish(
            f'<calendo-booker as="button" {address}>Meet me</calendo-booker>'
            f'<calendo-booker as="floating" {address}>Book a call</calendo-booker>'
        )
    )
    button = page.get_by_role("button", name="Meet me")
    button.wait_for()
    assert [] == page.evaluate("told")

    button.focus()
    page.keyboard.press("Enter")
    free_days(page)
    assert page.get_by_role("dialog", name="Meet me").is_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert "Meet me" == page.evaluate("document.activeElement.shadowRoot.activeElement.textContent")
    # A dialog tells that it was closed a moment after it has gone.
    page.wait_for_function("told.length > 1")
    assert ["ready", "closed"] == [name for name, _ in page.evaluate("told")]
    floating = page.get_by_role("button", name="Book a call")
    assert "fixed" == floating.evaluate("button => getComputedStyle(button).position")
    floating.click()
    page.get_by_role("dialog").locator(".day:not([aria-disabled])").first.wait_for()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_it_runs_from_right_to_left(site: Site, theirs: Theirs, visit: Open) -> None:
    """
    On an Arabic page the month runs the other way, so do the arrow keys, and digits are the locale's.
    """
    event = site.offer()
    body = f'<calendo-booker page="{site.slug}" event="{event}" prefill="month=2100-03"></calendo-booker>'
    page = visit(theirs.publish(body, "ar-EG", "rtl"), locale="ar-EG")
    # The month is drawn anew when its times are there.
    page.wait_for_load_state("networkidle")
    day = page.locator("[data-date='2100-03-10']")
    day.focus()

    page.keyboard.press("ArrowLeft")
    assert "2100-03-11" == page.evaluate(
        "document.querySelector('calendo-booker').shadowRoot.activeElement.dataset.date"
    )
    boxes = [page.locator(f"[data-date='2100-03-{number}']").bounding_box() for number in (10, 11)]
    assert boxes[0]["x"] > boxes[1]["x"]  # type: ignore[index]  # both are there
    assert "\u0661\u0660" == day.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_address_that_is_wrong_is_said(site: Site, theirs: Theirs, visit: Open, watch: Watch) -> None:
    """
    The page hears of it, and whoever looks at it too.
    """
    watch.expected = ("status of 404",)
    page = visit(theirs.publish('<calendo-booker page="nobody" event="nothing"></calendo-booker>'))

    expect(page.locator(".waiting")).to_have_text("This can no longer be booked.")
    assert [["error", "not_found"]] == [[name, detail["code"]] for name, detail in page.evaluate("told")]


def test_no_other_site_can_frame_our_pages(site: Site) -> None:
    """
    The element needs no frame, so all pages stay closed to them.
    """
    for path in (f"/{site.slug}", f"/{site.slug}/{site.offer()}", "/"):
        policy = httpx2.get(site.url + path).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_the_demo_shows_it_live(visit: Open, server: Server) -> None:
    """
    The page under /dev has all ways to embed it, and the gallery has all parts.
    """
    page = visit(f"{server.url}/dev/embed")
    for place in (0, 1):
        page.locator(".booker").nth(place).locator(".day:not([aria-disabled])").first.wait_for()
    expect(page.locator(".log")).to_contain_text("calendo:ready")
    expect(page.locator(".themed .form-pane h2")).to_have_text("Ihre Angaben")
    page.goto(f"{server.url}/dev/gallery")
    expect(page.locator("h1")).to_have_text("Gallery")
