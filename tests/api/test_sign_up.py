"""
Signing up: what is asked for, what a new host gets, and many doing it at once.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from accounts_of import assert_problem, log_in, make_key, register, sign_up_body, try_login
from fastapi.testclient import TestClient

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.ops.slugs import RESERVED
from calendo.settings import Settings
from conftest import Api, Clock


def test_a_new_host_has_a_page_and_working_hours(api: Api) -> None:
    """
    Monday to Friday, 9 to 17 in Los Angeles unless another zone is given, is the default schedule.
    """
    made = register(api)
    cookie = log_in(api)

    assert {
        "user": {
            "id": made["user"]["id"],
            "email": "jane@example.com",
            "name": "Jane Smith",
            "timezone": "America/Los_Angeles",
            "created_at": "2026-03-01 12:00:00",
        },
        "bookingSlug": "jane-smith",
    } == made
    page = api.expect(200, "GET", "/booking-page", headers=cookie)
    assert ("jane-smith", "Jane Smith") == (page["slug"], page["display_name"])
    (hours,) = api.expect(200, "GET", "/availability-schedules", headers=cookie)
    assert ("Working Hours", "America/Los_Angeles", 1) == (
        hours["name"],
        hours["timezone"],
        hours["is_default"],
    )
    weekdays = [{"day": day, "start": "09:00", "end": "17:00"} for day in (1, 2, 3, 4, 5)]
    assert weekdays == json.loads(hours["rules"])
    assert "[]" == hours["overrides"]


def test_the_time_zone_given_is_the_working_hours_too(api: Api) -> None:
    made = register(api, timezone="Asia/Kolkata")

    (hours,) = api.expect(200, "GET", "/availability-schedules", headers=log_in(api))
    assert ("Asia/Kolkata", "Asia/Kolkata") == (made["user"]["timezone"], hours["timezone"])


def test_what_a_sign_up_must_not_be_is_a_400_that_names_the_field(api: Api) -> None:
    """
    And nobody is signed up.
    """
    for field, value in (
        ("password", "7 chars"),
        ("password", "x" * 1001),
        ("password", 12345678),
        ("password", None),
        ("name", ""),
        ("name", " \t "),
        ("name", "x" * 201),
        ("name", "Jane\nSmith"),
        ("name", "Jane\u2028Smith"),
        ("name", "htimS \u202eenaJ"),
        ("name", None),
        ("email", ""),
        ("email", "jane"),
        ("email", "jane@"),
        ("email", "@example.com"),
        ("email", "jane@example"),
        ("email", "jane smith@example.com"),
        ("email", "jane@example.com, bob@example.com"),
        ("email", "jane@example.com\r\nBcc: bob@example.com"),
        ("email", "Jane <jane@example.com>"),
        ("email", f"jane@{'x' * 60}.{'y' * 60}.{'z' * 60}.{'w' * 66}.com"),
        ("email", None),
        ("timezone", "PDT"),
        ("timezone", "america/los_angeles"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Factory"),
        ("timezone", ""),
        ("timezone", None),
        ("locale", "en"),
        ("is_admin", True),
    ):
        response = api.call("POST", "/auth/register", sign_up_body(**{field: value}))
        problem = assert_problem(response, 400, "invalid_input", (field, value))
        assert problem.startswith(f"{field}: ")
    assert_problem(api.call("GET", "/booking-pages/jane-smith"), 404)


def test_what_a_sign_up_may_be_is_taken(api: Api) -> None:
    """
    And the new host can log in.
    """
    for number, fields in enumerate(
        (
            {"password": "8 chars."},
            {"password": "x" * 1000},
            {"name": "J"},
            {"name": "x" * 200},
            {"name": "O'Brien-Müller, Dr. 山田 🙂"},
            {"email": "a@b.co"},
            {"email": "jane+calendo@sub.example.co.uk"},
            {"timezone": "UTC"},
            {"timezone": "America/Argentina/ComodRivadavia"},
        )
    ):
        body = sign_up_body(**{"email": f"jane{number}@example.com", **fields})
        user = api.expect(201, "POST", "/auth/register", body)["user"]
        assert (body["name"], body["email"]) == (user["name"], user["email"])
        assert 200 == try_login(api, body["email"], body["password"]).status_code


def test_one_address_signs_up_once_in_whatever_case(api: Api) -> None:
    register(api, "jane@example.com")

    refusal = api.call("POST", "/auth/register", sign_up_body("Jane@Example.com", name="Another"))

    assert_problem(refusal, 409, "email_taken")
    assert_problem(api.call("GET", "/booking-pages/another"), 404)


def test_a_slug_is_made_from_the_name(api: Api) -> None:
    """
    In any script; what leaves nothing becomes ``host``, what is reserved gets a number.
    """
    for number, (name, slug) in enumerate(
        (
            ("Jane Smith", "jane-smith"),
            ("  Jane   Doe  ", "jane-doe"),
            ("JANE", "jane"),
            ("O'Brien & Sons, Ltd.", "o-brien-sons-ltd"),
            ("Zoë Müller-Łukasz", "zoe-muller-lukasz"),
            ("Борис Пастернак", "boris-pasternak"),
            ("山田太郎", "shan-tian-tai-lang"),
            ("Αθηνά", "athena"),
            ("🙂", "host"),
            ("---", "host-2"),
            ("API", "api-2"),
            ("Login", "login-2"),
            ("x" * 200, "x" * 60),
            ("word " * 40, "-".join(12 * ["word"])),
        )
    ):
        assert slug == register(api, f"host{number}@example.com", name=name)["bookingSlug"]
        assert 200 == api.call("GET", f"/booking-pages/{slug}").status_code


def test_a_slug_that_is_taken_gets_the_next_number(api: Api) -> None:
    """
    Whether others took it from their name or chose it themselves; gaps are filled.
    """

    def sign_up(number: int, name: str = "Jane Smith") -> str:
        return str(register(api, f"jane{number}@example.com", name=name)["bookingSlug"])

    assert ["jane-smith", "jane-smith-2", "jane-smith-3"] == [sign_up(number) for number in (1, 2, 3)]
    cookie = log_in(api, "jane2@example.com")
    api.expect(200, "PUT", "/booking-page", {"slug": "jane-smith-4"}, headers=cookie)
    assert ["jane-smith-2", "jane-smith-5"] == [sign_up(number) for number in (4, 5)]
    # "_" and "%" mean something to LIKE, and must not here.
    assert "jane-smith-6" == sign_up(6, "jane_smith")


def test_no_reserved_word_becomes_a_slug(api: Api) -> None:
    """
    Signing up under one, or choosing it, leaves the address to the program.
    """
    register(api)
    cookie = {"X-API-Key": make_key(api, log_in(api))["key"]}
    taken = {"api", "app", "static", "manage", "feeds", "embed.js", "llms.txt", "healthz", "readyz"}
    taken |= {"metrics", "mcp", "docs", "dev", "login"}

    assert taken <= RESERVED
    for word in sorted(RESERVED):
        answer = api.call("PUT", "/booking-page", {"slug": word}, headers=cookie)
        # Those with a dot cannot be a slug at all.
        assert_problem(answer, 400 if "." in word else 409)
    for number, word in enumerate(("healthz", "mcp", "static", "docs")):
        made = register(api, f"host{number}@example.com", name=word)
        assert f"{word}-2" == made["bookingSlug"]


def test_a_closed_registration_takes_nobody_in(
    db: Database, settings: Settings, clock: Clock, api: Api
) -> None:
    """
    The answer is a 403 that says whom to ask; hosts who are there log in as ever.
    """
    register(api, "old@example.com")
    closed = settings.model_copy(update={"registration": "closed"})

    with TestClient(create_app(closed, db, clock), base_url="http://calendo.test") as client:
        refused = Api(client)
        assert_problem(
            refused.call("POST", "/auth/register", sign_up_body("new@example.com")),
            403,
            "registration_closed",
        )
        assert 200 == try_login(refused, "old@example.com").status_code
    assert 401 == try_login(api, "new@example.com").status_code


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """
    Do something from many threads at the same time.
    """
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def test_of_many_who_sign_up_at_once_with_one_address_one_gets_it(api: Api) -> None:
    """
    The others get a clean refusal, and no half account is left behind.
    """

    def sign_up(number: int) -> Any:
        # No two write the address in the same case.
        local = "".join(
            letter.upper() if number >> place & 1 else letter for place, letter in enumerate("jane")
        )
        body = sign_up_body(f"{local}@example.com", name=f"Jane {number}")
        return api.client.post("/api/auth/register", json=body)

    responses = at_once(12, sign_up)

    assert [201] + 11 * [409] == sorted(response.status_code for response in responses)
    for response in responses:
        if response.status_code == 409:
            assert_problem(response, 409, "email_taken")
    pages = [api.call("GET", f"/booking-pages/jane-{number}").status_code for number in range(12)]
    assert 1 == pages.count(200)


def test_many_who_sign_up_at_once_under_one_name_all_get_a_page(api: Api) -> None:
    """
    Each slug is another one, and they count up without a gap.
    """

    def sign_up(number: int) -> Any:
        return api.client.post("/api/auth/register", json=sign_up_body(f"jane{number}@example.com"))

    responses = at_once(12, sign_up)

    assert 12 * [201] == [response.status_code for response in responses]
    slugs = {response.json()["bookingSlug"] for response in responses}
    assert {"jane-smith", *(f"jane-smith-{number}" for number in range(2, 13))} == slugs


def test_of_many_who_change_to_one_address_at_once_one_gets_it(api: Api) -> None:
    cookies = []
    for number in range(6):
        register(api, f"host{number}@example.com", name=f"Host {number}")
        cookies.append(log_in(api, f"host{number}@example.com"))

    def change(number: int) -> Any:
        body = {"email": "shared@example.com", "password": "securepass123"}
        return api.client.put("/api/auth/me", json=body, headers=cookies[number])

    statuses = sorted(response.status_code for response in at_once(6, change))

    assert [200] + 5 * [409] == statuses
