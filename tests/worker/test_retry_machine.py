"""
The retry machine in seeded worlds: workers die, stall and come back late, endpoints fail, time runs on.

A world is played with the real operations, inside one transaction that is never committed; a
transaction that a worker loses is a savepoint that is rolled back. All that happens in a world
follows from its seed, so a seed that fails can be played again.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from calendo.core.instants import Instant
from calendo.core.retries import MAX_ATTEMPTS, RETRY_DELAYS
from calendo.db.engine import Database, Tx
from calendo.db.models import WebhookEndpoint
from calendo.db.schema import migrate
from calendo.ops import deliveries
from calendo.ops.deliveries import LANE_LIMIT, LEASE_SECONDS, Attempted, Claimed, Outcome
from calendo.ops.outbox import MAIL_LANE
from ops.making import NOW, make_host
from ops.sending import make_endpoint

SEEDS = range(20_000 if "CALENDO_PROVE" in os.environ else 2_000)
CHUNKS = 8
STEPS = 14
#: The endpoints' ids.
LANES = (1, 2)
#: More steps than any world takes to come to rest.
_REST = 400
_END_STATES = {"delivered", "failed"}

# The messages are the same in each world.
_QUEUE = """
    INSERT INTO deliveries
        (message_id, lane, endpoint_id, status, attempts, claim, next_attempt_ts, created_ts)
    WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :count)
    SELECT n.id, :lane, :lane, 'pending', 0, 0, :now, :now FROM n
