"""
The dashboard's door: who is let in and comes back to what was asked for, from which site, in which language.
"""

import re
from html import unescape
from itertools import product

import pytest
from browsers import ACCOUNT, Browser, browse, led_to, text_of
from sqlalchemy import select

from calendo.db.engine import Database
from calendo.db.models import AvailabilitySchedule, EventType, LoginSession, PasswordReset, User
from calendo.integrations.links import Purpose
from calendo.settings import Settings
from calendo.web.dashboard.visitors import safe_return
from conftest import Clock

pytest_plugins = ["dashboard_fixtures"]


HOURS = {"timezone": "Europe/Berlin", "days": ["1", "2"], "start": "08:30", "end": "16:00"}
MEETING = {
    "name": "Call",
    "duration_minutes": "45",
    "location_type": "zoom",
    "location": "https://zoom.us/j/1",
}


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about accounts is tested with the API; pages need one of them only.
    """
    return "sqlite"


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("/app", "/app/login"),
        ("/app/welcome", "/app/login?next=%2Fapp%2Fwelcome"),
        ("/app/welcome/meeting?a=b&c=d", "/app/login?next=%2Fapp%2Fwelcome%2Fmeeting%3Fa%3Db%26c%3Dd"),
    ],
)
def test_whoever_is_not_logged_in_is_asked_to_and_comes_back(jane: Browser, path: str, login: str) -> None:
    """
    The address that was asked for goes along to the log-in page, and the log-in leads there.
    """
    jane.send("/app/logout")

    asked = jane.open(path)
    page = jane.open(login)

    assert (303, login) == led_to(asked)
    assert 200 == page.status_code
    assert f'action="{login}"' in unescape(page.text)
    assert (303, path) == led_to(jane.log_in(login))


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "https://evil.example/app",
        "//evil.example/app",
        "/\\evil.example",
        "/app\\@evil.example",
        "\\\\evil.example/app",
        "javascript:alert(1)",
        "/application",
        "/jane-smith",
        "/app/\r\nSet-Cookie: a=b",
        "/app/\u202e",
        " /app",
        "/app//evil.example/ x",
    ],
)
def test_a_log_in_leads_nowhere_else(path: str | None) -> None:
    """
    Whatever is no page of the dashboard leads to its home.
    """
    assert "/app" == safe_return(path)


@pytest.mark.parametrize("path", ["/app", "/app/bookings", "/app/bookings?q=Bob%20J&page=2", "/app/a/b#c"])
def test_a_log_in_leads_back_to_pages_of_the_dashboard(path: str) -> None:
    assert path == safe_return(path)


def test_a_wrong_password_is_said_and_the_address_kept(jane: Browser) -> None:
    """
    It is the same as for an address that nobody has; the password is not sent back.
    """
    jane.client.cookies.clear()

    wrong = jane.log_in(password="not this one")
    nobody = jane.log_in(email="nobody@example.com")

    assert (401, 401) == (wrong.status_code, nobody.status_code)
    assert "The e-mail address or the password is wrong." in text_of(wrong)
    assert text_of(wrong) == text_of(nobody)
    assert 'value="jane@example.com"' in wrong.text
    assert "not this one" not in wrong.text
    assert "session" not in jane.client.cookies


def test_forms_of_other_sites_are_refused(jane: Browser) -> None:
    """
    With a session and without one: nobody is logged in, or out, by another site.
    """
    for path, origin in product(
        ("/app/login", "/app/signup", "/app/logout", "/app/welcome"),
        (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ),
    ):
        refused = jane.client.post(path, data=ACCOUNT, headers=origin, follow_redirects=False)
        assert 403 == refused.status_code, (path, origin)
        assert "set-cookie" not in refused.headers
    assert (303, "/app/welcome") == led_to(jane.open("/app"))


def test_a_form_after_the_session_has_ended_leads_to_the_log_in(jane: Browser, db: Database) -> None:
    """
    What it did is not done, and not done after the log-in either.
    """
    jane.client.cookies.clear()

    assert (303, "/app/login") == led_to(jane.send("/app/welcome", HOURS))
    with db.read() as tx:
        assert "08:30" not in tx.scalars(select(AvailabilitySchedule)).one().rules


def test_logging_out_ends_the_session(jane: Browser) -> None:
    """
    It is said once, and the cookie is worth nothing any more.
    """
    token = jane.client.cookies["session"]

    left = jane.send("/app/logout")
    said = text_of(jane.open("/app/login"))
    again = text_of(jane.open("/app/login"))
    jane.client.cookies.set("session", token)

    assert (303, "/app/login") == led_to(left)
    assert "You are logged out." in said
    assert "You are logged out." not in again
    assert (303, "/app/login") == led_to(jane.open("/app"))


def test_logging_out_everywhere_ends_all_sessions(jane: Browser, db: Database) -> None:
    """
    Those of other browsers too, and those of other hosts not.
    """
    jane.client.cookies.clear()
    jane.sign_up(email="other@example.com")
    jane.client.cookies.clear()
    jane.log_in()
    with db.read() as tx:
        assert 3 == len(tx.scalars(select(LoginSession)).all())

    jane.send("/app/logout/everywhere")

    with db.read() as tx:
        (left,) = tx.scalars(select(LoginSession)).all()
        assert "other@example.com" == tx.get_one(User, left.user_id).email


def test_a_notice_cannot_be_put_there_by_somebody_else(jane: Browser) -> None:
    """
    Words that we did not leave are not shown, nor are our own once encrypted for something else.
    """
    other = jane.client.app.state.vault.encrypt("a webhook's secret")
    jane.client.cookies.clear()

    for forged in ("Call 555-0100", other):
        page = jane.open("/app/login", Cookie=f"notice={forged}")
        assert 200 == page.status_code
        assert 'role="status"' not in page.text


def test_pages_are_kept_by_no_cache_and_closed_to_what_they_do_not_need(jane: Browser) -> None:
    """
    No frames, no inline scripts or styles, no outside hosts, no search engines.
    """
    for path in ("/app/welcome", "/app/login?lang=fr"):
        if "login" in path:
            jane.client.cookies.clear()
        page = jane.open(path)
        policy = page.headers["content-security-policy"]
        assert ("no-store", "noindex, nofollow") == (
            page.headers["cache-control"],
            page.headers["x-robots-tag"],
        )
        assert {"default-src 'none'", "frame-ancestors 'none'", "script-src 'self'", "style-src 'self'"} <= {
            part.strip() for part in policy.split(";")
        }
        assert " style=" not in page.text
        assert "<script>" not in page.text


def test_signing_up_leads_from_nothing_to_a_link(guest: Browser, db: Database) -> None:
    """
    An account, hours, a meeting, the link: each step leads to the next, and the zone is the browser's.
    """
    assert (303, "/app/welcome") == led_to(guest.sign_up(timezone="Europe/Berlin"))
    assert 'value="Europe/Berlin" selected' in guest.open("/app/welcome").text
    assert (303, "/app/welcome/meeting") == led_to(guest.send("/app/welcome", HOURS))
    assert (303, "/app/welcome/link") == led_to(guest.send("/app/welcome/meeting", MEETING))

    link = guest.open("/app/welcome/link")

    assert "http://calendo.test/jane-smith/call" in link.text
    assert 200 == guest.open("/jane-smith/call").status_code
    with db.read() as tx:
        hours = tx.scalars(select(AvailabilitySchedule)).one()
        meeting = tx.scalars(select(EventType)).one()
    assert (
        "Europe/Berlin",
        '[{"day":1,"start":"08:30","end":"16:00"},{"day":2,"start":"08:30","end":"16:00"}]',
    ) == (
        hours.timezone,
        hours.rules,
    )
    assert ("Call", 45, "zoom", "https://zoom.us/j/1", 4) == (
        meeting.name,
        meeting.duration_minutes,
        meeting.location_type,
        meeting.location,
        meeting.min_notice_hours,
    )


def test_first_steps_change_nothing_once_they_are_done(jane: Browser, db: Database) -> None:
    """
    A form that is sent again makes no second meeting, and does not undo hours that were changed since.
    """
    jane.send("/app/welcome", HOURS)
    jane.send("/app/welcome/meeting", MEETING)

    assert (303, "/app/welcome/link") == led_to(jane.send("/app/welcome/meeting", MEETING))
    assert (303, "/app/welcome/link") == led_to(jane.send("/app/welcome", {**HOURS, "start": "05:00"}))
    for path in ("/app/welcome", "/app/welcome/meeting"):
        assert (303, "/app/welcome/link") == led_to(jane.open(path))
    with db.read() as tx:
        assert "05:00" not in tx.scalars(select(AvailabilitySchedule)).one().rules
        assert 1 == len(tx.scalars(select(EventType)).all())


def test_there_is_no_link_before_there_is_a_meeting(jane: Browser) -> None:
    assert (303, "/app/welcome/meeting") == led_to(jane.open("/app/welcome/link"))


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(guest: Browser) -> None:
    """
    Above the form is a list with links to the fields, and it has the focus.
    """
    refused = guest.sign_up(name=" ", email="jane at <b>example", password="short")
    page = refused.text

    assert 400 == refused.status_code
    assert 'value="jane at &lt;b&gt;example"' in page
    assert "short" not in page
    for name, said in (
        ("name", "This must not be blank."),
        ("email", "This does not look like an e-mail address."),
        ("password", "Use 8 characters or more."),
    ):
        assert re.search(rf'id="{name}"[^>]* aria-invalid="true" aria-describedby="{name}-error', page)
        assert f'<p class="error" id="{name}-error">{said}</p>' in page
        assert f'<a href="#{name}">' in page
    assert 'role="alert" tabindex="-1" autofocus' in page


def test_an_address_that_has_an_account_is_said_at_its_field(jane: Browser) -> None:
    """
    Capital letters do not make another one; and nobody is logged in by it.
    """
    jane.client.cookies.clear()

    refused = jane.sign_up(email="JANE@example.com")

    assert 409 == refused.status_code
    assert 'id="email-error">There is already an account with this e-mail address.' in refused.text
    assert "session" not in jane.client.cookies


def test_hours_that_are_none_are_refused(jane: Browser) -> None:
    """
    Each with what is wrong at its field.
    """
    for fields, field, said in (
        ({"days": []}, "days", "Choose one at least."),
        ({"end": "08:30"}, "end", "Choose another time than the start."),
        ({"start": "8 o'clock"}, "start", "Use a time such as 09:00."),
        ({"timezone": "Mars/Olympus"}, "timezone", "This is not an IANA time zone, such as Europe/Berlin."),
    ):
        refused = jane.send("/app/welcome", {**HOURS, **fields})
        assert 400 == refused.status_code
        assert f'id="{field}-error">{said}</p>' in unescape(refused.text)
    assert 400 == jane.send("/app/welcome", {**HOURS, "days": ["9"]}).status_code


def test_closed_registration_is_said_and_makes_no_account(
    settings: Settings, db: Database, clock: Clock
) -> None:
    """
    Neither the home page nor the log-in leads there, and a form that is sent all the same is refused.
    """
    closed = settings.model_copy(update={"registration": "closed"})
    with browse(closed, db, clock) as guest:
        shown, sent = guest.open("/app/signup"), guest.sign_up()
        assert (403, 403) == (shown.status_code, sent.status_code)
        assert "Registration is closed" in text_of(shown)
        for path in ("/", "/app/login"):
            assert "/app/signup" not in guest.open(path).text
    with db.read() as tx:
        assert [] == list(tx.scalars(select(User)))


def test_the_home_page_leads_to_the_dashboard(guest: Browser) -> None:
    page = guest.open("/").text

    assert 'href="/app/signup"' in page
    assert 'href="/app"' in page


def test_a_guest_is_spoken_to_in_the_language_of_the_browser(guest: Browser, db: Database) -> None:
    """
    Errors too; and the language of the sign-up becomes the host's, whatever the browser says later.
    """
    german = {"Accept-Language": "de-AT,de;q=0.9"}
    refused = guest.send("/app/signup", {**ACCOUNT, "password": "kurz"}, **german)
    wrong = guest.send("/app/login", {"email": "a@example.com", "password": "x"}, **german)
    guest.send("/app/signup", ACCOUNT, **german)

    assert "Nehmen Sie 8 Zeichen oder mehr." in text_of(refused)
    assert "E-Mail-Adresse oder Passwort stimmt nicht." in text_of(wrong)
    assert 'lang="de-AT"' in refused.text
    with db.read() as tx:
        assert "de-AT" == tx.scalars(select(User)).one().locale
    assert "Wann kann man Sie treffen?" in text_of(guest.open("/app/welcome", **{"Accept-Language": "fr"}))


def test_the_language_that_was_asked_for_stays_with_the_form(guest: Browser) -> None:
    page = guest.open("/app/login?next=/app/welcome&lang=ja")

    assert 'lang="ja"' in page.text
    assert 'action="/app/login?next=/app/welcome&amp;lang=ja"' in page.text
    assert "/app/login?next=%2Fapp%2Fwelcome&amp;lang=fr" in page.text


def test_what_is_not_there_is_said_in_the_same_language(jane: Browser) -> None:
    """
    With a way back to the dashboard.
    """
    page = jane.open("/app/nothing/here", **{"Accept-Language": "es"})

    assert 404 == page.status_code
    assert "No hay nada en esta dirección." in text_of(page)
    assert 'href="/app"' in page.text


def test_nul_in_a_form_is_refused(guest: Browser) -> None:
    """
    PostgreSQL could neither keep it nor compare with it.
    """
    for field in ("email", "password", "name"):
        assert 400 == guest.sign_up(**{field: "a\0b"}).status_code
        assert 400 == guest.log_in(**{field: "a\0b"}).status_code


def link_for(guest: Browser, db: Database, email: str = ACCOUNT["email"]) -> str:
    """
    Ask for a new password, and return the path of the link that is mailed.
    """
    asked = guest.send("/app/forgot", {"email": email})
    assert (303, "/app/login") == led_to(asked)
    with db.read() as tx:
        reset = tx.scalars(select(PasswordReset)).one()
    return f"/app/reset/{guest.client.app.state.links.token(Purpose.RESET, reset.uid, 0)}"


def test_a_forgotten_password_is_replaced_by_a_link(jane: Browser, db: Database) -> None:
    """
    Once: then the link is worth nothing, the sessions have ended and the new password is good.
    """
    token = jane.client.cookies["session"]
    link = link_for(jane, db)

    short = jane.send(link, {"password": "short"})
    done = jane.send(link, {"password": "an even better one"})
    jane.client.cookies.set("session", token)

    assert 400 == short.status_code
    assert 'id="password-error">Use 8 characters or more.' in short.text
    assert (303, "/app/login") == led_to(done)
    assert (303, "/app/login") == led_to(jane.open("/app"))
    assert 401 == jane.log_in().status_code
    assert 303 == jane.log_in(password="an even better one").status_code
    for again in (jane.open(link), jane.send(link, {"password": "a third of them"})):
        assert 404 == again.status_code
        assert 'href="/app/forgot"' in again.text


def test_an_old_link_says_what_to_do(jane: Browser, db: Database, clock: Clock) -> None:
    """
    So does one that is none; neither tells anything about the account.
    """
    link = link_for(jane, db)
    assert 200 == jane.open(link).status_code

    clock.forward(3601)

    for path in (link, "/app/reset/nonsense", f"{link[:-1]}A"):
        assert 404 == jane.open(path).status_code
        assert "This link no longer works" in text_of(jane.open(path))


def test_a_forgotten_password_tells_nobody_who_has_an_account(jane: Browser, db: Database) -> None:
    """
    The answer is the same, and nothing is written for an address that nobody has.
    """
    jane.client.cookies.clear()
    nobody = jane.send("/app/forgot", {"email": "nobody@example.com"})
    said = text_of(jane.open("/app/login"))
    with db.read() as tx:
        assert [] == list(tx.scalars(select(PasswordReset)))
    somebody = jane.send("/app/forgot", {"email": "jane@example.com"})

    assert led_to(nobody) == led_to(somebody)
    assert "a mail with a link is on its way" in said
    assert said == text_of(jane.open("/app/login"))
