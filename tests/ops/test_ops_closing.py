"""
A closed account leaves nothing behind, and nobody waiting.
"""

import pytest
from sqlalchemy import func, select, text

from calendo.core.instants import DAY, HOUR, MINUTE
from calendo.db.engine import Database, Tx
from calendo.db.models import Attempt, Base, Booking, Delivery, Message, User
from calendo.errors import EmailTaken, NotFound, SlotUnavailable, WrongCredentials
from calendo.ops import (
    accounts,
    api_keys,
    avatars,
    bookings,
    closing,
    deliveries,
    reminders,
    resets,
    sessions,
)
from calendo.ops.accounts import NewAccount
from calendo.ops.deliveries import Outcome
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type
from ops.sending import OK, REFUSED, claim, finish, make_endpoint

#: What rests of a closed account until the last mail is sent.
KEPT = {"users", "messages", "deliveries", "attempts", "alembic_version"}


def counts(tx: Tx) -> dict[str, int]:
    """
    Say how many rows there are in each table that has some.
    """
    found = {
        name: tx.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
    }
    return {name: number for name, number in found.items() if number}


def make_life(tx: Tx) -> User:
    """
    Make a host of whom there is a row in every table.
    """
    host = make_host(tx)
    make_endpoint(tx, 2, host_id=host.id)
    sessions.start_session(tx, host.id, "no hash", NOW)
    api_keys.create(tx, host.id, "key", None, NOW)
    resets.request(tx, host.id, NOW)
    avatars.change(tx, host.id, b"picture", NOW)
    call = make_type(tx, host.id, schedule_id=None)
    asked = make_type(tx, host.id, name="Asked", requires_confirmation=True)
    make_booking(tx, call)
    make_booking(tx, asked, MONDAY_9 + HOUR)
    bookings.cancel(tx, host.id, make_booking(tx, call, MONDAY_9 + 2 * HOUR).id, NOW)
    return host


def close(db: Database, host_id: int, now: int = NOW) -> int:
    with db.write() as tx:
        return closing.close(tx, host_id, now, password_hash="no hash")


def mails(tx: Tx) -> list[tuple[str, str | None, str]]:
    """
    List what is still to be sent: the topic, to whom, and about which meeting.
    """
    rows = tx.execute(
        select(Message.topic, Delivery.recipient, Message.facts)
        .join(Delivery, Delivery.message_id == Message.id)
        .where(Delivery.status.in_(("pending", "sending")))
        .order_by(Message.id)
    )
    return [(topic, recipient, (facts or {}).get("event_type", "")) for topic, recipient, facts in rows]


def send_all(db: Database, now: int, outcome: Outcome = OK) -> None:
    # A few of a lane are in flight at once.
    while claims := claim(db, now):
        finish(db, claims, outcome, now)


def test_nothing_of_the_host_is_left(db: Database) -> None:
    """
    But an empty row and the mails that invitees wait for, and after these are sent not even that.
    """
    with db.write() as tx:
        host = make_life(tx)
        before = set(counts(tx))
    assert 2 == close(db, host.id)

    with db.read() as tx:
        left = counts(tx)
        (user,) = tx.scalars(select(User))
        assert set(left) == KEPT & set(left)
        assert {"users": 1, "messages": 6, "deliveries": 6} == left
        assert ("", "", "UTC", None, NOW) == (
            user.name,
            user.email,
            user.timezone,
            user.avatar_hash,
            user.closed_ts,
        )
        assert len(before) > 12
    send_all(db, NOW)
    with db.write() as tx:
        assert 1 == closing.forget(tx, NOW)
        assert {} == counts(tx)


