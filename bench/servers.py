"""
The processes that are measured: ``calendo serve``, and the bare server beside it.
"""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bench.load import Call
from bench.machine import Core, pinned
from calendo.db.engine import Database
from calendo.db.schema import migrate
from parts import environment, start_server

_NO_LIMIT = "1000000000/minute"


@dataclass(frozen=True, slots=True)
class Process:
    """
    A server that runs.
    """

    base: str
    pid: int


@contextmanager
def our_server(database_url: str, folder: Path, core: Core) -> Iterator[Process]:
    """
    Run ``calendo serve`` over a database, its rate limits lifted.
    """
    settings = {
        "CALENDO_DATA_DIR": str(folder),
        "CALENDO_DATABASE_URL": database_url,
        "CALENDO_RATE_LIMIT_PUBLIC": _NO_LIMIT,
        "CALENDO_RATE_LIMIT_USER": _NO_LIMIT,
    }
    # From its second start on a server has nothing to migrate; what that takes stays in memory.
    db = Database(database_url)
    migrate(db)
    db.close()
    with pinned(core):
        server = start_server(settings)
    try:
        yield Process(server.url, server.process.pid)
    finally:
        server.stop()


@contextmanager
def bare_server(ours: Process, calls: Sequence[Call], folder: Path, core: Core) -> Iterator[Process]:
    """
    Run a bare server that answers some calls as ours just did.
    """
    file = folder / "answers.json"
    answers = [_answer(ours, call) for call in calls]
    file.write_text(json.dumps(answers))
    with pinned(core):
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.bare", str(file)],
            env=environment({}),
            stdout=subprocess.PIPE,
            text=True,
        )
    try:
        assert process.stdout is not None
        bare = Process(process.stdout.readline().strip(), process.pid)
        if answers != [_answer(bare, call) for call in calls]:
            raise RuntimeError("the bare server answers something else than ours")
        yield bare
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answer(ours: Process, call: Call) -> dict[str, object]:
    body = call.bodies[0] if call.bodies else None
    answer = httpx2.request(
        "GET" if body is None else "POST",
        ours.base + call.target,
        # The load generator takes nothing that is compressed.
        headers={**dict(call.headers), "Accept-Encoding": "identity"},
        content=body,
        timeout=60,
    ).raise_for_status()
    return {
        "target": call.target,
        "status": answer.status_code,
        # uvicorn adds the date to both.
        "headers": [
            (name.decode(), value.decode()) for name, value in answer.headers.raw if name.lower() != b"date"
        ],
        "body": b64encode(answer.content).decode(),
    }
