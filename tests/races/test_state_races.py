"""
Changes that meet: of those that exclude each other one wins, and the messages tell which.
"""

import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from random import Random
from typing import TypeVar
from uuid import uuid4

import pytest
from crowd import SERVERS, Answer, Call, Site, see_that_the_books_balance, send

from calendo.core.instants import HOUR, MINUTE, Instant, written_iso
from calendo.ops.bookings import reschedule
from parts import FULL

pytest_plugins = ["shared_site"]
pytestmark = pytest.mark.prove

ROUNDS = 30 if FULL else 2
#: Races that are run at the same time in a round.
RACES = 8

DONE = (200, None)
MADE = (201, None)
FORBIDDEN = (409, "booking_state")
TAKEN = (409, "slot_unavailable")

Outcome = Counter[tuple[int, str | None]]
Name = TypeVar("Name", bound=Hashable)

_random = Random(20260301)


def test_a_confirmation_that_meets_a_cancellation_comes_first_or_not_at_all(site: Site) -> None:
    """
    The booking ends up cancelled, and nobody is told after that that it is confirmed.
    """
    event = site.event_type("Call", requires_confirmation=True)
    won: Counter[str] = Counter()
    for starts in rounds(site):
        bookings = site.book(event, starts)

        outcomes = race(
            site,
            {
                (verb, booking): [act(site, verb, booking)] * 2
                for booking in bookings
                for verb in ("confirm", "cancel")
            },
        )

        for booking in bookings:
            assert {DONE: 1, FORBIDDEN: 1} == outcomes["cancel", booking]
            first = topics(site, booking)[1]
            if first == "booking.created":
                assert {DONE: 1, FORBIDDEN: 1} == outcomes["confirm", booking]
                assert ["booking.requested", first, "booking.cancelled"] == topics(site, booking)
            else:
                assert {FORBIDDEN: 2} == outcomes["confirm", booking]
                assert ["booking.requested", "booking.cancelled"] == topics(site, booking)
            won[first] += 1
    show(site, "confirm against cancel", won)
    see_that_the_books_balance(site)


def test_of_a_confirmation_and_a_refusal_one_wins(site: Site) -> None:
    """
    Confirming and declining exclude each other, and one message says which it was.
    """
    event = site.event_type("Call", requires_confirmation=True)
    won: Counter[str] = Counter()
    for starts in rounds(site):
        bookings = site.book(event, starts)

        outcomes = race(
            site,
            {
                (verb, booking): [act(site, verb, booking)] * 2
                for booking in bookings
                for verb in ("confirm", "decline")
            },
        )

        for booking in bookings:
            assert {DONE: 1, FORBIDDEN: 3} == outcomes["confirm", booking] + outcomes["decline", booking]
            verb, topic = (
                ("confirm", "booking.created")
                if DONE in outcomes["confirm", booking]
                else ("decline", "booking.declined")
            )
            assert ["booking.requested", topic] == topics(site, booking)
            won[verb] += 1
    show(site, "confirm against decline", won)
    see_that_the_books_balance(site)


def test_a_time_that_is_freed_is_taken_once(site: Site) -> None:
    """
    While a booking is cancelled at most one of those who want its time gets it, or the next one does.
    """
    event = site.event_type("Call", duration_minutes=60, slot_interval=30)
    won: Counter[str] = Counter()
    for starts in rounds(site):
        bookings = dict(zip(starts, site.book(event, starts), strict=True))

        outcomes = race(
            site,
            {("cancel", start): [act(site, "cancel", booking)] for start, booking in bookings.items()}
            | {
                ("book", start): [site.booking(event, start + late) for late in (0, 30 * MINUTE)] * 2
                for start in starts
            },
        )

        for start in starts:
            assert {DONE: 1} == outcomes["cancel", start]
            assert outcomes["book", start] in ({TAKEN: 4}, {MADE: 1, TAKEN: 3})
            won["book" if MADE in outcomes["book", start] else "nobody"] += 1
        left = [start for start in starts if MADE not in outcomes["book", start]]
        if left:
            site.book(event, left)
    show(site, "cancel against book", won)
    see_that_the_books_balance(site)


