"""
The assistant on the booking page: from the first sentence to a booked time.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import (
    AXE,
    NARROW,
    WIDE,
    Open,
    Site,
    Watch,
    fill_in,
    found,
    free_days,
    is_booked,
    overflow,
    send,
    tab_to,
)
from playwright.sync_api import Locator, Page, Request, expect

from parts import Server, start_server

pytest_plugins = ["browser_fixtures"]

MARKUP = "<img src=x onerror=alert(1)><b>next week</b>"


def opened(page: Page) -> Locator:
    """
    Press the button, and wait for the panel.
    """
    page.locator(".chat-opener").click()
    panel = page.locator("dialog.chat")
    panel.wait_for()
    return panel


def say(page: Page, text: str) -> None:
    """
    Write a message and press Enter.
    """
    page.locator(".chat-form textarea").fill(text)
    page.keyboard.press("Enter")


def offers(page: Page) -> Locator:
    """
    The times that were offered last, once there are some.
    """
    times = page.locator(".chat-answer").last.locator("a.button")
    times.first.wait_for()
    return times


def sent_json(request: Request) -> dict[str, Any]:
    """
    What a call of the API carried.
    """
    return dict(request.post_data_json or {})


def test_from_the_first_sentence_to_a_booked_time(site: Site, visit: Open) -> None:
    """
    On the host's page: which event type, then a time, then the booker's form; the conversation stays.
    """
    site.offer(name="Long talk", duration_minutes=60)
    site.offer(name="Short talk", duration_minutes=30)
    page = visit(f"{site.url}/{site.slug}", timezone_id="Asia/Tokyo")
    opened(page)

    say(page, "Can we meet next week in the morning?")
    page.get_by_role("button", name="Short talk", exact=True).click()
    offers(page)
    say(page, "anything later?")
    expect(page.locator(".chat-mine")).to_have_count(3)
    expect(page.locator(".chat-typing")).to_have_text("")
    label = str(offers(page).first.text_content())
    offers(page).first.click()
    fill_in(page)
    page.wait_for_url("**/short-talk?time=*")
    opened(page)
    expect(page.locator(".chat-mine")).to_have_count(3)
    page.keyboard.press("Escape")
    send(page)

    assert is_booked(page)
    (booking,) = site.bookings()
    assert "Asia/Tokyo" == booking["timezone"]
    assert label.endswith(("AM", "PM"))


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_on_an_event_types_page_the_booker_goes_there(site: Site, visit: Open, size: object) -> None:
    """
    Which event type is meant is not asked, nothing typed is lost, and the focus is at the form.
    """
    site.offer(name="Other call")
    page = visit(site.address(site.offer()), viewport=size)
    free_days(page).first.click()
    page.locator(".start").first.click()
    page.locator("[name=name]").fill("Bob Johnson")
    opened(page)

    say(page, "next week in the afternoon")
    offers(page).first.click()

    expect(page.locator(".form-pane h2")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("Bob Johnson")
    expect(page.locator("dialog.chat")).to_be_visible(visible=size == WIDE)
    page.locator("[name=email]").fill("bob@example.com")
    send(page)
    assert is_booked(page)
    assert 0 == overflow(page)


def test_by_keyboard_alone(site: Site, visit: Open) -> None:
    """
    Tab comes to the button, Enter opens and sends, Escape closes, and the focus comes back.
    """
    page = visit(site.address(site.offer()))
    free_days(page)
    tab_to(page, ".chat-opener")
    page.keyboard.press("Enter")
    field = page.get_by_label("Your message")
    expect(field).to_be_focused()
    page.keyboard.type("next week")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("after 3 pm")
    page.keyboard.press("Enter")
    offers(page)
    expect(page.locator(".chat-mine")).to_contain_text("next week\nafter 3 pm", use_inner_text=True)
    expect(field).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator(".chat-opener")).to_be_focused()
    expect(page.locator(".chat-opener")).to_have_attribute("aria-expanded", "false")


def test_a_reload_keeps_the_conversation_until_it_is_begun_anew(site: Site, visit: Open) -> None:
    """
    It goes on with the same session; "Start over" forgets it.
    """
    page = visit(f"{site.url}/{site.slug}/{site.offer()}")
    opened(page)
    say(page, "next week in the afternoon")
    offers(page)
    page.reload()
    opened(page)
    with page.expect_request("**/api/ai/chat") as sent:
        say(page, "anything later?")
    assert sent_json(sent.value)["session_id"]
    assert {"UTC", "en-US"} == {sent_json(sent.value)[name] for name in ("timezone", "locale")}

    expect(page.locator(".chat-answer")).to_have_count(3)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".chat-mine")).to_have_count(0)
    with page.expect_request("**/api/ai/chat") as sent:
        page.get_by_role("button", name="The next free time").click()
    assert "session_id" not in sent_json(sent.value)
    offers(page)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "ja"])
def test_each_suggestion_is_understood(site: Site, visit: Open, language: str) -> None:
    """
    What the panel suggests to write brings times, in each language of the pages.
    """
    page = visit(f"{site.address(site.offer())}?lang={language}", viewport=NARROW)
    opened(page)
    for number in range(3):
        with page.expect_response("**/api/ai/chat") as answered:
            page.locator(".chat-answer").first.locator("button").nth(number).click()
        assert answered.value.json()["action"]["slots"]
        offers(page)
        expect(page.locator(".chat-answer")).to_have_count(number + 2)
    assert 0 == overflow(page)


@pytest.fixture
def busy_server(server: Server, server_settings: dict[str, str]) -> Iterator[Server]:
    """
    A second server on the same database, which takes two public calls in three seconds.
    """
    started = start_server({**server_settings, "CALENDO_RATE_LIMIT_PUBLIC": "2 per 3 seconds"}, "--demo")
    yield started
    started.kill()


def test_a_rush_is_said_kindly(site: Site, visit: Open, watch: Watch, busy_server: Server) -> None:
    """
    A 429 says how long to wait, and what was written can be sent again then.
    """
    watch.expected = ("status of 429",)
    site.offer()
    page = visit(f"{busy_server.url}/{site.slug}")
    opened(page)
    for count in range(1, 4):
        say(page, "next week")
        expect(page.locator(".chat-mine")).to_have_count(count)
        expect(page.locator(".chat-typing")).to_have_text("")

    expect(page.locator(".chat-trouble")).to_contain_text("That was a lot at once.")
    again = page.get_by_role("button", name="Try again")
    expect(again).not_to_have_attribute("aria-disabled", "true")
    again.click()
    expect(page.locator(".chat-answer")).to_have_count(4)
    expect(page.locator(".chat-trouble")).to_have_text("")
    expect(page.locator(".chat-mine")).to_have_count(3)


def test_what_fails_is_said_and_goes_on(site: Site, visit: Open, watch: Watch) -> None:
    """
    Offline it is sent once the network is back; an error of the server can be tried again.
    """
    watch.expected = ("ERR_INTERNET_DISCONNECTED", "status of 500", "status of 404")
    page = visit(site.address(site.offer()))
    free_days(page)
    opened(page)
    page.context.set_offline(True)
    say(page, "next week")
    expect(page.locator(".chat-trouble")).to_contain_text("You seem to be offline")
    page.context.set_offline(False)
    offers(page)
    broken = json.dumps({"error": "Something went wrong.", "code": "internal"})
    page.route("**/api/ai/chat", lambda route: route.fulfill(status=500, body=broken), times=1)
    say(page, "anything later?")
    expect(page.locator(".chat-trouble")).to_contain_text("cannot be reached just now")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".chat-answer")).to_have_count(3)

    assert page.locator(".chat-mine").count() == 2


def test_what_is_written_stays_text(site: Site, visit: Open) -> None:
    """
    Markup of an invitee or of a host, and 10,000 letters, break nothing.
    """
    site.offer(name=MARKUP)
    site.offer(name="Other")
    page = visit(f"{site.url}/{site.slug}", viewport=NARROW)
    opened(page)
    say(page, MARKUP)
    expect(page.locator(".chat-mine")).to_contain_text(MARKUP)
    expect(page.locator(".chat-answer")).to_have_count(2)
    say(page, "x" * 10_000)
    expect(page.locator(".chat-answer")).to_have_count(3)

    assert 0 == page.locator(".chat img, .chat b").count()
    assert 0 == page.locator(".chat-log").evaluate("log => log.scrollWidth - log.clientWidth")


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", WIDE), ("dark", NARROW), ("dark", WIDE), ("light", NARROW)]
)
def test_axe_finds_nothing(site: Site, visit: Open, watch: Watch, scheme: str, size: object) -> None:
    """
    When it is opened, with an answer, and with an error; light and dark, beside and as a sheet.
    """
    watch.expected = (AXE, "ERR_FAILED")
    site.offer()
    page = visit(f"{site.url}/{site.slug}", color_scheme=scheme, viewport=size, reduced_motion="reduce")
    opened(page)
    assert [] == found(page)
    say(page, "next week")
    offers(page)
    page.route("**/api/ai/chat", lambda route: route.abort())
    say(page, "Tuesday")
    page.get_by_role("button", name="Try again").wait_for()
    assert [] == found(page)


def test_nothing_is_fetched_before_it_is_opened(site: Site, visit: Open) -> None:
    """
    The panel costs those who do not want it a button; without scripts it does not show.
    """
    site.offer()
    page = visit(f"{site.url}/{site.slug}")
    page.locator(".chat-opener").wait_for()
    names = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    plain = visit(f"{site.url}/{site.slug}", scripts=False)

    assert ["element.js"] == [name.rpartition("/")[2] for name in names if name.endswith(".js")]
    assert plain.locator("calendo-chat").is_hidden()


def test_it_reads_from_right_to_left(site: Site, visit: Open) -> None:
    """
    Where the page does, the panel stands at the other side.
    """
    page = visit(site.address(site.offer()))
    free_days(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    panel = opened(page)
    say(page, "next week")
    offers(page)

    box = panel.bounding_box()
    assert box is not None
    assert 0 == box["x"]
    assert 0 == overflow(page)
