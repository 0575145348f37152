"""
The rate limits of the API reference: its figures, its headers, its answer to a call too many.
"""

import re
import time

import pytest
from contract_world import make_world, served
from curl import Answer

import parts

SLOTS = (
    'curl "https://calendo.dev/api/availability/jane-smith/30-minute-call'
    '?start=2026-03-10&end=2026-03-14&timezone=America/New_York"'
)
EVENT_TYPES = 'curl https://calendo.dev/api/event-types -H "X-API-Key: cal_your_api_key"'


@pytest.mark.parametrize("engine", parts.ENGINES)
def test_without_settings_the_documented_limits_hold(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """
    60 public calls an address and a minute, 300 calls a user, counted apart; the call
    after the sixtieth is told in a header and in words how many seconds to wait.
    """
    with served(engine, tmp_path_factory.mktemp("limits"), request) as base:
        # Jane signs up and logs in publicly, and makes a key and an event type as herself.
        world = make_world(base)
        passed = [world.curl(SLOTS) for _ in range(58)]
        refused = world.curl(SLOTS)
        private = world.curl(EVENT_TYPES)

    assert [(200, "60", str(left)) for left in reversed(range(58))] == [_counted(one) for one in passed]
    assert (429, "60", "0") == _counted(refused)
    assert (200, "300", "297") == _counted(private)
    for answer in (*passed, refused, private):
        assert 0 < int(answer.headers["x-ratelimit-reset"]) - time.time() <= 61
    assert {"error"} == set(refused.body)
    assert {"code", "message"} == set(refused.body["error"])
    assert "RATE_LIMIT_EXCEEDED" == refused.body["error"]["code"]
    wait = refused.headers["retry-after"]
    assert re.fullmatch(
        rf"Too many requests\. Please retry after {wait} seconds?\.", refused.body["error"]["message"]
    )
    assert 1 <= int(wait) <= 61


def _counted(answer: Answer) -> tuple[int, str, str]:
    headers = answer.headers
    return answer.status, headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]
