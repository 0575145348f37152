"""
The hot route: which slots an event type has on offer.
"""

from collections.abc import Awaitable
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import orjson
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.types import Scope

from calendo.core.instants import Instant
from calendo.core.slots import by_local_date
from calendo.db.engine import Database
from calendo.errors import InvalidInput, NotFound
from calendo.ops import slots
from calendo.web.api.answers import ANY
from calendo.web.api.ranges import read_range, read_zone
from calendo.web.compression import compress
from calendo.web.problems import errors
from calendo.web.routing import PlainRoute

_PREFIX = "/api/availability/"

router = APIRouter(prefix="/api/availability", tags=["Availability"], route_class=PlainRoute)


class SlotsOut(BaseModel):
    """
    Slots by the invitee's local date: times on the clock, and the same as UTC instants.
    """

    slots: dict[str, list[str]]
    starts: dict[str, list[str]]


_SCHEMAS: dict[str, dict[str, str]] = {
    "start": {"format": "date"},
    "end": {"format": "date"},
    "timezone": {"format": "time-zone", "default": "UTC"},
}


def _parameter(place: str, name: str, text: str, example: str, *, required: bool = True) -> dict[str, object]:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": text,
        "schema": {"type": "string", **_SCHEMAS.get(name, {})},
        "example": example,
    }


#: The range of dates that is asked for, as ``read_query`` reads it.
RANGE = [
    _parameter("query", "start", "First date (YYYY-MM-DD), in `timezone`", "2026-03-10"),
    _parameter("query", "end", "Last date (YYYY-MM-DD), at most 91 days later", "2026-03-14"),
    _parameter("query", "timezone", "The invitee's IANA time zone", "America/New_York", required=False),
]
_PARAMETERS = [
    _parameter("path", "page", "Slug of the booking page", "jane-smith"),
    _parameter("path", "event", "Slug of the event type", "30-minute-call"),
    *RANGE,
]
_ANSWER = {
    "slots": {"2026-03-10": ["09:00", "09:30"]},
    "starts": {"2026-03-10": ["2026-03-10T13:00:00Z", "2026-03-10T13:30:00Z"]},
}
#: An example of slots, for an operation's ``responses``.
SLOTS: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": _ANSWER}}}}


@router.get(
    "/{page}/{event}",  # noqa: FAST003 - read from the request, see below
    summary="List free slots",
    response_model=SlotsOut,
    responses={**SLOTS, **errors(*ANY, NotFound)},
    openapi_extra={"parameters": _PARAMETERS},
)
async def list_slots(request: Request) -> Response:
    """
    Return the slots that can be booked from `start` to `end`, both included.

    Dates without a slot are left out. `slots` has labels on the invitee's clock; on the
    day clocks go back one can occur twice, and `starts` tells them apart.
    """
    first_on, last_on, zone = read_query(request.scope["query_string"])
    page, event = request.path_params["page"], request.path_params["event"]
    state = request.app.state
    db: Database = state.db
    asked = (db, page, event, (first_on, last_on), zone, state.clock())
    # Reading SQLite takes less than handing the work to a thread and back.
    body = _answer(*asked) if db.is_sqlite else await run_sync(_answer, *asked)
    # A month of times is some 12 KB, which a browser on a slow line would wait for.
    return compress(Response(body, media_type="application/json"), request, level=1)


def shortcut(scope: Scope) -> Awaitable[Response] | None:
    """
    Answer a look-up past the router, which costs as much as reading the database.
    """
    path: str = scope["path"]
    if scope["method"] != "GET" or not path.startswith(_PREFIX):
        return None
    page, slash, event = path.removeprefix(_PREFIX).partition("/")
    if not slash or "/" in event:
        return None
    scope["path_params"] = {"page": page, "event": event}
    return list_slots(Request(scope))


def _answer(
    db: Database, page: str, event: str, dates: tuple[date, date], zone: ZoneInfo, now: Instant
) -> bytes:
    if "\0" in page + event:
        # PostgreSQL refuses even to compare with it.
        raise NotFound
    with db.quick() as query:
        starts = slots.look_up(query, page, event, dates, zone, now)
    return written_slots(starts, zone)


def written_slots(starts: list[Instant], zone: ZoneInfo) -> bytes:
    """
    Write ordered starts as ``SlotsOut`` has them.
    """
    labels, instants = by_local_date(starts, zone)
    return orjson.dumps({"slots": labels, "starts": instants})


@lru_cache(maxsize=1024)
def read_query(query: bytes) -> tuple[date, date, ZoneInfo]:
    """
    Read the first and the last date of a look-up, and the time zone that has them.
    """
    given = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name in ("start", "end"):
        if name not in given:
            raise InvalidInput(f"{name}: this parameter is required, as a date such as 2026-03-10.")
    return (*read_range(given["start"], given["end"]), read_zone(given.get("timezone", "UTC")))
