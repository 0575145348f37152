"""
Bookings in calendars: one to take away, and a host's feed of all to subscribe to.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import contains_eager

from calendo.core.calendars import MAX_TEXT, Entry, describe, entry_of, title
from calendo.core.instants import DAY, Instant
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING, Booking, User
from calendo.errors import NotFound
from calendo.i18n import translations
from calendo.integrations.links import Links, Purpose, uid_in
from calendo.ops import accounts, bookings
from calendo.ops.outbox import HOST, INVITEE, facts_of

#: A feed goes back so far.
FEED_DAYS = 90
#: A feed has no more entries than this, the nearest ones, and their texts are cut. So it
#: stays below 16 MiB whatever invitees write.
FEED_ENTRIES = 2000
FEED_TEXT = 2000


def for_host(tx: Tx, host_id: int, booking_id: int) -> Entry:
    """
    Return the entry of one of a host's bookings, as the host reads it.
    """
    booking = bookings.get_booking(tx, host_id, booking_id)
    return _entry(booking, accounts.get_user(tx, host_id), INVITEE)


def for_invitee(tx: Tx, booking: Booking, manage_url: str) -> Entry:
    """
    Return the entry of a booking as its invitee reads it, with the link to manage it.
    """
    return _entry(booking, tx.get_one(User, booking.host_id), HOST, manage_url)


def feed_token(tx: Tx, links: Links, host_id: int) -> str:
    """
    Return the token of a host's feed.
    """
    host = accounts.get_user(tx, host_id)
    return links.token(Purpose.FEED, host.uid, host.feed_counter)


def replace_feed(tx: Tx, host_id: int) -> None:
    """
    Give a host's feed another token; the one before is dead from here on.
    """
    tx.execute(
        update(User)
        .where(User.id == host_id)
        .values(feed_counter=User.feed_counter + 1)
        # Whoever has it loaded reads it again.
        .execution_options(synchronize_session="fetch")
    )


def get_by_feed_token(tx: Tx, links: Links, token: str) -> User:
    """
    Return the host whose feed a token opens.
    """
    host = tx.scalar(select(User).where(User.uid == (uid_in(token) or "")))
    if host is None or not links.fits(token, Purpose.FEED, host.uid, host.feed_counter):
        raise NotFound("There is no such calendar. Its address may have been replaced.")
    return host


def list_feed(tx: Tx, host: User, now: Instant) -> list[Entry]:
    """
    List a host's bookings of the last 90 days and all to come, earliest first.

    Those that were called off are among them, marked as such, so that calendars take
    them out; they are the first to go where there are too many.
    """
    rows = tx.scalars(
        select(Booking)
        .join(Booking.event_type)
        .options(contains_eager(Booking.event_type))
        .where(Booking.host_id == host.id, Booking.start_ts >= now - FEED_DAYS * DAY)
        .order_by(Booking.status.in_(BLOCKING).desc(), func.abs(Booking.start_ts - now), Booking.id)
        .limit(FEED_ENTRIES)
    ).all()
    rows = sorted(rows, key=lambda booking: (booking.start_ts, booking.id))
    return [_entry(booking, host, INVITEE, text=FEED_TEXT, has_alarm=False) for booking in rows]


def _entry(
    booking: Booking,
    host: User,
    other: str,
    url: str | None = None,
    *,
    text: int = MAX_TEXT,
    has_alarm: bool = True,
) -> Entry:
    facts = facts_of(booking, host, None)
    reader = INVITEE if other == HOST else HOST
    gettext = translations(facts[reader]["locale"], "mails").gettext
    return entry_of(
        facts,
        changed_ts=booking.updated_ts,
        summary=title(facts, other, gettext),
        description=describe(facts, other, gettext, url, limit=text),
        url=url,
        has_alarm=has_alarm,
    )
