"""
Deliveries: taken by a worker for a while, finished with what came of the attempt, or given back.

Whoever takes one holds a lease of it. ``claim`` counts how often it was taken, and a result
is written only where the count is still the one the worker was given: of a worker that was
thought dead and comes back late nothing counts. See docs/decisions/0011 and 0012.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from calendo.core.instants import DAY, Instant
from calendo.core.retries import is_hopeless, next_attempt
from calendo.db.engine import Query, Row, Tx, query_in
from calendo.db.models import DELIVERED, FAILED, WAITING, WebhookEndpoint
from calendo.integrations.failures import Failure, WhyOff
from calendo.ops import delivery_sql as sql
from calendo.ops import outbox
from calendo.ops.locks import lock_deliveries

#: So many of a lane are in flight at most, over all workers.
LANE_LIMIT = 4
#: So long a worker may take over an attempt before another one takes it up.
LEASE_SECONDS = 30
#: So long messages, their deliveries and attempts are kept.
KEPT_SECONDS = 30 * DAY
#: So many messages are pruned in one transaction, so that others get their turn.
PRUNE_BATCH = 500
#: What stands in the log of an attempt of which nothing else is known.
INTERRUPTED = Failure.INTERRUPTED.of()
SWITCHED_OFF = Failure.SWITCHED_OFF.of()

_GONE = 410


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A delivery that a worker holds the lease of, with all that sending takes.

    For a webhook ``url`` and the secrets are set; ``former_secret_encrypted`` only while
    that secret still signs. For a mail ``recipient`` ("host" or "invitee") and ``facts``
    are, and ``link_counter`` where it is about a booking. ``attempts`` were made before,
    and ``is_failing`` says that the last one to this endpoint has failed.
    """

    id: int
    claim: int
    lane: int
    topic: str
    message_uid: str
    payload: str
    created_ts: Instant
    url: str | None
    secret_encrypted: str | None
    former_secret_encrypted: str | None
    recipient: str | None
    facts: dict[str, Any] | None
    link_counter: int | None
    attempts: int = 0
    is_failing: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of an attempt: delivered if ``error`` is None.

    ``status_code`` is what the endpoint, or the mail server, answered with, and ``answer``
    the first KiB of what it said. After an ``is_final`` failure no further attempt makes sense.
    """

    status_code: int | None = None
    error: str | None = None
    answer: str | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Attempted:
    """
    A delivery that was claimed, what came of it, and when.
    """

    claimed: Claimed
    outcome: Outcome
    started_ts: Instant
    ended_ts: Instant
    duration_ms: int


def is_due(query: Query, now: Instant) -> bool:
    """
    Say whether ``claim`` would find something, without holding anybody up.
    """
    return bool(query(sql.LANES, {"now": now, "limit": LANE_LIMIT}))


def claim(
    tx: Tx, now: Instant, room: int, kept: int = 0, *, lease_seconds: int = LEASE_SECONDS
) -> list[Claimed]:
    """
    Take up to ``room`` due deliveries, the oldest of each lane first.

    At most ``LANE_LIMIT`` of a lane are in flight over all workers. Of the room, ``kept``
    places are for lanes of which nothing is in flight, so that those whose endpoints hang
    leave something to the others. What another worker took and has not finished within its
    lease is taken as well; that leaves an attempt in the log and does not count as one.
    """
    if room <= 0:
        return []
    lock_deliveries(tx)
    query = query_in(tx)
    lanes = {}
    for lane, in_flight, lapsed, is_active in query(sql.LANES, {"now": now, "limit": LANE_LIMIT}):
        if is_active:
            lanes[lane] = (in_flight, lapsed)
        else:
            _end_forgotten(tx, lane, now)
    lapsed_rows, rows = [], []
    for lane, places in _share_out([(lane, each[0]) for lane, each in lanes.items()], room, kept):
        # First what was taken already, or it would have to queue again behind all that waits.
        again = query(sql.LAPSED, {"lane": lane, "now": now, "places": places}) if lanes[lane][1] else []
        lapsed_rows += again
        if places > len(again):
            rows += query(sql.DUE, {"lane": lane, "now": now, "places": places - len(again)})
    rows = lapsed_rows + rows
    if not rows:
        return []
    query(sql.TAKE, {"ids": _json([row[0] for row in rows]), "now": now, "lease_ts": now + lease_seconds})
    _log(query, [_untold(row[0], INTERRUPTED, row[-1]) for row in lapsed_rows])
    return [_claimed(row) for row in rows]


def finish(tx: Tx, attempted: Sequence[Attempted], now: Instant) -> list[Attempted]:
    """
    Write down what came of attempts, and when the next one comes; return those that are given up.

    Nothing is written of a delivery that somebody else holds by now, or nobody.
    """
    if not attempted:
        return []
    query = query_in(tx)
    endpoints = _lock_endpoints(query, attempted)
    told = {_key(each): _told(each, endpoints.get(each.claimed.lane)) for each in attempted}
    ids = [each["delivery_id"] for each in told.values()]
    held = set(query(sql.FINISH, {"rows": _json(list(told.values())), "ids": _json(ids)}))
    _log(query, [told[key] for key in told if key in held])
    valid = sorted((each for each in attempted if _key(each) in held), key=lambda each: each.ended_ts)
    for endpoint in endpoints.values():
        endpoint.learn([each for each in valid if each.claimed.lane == endpoint.id])
        _keep(tx, endpoint, now)
    return [each for each in valid if told[_key(each)]["status"] == FAILED]


def release(tx: Tx, claims: Sequence[Claimed], now: Instant) -> None:
    """
    Give back what was not finished, so that others can take it at once; it does not count as an attempt.
    """
    query = query_in(tx)
    released: list[Row] = []
    for each in sorted(claims, key=lambda each: each.id):
        released += query(sql.RELEASE, {"id": each.id, "claim": each.claim, "now": now})
    _log(query, [_untold(row[0], INTERRUPTED, row[1]) for row in released])


def end_open(tx: Tx, endpoint: WebhookEndpoint, now: Instant) -> int:
    """
    End what waits for an endpoint that is switched off, visibly; return how many deliveries that are.

    What is being sent at this moment ends with its attempt.
    """
    query = query_in(tx)
    ended = query(sql.END_OPEN, {"lane": endpoint.id, "now": now})
    _log(query, [_untold(row[0], SWITCHED_OFF, now) for row in ended])
    return len(ended)


def prune(tx: Tx, now: Instant) -> int:
    """
    Delete old messages with their deliveries and attempts; return how many messages.

    Those that are still on their way stay.
    """
    return len(query_in(tx)(sql.PRUNE, {"before_ts": now - KEPT_SECONDS, "batch": PRUNE_BATCH}))


@dataclass
class _Endpoint:
    """
    What ``finish`` has to know of an endpoint, and learns about it.
    """

    id: int
    is_active: bool
    failing_since_ts: Instant | None
    known_ts: Instant | None
    why_off: str | None = None

    def learn(self, attempted: Sequence[Attempted]) -> None:
        """
        Take in what came of attempts, given in the order in which they ended.
        """
        for each in attempted:
            if each.outcome.error is None:
                self.failing_since_ts = None
                continue
            if self.failing_since_ts is None:
                self.failing_since_ts = each.ended_ts
            if each.outcome.status_code == _GONE:
                self.why_off = WhyOff.GONE.value
            elif is_hopeless(self.failing_since_ts, each.ended_ts):
                self.why_off = WhyOff.HOPELESS.value


def _lock_endpoints(query: Query, attempted: Sequence[Attempted]) -> dict[int, _Endpoint]:
    # Before their deliveries and in order, as everybody does who writes to both; or
    # two who change the same rows could wait for each other for ever.
    # One that works, as it did, has nothing to be written down.
    lanes = {each.claimed.lane for each in attempted if each.outcome.error or each.claimed.is_failing}
    lanes.discard(outbox.MAIL_LANE)
    rows = query(sql.ENDPOINTS, {"ids": _json(list(lanes))}) if lanes else []
    return {row[0]: _Endpoint(row[0], bool(row[1]), row[2], row[2]) for row in rows}


def _keep(tx: Tx, endpoint: _Endpoint, now: Instant) -> None:
    """
    Write what ``finish`` learnt about an endpoint; one that is beyond hope is switched off.
    """
    if endpoint.failing_since_ts != endpoint.known_ts:
        query_in(tx)(sql.FAILING, {"id": endpoint.id, "since_ts": endpoint.failing_since_ts})
    if endpoint.why_off is None or not endpoint.is_active:
        return
    row = tx.get_one(WebhookEndpoint, endpoint.id, populate_existing=True)
    row.is_active = False
    row.switched_off_reason = endpoint.why_off
    tx.flush()
    end_open(tx, row, now)
    outbox.tell_switched_off(tx, row, now)


def _end_forgotten(tx: Tx, lane: int, now: Instant) -> None:
    # What was written while the endpoint was being switched off, or was in flight
    # when its worker died. Skipping who is at it keeps the workers' turns short.
    endpoint = tx.scalar(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.id == lane, WebhookEndpoint.is_active.is_(False))
        .with_for_update(key_share=True, skip_locked=True)
    )
    if endpoint is not None:
        end_open(tx, endpoint, now)


def _share_out(lanes: Sequence[tuple[int, int]], room: int, kept: int) -> Iterator[tuple[int, int]]:
    """
    Share places out to lanes, given with how many each has in flight; yield the lane and its places.
    """
    places = dict.fromkeys((lane for lane, _ in lanes), 0)
    for lane, in_flight in lanes:
        if in_flight == 0 and room > 0:
            places[lane] = 1
            room -= 1
    room -= kept
    for lane, in_flight in lanes:
        more = max(0, min(room, LANE_LIMIT - in_flight - places[lane]))
        places[lane] += more
        room -= more
    return ((lane, number) for lane, number in places.items() if number)


def _claimed(row: Row) -> Claimed:
    id_, number, *middle, facts, link_counter, attempts, failing_since_ts, _claimed_ts = row
    # SQLite has no type for JSON.
    facts = orjson.loads(facts) if isinstance(facts, str) else facts
    return Claimed(*(id_, number + 1, *middle, facts, link_counter, attempts, failing_since_ts is not None))


def _key(each: Attempted) -> tuple[int, int]:
    return each.claimed.id, each.claimed.claim


def _told(each: Attempted, endpoint: _Endpoint | None) -> dict[str, object]:
    """
    Put down an attempt, and what becomes of its delivery.
    """
    outcome, attempts = each.outcome, each.claimed.attempts + 1
    is_last = outcome.is_final
    if endpoint is not None:
        is_last = is_last or outcome.status_code == _GONE or not endpoint.is_active
    again_ts = None if outcome.error is None or is_last else next_attempt(attempts, each.ended_ts)
    ended = DELIVERED if outcome.error is None else FAILED
    return {
        **_untold(each.claimed.id, outcome.error, each.started_ts),
        "claim": each.claimed.claim,
        "status": ended if again_ts is None else WAITING,
        "attempts": attempts,
        "next_attempt_ts": each.ended_ts if again_ts is None else again_ts,
        "finished_ts": each.ended_ts if again_ts is None else None,
        "duration_ms": each.duration_ms,
        "status_code": outcome.status_code,
        "answer": _storable(outcome.answer),
    }


def _untold(delivery_id: int, error: str | None, started_ts: Instant) -> dict[str, object]:
    return {
        "delivery_id": delivery_id,
        "started_ts": started_ts,
        "duration_ms": 0,
        "status_code": None,
        "error": _storable(error),
        "answer": None,
    }


def _storable(text: str | None) -> str | None:
    # PostgreSQL keeps no NUL, and neither engine half a character; what an
    # endpoint answers must not stand in the way of writing that it did.
    return text and text.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def _log(query: Query, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        query(sql.LOG, {"rows": _json(rows)})


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
