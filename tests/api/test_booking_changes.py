"""
Cancel, confirm, decline, reschedule: what each status allows, and what becomes of the time.
"""

from collections.abc import Callable
from typing import Any

import pytest
from steps import MONDAY, book, not_refused, offer, refused, times

from conftest import Clock, Host

SignUp = Callable[..., Host]
Booking = dict[str, Any]
VERBS = ("cancel", "confirm", "decline", "reschedule")


def turn(host: Host, booking: Booking, verb: str, body: dict[str, Any] | None = None) -> Booking:
    """
    Do something with a booking that its status allows, and return it as it is then.
    """
    answer = host.expect(200, "POST", f"/bookings/{booking['id']}/{verb}", body)
    assert True is answer["ok"]
    return dict(answer["booking"])


def refusal(host: Host, booking: Booking, verb: str, body: dict[str, Any] | None = None) -> str:
    """
    Try something that its status forbids, and return the code of the refusal.
    """
    answer = host.expect(409, "POST", f"/bookings/{booking['id']}/{verb}", body)
    return str(answer["code"])


def to(start: str, **more: Any) -> dict[str, Any]:
    """
    The body that moves a booking to a time on Monday.
    """
    return {"start_time": f"{MONDAY}T{start}:00Z", **more}


def in_status(host: Host, status: str) -> Booking:
    """
    Make a booking at ten and bring it into a status.
    """
    offer(host, requires_confirmation=status in {"pending", "declined"})
    booking = book(host, "10:00")
    verb = {"cancelled": "cancel", "declined": "decline"}.get(status)
    return turn(host, booking, verb) if verb else booking


@pytest.mark.parametrize("status", ["confirmed", "pending"])
def test_cancelling_frees_the_time(host: Host, status: str) -> None:
    """
    Confirmed or still pending: the slot is on offer again and can be booked.
    """
    booking = in_status(host, status)

    assert {**booking, "status": "cancelled"} == turn(host, booking, "cancel")

    assert "cancelled" == host.get(f"/bookings/{booking['id']}")["status"]
    assert "10:00" in times(host)
    assert booking["uid"] != book(host, "10:00")["uid"]


def test_declining_frees_the_time(host: Host) -> None:
    """
    The answer has the booking as it is then.
    """
    booking = in_status(host, "pending")

    assert {**booking, "status": "declined"} == turn(host, booking, "decline")

    book(host, "10:00")


def test_confirming_keeps_the_time(host: Host) -> None:
    """
    It was held before and is held after.
    """
    booking = in_status(host, "pending")

    assert {**booking, "status": "confirmed"} == turn(host, booking, "confirm")

    assert "10:00" not in times(host)
    assert "slot_unavailable" == refused(host, "10:00")


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("pending", {"cancel", "confirm", "decline", "reschedule"}),
        ("confirmed", {"cancel", "reschedule"}),
        ("cancelled", set()),
        ("declined", set()),
    ],
)
def test_a_status_forbids_what_makes_no_sense(host: Host, status: str, allowed: set[str]) -> None:
    """
    Each forbidden step is a 409 that names the status and changes nothing.
    """
    booking = in_status(host, status)

    for verb in set(VERBS) - allowed:
        body = to("11:00") if verb == "reschedule" else None
        answer = host.expect(409, "POST", f"/bookings/{booking['id']}/{verb}", body)

        assert "booking_state" == answer["code"]
        assert status in answer["error"]
    assert booking == host.get(f"/bookings/{booking['id']}")


def test_steps_lead_from_one_status_to_the_next(host: Host) -> None:
    """
    Requested, moved, confirmed, moved again, cancelled; and then there is an end to it.
    """
    booking = in_status(host, "pending")

    assert "pending" == turn(host, booking, "reschedule", to("11:00"))["status"]
    assert "confirmed" == turn(host, booking, "confirm")["status"]
    assert "confirmed" == turn(host, booking, "reschedule", to("12:00"))["status"]
    assert "cancelled" == turn(host, booking, "cancel")["status"]
    for verb in VERBS:
        assert "booking_state" == refusal(host, booking, verb, to("13:00") if verb == "reschedule" else None)


@pytest.mark.parametrize("verb", ["cancel", "confirm", "decline"])
def test_a_reason_may_be_given(host: Host, verb: str) -> None:
    """
    It is kept on the booking; without a body, or with an empty one, there is none.
    """
    offer(host, requires_confirmation=True)
    given = [({"reason": " I am ill. "}, "I am ill."), (None, None), ({}, None), ({"reason": None}, None)]

    for (body, kept), start in zip(given, ("09:00", "10:00", "11:00", "12:00"), strict=True):
        assert kept == turn(host, book(host, start), verb, body)["reason"]


def test_a_body_that_is_wrong_is_named(host: Host) -> None:
    """
    A reason is text of up to 5,000 characters, and there is nothing else to say.
    """
    booking = in_status(host, "pending")

    for verb in ("cancel", "confirm", "decline"):
        wrong: dict[str, list[Any]] = {
            "reason": [{"reason": "x" * 5001}, {"reason": 5}, {"reason": "bell\u0007"}],
            "why": [{"why": "I am ill."}],
        }
        assert [] == not_refused(host, "POST", f"/bookings/{booking['id']}/{verb}", wrong)
    wrong = {
        "start_time": [{}, {"start_time": None}, {"start_time": "later"}, {"start_time": MONDAY}],
        "timezone": [to("11:00", timezone="UTC")],
    }
    assert [] == not_refused(host, "POST", f"/bookings/{booking['id']}/reschedule", wrong)
    host.expect(400, "POST", f"/bookings/{booking['id']}/reschedule")
    assert booking == host.get(f"/bookings/{booking['id']}")


