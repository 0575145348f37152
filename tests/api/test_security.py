"""
Cookies and other sites: what a session cookie looks like, how long it is good for, from where.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import Morsel, SimpleCookie

import pytest
from accounts_of import PASSWORD, assert_problem, log_in, make_key, register, try_login
from fastapi.testclient import TestClient

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.settings import Settings
from conftest import Api, Clock

HOST = "calendo.test"
DAYS = 86400


@pytest.fixture
def cookie(api: Api) -> dict[str, str]:
    """
    Jane's session.
    """
    register(api)
    return log_in(api)


def cookie_of(set_cookie: str) -> "Morsel[str]":
    """
    Read a Set-Cookie header.
    """
    return SimpleCookie(set_cookie)["session"]


@contextmanager
def served_as(public_url: str, settings: Settings, db: Database, clock: Clock) -> Iterator[Api]:
    """
    The API of a server that people reach at ``public_url``.
    """
    # Validated as it would be from the environment.
    other = Settings(**{**settings.model_dump(), "public_url": public_url})
    with TestClient(create_app(other, db, clock), base_url=f"http://{HOST}") as client:
        yield Api(client)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(api: Api) -> None:
    """
    HttpOnly, SameSite=Lax, for the whole site, 30 days; 256 random bits.
    """
    register(api)

    cookie = cookie_of(try_login(api).headers["set-cookie"])

    assert (True, "lax", "/", str(30 * DAYS)) == (
        cookie["httponly"],
        cookie["samesite"],
        cookie["path"],
        cookie["max-age"],
    )
    assert ("", "") == (cookie["domain"], cookie["secure"])
    assert 43 == len(cookie.value)
    assert cookie.value != cookie_of(try_login(api).headers["set-cookie"]).value


def test_behind_https_the_cookie_never_travels_in_the_clear(
    db: Database, settings: Settings, clock: Clock
) -> None:
    """
    Where the public URL is https, the cookie is Secure when it is set and when it is taken back.
    """
    with served_as("https://meet.example.com", settings, db, clock) as api:
        register(api)
        response = try_login(api)
        cookie = {"Cookie": f"session={cookie_of(response.headers['set-cookie']).value}"}
        assert cookie_of(response.headers["set-cookie"])["secure"] is True
        taken_back = cookie_of(api.call("POST", "/auth/logout", headers=cookie).headers["set-cookie"])

    assert taken_back["secure"] is True
    assert (True, "lax", "/", "0") == (
        taken_back["httponly"],
        taken_back["samesite"],
        taken_back["path"],
        taken_back["max-age"],
    )


def test_a_public_url_without_https_leaves_the_cookie_usable(
    db: Database, settings: Settings, clock: Clock
) -> None:
    with served_as("http://meet.example.com", settings, db, clock) as api:
        register(api)

        assert "" == cookie_of(try_login(api).headers["set-cookie"])["secure"]


def test_a_session_ends_after_30_days(api: Api, cookie: dict[str, str], clock: Clock) -> None:
    """
    To the second, however much it was used in between.
    """
    clock.forward(30 * DAYS - 1)
    assert 200 == api.call("GET", "/auth/me", headers=cookie).status_code
    clock.forward(1)

    assert_problem(api.call("GET", "/auth/me", headers=cookie), 401, "unauthenticated")


def test_no_token_rests_in_the_database(api: Api, cookie: dict[str, str], db: Database) -> None:
    """
    Neither the session's nor a key nor a password: whoever reads a backup gets in nowhere.
    """
    key = make_key(api, cookie)["key"]
    token = cookie["Cookie"].removeprefix("session=")

    with db.read() as tx:
        connection = tx.connection()
        kept = ""
        for table in ("users", "sessions", "api_keys"):
            kept += repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())

    assert "jane@example.com" in kept
    assert "argon2id" in kept
    for secret in (token, key, "securepass123"):
        assert secret not in kept


def test_cookies_of_nobody_open_nothing(api: Api, cookie: dict[str, str]) -> None:
    """
    Empty, cut or made up ones, and Jane's under another name; among others hers still works.
    """
    token = cookie["Cookie"].removeprefix("session=")
    for wrong in ("session=", "session=x", f"session={token[:-1]}", f"Session={token}", f"session={token}x"):
        assert_problem(api.call("GET", "/auth/me", headers={"Cookie": wrong}), 401, "unauthenticated")
    for right in (f"theme=dark; session={token}", f"session={token}; theme=dark", f"a=b;session={token}"):
        assert 200 == api.call("GET", "/auth/me", headers={"Cookie": right}).status_code


def test_a_key_decides_even_if_a_cookie_is_there(api: Api, cookie: dict[str, str]) -> None:
    """
    Bob's key beside Jane's cookie is Bob, and a bad key beside a good cookie is nobody.
    """
    register(api, "bob@example.com", name="Bob")
    key = make_key(api, log_in(api, "bob@example.com"))["key"]

    me = api.expect(200, "GET", "/auth/me", headers={**cookie, "X-API-Key": key})
    nobody = api.call("GET", "/auth/me", headers={**cookie, "X-API-Key": f"{key}0"})

    assert "bob@example.com" == me["email"]
    assert_problem(nobody, 401, "unauthenticated")


# Browsers send Sec-Fetch-Site, older ones only Origin, programs neither. The table is
# the rule: by headers, does a call with a cookie that changes something pass?
SITES = [
    ({}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": ""}, False),
    ({"Sec-Fetch-Site": "Same-Origin, none"}, False),
    ({"Origin": f"http://{HOST}"}, True),
    ({"Origin": f"https://{HOST}"}, True),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": f"http://{HOST}:8000"}, False),
    ({"Origin": f"http://sub.{HOST}"}, False),
    ({"Origin": f"http://{HOST}.evil.example"}, False),
    ({"Origin": f"http://{HOST}@evil.example"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "http://["}, False),
    ({"Origin": "http://[::1"}, False),
    # Sec-Fetch-Site decides where both are there: no page can forge it.
    ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, True),
    ({"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"}, False),
]


def test_a_cookie_changes_things_from_our_own_pages_only(api: Api, cookie: dict[str, str]) -> None:
    """
    From another site the call is refused before it does anything.
    """
    bio = ""
    for number, (site, passes) in enumerate(SITES):
        response = api.call("PUT", "/booking-page", {"bio": f"{number}"}, headers={**cookie, **site})
        if passes:
            assert 200 == response.status_code, f"{site}: {response.text}"
            bio = f"{number}"
        else:
            assert_problem(response, 403, "cross_site", site)
        assert bio == api.expect(200, "GET", "/booking-page", headers=cookie)["bio"]


CROSS = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}


def test_every_change_with_a_cookie_is_refused_from_another_site(api: Api, cookie: dict[str, str]) -> None:
    """
    With or without a body, and before anything is looked up.
    """
    for method, path, body in (
        ("POST", "/auth/logout", None),
        ("POST", "/auth/password", {"current_password": PASSWORD, "new_password": "evil password"}),
        ("PUT", "/auth/me", {"name": "Evil"}),
        ("POST", "/api-keys", {}),
        ("DELETE", "/api-keys/1", None),
        ("POST", "/event-types", {"name": "Evil"}),
        ("DELETE", "/event-types/1", None),
        ("POST", "/bookings/1/cancel", None),
        ("DELETE", "/webhooks/1", None),
    ):
        response = api.call(method, path, body, headers={**cookie, **CROSS})
        assert_problem(response, 403, "cross_site", (method, path))
    assert 200 == try_login(api).status_code


def test_a_refusal_comes_before_the_body_is_judged(api: Api, cookie: dict[str, str]) -> None:
    """
    A form that another site submits learns nothing but that.
    """
    headers = {**cookie, **CROSS, "Content-Type": "application/x-www-form-urlencoded"}

    response = api.client.post("/api/event-types", content=b"name=Evil", headers=headers)

    assert_problem(response, 403, "cross_site")


def test_reading_with_a_cookie_passes_from_anywhere(api: Api, cookie: dict[str, str]) -> None:
    """
    Following a link from another site must not log out; its scripts cannot read the answer.
    """
    response = api.call("GET", "/auth/me", headers={**cookie, **CROSS})

    assert 200 == response.status_code
    assert "access-control-allow-origin" not in response.headers


def test_keys_and_public_calls_pass_from_any_site(api: Api, cookie: dict[str, str]) -> None:
    """
    No browser adds a key by itself, and who logs in or books needs no cookie.
    """
    key = {"X-API-Key": make_key(api, cookie)["key"]}

    assert 200 == api.call("PUT", "/booking-page", {"bio": "by key"}, headers={**key, **CROSS}).status_code
    both = {**cookie, **key, **CROSS}
    assert 200 == api.call("PUT", "/booking-page", {"bio": "by both"}, headers=both).status_code
    body = {"email": "jane@example.com", "password": "securepass123"}
    assert 200 == api.call("POST", "/auth/login", body, headers={**cookie, **CROSS}).status_code
    assert_problem(api.call("POST", "/book/nobody/nothing", {}, headers={**cookie, **CROSS}), 400)


def test_a_cookie_that_is_dead_is_a_401_from_any_site(api: Api) -> None:
    """
    There is nothing to protect, and nothing else to say.
    """
    headers = {"Cookie": "session=dead", **CROSS}

    assert_problem(api.call("POST", "/auth/logout", headers=headers), 401, "unauthenticated")
