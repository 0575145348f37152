"""
The settings in the dashboard: the profile, the ways in, keys for programs, and the end of an account.
"""

import re

import pytest
from browsers import ACCOUNT, Browser, led_to, text_of

from conftest import Clock

pytest_plugins = ["dashboard_fixtures"]

PATH = "/app/settings"
SECURITY = f"{PATH}/security"
KEYS = f"{PATH}/keys"
DATA = f"{PATH}/data"
REMINDERS = f"{PATH}/reminders"
PROFILE = {"name": "Jane S.", "timezone": "Europe/Berlin", "locale": "", "max_bookings_per_invitee": "3"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about accounts is tested with the API; pages need one of them only.
    """
    return "sqlite"


def log_in_elsewhere(jane: Browser, user_agent: str) -> str:
    """
    Log in as with another browser, and return its cookie.
    """
    mine = jane.client.cookies.get("session")
    answer = jane.send(
        "/app/login",
        {"email": ACCOUNT["email"], "password": ACCOUNT["password"]},
        **{"User-Agent": user_agent},
    )
    assert 303 == answer.status_code
    theirs = str(jane.client.cookies.get("session"))
    jane.client.cookies.set("session", str(mine), domain="calendo.test", path="/")
    assert mine != theirs
    return theirs


def is_logged_in(jane: Browser, session: str) -> bool:
    answer = jane.client.get("/api/auth/me", headers={"Cookie": f"session={session}"})
    return answer.status_code == 200


def key_in(page: str) -> str:
    found = re.search(r'<code class="copied">(cal_[^<]+)</code>', page)
    assert found
    return found[1]


def accepts(jane: Browser, key: str) -> bool:
    jane.client.cookies.clear()
    return jane.client.get("/api/auth/me", headers={"X-API-Key": key}).status_code == 200


def test_the_profile_is_changed_and_answers_in_the_language_that_was_chosen(jane: Browser) -> None:
    """
    Name, zone, language and cap are those that were sent; the notice speaks the new language already.
    """
    assert (303, PATH) == led_to(jane.send(PATH, {**PROFILE, "locale": "de-AT"}))
    page = jane.open(PATH)

    assert "Ihr Profil ist gespeichert." in text_of(page)
    assert '<option value="Europe/Berlin" selected>' in page.text
    assert '<option value="de-AT" selected>Deutsch (Österreich)' in page.text
    profile = jane.client.get("/api/auth/me").json()
    assert ("Jane S.", "Europe/Berlin", "de-AT", 3) == tuple(
        profile[name] for name in ("name", "timezone", "locale", "max_bookings_per_invitee")
    )
    jane.send(PATH, PROFILE)
    assert jane.client.get("/api/auth/me").json()["locale"] is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Please fill this in."),
        ("timezone", "Mars/Olympus", "This is not an IANA time zone, such as Europe/Berlin."),
        ("locale", "tlh", "This is not a language tag we know, such as en or pt-BR."),
        ("max_bookings_per_invitee", "0", "Use 1 or more."),
    ],
)
def test_what_is_wrong_in_the_profile_stands_beside_its_field(
    jane: Browser, field: str, value: str, said: str
) -> None:
    """
    Nothing is changed then.
    """
    refused = jane.send(PATH, {**PROFILE, field: value})

    assert 400 == refused.status_code
    assert f'id="{field}-error">{said}' in refused.text
    assert "Jane Smith" == jane.client.get("/api/auth/me").json()["name"]


def test_a_rare_language_stays_in_the_list(jane: Browser) -> None:
    """
    Whoever chose one through the API does not lose it by saving the page.
    """
    jane.client.put("/api/auth/me", json={"locale": "ar-EG"}, headers={"Sec-Fetch-Site": "same-origin"})

    assert '<option value="ar-EG" selected>' in jane.open(PATH).text


def made(jane: Browser, name: str, *reminder_minutes: int) -> int:
    body = {"name": name, "reminder_minutes": reminder_minutes}
    return int(jane.client.post("/api/event-types", json=body).json()["id"])


def reminders_of(jane: Browser, *event_type_ids: int) -> list[list[int]]:
    types = [jane.client.get(f"/api/event-types/{event_type_id}").json() for event_type_id in event_type_ids]
    return [event_type["reminder_minutes"] for event_type in types]


def test_reminders_are_shown_by_event_type_and_changed_for_all(jane: Browser) -> None:
    """
    Those that are off change as well; how many had others is said, and a reminder that nobody else
    has can be typed.
    """
    call, chat, off = made(jane, "Call", 1440, 60), made(jane, "Chat", 45), made(jane, "Old one")
    jane.client.delete(f"/api/event-types/{off}")
    page = jane.open(REMINDERS)
    shown = text_of(page)
    for line in ("Call 1 day before, 1 hour before", "Chat 45 minutes before", "Old one Switched off No"):
        assert line in shown
    assert f'href="/app/event-types/{chat}#reminder_minutes"' in page.text

    sent = {"reminder_minutes": ["60", "1440"], "reminder_other": ""}
    assert (303, REMINDERS) == led_to(jane.send(REMINDERS, sent))
    assert "The reminders of 2 event types are changed." in text_of(jane.open(REMINDERS))
    assert [[1440, 60]] * 3 == reminders_of(jane, call, chat, off)
    jane.send(REMINDERS, sent)
    assert "Nothing is changed: all event types have these" in text_of(jane.open(REMINDERS))
    jane.send(REMINDERS, {"reminder_minutes": "60", "reminder_other": "10"})
    assert [[60, 10]] * 3 == reminders_of(jane, call, chat, off)
    jane.send(REMINDERS)
    assert [[]] * 3 == reminders_of(jane, call, chat, off)


def test_the_form_begins_with_the_reminders_that_most_have(jane: Browser) -> None:
    """
    Of several it is those that come first; without event types there is nothing to fill in.
    """

    def ticked() -> list[str]:
        return re.findall(r'name="reminder_minutes" value="(\d+)" checked', jane.open(REMINDERS).text)

    assert "No event types yet" in text_of(jane.open(REMINDERS))
    assert "<fieldset" not in jane.open(REMINDERS).text
    made(jane, "One", 1440, 60)
    made(jane, "Two", 20)
    assert ["60", "1440"] == ticked()
    made(jane, "Three", 20)
    assert ["20"] == ticked()


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"reminder_other": "0"}, "reminder_other", "Use 1 or more."),
        ({"reminder_other": "soon"}, "reminder_other", "Use a whole number."),
        ({"reminder_minutes": list("12345"), "reminder_other": "6"}, "reminder_minutes", "Five reminders"),
        ({"reminder_minutes": ["1", "9" * 5000]}, "reminder_minutes.1", ""),
    ],
)
def test_reminders_are_refused_as_in_the_form_of_one(
    jane: Browser, sent: dict[str, str | list[str]], field: str, said: str
) -> None:
    """
    Nothing is changed then, and what was chosen stays ticked.
    """
    call = made(jane, "Call", 30)
    for path in (REMINDERS, f"/app/event-types/{call}"):
        refused = jane.send(path, {"name": "Call", "duration_minutes": "30", **sent})

        assert 400 == refused.status_code
        assert f'id="{field}-error">{said}' in refused.text or not said
        for minutes in sent.get("reminder_minutes", [])[:1]:
            assert f'name="reminder_minutes" value="{minutes}" checked' in refused.text
    assert [[30]] == reminders_of(jane, call)


def test_the_reminders_of_others_are_none_of_mine(jane: Browser) -> None:
    """
    All event types means all of one's own.
    """
    call = made(jane, "Call", 30)
    session = str(jane.client.cookies.get("session"))
    jane.client.cookies.clear()
    jane.sign_up(email="bob@example.com")
    made(jane, "Bob's", 30)
    jane.send(REMINDERS, {"reminder_minutes": "60"})
    assert "The reminders of 1 event type are changed." in text_of(jane.open(REMINDERS))

    jane.client.cookies.set("session", session, domain="calendo.test", path="/")
    assert [[30]] == reminders_of(jane, call)


def test_another_email_address_takes_the_password(jane: Browser) -> None:
    """
    Without it, or with an address that somebody has, it stays as it is.
    """
    wrong = jane.send(f"{SECURITY}/email", {"email": "j@example.com", "password": "wrong"})
    assert 401 == wrong.status_code
    assert 'id="password-error">This is not your present password.' in wrong.text
    assert 'value="j@example.com"' in wrong.text
    bad = jane.send(f"{SECURITY}/email", {"email": "nowhere", "password": ACCOUNT["password"]})
    assert 'id="email-error">This does not look like an e-mail address.' in bad.text
    assert "jane@example.com" == jane.client.get("/api/auth/me").json()["email"]

    right = {"email": "j@example.com", "password": ACCOUNT["password"]}
    assert (303, SECURITY) == led_to(jane.send(f"{SECURITY}/email", right))
    assert "j@example.com" == jane.client.get("/api/auth/me").json()["email"]


def test_an_address_that_somebody_has_is_refused(guest: Browser) -> None:
    """
    It stands beside the field, with status 409.
    """
    guest.sign_up(email="bob@example.com")
    guest.client.cookies.clear()
    guest.sign_up()
    taken = guest.send(f"{SECURITY}/email", {"email": "Bob@example.com", "password": ACCOUNT["password"]})

    assert 409 == taken.status_code
    assert 'id="email-error"' in taken.text


def test_a_new_password_logs_out_all_other_browsers(jane: Browser) -> None:
    """
    A wrong present one changes nothing, and neither does a new one that is too short.
    """
    mine = str(jane.client.cookies.get("session"))
    theirs = log_in_elsewhere(jane, IPHONE)
    path = f"{SECURITY}/password"
    wrong = jane.send(path, {"current_password": "wrong", "new_password": "a better one"})
    assert 'id="current_password-error">This is not your present password.' in wrong.text
    short = jane.send(path, {"current_password": ACCOUNT["password"], "new_password": "short"})
    assert 'id="new_password-error">Use 8 characters or more.' in short.text
    assert is_logged_in(jane, theirs)

    right = {"current_password": ACCOUNT["password"], "new_password": "a better one"}
    assert (303, SECURITY) == led_to(jane.send(path, right))
    assert (True, False) == (is_logged_in(jane, mine), is_logged_in(jane, theirs))
    assert 303 == jane.log_in(password="a better one").status_code


def test_browsers_are_named_and_can_be_logged_out(jane: Browser) -> None:
    """
    This one is marked and comes first; one of them ends, then all others do.
    """
    mine = str(jane.client.cookies.get("session"))
    first, second = log_in_elsewhere(jane, FIREFOX), log_in_elsewhere(jane, IPHONE)
    page = jane.open(SECURITY)
    shown = text_of(page)
    assert shown.index("This browser") < shown.index("Safari, iPhone") < shown.index("Firefox, Linux")
    [iphone] = re.findall(r'action="([^"]+)"><button[^>]+Safari', page.text)

    assert (303, SECURITY) == led_to(jane.send(iphone))
    assert (True, False) == (is_logged_in(jane, first), is_logged_in(jane, second))
    # Once more is no problem: it is what was wanted.
    assert (303, SECURITY) == led_to(jane.send(iphone))
    assert (303, SECURITY) == led_to(jane.send(f"{SECURITY}/sessions/end-others"))
    assert (True, False) == (is_logged_in(jane, mine), is_logged_in(jane, first))


def test_what_a_browser_calls_itself_stays_text(jane: Browser) -> None:
    """
    Anybody can write anything there.
    """
    log_in_elsewhere(jane, "<script>alert(1)</script>")

    assert "<script>alert" not in jane.open(SECURITY).text


def test_a_key_is_shown_whole_once(jane: Browser) -> None:
    """
    It works; later the list has how it begins, and the day until which it does.
    """
    made = jane.send(KEYS, {"label": "CRM", "expires_on": "2099-12-31"})
    assert (201, "no-store") == (made.status_code, made.headers["Cache-Control"])
    key = key_in(made.text)
    page = jane.open(KEYS)

    assert key not in page.text
    assert f"{key[:12]}…" in text_of(page)
    assert "Works until Dec 31, 2099" in text_of(page)
    assert "Never used" in text_of(page)
    assert accepts(jane, key)


def test_a_key_works_through_its_last_day_where_the_host_is(jane: Browser, clock: Clock) -> None:
    """
    A day that is over there is refused, even if it is not elsewhere.
    """
    jane.send(PATH, {**PROFILE, "timezone": "Asia/Tokyo"})
    page = jane.open(KEYS).text
    [today] = re.findall(r'name="expires_on" type="date"[^>]+min="([^"]+)"', page)
    made = jane.send(KEYS, {"label": "Today", "expires_on": today})
    assert 201 == made.status_code
    past = jane.send(KEYS, {"label": "Past", "expires_on": "2020-01-01"})
    assert 400 == past.status_code
    assert 'id="expires_on-error">This day is over.' in past.text

    clock.now += 86_400
    jane.open(KEYS)
    assert "Expired" in text_of(jane.open(KEYS))
    assert not accepts(jane, key_in(made.text))


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "9999-12-31", "2026-1-1"])
def test_only_a_date_is_a_keys_last_day(jane: Browser, day: str) -> None:
    """
    Anything else is said beside the field.
    """
    refused = jane.send(KEYS, {"label": "CRM", "expires_on": day})

    assert 400 == refused.status_code
    assert 'id="expires_on-error"' in refused.text
    assert [] == jane.client.get("/api/api-keys").json()


def test_a_revoked_key_is_dead(jane: Browser) -> None:
    """
    And nobody else's can be revoked.
    """
    key = key_in(jane.send(KEYS, {"label": "CRM"}).text)
    [row] = jane.client.get("/api/api-keys").json()
    session = str(jane.client.cookies.get("session"))
    jane.client.cookies.clear()
    jane.sign_up(email="bob@example.com")
    jane.send(f"{KEYS}/{row['id']}/revoke")
    assert accepts(jane, key)

    jane.client.cookies.set("session", session, domain="calendo.test", path="/")
    assert (303, KEYS) == led_to(jane.send(f"{KEYS}/{row['id']}/revoke"))
    assert (303, KEYS) == led_to(jane.send(f"{KEYS}/{row['id']}/revoke"))
    assert not accepts(jane, key)


def test_the_feeds_address_is_shown_and_replaced(jane: Browser) -> None:
    """
    The one before leads nowhere any more.
    """

    def feed() -> str:
        found = re.search(r'<code class="copied">([^<]+\.ics)</code>', jane.open(DATA).text)
        assert found
        return found[1]

    before = feed()
    assert 200 == jane.client.get(before).status_code
    assert (303, DATA) == led_to(jane.send(f"{DATA}/feed"))
    assert (404, 200) == (jane.client.get(before).status_code, jane.client.get(feed()).status_code)


def test_the_export_is_a_file(jane: Browser) -> None:
    """
    It is the API's own.
    """
    file = jane.open(f"{DATA}/export")

    assert 'attachment; filename="calendo.json"' == file.headers["Content-Disposition"]
    assert "jane@example.com" == file.json()["profile"]["email"]


def test_deleting_the_account_takes_the_password(jane: Browser) -> None:
    """
    A wrong one deletes nothing; the right one logs out, and nobody can log in again.
    """
    refused = jane.send(f"{DATA}/delete", {"password": "wrong"})
    assert 401 == refused.status_code
    assert 'id="password-error">This is not your present password.' in refused.text
    assert 200 == jane.open(PATH).status_code

    deleted = jane.send(f"{DATA}/delete", {"password": ACCOUNT["password"]})
    assert (303, "/app/login") == led_to(deleted)
    assert "Your account is deleted." in text_of(jane.open("/app/login"))
    assert (303, "/app/login?next=%2Fapp%2Fsettings") == led_to(jane.open(PATH))
    assert 401 == jane.log_in().status_code
    assert 404 == jane.client.get("/api/booking-pages/jane-smith").status_code


def test_another_site_can_do_nothing_here(jane: Browser) -> None:
    """
    Its forms are refused, whatever cookie the browser sends along.
    """
    paths = (
        PATH,
        REMINDERS,
        f"{SECURITY}/email",
        f"{SECURITY}/password",
        KEYS,
        f"{DATA}/feed",
        f"{DATA}/delete",
    )
    for path in (*paths, f"{SECURITY}/sessions/end-others", f"{KEYS}/1/revoke"):
        assert 403 == jane.send(path, {}, **{"Sec-Fetch-Site": "cross-site"}).status_code
