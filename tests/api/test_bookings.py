"""
Booking over HTTP: what is listed can be booked, once, whatever way the time is written.
"""

import re
from collections.abc import Callable
from typing import Any

from steps import MONDAY, book, invitee, not_refused, offer, refused, times, wanted

from conftest import Host

SignUp = Callable[..., Host]


def test_a_booked_slot_is_gone(host: Host) -> None:
    """
    The second booking of a slot is refused, and the slot is not listed any more.
    """
    offer(host)
    path, body = f"/book/{host.slug}/call", wanted("16:30")

    booking = invitee(host).post(path, body)["booking"]
    refusal = invitee(host).expect(409, "POST", path, body)

    assert "confirmed" == booking["status"]
    assert "slot_unavailable" == refusal["code"]
    listed = host.get(f"/availability/{host.slug}/call", start="2026-03-02", end="2026-03-02")
    assert 15 == len(listed["slots"]["2026-03-02"])
    assert "16:30" not in listed["slots"]["2026-03-02"]


def test_the_invitee_gets_the_documented_answer(host: Host) -> None:
    """
    Times are in UTC, written as the reference writes them; what the invitee chose stands beside.
    """
    offer(host, name="30 Minute Call", location_type="phone", location="+1 555 0100")
    body = wanted("2026-03-10T14:00:00Z", timezone="America/New_York")

    (answer,) = invitee(host).expect(201, "POST", f"/book/{host.slug}/30-minute-call", body).values()

    assert {
        "uid": answer["uid"],
        "event_name": "30 Minute Call",
        "invitee_name": "Bob Johnson",
        "invitee_email": "bob@example.com",
        "start_time": "2026-03-10 14:00:00",
        "end_time": "2026-03-10 14:30:00",
        "status": "confirmed",
        "timezone": "America/New_York",
        "locale": None,
        "location_type": "phone",
        "location": "+1 555 0100",
        "notes": None,
        "answers": {},
        "manage_url": answer["manage_url"],
    } == answer
    assert re.fullmatch(r"http://calendo\.test/manage/[\w-]{48}", answer["manage_url"])


def test_the_host_sees_it_whole(host: Host) -> None:
    """
    The list and the single booking have the same fields.
    """
    made = offer(host, duration_minutes=45, questions=[{"id": "topic", "label": "Topic?"}])

    booking = book(
        host, "09:00", timezone="Europe/Berlin", locale="pt-BR", notes="Hi", answers={"topic": "Tests"}
    )

    assert {
        "id": booking["id"],
        "uid": booking["uid"],
        "event_type_id": made["id"],
        "event_type_name": "Call",
        "invitee_name": "Bob Johnson",
        "invitee_email": "bob@example.com",
        "start_time": "2026-03-02 09:00:00",
        "end_time": "2026-03-02 09:45:00",
        "status": "confirmed",
        "duration_minutes": 45,
        "timezone": "Europe/Berlin",
        "locale": "pt-BR",
        "notes": "Hi",
        "answers": {"topic": "Tests"},
        "reason": None,
        "is_no_show": 0,
        "created_at": "2026-03-01 12:00:00",
    } == booking
    assert booking == host.get(f"/bookings/{booking['id']}")


WAYS_TO_WRITE_14_00 = [
    ("2026-03-02T14:00:00Z", "Asia/Tokyo"),
    ("2026-03-02T14:00:00.000Z", "UTC"),
    ("2026-03-02T09:00:00-05:00", "UTC"),
    ("2026-03-02T19:45+05:45", "UTC"),
    ("2026-03-03T04:00:00+14:00", "UTC"),
    ("2026-03-02T09:00:00", "America/New_York"),
    ("2026-03-02 09:00", "America/New_York"),
    ("2026-03-02T14:00:00", "UTC"),
    ("2026-03-02T08:30:00-0530", "UTC"),
]


