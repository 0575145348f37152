"""
Isolation: endpoints that hang do not keep others waiting.
"""

import time
from pathlib import Path

import pytest
from inbox import Inbox
from sqlalchemy import text
from workers import end, make_endpoints, runs, settings_for, start_worker, wait_until

from calendo.db.engine import Database
from calendo.db.models import WebhookEndpoint
from ops.sending import queue
from parts import FULL

pytestmark = pytest.mark.prove

HANGING, WAITING = 20, 100
HEALTHY = 200 if FULL else 30
#: From one message to the healthy endpoint to the next one.
PAUSE_SECONDS = 0.1


def test_hanging_endpoints_starve_nobody(database_url: str, engine_name: str, tmp_path: Path) -> None:
    """
    With 100 deliveries queued to each of 20 endpoints that never answer, a healthy one gets its own in 2 s.
    """
    db = Database(database_url)
    created: dict[str, float] = {}
    with Inbox(answers=False) as silent, Inbox() as inbox:
        make_endpoints(db, silent.url, HANGING, WAITING)
        (healthy,) = make_endpoints(db, inbox.url, 1, 0)
        worker = start_worker(settings_for(database_url, tmp_path))
        try:
            runs(worker)
            wait_until(lambda: len(silent.arrivals) >= 4 * HANGING, 30, "all of them hang")
            for _ in range(HEALTHY):
                with db.write() as tx:
                    queue(tx, tx.get_one(WebhookEndpoint, healthy), 1, int(time.time()))
                    uid = tx.scalar(text("SELECT uid FROM messages ORDER BY id DESC LIMIT 1"))
                created[str(uid)] = time.time()
                time.sleep(PAUSE_SECONDS)
            wait_until(lambda: len(inbox.arrivals) == HEALTHY, 10, "the healthy one gets all")
        finally:
            end(worker)
    db.close()

    took = sorted(inbox.arrivals[uid][0] - since for uid, since in created.items())
    p99 = took[min(len(took) - 1, len(took) * 99 // 100)]
    assert 4 * HANGING >= silent.most_at_once, "more than four in flight"
    assert p99 < 2
    print(
        f"\n{engine_name}: {HANGING} hang; a healthy one's deliveries took {took[len(took) // 2]:.2f} s,"
        f" p99 {p99:.2f} s",
        end="",
    )
