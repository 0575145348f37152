"""
``calendo worker`` in processes of their own, and messages for them to send.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import parts
from calendo.db.engine import Database, Statement
from calendo.db.models import WebhookEndpoint
from calendo.integrations.vault import Vault
from calendo.ops import webhooks
from ops.making import make_host
from ops.sending import queue

KEY = "a key that only the tests use"
_VAULT = Vault(KEY.encode())
_IS_OPEN = Statement("SELECT COUNT(*) FROM deliveries WHERE status IN ('pending', 'sending')")


def settings_for(database_url: str, folder: Path) -> dict[str, str]:
    """
    The settings of workers that may send to this machine.
    """
    return {
        "CALENDO_DATABASE_URL": database_url,
        "CALENDO_DATA_DIR": str(folder),
        "CALENDO_SECRET_KEY": KEY,
        "CALENDO_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    }


def start_worker(
    settings: Mapping[str, str], *command: str, lease_seconds: int | None = None
) -> "subprocess.Popen[str]":
    """
    Start ``calendo worker``; with ``lease_seconds`` one whose leases are that short.
    """
    program = ["-m", "calendo", "worker", *command]
    if lease_seconds is not None:
        program = [str(Path(__file__).parent / "short_lease.py"), str(lease_seconds)]
    return subprocess.Popen(
        [sys.executable, *program],
        env=parts.environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def runs(worker: "subprocess.Popen[str]") -> None:
    """
    Wait until a worker says that it runs.
    """
    assert worker.stdout is not None
    said: list[str] = []
    # What the log says, such as where mails go, may come before it.
    for line in worker.stdout:
        if line == "Calendo's worker runs\n":
            return
        said.append(line)
    raise AssertionError("".join(said))


def end(worker: "subprocess.Popen[str]") -> None:
    """
    End a worker as a power cut would.
    """
    worker.kill()
    worker.wait()
    if worker.stdout is not None:
        worker.stdout.close()


def make_endpoints(db: Database, url: str, count: int, waiting: int, now: int | None = None) -> list[int]:
    """
    Make endpoints at an address, of one host, with so many deliveries each that are due now.
    """
    now = int(time.time()) if now is None else now
    made = []
    with db.write() as tx:
        host_id = make_host(tx, now=now).id
        for _ in range(count):
            endpoint: WebhookEndpoint = webhooks.create(
                tx, host_id, url, ["booking.created"], "whsec_tests", _VAULT, now
            )
            queue(tx, endpoint, waiting, now)
            made.append(endpoint.id)
    return made


def count_open(db: Database) -> int:
    """
    Count the deliveries that are still on their way.
    """
    with db.quick() as query:
        return int(query(_IS_OPEN, {})[0][0])


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """
    Wait for something to come true.
    """
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"not in {seconds} s: {what}"
        time.sleep(0.02)