def test_a_start_may_have_any_offset(host: Host) -> None:
    """
    With an offset it is that instant; without one it is on the clock of ``timezone``.
    """
    offer(host)

    for text, zone in WAYS_TO_WRITE_14_00:
        booking = book(host, text, timezone=zone)

        assert ["2026-03-02 14:00:00", zone] == [booking["start_time"], booking["timezone"]], text
        host.post(f"/bookings/{booking['id']}/cancel")


def test_a_naive_start_without_a_zone_is_utc(host: Host) -> None:
    """
    Since that is the default of ``timezone``.
    """
    offer(host)

    assert "2026-03-02 14:00:00" == book(host, "2026-03-02T14:00:00")["start_time"]


def test_a_wall_time_that_is_skipped_moves_forward(host: Host) -> None:
    """
    Half past two does not exist in New York on that Sunday; half past three does, and is booked.
    """
    (schedule,) = host.get("/availability-schedules")
    round_the_clock = [{"day": 0, "start": "00:00", "end": "24:00"}]
    host.put(f"/availability-schedules/{schedule['id']}", {"rules": round_the_clock})
    offer(host)

    booking = book(host, "2026-03-08T02:30:00", timezone="America/New_York")

    assert "2026-03-08 07:30:00" == booking["start_time"]


def test_a_wall_time_that_is_repeated_is_the_first(host: Host) -> None:
    """
    The second one can be booked with its offset.
    """
    (schedule,) = host.get("/availability-schedules")
    round_the_clock = [{"day": 0, "start": "00:00", "end": "24:00"}]
    host.put(f"/availability-schedules/{schedule['id']}", {"rules": round_the_clock})
    offer(host, max_future_days=365)

    first = book(host, "2026-11-01T01:30:00", timezone="America/New_York")
    second = book(host, "2026-11-01T01:30:00-05:00", timezone="America/New_York")

    assert "2026-11-01 05:30:00" == first["start_time"]
    assert "2026-11-01 06:30:00" == second["start_time"]


def test_the_length_is_counted_in_minutes_that_pass(host: Host) -> None:
    """
    An hour from half past one, as the clocks go back, ends at half past one.
    """
    (schedule,) = host.get("/availability-schedules")
    rules = [{"day": 0, "start": "01:30", "end": "04:00"}]
    host.put(f"/availability-schedules/{schedule['id']}", {"timezone": "America/New_York", "rules": rules})
    offer(host, duration_minutes=60, max_future_days=365)

    booking = book(host, "2026-11-01T01:30:00", timezone="America/New_York")

    assert ["2026-11-01 05:30:00", "2026-11-01 06:30:00"] == [booking["start_time"], booking["end_time"]]


def test_what_an_invitee_writes_is_kept(host: Host) -> None:
    """
    Any script, trimmed; an empty note is none, a locale is normalized.
    """
    offer(host)
    texts = {
        "name": "  Zoë 李 🎉 ",
        "email": " Bob@Example.COM ",
        "notes": "One\r\n\tTwo  ",
        "locale": "pt_br",
    }

    booking = book(host, "09:00", **texts)

    assert "Zoë 李 🎉" == booking["invitee_name"]
    assert "Bob@example.com" == booking["invitee_email"]
    assert "One\n\tTwo" == booking["notes"]
    assert "pt-BR" == booking["locale"]
    assert None is book(host, "10:00", notes="  ", locale=None)["notes"]


