"""
The log of deliveries: a host sees what became of each, and sends again what should have arrived.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database, Tx
from calendo.db.models import Attempt, Delivery, Message, WebhookEndpoint
from calendo.errors import DeliveryState, EndpointState, NotFound
from calendo.integrations.vault import Vault
from calendo.ops import delivery_log, outbox, webhooks
from calendo.ops.delivery_log import SHOWN_ATTEMPTS, DeliveryFilter
from ops.making import NOW, make_booking, make_host, make_type

VAULT = Vault(b"a key that only the tests use")
ALL = DeliveryFilter()


def make_endpoint(tx: Tx, host_id: int | None = None) -> WebhookEndpoint:
    """
    Make an endpoint, of a host of its own unless one is named.
    """
    host_id = make_host(tx).id if host_id is None else host_id
    return webhooks.create(tx, host_id, "https://example.com/hook", ["booking.created"], "secret", VAULT, NOW)


def send(tx: Tx, endpoint: WebhookEndpoint, status: str, **fields: Any) -> Delivery:
    """
    Make a delivery that stands where ``status`` says.
    """
    delivery = outbox.emit_test(tx, endpoint, NOW)
    values = {"status": status, **({"finished_ts": NOW} if status in {"delivered", "failed"} else {})}
    for field, value in {**values, **fields}.items():
        setattr(delivery, field, value)
    tx.flush()
    return delivery


def attempt(tx: Tx, delivery: Delivery, number: int, **fields: Any) -> None:
    """
    Write down a try.
    """
    tx.add(Attempt(delivery_id=delivery.id, started_ts=NOW + number, duration_ms=number, **fields))
    tx.flush()


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """
    Note the statements that are sent to the database meanwhile.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_deliveries_are_listed_newest_first(db: Database) -> None:
    """
    An endpoint's own, each with its message and its attempts, the first try first; mails are no part of it.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        send(tx, make_endpoint(tx, endpoint.host_id), "failed")
        first = send(tx, endpoint, "failed")
        make_booking(tx, make_type(tx, endpoint.host_id))
        for number in (1, 2):
            attempt(tx, first, number, status_code=503, error="It answered 503.", answer="away")

    with db.read() as tx:
        newer, older = delivery_log.list_deliveries(tx, endpoint.host_id, endpoint.id, ALL)
        message = tx.scalars(select(Message).where(Message.topic == "booking.created")).one()
    assert ("booking.created", message.uid, "pending", NOW, NOW, None, []) == (
        newer.topic,
        newer.message_uid,
        newer.status,
        newer.created_ts,
        newer.next_attempt_ts,
        newer.payload,
        newer.attempts,
    )
    assert ("webhook.test", first.id, "failed") == (older.topic, older.id, older.status)
    assert [
        (NOW + 1, 1, 503, "It answered 503.", "away"),
        (NOW + 2, 2, 503, "It answered 503.", "away"),
    ] == [(a.started_ts, a.duration_ms, a.status_code, a.error, a.answer) for a in older.attempts]


def test_a_list_is_filtered_and_comes_in_pages(db: Database) -> None:
    """
    By one status or several; the next page begins before the last one's end.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        made = [send(tx, endpoint, s).id for s in ("delivered", "failed", "sending", "pending", "failed")]

    def listed(**wanted: Any) -> list[int]:
        with db.read() as tx:
            rows = delivery_log.list_deliveries(tx, endpoint.host_id, endpoint.id, DeliveryFilter(**wanted))
        return [made.index(row.id) for row in rows]

    assert [4, 3, 2, 1, 0] == listed()
    assert [4, 1] == listed(statuses=("failed",))
    assert [3, 2] == listed(statuses=("sending", "pending"))
    assert [4, 3] == listed(limit=2)
    assert [2, 1] == listed(limit=2, before=made[3])
    assert [1] == listed(statuses=("failed",), before=made[4])


def test_a_list_takes_as_many_statements_whatever_its_length(db: Database) -> None:
    """
    One for the endpoint, one for the deliveries, one for all their attempts.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        for _ in range(20):
            attempt(tx, send(tx, endpoint, "failed"), 1)

    with db.read() as tx, statements(db) as seen:
        rows = delivery_log.list_deliveries(tx, endpoint.host_id, endpoint.id, ALL)
    assert 20 == sum(len(row.attempts) for row in rows)
    assert 3 == sum(statement.startswith("SELECT") for statement in seen)


def test_of_many_attempts_the_last_are_shown(db: Database) -> None:
    """
    A delivery that was sent again a hundred times does not make a list of megabytes.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        delivery = send(tx, endpoint, "failed")
        for number in range(SHOWN_ATTEMPTS + 5):
            attempt(tx, delivery, number)

    with db.read() as tx:
        row = delivery_log.get_delivery(tx, endpoint.host_id, endpoint.id, delivery.id)
    assert list(range(5, SHOWN_ATTEMPTS + 5)) == [one.duration_ms for one in row.attempts]


