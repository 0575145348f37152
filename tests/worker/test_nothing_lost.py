"""
Nothing is lost: workers are killed over and over while they send, and every message arrives.
"""

import subprocess
import time
from pathlib import Path
from random import Random

import pytest
from inbox import Inbox
from sqlalchemy import text
from workers import count_open, end, make_endpoints, runs, settings_for, start_worker, wait_until

from calendo.db.engine import Database
from calendo.ops.deliveries import INTERRUPTED, LEASE_SECONDS
from parts import FULL

pytestmark = pytest.mark.prove

KILLS = 100 if FULL else 3
ENDPOINTS, WAITING = (250, 40) if FULL else (25, 12)
WORKERS = 2
#: None: the workers are ``calendo worker`` as it is, with its leases of 30 seconds.
SHORT_LEASE = None if FULL else 3
#: A few messages would be gone before a worker can be killed; so their answers take a while.
ANSWERS_AFTER_SECONDS = 0 if FULL else 0.2
#: So many messages arrive at least between two kills, while there are enough.
BETWEEN = 20
#: From when a worker took a delivery until another one that runs took it up.
TAKEN_UP_WITHIN = (LEASE_SECONDS if SHORT_LEASE is None else SHORT_LEASE) + 5

_random = Random(20261125)

_INTERRUPTED = """
SELECT m.uid, d.status, d.attempts,
    (SELECT COUNT(*) FROM attempts a WHERE a.delivery_id = d.id AND a.error = :interrupted)
FROM deliveries d JOIN messages m ON m.id = d.message_id
"""
_TAKEN_UP = """
SELECT MAX((SELECT MIN(n.started_ts) FROM attempts n WHERE n.delivery_id = a.delivery_id AND n.id > a.id)
    - a.started_ts)
FROM attempts a WHERE a.error = :interrupted
"""


def test_every_message_arrives_though_workers_are_killed(
    database_url: str, engine_name: str, tmp_path: Path
) -> None:
    """
    Only what was in flight at a kill arrives twice, under the same webhook-id, and soon.
    """
    db = Database(database_url)
    settings = settings_for(database_url, tmp_path)
    total = ENDPOINTS * WAITING
    workers: list[subprocess.Popen[str]] = []
    with Inbox(after_seconds=ANSWERS_AFTER_SECONDS) as inbox:
        make_endpoints(db, inbox.url, ENDPOINTS, WAITING)
        try:
            began = time.monotonic()
            workers += (start_worker(settings, lease_seconds=SHORT_LEASE) for _ in range(WORKERS))
            for number in range(KILLS):
                runs(workers[0])
                if number == 0:
                    start_seconds = time.monotonic() - began
                # Spread over all that is to be sent, so that there is something in flight each time.
                goal = min(total * (number + 1) // (KILLS + 2), len(inbox.arrivals) + 20 * BETWEEN)
                wait_until(lambda goal=goal: len(inbox.arrivals) >= goal, 120, "more arrives")
                end(workers.pop(0))
                workers.append(start_worker(settings, lease_seconds=SHORT_LEASE))
            wait_until(lambda: count_open(db) == 0, 180, "all is delivered")
        finally:
            for worker in workers:
                end(worker)
    with db.read() as tx:
        rows = tx.execute(text(_INTERRUPTED), {"interrupted": INTERRUPTED}).all()
        taken_up = tx.scalar(text(_TAKEN_UP), {"interrupted": INTERRUPTED})
    db.close()

    assert total == len(rows) == len(inbox.arrivals), "messages are lost"
    assert {("delivered", 1)} == {(status, attempts) for _, status, attempts, _ in rows}
    interruptions = {uid: count for uid, _, _, count in rows}
    for uid, times in inbox.arrivals.items():
        assert len(times) <= 1 + interruptions[uid], "one that was not in flight at a kill arrived twice"
    interrupted = sum(interruptions.values())
    assert interrupted >= KILLS, "the workers were not killed in the middle of sending"
    # Where both that ran are killed, the next one has to start first, which is this machine's affair.
    assert taken_up <= TAKEN_UP_WITHIN + (0 if FULL else start_seconds)
    twice = sum(len(times) - 1 for times in inbox.arrivals.values())
    print(
        f"\n{engine_name}: {total} messages, {KILLS} kills: all arrived; {interrupted} were in flight at a"
        f" kill, {twice} of them arrived again; taken up after {taken_up} s at most, leases included",
        end="",
    )