"""
_ROWS = "SELECT id, lane, status, attempts, claim, next_attempt_ts FROM deliveries ORDER BY id"


class Row(NamedTuple):
    """
    A delivery as it is in the database.
    """

    id: int
    lane: int
    status: str
    attempts: int
    claim: int
    next_attempt_ts: int


class World:
    """
    A few endpoints with deliveries, workers who hold claims, and what must be true of it all.
    """

    def __init__(self, tx: Tx, seed: int, lanes: Sequence[int]) -> None:
        self.tx = tx
        # Past all layers, since a world is looked at after each step.
        self.raw: Any = tx.connection().connection.driver_connection
        self.chance = Random(seed)
        self.seed = seed
        self.now: Instant = NOW
        # How often an endpoint fails; the mails that tell of one that was switched off, too.
        self.moods = {MAIL_LANE: 0.3}
        for lane in self.chance.sample(lanes, self.chance.randint(1, len(lanes))):
            self.raw.execute(_QUEUE, {"lane": lane, "now": NOW, "count": self.chance.randint(1, 7)})
            self.moods[lane] = self.chance.choice((0.0, 0.3, 0.8, 1.0))
        # What each worker holds and has not written down; a stalled one keeps it past its lease.
        self.workers: list[list[Claimed]] = [[] for _ in range(self.chance.randint(1, 3))]
        self.ever_off: set[int] = set()
        self.failures: defaultdict[int, list[Instant]] = defaultdict(list)
        self.arrived: Counter[int] = Counter()
        self.rows: dict[int, Row] = {}
        self.see()

    def step(self) -> None:
        """
        Let one thing happen.
        """
        act = self.chance.choices(
            (self.claim, self.finish, self.wait, self.die, self.end, self.write_late_again, self.switch),
            (30, 35, 20, 6, 3, 3, 1),
        )[0]
        act(self.chance.choice(self.workers))
        self.see()

    def come_to_rest(self) -> None:
        """
        Let no more go wrong but what endpoints do, until all is done.
        """
        survivor = [claimed for worker in self.workers for claimed in worker]
        for _ in range(_REST):
            if all(row.status in _END_STATES for row in self.rows.values()):
                return
            self.finish(survivor, all_of_it=True)
            self.see()
            self.claim(survivor, room=deliveries.LANE_LIMIT * len(self.moods))
            self.see()
            if not survivor:
                self.now = max(self.now + 1, self._due())
        raise AssertionError(f"seed {self.seed}: not at rest")

    def claim(self, worker: list[Claimed], room: int | None = None) -> None:
        lossless, kept = room is not None, 0
        if room is None:
            room = self.chance.randint(1, 12)
            kept = self.chance.randint(0, room)
        before = self.rows
        with self.savepoint(lossless=lossless):
            claims = deliveries.claim(self.tx, self.now, room, kept)
            assert len(claims) <= room
            for each in claims:
                assert before[each.id].status not in _END_STATES
                assert before[each.id].next_attempt_ts <= self.now, "before its time, or its lease ran still"
                assert before[each.id].claim + 1 == each.claim
            worker += claims

    def finish(self, worker: list[Claimed], *, all_of_it: bool = False) -> None:
        """
        Some of what is in flight ends, at the endpoint and then in the database.
        """
        count = len(worker) if all_of_it else self.chance.randint(0, len(worker))
        ended = [worker.pop(self.chance.randrange(len(worker))) for _ in range(count)]
        attempted = [self._attempt(each) for each in ended]
        if not all_of_it and self.chance.random() < 0.1:
            return  # it died between sending and writing that down
        held = {each.id: each.claim for each in self.rows.values() if each.status == "sending"}
        with self.savepoint(lossless=all_of_it):
            given_up = deliveries.finish(self.tx, attempted, self.now)
            valid = [each for each in attempted if held.get(each.claimed.id) == each.claimed.claim]
            assert {each.claimed.id for each in given_up} <= {each.claimed.id for each in valid}
            rows = self.read()
            changed = {id_ for id_, row in self.rows.items() if row != rows[id_]}
            off = {id_ for id_ in changed if rows[id_].lane in self.ever_off}
            assert changed - off <= {each.claimed.id for each in valid}, "a fenced writer changed something"
            for each in valid:
                if each.outcome.error is not None:
                    self.failures[each.claimed.id].append(each.ended_ts)

    def wait(self, _worker: list[Claimed]) -> None:
        self.now += self.chance.choice((0, 1, 3, 9, LEASE_SECONDS, 61, 301, 1801))

    def die(self, worker: list[Claimed]) -> None:
        worker.clear()

    def end(self, worker: list[Claimed]) -> None:
        with self.savepoint():
            deliveries.release(self.tx, worker, self.now)
            worker.clear()

    def write_late_again(self, worker: list[Claimed]) -> None:
        """
        A result is written twice, as after a commit whose answer was lost.
        """
        if worker:
            each = self._attempt(worker.pop())
            held = self.rows[each.claimed.id]
            deliveries.finish(self.tx, [each], self.now)
            is_valid = held.status == "sending" and held.claim == each.claimed.claim
            if is_valid and each.outcome.error is not None:
                self.failures[each.claimed.id].append(each.ended_ts)
            once = self.read()
            deliveries.finish(self.tx, [each], self.now)
            assert once == self.read()

    def switch(self, _worker: list[Claimed]) -> None:
        lane = self.chance.choice([lane for lane in self.moods if lane != MAIL_LANE])
        endpoint = self.tx.get_one(WebhookEndpoint, lane, populate_existing=True)
        endpoint.is_active = self.chance.random() < 0.5
        self.tx.flush()
        if not endpoint.is_active:
            self.ever_off.add(lane)
            deliveries.end_open(self.tx, endpoint, self.now)

    def see(self) -> None:
        """
        Look at the rows, and see that nothing is as it must not be.
        """
        before, self.rows = self.rows, self.read()
        in_flight = Counter(
            row.lane
            for row in self.rows.values()
            if row.status == "sending" and row.next_attempt_ts > self.now
        )
        assert not in_flight or max(in_flight.values()) <= LANE_LIMIT
        assert before.keys() <= self.rows.keys(), "a delivery is gone"
        for id_, row in self.rows.items():
            assert row.attempts <= MAX_ATTEMPTS
            if id_ in before and before[id_].status in _END_STATES:
                assert before[id_] == row, "what had ended has changed"
            if row.status == "delivered":
                assert self.arrived[id_] > 0, "delivered, and never arrived"
            if row.status == "pending" and id_ in before and before[id_].status == "sending":
                self._see_spacing(row, before[id_])

    def _see_spacing(self, row: Row, before: Row) -> None:
        if row.attempts > before.attempts:
            ended_ts = self.failures[row.id][-1]
            assert ended_ts + RETRY_DELAYS[row.attempts - 1] == row.next_attempt_ts

    def _attempt(self, claimed: Claimed) -> Attempted:
        if self.chance.random() < self.moods[claimed.lane]:
            status = 410 if self.chance.random() < 0.02 else 500
            if status == 410 and claimed.lane != MAIL_LANE:
                self.ever_off.add(claimed.lane)
            outcome = Outcome(status, f"The endpoint answered {status}.")
        else:
            self.arrived[claimed.id] += 1
            outcome = Outcome(200)
        return Attempted(claimed, outcome, self.now, self.now, 5)

    def _due(self) -> Instant:
        return min(
            (row.next_attempt_ts for row in self.rows.values() if row.status not in _END_STATES), default=0
        )

    def read(self) -> dict[int, Row]:
        return {row[0]: Row(*row) for row in self.raw.execute(_ROWS)}

    @contextmanager
    def savepoint(self, *, lossless: bool = False) -> Iterator[None]:
        """
        Run a transaction that is lost now and then, with what was noted in it.
        """
        noted = {id_: list(ends) for id_, ends in self.failures.items()}
        held = [list(worker) for worker in self.workers]
        self.raw.execute("SAVEPOINT step")
        yield
        self.tx.flush()
        if not lossless and self.chance.random() < 0.1:
            self.raw.execute("ROLLBACK TO step")
            self.failures = defaultdict(list, noted)
            for worker, claims in zip(self.workers, held, strict=True):
                worker[:] = claims
        self.raw.execute("RELEASE step")
        self.tx.expunge_all()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """
    A database with the endpoints and messages that each world starts from.
    """
    db = Database(f"sqlite:///{tmp_path / 'worlds.db'}")
    migrate(db)
    with db.write() as tx:
        host = make_host(tx)
        make_endpoint(tx, 7, host_id=host.id)
        make_endpoint(tx, 0, host_id=host.id)
        tx.execute(text("DELETE FROM deliveries"))
    yield db
    db.close()


def play(db: Database, seed: int) -> Counter[str]:
    """
    Play one world to its end, see that it is right, and return how many deliveries ended how.
    """
    with db.write() as tx:
        world = World(tx, seed, LANES)
        for _ in range(STEPS):
            world.step()
        world.come_to_rest()
        for row in world.rows.values():
            if row.status == "failed" and row.lane not in world.ever_off:
                assert MAX_ATTEMPTS == row.attempts, "given up too early"
                assert MAX_ATTEMPTS == len(world.failures[row.id])
        ends = Counter(str(row.status) for row in world.rows.values())
        tx.rollback()
    return ends


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_goes_wrong_in_any_world(db: Database, chunk: int) -> None:
    """
    Whatever happens: four in flight at most, four attempts at most, at their times, each end for good.
    """
    ends: Counter[str] = Counter()
    for seed in SEEDS[chunk::CHUNKS]:
        try:
            ends += play(db, seed)
        except Exception as error:
            error.add_note(f"seed {seed}")
            raise

    assert {"delivered", "failed"} == set(ends)
    assert min(ends.values()) > len(SEEDS) // CHUNKS // 4, "the worlds are too much alike"


def test_a_seed_replays(db: Database) -> None:
    """
    The same seed makes the same world.
    """
    assert [play(db, seed) for seed in range(20)] == [play(db, seed) for seed in range(20)]
