"""
A host sees which browsers are logged in, and logs them out.
"""

from typing import Any

from accounts_of import assert_problem, log_in, make_key, register

from conftest import Api, Clock

Cookie = dict[str, str]


def logged_in(api: Api, cookie: Cookie) -> bool:
    return api.call("GET", "/auth/me", headers=cookie).status_code == 200


def listed(api: Api, cookie: Cookie) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = api.expect(200, "GET", "/auth/sessions", headers=cookie)
    return rows


def test_sessions_are_listed(api: Api, clock: Clock) -> None:
    """
    When each was made and last used, by which browser, and which one asks.
    """
    register(api)
    body = {"email": "jane@example.com", "password": "securepass123"}
    response = api.call("POST", "/auth/login", body, headers={"User-Agent": "Firefox"})
    first = {"Cookie": f"session={response.cookies['session']}"}
    clock.forward(600)
    second = log_in(api)
    clock.forward(90)
    rows = listed(api, first)

    assert {
        "id": rows[0]["id"],
        "user_agent": "Firefox",
        "is_current": 1,
        "created_at": "2026-03-01 12:00:00",
        "last_used_at": "2026-03-01 12:11:30",
        "expires_at": "2026-03-31 12:00:00",
    } == rows[0]
    assert [1, 0] == [row["is_current"] for row in rows]
    assert {1, 0} == {row["is_current"] for row in listed(api, second)}


def test_a_key_is_in_no_session(api: Api) -> None:
    """
    Asked with an API key, none of them is the current one.
    """
    register(api)
    cookie = log_in(api)
    key = {"X-API-Key": make_key(api, cookie)["key"]}

    assert [0] == [row["is_current"] for row in listed(api, key)]


def test_one_browser_is_logged_out(api: Api) -> None:
    """
    It is dead at once, the others go on; an id that is unknown or somebody else's is a 404.
    """
    register(api)
    first, second = log_in(api), log_in(api)
    register(api, "ann@example.com")
    theirs = log_in(api, "ann@example.com")
    (session_id,) = (row["id"] for row in listed(api, first) if not row["is_current"])

    for wrong in (4711, listed(api, theirs)[0]["id"]):
        assert_problem(api.call("DELETE", f"/auth/sessions/{wrong}", headers=first), 404, "not_found")
    assert {"ok": True} == api.expect(200, "DELETE", f"/auth/sessions/{session_id}", headers=first)
    assert [True, False, True] == [logged_in(api, each) for each in (first, second, theirs)]


def test_all_browsers_are_logged_out(api: Api) -> None:
    """
    This one too, unless it is to be kept; API keys stay.
    """
    register(api)
    first, second, third = log_in(api), log_in(api), log_in(api)
    key = {"X-API-Key": make_key(api, first)["key"]}
    path = "/auth/logout-everywhere"

    kept = api.call("POST", path, {"keep_current": True}, headers=first)
    assert "Set-Cookie" not in kept.headers
    assert [True, False, False] == [logged_in(api, each) for each in (first, second, third)]
    response = api.call("POST", path, headers=first)
    assert 'session=""' in response.headers["Set-Cookie"]
    assert not logged_in(api, first)
    again = log_in(api)
    api.expect(200, "POST", path, headers=key)
    assert not logged_in(api, again)
    assert logged_in(api, key)