def test_of_two_bookings_moved_to_one_time_one_gets_there(site: Site) -> None:
    """
    One 200, one 409: the other booking stays where it is, without a message.
    """
    event = site.event_type("Call", duration_minutes=60, slot_interval=30)
    for starts in rounds(site):
        pairs = [tuple(site.book(event, [start, start + HOUR])) for start in starts]
        # The times wanted overlap in part only.
        wanted = {
            booking: start + (4 * HOUR if place == 0 else 4 * HOUR + 30 * MINUTE)
            for start, pair in zip(starts, pairs, strict=True)
            for place, booking in enumerate(pair)
        }

        outcomes = race(site, {booking: [move(site, booking, start)] for booking, start in wanted.items()})

        for pair in pairs:
            assert {DONE: 1, TAKEN: 1} == outcomes[pair[0]] + outcomes[pair[1]]
            for booking in pair:
                moved = DONE in outcomes[booking]
                told = ["booking.rescheduled"] if moved else []
                assert ["booking.created", *told] == topics(site, booking)
                assert moved == (wanted[booking] == start_of(site, booking))
    show(site, "two moves onto one time", {"races": ROUNDS * RACES})
    see_that_the_books_balance(site)


def test_two_bookings_that_would_swap_their_times_both_stay(site: Site) -> None:
    """
    Each wants the other's time, which is not free: both are refused, and neither waits for the other.
    """
    event = site.event_type("Call", duration_minutes=60)
    for starts in rounds(site):
        former = site.book(event, starts)
        later = site.book(event, [start + HOUR for start in starts])
        calls = {
            booking: [move(site, booking, goal)]
            for bookings, ahead in ((former, HOUR), (later, 0))
            for booking, goal in zip(bookings, [start + ahead for start in starts], strict=True)
        }

        outcomes = race(site, calls)

        assert [{TAKEN: 1}] * len(calls) == list(outcomes.values())
    show(site, "swaps", {"refused": ROUNDS * RACES * 2})
    see_that_the_books_balance(site)


def test_a_move_that_meets_a_cancellation_leaves_no_time_taken(site: Site) -> None:
    """
    The booking ends up cancelled, moved before or not at all; both times can be booked again.
    """
    event = site.event_type("Call", duration_minutes=60)
    won: Counter[str] = Counter()
    for starts in rounds(site):
        bookings = site.book(event, starts)
        goals = [start + 4 * HOUR for start in starts]

        outcomes = race(
            site,
            {("cancel", booking): [act(site, "cancel", booking)] for booking in bookings}
            | {
                ("move", booking): [move(site, booking, goal)]
                for booking, goal in zip(bookings, goals, strict=True)
            },
        )

        for booking in bookings:
            assert {DONE: 1} == outcomes["cancel", booking]
            moved = outcomes["move", booking] == {DONE: 1}
            assert moved or outcomes["move", booking] == {FORBIDDEN: 1}
            told = ["booking.rescheduled"] if moved else []
            assert ["booking.created", *told, "booking.cancelled"] == topics(site, booking)
            won["moved first" if moved else "cancelled first"] += 1
        site.book(event, starts + goals)
    show(site, "move against cancel", won)
    see_that_the_books_balance(site)


def test_a_cancellation_that_waited_for_a_move_tells_the_time_it_was_moved_to(site: Site) -> None:
    """
    What a message says is read after the change that it had to wait for, not before.
    """
    event = site.event_type("Call", duration_minutes=60)
    (noon,) = site.free_days(1)
    (booking,) = site.book(event, [noon])
    with site.db.write() as tx:
        reschedule(tx, site.host_id, booking, noon + HOUR, now=int(time.time()))
        answers = send(site.urls, [act(site, "cancel", booking)])

    assert [200] == [answer.status for answer in answers.result()]
    assert ["booking.created", "booking.rescheduled", "booking.cancelled"] == topics(site, booking)
    see_that_the_books_balance(site)


