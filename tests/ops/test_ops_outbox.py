"""
The outbox: what happened is written down with it, for each endpoint that wants to know and for both sides.
"""

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from calendo.db.engine import Database, Tx
from calendo.db.models import Delivery, EventType, Message, User, WebhookEndpoint
from calendo.errors import SlotUnavailable
from calendo.integrations.vault import Vault
from calendo.ops import bookings, outbox, webhooks
from calendo.ops.outbox import MAIL_LANE, Topic
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

VAULT = Vault(b"a key that only the tests use")


def endpoint(tx: Tx, host: User, *topics: str, **changes: Any) -> int:
    """
    Register an endpoint and return its id.
    """
    made = webhooks.create(tx, host.id, "https://example.com/hook", topics, "secret", VAULT, NOW)
    webhooks.change(tx, host.id, made.id, changes, VAULT, NOW)
    return made.id


def test_the_payload_is_as_documented(db: Database) -> None:
    """
    A message holds the JSON that goes out, to the letter.
    """
    with db.write() as tx:
        booking = make_booking(
            tx, make_type(tx, make_host(tx).id, name="30 Minute Call"), timezone="America/New_York"
        )
        message = tx.scalars(select(Message)).one()

    assert {
        "event": "booking.created",
        "created_at": "2026-03-01T12:00:00Z",
        "data": {
            "booking": {
                "uid": booking.uid,
                "event_type": "30 Minute Call",
                "invitee_name": "Bob",
                "invitee_email": "bob@example.com",
                "start_time": "2026-03-02 09:00:00",
                "end_time": "2026-03-02 09:30:00",
                "status": "confirmed",
                "timezone": "America/New_York",
            }
        },
    } == orjson.loads(message.payload)
    assert ("booking.created", NOW, booking.host_id) == (message.topic, message.created_ts, message.host_id)
    assert message.uid != booking.uid


def test_only_subscribed_endpoints_get_a_delivery(db: Database) -> None:
    """
    Endpoints that are off, want other topics or belong to somebody else get none; both sides get a mail.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        wanting = [
            endpoint(tx, host, "booking.created"),
            endpoint(tx, host, "booking.cancelled", "booking.created"),
        ]
        endpoint(tx, host, "booking.cancelled")
        endpoint(tx, host, "booking.created", is_active=False)
        endpoint(tx, other, "booking.created")
        make_booking(tx, make_type(tx, host.id), now=NOW + 7)

    with db.read() as tx:
        deliveries = tx.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [*wanting, None, None] == [row.endpoint_id for row in deliveries]
    assert [None, None, "invitee", "host"] == [row.recipient for row in deliveries]
    assert [*wanting, MAIL_LANE, MAIL_LANE] == [row.lane for row in deliveries]
    assert {("pending", NOW + 7, NOW + 7)} == {
        (row.status, row.next_attempt_ts, row.created_ts) for row in deliveries
    }


def test_every_topic_can_be_subscribed_to(db: Database) -> None:
    """
    Each topic that a life of bookings goes through reaches an endpoint that wants it.
    """
    with db.write() as tx:
        host = make_host(tx)
        endpoints = {endpoint(tx, host, topic): topic for topic in Topic}
        plain, careful = make_type(tx, host.id), make_type(tx, host.id, requires_confirmation=True)
        booking = make_booking(tx, plain)
        bookings.reschedule(tx, host.id, booking.id, MONDAY_9 + 1800, NOW)
        bookings.cancel(tx, host.id, booking.id, NOW)
        bookings.decline(tx, host.id, make_booking(tx, careful).id, NOW)

    with db.read() as tx:
        sent = tx.execute(
            select(Message.topic, Delivery.endpoint_id)
            .join(Delivery, Delivery.message_id == Message.id)
            .where(Delivery.endpoint_id.is_not(None))
        ).all()
    assert len(Topic) == len(sent)
    assert set(Topic) == {topic for topic, _ in sent}
    assert all(endpoints[endpoint_id] == topic for topic, endpoint_id in sent)


def test_mails_know_what_payloads_do_not_say(db: Database) -> None:
    """
    The facts of a message, frozen with it, have what a mail tells and an endpoint is not told.
    """
    question = {"id": "company", "label": "Your company?", "type": "text", "required": False}
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(
            tx, host.id, questions=[question], location_type="phone", location="+1 555 0100"
        )
        made = make_booking(tx, event_type, answers={"company": "Acme"}, notes="See you", locale="de")
        bookings.reschedule(tx, host.id, made.id, MONDAY_9 + 1800, NOW, "It suits me.")
        created, moved = tx.scalars(select(Message.facts).order_by(Message.id))

    assert {
        "uid": made.uid,
        "sequence": 0,
        "status": "confirmed",
        "event_type": "Call",
        "start_ts": MONDAY_9,
        "end_ts": MONDAY_9 + 1800,
        "location_type": "phone",
        "location": "+1 555 0100",
        "answers": [{"label": "Your company?", "answer": "Acme"}],
        "notes": "See you",
        "page_slug": "jane-smith",
        "event_slug": "call",
        "host": {"name": "Jane Smith", "email": host.email, "timezone": "UTC", "locale": None},
        "invitee": {"name": "Bob", "email": "bob@example.com", "timezone": "UTC", "locale": "de"},
        "by": "invitee",
        "reason": None,
        "former": None,
        "was_confirmed": True,
    } == created
    assert ("host", "It suits me.", 1) == (moved["by"], moved["reason"], moved["sequence"])
    assert [MONDAY_9, MONDAY_9 + 1800] == moved["former"]
    assert "Acme" not in tx.scalars(select(Message.payload)).first()


def test_a_host_hears_why_an_endpoint_is_off(db: Database) -> None:
    """
    By mail alone: nobody subscribes to that, and the endpoint itself is off.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = tx.get_one(WebhookEndpoint, endpoint(tx, host, *Topic))
        made.switched_off_reason = "It answered 410."
        outbox.tell_switched_off(tx, made, NOW)
        (message,) = tx.scalars(select(Message))
        (delivery,) = tx.scalars(select(Delivery))

    assert ("webhook.switched_off", "", None) == (message.topic, message.payload, message.booking_id)
    assert ("https://example.com/hook", "It answered 410.") == (message.facts["url"], message.facts["why"])
    assert (None, "host") == (delivery.endpoint_id, delivery.recipient)


def test_what_is_undone_was_never_said(db: Database) -> None:
    """
    A message is gone with the transaction that wrote it.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
    with pytest.raises(SlotUnavailable), db.write() as tx:
        _book_twice(tx, event_type)

    with db.read() as tx:
        assert [] == tx.scalars(select(Message)).all()


def test_deleting_an_endpoint_deletes_what_was_on_its_way(db: Database) -> None:
    """
    Deliveries go with their endpoint; the message stays, and so do its mails.
    """
    with db.write() as tx:
        host = make_host(tx)
        doomed = endpoint(tx, host, "booking.created")
        make_booking(tx, make_type(tx, host.id))
    with db.write() as tx:
        webhooks.delete(tx, host.id, doomed)

    with db.read() as tx:
        assert ["invitee", "host"] == tx.scalars(select(Delivery.recipient).order_by(Delivery.id)).all()
        assert 1 == len(tx.scalars(select(Message)).all())


def _book_twice(tx: Tx, event_type: EventType) -> None:
    make_booking(tx, event_type)
    make_booking(tx, event_type)
