"""
The assistant's endpoint: the documented shape, conversations that go on, and what is refused.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from steps import not_refused, offer, times

from conftest import Api, Clock, Host

SignUp = Callable[..., Host]
QUESTION = "I need a 30 minute call next Tuesday afternoon"
DAY = 24 * 3600


def say(api: Api, host: Host, message: str = QUESTION, **more: Any) -> Any:
    """
    Write to the assistant of a host's page.
    """
    return api.expect(200, "POST", "/ai/chat", {"booking_page_slug": host.slug, "message": message, **more})


def test_it_suggests_a_type_and_dates(api: Api, host: Host) -> None:
    """
    The reference's own sentence: its fields, and beside them slots that can be booked.
    """
    offer(host, name="30 Minute Call")

    answer = say(api, host)

    action = answer["action"]
    assert {"session_id", "message", "action"} == answer.keys()
    assert ("suggest_booking", "30-minute-call", "afternoon") == (
        action["type"],
        action["event_slug"],
        action["preferred_time"],
    )
    (day,) = action["preferred_dates"]
    assert day in {"2026-03-03", "2026-03-10"}
    assert 5 == len(action["slots"])
    assert {slot["time"] for slot in action["slots"]} <= set(times(host, day, "30-minute-call"))
    assert all(slot["time"] >= "12:00" for slot in action["slots"])
    assert "30 Minute Call" in answer["message"]


def test_a_slot_it_offers_can_be_booked(api: Api, host: Host) -> None:
    """
    Its start goes into the booking call as it is, and then is not offered again.
    """
    offer(host)
    slot = say(api, host, "Tuesday at 10:00")["action"]["slots"][0]
    body = {"name": "Bob", "email": "bob@example.com", "start_time": slot["start_time"]}

    api.expect(201, "POST", f"/book/{host.slug}/call", body)

    assert slot not in say(api, host, "Tuesday at 10:00")["action"]["slots"]


def test_nothing_is_booked_by_talking(api: Api, host: Host) -> None:
    """
    However the invitee insists, there is no booking.
    """
    offer(host)
    session = say(api, host, "Book Tuesday at 10:00 now")["session_id"]
    for message in ("yes", "the first one", "book it", "confirm!"):
        session = say(api, host, message, session_id=session)["session_id"]

    assert [] == host.get("/bookings")


def test_a_session_goes_on(api: Api, host: Host) -> None:
    """
    The id that was given goes on with what was settled; one that was made up begins anew.
    """
    offer(host)
    first = say(api, host, "Tuesday")["session_id"]

    assert first == say(api, host, "at 10:00", session_id=first)["session_id"]
    assert "10:00" == say(api, host, "Wednesday", session_id=first)["action"]["preferred_time"]
    assert first != say(api, host, "Wednesday")["session_id"]
    assert "abc-123" != say(api, host, "Wednesday", session_id="abc-123")["session_id"]
    assert len(first) >= 32


def test_a_session_ends(api: Api, host: Host, sign_up: SignUp, clock: Clock) -> None:
    """
    After a day without a message, after fifty messages, and on another host's page.
    """
    offer(host)
    other = sign_up("Other Host")
    session = say(api, host, "at 10:00")["session_id"]

    assert session != say(api, other, "Tuesday", session_id=session)["session_id"]
    for _ in range(49):
        assert session == say(api, host, "hello", session_id=session)["session_id"]
    assert session != say(api, host, "hello", session_id=session)["session_id"]
    late = say(api, host, "at 10:00")["session_id"]
    clock.forward(DAY)
    answer = say(api, host, "Wednesday", session_id=late)
    assert late != answer["session_id"]
    assert answer["action"]["preferred_time"] is None


def test_messages_that_come_at_once_are_answered_one_after_the_other(api: Api, host: Host) -> None:
    """
    None gets lost, none fails, and the conversation counts them all.
    """
    offer(host)
    session = say(api, host, "Tuesday")["session_id"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda hour: say(api, host, f"at {hour}:00", session_id=session), range(9, 17))
        )

    assert {session} == {answer["session_id"] for answer in answers}
    assert [f"{hour:02}:00" for hour in range(9, 17)] == [
        answer["action"]["preferred_time"] for answer in answers
    ]
    assert {("2026-03-03",)} == {tuple(answer["action"]["preferred_dates"]) for answer in answers}


def test_without_event_types_there_is_no_action(api: Api, host: Host) -> None:
    """
    No types at all, one that is off, a secret one: a message and null, and the secret is not named.
    """
    answers = [say(api, host)]
    made = offer(host, name="Nightowl")
    for change in ({"is_active": 0}, {"is_active": 1, "is_secret": 1}):
        host.put(f"/event-types/{made['id']}", change)
        answers.append(say(api, host, "the Nightowl on Tuesday"))

    assert [None] * 3 == [answer["action"] for answer in answers]
    assert "ightowl" not in str([answer["message"] for answer in answers])


def test_a_type_that_goes_meanwhile_is_not_offered(api: Api, host: Host) -> None:
    """
    What a conversation has settled does not outlive the event type it was settled for.
    """
    offer(host, name="Talk")
    made = offer(host, name="Walk")
    session = say(api, host, "a walk on Tuesday")["session_id"]
    host.put(f"/event-types/{made['id']}", {"is_secret": 1})

    action = say(api, host, "at 10:00", session_id=session)["action"]

    assert "talk" == action["event_slug"]


def test_times_are_where_the_invitee_is(api: Api, sign_up: SignUp) -> None:
    """
    By default where the host is: in the zone of the default schedule, which need not be the profile's.
    """
    host = sign_up(timezone="Asia/Tokyo")
    offer(host)

    at_hosts = say(api, host, "tomorrow at 10:00")["action"]
    abroad = say(api, host, "tomorrow at 10:00", timezone="Asia/Kolkata")["action"]

    assert ("Asia/Tokyo", "2026-03-02T01:00:00Z") == (
        at_hosts["timezone"],
        at_hosts["slots"][0]["start_time"],
    )
    assert ("Asia/Kolkata", "2026-03-02T04:30:00Z") == (
        abroad["timezone"],
        abroad["slots"][0]["start_time"],
    )


@pytest.mark.parametrize(("locale", "label"), [("de", "10:00"), ("en-US", "10:00 AM"), ("sw", "10:00")])
def test_it_speaks_the_language_that_was_chosen(locale: str, label: str, api: Api, host: Host) -> None:
    """
    Words, dates and clock are the locale's; a language without words is answered in English.
    """
    offer(host)

    answer = say(api, host, "Tuesday at 10:00", locale=locale)

    assert label in answer["message"].replace("\xa0", " ")
    assert label in answer["action"]["slots"][0]["label"].replace("\xa0", " ")


def test_what_is_wrong_is_named(api: Api, host: Host) -> None:
    """
    A message is 1 to 10,000 characters; an unknown page is a 404.
    """
    good = {"booking_page_slug": host.slug, "message": QUESTION}
    wrong: dict[str, list[Any]] = {
        "message": [
            {"booking_page_slug": host.slug},
            *({**good, "message": m} for m in ("", " ", "x" * 10_001, None)),
        ],
        "booking_page_slug": [{"message": QUESTION}, {**good, "booking_page_slug": None}],
        "session_id": [{**good, "session_id": s} for s in ("", "x" * 101, 5)],
        "timezone": [{**good, "timezone": z} for z in ("Mars/Base", "", 5)],
        "locale": [{**good, "locale": each} for each in ("x", "klingon!", 5)],
        "model": [{**good, "model": "gpt"}],
    }

    assert [] == not_refused(api, "POST", "/ai/chat", wrong)
    assert "not_found" == api.expect(404, "POST", "/ai/chat", {**good, "booking_page_slug": "nobody"})["code"]
