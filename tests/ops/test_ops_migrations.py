"""
Migrations keep what is there: hosts, bookings, and messages that are still on their way.
"""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

import calendo.db
from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, Delivery, EventType, LoginSession, User
from calendo.db.schema import SchemaState, migrate, schema_state
from calendo.errors import TooManyBookings
from calendo.ops import bookings, history, outbox
from ops.making import MONDAY_9, NOW, make_booking, make_host

#: Each booking's topics so far, by its status.
LIVES = {
    "pending": ["booking.requested"],
    "confirmed": ["booking.requested", "booking.created"],
    "cancelled": ["booking.created", "booking.rescheduled", "booking.cancelled"],
    "declined": ["booking.requested", "booking.declined"],
}


class OldRows:
    """
    Writes rows of the schema 0001, as the version that had it wrote them.
    """

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._tables = MetaData()
        self._tables.reflect(tx.connection())

    def add(self, table_name: str, **values: Any) -> int:
        table: Table = self._tables.tables[table_name]
        known = {"created_ts": NOW, "updated_ts": NOW}
        row = {name: value for name, value in known.items() if name in table.c} | values
        return int(self._tx.execute(insert(table).values(row).returning(table.c.id)).scalar_one())

    def fill(self) -> None:
        """
        Two hosts; the first one's endpoint waits for all messages of bookings in each status.
        """
        users = [self._host(number) for number in (1, 2)]
        host, event_type = users[0]
        self.add("sessions", user_id=host, token_hash="x", created_ts=NOW - 5, expires_ts=NOW + DAY)
        endpoint = self.add(
            "webhook_endpoints",
            host_id=host,
            url="https://example.com/",
            topics=["booking.created"],
            secret_encrypted="x",
            secret_hint="x",
            is_active=True,
        )
        for place, (status, topics) in enumerate(LIVES.items()):
            booking = self._booking(
                host, event_type, status, MONDAY_9 + place * HOUR, f"Bob{place}@Example.com"
            )
            for step, topic in enumerate(topics):
                message = self.add(
                    "messages",
                    uid=f"{booking}-{step}",
                    host_id=host,
                    booking_id=booking,
                    topic=topic,
                    payload="{}",
                    created_ts=NOW + step,
                )
                self.add(
                    "deliveries",
                    message_id=message,
                    endpoint_id=endpoint,
                    status="pending",
                    next_attempt_ts=NOW,
                )
        self._booking(*users[1], "confirmed", MONDAY_9, "JOSÉ@example.com")

    def _host(self, number: int) -> tuple[int, int]:
        email = f"host{number}@example.com"
        host = self.add(
            "users", email=email, email_key=email, password_hash="x", name=f"Host {number}", timezone="UTC"
        )
        self.add(
            "booking_pages",
            host_id=host,
            slug=f"host-{number}",
            display_name="",
            bio="",
            brand_color="",
            welcome_message="",
        )
        self.add(
            "availability_schedules",
            host_id=host,
            name="",
            timezone="UTC",
            rules='[{"day":1,"start":"09:00","end":"17:00"}]',
            overrides="[]",
            is_default=True,
        )
        return host, self.add(
            "event_types",
            host_id=host,
            name="Call",
            slug="call",
            description="",
            color="",
            duration_minutes=30,
            buffer_before=0,
            buffer_after=0,
            min_notice_hours=0,
            max_future_days=60,
            questions=[],
            is_active=True,
            is_secret=False,
            requires_confirmation=False,
            position=0,
        )

    def _booking(self, host: int, event_type: int, status: str, start: int, email: str) -> int:
        return self.add(
            "bookings",
            uid=f"{host}-{status}",
            host_id=host,
            event_type_id=event_type,
            start_ts=start,
            end_ts=start + 1800,
            blocked_start_ts=start,
            blocked_end_ts=start + 1800,
            status=status,
            invitee_name="Bob",
            invitee_email=email,
            timezone="UTC",
            answers={},
        )


@pytest.fixture
def moved_on(empty: Database) -> Database:
    """
    A database of the first schema with rows in it, migrated to the present one.
    """
    with empty.write() as tx:
        config = Config()
        config.set_main_option("script_location", str(Path(calendo.db.__file__).parent / "migrations"))
        config.attributes["connection"] = tx.connection()
        command.upgrade(config, "0001")
        OldRows(tx).fill()
    assert SchemaState.OLDER is migrate(empty)
    return empty


