"""
The list of bookings: what is coming, what waits for an answer, what is over and what fell through.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse, StreamingResponse

from calendo.core.instants import Instant, local_date
from calendo.db.engine import Tx
from calendo.db.models import CANCELLED, CONFIRMED, DECLINED, PENDING
from calendo.i18n import gettext_noop
from calendo.ops import booking_lists
from calendo.ops.booking_lists import BookingFilter
from calendo.web.api.bookings_csv import as_file
from calendo.web.api.cursors import read_cursor, write_cursor
from calendo.web.dashboard.bookings.dates import near, short_day
from calendo.web.dashboard.bookings.words import Line, Types, days_of, line_of
from calendo.web.dashboard.visitors import Visit, Visiting, area
from calendo.web.deps import Db, Now

DOMAIN = "host_bookings"
PATH = "/app/bookings"
router = area(PATH, DOMAIN)

#: The parts of the list, in the order of their tabs.
TABS = {
    "upcoming": gettext_noop("Upcoming"),
    "waiting": gettext_noop("Waiting"),
    "past": gettext_noop("Past"),
    "cancelled": gettext_noop("Cancelled"),
}
_PAGE = 50
_MAX_WORDS = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What an address asks for, as text; ``show`` is one of ``TABS``.
    """

    show: str
    words: str
    type: str

    def address(self, path: str = PATH, **changes: str) -> str:
        """
        Return the address of the same list, but for some changes.
        """
        given = {"show": self.show, "q": self.words, "type": self.type, **changes}
        usual = {"show": "upcoming", "q": "", "type": ""}
        return _with_query(path, {name: text for name, text in given.items() if text != usual.get(name)})

    def wanted(self, show: str, types: Types, now: Instant) -> BookingFilter:
        """
        Say which bookings a tab has; those that are on are still to come.
        """
        either = BookingFilter(event_type_id=types.read(self.type), words=self.words or None)
        match show:
            case "waiting":
                # Those whose time has come are declined by the next round of the worker.
                return replace(either, statuses=(PENDING,), from_ts=now + 1, soonest_first=True)
            case "past":
                return replace(either, statuses=(CONFIRMED,), ended_by_ts=now)
            case "cancelled":
                return replace(either, statuses=(CANCELLED, DECLINED))
            case _:
                return replace(either, statuses=(CONFIRMED,), ending_after_ts=now, soonest_first=True)


def _read_asked(
    show: str = "upcoming", q: str = "", event_type: Annotated[str, Query(alias="type")] = ""
) -> Asked:
    return Asked(show if show in TABS else "upcoming", " ".join(q.split())[:_MAX_WORDS], event_type)


Asking = Annotated[Asked, Depends(_read_asked)]


@router.get("")
def list_page(visit: Visiting, db: Db, now: Now, asked: Asking, cursor: str = "") -> HTMLResponse:
    """
    Show a part of the list, day by day.
    """
    after = None
    if cursor:
        start_ts, booking_id = read_cursor(cursor, 2)
        after = (start_ts, booking_id)
    with db.read() as tx:
        types = Types.of(tx, visit.host_id)
        wanted = asked.wanted(asked.show, types, now)
        rows = booking_lists.list_bookings(tx, visit.host_id, replace(wanted, after=after, limit=_PAGE + 1))
        counts = _counts(tx, visit, asked, types, now)
    shown = rows[:_PAGE]
    lines = [line_of(visit.texts, row, types.by_id[row.event_type_id], visit.zone, now) for row in shown]
    position = (shown[-1].start_ts, shown[-1].id) if len(rows) > _PAGE else None
    return visit.render(
        "bookings/list.html",
        style=types.style,
        asked=asked,
        form=visit.form(q=asked.words, type=asked.type),
        tabs=[
            (asked.address(show=tab), visit.texts.gettext(name), tab == asked.show, counts.get(tab))
            for tab, name in TABS.items()
        ],
        counts=counts,
        types=types,
        days=_days(visit, lines, local_date(now, visit.zone)),
        further=asked.address(cursor=write_cursor(position)) if position else None,
        is_first=after is None,
        zone_name=visit.texts.zone(now, visit.zone),
        is_filtered=bool(asked.words or asked.type),
        elsewhere=[
            (asked.address(show=tab), visit.texts.gettext(name), counts[tab])
            for tab, name in TABS.items()
            if asked.words and tab != asked.show and counts.get(tab)
        ],
    )


@router.get("/export.csv")
def export(visit: Visiting, db: Db, now: Now, asked: Asking) -> StreamingResponse:
    """
    Send what the list shows, all pages of it, as a table.
    """
    with db.read() as tx:
        types = Types.of(tx, visit.host_id)
    return as_file(db, visit.host_id, asked.wanted(asked.show, types, now), visit.zone)


def _counts(tx: Tx, visit: Visit, asked: Asked, types: Types, now: Instant) -> dict[str, int | None]:
    """
    Count what waits; and where something is searched, all it was found among.
    """
    tabs = list(TABS) if asked.words else ["waiting"]
    counts: dict[str, int | None] = {
        tab: booking_lists.count_bookings(tx, visit.host_id, asked.wanted(tab, types, now)) for tab in tabs
    }
    return counts if asked.words else {tab: number or None for tab, number in counts.items()}


def _days(visit: Visit, lines: list[Line], today: date) -> list[dict[str, Any]]:
    return [
        {
            "on": day.isoformat(),
            "near": near(visit.texts, day, today),
            "name": short_day(visit.texts, day, today),
            "lines": on_day,
        }
        for day, on_day in days_of(lines, visit.zone).items()
    ]


def _with_query(path: str, given: dict[str, str]) -> str:
    return f"{path}?{urlencode(given)}" if given else path