def test_what_is_wrong_is_named(host: Host) -> None:
    """
    Each field has its bounds, each is named in the refusal, and nothing is booked.
    """
    offer(host)
    moments = ["", "soon", "2026-03-02", "09:00", "2026-03-02T25:00:00Z", "2026-02-30T09:00:00Z"]
    moments += ["2026-03-02T09:00:00.5Z", "2026-03-02T09:00:00+25:00", "1772442000", "x" * 65]
    moments += ["2026-W10-1T09:00:00Z", "20260302T090000Z", "9999-12-31T23:59:59-12:00"]
    wrong: dict[str, list[Any]] = {
        "name": ["", " ", "x" * 201, "two\nlines", "bell\u0007", "over\u202eride", None, 5],
        "email": ["", "bob", "bob@", "@example.com", "bob@example", "a b@example.com", "b@x\n.com", None],
        "timezone": ["", "Mars/Phobos", "localtime", "est", "UTC+1", None],
        "start_time": [*moments, None, 1772442000],
        "answers": [None, [], "none"],
        "notes": ["x" * 5001, "bell\u0007", 5],
        "locale": ["", "klingon", "../en", "en_US_POSIX_and_more", 5],
        "phone": ["+1 555 0100"],
    }
    bodies = {
        field: [wanted("09:00", **{field: value}) for value in values] for field, values in wrong.items()
    }
    path = f"/book/{host.slug}/call"

    assert [] == not_refused(invitee(host), "POST", path, bodies)
    missing = {
        f: [{k: v for k, v in wanted("09:00").items() if k != f}] for f in ("name", "email", "start_time")
    }
    assert [] == not_refused(invitee(host), "POST", path, missing)
    assert [] == host.get("/bookings")


def test_the_ends_of_the_calendar_are_not_on_offer(host: Host) -> None:
    """
    Times nobody can be met at are refused like any other.
    """
    offer(host, min_notice_hours=0, max_future_days=3650)

    for start in ("0001-01-01T00:00:00+14:00", "9998-12-31T23:59:59-12:00", "1969-12-31T23:59:00Z"):
        assert "slot_unavailable" == refused(host, start)


def test_what_is_not_there_cannot_be_booked(host: Host, sign_up: SignUp) -> None:
    """
    An unknown page, an unknown type, and the type of another page: 404.
    """
    offer(host)
    other = sign_up("Ann")

    for page, event in [("nobody", "call"), (host.slug, "nothing"), (other.slug, "call")]:
        invitee(host).expect(404, "POST", f"/book/{page}/{event}", wanted("09:00"))


def test_overlapping_times_are_refused_on_both_sides(host: Host) -> None:
    """
    An hour takes the half hours it touches, from the other type too.
    """
    offer(host, slug="long", duration_minutes=60, slot_interval=30)
    offer(host, slug="short")
    book(host, "10:00", "long")

    for start, event in [("09:30", "long"), ("10:30", "long"), ("10:00", "short"), ("10:30", "short")]:
        assert "slot_unavailable" == refused(host, start, event)
    book(host, "09:30", "short")
    book(host, "11:00", "long")


def test_a_pending_booking_holds_its_slot(host: Host) -> None:
    """
    Two requests for one time cannot both wait to be confirmed.
    """
    offer(host, requires_confirmation=True)

    booking = book(host, "09:00")

    assert "pending" == booking["status"]
    assert "slot_unavailable" == refused(host, "09:00")
    assert "09:00" not in times(host)


def test_a_host_may_book_with_themselves(host: Host) -> None:
    """
    Being signed in changes nothing on the public path.
    """
    offer(host)

    answer = host.expect(201, "POST", f"/book/{host.slug}/call", wanted("09:00"))

    assert "confirmed" == answer["booking"]["status"]


def test_somebody_elses_booking_is_not_found(host: Host, sign_up: SignUp) -> None:
    """
    Neither can it be read or turned, nor is it in another host's list; its uid opens nothing.
    """
    offer(host)
    booking = book(host, "09:00")
    other = sign_up("Ann")
    address = f"/bookings/{booking['id']}"

    other.expect(404, "GET", address)
    for verb in ("cancel", "confirm", "decline"):
        other.expect(404, "POST", f"{address}/{verb}")
    other.expect(404, "POST", f"{address}/reschedule", {"start_time": f"{MONDAY}T10:00:00Z"})
    host.expect(404, "GET", f"/bookings/{booking['uid']}")
    assert [] == other.get("/bookings")
    assert booking == host.get(address)
