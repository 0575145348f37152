"""
Rate limits: fixed windows of a minute, per address for public calls and per user for others.
"""

from dataclasses import dataclass
from time import time

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from calendo.settings import Settings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    What is left of a limit after a call. ``reset_ts`` is when the window ends.
    """

    limit: int
    remaining: int
    reset_ts: int
    exceeded: bool

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """
        The headers that every answer carries.
        """
        return [
            (b"x-ratelimit-limit", b"%d" % self.limit),
            (b"x-ratelimit-remaining", b"%d" % self.remaining),
            (b"x-ratelimit-reset", b"%d" % self.reset_ts),
        ]

    def retry_after(self) -> int:
        """
        Whole seconds after which a call succeeds again.
        """
        return max(1, self.reset_ts - int(time()))


class RateLimits:
    """
    Counts calls: in memory, or in Redis where several processes count together.

    While Redis is away each process counts on its own.
    """

    def __init__(self, settings: Settings) -> None:
        self._public = parse(settings.rate_limit_public)
        self._user = parse(settings.rate_limit_user)
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        self._limiter = self._memory
        if settings.redis_url is not None:
            storage: Storage = RedisStorage(f"async+{settings.redis_url}", implementation="redispy")
            self._limiter = FixedWindowRateLimiter(storage)

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
        try:
            return await _hit(self._limiter, item, key)
        except (RedisError, OSError) as error:
            _log.warning("redis_unavailable", error=str(error))
            return await _hit(self._memory, item, key)


async def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItem, key: str) -> Allowance:
    passed = await limiter.hit(item, key)
    window = await limiter.get_window_stats(item, key)
    return Allowance(
        limit=item.amount,
        remaining=window.remaining,
        # Rounded up, so that whoever waits until then is let in.
        reset_ts=int(window.reset_time) + 1,
        exceeded=not passed,
    )
