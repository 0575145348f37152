"""
The pages behind links as plain HTML: only a form acts, and what cannot be done any more says why.
"""

import re
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select, update
from steps import ask, book, invitee, manage_path, offer

from calendo.db.engine import Database
from calendo.db.models import Base, Booking
from calendo.i18n import LANGUAGES
from calendo.integrations.links import Links, Purpose
from calendo.settings import Settings
from conftest import Clock, Host

# What the database does about it is tested with the API; pages need one of them only.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def see(host: Host, path: str, status: int = 200) -> str:
    """
    Open a page, and return its text with the tags left out.
    """
    return text_of(host.client.get(path, follow_redirects=False), status)


def text_of(response: Response, status: int = 200) -> str:
    assert status == response.status_code, response.text
    assert "text/html" in response.headers["Content-Type"]
    assert ("no-store", "no-referrer") == (
        response.headers["Cache-Control"],
        response.headers["Referrer-Policy"],
    )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def fill(host: Host, path: str, **fields: str) -> Response:
    """
    Send a form, as a browser does from a page without a referrer.
    """
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    return host.client.post(path, data=fields, headers=headers, follow_redirects=False)


def decide_path(booking: dict[str, Any], settings: Settings) -> str:
    return f"/bookings/{Links(settings.signing_key()).token(Purpose.DECIDE, booking['uid'], 0)}"


def ways_into_calendars(response: Response) -> list[str]:
    (row,) = re.findall(r'<div class="calendars">.*?</div>', response.text, re.DOTALL) or [""]
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', row)]


def everything(db: Database) -> list[str]:
    with db.read() as tx:
        return [
            repr(tuple(row)) for table in Base.metadata.sorted_tables for row in tx.execute(select(table))
        ]


def test_the_page_shows_the_booking(host: Host) -> None:
    """
    When on the invitee's clock, with whom, where, what was answered, and where it stands.
    """
    questions = [
        {"id": "topic", "label": "Topic", "type": "text"},
        {"id": "days", "label": "Days", "type": "checkbox", "options": ["Mon", "Tue"]},
        {"id": "news", "label": "Newsletter", "type": "checkbox"},
        {"id": "later", "label": "Not answered"},
    ]
    offer(host, questions=questions, location_type="zoom", location="https://zoom.example/j/1?a=1&b=2")
    answers = {"topic": "<b>Tests</b>", "days": ["Mon", "Tue"], "news": True}
    booking = ask(host, "14:00", timezone="America/New_York", notes="Two\nlines", answers=answers)

    response = host.client.get(manage_path(booking))
    page = text_of(response)

    for shown in (
        "Jane Smith",
        "Confirmed",
        "Monday, March 2, 2026, 9:00 AM",
        "30 minutes, Eastern Time (New York)",
        "Zoom: https://zoom.example/j/1?a=1&b=2",
        "Bob Johnson, bob@example.com",
        "Topic <b>Tests</b>",
        "Days Mon, Tue",
        "Newsletter Yes",
        "Two lines",
    ):
        assert shown in page
    assert "Not answered" not in page
    assert "<b>" not in response.text
    assert 'href="https://zoom.example/j/1?a=1&amp;b=2" rel="noopener noreferrer"' in response.text
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_opening_links_changes_nothing(host: Host, db: Database, settings: Settings) -> None:
    """
    Mail scanners open every link, and those on the page behind it too.
    """
    offer(host, requires_confirmation=True)
    booking = ask(host, "09:00")
    before = everything(db)
    seen, ahead = set(), {manage_path(booking), decide_path(booking, settings)}
    while ahead:
        path = ahead.pop()
        seen.add(path)
        response = host.client.get(path)
        found = set(re.findall(r'(?:href|action)="(/(?:manage|bookings)/[^"]+)"', response.text))
        ahead |= {unescape(link) for link in found if link.count("time=") == 0 or "T10%3A00" in link} - seen
        host.client.head(path)

    assert {"confirm", "decline", "cancel", "reschedule"} <= {
        path.partition("?")[0].rpartition("/")[2] for path in seen
    }
    assert any("time=" in path for path in seen)
    assert before == everything(db)


