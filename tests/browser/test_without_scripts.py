"""
The dashboard in a browser whose scripts are switched off: each page's main act is a plain form.

Event types, hours and signing up have such a test beside their others.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx2
import pytest
from browsing import NARROW, WIDE, Open, Site, overflow
from furnishing import receiving
from PIL import Image
from playwright.sync_api import Page, expect

pytest_plugins = ["browser_fixtures"]

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture
def plain(dashboard: Open) -> Open:
    """
    Open pages of the dashboard as the site's host, without scripts.
    """
    return lambda path, **options: dashboard(path, scripts=False, **options)


def done(page: Page, text: str) -> None:
    """
    See that the page says what was done.
    """
    expect(page.locator(".notice")).to_contain_text(text)


def ask(page: Page, opener: str, answer: str) -> None:
    """
    Open what asks before something cannot be undone, close it, open it again, read it, and say yes.
    """
    dialog = page.locator("dialog:target")
    page.get_by_role("link", name=opener).click()
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_have_count(0)
    if not page.get_by_role("link", name=opener).is_visible():
        page.locator(".menu summary").first.click()
    page.get_by_role("link", name=opener).click()
    expect(dialog.locator("p")).to_be_visible()
    dialog.get_by_role("button", name=answer, exact=True).click()


def book(site: Site, clock: str, name: str) -> dict[str, Any]:
    """
    Book a time of tomorrow as an invitee, and return the booking as its host sees it.
    """
    site.book("call", f"{TOMORROW}T{clock}:00Z", name=name)
    return next(row for row in site.bookings() if row["invitee_name"] == name)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_bookings_are_answered_moved_and_cancelled(site: Site, plain: Open, size: dict[str, int]) -> None:
    """
    In the list and on a booking's page, with a message each; found by a search before.
    """
    site.offer(requires_confirmation=True)
    amy, bob, cyd = book(site, "09:00", "Amy Jones"), book(site, "10:00", "Bob"), book(site, "11:00", "Cyd")
    page = plain("/app/bookings?show=waiting", viewport=size)
    page.get_by_role("button", name="Confirm Amy Jones").click()
    done(page, "Confirmed.")
    page.get_by_role("link", name="Bob", exact=True).click()
    page.get_by_label("Message to Bob").fill("Not this week")
    page.get_by_role("button", name="Decline").click()
    done(page, "Declined.")
    page.goto(f"{site.url}/app/bookings/{cyd['id']}")
    page.get_by_role("button", name="Confirm").click()
    done(page, "Confirmed.")

    page.goto(f"{site.url}/app/bookings")
    page.locator("#q").fill("jones")
    page.get_by_role("button", name="Search").click()
    page.locator(".booking-row .menu summary").click()
    page.locator(".booking-row").get_by_role("link", name="Move").click()
    page.locator("[name=start_time]").first.check(force=True)
    page.locator("#reason").fill("Earlier suits me")
    page.locator("#times button.main").click()
    done(page, "Moved.")
    page.get_by_role("link", name="Cancel the booking").click()
    page.locator("#reason").fill("I am ill")
    page.get_by_role("button", name="Cancel the booking").click()
    done(page, "Cancelled.")

    assert amy["start_time"] != site.call("GET", f"/bookings/{amy['id']}")["start_time"]
    assert ["cancelled", "declined", "confirmed"] == [
        site.call("GET", f"/bookings/{booking['id']}")["status"] for booking in (amy, bob, cyd)
    ]


def test_calendar_and_insights_are_turned(site: Site, plain: Open) -> None:
    """
    By links and by a form of two dates; what a chart shows stands in a table as well.
    """
    site.offer()
    book(site, "10:00", "Bob")
    page = plain(f"/app/bookings/month?on={TOMORROW}")
    page.get_by_role("link", name="Month after").click()
    page.get_by_role("link", name="Month before").click()
    page.get_by_role("link", name=", 1 booking").click()
    page.locator(".block a").click()
    expect(page.locator("h1")).to_have_text("Bob")

    page.goto(f"{site.url}/app/insights")
    page.get_by_role("link", name="Own dates").click()
    page.locator("#from").fill(TOMORROW.isoformat())
    page.locator("#to").fill(TOMORROW.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".tiles dd").first).to_have_text("1")
    page.locator(".as-table summary").first.click()
    expect(page.locator(".numbers").first).to_be_visible()


def test_a_webhook_is_made_changed_tried_and_deleted(site: Site, plain: Open) -> None:
    """
    The secret can be read and selected; the log shows what came of a test once the page is loaded again.
    """
    with receiving() as receiver:
        page = plain("/app/webhooks")
        page.get_by_role("link", name="New webhook").click()
        page.locator("#url").fill(f"{receiver.url}?first")
        page.get_by_role("button", name="Make webhook").click()
        expect(page.locator(".copied")).to_contain_text("whsec_")
        expect(page.locator("copy-text button")).to_be_hidden()

        page.locator(".page-head .menu summary").click()
        page.get_by_role("link", name="Change").click()
        page.locator("#url").fill(receiver.url)
        page.get_by_role("button", name="Save").click()
        done(page, "The webhook is changed.")
        page.get_by_role("button", name="Send a test").click()
        # Nothing on the page moves by itself.
        for _ in range(100):
            if page.locator(".attempts .good").count():
                break
            page.wait_for_timeout(100)
            page.reload()
        page.get_by_role("button", name="Send again").click()
        page.get_by_role("link", name="Webhook", exact=True).click()
        expect(page.locator(".log tbody tr")).to_have_count(1)

        page.locator(".page-head .menu summary").click()
        page.get_by_role("link", name="Replace the secret").click()
        page.get_by_role("button", name="Replace the secret").click()
        expect(page.locator(".copied")).to_contain_text("whsec_")
        page.locator(".page-head .menu summary").click()
        page.get_by_role("button", name="Switch it off").click()
        page.get_by_role("button", name="Switch it on").click()
        expect(page.get_by_role("button", name="Send a test")).to_be_visible()
        page.locator(".page-head .menu summary").click()
        ask(page, "Delete", "Delete")
    assert [] == site.call("GET", "/webhooks")


def test_settings_are_saved(site: Site, plain: Open) -> None:
    """
    Profile, address, keys and password; and whoever logs out has to log in again.
    """
    page = plain("/app/settings")
    page.locator("#name").fill("Ada Lovelace")
    page.locator("#timezone").select_option("Asia/Tokyo")
    page.locator("#max_bookings_per_invitee").fill("7")
    page.get_by_role("button", name="Save").click()
    done(page, "Your profile is saved.")
    me = site.call("GET", "/auth/me")
    assert ("Ada Lovelace", "Asia/Tokyo") == (me["name"], me["timezone"])

    page.get_by_role("link", name="API keys").click()
    page.get_by_label("What it is for").fill("CRM")
    page.get_by_role("button", name="Create the key").click()
    key = str(page.locator(".copied").text_content())
    assert 200 == httpx2.get(f"{site.url}/api/auth/me", headers={"X-API-Key": key}).status_code
    page.goto(f"{site.url}/app/settings/keys")
    ask(page, "Revoke: CRM", "Revoke")
    done(page, "The key is revoked.")
    assert 401 == httpx2.get(f"{site.url}/api/auth/me", headers={"X-API-Key": key}).status_code

    page.get_by_role("link", name="Security").click()
    page.locator("#current_password").fill("securepass123")
    page.locator("#new_password").fill("securepass456")
    page.get_by_role("button", name="Change the password").click()
    done(page, "password")
    page.get_by_role("link", name="Your data").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert "calendo.json" == download.value.suggested_filename

    page.locator(".account").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    done(page, "You are logged out.")
    page.goto(f"{site.url}/app/settings")
    page.locator("#email").fill(me["email"])
    page.locator("#password").fill("securepass456")
    page.locator(".form button.main").click()
    expect(page.locator("#name")).to_have_value("Ada Lovelace")


def test_the_booking_page_is_changed(site: Site, plain: Open) -> None:
    """
    Its texts, its colour, its picture and its address; on a telephone the areas are behind "More".
    """
    page = plain("/app/bookings", viewport=NARROW)
    page.get_by_role("link", name="Booking page", exact=True).click()
    page.locator("#display_name").fill("Ada")
    page.locator("#brand_color").fill("#0f766e")
    page.get_by_role("button", name="Save").click()
    done(page, "saved")
    picture = BytesIO()
    Image.new("RGB", (300, 300), "red").save(picture, "PNG")
    page.locator("#picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".picture-row img.initials")).to_be_visible()
    page.locator("#slug").fill(f"{site.slug}-new")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_role("link", name="Open the page").click()
    page.wait_for_url(f"**/{site.slug}-new")
    expect(page.locator("h1")).to_have_text("Ada")

    page.goto(f"{site.url}/app/bookings")
    page.get_by_role("button", name="More").click()
    page.locator("#further").get_by_role("link", name="Settings").click()
    expect(page.locator("h1")).to_have_text("Settings")
    assert 0 == overflow(page)


def test_schedules_are_made_and_deleted(site: Site, plain: Open) -> None:
    """
    A second one, which becomes the default, and the first one is deleted.
    """
    page = plain("/app/availability")
    page.get_by_role("link", name="New schedule").click()
    page.locator("#name").fill("Evenings")
    page.get_by_role("button", name="Make schedule").click()
    page.locator(".with-menu .menu summary").click()
    page.get_by_role("button", name="Make it the default").click()
    page.get_by_role("navigation", name="Schedules").get_by_role("link").first.click()
    page.locator(".with-menu .menu summary").click()
    ask(page, "Delete", "Delete")
    assert ["Evenings"] == [row["name"] for row in site.call("GET", "/availability-schedules")]


def test_nothing_lies_over_the_address_of_an_event_type(site: Site, plain: Open) -> None:
    """
    Without a button that copies it the address is to be read, on a telephone too.
    """
    site.offer()
    page = plain("/app/event-types", viewport=NARROW)
    address, switch = page.locator(".type .copied").bounding_box(), page.locator(".switch").bounding_box()

    assert address is not None
    assert switch is not None
    assert address["y"] >= switch["y"] + switch["height"]
