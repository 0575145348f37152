"""
A booking's whole life by HTTP: ask, confirm, move by the invitee, move by the host, cancel.
"""

from typing import Any

from sqlalchemy import select
from steps import ask, invitee, manage_path, offer

from calendo.core.instants import written
from calendo.db.engine import Database
from calendo.db.models import Booking, Delivery, Message, Reminder
from conftest import Clock, Host

TOPICS = [
    "booking.requested",
    "booking.created",
    "booking.rescheduled",
    "booking.rescheduled",
    "booking.cancelled",
]


def live(host: Host, clock: Clock) -> list[dict[str, Any]]:
    """
    Lead a booking through its life, a minute between two steps, and return it as it was after each.
    """
    offer(host, requires_confirmation=True, location_type="phone", location="+1 555 0100")
    made = ask(host, "09:00", timezone="Europe/Berlin", locale="de")
    (row,) = host.get("/bookings")
    path = f"/bookings/{row['id']}"
    seen = [row]
    for caller, where, body in (
        (host, f"{path}/confirm", {"reason": "It suits me."}),
        (invitee(host), f"{manage_path(made)}/reschedule", {"start_time": "2026-03-03T09:00:00Z"}),
        (host, f"{path}/reschedule", {"start_time": "2026-03-04T09:00:00Z", "reason": "I am away."}),
        (invitee(host), f"{manage_path(made)}/cancel", {"reason": "It is settled."}),
    ):
        clock.forward(60)
        caller.post(where, body)
        seen.append(host.get(path))
    return seen


def test_both_sides_see_where_it_stands(host: Host, clock: Clock) -> None:
    """
    Status and time follow each step, and the history tells all of it.
    """
    seen = live(host, clock)

    assert [
        ("pending", "2026-03-02 09:00:00", None),
        ("confirmed", "2026-03-02 09:00:00", "It suits me."),
        ("confirmed", "2026-03-03 09:00:00", None),
        ("confirmed", "2026-03-04 09:00:00", "I am away."),
        ("cancelled", "2026-03-04 09:00:00", "It is settled."),
    ] == [(row["status"], row["start_time"], row["reason"]) for row in seen]
    assert [
        ("requested", "invitee", "2026-03-01 12:00:00", "2026-03-02 09:00:00", None, None),
        ("confirmed", "host", "2026-03-01 12:01:00", "2026-03-02 09:00:00", None, "It suits me."),
        ("rescheduled", "invitee", "2026-03-01 12:02:00", "2026-03-03 09:00:00", "2026-03-02 09:00:00", None),
        (
            "rescheduled",
            "host",
            "2026-03-01 12:03:00",
            "2026-03-04 09:00:00",
            "2026-03-03 09:00:00",
            "I am away.",
        ),
        ("cancelled", "invitee", "2026-03-01 12:04:00", "2026-03-04 09:00:00", None, "It is settled."),
    ] == [tuple(line.values()) for line in host.get(f"/bookings/{seen[0]['id']}/history")]


def test_each_step_has_its_message(host: Host, clock: Clock, db: Database) -> None:
    """
    One a step, to both sides by mail, with what they need to know; calendars see the sequence rise.
    """
    host.put("/booking-page", {"slug": "jane"})
    host.slug = "jane"
    live(host, clock)

    with db.read() as tx:
        messages = tx.scalars(select(Message).order_by(Message.id)).all()
        recipients = [
            set(tx.scalars(select(Delivery.recipient).where(Delivery.message_id == message.id)))
            for message in messages
        ]
        booking = tx.scalars(select(Booking)).one()
    facts = [message.facts or {} for message in messages]
    assert TOPICS == [message.topic for message in messages]
    assert [{"host", "invitee"}] * 5 == recipients
    assert ["invitee", "host", "invitee", "host", "invitee"] == [fact["by"] for fact in facts]
    assert [0, 1, 2, 3, 4] == [fact["sequence"] for fact in facts]
    assert 4 == booking.sequence
    assert ["pending", "confirmed", "confirmed", "confirmed", "cancelled"] == [
        fact["status"] for fact in facts
    ]
    assert [None, "It suits me.", None, "I am away.", "It is settled."] == [fact["reason"] for fact in facts]
    assert [
        None,
        None,
        ["2026-03-02 09:00:00", "2026-03-02 09:30:00"],
        ["2026-03-03 09:00:00", "2026-03-03 09:30:00"],
        None,
    ] == [fact["former"] and [written(end) for end in fact["former"]] for fact in facts]
    for fact in facts:
        assert ("jane", "call", "phone", "+1 555 0100") == tuple(
            fact[name] for name in ("page_slug", "event_slug", "location_type", "location")
        )
        assert ("Europe/Berlin", "de") == (fact["invitee"]["timezone"], fact["invitee"]["locale"])


def test_no_message_holds_a_link(host: Host, clock: Clock, db: Database) -> None:
    """
    Nothing that opens a booking rests in a table.
    """
    offer(host)
    token = manage_path(ask(host, "09:00")).removeprefix("/manage/")
    with db.read() as tx:
        rested = [*tx.scalars(select(Message.payload)), *map(str, tx.scalars(select(Message.facts)))]

    assert [] == [text for text in rested if token in text or "manage" in text]


def test_reminders_follow(host: Host, clock: Clock, db: Database) -> None:
    """
    They are planned when it is confirmed, move with it, and go when it is cancelled.
    """

    def due() -> list[str]:
        with db.read() as tx:
            return [written(at) for at in tx.scalars(select(Reminder.due_ts).order_by(Reminder.due_ts))]

    offer(host, requires_confirmation=True)
    made = ask(host, "14:00")
    (row,) = host.get("/bookings")
    found = [due()]
    host.post(f"/bookings/{row['id']}/confirm")
    found.append(due())
    invitee(host).post(f"{manage_path(made)}/reschedule", {"start_time": "2026-03-04T09:00:00Z"})
    found.append(due())
    invitee(host).post(f"{manage_path(made)}/cancel")
    found.append(due())

    assert [
        [],
        ["2026-03-01 14:00:00", "2026-03-02 13:00:00"],
        ["2026-03-03 09:00:00", "2026-03-04 08:00:00"],
        [],
    ] == found