def test_a_call_that_is_repeated_in_parallel_books_once(site: Site) -> None:
    """
    All repetitions under one Idempotency-Key get the same 201, whichever server they reach.
    """
    event = site.event_type("Call")
    for starts in rounds(site):
        calls = {start: [site.booking(event, start, Idempotency_Key=f"{start}")] * 6 for start in starts}

        answers = answers_of(site, calls)

        for start in starts:
            assert {201} == {answer.status for answer in answers[start]}
            assert 1 == len({answer.body["booking"]["uid"] for answer in answers[start]})
    assert ROUNDS * RACES == count(site, "bookings") == count(site, "messages")
    show(site, "repeated calls", {"repetitions": ROUNDS * RACES * 6, "bookings": count(site, "bookings")})
    see_that_the_books_balance(site)


def test_one_idempotency_key_books_for_one_body(site: Site) -> None:
    """
    Two bodies under one key arrive together: one is booked, the other is told that the key is used.
    """
    event = site.event_type("Call")
    for starts in rounds(site):
        calls = {
            start: [site.booking(event, start + late, Idempotency_Key=f"{start}") for late in (0, HOUR)]
            for start in starts
        }

        outcomes = race(site, calls)

        assert [{MADE: 1, (409, "idempotency_key_reused"): 1}] * RACES == list(outcomes.values())
    assert ROUNDS * RACES == count(site, "bookings")
    see_that_the_books_balance(site)


def test_exactly_one_schedule_is_the_default_after_many_were_made_so(site: Site) -> None:
    """
    Switching the default, making a new one and deleting one in parallel leaves one default, never none.
    """
    for _ in range(ROUNDS):
        ids = [site.do("POST", "/api/availability-schedules", {"name": "Some"})["id"] for _ in range(4)]
        doomed = [site.do("POST", "/api/availability-schedules", {"name": "Doomed"})["id"] for _ in range(2)]
        paths = {schedule: f"/api/availability-schedules/{schedule}" for schedule in ids + doomed}
        calls = {
            "switch": [site.own("PUT", paths[schedule], {"is_default": True}) for schedule in ids * 2],
            "make": [site.own("POST", "/api/availability-schedules", {"name": "New", "is_default": True})]
            * 2,
            "switch doomed": [site.own("PUT", paths[schedule], {"is_default": True}) for schedule in doomed],
            "delete doomed": [site.own("DELETE", paths[schedule]) for schedule in doomed],
        }

        outcomes = race(site, calls)

        assert {DONE: 8} == outcomes["switch"]
        assert {MADE: 2} == outcomes["make"]
        assert set(outcomes["switch doomed"]) <= {DONE, (404, "not_found")}
        assert set(outcomes["delete doomed"]) <= {DONE, (409, "default_schedule_needed")}
        assert 1 == sum(each["is_default"] for each in site.do("GET", "/api/availability-schedules"))


