"""
When a delivery that failed is tried again, and when an endpoint has failed for too long.
"""

from calendo.core.instants import DAY, MINUTE, Instant

#: How long after the end of a failed attempt the next one comes.
RETRY_DELAYS = (1 * MINUTE, 5 * MINUTE, 30 * MINUTE)
#: One attempt, and a retry after each delay.
MAX_ATTEMPTS = 1 + len(RETRY_DELAYS)
#: An endpoint that has done nothing but fail for so long is given up.
HOPELESS_SECONDS = 5 * DAY


def next_attempt(attempts_made: int, ended_ts: Instant) -> Instant | None:
    """
    Say when to try again after so many failed attempts, the last of which ended at ``ended_ts``.

    None means never. The delays are the reference's retry policy.
    """
    if attempts_made > len(RETRY_DELAYS):
        return None
    return ended_ts + RETRY_DELAYS[attempts_made - 1]


def is_hopeless(failing_since_ts: Instant, now: Instant) -> bool:
    """
    Say whether failures since ``failing_since_ts``, without one success, are enough to give up.
    """
    return now - failing_since_ts >= HOPELESS_SECONDS
