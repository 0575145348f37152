"""
The outbox: each change of a booking writes one message, deliveries to the endpoints that want it, and mails.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from steps import MONDAY, book, invitee, offer, refused, wanted
from structlog.testing import capture_logs

from calendo.db.engine import Database
from calendo.db.models import Booking, Delivery, Message
from calendo.ops.outbox import MAIL_LANE
from conftest import Api, Clock, Host

SignUp = Callable[..., Host]


def messages(db: Database) -> list[Message]:
    """
    All messages, in the order in which they were written.
    """
    with db.read() as tx:
        return list(tx.scalars(select(Message).order_by(Message.id)))


def topics(db: Database) -> list[str]:
    """
    What the messages are about.
    """
    return [message.topic for message in messages(db)]


def deliveries(db: Database) -> list[tuple[str, int | str]]:
    """
    Topic of each message on its way, and whereto: an endpoint's id, or who gets a mail.
    """
    query = select(Message.topic, Delivery.endpoint_id, Delivery.recipient).join(
        Message, Message.id == Delivery.message_id
    )
    with db.read() as tx:
        return [
            (topic, endpoint or mail) for topic, endpoint, mail in tx.execute(query.order_by(Delivery.id))
        ]


def mails(*topics: str) -> list[tuple[str, int | str]]:
    """
    What goes to both sides by mail when these things happen.
    """
    return [(topic, recipient) for topic in topics for recipient in ("invitee", "host")]


def turn(host: Host, booking: dict[str, Any], verb: str, start: str | None = None) -> None:
    """
    Change a booking in a way that its status allows.
    """
    body = {"start_time": f"{MONDAY}T{start}:00Z"} if start else None
    host.expect(200, "POST", f"/bookings/{booking['id']}/{verb}", body)


def subscribe(host: Host, *events: str) -> int:
    """
    Register an endpoint and return its id.
    """
    return int(host.post("/webhooks", {"url": "https://example.com/", "events": events})["id"])


def payload(topic: str, booking: dict[str, Any], status: str, **more: str) -> dict[str, Any]:
    """
    What a message about a booking says, at the time that the tests' clock shows.
    """
    told = {
        "uid": booking["uid"],
        "event_type": "Call",
        "invitee_name": "Bob Johnson",
        "invitee_email": "bob@example.com",
        "start_time": "2026-03-02 09:00:00",
        "end_time": "2026-03-02 09:30:00",
        "status": status,
        "timezone": "America/New_York",
        **more,
    }
    return {"event": topic, "created_at": "2026-03-01T12:00:00Z", "data": {"booking": told}}


MOVED = {
    "start_time": "2026-03-02 10:00:00",
    "end_time": "2026-03-02 10:30:00",
    "former_start_time": "2026-03-02 09:00:00",
    "former_end_time": "2026-03-02 09:30:00",
}


CREATED, REQUESTED = ("booking.created", "confirmed"), ("booking.requested", "pending")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("book", [CREATED]),
        ("book cancel", [CREATED, ("booking.cancelled", "cancelled")]),
        ("book reschedule", [CREATED, ("booking.rescheduled", "confirmed")]),
        ("request", [REQUESTED]),
        ("request confirm", [REQUESTED, CREATED]),
        ("request decline", [REQUESTED, ("booking.declined", "declined")]),
        ("request cancel", [REQUESTED, ("booking.cancelled", "cancelled")]),
        ("request reschedule", [REQUESTED, ("booking.rescheduled", "pending")]),
    ],
)
def test_each_change_writes_one_message(
    host: Host, db: Database, steps: str, expected: list[tuple[str, str]]
) -> None:
    """
    With the reference's payload, whatever the topic; a move tells the former time besides.
    """
    first, *verbs = steps.split()
    offer(host, requires_confirmation=first == "request")

    booking = book(host, "09:00", timezone="America/New_York")
    for verb in verbs:
        turn(host, booking, verb, "10:00" if verb == "reschedule" else None)

    written = messages(db)
    assert [
        payload(topic, booking, status, **(MOVED if topic == "booking.rescheduled" else {}))
        for topic, status in expected
    ] == [json.loads(message.payload) for message in written]
    assert [topic for topic, _ in expected] == [message.topic for message in written]
    assert {(host.me["id"], booking["id"])} == {(message.host_id, message.booking_id) for message in written}
    assert len(written) == len({message.uid for message in written})


def test_refused_changes_write_nothing(host: Host, db: Database, clock: Clock) -> None:
    """
    A taken slot, a wrong body, a forbidden step, a move to nowhere: no message, no delivery.
    """
    subscribe(host, "booking.created", "booking.cancelled", "booking.rescheduled", "booking.requested")
    offer(host)
    offer(host, slug="asked", requires_confirmation=True)
    booking, pending = book(host, "09:00"), book(host, "10:00", "asked")
    turn(host, booking, "cancel")
    before = (topics(db), deliveries(db))

    refused(host, "10:00")
    invitee(host).expect(400, "POST", f"/book/{host.slug}/call", wanted("09:00", email="bob"))
    invitee(host).expect(404, "POST", f"/book/{host.slug}/nothing", wanted("09:00"))
    for verb in ("cancel", "confirm", "decline"):
        host.expect(409, "POST", f"/bookings/{booking['id']}/{verb}")
    move = {"start_time": f"{MONDAY}T11:10:00Z"}
    for row in (booking, pending):
        host.expect(409, "POST", f"/bookings/{row['id']}/reschedule", move)
    clock.set(f"{MONDAY}T10:00:00+00:00")
    host.expect(409, "POST", f"/bookings/{pending['id']}/confirm")

    assert before == (topics(db), deliveries(db))


def test_moving_to_where_it_is_says_nothing(host: Host, db: Database) -> None:
    """
    Nothing changed, so there is nothing to tell.
    """
    offer(host)
    turn(host, book(host, "09:00"), "reschedule", "09:00")

    assert ["booking.created"] == topics(db)


def test_a_repeated_call_writes_no_second_message(host: Host, db: Database) -> None:
    """
    An ``Idempotency-Key`` covers what a booking sets off as well.
    """
    offer(host)
    for _ in range(2):
        invitee(host).expect(
            201, "POST", f"/book/{host.slug}/call", wanted("09:00"), headers={"Idempotency-Key": "k1"}
        )

    assert ["booking.created"] == topics(db)


def test_each_endpoint_gets_what_it_subscribed_to(host: Host, db: Database, sign_up: SignUp) -> None:
    """
    One delivery per message and endpoint: none for another topic, an endpoint that is off, or another host.

    Beside them one mail each to invitee and host, whatever is subscribed to.
    """
    all_ = subscribe(host, "booking.created", "booking.cancelled", "booking.rescheduled")
    created = subscribe(host, "booking.created")
    cancelled = subscribe(host, "booking.cancelled")
    off = subscribe(host, "booking.created", "booking.cancelled")
    host.put(f"/webhooks/{off}", {"is_active": 0})
    subscribe(sign_up("Ann"), "booking.created", "booking.cancelled", "booking.rescheduled")
    offer(host)

    booking = book(host, "09:00")
    turn(host, booking, "reschedule", "10:00")
    turn(host, booking, "cancel")

    assert [
        ("booking.created", all_),
        ("booking.created", created),
        *mails("booking.created"),
        ("booking.rescheduled", all_),
        *mails("booking.rescheduled"),
        ("booking.cancelled", all_),
        ("booking.cancelled", cancelled),
        *mails("booking.cancelled"),
    ] == deliveries(db)


def test_a_delivery_is_due_at_once(host: Host, db: Database, clock: Clock) -> None:
    """
    It waits for a worker, from the second on in which the booking was made; so do the mails.

    What goes to one endpoint shares a lane, and so do all mails.
    """
    endpoint = subscribe(host, "booking.created")
    offer(host)
    book(host, "09:00")

    with db.read() as tx:
        waiting = tx.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert {("pending", 0, clock.now, clock.now)} == {
        (row.status, row.attempts, row.next_attempt_ts, row.created_ts) for row in waiting
    }
    assert [endpoint, MAIL_LANE, MAIL_LANE] == [row.lane for row in waiting]


def test_an_endpoint_made_later_hears_nothing_of_before(host: Host, db: Database) -> None:
    """
    And one that is deleted takes what was on its way to it along, though neither messages nor mails.
    """
    offer(host)
    booking = book(host, "09:00")
    endpoint = subscribe(host, "booking.created", "booking.cancelled")
    before = mails("booking.created")
    assert before == deliveries(db)

    turn(host, booking, "cancel")
    assert [*before, ("booking.cancelled", endpoint), *mails("booking.cancelled")] == deliveries(db)

    host.delete(f"/webhooks/{endpoint}")
    assert mails("booking.created", "booking.cancelled") == deliveries(db)
    assert ["booking.created", "booking.cancelled"] == topics(db)


def test_a_payload_is_frozen(host: Host, db: Database) -> None:
    """
    Renaming the type or moving the booking does not rewrite what was said before.
    """
    made = offer(host)
    booking = book(host, "09:00", timezone="America/New_York")
    before = messages(db)[0].payload

    host.put(f"/event-types/{made['id']}", {"name": "Conversation"})
    turn(host, booking, "reschedule", "10:00")

    after = messages(db)
    assert before == after[0].payload
    assert payload("booking.created", booking, "confirmed") == json.loads(before)
    assert "Conversation" == json.loads(after[1].payload)["data"]["booking"]["event_type"]


def test_text_of_any_script_is_told_as_it_is(host: Host, db: Database) -> None:
    """
    Nothing is escaped or lost on the way into the payload.
    """
    offer(host, name="Gespräch 🎉", slug="call")
    book(host, "09:00", name='Zoë "李" </script>')

    told = json.loads(messages(db)[0].payload)["data"]["booking"]

    assert ['Zoë "李" </script>', "Gespräch 🎉"] == [told["invitee_name"], told["event_type"]]


def test_a_booking_and_its_message_stand_or_fall_together(host: Host, api: Api, db: Database) -> None:
    """
    Where the message cannot be written, the booking is not made and not changed either.
    """
    offer(host)
    booking = book(host, "09:00")
    with db.write() as tx:
        tx.execute(text("ALTER TABLE messages RENAME TO messages_away"))

    # Drawing the traceback on a console would take longer than all of this.
    with capture_logs():
        assert api.call("POST", f"/book/{host.slug}/call", wanted("10:00")).status_code >= 500
        assert host.call("POST", f"/bookings/{booking['id']}/cancel").status_code >= 500

    with db.read() as tx:
        assert ["confirmed"] == list(tx.scalars(select(Booking.status)))
    assert [booking] == host.get("/bookings")