def test_invitees_hear_of_it(db: Database) -> None:
    """
    Of bookings to come, confirmed or not; mails to the host and webhooks are not sent any more.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_endpoint(tx, 1, host_id=host.id)
        past = make_type(tx, host.id, name="Past", duration_minutes=60)
        make_booking(tx, past, MONDAY_9)
        make_booking(tx, make_type(tx, host.id, name="Next"), MONDAY_9 + HOUR)
        make_booking(
            tx, make_type(tx, host.id, name="Asked", requires_confirmation=True), MONDAY_9 + 2 * HOUR
        )
    send_all(db, NOW)
    assert 2 == close(db, host.id, MONDAY_9 + MINUTE)

    with db.read() as tx:
        assert [
            ("booking.cancelled", "invitee", "Next"),
            ("booking.cancelled", "invitee", "Asked"),
        ] == mails(tx)
        assert {None} == set(tx.scalars(select(Message.booking_id)))
        assert {"no hash"} - {user.password_hash for user in tx.scalars(select(User))}
    (first, *_) = claim(db, MONDAY_9 + MINUTE)
    assert "Jane Smith" == first.facts["host"]["name"]
    assert first.link_counter is None


def test_what_was_not_sent_yet_is_sent_still(db: Database) -> None:
    """
    While mail is away the story goes on: booked, then cancelled. Reminders of it are dropped.
    """
    with db.write() as tx:
        host = make_host(tx)
        call = make_type(tx, host.id, reminder_minutes=[60])
        make_booking(tx, call, MONDAY_9 + HOUR)
        assert 1 == reminders.write_due(tx, MONDAY_9)
    close(db, host.id, MONDAY_9)

    with db.read() as tx:
        assert [("booking.created", "invitee", "Call"), ("booking.cancelled", "invitee", "Call")] == mails(tx)


def test_a_mail_that_fails_is_tried_again(db: Database) -> None:
    """
    The row waits as long as somebody does, and goes once the last try is over, arrived or not.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_booking(tx, make_type(tx, host.id))
    send_all(db, NOW)
    close(db, host.id)
    for now in (NOW, NOW + 2 * MINUTE, NOW + 10 * MINUTE):
        send_all(db, now, REFUSED)
        with db.write() as tx:
            assert 0 == closing.forget(tx, now)
    send_all(db, NOW + HOUR, REFUSED)

    with db.write() as tx:
        assert tx.scalar(select(func.count()).select_from(Attempt))
        assert 1 == closing.forget(tx, NOW + HOUR)
        assert {} == counts(tx)


def test_a_result_that_comes_late_is_harmless(db: Database) -> None:
    """
    What was being sent while the account was closed ends as it ends.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_endpoint(tx, 1, host_id=host.id)
        make_booking(tx, make_type(tx, host.id))
    claims = claim(db)
    close(db, host.id)
    finish(db, claims, OK)

    with db.read() as tx:
        assert [("booking.cancelled", "invitee", "Call")] == mails(tx)


def test_the_address_can_sign_up_again(db: Database) -> None:
    """
    At once, and nobody gets in with what was good before.
    """
    with db.write() as tx:
        host = accounts.register(tx, NewAccount("jane@example.com", "no hash", "Jane", "UTC"), NOW)
        token = sessions.start_session(tx, host.id, "no hash", NOW)
        with pytest.raises(EmailTaken), tx.begin_nested():
            accounts.register(tx, NewAccount("Jane@example.com", "other", "Jane", "UTC"), NOW)
    close(db, host.id)

    with db.write() as tx:
        assert accounts.find_by_email(tx, "jane@example.com") is None
        assert sessions.find_session(tx, token, NOW) is None
        assert resets.request(tx, host.id, NOW) is None
        with pytest.raises(WrongCredentials):
            sessions.start_session(tx, host.id, "no hash", NOW)
        again = accounts.register(tx, NewAccount("jane@example.com", "other", "Jane", "UTC"), NOW)
        assert again.id != host.id


def test_only_with_the_password_that_was_verified(db: Database) -> None:
    """
    A password that was changed meanwhile, or an account that is closed already, is refused.
    """
    with db.write() as tx:
        host_id, other_id = make_host(tx).id, make_host(tx).id
        make_booking(tx, make_type(tx, other_id))
        with pytest.raises(WrongCredentials):
            closing.close(tx, host_id, NOW, password_hash="former hash")
    close(db, host_id)
    with pytest.raises(WrongCredentials), db.write() as tx:
        closing.close(tx, host_id, NOW, password_hash="no hash")

    with db.write() as tx:
        assert 1 == closing.forget(tx, NOW)
        assert 1 == tx.scalar(select(func.count()).select_from(Booking))
        assert [other_id] == tx.scalars(select(User.id)).all()


def test_nobody_books_with_a_host_who_has_gone(db: Database) -> None:
    """
    Who had the page open gets an answer, whichever of the two came first.
    """
    with db.write() as tx:
        host = make_host(tx)
        call = make_type(tx, host.id)
    close(db, host.id)

    with pytest.raises((NotFound, SlotUnavailable)), db.write() as tx:
        make_booking(tx, tx.merge(call, load=False))


def test_old_accounts_do_not_keep_the_log(db: Database) -> None:
    """
    Messages of a month ago are pruned whether or not their host is still there.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_booking(tx, make_type(tx, host.id))
    close(db, host.id)
    send_all(db, NOW)
    with db.write() as tx:
        assert deliveries.prune(tx, NOW + 31 * DAY)
        assert 1 == closing.forget(tx, NOW + 31 * DAY)
        assert tx.scalar(text("SELECT count(*) FROM users")) == 0