def test_an_invitee_cancels_by_form(host: Host) -> None:
    """
    First a page asks, then the form acts, and leads back to the booking, which says what was done.
    """
    offer(host)
    path = manage_path(ask(host, "09:00"))
    assert f'href="{path}/cancel"' in host.client.get(path).text
    assert "Cancel this booking?" in see(host, f"{path}/cancel")

    done = fill(host, f"{path}/cancel", reason="I am\r\nill.")
    page = see(host, path)

    assert (303, path) == (done.status_code, done.headers["Location"])
    assert "Cancelled" in page
    assert "You cancelled this on Sunday, March 1, 2026, 12:00 PM. I am ill." in page
    assert f'href="/{host.slug}/call"' in host.client.get(path).text
    assert "I am\nill." == host.get("/bookings")[0]["reason"]
    # Whoever goes back and sends it again is told, and asks for nothing that is not there.
    assert "This booking is cancelled" in text_of(fill(host, f"{path}/cancel"), 409)
    for act in ("cancel", "reschedule"):
        assert path == host.client.get(f"{path}/{act}", follow_redirects=False).headers["Location"]


def test_an_invitee_moves_by_form(host: Host) -> None:
    """
    The times listed are those that can be moved to; one that went meanwhile is said, with those left.
    """
    offer(host, duration_minutes=120)
    path = manage_path(ask(host, "09:00", timezone="America/New_York"))
    listed = re.findall(r'reschedule\?time=([^"]+)"', host.client.get(f"{path}/reschedule").text)

    assert ["2026-03-02T11%3A00%3A00Z", "2026-03-02T13%3A00%3A00Z"] == listed[:2]
    assert "Monday, March 2, 2026, 6:00 AM" in see(host, f"{path}/reschedule?time={listed[0]}").replace(
        "\u202f", " "
    )
    ask(host, "11:00", email="other@example.com")
    gone = text_of(fill(host, f"{path}/reschedule", start_time="2026-03-02T11:00:00Z"), 409)
    assert "no longer, on offer" in gone
    assert "Tuesday, March 3, 2026" in gone
    done = fill(host, f"{path}/reschedule", start_time="2026-03-02T13:00:00Z", reason="Too early.")
    page = see(host, path)

    assert (303, path) == (done.status_code, done.headers["Location"])
    assert "Monday, March 2, 2026, 8:00 AM" in page
    assert (
        "You moved this on Sunday, March 1, 2026, 7:00 AM."
        " Before that its time was Monday, March 2, 2026, 4:00 AM. Too early." in page
    )
    later = re.findall(r'reschedule\?from=([\d-]+)"', host.client.get(f"{path}/reschedule").text)
    assert ["2026-03-11"] == later
    assert "Wednesday, March 11, 2026" in see(host, f"{path}/reschedule?from={later[0]}")


def test_what_is_wrong_is_said_on_the_page(host: Host) -> None:
    """
    A reason with control characters, a time that is none, no time at all.
    """
    offer(host)
    path = manage_path(ask(host, "09:00"))

    assert "reason: leave out control characters" in text_of(fill(host, f"{path}/cancel", reason="a\7b"), 400)
    wrong = fill(host, f"{path}/reschedule", reason="a\7b", start_time="2026-03-02T10:00:00Z")
    assert "reason: leave out control characters" in text_of(wrong, 400)
    assert "not a time that can be booked" in text_of(fill(host, f"{path}/reschedule", start_time="x"), 400)
    assert "Choose a time first" in text_of(fill(host, f"{path}/reschedule"), 400)
    assert "not a time that can be booked" in see(host, f"{path}/reschedule?time=x", 400)
    assert 413 == fill(host, f"{path}/cancel", reason="x" * 70_000).status_code
    assert "Tuesday" in see(host, f"{path}/reschedule?from=garbage")
    assert ["confirmed"] == [row["status"] for row in host.get("/bookings")]