def test_what_was_there_is_there(moved_on: Database) -> None:
    """
    Rows get what holds for them: uids of their own, the defaults, the key by which addresses are compared.
    """
    assert SchemaState.CURRENT is schema_state(moved_on)
    with moved_on.read() as tx:
        hosts = tx.scalars(select(User)).all()
        types = tx.scalars(select(EventType)).all()
        found = tx.scalars(select(Booking).order_by(Booking.id)).all()

    assert (2, {36}) == (len({host.uid for host in hosts}), {len(host.uid) for host in hosts})
    assert {(5, 0)} == {(host.max_bookings_per_invitee, host.feed_counter) for host in hosts}
    assert [(0, 0, [1440, 60])] * 2 == [
        (one.cancel_notice_hours, one.reschedule_notice_hours, one.reminder_minutes) for one in types
    ]
    assert [*LIVES, "confirmed"] == [booking.status for booking in found]
    assert [*(f"bob{place}@example.com" for place in range(4)), "josé@example.com"] == [
        booking.invitee_key for booking in found
    ]
    assert [*(f"bob bob{place}@example.com" for place in range(4)), "bob jose@example.com"] == [
        booking.invitee_search for booking in found
    ]
    assert {(0, 0, False)} == {
        (booking.sequence, booking.link_counter, booking.is_no_show) for booking in found
    }


def test_sessions_go_on(moved_on: Database) -> None:
    """
    Nobody is logged out; what is not known of a session is left open.
    """
    with moved_on.read() as tx:
        (session,) = tx.scalars(select(LoginSession))

    assert (NOW - 5, None) == (session.last_used_ts, session.user_agent)


def test_messages_become_history(moved_on: Database) -> None:
    """
    What was told of a booking is what was done to it.
    """
    with moved_on.read() as tx:
        told = {
            booking.uid: [
                (line.action, line.actor, line.created_ts) for line in history.list_changes(tx, booking)
            ]
            for booking in tx.scalars(select(Booking))
        }
        host = tx.scalars(select(User.id).order_by(User.id)).first()

    assert {
        f"{host}-pending": [("requested", "invitee", NOW)],
        f"{host}-confirmed": [("requested", "invitee", NOW), ("confirmed", "host", NOW + 1)],
        f"{host}-cancelled": [
            ("booked", "invitee", NOW),
            ("rescheduled", "host", NOW + 1),
            ("cancelled", "host", NOW + 2),
        ],
        f"{host}-declined": [("requested", "invitee", NOW), ("declined", "host", NOW + 1)],
    } == {uid: lines for uid, lines in told.items() if lines}


def test_what_is_on_its_way_stays_on_it(moved_on: Database) -> None:
    """
    Every delivery waits as before, in its endpoint's lane.
    """
    with moved_on.read() as tx:
        deliveries = tx.scalars(select(Delivery)).all()

    assert sum(map(len, LIVES.values())) == len(deliveries)
    for row in deliveries:
        assert ("pending", NOW, row.endpoint_id, None, 0, 0) == (
            row.status,
            row.next_attempt_ts,
            row.lane,
            row.recipient,
            row.attempts,
            row.claim,
        )


@pytest.mark.parametrize("status", ["pending", "confirmed"])
def test_overlaps_are_still_refused(moved_on: Database, status: str) -> None:
    """
    On inserting and on changing, by the database itself.
    """
    with moved_on.read() as tx:
        bookings_there = {booking.status: booking for booking in tx.scalars(select(Booking).limit(4))}
    first, second = bookings_there["pending"], bookings_there["cancelled"]
    copied = {column.name: getattr(first, column.name) for column in Booking.__table__.columns}
    with pytest.raises(IntegrityError), moved_on.write() as tx:
        tx.execute(insert(Booking).values(copied | {"id": 999, "uid": "new", "status": status}))
    onto_first = {"blocked_start_ts": first.start_ts, "start_ts": first.start_ts, "status": status}
    with pytest.raises(IntegrityError), moved_on.write() as tx:
        tx.execute(update(Booking).where(Booking.id == second.id).values(onto_first))


def test_life_goes_on(moved_on: Database) -> None:
    """
    Old bookings can be confirmed, moved and cancelled, new ones made, and the limit counts both.
    """
    with moved_on.write() as tx:
        found = {booking.status: booking for booking in tx.scalars(select(Booking).limit(4))}
        host = found["pending"].host_id
        assert "confirmed" == bookings.confirm(tx, host, found["pending"].id, NOW).status
        moved = bookings.reschedule(tx, host, found["confirmed"].id, MONDAY_9 + 5 * HOUR, NOW)
        assert 1 == moved.sequence
        assert "cancelled" == bookings.cancel(tx, host, moved.id, NOW).status
        event_type = tx.get_one(EventType, moved.event_type_id)
        tx.get_one(User, host).max_bookings_per_invitee = 1
        tx.flush()
        make_booking(tx, event_type, MONDAY_9 + 7 * DAY)
        with pytest.raises(TooManyBookings):
            make_booking(tx, event_type, MONDAY_9 + 7 * DAY + HOUR)
        assert make_host(tx).id > host
        recipients = tx.scalars(select(Delivery.recipient).where(Delivery.lane == outbox.MAIL_LANE)).all()
        assert {"host", "invitee"} == set(recipients)
