"""
``calendo explain`` says the same as the API, in a table.
"""

from datetime import UTC, datetime, timedelta

from commands import JANE, PASSWORD, Calendo

from calendo.core.instants import to_instant
from calendo.db.engine import Database
from calendo.ops import accounts
from ops.making import make_booking, make_type

pytest_plugins = ["cli_fixtures"]


def next_monday() -> datetime:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def test_a_day_is_explained(calendo: Calendo) -> None:
    """
    Each candidate and each gap has a line with its reasons.
    """
    calendo.done(*JANE, *PASSWORD, "--timezone", "UTC")
    monday = next_monday()
    db = Database(f"sqlite:///{calendo.folder / 'data' / 'calendo.db'}")
    now = to_instant(monday) - 86400
    with db.write() as tx:
        host = accounts.find_by_email(tx, "jane@example.com")
        assert host is not None
        event_type = make_type(tx, host.id, now=now, duration_minutes=60)
        make_booking(tx, event_type, to_instant(monday) + 10 * 3600, now=now)
    db.close()
    lines = calendo.done("explain", "jane-smith", "call", f"{monday:%F}").splitlines()

    assert f"Call, Monday {monday:%F}, on the clock of UTC" == lines[0]
    assert [
        "  00:00 - 09:00  closed   Outside of the schedule's hours.",
        "  09:00          offered",
        "  10:00          not      Booked by Bob, 10:00 to 11:00.",
    ] == lines[3:6]
    assert 3 + 10 == len(lines)
    tokyo = calendo.done("explain", "jane-smith", "call", f"{monday:%F}", "--timezone", "Asia/Tokyo")
    assert "on the clock of Asia/Tokyo" in tokyo


def test_what_cannot_be_explained_is_said(calendo: Calendo) -> None:
    """
    An address that is none, a date and a zone that are none: one line each.
    """
    where = ("explain", "jane-smith", "call")

    assert "There is no event type at this address." == calendo.refused(*where, "2026-03-10")
    assert "DATE: use a date such as 2026-03-10." == calendo.refused(*where, "tomorrow")
    assert calendo.refused(*where, "2026-03-10", "--timezone", "Mars/Phobos").startswith("timezone: ")