def test_what_is_too_late_says_why(host: Host, clock: Clock) -> None:
    """
    Until when it was possible, and whom to ask; once it has begun that it has.
    """
    made = offer(host, cancel_notice_hours=2, reschedule_notice_hours=24, min_notice_hours=0)
    path = manage_path(ask(host, "14:00"))

    assert "could be" not in see(host, path)
    clock.set("2026-03-02T11:00:00+00:00")
    page = see(host, path)
    assert "It could be moved here until Sunday, March 1, 2026, 2:00 PM." in page
    assert "It could be cancelled" not in page
    assert "get in touch with Jane Smith" in page
    clock.set("2026-03-02T13:00:00+00:00")
    assert "It could be cancelled here until Monday" in see(host, path)
    assert "It is too late to cancel" in text_of(fill(host, f"{path}/cancel"), 409)
    late = fill(host, f"{path}/reschedule", start_time="2026-03-03T10:00:00Z")
    assert "It is too late to move" in text_of(late, 409)
    clock.set("2026-03-02T14:00:00+00:00")
    assert "Its time has come" in see(host, path)
    clock.set("2026-03-01T12:00:00+00:00")
    host.delete(f"/event-types/{made['id']}")
    assert "no longer offers this meeting" in see(host, path)


@pytest.mark.parametrize(
    "path", ["/manage/x", "/manage/x/cancel", "/manage/x/reschedule", "/bookings/x", "/manage/%00"]
)
def test_a_wrong_link_says_what_to_do(host: Host, path: str) -> None:
    """
    The page of a link that is none says where a good one is.
    """
    page = host.client.get(path)

    assert "latest e-mail" in text_of(page, 404)


def test_wrong_links_act_on_nothing(host: Host, settings: Settings) -> None:
    """
    An invitee's link decides nothing, a host's manages nothing.
    """
    offer(host, requires_confirmation=True)
    booking = ask(host, "09:00")
    manage, decide = (
        path.rpartition("/")[2] for path in (manage_path(booking), decide_path(booking, settings))
    )
    for path in (
        f"/manage/{decide}/cancel",
        f"/manage/{decide}/reschedule",
        f"/bookings/{manage}/confirm",
        f"/bookings/{manage}/decline",
        "/bookings/x/confirm",
    ):
        assert "latest e-mail" in text_of(fill(host, path, start_time="2026-03-02T10:00:00Z"), 404)
    assert ["pending"] == [row["status"] for row in host.get("/bookings")]


def test_a_host_confirms_by_link(host: Host, settings: Settings) -> None:
    """
    The page shows who asks for what on the host's clock; after the form it says what was decided.
    """
    host.put("/auth/me", {"timezone": "Europe/Berlin"})
    offer(host, requires_confirmation=True)
    booking = ask(host, "09:00", notes="Please")
    path = decide_path(booking, settings)
    page = see(host, path)
    for shown in ("Bob Johnson asks for a time", "Monday, March 2, 2026, 10:00 AM", "Please"):
        assert shown in page

    done = fill(host, f"{path}/confirm")

    assert (303, path) == (done.status_code, done.headers["Location"])
    assert "You confirmed this on Sunday, March 1, 2026, 1:00 PM." in see(host, path)
    assert "<form" not in host.client.get(path).text
    assert "This booking is confirmed" in text_of(fill(host, f"{path}/decline"), 409)
    assert ["confirmed"] == [row["status"] for row in host.get("/bookings")]
    assert "host" == host.get(f"/bookings/{host.get('/bookings')[0]['id']}/history")[-1]["actor"]


def test_a_host_declines_by_link(host: Host, settings: Settings) -> None:
    """
    With a reason, which the invitee reads; a reason that is wrong changes nothing.
    """
    offer(host, requires_confirmation=True)
    booking = ask(host, "09:00")
    path = decide_path(booking, settings)

    assert "control characters" in text_of(fill(host, f"{path}/decline", reason="a\7b"), 400)
    assert 303 == fill(host, f"{path}/decline", reason="I am away.").status_code
    assert "Jane Smith declined this" in see(host, manage_path(booking))
    assert "I am away." in see(host, manage_path(booking))
    assert "This booking is declined" in text_of(fill(host, f"{path}/confirm"), 409)


