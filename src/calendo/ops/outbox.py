"""
The outbox: what happened is written where it happened, in the same transaction.

A message that is not committed with its booking is never sent, and one that is
committed is never lost. It goes to the host's endpoints and, by mail, to both sides.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import select

from calendo.core.instants import HOUR, Instant, written, written_iso
from calendo.core.intervals import Interval
from calendo.db.engine import Tx
from calendo.db.models import (
    CONFIRMED,
    WAITING,
    Booking,
    BookingPage,
    Delivery,
    Message,
    PasswordReset,
    User,
    WebhookEndpoint,
)
from calendo.ops import history
from calendo.ops.history import Actor

#: The lane of all mails; an endpoint's lane is its id.
MAIL_LANE = 0
HOST, INVITEE = "host", "invitee"


class Topic(StrEnum):
    """
    What a message to endpoints can be about.
    """

    BOOKING_CREATED = "booking.created"
    BOOKING_REQUESTED = "booking.requested"
    BOOKING_RESCHEDULED = "booking.rescheduled"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_DECLINED = "booking.declined"


class Notice(StrEnum):
    """
    What else a message can be about; nobody subscribes to these.
    """

    BOOKING_REMINDER = "booking.reminder"
    ENDPOINT_SWITCHED_OFF = "webhook.switched_off"
    ENDPOINT_TEST = "webhook.test"
    PASSWORD_RESET = "account.password_reset"  # noqa: S105 - a topic


def emit(
    tx: Tx,
    topic: Topic,
    booking: Booking,
    now: Instant,
    *,
    by: Actor,
    reason: str | None = None,
    former: Interval | None = None,
) -> Message:
    """
    Write a message about a booking: a delivery for each endpoint that wants it, and mails to both sides.

    ``by`` is who did it, and ``former`` is when a rescheduled meeting would have been.
    """
    message = _write(
        tx,
        topic,
        booking.host_id,
        now,
        booking_id=booking.id,
        payload=_payload(topic, now, _told(booking, former)),
        facts={**_facts(tx, booking), "by": by.value, "reason": reason, "former": former},
    )
    endpoints = tx.scalars(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.host_id == booking.host_id, WebhookEndpoint.is_active)
        .order_by(WebhookEndpoint.id)
        # One that is being deleted is waited for: a delivery to it would fail the booking.
        .with_for_update(read=True, key_share=True)
    )
    for endpoint in endpoints:
        if topic in endpoint.topics:
            _deliver(tx, message, endpoint_id=endpoint.id)
    _deliver(tx, message, recipient=INVITEE)
    _deliver(tx, message, recipient=HOST)
    return message


def remind(tx: Tx, booking: Booking, minutes_before: int, now: Instant) -> None:
    """
    Write a reminder to both sides.
    """
    facts = {**_facts(tx, booking), "by": Actor.SYSTEM.value, "minutes_before": minutes_before}
    message = _write(tx, Notice.BOOKING_REMINDER, booking.host_id, now, booking_id=booking.id, facts=facts)
    _deliver(tx, message, recipient=INVITEE)
    _deliver(tx, message, recipient=HOST)


def tell_switched_off(tx: Tx, endpoint: WebhookEndpoint, now: Instant) -> None:
    """
    Write to an endpoint's host that it was switched off, and why.
    """
    facts = {
        "url": endpoint.url,
        "why": endpoint.switched_off_reason,
        "host": _host(tx.get_one(User, endpoint.host_id)),
    }
    message = _write(tx, Notice.ENDPOINT_SWITCHED_OFF, endpoint.host_id, now, facts=facts)
    _deliver(tx, message, recipient=HOST)


def tell_reset(tx: Tx, user: User, reset: PasswordReset, now: Instant) -> None:
    """
    Write to a host the link that sets a new password; the token in it is made when the mail is sent.
    """
    facts = {"uid": reset.uid, "expires_ts": reset.expires_ts, "host": _host(user)}
    message = _write(tx, Notice.PASSWORD_RESET, user.id, now, facts=facts)
    _deliver(tx, message, recipient=HOST)


def emit_test(tx: Tx, endpoint: WebhookEndpoint, now: Instant) -> Delivery:
    """
    Write a message to one endpoint that looks like a booking's and is about none.
    """
    example = {
        "uid": str(uuid4()),
        "event_type": "Test",
        "invitee_name": "Test Invitee",
        "invitee_email": "invitee@example.com",
        "start_time": written(now),
        "end_time": written(now + HOUR),
        "status": CONFIRMED,
        "timezone": "UTC",
    }
    payload = _payload(Notice.ENDPOINT_TEST, now, example)
    message = _write(tx, Notice.ENDPOINT_TEST, endpoint.host_id, now, payload=payload)
    delivery = _deliver(tx, message, endpoint_id=endpoint.id)
    tx.flush()
    return delivery


def _write(
    tx: Tx,
    topic: StrEnum,
    host_id: int,
    now: Instant,
    *,
    booking_id: int | None = None,
    payload: str = "",
    facts: dict[str, Any] | None = None,
) -> Message:
    message = Message(
        uid=str(uuid4()),
        host_id=host_id,
        booking_id=booking_id,
        topic=topic.value,
        payload=payload,
        facts=facts,
        created_ts=now,
    )
    tx.add(message)
    tx.flush()
    return message


def _deliver(
    tx: Tx, message: Message, *, endpoint_id: int | None = None, recipient: str | None = None
) -> Delivery:
    delivery = Delivery(
        message_id=message.id,
        endpoint_id=endpoint_id,
        recipient=recipient,
        lane=MAIL_LANE if endpoint_id is None else endpoint_id,
        status=WAITING,
        next_attempt_ts=message.created_ts,
        created_ts=message.created_ts,
    )
    tx.add(delivery)
    return delivery


def _payload(topic: StrEnum, now: Instant, booking: Mapping[str, Any]) -> str:
    """
    Write what goes out to endpoints: one shape for all topics.
    """
    payload = {"event": topic.value, "created_at": written_iso(now), "data": {"booking": booking}}
    return orjson.dumps(payload).decode()


def _told(booking: Booking, former: Interval | None) -> dict[str, Any]:
    told = {
        "uid": booking.uid,
        "event_type": booking.event_type.name,
        "invitee_name": booking.invitee_name,
        "invitee_email": booking.invitee_email,
        "start_time": written(booking.start_ts),
        "end_time": written(booking.end_ts),
        "status": booking.status,
        "timezone": booking.timezone,
    }
    if former is not None:
        told["former_start_time"], told["former_end_time"] = written(former[0]), written(former[1])
    return told


def facts_of(booking: Booking, host: User, page_slug: str | None) -> dict[str, Any]:
    """
    Write down what one may say about a booking; questions go with their answers.
    """
    event_type = booking.event_type
    answers = [
        {"label": question["label"], "answer": booking.answers[question["id"]]}
        for question in event_type.questions
        if question["id"] in booking.answers
    ]
    return {
        "uid": booking.uid,
        "sequence": booking.sequence,
        "status": booking.status,
        "event_type": event_type.name,
        "start_ts": booking.start_ts,
        "end_ts": booking.end_ts,
        "location_type": event_type.location_type,
        "location": event_type.location,
        "answers": answers,
        "notes": booking.notes,
        "page_slug": page_slug,
        "event_slug": event_type.slug,
        "host": _host(host),
        "invitee": {
            "name": booking.invitee_name,
            "email": booking.invitee_email,
            "timezone": booking.timezone,
            "locale": booking.locale,
        },
    }


def _facts(tx: Tx, booking: Booking) -> dict[str, Any]:
    page_slug = tx.scalar(select(BookingPage.slug).where(BookingPage.host_id == booking.host_id))
    facts = facts_of(booking, tx.get_one(User, booking.host_id), page_slug)
    return {**facts, "was_confirmed": history.was_confirmed(tx, booking)}


def _host(user: User) -> dict[str, Any]:
    return {"name": user.name, "email": user.email, "timezone": user.timezone, "locale": user.locale}
