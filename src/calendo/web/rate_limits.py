"""
Rate limits: fixed windows of a minute, per address for public calls and per user for others.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil
from time import time

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError

from calendo.settings import Settings

_log = structlog.get_logger()
#: So many windows are kept, at the least, before those that have ended are swept out.
_SWEEP_AT = 10_000
#: How long a call waits for Redis; longer than a rush keeps our own event loop busy.
_PATIENCE_SECONDS = 4
#: How long Redis is left alone after it failed, so that an outage slows down one call in many.
_PAUSE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    What is left of a limit after a call. ``reset`` is when the window ends, in Unix seconds.
    """

    limit: int
    remaining: int
    reset: float
    exceeded: bool

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """
        The headers that every answer carries.
        """
        return [
            (b"x-ratelimit-limit", b"%d" % self.limit),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            # Rounded up, so that whoever waits until then is let in.
            (b"x-ratelimit-reset", b"%d" % (int(self.reset) + 1)),
        ]

    def retry_after(self) -> int:
        """
        Whole seconds after which a call succeeds again.
        """
        return max(1, ceil(self.reset - time()))


class RateLimits:
    """
    Counts calls: in memory, or in Redis where several processes count together.

    While Redis is away each process counts on its own.
    """

    def __init__(self, settings: Settings) -> None:
        self._public = parse(settings.rate_limit_public)
        self._user = parse(settings.rate_limit_user)
        self._memory = MemoryWindows()
        self._shared: FixedWindowRateLimiter | None = None
        self._close: Callable[[], Awaitable[None]] | None = None
        self._alone_until = 0.0
        if settings.redis_url is not None:
            from redis.asyncio import ConnectionPool  # noqa: PLC0415 - only where it is used

            url = str(settings.redis_url)
            pool = ConnectionPool.from_url(url)
            storage = RedisStorage(
                f"async+{url}",
                implementation="redispy",
                wrap_exceptions=True,
                connection_pool=pool,  # type: ignore[arg-type] # its annotations leave out pools
            )
            self._shared = FixedWindowRateLimiter(storage)
            self._close = pool.aclose

    async def close(self) -> None:
        """
        Close the connections to Redis.
        """
        if self._close is not None:
            await self._close()

    async def count_public(self, address: str) -> Allowance:
        """
        Count a call for an address.
        """
        return await self._count(self._public, f"ip:{address}")

    async def count_user(self, user_id: int) -> Allowance:
        """
        Count a call for a user.
        """
        return await self._count(self._user, f"user:{user_id}")

    async def _count(self, item: RateLimitItem, key: str) -> Allowance:
        if self._shared is None or time() < self._alone_until:
            return self._memory.hit(item, key)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                passed = await self._shared.hit(item, key)
                window = await self._shared.get_window_stats(item, key)
        except (StorageError, OSError) as error:
            self._alone_until = time() + _PAUSE_SECONDS
            _log.warning("redis_unavailable", error=str(error) or type(error).__name__)
            return self._memory.hit(item, key)
        # Redis tells the time left to the nearest second.
        return Allowance(item.amount, window.remaining, window.reset_time + 0.5, not passed)


class MemoryWindows:
    """
    Counts calls in the memory of one process, on its event loop.

    The in-memory storage of ``limits`` starts a task for each call and walks through all
    keys in it, which costs more than looking up slots does.
    """

    def __init__(self) -> None:
        self._windows: dict[str, list[float]] = {}
        self._sweep_at = _SWEEP_AT

    def hit(self, item: RateLimitItem, key: str) -> Allowance:
        """
        Count a call; the first one opens a window.
        """
        now = time()
        window = self._windows.get(key)
        if window is None or window[1] <= now:
            if len(self._windows) >= self._sweep_at:
                self._windows = {key: window for key, window in self._windows.items() if window[1] > now}
                # Doubled, so that a flood of addresses does not make each of them sweep.
                self._sweep_at = max(_SWEEP_AT, 2 * len(self._windows))
            window = self._windows[key] = [0, now + item.get_expiry()]
        window[0] += 1
        count, reset = window
        return Allowance(item.amount, max(0, item.amount - int(count)), reset, count > item.amount)
