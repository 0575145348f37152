"""
The field tables of the API reference: what is required, what is left to a default, what is refused.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from contract_world import DOCUMENTED_BASE, Caller, World, assert_shape, make_world, served

import parts

REQUIRED = {
    "POST /auth/register": {"email": "new@example.com", "password": "securepass123", "name": "New Host"},
    "POST /auth/login": {"email": "you@example.com", "password": "securepass123"},
    "POST /event-types": {"name": "30 Minute Call"},
    "POST /availability-schedules": {"name": "Evening Hours"},
    "POST /book/jane-smith/30-minute-call": {
        "name": "Bob Johnson",
        "email": "bob@example.com",
        "start_time": "2026-03-10T19:00:00Z",
    },
    "POST /webhooks": {
        "url": "https://your-app.com/webhooks/calendo",
        "events": ["booking.created"],
    },
    "POST /ai/chat": {"booking_page_slug": "jane-smith", "message": "I need a call"},
}
REGISTER = "curl -X POST https://calendo.dev/api/auth/register -H 'Content-Type: application/json'"
TAKEN = {"email": "You@Example.com", "password": "securepass123", "name": "Jane Smith"}
MISSING = [(call, field) for call, body in REQUIRED.items() for field in body]


@pytest.fixture(scope="module", params=parts.ENGINES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("fields")
    with served(request.param, folder, request, CALENDO_RATE_LIMIT_PUBLIC="1000/minute") as base:
        yield make_world(base)


@pytest.mark.parametrize(("call", "field"), MISSING, ids=[f"{call} {field}" for call, field in MISSING])
def test_a_required_field_that_is_missing_is_a_400_that_names_it(world: World, call: str, field: str) -> None:
    body = {name: value for name, value in REQUIRED[call].items() if name != field}

    answer = world.send(*call.split(), json.dumps(body))

    assert 400 == answer.status
    assert_shape({"error": str}, answer.body)
    assert answer.body["error"].startswith(f"{field}: ")


@pytest.mark.parametrize("parameter", ["start", "end"])
def test_a_required_parameter_that_is_missing_is_a_400_that_names_it(world: World, parameter: str) -> None:
    given = {"start": "2026-03-10", "end": "2026-03-14"}
    del given[parameter]
    query = "&".join(f"{name}={value}" for name, value in given.items())

    answer = world.curl(f"curl '{DOCUMENTED_BASE}/availability/jane-smith/30-minute-call?{query}'")

    assert 400 == answer.status
    assert answer.body["error"].startswith(f"{parameter}: ")


def test_an_event_type_needs_only_a_name(world: World) -> None:
    """
    Everything else has the documented default.
    """
    answer = world.send("POST", "/event-types", '{"name": "Plain"}')

    assert 201 == answer.status
    documented = {"duration_minutes": 30, "color": "#0069ff", "min_notice_hours": 4, "max_future_days": 60}
    assert documented == {name: answer.body[name] for name in documented}
    assert_shape({"is_secret": 0, "requires_confirmation": 0, "questions": list}, answer.body)


def test_an_event_type_takes_every_documented_field(world: World) -> None:
    """
    Flags come back as 0 and 1, the rest as it was sent.
    """
    sent: dict[str, Any] = {
        "name": "Everything",
        "duration_minutes": 60,
        "description": "All of it",
        "color": "#7c3aed",
        "location_type": "zoom",
        "questions": [],
        "is_secret": True,
        "requires_confirmation": True,
        "buffer_before": 5,
        "buffer_after": 10,
        "min_notice_hours": 24,
        "max_future_days": 90,
    }

    answer = world.send("POST", "/event-types", json.dumps(sent))

    assert 201 == answer.status
    assert sent | {"is_secret": 1, "requires_confirmation": 1} == {name: answer.body[name] for name in sent}


@pytest.mark.parametrize(
    ("minutes", "status"), [(4, 400), (5, 201), (720, 201), (721, 400)], ids=["4", "5", "720", "721"]
)
def test_a_duration_is_5_to_720_minutes(world: World, minutes: int, status: int) -> None:
    answer = world.send("POST", "/event-types", json.dumps({"name": "Long", "duration_minutes": minutes}))

    assert status == answer.status


@pytest.mark.parametrize("kind", ["google_meet", "zoom", "phone", "custom"])
def test_a_location_type_is_one_of_the_documented_ones(world: World, kind: str) -> None:
    good = world.send("POST", "/event-types", json.dumps({"name": "Somewhere", "location_type": kind}))
    bad = world.send("POST", "/event-types", json.dumps({"name": "Somewhere", "location_type": kind + "x"}))

    assert (201, kind) == (good.status, good.body["location_type"])
    assert 400 == bad.status


def test_a_schedule_needs_only_a_name(world: World) -> None:
    answer = world.send("POST", "/availability-schedules", '{"name": "Empty"}')

    assert 201 == answer.status
    assert_shape({"timezone": "America/Los_Angeles", "rules": "[]", "is_default": 0}, answer.body)


def test_a_schedule_that_becomes_the_default_takes_that_from_the_other(world: World) -> None:
    made = world.send("POST", "/availability-schedules", '{"name": "New default", "is_default": true}')

    assert (201, 1) == (made.status, made.body["is_default"])
    rows = world.get("/availability-schedules")
    assert [made.body["id"]] == [row["id"] for row in rows if row["is_default"]]
    (hours,) = (row["id"] for row in rows if row["name"] == "Working Hours")
    assert 200 == world.send("PUT", f"/availability-schedules/{hours}", '{"is_default": true}').status


def test_an_invitee_without_a_time_zone_is_in_utc(world: World) -> None:
    """
    Slots are listed, and a start without an offset is read, in UTC.
    """
    start = world.free_start().removesuffix("Z")
    body = {"name": "Bob Johnson", "email": "bob@example.com", "start_time": start}

    answer = world.send("POST", "/book/jane-smith/30-minute-call", json.dumps(body))

    assert 201 == answer.status
    booking = answer.body["booking"]
    assert ("UTC", start.replace("T", " ")) == (booking["timezone"], booking["start_time"])


def test_an_omitted_chat_session_is_made_and_a_given_one_is_kept(world: World) -> None:
    body = {"booking_page_slug": "jane-smith", "message": "Hello"}
    first = world.send("POST", "/ai/chat", json.dumps(body)).body["session_id"]

    second = world.send("POST", "/ai/chat", json.dumps({**body, "session_id": first})).body["session_id"]

    assert first == second
    assert first != world.send("POST", "/ai/chat", json.dumps(body)).body["session_id"]


@pytest.mark.parametrize("field", ["display_name", "bio", "brand_color", "welcome_message", "slug"])
def test_each_setting_of_the_booking_page_changes_alone(world: World, field: str) -> None:
    before = world.get("/booking-page")
    value = {"brand_color": "#123456", "slug": "jane-the-designer"}.get(field, "Changed")

    answer = world.send("PUT", "/booking-page", json.dumps({field: value}))
    world.send("PUT", "/booking-page", json.dumps({field: before[field]}))

    assert 200 == answer.status
    assert {**before, field: value} == answer.body
    assert before == world.get("/booking-page")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("curl https://calendo.dev/api/event-types", 401),
        ('curl https://calendo.dev/api/event-types -H "X-API-Key: cal_your_api_key"', 401),
        ("curl https://calendo.dev/api/availability/nobody/nothing?start=2026-03-10&end=2026-03-14", 404),
        ("curl https://calendo.dev/api/no-such-thing", 404),
        ('curl -X POST https://calendo.dev/api/auth/register -d "{}"', 415),
        (
            f"{REGISTER} -d '{{'",
            400,
        ),
        (
            f"{REGISTER} -d '{json.dumps(TAKEN)}'",
            409,
        ),
    ],
    ids=["nobody", "wrong key", "no page", "no address", "no JSON", "broken JSON", "taken"],
)
def test_every_error_has_the_documented_shape(world: World, command: str, status: int) -> None:
    """
    A text for people under ``error``; beside it our own stable ``code``.
    """
    answer = Caller(world.base).curl(command)

    assert status == answer.status
    assert {"error", "code"} == set(answer.body)
    assert_shape({"error": str, "code": str}, answer.body)
    assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"} <= {
        name.lower() for name in answer.headers
    }
