"""
What decides about the times on offer, seen from outside: schedules, overrides, notice, window, buffers.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from steps import MONDAY, book, invitee, offer, refused, times

from conftest import Clock, Host

SignUp = Callable[..., Host]
TUESDAY = "2026-03-03"


def every(minutes: int, first: str, last: str) -> list[str]:
    """
    The labels from ``first`` to ``last``, ``minutes`` apart.
    """
    low, high = (int(label[:2]) * 60 + int(label[3:]) for label in (first, last))
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in range(low, high + 1, minutes)]


def reschedule_hours(host: Host, **changes: Any) -> None:
    """
    Change the host's default schedule.
    """
    (default,) = (row for row in host.get("/availability-schedules") if row["is_default"])
    host.put(f"/availability-schedules/{default['id']}", changes)


def window(day: int, start: str, end: str) -> dict[str, Any]:
    """
    A weekly rule.
    """
    return {"day": day, "start": start, "end": end}


def test_hours_shift_to_the_invitees_clock(sign_up: SignUp) -> None:
    """
    Nine in Los Angeles is noon in New York, and five is eight.
    """
    host = sign_up(timezone="America/Los_Angeles")
    offer(host)

    answer = invitee(host).get(
        f"/availability/{host.slug}/call", start="2026-03-10", end="2026-03-10", timezone="America/New_York"
    )

    assert {"2026-03-10": every(30, "12:00", "19:30")} == answer["slots"]
    assert "2026-03-10T16:00:00Z" == answer["starts"]["2026-03-10"][0]


def test_one_sides_clock_change_moves_the_labels(sign_up: SignUp) -> None:
    """
    New York goes to summer time three weeks before London, so Monday starts an hour earlier there.
    """
    host = sign_up(timezone="America/New_York")
    offer(host)

    assert "14:00" == times(host, "2026-03-06", zone="Europe/London")[0]
    assert "13:00" == times(host, "2026-03-09", zone="Europe/London")[0]


def test_one_date_of_the_invitee_holds_two_of_the_host(sign_up: SignUp) -> None:
    """
    India's Tuesday has the end of California's Monday and the beginning of its Tuesday.
    """
    host = sign_up(timezone="America/Los_Angeles")
    offer(host, max_future_days=365)

    shown = times(host, "2026-06-16", zone="Asia/Kolkata")

    assert [*every(30, "00:00", "05:00"), *every(30, "21:30", "23:30")] == shown


def test_a_night_goes_on_past_midnight(host: Host) -> None:
    """
    An end before the start is on the next day; closing that day by an override cuts the night off.
    """
    reschedule_hours(host, rules=[window(5, "22:00", "02:00")])
    offer(host, duration_minutes=60, slot_interval=30)
    friday, saturday = "2026-03-06", "2026-03-07"

    assert every(30, "22:00", "23:30") == times(host, friday)
    assert every(30, "00:00", "01:00") == times(host, saturday)

    reschedule_hours(host, overrides=[{"date": saturday, "unavailable": True}])

    assert ["22:00", "22:30", "23:00"] == times(host, friday)
    assert [] == times(host, saturday)


def test_a_window_may_end_at_midnight(host: Host) -> None:
    """
    24:00 is the end of the day, not the start of another one.
    """
    reschedule_hours(host, rules=[window(1, "22:00", "24:00")])
    offer(host, duration_minutes=60)

    assert ["22:00", "23:00"] == times(host, MONDAY)
    assert [] == times(host, TUESDAY)


def test_day_0_and_day_7_are_sunday(host: Host) -> None:
    """
    Sunday the eighth is open by either number, Saturday by neither.
    """
    offer(host, duration_minutes=60)
    for day in (0, 7):
        reschedule_hours(host, rules=[window(day, "10:00", "12:00")])

        assert ["10:00", "11:00"] == times(host, "2026-03-08")
        assert [] == times(host, "2026-03-07")


def test_an_override_replaces_its_date(host: Host) -> None:
    """
    The rules do not count on it; several windows of one date add up.
    """
    offer(host, duration_minutes=60)
    overrides = [
        {"date": MONDAY, "start": "07:00", "end": "09:00"},
        {"date": MONDAY, "start": "20:00", "end": "21:00"},
        {"date": TUESDAY, "unavailable": True},
    ]

    reschedule_hours(host, overrides=overrides)

    assert ["07:00", "08:00", "20:00"] == times(host, MONDAY)
    assert [] == times(host, TUESDAY)
    assert every(60, "09:00", "16:00") == times(host, "2026-03-04")
    assert "slot_unavailable" == refused(host, "10:00")


def test_an_override_can_cover_a_range(host: Host) -> None:
    """
    ``until`` is the last date of a holiday, or of a week with other hours.
    """
    offer(host, duration_minutes=60)
    holiday = {"date": "2026-03-04", "until": "2026-03-10", "unavailable": True}
    evenings = {"date": "2026-03-11", "until": "2026-03-12", "start": "18:00", "end": "19:00"}

    reschedule_hours(host, overrides=[holiday, evenings])

    first = date.fromisoformat(TUESDAY)
    days = [str(first + timedelta(days=number)) for number in range(11)]
    offered = {day: times(host, day) for day in days}
    usual = every(60, "09:00", "16:00")
    assert {
        "2026-03-03": usual,
        "2026-03-11": ["18:00"],
        "2026-03-12": ["18:00"],
        "2026-03-13": usual,
    } == {day: labels for day, labels in offered.items() if labels}


def test_a_changed_schedule_takes_effect_at_once(host: Host) -> None:
    """
    New hours, then a new zone; a booking made before keeps its time and still blocks.
    """
    offer(host, duration_minutes=60)
    booking = book(host, "10:00")

    reschedule_hours(host, rules=[window(1, "09:00", "12:00")])
    assert ["09:00", "11:00"] == times(host)

    reschedule_hours(host, timezone="Europe/Berlin")
    assert ["08:00", "09:00"] == times(host)
    assert booking == host.get(f"/bookings/{booking['id']}")


def test_a_type_follows_the_default_unless_it_has_a_schedule(host: Host) -> None:
    """
    With null it goes along when the default changes; with a schedule of its own it does not.
    """
    own = host.post(
        "/availability-schedules", {"name": "Own", "timezone": "UTC", "rules": [window(1, "06:00", "07:00")]}
    )
    offer(host, slug="own", duration_minutes=60, schedule_id=own["id"])
    follower = offer(host, slug="default", duration_minutes=60)
    assert [["06:00"], every(60, "09:00", "16:00")] == [times(host, event=e) for e in ("own", "default")]

    late = {"name": "Late", "timezone": "UTC", "rules": [window(1, "20:00", "21:00")], "is_default": True}
    host.post("/availability-schedules", late)

    assert [["06:00"], ["20:00"]] == [times(host, event=event) for event in ("own", "default")]
    host.put(f"/event-types/{follower['id']}", {"schedule_id": own["id"]})
    assert ["06:00"] == times(host, event="default")


def test_a_schedule_without_rules_offers_nothing(host: Host) -> None:
    """
    That is how a host closes for good.
    """
    offer(host)

    reschedule_hours(host, rules=[])

    assert [] == times(host)


def test_notice_counts_from_now_and_includes_its_end(host: Host, clock: Clock) -> None:
    """
    Four hours ahead to the second is enough, one second less is not.
    """
    offer(host)

    clock.set(f"{MONDAY}T09:00:00+00:00")
    assert "13:00" == times(host)[0]

    clock.forward(1)
    assert "13:30" == times(host)[0]
    assert "slot_unavailable" == refused(host, "13:00")


def test_without_notice_the_next_slot_is_open(host: Host, clock: Clock) -> None:
    """
    What has begun is over.
    """
    offer(host, min_notice_hours=0)

    clock.set(f"{MONDAY}T10:07:00+00:00")

    assert "10:30" == times(host)[0]
    assert "slot_unavailable" == refused(host, "10:00")


@pytest.mark.parametrize(("now", "last"), [("07:30", "2026-05-06"), ("08:30", "2026-05-07")])
def test_the_window_counts_days_of_the_host(sign_up: SignUp, clock: Clock, now: str, last: str) -> None:
    """
    Sixty days from the date it is in Los Angeles, where Sunday begins at eight in UTC.
    """
    host = sign_up(timezone="America/Los_Angeles")
    offer(host)
    clock.set(f"2026-03-08T{now}:00+00:00")

    answer = invitee(host).get(f"/availability/{host.slug}/call", start="2026-05-01", end="2026-05-31")

    assert last == max(answer["slots"])


def test_a_window_of_no_days_is_today(host: Host, clock: Clock) -> None:
    """
    ``max_future_days`` 0 is for walk-ins.
    """
    offer(host, max_future_days=0, min_notice_hours=0)
    assert [] == times(host)

    clock.set(f"{MONDAY}T00:00:00+00:00")

    assert 16 == len(times(host))
    assert [] == times(host, TUESDAY)


def test_buffers_of_two_bookings_add_up(host: Host) -> None:
    """
    Fifteen minutes after the one and fifteen before the other keep half an hour between them.
    """
    reschedule_hours(host, rules=[window(1, "09:00", "12:00")])
    offer(host, slug="first", buffer_after=15)
    offer(host, slug="second", buffer_before=15, slot_interval=15)

    book(host, "10:00", "first")

    assert [*every(15, "09:00", "09:30"), *every(15, "11:00", "11:30")] == times(host, event="second")


def test_a_buffer_may_reach_over_the_edge(host: Host) -> None:
    """
    Opening time and closing time do not have to make room for it.
    """
    offer(host, duration_minutes=60, buffer_before=60, buffer_after=60)

    assert ["09:00", "16:00"] == [times(host)[0], times(host)[-1]]


def test_a_changed_buffer_leaves_old_bookings_alone(host: Host) -> None:
    """
    What a booking blocks is fixed when it is made.
    """
    made = offer(host, duration_minutes=60)
    book(host, "10:00")

    host.put(f"/event-types/{made['id']}", {"buffer_after": 60})

    # Only what comes before it now needs an hour of air behind it.
    assert every(60, "11:00", "16:00") == times(host)


def test_duration_and_interval_make_the_grid(host: Host) -> None:
    """
    Starts are as far apart as the interval says, and as the duration does where there is none.
    """
    made = offer(host, duration_minutes=90)
    assert ["09:00", "10:30", "12:00", "13:30", "15:00"] == times(host)

    host.put(f"/event-types/{made['id']}", {"slot_interval": 150})
    assert ["09:00", "11:30", "14:00"] == times(host)

    host.put(f"/event-types/{made['id']}", {"slot_interval": None, "duration_minutes": 480})
    assert ["09:00"] == times(host)


def test_a_host_has_one_calendar_for_all_types(host: Host, sign_up: SignUp) -> None:
    """
    A booking of one type takes the time from the others, and never from another host.
    """
    other = sign_up("Ann")
    offer(host, slug="short")
    offer(host, slug="long", duration_minutes=60)
    offer(other)

    book(host, "10:30", "short")

    assert "10:00" not in times(host, event="long")
    assert "10:30" in times(other)


def test_the_clock_going_forward_skips_an_hour(sign_up: SignUp) -> None:
    """
    Between one and four in the morning there are two hours on that day.
    """
    host = sign_up(timezone="America/New_York")
    reschedule_hours(host, rules=[window(0, "01:00", "04:00")])
    offer(host)

    assert ["01:00", "01:30", "03:00", "03:30"] == times(host, "2026-03-08", zone="America/New_York")
