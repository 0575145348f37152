"""
What was confirmed once is known afterwards: only that has been entered into calendars.
"""

from making import NOW, make_booking, make_host, make_type
from sqlalchemy import select

from calendo.db.engine import Database
from calendo.db.models import Message
from calendo.ops import bookings


def test_a_cancelled_booking_says_whether_it_was_confirmed(db: Database) -> None:
    """
    Booked at once, or confirmed by the host, or never.
    """
    told = {}
    for case, waits, confirms in [
        ("at once", False, False),
        ("by the host", True, True),
        ("never", True, False),
    ]:
        with db.write() as tx:
            host = make_host(tx)
            booking = make_booking(tx, make_type(tx, host.id, requires_confirmation=waits))
            if confirms:
                bookings.confirm(tx, host.id, booking.id, NOW + 1)
            bookings.cancel(tx, host.id, booking.id, NOW + 2)
            last = tx.scalars(select(Message).order_by(Message.id.desc())).first()
            assert last is not None
            assert last.facts is not None
            told[case] = last.facts["was_confirmed"]

    assert {"at once": True, "by the host": True, "never": False} == told
