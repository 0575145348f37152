"""
Accounts: logging in and out, one's profile, one's password.
"""

import unicodedata
from typing import Any

from accounts_of import PASSWORD, assert_problem, log_in, make_key, register, try_login

from conftest import Api, Clock


def test_logging_in_sets_a_cookie_that_opens_the_profile(api: Api) -> None:
    """
    The login answers the host in brief, ``me`` in full.
    """
    user = register(api, timezone="Europe/Berlin")["user"]

    response = try_login(api)

    brief = {"id": user["id"], "email": "jane@example.com", "name": "Jane Smith", "timezone": "Europe/Berlin"}
    assert (200, {"user": brief}) == (response.status_code, response.json())
    me = api.expect(200, "GET", "/auth/me", headers={"Cookie": f"session={response.cookies['session']}"})
    more = {"locale": None, "avatar_url": None, "max_bookings_per_invitee": 5}
    assert {**brief, **more, "created_at": "2026-03-01 12:00:00"} == me


def test_one_logs_in_with_the_address_however_it_is_written(api: Api) -> None:
    """
    Case never matters, and an address that could sign up can log in as it was typed.
    """
    decomposed = unicodedata.normalize("NFD", "renée@example.com")
    for signed_up, logged_in in (
        ("Jane@Example.COM", "jane@example.com"),
        ("bob@example.com", "BOB@EXAMPLE.COM"),
        ("eve@example.com", "  eve@example.com "),
        ("josé@example.com", "josé@example.com"),
        (decomposed, decomposed),
        ("jane@bücher.example", "jane@bücher.example"),
        ("bob@xn--bcher-kva.example", "bob@xn--bcher-kva.example"),
        ("eve@xn--bcher-kva.example", "eve@BÜCHER.example"),
    ):
        register(api, signed_up)
        assert 200 == try_login(api, logged_in).status_code, logged_in


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(api: Api) -> None:
    """
    Nobody learns from a login who has an account.
    """
    register(api)

    wrong = try_login(api, password="securepass124")
    unknown = try_login(api, email="nobody@example.com")

    assert_problem(wrong, 401, "wrong_credentials")
    assert_problem(unknown, 401, "wrong_credentials")
    assert wrong.json() == unknown.json()
    assert "set-cookie" not in wrong.headers


def test_a_password_is_compared_to_the_letter(api: Api) -> None:
    register(api)

    for password in ("Securepass123", "securepass123 ", " securepass123", "securepass12", "", "x" * 1000):
        assert_problem(try_login(api, password=password), 401, "wrong_credentials", password)


def test_a_password_keeps_its_blanks_and_its_script(api: Api) -> None:
    """
    Nothing is stripped or translated.
    """
    register(api, password="  пароль 密码  ")

    assert 200 == try_login(api, password="  пароль 密码  ").status_code
    assert 401 == try_login(api, password="пароль 密码").status_code


def test_a_login_that_is_no_login_is_a_400(api: Api) -> None:
    register(api)

    for field, body in (
        ("email", {"password": PASSWORD}),
        ("password", {"email": "jane@example.com"}),
        ("email", {"email": 1, "password": PASSWORD}),
        ("password", {"email": "jane@example.com", "password": ["x"]}),
        ("password", {"email": "jane@example.com", "password": None}),
        ("password", {"email": "jane@example.com", "password": "x" * 1001}),
        ("remember", {"email": "jane@example.com", "password": PASSWORD, "remember": True}),
    ):
        problem = assert_problem(api.call("POST", "/auth/login", body), 400, "invalid_input", body)
        assert problem.startswith(f"{field}: ")


def test_logging_out_ends_this_session_and_no_other(api: Api) -> None:
    """
    The cookie is taken back and opens nothing, even if it is kept.
    """
    register(api)
    here, elsewhere = log_in(api), log_in(api)

    response = api.call("POST", "/auth/logout", headers=here)

    assert (200, {"ok": True}) == (response.status_code, response.json())
    assert 'session=""' in response.headers["set-cookie"]
    assert "max-age=0" in response.headers["set-cookie"].lower()
    assert_problem(api.call("GET", "/auth/me", headers=here), 401, "unauthenticated")
    assert_problem(api.call("POST", "/auth/logout", headers=here), 401, "unauthenticated")
    assert 200 == api.call("GET", "/auth/me", headers=elsewhere).status_code


