"""
Why a time is not on offer, asked over the API: by its host, and by nobody else.
"""

from collections.abc import Callable
from typing import Any

from steps import MONDAY, book, invitee, offer, times

from conftest import Api, Host

SignUp = Callable[..., Host]


def explain(host: Host, day: str = MONDAY, event: str = "call", **query: Any) -> dict[str, Any]:
    answer: dict[str, Any] = host.get(f"/availability/{host.slug}/{event}/explain", date=day, **query)
    return answer


def reasons(answer: dict[str, Any], label: str) -> list[str]:
    """
    List the reasons of the candidate, or the gap, that begins at a label.
    """
    (found,) = (row for row in answer["times"] if row["start_label"] == label)
    return [reason["code"] for reason in found["reasons"]]


def test_a_host_sees_what_is_offered_and_what_is_not(host: Host) -> None:
    """
    The offered ones are those that the look-up lists, and a booking is named where it stands in the way.
    """
    offer(host, buffer_after=10, min_notice_hours=0)
    booked = book(host, "10:00")
    answer = explain(host)

    assert times(host) == [row["start_label"] for row in answer["times"] if row["is_offered"]]
    assert ["outside_hours"] == reasons(answer, "00:00")
    assert ["buffer"] == reasons(answer, "09:30")
    (row,) = (row for row in answer["times"] if row["start_label"] == "10:00")
    assert {
        "start_time": f"{MONDAY} 10:00:00",
        "end_time": f"{MONDAY} 10:30:00",
        "start_label": "10:00",
        "end_label": "10:30",
        "is_gap": 0,
        "is_offered": 0,
        "reasons": [
            {
                "code": "booked",
                "message": "Booked by Bob Johnson, 10:00 to 10:30.",
                "booking_id": booked["id"],
                "invitee_name": "Bob Johnson",
            }
        ],
    } == row


def test_the_answer_says_whose_day_it_is(sign_up: SignUp) -> None:
    """
    Without a zone it is the schedule's; the range of what can be booked is told in UTC.
    """
    host = sign_up(timezone="America/New_York")
    made = offer(host, min_notice_hours=2, max_future_days=10)
    answer = explain(host)
    there = explain(host, timezone="Asia/Tokyo")

    assert {
        "event_type_id": made["id"],
        "event_type_name": "Call",
        "is_active": 1,
        "date": MONDAY,
        "timezone": "America/New_York",
        "host_timezone": "America/New_York",
        "bookable_from": "2026-03-01 14:00:00",
        "bookable_until": "2026-03-12 04:00:00",
    }.items() <= answer.items()
    assert [] == reasons(answer, "09:00")
    assert ("Asia/Tokyo", "America/New_York") == (there["timezone"], there["host_timezone"])
    assert [] == reasons(there, "23:00")
    assert ("00:00", "24:00") == (there["times"][0]["start_label"], there["times"][-1]["end_label"])


def test_what_is_off_is_explained_too(host: Host) -> None:
    """
    An event type that is switched off, and a secret one, have their host's explanation.
    """
    off = offer(host, min_notice_hours=0)
    host.delete(f"/event-types/{off['id']}")
    offer(host, name="Hidden", is_secret=True)

    answer = explain(host)
    assert 0 == answer["is_active"]
    assert ["switched_off"] == reasons(answer, "09:00")
    assert [] == reasons(explain(host, event="hidden"), "09:00")


def test_nobody_else_is_told(host: Host, sign_up: SignUp) -> None:
    """
    Without a credential it is a 401; another host finds nothing, as at an address that is none.
    """
    offer(host)
    other = sign_up(name="Ben Other")
    path = f"/availability/{host.slug}/call/explain?date={MONDAY}"

    assert "unauthenticated" == invitee(host).expect(401, "GET", path)["code"]
    refused = other.expect(404, "GET", path)
    assert refused == host.expect(404, "GET", f"/availability/{host.slug}/nothing/explain?date={MONDAY}")
    assert "not_found" == refused["code"]


def test_an_event_type_may_be_called_explain(host: Host) -> None:
    """
    Its slots are as public as all others, and it can be explained.
    """
    offer(host, name="Explain", min_notice_hours=0)

    assert "09:00" == times(host, event="explain")[0]
    assert [] == reasons(explain(host, event="explain"), "09:00")


def test_wrong_questions_are_refused(api: Api, host: Host) -> None:
    """
    The date is required and has to be one, and the zone has to be known.
    """
    offer(host)
    path = f"/availability/{host.slug}/call/explain"
    for query in ("", "?date=", "?date=tomorrow", "?date=2026-02-30"):
        assert "date" in host.expect(400, "GET", path + query)["error"]
    assert "timezone" in host.expect(400, "GET", f"{path}?date={MONDAY}&timezone=Mars/Phobos")["error"]


def test_days_far_away_have_their_reasons(host: Host) -> None:
    """
    The first and the last date there is are answered like others.
    """
    offer(host)
    for day, why in (("0001-01-01", "past"), ("9999-12-31", "booking_window")):
        answer = explain(host, day)
        codes = {reason["code"] for row in answer["times"] for reason in row["reasons"]}
        assert codes <= {"outside_hours", why}
