"""
The assistant's endpoint: the documented shape, though it does not understand anything yet.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from steps import not_refused, offer, times

from conftest import Api, Clock, Host

SignUp = Callable[..., Host]
QUESTION = "I need a 30 minute call next Tuesday afternoon"


def say(api: Api, host: Host, **more: Any) -> Any:
    """
    Ask the assistant of a host's page.
    """
    return api.expect(200, "POST", "/ai/chat", {"booking_page_slug": host.slug, "message": QUESTION, **more})


def test_it_suggests_a_type_and_dates(api: Api, host: Host) -> None:
    """
    The shape is the reference's, and the dates have free times.
    """
    offer(host, name="30 Minute Call")

    answer = say(api, host)

    assert {"session_id", "message", "action"} == answer.keys()
    assert {
        "type": "suggest_booking",
        "event_slug": "30-minute-call",
        "preferred_dates": ["2026-03-02", "2026-03-03", "2026-03-04"],
        "preferred_time": "morning",
    } == answer["action"]
    assert "30 Minute Call" in answer["message"]
    for day in answer["action"]["preferred_dates"]:
        assert times(host, day, "30-minute-call")


def test_it_suggests_what_is_free(api: Api, host: Host, clock: Clock) -> None:
    """
    Booked days are passed over, and the first free time tells the part of the day.
    """
    offer(host, duration_minutes=240)
    for start in ("2026-03-02T09:00:00Z", "2026-03-02T13:00:00Z", "2026-03-03T09:00:00Z"):
        body = {"name": "Bob", "email": "bob@example.com", "start_time": start}
        api.expect(201, "POST", f"/book/{host.slug}/call", body)

    action = say(api, host)["action"]

    assert ["2026-03-03", "2026-03-04", "2026-03-05"] == action["preferred_dates"]
    assert "afternoon" == action["preferred_time"]


def test_without_free_times_there_is_no_action(api: Api, host: Host) -> None:
    """
    No types at all, one that is off, a secret one, nothing in its window: a message and null.
    """
    answers = [say(api, host)]
    made = offer(host)
    for change in (
        {"is_active": 0},
        {"is_active": 1, "is_secret": 1},
        {"is_secret": 0, "max_future_days": 0},
    ):
        host.put(f"/event-types/{made['id']}", change)
        answers.append(say(api, host))

    assert [None] * 4 == [answer["action"] for answer in answers]
    assert all("Jane Smith" in answer["message"] and answer["session_id"] for answer in answers)


def test_a_session_goes_on(api: Api, host: Host) -> None:
    """
    Without an id a new one is made each time; a given one comes back.
    """
    offer(host)

    first, second = say(api, host)["session_id"], say(api, host)["session_id"]

    assert UUID(first) != UUID(second)
    assert first == say(api, host, session_id=first)["session_id"]
    assert "abc-123" == say(api, host, session_id="abc-123")["session_id"]


def test_dates_are_the_hosts(api: Api, sign_up: SignUp) -> None:
    """
    Monday morning in Auckland is still Sunday in UTC.
    """
    host = sign_up(timezone="Pacific/Auckland")
    offer(host)

    assert "2026-03-02" == say(api, host)["action"]["preferred_dates"][0]


def test_what_is_wrong_is_named(api: Api, host: Host) -> None:
    """
    A message is 1 to 4,000 characters; an unknown page is a 404.
    """
    good = {"booking_page_slug": host.slug, "message": QUESTION}
    wrong: dict[str, list[Any]] = {
        "message": [
            {"booking_page_slug": host.slug},
            *({**good, "message": m} for m in ("", " ", "x" * 4001, None)),
        ],
        "booking_page_slug": [{"message": QUESTION}, {**good, "booking_page_slug": None}],
        "session_id": [{**good, "session_id": s} for s in ("", "x" * 101, 5)],
        "model": [{**good, "model": "gpt"}],
    }

    assert [] == not_refused(api, "POST", "/ai/chat", wrong)
    assert "not_found" == api.expect(404, "POST", "/ai/chat", {**good, "booking_page_slug": "nobody"})["code"]