def test_what_somebody_else_did_is_said(host: Host, settings: Settings, clock: Clock, db: Database) -> None:
    """
    The host's page tells that the invitee took it back, or that it lapsed; both can no longer be confirmed.
    """
    offer(host, requires_confirmation=True, min_notice_hours=0)
    taken_back, lapsed = ask(host, "09:00"), ask(host, "10:00")
    invitee(host).post(f"{manage_path(taken_back)}/cancel", {"reason": "It is settled."})
    assert "Bob Johnson cancelled this" in see(host, decide_path(taken_back, settings))
    assert "It is settled." in see(host, decide_path(taken_back, settings))

    clock.set("2026-03-02T10:00:00+00:00")
    path = decide_path(lapsed, settings)
    assert "can no longer be confirmed" in see(host, path)
    assert "can no longer be confirmed" in text_of(fill(host, f"{path}/confirm"), 409)


def test_a_zone_that_is_no_more_is_shown_as_utc(host: Host, db: Database) -> None:
    """
    A name that the time zone database has lost does not close the page.
    """
    offer(host)
    path = manage_path(ask(host, "09:00"))
    with db.write() as tx:
        tx.execute(update(Booking).values(timezone="Mars/Olympus"))

    assert "30 minutes, UTC" in see(host, path)


def test_there_are_three_ways_into_a_calendar(host: Host, clock: Clock) -> None:
    """
    For as long as it is confirmed and to come; what was asked and who asks goes to nobody else's server.
    """
    questions = [{"id": "topic", "label": "Topic", "required": True}]
    offer(host, questions=questions, location="https://zoom.example/j/1?a=1&b=2")
    given = {"answers": {"topic": "Secret"}, "notes": "Private"}
    path = manage_path(ask(host, "14:00", timezone="Asia/Tokyo", **given))

    google, outlook, file = ways_into_calendars(host.client.get(path))
    assert google == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Call%20%28Jane%20Smith%29"
        "&dates=20260302T140000Z%2F20260302T143000Z&location=https%3A%2F%2Fzoom.example%2Fj%2F1%3Fa%3D1%26b%3D2"
        f"&details=http%3A%2F%2Fcalendo.test{path.replace('/', '%2F')}"
    )
    assert outlook.startswith("https://outlook.live.com/calendar/0/deeplink/compose?")
    assert [] == [word for word in ("Bob", "bob", "Topic", "Secret", "Private") if word in google + outlook]
    assert 200 == host.client.get(file).status_code
    clock.set("2026-03-02T14:30:00+00:00")
    assert [] == ways_into_calendars(host.client.get(path))
    clock.set("2026-03-02T12:00:00+00:00")
    fill(host, f"{path}/cancel")
    assert [] == ways_into_calendars(host.client.get(path))


def test_what_is_only_asked_for_has_none(host: Host) -> None:
    """
    Until it is confirmed: neither where it was booked nor on its own page.
    """
    offer(host, requires_confirmation=True)
    form = {"start_time": "2026-03-02T09:00:00Z", "timezone": "UTC", "name": "Ann", "email": "a@example.com"}
    booked = fill(host, f"/{host.slug}/call", **form)
    (link,) = re.findall(r'href="http://calendo\.test(/manage/[\w-]{48})"', booked.text)
    assert [[], []] == [ways_into_calendars(page) for page in (booked, host.client.get(link))]

    host.post(f"/bookings/{host.get('/bookings')[0]['id']}/confirm")
    assert 3 == len(ways_into_calendars(host.client.get(link)))


def test_booking_by_form_shows_the_link(host: Host) -> None:
    """
    Whoever booked without JavaScript gets it too; and one booking too many is said on the form.
    """
    offer(host)
    form = {
        "start_time": "2026-03-02T09:00:00Z",
        "timezone": "UTC",
        "name": "Ann",
        "email": "ann@example.com",
    }
    booked = fill(host, f"/{host.slug}/call", **form)
    (link,) = re.findall(r'href="http://calendo\.test(/manage/[\w-]{48})"', booked.text)
    host.put("/auth/me", {"max_bookings_per_invitee": 1})
    refused = host.client.post(f"/{host.slug}/call", data=form | {"start_time": "2026-03-02T10:00:00Z"})

    assert 201 == booked.status_code
    assert ("no-store", "no-referrer") == (booked.headers["Cache-Control"], booked.headers["Referrer-Policy"])
    assert "Ann, ann@example.com" in see(host, link)
    assert 3 == len(ways_into_calendars(booked))
    assert ways_into_calendars(booked) == ways_into_calendars(host.client.get(link))
    assert 409 == refused.status_code
    assert "as many bookings to come as this host allows" in refused.text
    assert 'value="Ann"' in refused.text