def test_what_is_not_there_cannot_be_turned(host: Host) -> None:
    """
    An id that was never given out is a 404 for every verb.
    """
    for verb in VERBS:
        host.expect(404, "POST", f"/bookings/999999/{verb}", to("11:00") if verb == "reschedule" else None)


def test_a_time_that_has_come_can_no_longer_be_confirmed(host: Host, clock: Clock) -> None:
    """
    Up to the second before it can; from its start on the request can only be turned down.
    """
    offer(host, requires_confirmation=True)
    first, second, third = (book(host, start) for start in ("10:00", "10:30", "11:00"))

    clock.set(f"{MONDAY}T09:59:59+00:00")
    assert "confirmed" == turn(host, first, "confirm")["status"]

    clock.set(f"{MONDAY}T11:00:00+00:00")
    assert "booking_state" == refusal(host, second, "confirm")
    assert "booking_state" == refusal(host, third, "confirm")
    assert "declined" == turn(host, second, "decline")["status"]
    assert "cancelled" == turn(host, third, "cancel")["status"]


def test_moving_keeps_who_and_frees_when(host: Host) -> None:
    """
    Same uid, same id, new times; the old slot is free, the new one taken.
    """
    booking = in_status(host, "confirmed")

    moved = turn(host, booking, "reschedule", to("14:00", reason="Something came up"))

    times_ = {"start_time": "2026-03-02 14:00:00", "end_time": "2026-03-02 14:30:00"}
    assert {**booking, **times_, "reason": "Something came up"} == moved
    assert [moved] == host.get("/bookings")
    assert "14:00" not in times(host)
    assert "10:00" in times(host)
    book(host, "10:00")


def test_a_new_start_may_have_any_offset(host: Host) -> None:
    """
    Without one it is UTC, as in the API's answers, whatever the invitee's zone.
    """
    offer(host)
    booking = book(host, "10:00", timezone="America/New_York")

    for written, start in [
        ("2026-03-02T06:00:00-05:00", "11:00"),
        ("2026-03-02T12:00:00", "12:00"),
        ("2026-03-02 13:00:00", "13:00"),
    ]:
        moved = turn(host, booking, "reschedule", {"start_time": written})
        assert f"2026-03-02 {start}:00" == moved["start_time"]


def test_moving_to_what_is_not_on_offer_is_refused(host: Host, clock: Clock) -> None:
    """
    A taken time, one off the grid, outside of the hours, too soon or too late: the booking stays.
    """
    booking = in_status(host, "confirmed")
    book(host, "11:00")
    clock.set(f"{MONDAY}T06:00:00+00:00")

    unlisted = ["11:00", "11:10", "08:00", "17:00", "09:30"]
    starts = [f"{MONDAY}T{start}:00Z" for start in unlisted] + [
        "2026-03-01T10:00:00Z",
        "2027-03-01T10:00:00Z",
    ]
    for start in starts:
        assert "slot_unavailable" == refusal(host, booking, "reschedule", {"start_time": start}), start
    assert booking == host.get(f"/bookings/{booking['id']}")
    assert "10:00" not in times(host)


def test_its_own_old_time_is_not_in_the_way(host: Host) -> None:
    """
    Half an hour later overlaps with itself, buffers and all, and that is fine.
    """
    fields = {"duration_minutes": 60, "slot_interval": 15, "buffer_before": 30, "buffer_after": 30}
    offer(host, **fields)
    booking = book(host, "10:00")

    for start in ("10:15", "09:45", "10:30"):
        assert f"2026-03-02 {start}:00" == turn(host, booking, "reschedule", to(start))["start_time"]
    # Blocked is now 10:00 to 12:00, and nothing of what it blocked before.
    assert "12:30" == next(label for label in times(host) if label > "10:30")
    assert [] == [label for label in times(host) if label < "12:30"]


def test_moving_to_where_it_is_changes_nothing(host: Host) -> None:
    """
    A form that is sent twice is no error.
    """
    booking = in_status(host, "confirmed")

    assert booking == turn(host, booking, "reschedule", to("10:00"))


def test_moving_takes_the_length_of_today(host: Host) -> None:
    """
    A type that was made longer makes the moved meeting longer; one that is off can still be moved.
    """
    made = offer(host)
    booking = book(host, "10:00")
    host.put(f"/event-types/{made['id']}", {"duration_minutes": 60, "is_active": False})

    moved = turn(host, booking, "reschedule", to("14:00"))

    assert [60, "2026-03-02 15:00:00"] == [moved["duration_minutes"], moved["end_time"]]


def test_two_bookings_can_trade_places_over_a_free_slot(host: Host) -> None:
    """
    Each move sees the others where they are then.
    """
    offer(host)
    first, second = book(host, "09:00"), book(host, "10:00")

    assert "slot_unavailable" == refusal(host, first, "reschedule", to("10:00"))
    turn(host, first, "reschedule", to("11:00"))
    turn(host, second, "reschedule", to("09:00"))
    turn(host, first, "reschedule", to("10:00"))

    assert ["2026-03-02 10:00:00", "2026-03-02 09:00:00"] == [r["start_time"] for r in host.get("/bookings")]


def test_a_cancelled_booking_is_not_in_the_way(host: Host) -> None:
    """
    Its time can be taken by a move as well.
    """
    offer(host)
    first, second = book(host, "09:00"), book(host, "10:00")
    turn(host, first, "cancel")

    assert "2026-03-02 09:00:00" == turn(host, second, "reschedule", to("09:00"))["start_time"]
