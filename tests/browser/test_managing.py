"""
The invitee's link in a real browser: see a booking, move it with the booker, cancel it.
"""

from datetime import UTC, datetime, timedelta

from browsing import PHONE, Open, Site, Watch, free_days
from playwright.sync_api import expect

pytest_plugins = ["browser_fixtures"]


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def test_an_invitee_moves_a_booking(site: Site, visit: Open) -> None:
    """
    The booker offers what it can move to, half over its own time too, and the page says what was done.
    """
    event = site.offer(slot_interval=30)
    day = in_days(2)
    start = f"{day}T10:00:00Z"
    link = site.book(event, start, timezone="Asia/Kathmandu")
    page = visit(link)
    page.get_by_role("link", name="Choose another time").click()

    expect(page.locator(".zone-button")).to_contain_text("Kathmandu")
    expect(page.locator(".former")).to_contain_text("3:45 PM")
    page.locator(f"[data-date='{day}']").click()
    assert 0 == page.locator(f"[data-start='{start}']").count()
    page.locator(f"[data-start='{day}T10:30:00Z']").click()
    expect(page.locator(".chosen")).to_contain_text("4:15 PM")
    page.get_by_label("What shall Jane Smith know?").fill("The train is late.")
    page.get_by_role("button", name="Move it").click()

    expect(page.locator(".change")).to_contain_text("You moved this on")
    assert link == page.url
    expect(page.locator(".change blockquote")).to_have_text("The train is late.")
    assert [f"{day} 10:30:00"] == [row["start_time"] for row in site.bookings()]
    page.go_back()
    assert "time=" not in page.url


def test_an_invitee_moves_and_cancels_on_a_phone_in_german(site: Site, visit: Open) -> None:
    """
    The pages speak the language it was booked in, whatever the browser's, and fit the screen.
    """
    event = site.offer()
    link = site.book(event, f"{in_days(2)}T10:00:00Z", locale="de-AT")
    page = visit(link, viewport=PHONE, has_touch=True, is_mobile=True, locale="fr-FR")
    assert "de-AT" == page.evaluate("document.documentElement.lang")
    page.get_by_role("link", name="Andere Zeit wählen").tap()
    free_days(page).last.tap()
    page.locator(".start").nth(3).tap()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Verschieben").tap()

    expect(page.locator(".change")).to_contain_text("Sie haben das am")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Absagen").tap()
    page.get_by_label("Was soll Jane Smith wissen?").fill("Leider krank.")
    page.get_by_role("button", name="Absagen").tap()

    expect(page.locator(".status")).to_have_text("Abgesagt")
    expect(page.locator(".change blockquote")).to_have_text("Leider krank.")
    assert ["cancelled"] == [row["status"] for row in site.bookings()]


def test_a_time_that_went_while_moving_is_said(site: Site, visit: Open, watch: Watch) -> None:
    """
    The booking stays where it is, and the reason that was typed stays too.
    """
    watch.expected = ("status of 409",)
    event = site.offer()
    start, wanted = (f"{in_days(2)}T{hour}:00:00Z" for hour in (10, 15))
    page = visit(f"{site.book(event, start)}/reschedule?time={wanted}")
    page.get_by_label("What shall Jane Smith know?").fill("Too early.")
    site.book(event, wanted, email="carol@example.com")
    page.get_by_role("button", name="Move it").click()

    expect(page.locator(".notices")).to_contain_text("this time has just been taken")
    page.locator(".start").first.click()
    assert "Too early." == page.get_by_label("What shall Jane Smith know?").input_value()
    page.get_by_role("link", name="Keep it").click()
    expect(page.locator(".status")).to_have_text("Confirmed")


def test_an_invitee_moves_a_booking_without_javascript(site: Site, visit: Open, watch: Watch) -> None:
    """
    The same address lists the next times as links, and a form moves it.
    """
    watch.expected = ("was preloaded using link preload",)
    event = site.offer()
    link = site.book(event, f"{in_days(2)}T10:00:00Z")
    page = visit(link, scripts=False)
    page.get_by_role("link", name="Choose another time").click()
    page.locator(".times a").nth(4).click()
    page.get_by_role("button", name="Move it").click()

    expect(page.locator(".change")).to_contain_text("You moved this on")
    assert link == page.url


def test_a_link_that_is_none_says_what_to_do(site: Site, visit: Open, watch: Watch) -> None:
    """
    In the browser's language, since nothing else is known.
    """
    watch.expected = ("status of 404",)
    page = visit(f"{site.url}/manage/{'x' * 48}", locale="ja-JP")

    expect(page.get_by_role("alert")).to_contain_text("最新のメールにあるリンク")