def test_the_latest_word_is_the_hosts(host: Host, clock: Clock) -> None:
    """
    What the host did is told with the host's name.
    """
    offer(host, min_notice_hours=0)
    booking = ask(host, "09:00")
    (row,) = host.get("/bookings")
    host.post(f"/bookings/{row['id']}/reschedule", {"start_time": "2026-03-02T11:00:00Z", "reason": "Sorry!"})
    assert "Jane Smith moved this on Sunday" in see(host, manage_path(booking))
    assert "Sorry!" in see(host, manage_path(booking))
    book(host, "12:00", email="other@example.com")
    clock.set("2026-03-02T12:00:00+00:00")
    host.post(f"/bookings/{row['id']}/no-show")
    page = see(host, manage_path(booking))
    assert "Its time has come" in page
    assert f'href="/{host.slug}/call"' in host.client.get(manage_path(booking)).text


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_pages_behind_links_speak_the_readers_language(host: Host, settings: Settings, language: str) -> None:
    """
    The invitee's is that of the booking, the host's that of the account, whatever the browser says.
    """
    host.put("/auth/me", {"locale": language})
    offer(host, requires_confirmation=True, location_type="phone")
    booking = ask(host, "09:00", locale=language)
    path, decide = manage_path(booking), decide_path(booking, settings)
    english = ("Your booking", "Choose another time", "asks for a time", "Confirm it", "Booked for", "Phone")
    pages = [
        path,
        f"{path}/cancel",
        f"{path}/reschedule",
        f"{path}/reschedule?time=2026-03-02T10:00:00Z",
        decide,
    ]

    for page in pages:
        answer = host.client.get(page, headers={"Accept-Language": "en"})
        assert f'<html lang="{language}"' in answer.text
        assert not [word for word in english if f">{word}" in answer.text]
    fill(host, f"{decide}/decline", reason="I am away.")
    for page in (path, decide):
        assert "declined this" not in see(host, page)
        assert "I am away." in see(host, page)


def test_problems_are_said_in_the_language_of_the_page(host: Host) -> None:
    """
    By what their code means; a field that is wrong by what the form calls it.
    """
    questions = [{"id": "tel", "label": "Telefon", "type": "phone"}]
    offer(host, questions=questions)
    path = manage_path(ask(host, "09:00", locale="de"))
    form = {"start_time": "2026-03-02T09:30:00Z", "name": "Ann", "email": "ann@example.com"}
    book_path = f"/{host.slug}/call"

    for said, path_, fields, status in (
        ("Unter diesem Link gibt es keine Buchung.", "/manage/x/cancel?lang=de", {}, 404),
        ("Diese Anfrage ist nicht gültig.", f"{path}/cancel", {"reason": "a\7b"}, 400),
        (
            "Diese Zeit ist nicht oder nicht mehr frei.",
            f"{path}/reschedule",
            form | {"start_time": "2030-01-01T09:00:00Z"},
            409,
        ),
        (
            "Diese Zeit ist nicht oder nicht mehr frei.",
            f"{book_path}?lang=de",
            form | {"start_time": "2030-01-01T09:00:00Z"},
            409,
        ),
        (
            "Bitte sehen Sie sich „Telefon“ noch einmal an.",
            f"{book_path}?lang=de",
            form | {"answers.tel": "x"},
            400,
        ),
        (
            "Bitte sehen Sie sich „Ihr Name“ noch einmal an.",
            f"{book_path}?lang=de",
            form | {"name": " "},
            400,
        ),
        ("Telefon: answer with a phone number", book_path, form | {"answers.tel": "x"}, 400),
        ("Unter dieser Adresse ist nichts.", "/nobody/nothing?lang=de", form, 404),
    ):
        answer = host.client.post(path_, data=fields)
        assert (status, True) == (answer.status_code, said in unescape(answer.text)), answer.text
    fill(host, f"{path}/cancel")
    assert "Der Status der Buchung lässt das nicht zu." in text_of(fill(host, f"{path}/cancel"), 409)