def test_a_schedule_is_deleted_or_used_but_not_both(site: Site) -> None:
    """
    Deleting a schedule while event types are given it: one side is told no, and no event type dangles.
    """
    won: Counter[str] = Counter()
    for _ in range(ROUNDS):
        ids = [
            site.do("POST", "/api/availability-schedules", {"name": "Some"})["id"] for _ in range(RACES // 2)
        ]

        outcomes = race(
            site,
            {("delete", each): [site.own("DELETE", f"/api/availability-schedules/{each}")] for each in ids}
            | {
                ("use", each): [site.own("POST", "/api/event-types", {"name": "Call", "schedule_id": each})]
                for each in ids
            },
        )

        for each in ids:
            outcome = (set(outcomes["delete", each]), set(outcomes["use", each]))
            assert outcome in (
                ({DONE}, {(400, "invalid_input")}),
                ({(409, "schedule_in_use")}, {MADE}),
            )
            won["delete" if outcome[0] == {DONE} else "use"] += 1
    show(site, "delete against use", won)


def test_event_types_made_at_once_under_one_name_get_slugs_of_their_own(site: Site) -> None:
    """
    All are made, and their slugs are numbered without a gap.
    """
    for number in range(ROUNDS):
        call = site.own("POST", "/api/event-types", {"name": f"Call {number}"})

        answers = answers_of(site, {"make": [call] * RACES})["make"]

        numbered = [f"call-{number}", *(f"call-{number}-{place}" for place in range(2, RACES + 1))]
        assert sorted(numbered) == sorted(answer.body["slug"] for answer in answers)


def test_hosts_who_sign_up_at_once_under_one_name_get_pages_of_their_own(site: Site) -> None:
    """
    Four namesakes get four slugs; of three who give one e-mail address one is let in.
    """
    for _ in range(1 + ROUNDS // 10):
        name, email = f"Ada {uuid4().hex}", f"{uuid4().hex}@example.com"
        account = {"password": "securepass123", "name": name}
        calls = {
            "namesakes": [
                Call("POST", "/api/auth/register", account | {"email": f"{place}-{email}"})
                for place in range(4)
            ],
            "one address": [Call("POST", "/api/auth/register", account | {"email": email})] * 3,
        }

        answers = answers_of(site, calls)

        assert [201, 201, 201, 201] == [answer.status for answer in answers["namesakes"]]
        assert [201, 409, 409] == sorted(answer.status for answer in answers["one address"])
        slugs = {
            answer.body["bookingSlug"]
            for group in answers.values()
            for answer in group
            if answer.status == 201
        }
        assert 5 == len(slugs)


def rounds(site: Site) -> Iterator[list[Instant]]:
    for _ in range(ROUNDS):
        yield site.free_days(RACES)


def answers_of(site: Site, calls: Mapping[Name, Sequence[Call]]) -> dict[Name, list[Answer]]:
    """
    Make all calls in one instant, in a random order and spread over the servers.
    """
    shuffled = [(name, call) for name, group in calls.items() for call in group]
    _random.shuffle(shuffled)
    answers: dict[Name, list[Answer]] = {name: [] for name in calls}
    for (name, _), answer in zip(shuffled, site.rush([call for _, call in shuffled]), strict=True):
        answers[name].append(answer)
    return answers


def race(site: Site, calls: Mapping[Name, Sequence[Call]]) -> dict[Name, Outcome]:
    """
    The same, and how often each status and code came.
    """
    return {
        name: Counter((answer.status, answer.code) for answer in answers)
        for name, answers in answers_of(site, calls).items()
    }


def act(site: Site, verb: str, booking: int) -> Call:
    return site.own("POST", f"/api/bookings/{booking}/{verb}")


def move(site: Site, booking: int, start: Instant) -> Call:
    return site.own("POST", f"/api/bookings/{booking}/reschedule", {"start_time": written_iso(start)})


def topics(site: Site, booking: int) -> list[str]:
    rows = site.rows("SELECT topic FROM messages WHERE booking_id = :booking ORDER BY id", booking=booking)
    return [topic for (topic,) in rows]


def start_of(site: Site, booking: int) -> Instant:
    ((start,),) = site.rows("SELECT start_ts FROM bookings WHERE id = :booking", booking=booking)
    return int(start)


def count(site: Site, table: str) -> int:
    ((found,),) = site.rows(f"SELECT COUNT(*) FROM {table} WHERE host_id = :host", host=site.host_id)
    return int(found)


def show(site: Site, what: str, figures: Mapping[str, int]) -> None:
    print(f"\n{site.engine}, {SERVERS} servers, {what}: {dict(figures)}", end="")
