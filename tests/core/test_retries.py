"""
The retry policy: one attempt, and three retries after 1, 5 and 30 minutes.
"""

import pytest

from calendo.core.retries import MAX_ATTEMPTS, is_hopeless, next_attempt

DAYS = 24 * 60 * 60


@pytest.mark.parametrize(
    ("attempts_made", "expected"),
    [(1, 1000 + 60), (2, 1000 + 300), (3, 1000 + 1800), (4, None), (5, None)],
)
def test_each_failure_waits_longer(attempts_made: int, expected: int | None) -> None:
    """
    A retry comes 1, 5 and 30 minutes after the attempt before it ended; after the fourth none does.
    """
    assert expected == next_attempt(attempts_made, 1000)


def test_there_are_four_attempts() -> None:
    """
    One attempt and three retries.
    """
    assert 4 == MAX_ATTEMPTS


@pytest.mark.parametrize(("seconds", "expected"), [(0, False), (5 * DAYS - 1, False), (5 * DAYS, True)])
def test_five_days_of_failures_are_enough(seconds: int, expected: bool) -> None:
    """
    An endpoint is given up when the first failure after its last success is five days ago.
    """
    assert expected == is_hopeless(1000, 1000 + seconds)
