"""
What goes out to endpoints, byte by byte: one shape for all topics. Receivers are written against it.
"""

import pytest
from sqlalchemy import select

from calendo.core.instants import MINUTE
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, EventType, Message
from calendo.integrations.vault import Vault
from calendo.ops import bookings, outbox, webhooks
from calendo.ops.outbox import Notice, Topic
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

UID = "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d"

_BOOKING = (
    f'"uid":"{UID}","event_type":"30 Minute Call \\"é\\"",'
    '"invitee_name":"Bob","invitee_email":"bob@example.com",'
)
_AT_NINE = '"start_time":"2026-03-02 09:00:00","end_time":"2026-03-02 09:30:00",'
_AT_TEN = '"start_time":"2026-03-02 10:00:00","end_time":"2026-03-02 10:30:00",'
_FORMER = ',"former_start_time":"2026-03-02 09:00:00","former_end_time":"2026-03-02 09:30:00"'


def snapshot(topic: str, times: str, status: str, more: str = "") -> str:
    return (
        f'{{"event":"{topic}","created_at":"2026-03-01T12:01:00Z","data":{{"booking":{{{_BOOKING}{times}'
        f'"status":"{status}","timezone":"America/New_York"{more}}}}}}}'
    )


SNAPSHOTS = {
    "booking.created": snapshot("booking.created", _AT_NINE, "confirmed"),
    "booking.requested": snapshot("booking.requested", _AT_NINE, "pending"),
    "booking.rescheduled": snapshot("booking.rescheduled", _AT_TEN, "confirmed", _FORMER),
    "booking.cancelled": snapshot("booking.cancelled", _AT_NINE, "cancelled"),
    "booking.declined": snapshot("booking.declined", _AT_NINE, "declined"),
    "webhook.test": (
        f'{{"event":"webhook.test","created_at":"2026-03-01T12:01:00Z","data":{{"booking":{{"uid":"{UID}",'
        '"event_type":"Test","invitee_name":"Test Invitee","invitee_email":"invitee@example.com",'
        '"start_time":"2026-03-01 12:01:00","end_time":"2026-03-01 13:01:00",'
        '"status":"confirmed","timezone":"UTC"}}}'
    ),
}


def test_every_topic_has_its_snapshot() -> None:
    """
    Those that can be subscribed to, and the test.
    """
    assert {*Topic, Notice.ENDPOINT_TEST} == set(SNAPSHOTS)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("topic", SNAPSHOTS)
def test_the_payload_is_this_to_the_byte(db: Database, topic: str) -> None:
    """
    In UTF-8, without blanks, its fields in this order. It is made without the database's help.
    """
    with db.write() as tx:
        host = make_host(tx)
        if topic == Notice.ENDPOINT_TEST:
            endpoint = webhooks.create(
                tx, host.id, "https://example.com/", [], "secret", Vault(b"a key of tests"), NOW
            )
            outbox.emit_test(tx, endpoint, NOW + MINUTE)
        else:
            asks = topic in {Topic.BOOKING_REQUESTED, Topic.BOOKING_DECLINED}
            event_type = make_type(tx, host.id, name='30 Minute Call "é"', requires_confirmation=asks)
            _live(tx, event_type, topic)
        sent = tx.scalars(select(Message).order_by(Message.id.desc())).first()
        uids = tx.scalars(select(Booking.uid)).all()

    assert sent is not None
    payload = sent.payload
    for uid in uids or [payload.partition('"uid":"')[2][: len(UID)]]:
        payload = payload.replace(uid, UID)
    assert topic == sent.topic
    assert SNAPSHOTS[topic] == payload


def _live(tx: Tx, event_type: EventType, topic: str) -> None:
    """
    Make and change a booking, so that the last message is about ``topic``.
    """
    is_first = topic in {Topic.BOOKING_CREATED, Topic.BOOKING_REQUESTED}
    made = make_booking(
        tx, event_type, now=NOW + MINUTE if is_first else NOW, timezone="America/New_York", notes="not told"
    )
    if topic == Topic.BOOKING_RESCHEDULED:
        bookings.reschedule(tx, event_type.host_id, made.id, MONDAY_9 + 60 * MINUTE, NOW + MINUTE)
    elif topic == Topic.BOOKING_CANCELLED:
        bookings.cancel(tx, event_type.host_id, made.id, NOW + MINUTE, "not told")
    elif topic == Topic.BOOKING_DECLINED:
        bookings.decline(tx, event_type.host_id, made.id, NOW + MINUTE, "not told")
