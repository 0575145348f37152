"""
Every call of the API reference, as it is written there, gets the documented answer.

Only the base address, keys, tokens, ids and dates differ: the reference's are examples, and
its dates have gone by.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from contract_world import (
    CLOCK_TIME,
    ISO_DATE,
    WRITTEN_TIME,
    World,
    assert_shape,
    make_world,
    served,
    session_token,
)

import parts

USER = {"id": int, "email": "you@example.com", "name": "Jane Smith", "timezone": "America/Los_Angeles"}
EVENT_TYPE = {
    "id": int,
    "name": "30 Minute Call",
    "slug": "30-minute-call",
    "duration_minutes": 30,
    "color": "#0069ff",
    "description": "A quick intro call",
    "is_active": 1,
}
SCHEDULE = {"id": int, "name": str, "timezone": str, "rules": str, "is_default": int}
BOOKING = {
    "id": int,
    "event_type_name": "30 Minute Call",
    "invitee_name": "Bob Johnson",
    "invitee_email": "bob@example.com",
    "start_time": WRITTEN_TIME,
    "end_time": WRITTEN_TIME,
    "status": str,
    "duration_minutes": 30,
}
PAGE = {
    "id": int,
    "slug": "jane-smith",
    "display_name": "Jane Smith",
    "bio": str,
    "brand_color": re.compile("#[0-9a-f]{6}"),
    "welcome_message": str,
}
OK = {"ok": True}


@pytest.fixture(scope="module", params=parts.ENGINES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with served(request.param, tmp_path_factory.mktemp("contract"), request) as base:
        yield make_world(base)


def test_the_first_request_of_the_reference(world: World) -> None:
    answer = world.curl("""
        curl https://calendo.dev/api/event-types \\
        -H "Content-Type: application/json" \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert "application/json" == answer.headers["content-type"]


def test_register(world: World) -> None:
    assert world.registered is not None
    assert 201 == world.registered.status
    assert_shape(
        {"user": {**USER, "created_at": WRITTEN_TIME}, "bookingSlug": "jane-smith"}, world.registered.body
    )


def test_log_in(world: World) -> None:
    assert world.logged_in is not None
    assert 200 == world.logged_in.status
    assert_shape({"user": USER}, world.logged_in.body)
    assert "httponly" in world.logged_in.headers["set-cookie"].lower()


def test_log_out(world: World) -> None:
    """
    The call brings the cookie and no other header, and afterwards the cookie opens nothing.
    """
    login = """
        curl -X POST https://calendo.dev/api/auth/login \\
        -H "Content-Type: application/json" \\
        -d '{"email": "you@example.com", "password": "securepass123"}'
    """
    token = {"your_session_token": session_token(world.curl(login))}
    me = 'curl https://calendo.dev/api/auth/me -H "Cookie: session=your_session_token"'
    before = world.curl(me, replace=token)

    answer = world.curl(
        """
        curl -X POST https://calendo.dev/api/auth/logout \\
        -H "Cookie: session=your_session_token"
        """,
        replace=token,
    )

    assert 200 == answer.status
    assert_shape(OK, answer.body)
    assert 200 == before.status
    assert 401 == world.curl(me, replace=token).status


