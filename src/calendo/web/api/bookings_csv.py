"""
Bookings as a table for spreadsheets, in CSV (RFC 4180).

Invitees choose what stands in many of the cells, and a spreadsheet takes what begins like
a formula for one. Such cells get an apostrophe in front.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from calendo.core.instants import MINUTE, get_zone, to_datetime, written
from calendo.db.engine import Database
from calendo.ops import accounts, booking_lists
from calendo.ops.booking_lists import BookingFilter, BookingRow
from calendo.web.api.answers import ANY, USER
from calendo.web.api.booking_filters import Wanted
from calendo.web.api.fields import Omittable
from calendo.web.api.ranges import ZoneName, read_zone
from calendo.web.deps import Db, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api", tags=["Bookings"], route_class=UserRoute)

#: So many rows are read in one transaction; none is open while they are sent.
_BATCH = 1000
#: Excel takes a file without it for one in the machine's old code page.
_BOM = "\ufeff"
# The last four look like the first ones in East Asian input, and some spreadsheets agree.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_COLUMNS = (
    "id",
    "uid",
    "event_type",
    "status",
    "start_time",
    "end_time",
    "local_start",
    "duration_minutes",
    "invitee_name",
    "invitee_email",
    "timezone",
    "notes",
    "answers",
    "reason",
    "is_no_show",
    "created_at",
)
_EXAMPLE = (
    ",".join(_COLUMNS) + "\r\n"
    "1,a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d,30 Minute Call,confirmed,2026-03-10 19:00:00,"
    "2026-03-10 19:30:00,2026-03-10 12:00,30,Bob Johnson,bob@example.com,America/New_York,,,,0,"
    "2026-03-07 10:00:00\r\n"
)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": _EXAMPLE}}}
}


@router.get(
    "/bookings.csv",
    summary="Export your bookings",
    response_class=StreamingResponse,
    responses={**_FILE, **errors(*ANY, *USER)},
)
def export_bookings(
    db: Db,
    user_id: UserId,
    wanted: Wanted,
    timezone: Annotated[
        Omittable[ZoneName],
        Query(description="The IANA time zone of `local_start`; without it, yours"),
    ] = None,
) -> StreamingResponse:
    """
    Return bookings as CSV in UTF-8, latest start first, with the filters of the list. Times are
    UTC, but for `local_start`. Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    with db.read() as tx:
        host_zone = accounts.get_user(tx, user_id).timezone
    zone = get_zone(host_zone) if timezone is None else read_zone(timezone)
    return as_file(db, user_id, wanted, zone)


def as_file(db: Database, host_id: int, wanted: BookingFilter, zone: ZoneInfo) -> StreamingResponse:
    """
    Send a host's bookings as a file, read and written part by part; ``zone`` is that of ``local_start``.
    """
    return StreamingResponse(
        _lines(db, host_id, wanted, zone),
        media_type="text/csv",
        headers={
            "Content-Disposition": 'attachment; filename="bookings.csv"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _lines(db: Database, host_id: int, wanted: BookingFilter, zone: ZoneInfo) -> Iterator[str]:
    yield _BOM + _csv([_COLUMNS])
    rows: Sequence[BookingRow] = ()
    while True:
        after = (rows[-1].start_ts, rows[-1].id) if rows else None
        with db.read() as tx:
            rows = booking_lists.list_bookings(tx, host_id, replace(wanted, after=after, limit=_BATCH))
        if rows:
            yield _csv([_cells(row, zone) for row in rows])
        if len(rows) < _BATCH:
            return


def _cells(row: BookingRow, zone: ZoneInfo) -> list[object]:
    return [
        row.id,
        row.uid,
        _defused(row.event_type_name),
        row.status,
        written(row.start_ts),
        written(row.end_ts),
        f"{to_datetime(row.start_ts, zone):%Y-%m-%d %H:%M}",
        (row.end_ts - row.start_ts) // MINUTE,
        _defused(row.invitee_name),
        _defused(row.invitee_email),
        row.timezone,
        _defused(row.notes or ""),
        _defused("\n".join(f"{question}: {_said(answer)}" for question, answer in row.answers.items())),
        _defused(row.reason or ""),
        int(row.is_no_show),
        written(row.created_ts),
    ]


def _said(answer: object) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
