"""
The assistant's answer to an invitee, so far without understanding what they write.

It proposes the first public event type that has free time, with the dates on which it has.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from calendo.core.instants import Instant, get_zone, local_date, to_datetime
from calendo.db.engine import Tx, query_in
from calendo.ops import accounts, booking_pages, slots

_PROPOSED_DATES = 3
_LOOK_AHEAD_DAYS = 28
_NOON, _EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    What to suggest: an event type, dates with free times, and the first one's part of the day.
    """

    event_name: str
    event_slug: str
    duration_minutes: int
    dates: list[date]
    part_of_day: str


def propose(tx: Tx, page_slug: str, now: Instant) -> tuple[str, Proposal | None]:
    """
    Return the page's display name and a proposal; dates are in the host's zone.
    """
    page = booking_pages.get_public_page(tx, page_slug)
    query = query_in(tx)
    zone = get_zone(accounts.get_user(tx, page.host_id).timezone)
    first_on = local_date(now, zone)
    for event_type in booking_pages.list_public_types(tx, page):
        starts = slots.look_up(
            query,
            page_slug,
            event_type.slug,
            (first_on, first_on + timedelta(days=_LOOK_AHEAD_DAYS)),
            zone,
            now,
        )
        if starts:
            dates = list(dict.fromkeys(local_date(start, zone) for start in starts))
            hour = to_datetime(starts[0], zone).hour
            part = "morning" if hour < _NOON else "afternoon" if hour < _EVENING else "evening"
            return page.display_name, Proposal(
                event_type.name, event_type.slug, event_type.duration_minutes, dates[:_PROPOSED_DATES], part
            )
    return page.display_name, None
