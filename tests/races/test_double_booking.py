"""
A rush on one time: one caller gets it and all others are told, whoever calls and from wherever.
"""

from collections import Counter
from random import Random
from statistics import median

import pytest
from crowd import SERVERS, Call, Site, see_that_the_books_balance

from calendo.core.instants import MINUTE, written_iso
from parts import FULL

pytest_plugins = ["shared_site"]
pytestmark = pytest.mark.prove

ROUNDS = 20 if FULL else 3
PAIRS = 100 if FULL else 10
CALLERS = 200


def test_of_200_bookings_that_all_overlap_exactly_one_is_made(site: Site) -> None:
    """
    Two event types, their buffers and 200 addresses do not let a second booking slip in.
    """
    short = site.event_type("Short", duration_minutes=30, slot_interval=5, buffer_before=15, buffer_after=10)
    long = site.event_type("Long", duration_minutes=55, slot_interval=5, buffer_before=5, buffer_after=20)
    for number, noon in enumerate(site.free_days(ROUNDS), start=1):
        # Whichever of these is booked, noon is blocked by it.
        wanted = [(short, noon + minutes * MINUTE) for minutes in range(-35, 16, 5)]
        wanted += [(long, noon + minutes * MINUTE) for minutes in range(-70, 6, 5)]
        calls = [
            site.booking(*wanted[place % len(wanted)], X_Forwarded_For=f"10.{number}.0.{place}")
            for place in range(CALLERS)
        ]
        Random(number).shuffle(calls)

        answers = site.rush(calls)

        assert {(201, None): 1, (409, "slot_unavailable"): CALLERS - 1} == Counter(
            (answer.status, answer.code) for answer in answers
        )
        took = [answer.seconds * 1000 for answer in answers]
        print(
            f"\n{site.engine}, {SERVERS} servers, round {number}: 1 x 201, {CALLERS - 1} x 409,"
            f" median {median(took):.0f} ms, longest {max(took):.0f} ms",
            end="",
        )
    booked = site.rows("SELECT COUNT(*) FROM bookings WHERE host_id = :host", host=site.host_id)
    assert [(ROUNDS,)] == booked
    see_that_the_books_balance(site)


def test_of_ten_to_eleven_and_half_past_ten_to_eleven_one_is_made(site: Site) -> None:
    """
    Two bookings that overlap in part, of different event types, arrive together: one 201, one 409.
    """
    hour = site.event_type("Hour", duration_minutes=60)
    half = site.event_type("Half an hour", duration_minutes=30)
    made: Counter[str] = Counter()
    for noon in site.free_days(PAIRS):
        ten = noon - 120 * MINUTE

        answers = site.rush([site.booking(hour, ten), site.booking(half, ten + 30 * MINUTE)])

        assert [201, 409] == sorted(answer.status for answer in answers)
        made[next(answer.body["booking"]["event_name"] for answer in answers if answer.status == 201)] += 1
    print(f"\n{site.engine}, {PAIRS} pairs: {dict(made)}", end="")
    see_that_the_books_balance(site)


def test_what_is_booked_on_one_server_is_gone_on_all(site: Site) -> None:
    """
    No server shows a slot that was taken a moment ago on another one, nor hides one that was freed.
    """
    event = site.event_type("Call")
    for noon in site.free_days(PAIRS):
        day = written_iso(noon).partition("T")[0]
        look_up = Call("GET", f"/api/availability/{site.slug}/{event}?start={day}&end={day}")

        before = site.rush([look_up] * SERVERS)
        (booking,) = site.book(event, [noon])
        booked = site.rush([look_up] * SERVERS)
        site.do("POST", f"/api/bookings/{booking}/cancel")
        freed = site.rush([look_up] * SERVERS)

        for answers, shown in ((before, True), (booked, False), (freed, True)):
            assert [shown] * SERVERS == [written_iso(noon) in each.body["starts"][day] for each in answers]
