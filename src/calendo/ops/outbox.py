"""
The outbox: what happened is written where it happened, in the same transaction.

A message that is not committed with its booking is never sent, and one that is
committed is never lost.
"""

from enum import StrEnum
from uuid import uuid4

import orjson
from sqlalchemy import select

from calendo.core.instants import Instant, written, written_iso
from calendo.core.intervals import Interval
from calendo.db.engine import Tx
from calendo.db.models import Booking, Delivery, Message, WebhookEndpoint


class Topic(StrEnum):
    """
    What a message can be about.
    """

    BOOKING_CREATED = "booking.created"
    BOOKING_REQUESTED = "booking.requested"
    BOOKING_RESCHEDULED = "booking.rescheduled"
    BOOKING_CANCELLED = "booking.cancelled"
    BOOKING_DECLINED = "booking.declined"


def emit(tx: Tx, topic: Topic, booking: Booking, now: Instant, *, former: Interval | None = None) -> Message:
    """
    Write a message about a booking, and a delivery for each endpoint that wants it.

    ``former`` is when a rescheduled meeting would have been.
    """
    message = Message(
        uid=str(uuid4()),
        host_id=booking.host_id,
        booking_id=booking.id,
        topic=topic.value,
        payload=_payload(topic, booking, now, former),
        created_ts=now,
    )
    tx.add(message)
    tx.flush()
    endpoints = tx.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.host_id == booking.host_id, WebhookEndpoint.is_active)
    )
    for endpoint in endpoints:
        if topic in endpoint.topics:
            tx.add(
                Delivery(
                    message_id=message.id,
                    endpoint_id=endpoint.id,
                    status="pending",
                    next_attempt_ts=now,
                    created_ts=now,
                )
            )
    return message


def _payload(topic: Topic, booking: Booking, now: Instant, former: Interval | None) -> str:
    described = {
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
        described["former_start_time"], described["former_end_time"] = written(former[0]), written(former[1])
    payload = {"event": topic.value, "created_at": written_iso(now), "data": {"booking": described}}
    return orjson.dumps(payload).decode()
