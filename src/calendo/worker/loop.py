"""
The worker: takes due deliveries, sends them side by side, and writes down what came of them.

Results are written in the transaction that takes the next deliveries, and none is open
while something is being sent. A worker that dies loses nothing: its leases run out.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import Unavailable
from calendo.integrations.failures import Failure
from calendo.ops import deliveries
from calendo.ops.deliveries import LEASE_SECONDS, Attempted, Claimed, Outcome
from calendo.worker.chores import Chores

T = TypeVar("T")

#: So many deliveries a worker has in flight at most, and so many of these places
#: are for lanes of which nothing is in flight.
CAPACITY = 256
KEPT = CAPACITY // 2
#: So often it looks for due deliveries while it has nothing to do.
POLL_SECONDS = 0.5
#: So long a result waits for others to be written down with.
GATHER_SECONDS = 0.005
#: So often it looks for chores.
CHORE_SECONDS = 1
#: So long what is in flight may take when the worker is asked to end.
GRACE_SECONDS = 10
#: So long the database may take after that to hear of it.
_LAST_WORDS_SECONDS = 3

_log = structlog.get_logger()


class Sender(Protocol):
    """
    Makes one attempt. It limits its own time, and what the network does to it is an ``Outcome``.
    """

    async def send(self, claimed: Claimed) -> Outcome:
        """
        Send a delivery and tell what came of it.
        """

    async def close(self) -> None:
        """
        Let go of what is held open between deliveries.
        """


class Worker:
    """
    Sends what is due until it is stopped, and does the chores.
    """

    def __init__(
        self,
        db: Database,
        webhooks: Sender,
        mails: Sender,
        clock: Callable[[], Instant],
        *,
        lease_seconds: int = LEASE_SECONDS,
    ) -> None:
        self._db = db
        self._webhooks = webhooks
        self._mails = mails
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._chores = Chores(db)
        self._in_flight: dict[asyncio.Task[None], Claimed] = {}
        self._attempted: list[Attempted] = []
        self._wake = asyncio.Event()
        self._stop_asked = asyncio.Event()
        self._outage: str | None = None
        self._tasks: list[asyncio.Task[None]] = []
        # Of its own, so that slow calls of the API cannot hold the deliveries up:
        # one thread for these and one for the chores.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="calendo-worker")

    def start(self) -> None:
        """
        Begin, on the event loop that runs.
        """
        self._tasks = [asyncio.create_task(self._deliver()), asyncio.create_task(self._do_chores())]

    async def stop(self) -> None:
        """
        Take nothing more, give what is in flight ten seconds to finish, and give the rest back.
        """
        self._stop_asked.set()
        self._wake.set()
        _, late = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
        for task in [*late, *self._in_flight]:
            task.cancel()
        left = list(self._in_flight.values())
        await asyncio.gather(*late, *self._in_flight, return_exceptions=True)
        try:
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self._in_thread(lambda: self._give_back(left))
        except (SQLAlchemyError, Unavailable, TimeoutError):
            # Then their leases run out, and another worker takes them up.
            _log.warning("deliveries could not be given back", count=len(left))
        self._threads.shutdown(wait=False, cancel_futures=True)
        await self._webhooks.close()
        await self._mails.close()

    async def _deliver(self) -> None:
        # After it was asked to stop: until nothing is in flight and all is written down.
        while not self._stop_asked.is_set() or self._in_flight or self._attempted:
            self._wake.clear()
            try:
                await self._exchange()
            except Exception as error:  # noqa: BLE001 - whatever it is, others wait to be sent
                self._note_outage(error)
                await asyncio.sleep(POLL_SECONDS)
            else:
                self._outage = None
            if not self._attempted:
                await _first_of(self._wake, POLL_SECONDS)
            if self._attempted and self._in_flight:
                # What finishes at about the same time is written in one transaction.
                await asyncio.wait(self._in_flight, timeout=GATHER_SECONDS)

    async def _exchange(self) -> None:
        """
        Write down what has finished and take what is due, if there is anything of either.
        """
        room = 0 if self._stop_asked.is_set() else CAPACITY - len(self._in_flight)
        attempted, self._attempted = self._attempted, []
        try:
            if not attempted and (room == 0 or not await self._in_thread(self._is_due)):
                return
            claims, given_up = await self._in_thread(lambda: self._write(attempted, room))
        except BaseException:
            # If it was written after all, writing it again changes nothing.
            self._attempted = attempted + self._attempted
            raise
        for each in given_up:
            _log.warning(
                "delivery failed",
                delivery=each.claimed.id,
                topic=each.claimed.topic,
                url=each.claimed.url,
                error=each.outcome.error,
            )
        for claimed in claims:
            task = asyncio.create_task(self._attempt(claimed))
            self._in_flight[task] = claimed
            task.add_done_callback(self._in_flight.pop)

    def _is_due(self) -> bool:
        with self._db.quick() as query:
            return deliveries.is_due(query, self._clock())

    def _write(self, attempted: list[Attempted], room: int) -> tuple[list[Claimed], list[Attempted]]:
        now = self._clock()
        with self._db.write() as tx:
            given_up = deliveries.finish(tx, attempted, now)
            kept = min(KEPT, room)
            claims = deliveries.claim(tx, now, room, kept, lease_seconds=self._lease_seconds)
        return claims, given_up

    async def _attempt(self, claimed: Claimed) -> None:
        sender = self._mails if claimed.url is None else self._webhooks
        started_ts, began = self._clock(), time.perf_counter()
        try:
            outcome = await sender.send(claimed)
        except Exception as error:  # noqa: BLE001 - what was not foreseen is retried like what was
            _log.exception("a delivery could not be sent", delivery=claimed.id)
            outcome = Outcome(error=Failure.INTERNAL.of(why=type(error).__name__))
        took_ms = round((time.perf_counter() - began) * 1000)
        self._attempted.append(Attempted(claimed, outcome, started_ts, self._clock(), took_ms))
        self._wake.set()

    def _note_outage(self, error: Exception) -> None:
        # Once for all that goes wrong in a row; the database may be away for hours.
        what = type(error).__name__
        if what == self._outage:
            return
        self._outage = what
        if isinstance(error, SQLAlchemyError | Unavailable):
            _log.warning("the worker waits for the database", error=str(error).split("\n")[0])
        else:
            _log.error("the worker stumbled and goes on", exc_info=error)

    def _give_back(self, left: list[Claimed]) -> None:
        now = self._clock()
        attempted, self._attempted = self._attempted, []
        done = {each.claimed.id for each in attempted}
        if left or attempted:
            with self._db.write() as tx:
                deliveries.finish(tx, attempted, now)
                deliveries.release(tx, [each for each in left if each.id not in done], now)

    async def _do_chores(self) -> None:
        while not self._stop_asked.is_set():
            try:
                await self._in_thread(lambda: self._chores.do(self._clock()))
            except (SQLAlchemyError, Unavailable) as error:
                self._note_outage(error)
            except Exception:  # noqa: BLE001 - the other chores are still to be done
                _log.exception("a chore failed")
            await _first_of(self._stop_asked, CHORE_SECONDS)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    """
    Wait for an event, but not longer than so many seconds.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
