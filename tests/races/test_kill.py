"""
A server that is killed loses nothing that it promised, and leaves nothing half done.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest
from crowd import (
    UNANSWERED,
    Answer,
    Call,
    Site,
    all_at_once,
    exchange,
    see_that_the_books_balance,
    site_on,
)

from calendo.core.instants import MINUTE, written_iso
from parts import ENGINES, FULL

pytestmark = pytest.mark.prove

KILLS = 20 if FULL else 3
SERVERS = 2
BOOKERS = 12

_random = Random(20260302)


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """
    Two servers of the test's own, since it kills them.
    """
    with site_on(request, tmp_path_factory, servers=SERVERS) as site:
        site.sign_up()
        yield site


@dataclass
class Ledger:
    """
    What the invitees wrote down: their calls and the answers. Each call asks for a time of its own.
    """

    entries: list[tuple[Call, Answer]] = field(default_factory=list)
    pause_seconds: float = 0
    closed: bool = False

    def with_status(self, status: int) -> list[tuple[Call, Answer]]:
        return [(call, answer) for call, answer in self.entries if answer.status == status]


def test_what_was_answered_is_there_once_after_servers_were_killed(site: Site) -> None:
    """
    Invitees book while servers are killed: what was answered 201 is there, once, with its message.

    And a call that got no answer can be repeated under its Idempotency-Key: it books once.
    """
    event = site.event_type("Call", duration_minutes=5)

    ledger = asyncio.run(_book_while_servers_die(site, event))

    answered, unanswered = ledger.with_status(201), ledger.with_status(UNANSWERED)
    assert len(ledger.entries) == len(answered) + len(unanswered)
    cut = [call for call, answer in unanswered if answer.seconds > 0]
    assert len(cut) >= KILLS, "the servers were not killed in the middle of bookings"
    _see_that_the_database_is_whole(site)
    _see_that_all_are_there_once(site, answered)
    see_that_the_books_balance(site)
    before = _count(site)

    calls = [call for call, _ in unanswered for _ in range(2)]
    repeated = list(zip(calls, all_at_once(site.urls, calls), strict=True))

    assert {201} == {answer.status for _, answer in repeated}
    for (_, first), (_, second) in zip(repeated[::2], repeated[1::2], strict=True):
        assert first.body == second.body
    _see_that_all_are_there_once(site, answered + repeated)
    assert len(ledger.entries) == _count(site)
    see_that_the_books_balance(site)
    print(
        f"\n{site.engine}: {KILLS} kills; {len(answered)} bookings answered, all there; {len(cut)} cut off,"
        f" {before - len(answered)} of them made; each is there once after it was repeated",
        end="",
    )


async def _book_while_servers_die(site: Site, event: str) -> Ledger:
    """
    Let invitees book one time after the other, and kill one server or all, again and again.
    """
    ledger = Ledger()
    (noon,) = site.free_days(1)
    calls = (
        site.booking(event, noon + place * 10 * MINUTE, Idempotency_Key=f"call {place}") for place in count()
    )
    async with asyncio.TaskGroup() as bookers:
        for _ in range(BOOKERS):
            bookers.create_task(_book(site, calls, ledger))
        for number in range(KILLS):
            await _restart(site, ledger)
            await asyncio.sleep(_random.uniform(0.1, 0.4))
            # Where all die at once, the database is left to mend itself at the next start.
            victims = list(site.servers) if number % 3 == 1 else [_random.choice(site.servers)]
            for victim in victims:
                site.kill(victim)
        if not site.servers:
            await _restart(site, ledger)
        ledger.closed = True
    return ledger


async def _restart(site: Site, ledger: Ledger) -> None:
    # Starting takes seconds; the bookings go on meanwhile, but leave it some room.
    ledger.pause_seconds = 0.2
    await asyncio.to_thread(site.start, SERVERS - len(site.servers))
    ledger.pause_seconds = 0.001


async def _book(site: Site, calls: Iterator[Call], ledger: Ledger) -> None:
    while not ledger.closed:
        if site.servers:
            call = next(calls)
            ledger.entries.append((call, await exchange(_random.choice(site.urls), call)))
        await asyncio.sleep(ledger.pause_seconds)


def _see_that_the_database_is_whole(site: Site) -> None:
    if site.engine == "sqlite":
        assert [("ok",)] == site.rows("PRAGMA integrity_check")
        assert [] == site.rows("PRAGMA foreign_key_check")


def _see_that_all_are_there_once(site: Site, answered: Iterable[tuple[Call, Answer]]) -> None:
    found = site.rows("SELECT uid, start_ts FROM bookings")
    assert len(found) == len({start for _, start in found})
    starts = {uid: written_iso(start) for uid, start in found}
    for call, answer in answered:
        assert call.body["start_time"] == starts[answer.body["booking"]["uid"]]


def _count(site: Site) -> int:
    ((bookings,),) = site.rows("SELECT COUNT(*) FROM bookings")
    return int(bookings)
