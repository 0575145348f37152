"""
Links that open the calendar of Google or Outlook with a meeting filled in, to be saved there.

They say what, when and where, and have the invitee's own link; nothing of what was asked or answered.
"""

from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote, urlencode

from calendo.core.calendars import as_link
from calendo.core.instants import Instant, written_iso
from calendo.core.texts import one_line

# As they are written in an address, where one character can take twelve. With these and a
# manage link a whole address stays below 2,000 characters, which is what all take.
_TITLE_ROOM = 600
_PLACE_ROOM = 800
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """
    The addresses, by whose calendar it is.
    """

    google: str
    outlook: str


def calendar_links(
    *, title: str, start_ts: Instant, end_ts: Instant, location: str | None, url: str
) -> CalendarLinks:
    """
    Reckon the links for a meeting; ``url`` is where its invitee can see and change the booking.

    Times are in UTC, so each calendar shows them on its owner's clock. Long texts are cut; a
    place that is a link would lead nowhere then, and is left out.
    """
    title = _cut(one_line(title), _TITLE_ROOM)
    whole = one_line(location or "")
    place = _cut(whole, _PLACE_ROOM)
    if place != whole and as_link(whole):
        place = ""
    start, end = written_iso(start_ts), written_iso(end_ts)
    return CalendarLinks(
        google=_address(
            "https://calendar.google.com/calendar/render",
            action="TEMPLATE",
            text=title,
            dates=f"{start}/{end}".replace("-", "").replace(":", ""),
            location=place,
            details=url,
        ),
        outlook=_address(
            "https://outlook.live.com/calendar/0/deeplink/compose",
            path="/calendar/action/compose",
            rru="addevent",
            subject=title,
            startdt=start,
            enddt=end,
            location=place,
            body=url,
        ),
    )


def _address(page: str, **query: str) -> str:
    # Outlook shows a plus sign as one, so a blank has to be %20.
    return f"{page}?{urlencode(query, safe='', quote_via=quote)}"


def _cut(text: str, room: int) -> str:
    """
    Cut a text so that it takes at most ``room`` characters of an address.
    """
    if len(quote(text, safe="")) <= room:
        return text
    ends = accumulate(len(quote(char, safe="")) for char in text)
    return text[: sum(end <= room - len(quote(_ELLIPSIS)) for end in ends)] + _ELLIPSIS
