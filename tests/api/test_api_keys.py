"""
API keys: shown once, listed without themselves, dead when they expire or are revoked.
"""

from typing import Any

import pytest
from accounts_of import assert_problem, log_in, make_key, register

from calendo.ops.tokens import new_api_key
from conftest import Api, Clock


@pytest.fixture
def cookie(api: Api) -> dict[str, str]:
    """
    Jane's session.
    """
    register(api)
    return log_in(api)


def status_with(api: Api, key: str) -> int:
    """
    The status of a call that needs a user, made with a key.
    """
    return api.call("GET", "/auth/me", headers={"X-API-Key": key}).status_code


def test_a_key_is_whole_in_the_answer_that_makes_it_and_nowhere_else(
    api: Api, cookie: dict[str, str]
) -> None:
    """
    The list tells keys apart by label and prefix.
    """
    made = make_key(api, cookie, label="CRM")

    assert {
        "id": made["id"],
        "label": "CRM",
        "prefix": made["key"][:12],
        "created_at": "2026-03-01 12:00:00",
        "last_used_at": None,
        "expires_at": None,
        "key": made["key"],
    } == made
    assert made["key"].startswith("cal_")
    listing = api.call("GET", "/api-keys", headers=cookie)
    assert [{name: value for name, value in made.items() if name != "key"}] == listing.json()
    assert made["key"] not in listing.text


def test_the_last_use_is_on_record_to_the_minute(api: Api, cookie: dict[str, str], clock: Clock) -> None:
    """
    So most calls with a key write nothing.
    """
    key = make_key(api, cookie)["key"]

    def last_used_at() -> Any:
        return api.expect(200, "GET", "/api-keys", headers=cookie)[0]["last_used_at"]

    assert last_used_at() is None
    status_with(api, key)
    assert "2026-03-01 12:00:00" == last_used_at()
    clock.forward(59)
    status_with(api, key)
    assert "2026-03-01 12:00:00" == last_used_at()
    clock.forward(1)
    status_with(api, key)
    assert "2026-03-01 12:01:00" == last_used_at()


def test_a_key_dies_at_the_second_it_expires(api: Api, cookie: dict[str, str], clock: Clock) -> None:
    """
    It stays in the list, so that its owner sees why.
    """
    made = make_key(api, cookie, expires_at="2026-03-01T13:00:00Z")

    assert "2026-03-01 13:00:00" == made["expires_at"]
    clock.set("2026-03-01T12:59:59+00:00")
    assert 200 == status_with(api, made["key"])
    clock.set("2026-03-01T13:00:00+00:00")
    assert 401 == status_with(api, made["key"])
    assert [made["id"]] == [row["id"] for row in api.expect(200, "GET", "/api-keys", headers=cookie)]


def test_an_expiry_is_read_in_utc_unless_it_says_otherwise(api: Api, cookie: dict[str, str]) -> None:
    for text, written in (
        ("2030-01-01T00:00:00Z", "2030-01-01 00:00:00"),
        ("2030-01-01T02:00:00+02:00", "2030-01-01 00:00:00"),
        ("2030-01-01T00:00:00", "2030-01-01 00:00:00"),
        ("2030-01-01 00:00:00", "2030-01-01 00:00:00"),
        ("2026-03-01T12:00:01Z", "2026-03-01 12:00:01"),
    ):
        assert written == make_key(api, cookie, expires_at=text)["expires_at"]
    assert make_key(api, cookie, expires_at=None)["expires_at"] is None


def test_an_expiry_that_makes_no_sense_is_a_400(api: Api, cookie: dict[str, str]) -> None:
    """
    One that lies in the past would make a key that never works.
    """
    for value in (
        "2026-03-01T12:00:00Z",
        "2020-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2030-01-01",
        "2030-13-01T00:00:00Z",
        "2030-02-29T00:00:00Z",
        "next year",
        "",
        1893456000,
        True,
        "9999-12-31T23:59:59-12:00",
    ):
        body = {"label": "tests", "expires_at": value}
        response = api.call("POST", "/api-keys", body, headers=cookie)
        assert assert_problem(response, 400, "invalid_input", value).startswith("expires_at: ")
    assert [] == api.expect(200, "GET", "/api-keys", headers=cookie)


def test_a_label_may_be_left_out_and_is_one_line(api: Api, cookie: dict[str, str]) -> None:
    assert "" == api.expect(201, "POST", "/api-keys", {}, headers=cookie)["label"]
    assert "CRM" == make_key(api, cookie, label=" CRM ")["label"]
    for bad in ("two\nlines", "x" * 501, None, 1):
        response = api.call("POST", "/api-keys", {"label": bad}, headers=cookie)
        assert assert_problem(response, 400).startswith("label: ")
    response = api.call("POST", "/api-keys", {"key": "cal_mine"}, headers=cookie)
    assert assert_problem(response, 400).startswith("key: ")


def test_a_revoked_key_is_dead_and_off_the_list(api: Api, cookie: dict[str, str]) -> None:
    """
    Others go on, and revoking it again finds nothing.
    """
    doomed, other = make_key(api, cookie), make_key(api, cookie)

    assert {"ok": True} == api.expect(200, "DELETE", f"/api-keys/{doomed['id']}", headers=cookie)

    assert 401 == status_with(api, doomed["key"])
    assert 200 == status_with(api, other["key"])
    assert [other["id"]] == [row["id"] for row in api.expect(200, "GET", "/api-keys", headers=cookie)]
    assert_problem(api.call("DELETE", f"/api-keys/{doomed['id']}", headers=cookie), 404, "not_found")


def test_a_key_can_make_and_revoke_keys_itself_included(api: Api, cookie: dict[str, str]) -> None:
    """
    A program can change its own key without a browser.
    """
    first = make_key(api, cookie)
    header = {"X-API-Key": first["key"]}
    second = make_key(api, header)

    assert {"ok": True} == api.expect(200, "DELETE", f"/api-keys/{first['id']}", headers=header)

    assert 401 == status_with(api, first["key"])
    assert 200 == status_with(api, second["key"])


def test_nobody_sees_or_revokes_the_keys_of_somebody_else(api: Api, cookie: dict[str, str]) -> None:
    made = make_key(api, cookie)
    register(api, "bob@example.com", name="Bob")
    bob = log_in(api, "bob@example.com")

    assert [] == api.expect(200, "GET", "/api-keys", headers=bob)
    assert_problem(api.call("DELETE", f"/api-keys/{made['id']}", headers=bob), 404, "not_found")
    assert 200 == status_with(api, made["key"])


def test_what_is_no_key_opens_nothing(api: Api, cookie: dict[str, str]) -> None:
    """
    Neither one that is mistyped or cut, nor one that looks right and was never made.
    """
    key = make_key(api, cookie)["key"]
    typo = key[:-1] + ("0" if key[-1] != "0" else "1")
    for wrong in (typo, key[:-1], key + "0", key.upper(), key[4:], key[:12], new_api_key(), "", "cal_", "é"):
        response = api.call("GET", "/auth/me", headers=[("X-API-Key", wrong.encode("latin-1"))])
        assert_problem(response, 401, "unauthenticated")
    assert 200 == status_with(api, key)