def test_me(world: World) -> None:
    answer = world.curl("""
        curl https://calendo.dev/api/auth/me \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert_shape({**USER, "avatar_url": None, "created_at": WRITTEN_TIME}, answer.body)


def test_list_event_types(world: World) -> None:
    answer = world.curl("""
        curl https://calendo.dev/api/event-types \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert type(answer.body) is list
    (call,) = (row for row in answer.body if row["slug"] == "30-minute-call")
    assert_shape({name: type(value) for name, value in EVENT_TYPE.items() if name != "id"}, call)


def test_create_an_event_type(world: World) -> None:
    assert world.event_type_created is not None
    assert 201 == world.event_type_created.status
    assert_shape(EVENT_TYPE, world.event_type_created.body)


def test_read_an_event_type(world: World) -> None:
    answer = world.curl(
        """
        curl https://calendo.dev/api/event-types/1 \\
        -H "X-API-Key: cal_your_api_key"
        """,
        replace={"event-types/1": f"event-types/{_another_event_type(world)}"},
    )

    assert 200 == answer.status
    assert_shape({**EVENT_TYPE, "name": "Another", "slug": str, "description": ""}, answer.body)


def test_change_an_event_type(world: World) -> None:
    """
    What is sent changes, what is not sent stays.
    """
    answer = world.curl(
        """
        curl -X PUT https://calendo.dev/api/event-types/1 \\
        -H "Content-Type: application/json" \\
        -H "X-API-Key: cal_your_api_key" \\
        -d '{"duration_minutes": 45, "description": "Extended intro call"}'
        """,
        replace={"event-types/1": f"event-types/{_another_event_type(world)}"},
    )

    assert 200 == answer.status
    changed = {"duration_minutes": 45, "description": "Extended intro call"}
    assert_shape({**EVENT_TYPE, "name": "Another", "slug": str, **changed}, answer.body)


def test_delete_an_event_type(world: World) -> None:
    """
    It is switched off: not listed any more, but still there.
    """
    number = _another_event_type(world)
    answer = world.curl(
        """
        curl -X DELETE https://calendo.dev/api/event-types/1 \\
        -H "X-API-Key: cal_your_api_key"
        """,
        replace={"event-types/1": f"event-types/{number}"},
    )

    assert 200 == answer.status
    assert_shape(OK, answer.body)
    assert number not in [row["id"] for row in world.get("/event-types")]
    assert 0 == world.get(f"/event-types/{number}")["is_active"]


def test_list_schedules(world: World) -> None:
    """
    Signing up made the default schedule; its rules are JSON text.
    """
    answer = world.curl("""
        curl https://calendo.dev/api/availability-schedules \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert_shape([SCHEDULE], answer.body)
    (default,) = (row for row in answer.body if row["is_default"] == 1)
    assert ("Working Hours", "America/Los_Angeles") == (default["name"], default["timezone"])
    assert [{"day": day, "start": "09:00", "end": "17:00"} for day in range(1, 6)] == json.loads(
        default["rules"]
    )


def test_create_a_schedule(world: World) -> None:
    answer = world.curl("""
        curl -X POST https://calendo.dev/api/availability-schedules \\
        -H "Content-Type: application/json" \\
        -H "X-API-Key: cal_your_api_key" \\
        -d '{
        "name": "Evening Hours",
        "timezone": "America/New_York",
        "rules": [
        {"day": 1, "start": "18:00", "end": "21:00"},
        {"day": 3, "start": "18:00", "end": "21:00"}
        ]
        }'
    """)

    assert 201 == answer.status
    wanted = {"name": "Evening Hours", "timezone": "America/New_York", "is_default": 0}
    assert_shape({**SCHEDULE, **wanted}, answer.body)
    assert [1, 3] == [rule["day"] for rule in json.loads(answer.body["rules"])]


SLOTS = (
    'curl "https://calendo.dev/api/availability/jane-smith/30-minute-call'
    '?start=2026-03-10&end=2026-03-14&timezone=America/New_York"'
)


def test_list_slots_on_the_documented_dates(world: World) -> None:
    """
    Whether or not those dates have gone by, the answer has the documented shape.
    """
    answer = world.curl(SLOTS)

    assert 200 == answer.status
    assert_shape({"slots": dict}, answer.body)


def test_list_slots_on_coming_dates(world: World) -> None:
    """
    In New York, hours of 9 to 17 in Los Angeles begin at noon.
    """
    monday = _coming_monday()
    answer = world.curl(
        SLOTS, replace={"2026-03-10": str(monday), "2026-03-14": str(monday + timedelta(days=4))}
    )

    assert 200 == answer.status
    slots = answer.body["slots"]
    assert [str(monday + timedelta(days=day)) for day in range(5)] == list(slots)
    for day, labels in slots.items():
        assert_shape(ISO_DATE, day)
        assert_shape([CLOCK_TIME], labels)
    tuesday = slots[str(monday + timedelta(days=1))]
    assert ("12:00", "12:30", "19:30") == (tuesday[0], tuesday[1], tuesday[-1])


def test_list_bookings(world: World) -> None:
    """
    The latest start comes first.
    """
    made = [world.book().body["booking"]["start_time"] for _ in range(2)]

    answer = world.curl("""
        curl https://calendo.dev/api/bookings \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert_shape([BOOKING], answer.body)
    starts = [row["start_time"] for row in answer.body]
    assert sorted(starts, reverse=True) == starts
    assert set(made) <= set(starts)


def test_book_a_time_that_has_gone_by(world: World) -> None:
    """
    The reference's own date is over; the refusal has its error shape.
    """
    answer = world.curl("""
        curl -X POST https://calendo.dev/api/book/jane-smith/30-minute-call \\
        -H "Content-Type: application/json" \\
        -d '{
        "name": "Bob Johnson",
        "email": "bob@example.com",
        "timezone": "America/New_York",
        "start_time": "2026-03-10T19:00:00Z"
        }'
    """)

    assert 409 == answer.status
    assert_shape({"error": str}, answer.body)


def test_book_a_free_time(world: World) -> None:
    """
    The answer repeats the start in UTC, and the end lies half an hour later.
    """
    start = world.free_start()

    answer = world.curl(
        """
        curl -X POST https://calendo.dev/api/book/jane-smith/30-minute-call \\
        -H "Content-Type: application/json" \\
        -d '{
        "name": "Bob Johnson",
        "email": "bob@example.com",
        "timezone": "America/New_York",
        "start_time": "2026-03-10T19:00:00Z"
        }'
        """,
        replace={"2026-03-10T19:00:00Z": start},
    )

    assert 201 == answer.status
    end = datetime.fromisoformat(start) + timedelta(minutes=30)
    assert_shape(
        {
            "booking": {
                "uid": re.compile("[0-9a-f]{8}-[0-9a-f-]{27}"),
                "event_name": "30 Minute Call",
                "invitee_name": "Bob Johnson",
                "invitee_email": "bob@example.com",
                "start_time": start.replace("T", " ").removesuffix("Z"),
                "end_time": end.strftime("%Y-%m-%d %H:%M:%S"),
                "status": "confirmed",
                "timezone": "America/New_York",
            }
        },
        answer.body,
    )


def test_cancel_a_booking(world: World) -> None:
    """
    Afterwards the booking is cancelled and its time is free.
    """
    start = world.book().body["booking"]["start_time"]
    (number,) = (
        row["id"]
        for row in world.get("/bookings")
        if row["start_time"] == start and row["status"] == "confirmed"
    )

    answer = world.curl(
        """
        curl -X POST https://calendo.dev/api/bookings/1/cancel \\
        -H "X-API-Key: cal_your_api_key"
        """,
        replace={"bookings/1": f"bookings/{number}"},
    )

    assert 200 == answer.status
    assert_shape(OK, answer.body)
    assert "cancelled" == world.get(f"/bookings/{number}")["status"]
    assert start == world.free_start().replace("T", " ").removesuffix("Z")


def test_read_the_booking_page(world: World) -> None:
    answer = world.curl("""
        curl https://calendo.dev/api/booking-page \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert_shape(PAGE, answer.body)


def test_change_the_booking_page(world: World) -> None:
    answer = world.curl("""
        curl -X PUT https://calendo.dev/api/booking-page \\
        -H "Content-Type: application/json" \\
        -H "X-API-Key: cal_your_api_key" \\
        -d '{"bio": "Product Designer at Acme", "brand_color": "#7c3aed"}'
    """)

    assert 200 == answer.status
    changed = {"bio": "Product Designer at Acme", "brand_color": "#7c3aed"}
    assert_shape({**PAGE, **changed}, answer.body)
    assert answer.body == world.get("/booking-page")


CREATE_WEBHOOK = """
    curl -X POST https://calendo.dev/api/webhooks \\
    -H "Content-Type: application/json" \\
    -H "X-API-Key: cal_your_api_key" \\
    -d '{
    "url": "https://your-app.com/webhooks/calendo",
    "events": ["booking.created", "booking.cancelled"],
    "secret": "whsec_your_secret"
    }'
"""
WEBHOOK = {"id": int, "url": "https://your-app.com/webhooks/calendo", "events": [str]}


def test_create_a_webhook(world: World) -> None:
    answer = world.curl(CREATE_WEBHOOK)

    assert 201 == answer.status
    assert_shape(WEBHOOK, answer.body)
    assert ["booking.created", "booking.cancelled"] == answer.body["events"]


def test_list_webhooks(world: World) -> None:
    made = world.curl(CREATE_WEBHOOK).body["id"]

    answer = world.curl("""
        curl https://calendo.dev/api/webhooks \\
        -H "X-API-Key: cal_your_api_key"
    """)

    assert 200 == answer.status
    assert_shape([WEBHOOK], answer.body)
    assert made in [row["id"] for row in answer.body]
    assert "whsec_your_secret" not in answer.text


def test_change_a_webhook(world: World) -> None:
    answer = world.curl(
        """
        curl -X PUT https://calendo.dev/api/webhooks/1 \\
        -H "Content-Type: application/json" \\
        -H "X-API-Key: cal_your_api_key" \\
        -d '{"events": ["booking.created", "booking.cancelled", "booking.rescheduled"]}'
        """,
        replace={"webhooks/1": f"webhooks/{world.curl(CREATE_WEBHOOK).body['id']}"},
    )

    assert 200 == answer.status
    assert_shape(WEBHOOK, answer.body)
    assert ["booking.created", "booking.cancelled", "booking.rescheduled"] == answer.body["events"]


def test_delete_a_webhook(world: World) -> None:
    number = world.curl(CREATE_WEBHOOK).body["id"]
    answer = world.curl(
        """
        curl -X DELETE https://calendo.dev/api/webhooks/1 \\
        -H "X-API-Key: cal_your_api_key"
        """,
        replace={"webhooks/1": f"webhooks/{number}"},
    )

    assert 200 == answer.status
    assert_shape(OK, answer.body)
    assert number not in [row["id"] for row in world.get("/webhooks")]


def test_chat(world: World) -> None:
    """
    The assistant answers with a session to go on with, a message, and what to suggest.
    """
    answer = world.curl("""
        curl -X POST https://calendo.dev/api/ai/chat \\
        -H "Content-Type: application/json" \\
        -d '{
        "booking_page_slug": "jane-smith",
        "message": "I need a 30 minute call next Tuesday afternoon"
        }'
    """)

    assert 200 == answer.status
    assert_shape(
        {
            "session_id": re.compile(".+"),
            "message": re.compile(".+"),
            "action": {
                "type": "suggest_booking",
                "event_slug": "30-minute-call",
                "preferred_dates": [ISO_DATE],
                "preferred_time": str,
            },
        },
        answer.body,
    )


def _another_event_type(world: World) -> int:
    made = world.send("POST", "/event-types", '{"name": "Another"}')
    assert 201 == made.status, made.text
    # Switched off again by the one test that deletes it; the others change what
    # no slot look-up of these tests asks for.
    return int(made.body["id"])


def _coming_monday() -> date:
    # A week ahead at least, so that minimum notice takes nothing away.
    today = datetime.now(UTC).date()
    return today + timedelta(days=14 - today.weekday())