@pytest.mark.parametrize("status", ["failed", "delivered"])
def test_a_delivery_is_sent_again(db: Database, status: str) -> None:
    """
    Due at once, with all its attempts before it, and what was tried stays in the log.

    Message, bytes and claim are the same, so that receivers know it and late workers are told apart.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        sent = send(tx, endpoint, status, attempts=4, claim=9)
        attempt(tx, sent, 1, error="It answered 500.")
    with db.read() as tx:
        before = delivery_log.get_delivery(tx, endpoint.host_id, endpoint.id, sent.id)

    with db.write() as tx:
        after = delivery_log.redeliver(tx, endpoint.host_id, endpoint.id, sent.id, NOW + HOUR)

    assert ("pending", NOW + HOUR) == (after.status, after.next_attempt_ts)
    assert (before.message_uid, before.payload, before.created_ts) == (
        after.message_uid,
        after.payload,
        after.created_ts,
    )
    assert ["It answered 500."] == [one.error for one in after.attempts]
    with db.read() as tx:
        kept = tx.get_one(Delivery, sent.id)
        assert (0, 9, None) == (kept.attempts, kept.claim, kept.finished_ts)


@pytest.mark.parametrize("status", ["pending", "sending"])
def test_what_is_on_its_way_is_not_sent_twice(db: Database, status: str) -> None:
    """
    It stays as it is: its next attempt comes when it would have come.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        sent = send(tx, endpoint, status, attempts=2, next_attempt_ts=NOW + 300)
    with db.write() as tx, pytest.raises(DeliveryState):
        delivery_log.redeliver(tx, endpoint.host_id, endpoint.id, sent.id, NOW + 1)

    with db.read() as tx:
        kept = tx.get_one(Delivery, sent.id)
        assert (status, 2, NOW + 300) == (kept.status, kept.attempts, kept.next_attempt_ts)


def test_what_failed_since_is_sent_again(db: Database) -> None:
    """
    What failed before, arrived, is on its way or goes elsewhere is left alone.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        before = send(tx, endpoint, "failed", finished_ts=NOW - 1)
        failed = [send(tx, endpoint, "failed", finished_ts=NOW + late, attempts=4) for late in (0, DAY)]
        alone = [send(tx, endpoint, status) for status in ("delivered", "pending", "sending")]
        elsewhere = send(tx, make_endpoint(tx, endpoint.host_id), "failed")
        again = NOW + 2 * DAY
        counts = [
            delivery_log.redeliver_failed(tx, endpoint.host_id, endpoint.id, NOW, again) for _ in range(2)
        ]

    assert [2, 0] == counts
    with db.read() as tx:
        for sent in failed:
            kept = tx.get_one(Delivery, sent.id)
            assert ("pending", 0, again, None) == (
                kept.status,
                kept.attempts,
                kept.next_attempt_ts,
                kept.finished_ts,
            )
        for other in (before, *alone, elsewhere):
            assert other.status == tx.get_one(Delivery, other.id).status
            assert again > tx.get_one(Delivery, other.id).next_attempt_ts


def test_sending_again_is_bounded(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One call takes so many, oldest first, and the next call goes on.
    """
    monkeypatch.setattr(delivery_log, "REDELIVERED_AT_ONCE", 2)
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        failed = [send(tx, endpoint, "failed").id for _ in range(3)]
        arguments = (tx, endpoint.host_id, endpoint.id, NOW, NOW)

        assert 2 == delivery_log.redeliver_failed(*arguments)
        left = tx.scalars(select(Delivery.id).where(Delivery.status == "failed")).all()
        assert failed[2:] == list(left)
        assert [1, 0] == [delivery_log.redeliver_failed(*arguments) for _ in range(2)]


def test_a_test_goes_to_one_endpoint(db: Database) -> None:
    """
    Whatever it subscribes to, and whatever other endpoints the host has.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        make_endpoint(tx, endpoint.host_id)
        row = delivery_log.send_test(tx, endpoint.host_id, endpoint.id, NOW)

    assert ("webhook.test", "pending", NOW) == (row.topic, row.status, row.next_attempt_ts)
    assert row.payload is not None
    assert '"event":"webhook.test"' in row.payload
    with db.read() as tx:
        assert [endpoint.id] == tx.scalars(select(Delivery.endpoint_id)).all()


def test_nothing_is_sent_to_an_endpoint_that_is_off(db: Database) -> None:
    """
    Neither again nor as a test; reading its log still works.
    """
    with db.write() as tx:
        endpoint = make_endpoint(tx)
        sent = send(tx, endpoint, "failed")
        webhooks.change(tx, endpoint.host_id, endpoint.id, {"is_active": False}, VAULT, NOW)
        owner = (tx, endpoint.host_id, endpoint.id)
        for act in (
            lambda: delivery_log.redeliver(*owner, sent.id, NOW),
            lambda: delivery_log.redeliver_failed(*owner, NOW, NOW),
            lambda: delivery_log.send_test(*owner, NOW),
        ):
            with pytest.raises(EndpointState):
                act()

        assert ["failed"] == [row.status for row in delivery_log.list_deliveries(*owner, ALL)]


def test_deliveries_of_somebody_else_are_not_found(db: Database) -> None:
    """
    Nor is one of another endpoint of one's own.
    """
    with db.write() as tx:
        mine, theirs = make_endpoint(tx), make_endpoint(tx)
        my_other = make_endpoint(tx, mine.host_id)
        sent, other = send(tx, theirs, "failed").id, send(tx, my_other, "failed").id
        for act in (
            lambda: delivery_log.list_deliveries(tx, mine.host_id, theirs.id, ALL),
            lambda: delivery_log.get_delivery(tx, mine.host_id, theirs.id, sent),
            lambda: delivery_log.get_delivery(tx, mine.host_id, mine.id, sent),
            lambda: delivery_log.get_delivery(tx, mine.host_id, mine.id, other),
            lambda: delivery_log.redeliver(tx, mine.host_id, theirs.id, sent, NOW),
            lambda: delivery_log.redeliver(tx, mine.host_id, mine.id, other, NOW),
            lambda: delivery_log.redeliver_failed(tx, mine.host_id, theirs.id, NOW, NOW),
            lambda: delivery_log.send_test(tx, mine.host_id, theirs.id, NOW),
        ):
            with pytest.raises(NotFound):
                act()

        assert {"failed"} == set(tx.scalars(select(Delivery.status)))