def test_logging_out_needs_somebody_who_is_logged_in(api: Api) -> None:
    assert_problem(api.call("POST", "/auth/logout"), 401, "unauthenticated")


def test_logging_out_with_a_key_ends_nothing(api: Api) -> None:
    """
    There is no session to end; keys are revoked under their own address.
    """
    register(api)
    cookie = log_in(api)
    key = {"X-API-Key": make_key(api, cookie)["key"]}

    assert {"ok": True} == api.expect(200, "POST", "/auth/logout", headers=key)
    assert 200 == api.call("GET", "/auth/me", headers=key).status_code
    assert 200 == api.call("GET", "/auth/me", headers=cookie).status_code


def test_a_key_and_a_cookie_show_the_same_profile(api: Api) -> None:
    register(api)
    cookie = log_in(api)
    key = {"X-API-Key": make_key(api, cookie)["key"]}

    by_cookie = api.expect(200, "GET", "/auth/me", headers=cookie)

    assert by_cookie == api.expect(200, "GET", "/auth/me", headers=key)


def test_a_profile_changes_in_the_fields_that_are_sent(api: Api) -> None:
    """
    A new name does not rename the booking page, whose address others have.
    """
    slug = register(api)["bookingSlug"]
    cookie = log_in(api)
    before = api.expect(200, "GET", "/auth/me", headers=cookie)

    def change(**fields: Any) -> Any:
        return api.expect(200, "PUT", "/auth/me", fields, headers=cookie)

    assert {**before, "name": "Jane Doe"} == change(name="  Jane Doe ")
    assert {**before, "name": "Jane Doe", "timezone": "Asia/Tokyo"} == change(timezone="Asia/Tokyo")
    assert "pt-BR" == change(locale="pt-br")["locale"]
    assert change(locale=None)["locale"] is None
    assert change() == api.expect(200, "GET", "/auth/me", headers=cookie)
    assert slug == api.expect(200, "GET", "/booking-page", headers=cookie)["slug"]


