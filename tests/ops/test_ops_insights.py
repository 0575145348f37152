"""
Insights count in the database what the core groups, and clock changes look at invitees' zones.
"""

from datetime import date

from calendo.core.insights import Counts
from calendo.core.instants import DAY, HOUR, get_zone
from calendo.db.engine import Database
from calendo.db.models import Booking
from calendo.ops import bookings, clock_changes, insights, schedules
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type

UTC = get_zone("UTC")


def test_bookings_are_counted_by_what_became_of_them(db: Database) -> None:
    """
    Each status for itself; those of others and beyond the dates are left out.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        call, theirs = make_type(tx, host.id), make_type(tx, other.id)
        asked = make_type(tx, host.id, name="Asked", requires_confirmation=True)
        missed = make_booking(tx, call)
        bookings.mark_no_show(tx, host.id, missed.id, MONDAY_9)
        make_booking(tx, asked, MONDAY_9 + HOUR)
        bookings.decline(tx, host.id, make_booking(tx, asked, MONDAY_9 + 2 * HOUR).id, NOW)
        for number in range(3):
            gone = make_booking(tx, call, MONDAY_9 + 3 * HOUR)
            bookings.cancel(tx, host.id, gone.id, NOW + number)
        make_booking(tx, call, MONDAY_9 + DAY)
        make_booking(tx, theirs)
        found = insights.look(tx, host.id, date(2026, 3, 2), date(2026, 3, 2), UTC)

    assert Counts(bookings=2, cancelled=3, declined=1, no_shows=1) == found.counts.total
    assert {call.id: Counts(1, 3, 0, 1), asked.id: Counts(1, 0, 1, 0)} == found.counts.by_event_type
    assert {call.id: "Call", asked.id: "Asked"} == found.event_type_names
    assert Counts(cancelled=3) == found.counts.by_hour[12]


def test_a_day_without_bookings_counts_nothing(db: Database) -> None:
    """
    There is an answer all the same.
    """
    with db.write() as tx:
        found = insights.look(tx, make_host(tx).id, date(2026, 3, 2), date(2026, 3, 3), UTC)

    assert Counts() == found.counts.total
    assert {} == found.event_type_names


def test_clock_changes_look_at_the_zones_of_bookings_to_come(db: Database) -> None:
    """
    The most frequent ones; one that is no zone any more is passed over.
    """
    with db.write() as tx:
        host = make_host(tx, timezone="Europe/Berlin")
        (schedule,) = schedules.list_schedules(tx, host.id)
        call = make_type(tx, host.id)
        rows = [
            make_booking(tx, call, MONDAY_9 + number * HOUR, timezone=zone)
            for number, zone in enumerate(["America/New_York", "Asia/Tokyo", "UTC"])
        ]
        tx.get_one(Booking, rows[2].id).timezone = "Mars/Phobos"
        tx.flush()
        found = clock_changes.list_coming(tx, host.id, schedule.id, None, NOW)
        asked = clock_changes.list_coming(tx, host.id, schedule.id, get_zone("UTC"), NOW)

    assert [
        ("2026-03-08", "America/New_York"),
        ("2026-03-29", "America/New_York"),
        ("2026-03-29", "Asia/Tokyo"),
    ] == [(change.on.isoformat(), zone.key) for zone, change in found]
    assert ["2026-03-29"] == [change.on.isoformat() for _, change in asked]
