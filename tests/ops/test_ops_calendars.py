"""
Bookings in calendars: which a feed has, and what of them it says.
"""

import pytest
from sqlalchemy import insert

from calendo.core.instants import DAY, HOUR, Instant
from calendo.db.engine import Database, Tx
from calendo.db.models import Booking, EventType
from calendo.errors import NotFound
from calendo.integrations.links import Links, Purpose
from calendo.ops import calendars
from calendo.ops.calendars import FEED_DAYS, FEED_ENTRIES
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

LINKS = Links(b"a key that only the tests use")


def add(tx: Tx, event_type: EventType, status: str, starts: list[Instant]) -> None:
    """
    Write bookings of half an hour as rows.
    """
    tx.execute(
        insert(Booking),
        [
            {
                "uid": f"{status}-{start}",
                "host_id": event_type.host_id,
                "event_type_id": event_type.id,
                "start_ts": start,
                "end_ts": start + HOUR // 2,
                "blocked_start_ts": start,
                "blocked_end_ts": start + HOUR // 2,
                "status": status,
                "invitee_name": "Bob",
                "invitee_email": "bob@example.com",
                "invitee_key": "bob@example.com",
                "timezone": "UTC",
                "answers": {},
                "created_ts": start,
                "updated_ts": start,
            }
            for start in starts
        ],
    )


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_feed_keeps_the_nearest_and_what_takes_place(db: Database) -> None:
    """
    However many were called off, all that take place stay, and of the rest those nearest to now.
    """
    firm = [NOW - 80 * DAY, NOW + 5 * HOUR, NOW + 900 * DAY]
    off = [NOW - (FEED_DAYS - 1) * DAY + number * 2 * HOUR for number in range(FEED_ENTRIES + 100)]
    with db.write() as tx:
        host = make_host(tx)
        event_type = make_type(tx, host.id)
        add(tx, event_type, "confirmed", firm)
        add(tx, event_type, "cancelled", off)
    with db.read() as tx:
        entries = calendars.list_feed(tx, host, NOW)

    starts = [entry.start_ts for entry in entries if entry.status == "CANCELLED"]
    assert FEED_ENTRIES == len(entries)
    assert firm == [entry.start_ts for entry in entries if entry.status == "CONFIRMED"]
    assert sorted(sorted(off, key=lambda start: abs(start - NOW))[: FEED_ENTRIES - 3]) == starts
    assert entries == sorted(entries, key=lambda entry: entry.start_ts)


def test_a_feed_goes_back_90_days(db: Database) -> None:
    """
    A booking of 90 days ago is in it, and a second older is not.
    """
    with db.write() as tx:
        host = make_host(tx)
        add(tx, make_type(tx, host.id), "confirmed", [NOW - 90 * DAY, NOW - 91 * DAY])
    with db.read() as tx:
        assert [NOW - 90 * DAY] == [entry.start_ts for entry in calendars.list_feed(tx, host, NOW)]
        assert [] == calendars.list_feed(tx, host, NOW + 1)


def test_a_feed_cuts_what_invitees_wrote(db: Database) -> None:
    """
    A page of notes is whole in a download, and 2,000 characters of it are in the feed.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id), notes="x" * 5000)
        (entry,) = calendars.list_feed(tx, host, NOW)
        whole = calendars.for_host(tx, host.id, booking.id)

    assert (2000, ()) == (len(entry.description), entry.alarm_minutes)
    assert "x" * 5000 in whole.description
    assert (15,) == whole.alarm_minutes


def test_an_invitees_entry_has_the_link(db: Database) -> None:
    """
    The other side's does not.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking = make_booking(tx, make_type(tx, host.id), MONDAY_9)
        mine = calendars.for_invitee(tx, booking, "https://calendo.test/manage/x")
        theirs = calendars.for_host(tx, host.id, booking.id)

    assert ("https://calendo.test/manage/x", None) == (mine.url, theirs.url)
    assert ("Call with Jane Smith", "Call with Bob") == (mine.summary, theirs.summary)
    assert (f"{booking.uid}@calendo",) * 2 == (mine.uid, theirs.uid)


def test_only_the_present_token_opens_a_feed(db: Database) -> None:
    """
    It is the host's until it is replaced, and then another one is.
    """
    with db.write() as tx:
        host = make_host(tx)
        former = calendars.feed_token(tx, LINKS, host.id)
        assert host is calendars.get_by_feed_token(tx, LINKS, former)
        calendars.replace_feed(tx, host.id)
        present = calendars.feed_token(tx, LINKS, host.id)
        assert host is calendars.get_by_feed_token(tx, LINKS, present)
        for wrong in (former, "", LINKS.token(Purpose.MANAGE, host.uid, host.feed_counter)):
            with pytest.raises(NotFound):
                calendars.get_by_feed_token(tx, LINKS, wrong)
