"""
Deliveries: ``calendo worker`` sending webhooks to one fast receiver, beside a bare loop of httpx2.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.machine import Core, pinned
from calendo.db.engine import Database
from calendo.db.schema import migrate
from calendo.ops.deliveries import LANE_LIMIT
from parts import environment
from worker.inbox import Inbox
from worker.workers import make_endpoints, runs, settings_for, start_worker, wait_until

#: What waits for the worker in one round, and what the bare loop sends in one.
_WAITING = 1_500
_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Throughput:
    """
    Deliveries a second, by the worker and by the bare loop that took turns with it.
    """

    pairs: tuple[tuple[float, float], ...]

    @property
    def ours(self) -> float:
        """
        The worker's median.
        """
        return median(ours for ours, _ in self.pairs)

    @property
    def bare(self) -> float:
        """
        The bare loop's median.
        """
        return median(bare for _, bare in self.pairs)

    @property
    def ratio(self) -> float:
        """
        The worker's share of the bare loop's.
        """
        return median(ours / bare for ours, bare in self.pairs)


def deliveries_per_second(
    database_url: str, folder: Path, cores: tuple[Core, Core], rounds: int
) -> Throughput:
    """
    Let one worker send what waits for one endpoint, and a bare loop as many requests, in turn.

    Both run on the first core and send to the same receiver, which runs on the second;
    both have as many requests on their way as one endpoint may have.
    """
    db = Database(database_url)
    migrate(db)
    with pinned(cores[1]), Inbox() as inbox:
        # The first round warms up and is not counted.
        pairs = [
            (_ours(db, database_url, folder, inbox, cores[0]), _bare(inbox, cores[0]))
            for _ in range(rounds + 1)
        ]
    db.close()
    return Throughput(tuple(pairs[1:]))


def _ours(db: Database, database_url: str, folder: Path, inbox: Inbox, core: Core) -> float:
    make_endpoints(db, inbox.url, 1, _WAITING)
    with pinned(core), _ended(start_worker(settings_for(database_url, folder))) as worker:
        runs(worker)
        return _arrivals_per_second(inbox)


def _bare(inbox: Inbox, core: Core) -> float:
    command = [sys.executable, "-m", "bench.bare_sender", inbox.url, str(_WAITING), str(LANE_LIMIT)]
    with pinned(core), _ended(subprocess.Popen(command, env=environment({}), text=True)):
        return _arrivals_per_second(inbox)


@contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _arrivals_per_second(inbox: Inbox) -> float:
    """
    Wait until all have arrived, and say how many a second did, from the first to the last.
    """
    before = len(inbox.arrivals)
    wait_until(lambda: len(inbox.arrivals) == before + _WAITING, _PATIENCE_SECONDS, "all have arrived")
    times = sorted(time_ for times in list(inbox.arrivals.values())[before:] for time_ in times)
    return (len(times) - 1) / (times[-1] - times[0])
