"""
Booking in a real browser: with a mouse, a finger, the keyboard alone, and without JavaScript.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from browsing import PHONE, Open, Site, Watch, fill_in, free_days, is_booked, send
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from calendo.core.instants import written

pytest_plugins = ["browser_fixtures"]

QUESTIONS = [
    {"id": "line", "label": "Line", "required": True},
    {"id": "lines", "label": "Lines", "type": "textarea"},
    {"id": "one", "label": "One", "type": "select", "options": ["A", "B"], "required": True},
    {"id": "dot", "label": "Dot", "type": "radio", "options": ["C", "D"], "required": True},
    {"id": "many", "label": "Many", "type": "checkbox", "options": ["E", "F", "G"]},
    {"id": "terms", "label": "Terms", "type": "checkbox", "required": True},
    {"id": "call", "label": "Phone", "type": "phone"},
    {"id": "mail", "label": "Mail", "type": "email"},
    {"id": "size", "label": "Size", "type": "number"},
]


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


# Inside the booker's shadow too.
_FOCUSED = """what => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return what.split(".").reduce((value, name) => value?.[name], element) ?? "";
}"""


def focused(page: Page, what: str) -> str:
    """
    Ask the element that has the focus.
    """
    return str(page.evaluate(_FOCUSED, what))


def hrefs(links: Locator) -> list[str]:
    return [unquote(link) for link in links.evaluate_all("links => links.map((link) => link.href)")]


def test_somebody_books(site: Site, visit: Open) -> None:
    """
    A day, a time, a name and an address make a booking, with ways into a calendar and a link to change it.
    """
    event = site.offer(name="Call & +1: ü", location="https://meet.example.com/jane", location_type="custom")
    page = visit(site.address(event))

    free_days(page).nth(1).click()
    start = page.locator(".start").nth(3)
    wanted = start.get_attribute("data-start")
    start.click()
    fill_in(page)
    send(page)

    assert is_booked(page)
    (booking,) = site.bookings()
    assert ["Bob Johnson", "UTC", "en-US"] == [booking[key] for key in ("invitee_name", "timezone", "locale")]
    assert wanted == booking["start_time"].replace(" ", "T") + "Z"
    manage = page.locator(".done-pane a", has_text="Move or cancel it").get_attribute("href")
    assert str(manage).startswith(f"{site.url}/manage/")
    links = page.locator(".calendars a")
    ways = hrefs(links)
    assert ways[0].startswith("https://calendar.google.com/calendar/render?action=TEMPLATE&")
    assert ways[1].startswith("https://outlook.live.com/calendar/0/deeplink/compose?")
    assert "/" + site.slug + "/" + event == page.evaluate("location.pathname + location.search")
    # The booking's own page offers the very same.
    page.goto(str(manage))
    assert ways == hrefs(links)


def test_the_calendar_file_has_the_booking(site: Site, visit: Open) -> None:
    """
    It is the entry that mails and feeds have too, so that no calendar shows it twice.
    """
    page = visit(site.address(site.offer()))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    fill_in(page)
    send(page)
    assert is_booked(page)

    with page.expect_download() as download:
        page.locator(".calendars a[download]").click()

    (booking,) = site.bookings()
    (entry,) = Calendar.from_ical(download.value.path().read_bytes()).events
    assert booking["start_time"] == written(int(entry.start.timestamp()))
    assert f"{booking['uid']}@calendo" == str(entry["UID"])


def test_every_kind_of_question_is_asked_and_checked(site: Site, visit: Open) -> None:
    """
    What is missing or wrong is marked and has the focus; what is right arrives as the API wants it.
    """
    page = visit(site.address(site.offer(questions=QUESTIONS)))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    send(page)

    expect(page.locator("[role=alert]")).to_have_text("Please look at what is marked above.")
    assert "name" == focused(page, "name")
    assert 6 == page.locator(".error:visible").count()

    fill_in(page, **{"answers.line": "Tea", "answers.size": "1.5", "answers.call": "+1 555 0100"})
    page.locator("[name='email']").fill("nonsense")
    page.locator("[name='answers.mail']").fill("ann@example.com")
    page.locator("[name='answers.one']").select_option("B")
    for box in ("D", "E", "G"):
        page.get_by_label(box, exact=True).check()
    page.get_by_label("Terms").check()
    send(page)
    expect(page.locator("#email-error")).to_have_text("This does not look like an e-mail address.")
    page.locator("[name='email']").fill("bob@example.com")
    send(page)

    assert is_booked(page)
    assert {
        "line": "Tea",
        "one": "B",
        "dot": "D",
        "many": ["E", "G"],
        "terms": True,
        "call": "+1 555 0100",
        "mail": "ann@example.com",
        "size": 1.5,
    } == site.bookings()[0]["answers"]


def test_what_the_server_finds_wrong_stands_at_its_field(site: Site, visit: Open, watch: Watch) -> None:
    """
    A phone number that only the server judges is marked where it was typed.
    """
    watch.expected = ("status of 400",)
    questions = [{"id": "tel", "label": "Phone", "type": "phone"}]
    page = visit(site.address(site.offer(questions=questions)))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    fill_in(page, **{"answers.tel": "call me"})
    send(page)

    expect(page.locator("[id='answers.tel-error']")).to_have_text("This does not look like a phone number.")
    assert "answers.tel" == focused(page, "name")


def test_a_time_can_be_asked_for(site: Site, visit: Open) -> None:
    """
    Where the host confirms by hand, it says so before and after, and offers no calendar entry yet.
    """
    page = visit(site.address(site.offer(requires_confirmation=True)))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    fill_in(page)
    expect(page.locator(".form button[type=submit]")).to_have_text("Ask for this time")
    send(page)

    expect(page.locator(".done-title")).to_have_text("Requested")
    assert 0 == page.locator(".calendars").count()
    assert "pending" == site.bookings()[0]["status"]


def test_a_secret_event_type_is_booked_under_its_own_address(site: Site, visit: Open) -> None:
    """
    The page does not list it; whoever knows the address books it.
    """
    site.offer(name="Open call")
    secret = site.offer(name="Hidden", is_secret=True)
    page = visit(f"{site.url}/{site.slug}")
    assert ["Open call"] == page.locator(".choice strong").all_text_contents()

    page.goto(site.address(secret))
    free_days(page).nth(1).click()
    page.locator(".start").first.click()
    fill_in(page)
    send(page)

    assert is_booked(page)


def press_until(page: Page, key: str, found: Callable[[], bool]) -> None:
    for _ in range(60):
        if found():
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never led there; the focus is on {focused(page, 'outerHTML')}")


def test_somebody_books_with_the_keyboard_alone(site: Site, visit: Open) -> None:
    """
    Tab, arrows and Enter do it all; the focus goes where the next thing is.
    """
    page = visit(site.address(site.offer()))
    days = free_days(page)
    first = days.first.get_attribute("data-date")

    press_until(page, "Tab", lambda: focused(page, "dataset.date") != "")
    press_until(page, "ArrowRight", lambda: focused(page, "dataset.date") > str(first))
    chosen = focused(page, "dataset.date")
    page.keyboard.press("Enter")
    assert "H2" == focused(page, "tagName")
    press_until(page, "Tab", lambda: focused(page, "dataset.start") != "")
    start = focused(page, "dataset.start")
    page.keyboard.press("Enter")
    assert "Your details" == focused(page, "textContent")
    press_until(page, "Tab", lambda: focused(page, "name") == "name")
    page.keyboard.type("Bob Johnson")
    page.keyboard.press("Tab")
    page.keyboard.type("bob@example.com")
    page.keyboard.press("Enter")

    assert is_booked(page)
    assert "It is booked" == focused(page, "textContent")
    assert start == site.bookings()[0]["start_time"].replace(" ", "T") + "Z"
    assert start.startswith(chosen)


def test_the_month_is_a_grid(site: Site, visit: Open) -> None:
    """
    One day is in the tab order; arrows, Home, End and the page keys move among days and months.
    """
    page = visit(site.address(site.offer(max_future_days=200), query="?month=2100-03"))
    page.locator("[data-date='2100-03-01']").focus()

    walked = []
    for key in (
        "ArrowRight",
        "ArrowDown",
        "ArrowLeft",
        "Home",
        "End",
        "ArrowUp",
        "PageDown",
        "PageUp",
        "ArrowUp",
        "ArrowUp",
    ):
        page.keyboard.press(key)
        walked.append(focused(page, "dataset.date")[5:])

    # The first of March 2100 is a Monday, and weeks of the United States begin on Sunday.
    assert [
        "03-02",
        "03-09",
        "03-08",
        "03-07",
        "03-13",
        "03-06",
        "04-06",
        "03-06",
        "02-27",
        "02-20",
    ] == walked
    assert 1 == page.locator(".grid [tabindex='0']").count()
    assert "Wednesday, March 10, 2100, no times free" == _march(page).get_attribute("aria-label")


def _march(page: Page) -> Locator:
    page.keyboard.press("PageDown")
    return page.locator("[data-date='2100-03-10']")


def shown_panes(page: Page) -> list[str]:
    panes = ("month", "times", "form", "done")
    return [name for name in panes if page.locator(f".{name}-pane").is_visible()]


def test_somebody_books_on_a_phone(site: Site, visit: Open) -> None:
    """
    Month, times and form come one after the other, nothing is wider than the screen, and back goes back.
    """
    page = visit(site.address(site.offer()), viewport=PHONE, has_touch=True, is_mobile=True)
    seen = []

    free_days(page).nth(1).tap()
    seen.append(shown_panes(page))
    page.get_by_label("Back to the month").tap()
    seen.append(shown_panes(page))
    free_days(page).nth(1).tap()
    page.locator(".start").first.tap()
    seen.append(shown_panes(page))
    page.get_by_label("Back to the times").tap()
    seen.append(shown_panes(page))
    page.locator(".start").nth(1).tap()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    fill_in(page)
    send(page)

    assert is_booked(page)
    assert [["times"], ["month"], ["form"], ["times"]] == seen
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_somebody_books_without_javascript(site: Site, visit: Open, watch: Watch) -> None:
    """
    The same address lists the next times as links, and a form books one.
    """
    # What was fetched ahead for scripts is of no use then.
    watch.expected = ("was preloaded using link preload",)
    event = site.offer(questions=QUESTIONS[:1])
    page = visit(site.address(event), scripts=False)

    page.locator("a[href*='choose=zone']").click()
    page.locator("select[name=timezone]").select_option("Asia/Tokyo")
    page.locator("form.zone button").click()
    page.locator(".times a").nth(2).click()
    fill_in(page, **{"answers.line": "Tea"})
    page.locator("form.form button").click()

    expect(page.locator("h1")).to_have_text("It is booked")
    (booking,) = site.bookings()
    assert ["Asia/Tokyo", {"line": "Tea"}] == [booking["timezone"], booking["answers"]]


def kept_by(page: Page) -> list[str]:
    return list(page.evaluate("Object.keys(sessionStorage)"))


def test_what_was_typed_outlives_a_reload(site: Site, visit: Open) -> None:
    """
    For this event type only, and until it is booked; what the address fills in comes first.
    """
    event, other = site.offer(questions=QUESTIONS), site.offer(name="Other")
    address = site.address(event, f"?time={site.starts(event, tomorrow())[5]}")
    page = visit(address)
    fill_in(page, notes="About tea", **{"answers.line": "Tea", "answers.size": "1.5"})
    page.locator("[name='answers.one']").select_option("B")
    for box in ("D", "E", "Terms"):
        page.get_by_label(box, exact=True).check()
    typed = ["Bob Johnson", "bob@example.com", "About tea", "Tea", "1.5", "B"]
    names = ["name", "email", "notes", "answers.line", "answers.size", "answers.one"]

    def filled() -> list[str]:
        return [page.locator(f"[name='{name}']").input_value() for name in names]

    page.reload()
    assert (typed, address) == (filled(), page.url)
    for box, is_ticked in {"C": False, "D": True, "E": True, "F": False, "Terms": True}.items():
        expect(page.get_by_label(box, exact=True)).to_be_checked(checked=is_ticked)
    page.goto(f"{address}&name=Ann&email=&answers.line=Milk&answers.size=")
    assert ["Ann", *typed[1:3], "Milk", *typed[4:]] == filled()
    page.goto(site.address(other, f"?time={site.starts(other, tomorrow())[6]}"))
    assert ["", ""] == [page.locator(f"[name='{name}']").input_value() for name in names[:2]]

    page.goto(address)
    send(page)
    assert is_booked(page)
    assert [] == [key for key in kept_by(page) if event in key]
    page.goto(site.address(event, f"?time={site.starts(event, tomorrow())[8]}"))
    assert [""] * 6 == filled()


def test_what_is_kept_may_be_anything(site: Site, visit: Open) -> None:
    """
    Whatever stands in the storage, the form comes up.
    """
    event = site.offer(questions=QUESTIONS)
    page = visit(site.address(event, f"?time={site.starts(event, tomorrow())[5]}"))
    page.locator("[name=name]").fill("Bob")
    (key,) = kept_by(page)
    for text in ("{", "null", "7", '"x"', "[]", '{"name": {}, "answers": {"line": "x", "many": null}}'):
        page.evaluate("([key, text]) => sessionStorage.setItem(key, text)", [key, text])
        page.reload()
        expect(page.locator("[name='answers.line']")).to_have_value("")


def test_two_race_for_a_time(site: Site, visit: Open, watch: Watch) -> None:
    """
    One gets it. The other is told kindly, sees the times that are left, and keeps what was typed.
    """
    watch.expected = ("status of 409",)
    event = site.offer()
    day = tomorrow()
    start = site.starts(event, day)[5]
    winner, loser = (visit(site.address(event, f"?time={start}")) for _ in range(2))
    fill_in(winner)
    fill_in(loser, name="Carol Ann", email="carol@example.com", notes="About tea")

    send(winner)
    assert is_booked(winner)
    send(loser)

    expect(loser.locator(".notices")).to_contain_text("this time has just been taken")
    loser.locator(".start").first.wait_for()
    assert 0 == loser.locator(f".start[data-start='{start}']").count()
    loser.locator(".start").nth(2).click()
    assert ["Carol Ann", "About tea"] == [
        loser.locator(f"[name={name}]").input_value() for name in ("name", "notes")
    ]
    send(loser)
    assert is_booked(loser)
    assert ["bob@example.com", "carol@example.com"] == sorted(row["invitee_email"] for row in site.bookings())