def test_what_a_profile_cannot_hold_is_a_400_that_names_the_field(api: Api) -> None:
    """
    And the profile stays as it was.
    """
    register(api)
    cookie = log_in(api)
    before = api.expect(200, "GET", "/auth/me", headers=cookie)

    for field, body in (
        ("name", {"name": ""}),
        ("name", {"name": "   "}),
        ("name", {"name": "x" * 201}),
        ("name", {"name": "Jane\nSmith"}),
        ("name", {"name": None}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("timezone", {"timezone": "localtime"}),
        ("timezone", {"timezone": None}),
        ("locale", {"locale": "xx-nowhere"}),
        ("locale", {"locale": 1}),
        ("email", {"email": "no address", "password": PASSWORD}),
        ("email", {"email": None, "password": PASSWORD}),
        ("avatar_url", {"avatar_url": "https://example.com/jane.png"}),
        ("id", {"id": 2}),
        ("is_admin", {"name": "Jane Doe", "is_admin": True}),
    ):
        response = api.call("PUT", "/auth/me", body, headers=cookie)
        assert assert_problem(response, 400, "invalid_input", body).startswith(f"{field}: ")
    assert before == api.expect(200, "GET", "/auth/me", headers=cookie)


def test_a_new_address_needs_the_password(api: Api) -> None:
    """
    Whoever finds a browser open cannot take the account over.
    """
    register(api)
    cookie = log_in(api)
    new = {"email": "doe@example.com"}

    without = api.call("PUT", "/auth/me", new, headers=cookie)
    wrong = api.call("PUT", "/auth/me", {**new, "password": "not the one"}, headers=cookie)
    assert assert_problem(without, 400, "invalid_input").startswith("password: ")
    assert assert_problem(wrong, 401, "wrong_credentials").startswith("password: ")
    assert "jane@example.com" == api.expect(200, "GET", "/auth/me", headers=cookie)["email"]

    changed = api.expect(200, "PUT", "/auth/me", {**new, "password": PASSWORD}, headers=cookie)

    assert "doe@example.com" == changed["email"]
    assert 401 == try_login(api, "jane@example.com").status_code
    assert 200 == try_login(api, "doe@example.com").status_code


def test_a_new_address_needs_the_password_from_a_key_too(api: Api) -> None:
    register(api)
    key = {"X-API-Key": make_key(api, log_in(api))["key"]}

    assert_problem(api.call("PUT", "/auth/me", {"email": "doe@example.com"}, headers=key), 400)


def test_an_address_that_somebody_has_cannot_be_taken_over(api: Api) -> None:
    """
    In whatever case it is written; one's own may change its case.
    """
    register(api, "bob@example.com", name="Bob")
    register(api)
    cookie = log_in(api)

    taken = {"email": "BOB@example.com", "password": PASSWORD, "name": "Not Jane"}
    own = {"email": "Jane@example.com", "password": PASSWORD}

    assert_problem(api.call("PUT", "/auth/me", taken, headers=cookie), 409, "email_taken")
    me = api.expect(200, "GET", "/auth/me", headers=cookie)
    assert ("jane@example.com", "Jane Smith") == (me["email"], me["name"])
    assert "Jane@example.com" == api.expect(200, "PUT", "/auth/me", own, headers=cookie)["email"]


def test_a_new_password_ends_the_other_sessions_but_not_this_one(api: Api) -> None:
    """
    Keys go on, since programs that run should not stop; the old password is dead.
    """
    register(api)
    here, elsewhere = log_in(api), log_in(api)
    key = {"X-API-Key": make_key(api, here)["key"]}
    change = {"current_password": PASSWORD, "new_password": "another one"}

    assert {"ok": True} == api.expect(200, "POST", "/auth/password", change, headers=here)

    assert 200 == api.call("GET", "/auth/me", headers=here).status_code
    assert 401 == api.call("GET", "/auth/me", headers=elsewhere).status_code
    assert 200 == api.call("GET", "/auth/me", headers=key).status_code
    assert 401 == try_login(api).status_code
    assert 200 == try_login(api, password="another one").status_code


def test_a_new_password_leaves_the_sessions_of_others_alone(api: Api) -> None:
    register(api, "bob@example.com", name="Bob")
    bob = log_in(api, "bob@example.com")
    register(api)
    change = {"current_password": PASSWORD, "new_password": "another one"}

    api.expect(200, "POST", "/auth/password", change, headers=log_in(api))

    assert 200 == api.call("GET", "/auth/me", headers=bob).status_code


def test_a_new_password_set_with_a_key_ends_all_sessions(api: Api) -> None:
    register(api)
    cookie = log_in(api)
    key = {"X-API-Key": make_key(api, cookie)["key"]}
    change = {"current_password": PASSWORD, "new_password": "another one"}

    api.expect(200, "POST", "/auth/password", change, headers=key)

    assert 401 == api.call("GET", "/auth/me", headers=cookie).status_code


def test_a_password_that_is_not_changed_stays_as_it_was(api: Api) -> None:
    """
    Nothing happens to the sessions either.
    """
    register(api)
    here, elsewhere = log_in(api), log_in(api)

    for status, field, body in (
        (401, "current_password", {"current_password": "wrong", "new_password": "another one"}),
        (400, "new_password", {"current_password": PASSWORD, "new_password": "7 chars"}),
        (400, "new_password", {"current_password": PASSWORD, "new_password": "x" * 1001}),
        (400, "new_password", {"current_password": PASSWORD, "new_password": None}),
        (400, "new_password", {"current_password": PASSWORD}),
        (400, "current_password", {"new_password": "another one"}),
        (400, "hint", {"current_password": PASSWORD, "new_password": "another one", "hint": "x"}),
    ):
        response = api.call("POST", "/auth/password", body, headers=here)
        assert assert_problem(response, status, case=body).startswith(f"{field}: ")
    assert 200 == try_login(api).status_code
    assert 200 == api.call("GET", "/auth/me", headers=elsewhere).status_code


def test_a_login_ends_sessions_that_have_run_out_and_keeps_the_others(api: Api, clock: Clock) -> None:
    """
    Expired rows do not pile up, and a second login throws nobody out.
    """
    register(api)
    old = log_in(api)
    clock.forward(20 * 86400)
    newer = log_in(api)
    clock.forward(11 * 86400)

    log_in(api)

    assert 401 == api.call("GET", "/auth/me", headers=old).status_code
    assert 200 == api.call("GET", "/auth/me", headers=newer).status_code
