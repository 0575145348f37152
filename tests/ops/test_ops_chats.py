"""
The assistant's proposal: the first public event type that has time, and when.
"""

from datetime import date

import pytest

from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database
from calendo.errors import NotFound
from calendo.ops import accounts, booking_pages, chats, schedules
from ops.making import MONDAY_9, NOW, make_booking, make_host, make_type


def test_the_first_type_with_free_time_is_proposed(db: Database) -> None:
    """
    Types without free time are passed over, and secret ones are not mentioned.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_type(tx, host.id, name="Secret", is_secret=True)
        make_type(tx, host.id, name="Never", max_future_days=0)
        make_type(tx, host.id, name="Long Talk", duration_minutes=60)
        make_type(tx, host.id, name="Later")
        slug = booking_pages.get_page(tx, host.id).slug

    with db.read() as tx:
        name, proposal = chats.propose(tx, slug, NOW)
    assert "Jane Smith" == name
    assert ("Long Talk", "long-talk", 60, "morning") == (
        proposal.event_name,
        proposal.event_slug,
        proposal.duration_minutes,
        proposal.part_of_day,
    )
    assert [date(2026, 3, day) for day in (2, 3, 4)] == proposal.dates


@pytest.mark.parametrize(
    ("start", "part"),
    [
        ("00:00", "morning"),
        ("11:30", "morning"),
        ("12:00", "afternoon"),
        ("16:30", "afternoon"),
        ("17:00", "evening"),
    ],
)
def test_the_part_of_the_day_is_the_hosts(db: Database, start: str, part: str) -> None:
    """
    It is that of the first free time, on the clock where the host is.
    """
    with db.write() as tx:
        host = make_host(tx, timezone="Asia/Tokyo")
        make_type(tx, host.id)
        (hours,) = schedules.list_schedules(tx, host.id)
        schedules.change(tx, host.id, hours.id, {"rules": [{"day": 3, "start": start, "end": "24:00"}]})

    with db.read() as tx:
        _, proposal = chats.propose(tx, "jane-smith", NOW)
    assert part == proposal.part_of_day
    assert [date(2026, 3, day) for day in (4, 11, 18)] == proposal.dates


def test_dates_that_are_booked_out_are_not_proposed(db: Database) -> None:
    """
    A proposal looks at what is free, not at what is open.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id, duration_minutes=480)
        make_booking(tx, event_type)
        make_booking(tx, event_type, MONDAY_9 + 2 * DAY)

        _, proposal = chats.propose(tx, "jane-smith", NOW)
    assert [date(2026, 3, day) for day in (3, 5, 6)] == proposal.dates


@pytest.mark.parametrize("rules", [[], [{"day": 1, "start": "09:00", "end": "09:15"}]])
def test_without_free_time_nothing_is_proposed(db: Database, rules: list[dict[str, object]]) -> None:
    """
    The name is all there is to say then, as it is where nothing is offered at all.
    """
    with db.write() as tx:
        host = make_host(tx)
        assert ("Jane Smith", None) == chats.propose(tx, "jane-smith", NOW)
        make_type(tx, host.id)
        (hours,) = schedules.list_schedules(tx, host.id)
        schedules.change(tx, host.id, hours.id, {"rules": rules})

        assert ("Jane Smith", None) == chats.propose(tx, "jane-smith", NOW)


def test_dates_are_the_hosts(db: Database) -> None:
    """
    Where the profile's zone differs from the schedule's, the profile's calendar counts.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_type(tx, host.id, min_notice_hours=1)
        accounts.change_profile(tx, host.id, {"timezone": "Pacific/Kiritimati"})

        _, proposal = chats.propose(tx, "jane-smith", NOW + HOUR)
    assert "evening" == proposal.part_of_day
    assert date(2026, 3, 2) == proposal.dates[0]


def test_there_is_no_proposal_without_a_page(db: Database) -> None:
    """
    An unknown page is not found.
    """
    with db.read() as tx, pytest.raises(NotFound):
        chats.propose(tx, "nobody", NOW)
