"""
The processes that stay: a server, and a worker beside servers.

All of the web comes with this module, which takes most of a second to load.
"""

import asyncio
import ctypes
import json
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from time import sleep

import uvicorn

from calendo import demo
from calendo.app import create_app, create_worker
from calendo.clock import read_clock
from calendo.db.engine import Database
from calendo.listening import address, reachable
from calendo.settings import Settings
from calendo.worker.loop import Worker

#: Seconds that requests in flight are given to finish after SIGTERM.
_GRACE_SECONDS = 10
#: Where a server listens unless it is told otherwise.
_DEFAULT_ADDRESS = "http://127.0.0.1:8000"
#: So often memory that is not used any more goes back to the system.
_TRIM_SECONDS = 10


def serve(
    settings: Settings, db: Database, listener: socket.socket, host: str, *, demo_mode: bool, no_worker: bool
) -> None:
    """
    Serve on a socket that listens, until a signal ends it; ``host`` is what it was asked to listen on.
    """
    _give_memory_back()
    port = listener.getsockname()[1]
    base_url = address(host, port)
    worker = None if no_worker else create_worker(settings, db, base_url=base_url)
    app = create_app(settings, db, worker=worker, demo_mode=demo_mode)
    print(_demo_block(db, host, port) if demo_mode else f"Calendo listens on {base_url}", flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def work(settings: Settings, db: Database) -> None:
    """
    Send webhooks and mails until a signal ends it.
    """
    asyncio.run(run_until_asked(create_worker(settings, db, base_url=_DEFAULT_ADDRESS)))
    db.close()


async def run_until_asked(worker: Worker) -> None:
    """
    Run a worker until SIGTERM or SIGINT asks it to end.
    """
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    worker.start()
    print("Calendo's worker runs", flush=True)
    await asked.wait()
    await worker.stop()


def _give_memory_back() -> None:
    # glibc's mallopt, by its numbers in malloc.h; elsewhere there is no such function, and no need.
    # A password's hash takes 19 MiB for a moment. The first such block is taken as a
    # sign to keep them all; with a fixed threshold they go back to the system. And each
    # thread that answers calls would get an arena of its own, which keeps what was
    # once needed for a long list.
    mmap_threshold, arena_max = -3, -8
    with suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(mmap_threshold, 1024 * 1024)
        libc.mallopt(arena_max, 2)
        threading.Thread(target=_trim_now_and_then, args=(libc.malloc_trim,), daemon=True).start()


def _trim_now_and_then(malloc_trim: Callable[[int], int]) -> None:
    # What a rush has needed is in pieces between what is still in use, so it goes back only if asked for.
    while True:
        sleep(_TRIM_SECONDS)
        malloc_trim(0)


def _demo_block(db: Database, host: str, port: int) -> str:
    made = demo.prepare(db, read_clock())
    base = address(reachable(host), port)
    page = f"{demo.PAGE_SLUG}/{demo.EVENT_SLUG}"
    query = f"start={made.first_on}&end={made.last_on}&timezone={demo.ZONE}"
    body = json.dumps({"name": "Ada", "email": "ada@example.com", "start_time": made.free_start})
    return f"""
  Calendo demo

  Booking page   {base}/{demo.PAGE_SLUG}
  Dashboard      {base}/app
  API docs       {base}/api/docs
  API key        {made.api_key}
  Log in         {demo.EMAIL} with password {made.password}

  List free slots:
    curl '{base}/api/availability/{page}?{query}'

  Book one:
    curl '{base}/api/book/{page}' -H 'Content-Type: application/json' -d '{body}'

  List bookings:
    curl '{base}/api/bookings' -H 'X-API-Key: {made.api_key}'

  Ctrl+C stops it.
"""
