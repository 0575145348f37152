"""
What can go wrong on the way: the network, a rush, hostile texts. It is said, and it goes on.
"""

from collections.abc import Iterator

import pytest
from browsing import PHONE, WIDE, Open, Site, Watch, fill_in, free_days, is_booked, send
from playwright.sync_api import expect

from parts import Server, start_server

pytest_plugins = ["browser_fixtures"]

MARKUP = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>"


def test_offline_is_said_and_goes_on(site: Site, visit: Open, watch: Watch) -> None:
    """
    A month that cannot be fetched comes when the network is back, and so does a booking.
    """
    watch.expected = ("ERR_INTERNET_DISCONNECTED",)
    page = visit(site.address(site.offer()))
    free_days(page)

    page.context.set_offline(True)
    page.get_by_label("Next month").click()
    expect(page.locator(".notices")).to_contain_text("You seem to be offline")
    page.context.set_offline(False)
    free_days(page).nth(1).click()
    expect(page.locator(".notices")).to_have_text("")
    page.locator(".start").first.click()
    fill_in(page)
    page.context.set_offline(True)
    send(page)
    expect(page.locator(".notices")).to_contain_text("You seem to be offline")
    page.context.set_offline(False)

    assert is_booked(page)
    assert 1 == len(site.bookings())


@pytest.fixture
def busy_server(server: Server, server_settings: dict[str, str]) -> Iterator[Server]:
    """
    A second server on the same database, which takes two public calls in three seconds.
    """
    settings = {**server_settings, "CALENDO_RATE_LIMIT_PUBLIC": "2 per 3 seconds"}
    started = start_server(settings, "--demo")
    yield started
    started.kill()


def test_a_rush_is_said_and_waited_out(site: Site, visit: Open, watch: Watch, busy_server: Server) -> None:
    """
    A 429 is waited out for as long as it says, and then the times are there.
    """
    watch.expected = ("status of 429",)
    # So far ahead that the second next month has free days, whatever day of the month it is.
    page = visit(f"{busy_server.url}/{site.slug}/{site.offer(max_future_days=100)}")
    free_days(page)
    for _ in range(2):
        page.get_by_label("Next month").click()

    expect(page.locator(".notices")).to_contain_text("Many people are here at once")
    free_days(page)
    expect(page.locator(".notices")).to_have_text("")


def test_an_event_type_that_was_switched_off_is_said(site: Site, visit: Open, watch: Watch) -> None:
    """
    Whoever still has the page open is told.
    """
    watch.expected = ("status of 404",)
    event = site.offer()
    page = visit(site.address(event))
    free_days(page)
    (row,) = site.call("GET", "/event-types")
    site.call("DELETE", f"/event-types/{row['id']}")

    page.get_by_label("Next month").click()
    expect(page.locator(".notices")).to_contain_text("can no longer be booked")


def test_markup_in_any_field_stays_text(site: Site, visit: Open) -> None:
    """
    What hosts and invitees wrote is shown as they wrote it, on the page, in the booker and after it.
    """
    site.call("PUT", "/booking-page", {"display_name": MARKUP, "bio": MARKUP, "welcome_message": MARKUP})
    questions = [
        {"id": "line", "label": MARKUP},
        {"id": "one", "label": MARKUP, "type": "radio", "options": [MARKUP, "B"]},
        {"id": "choice", "label": MARKUP, "type": "select", "options": [MARKUP]},
    ]
    location = "javascript:alert(3)"
    event = site.offer(name=MARKUP, slug="call", description=MARKUP, questions=questions, location=location)
    page = visit(f"{site.url}/{site.slug}")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    expect(page.locator("h1")).to_have_text(MARKUP)

    page.goto(site.address(event))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    fill_in(page, name=MARKUP, notes=MARKUP, **{"answers.line": MARKUP})
    send(page)

    assert is_booked(page)
    expect(page.locator(".done-pane dd").first).to_have_text(MARKUP)
    assert 0 == page.locator("img").count()
    assert 0 == page.locator("a[href^='javascript']").count()


def test_nothing_is_wider_than_the_screen(site: Site, visit: Open) -> None:
    """
    Long words and names wrap, at every width.
    """
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    site.call("PUT", "/booking-page", {"display_name": long, "bio": long})
    page = visit(site.address(site.offer(name=long, slug="call", description=long)))
    free_days(page).nth(1).click()
    for step in ("month", "form", "page"):
        if step == "form":
            page.locator(".start").first.click()
        elif step == "page":
            page.goto(f"{site.url}/{site.slug}")
        for width in (1280, 1000, 720, 576, PHONE["width"], 320):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        page.set_viewport_size(WIDE)
