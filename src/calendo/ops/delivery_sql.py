"""
The statements of the worker's hot path, tuned by hand and the same on both engines but for a word.

None of them reads more rows than it returns, however many deliveries wait.
"""

from calendo.db.engine import Statement
from calendo.ops.outbox import MAIL_LANE

# As the indexes of open deliveries have it, so that they are used.
_IS_OPEN = "status IN ('pending', 'sending')"
_IDS = (
    "(SELECT value FROM json_each(:ids))",
    "(ARRAY(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:ids AS json))))",
)
_IN = ("IN", "= ANY")
# Attempts as rows ``t``, from JSON: any number of them in one statement.
_COLUMNS = {
    "delivery_id": "bigint",
    "claim": "bigint",
    "status": "text",
    "attempts": "bigint",
    "next_attempt_ts": "bigint",
    "finished_ts": "bigint",
    "started_ts": "bigint",
    "duration_ms": "bigint",
    "status_code": "bigint",
    "error": "text",
    "answer": "text",
}
_READ = ", ".join(f"value ->> '{name}' AS {name}" for name in _COLUMNS)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_TOLD = (
    f"(SELECT {_READ} FROM json_each(:rows)) t",  # noqa: S608 - made of constants
    f"json_to_recordset(CAST(:rows AS json)) AS t ({_TYPED})",
)

# Steps from lane to lane along the index, however many deliveries wait in each. Those of
# which a dead worker held something come first: it has waited for a whole lease, and
# behind a backlog of many lanes it would wait for all that is older.
LANES = Statement(
    f"""
    WITH RECURSIVE lanes (lane) AS (
        SELECT MIN(lane) FROM deliveries WHERE {_IS_OPEN}
        UNION ALL
        SELECT (SELECT MIN(d.lane) FROM deliveries d WHERE d.{_IS_OPEN} AND d.lane > lanes.lane)
        FROM lanes WHERE lanes.lane IS NOT NULL
    ), found AS MATERIALIZED (
        SELECT lanes.lane, COALESCE(e.is_active, lanes.lane = {MAIL_LANE}) AS is_active,
            (SELECT MIN(d.next_attempt_ts) FROM deliveries d
                WHERE d.{_IS_OPEN} AND d.lane = lanes.lane) AS due_ts,
            (SELECT COUNT(*) FROM deliveries d WHERE d.status = 'sending' AND d.lane = lanes.lane
                AND d.next_attempt_ts > :now) AS in_flight,
            (SELECT COUNT(*) FROM deliveries d WHERE d.status = 'sending' AND d.lane = lanes.lane
                AND d.next_attempt_ts <= :now) AS lapsed
        FROM lanes LEFT JOIN webhook_endpoints e ON e.id = lanes.lane
        WHERE lanes.lane IS NOT NULL
    )
    SELECT lane, in_flight, lapsed, is_active FROM found
    WHERE due_ts <= :now AND in_flight < :limit
    ORDER BY CASE WHEN lapsed > 0 THEN 0 ELSE 1 END, due_ts, lane
    """  # noqa: S608 - made of constants
)


def _taking(condition: str) -> Statement:
    return Statement(
        f"""
        SELECT d.id, d.claim, d.lane, m.topic, m.uid, m.payload, m.created_ts, e.url, e.secret_encrypted,
            CASE WHEN e.former_secret_until_ts > :now THEN e.former_secret_encrypted END,
            d.recipient, m.facts, b.link_counter, d.attempts, e.failing_since_ts, d.claimed_ts
        FROM deliveries d
        JOIN messages m ON m.id = d.message_id
        LEFT JOIN webhook_endpoints e ON e.id = d.endpoint_id
        LEFT JOIN bookings b ON b.id = m.booking_id
        WHERE d.lane = :lane AND d.next_attempt_ts <= :now AND {condition}
        ORDER BY d.next_attempt_ts, d.id
        LIMIT :places {{lock}}
        """,  # noqa: S608 - made of constants
        lock=("", "FOR UPDATE OF d SKIP LOCKED"),
    )


#: What waits, and what a worker took that has not been heard of since.
DUE = _taking(f"d.{_IS_OPEN} AND d.status = 'pending'")
LAPSED = _taking("d.status = 'sending'")

TAKE = Statement(
    """
    UPDATE deliveries
    SET status = 'sending', claim = claim + 1, claimed_ts = :now, next_attempt_ts = :lease_ts
    WHERE id {is_in} {ids}
    RETURNING id
    """,
    is_in=_IN,
    ids=_IDS,
)

# Without the detour around the status PostgreSQL may search the whole index of what is open for it,
# and without the ids beside the rows, of which it cannot know how few there are, the whole table.
FINISH = Statement(
    """
    UPDATE deliveries
    SET status = t.status, attempts = t.attempts, next_attempt_ts = t.next_attempt_ts,
        finished_ts = t.finished_ts
    FROM {told}
    WHERE deliveries.id {is_in} {ids} AND deliveries.id = t.delivery_id AND deliveries.claim = t.claim
        AND deliveries.status || '' = 'sending'
    RETURNING deliveries.id, deliveries.claim
    """,
    told=_TOLD,
    is_in=_IN,
    ids=_IDS,
)

LOG = Statement(
    """
    INSERT INTO attempts (delivery_id, started_ts, duration_ms, status_code, error, answer)
    SELECT t.delivery_id, t.started_ts, t.duration_ms, t.status_code, t.error, t.answer FROM {told}
    RETURNING id
    """,
    told=_TOLD,
)

RELEASE = Statement(
    """
    UPDATE deliveries SET status = 'pending', next_attempt_ts = :now
    WHERE id = :id AND claim = :claim AND status = 'sending'
    RETURNING id, claimed_ts
    """
)

END_OPEN = Statement(
    f"""
    UPDATE deliveries SET status = 'failed', finished_ts = :now
    WHERE id IN (
        SELECT id FROM deliveries
        WHERE lane = :lane AND {_IS_OPEN} AND (status = 'pending' OR next_attempt_ts <= :now)
        {{lock}}
    )
    RETURNING id
    """,  # noqa: S608 - made of constants
    lock=("", "FOR UPDATE SKIP LOCKED"),
)

ENDPOINTS = Statement(
    "SELECT id, is_active, failing_since_ts FROM webhook_endpoints WHERE id {is_in} {ids} ORDER BY id {lock}",
    is_in=_IN,
    ids=_IDS,
    lock=("", "FOR NO KEY UPDATE"),
)

FAILING = Statement("UPDATE webhook_endpoints SET failing_since_ts = :since_ts WHERE id = :id RETURNING id")

PRUNE = Statement(
    f"""
    DELETE FROM messages WHERE id IN (
        SELECT m.id FROM messages m
        WHERE m.created_ts < :before_ts
            AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND d.{_IS_OPEN})
        ORDER BY m.created_ts LIMIT :batch
    )
    RETURNING id
    """  # noqa: S608 - made of constants
)
