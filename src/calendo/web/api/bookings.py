"""
Bookings as their host sees them: list, confirm, decline, cancel, move, mark as a no-show.
"""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from calendo.core.instants import Instant, written
from calendo.core.slots import by_local_date
from calendo.db.models import BLOCKING, Booking, BookingChange
from calendo.errors import BookingState, NotFound, SlotUnavailable
from calendo.ops import booking_lists, bookings, history, slots
from calendo.ops.booking_lists import BookingRow
from calendo.ops.history import Action, Actor
from calendo.web.api.answers import ANY, BOOKED, CHANGE, USER, Bit, Status, Written
from calendo.web.api.availability import SLOTS, SlotsOut
from calendo.web.api.booking_filters import Wanted
from calendo.web.api.cursors import LINK, next_page, read_cursor
from calendo.web.api.fields import Body, Id, Moment, Omittable, Text, example, parse_moment, to_utc_instant
from calendo.web.api.ranges import DateText, ZoneName, read_range, read_zone
from calendo.web.deps import BaseUrl, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/bookings", tags=["Bookings"], route_class=UserRoute)

_MAX_PAGE = 1000


_HOSTS_VIEW = {
    **BOOKED,
    "id": 1,
    "event_type_id": 1,
    "event_type_name": "30 Minute Call",
    "duration_minutes": 30,
    "reason": "It suits me.",
    "is_no_show": 0,
    "created_at": "2026-03-07 10:00:00",
}

PageSize = Annotated[int, Field(ge=1, le=_MAX_PAGE)]


class ReasonIn(Body):
    """
    Why, for the other side to read.
    """

    model_config = example({"reason": "I am ill, sorry."})

    reason: Text | None = None


class RescheduleIn(ReasonIn):
    """
    The new start; without an offset it is UTC.
    """

    model_config = example({"start_time": "2026-03-11T19:00:00Z"})

    start_time: Moment


class BookingOut(BaseModel):
    """
    A booking as its host sees it. Times are UTC.
    """

    model_config = example(_HOSTS_VIEW)

    id: int
    uid: str
    event_type_id: int
    event_type_name: str
    invitee_name: str
    invitee_email: str
    start_time: Written
    end_time: Written
    status: Status
    duration_minutes: int
    timezone: str
    locale: str | None
    notes: str | None
    answers: dict[str, Any]
    reason: str | None
    is_no_show: Bit
    created_at: Written

    @classmethod
    def of(cls, row: Booking) -> Self:
        """
        Render a booking for its host.
        """
        return cls(**described(row, row.event_type.name))


class ChangeOut(BaseModel):
    """
    Something that was done to a booking. ``former_start_time`` is where it was moved from.
    """

    model_config = example(
        {
            "action": "rescheduled",
            "actor": "invitee",
            "at": "2026-03-08 09:30:00",
            "start_time": "2026-03-10 19:00:00",
            "former_start_time": "2026-03-10 14:00:00",
            "reason": "The train is late.",
        }
    )

    action: Action
    actor: Actor
    at: Written
    start_time: Written
    former_start_time: Written | None
    reason: str | None

    @classmethod
    def of(cls, row: BookingChange) -> Self:
        """
        Render a line of a booking's history.
        """
        former = row.former_start_ts
        return cls(
            action=Action(row.action),
            actor=Actor(row.actor),
            at=written(row.created_ts),
            start_time=written(row.start_ts),
            former_start_time=None if former is None else written(former),
            reason=row.reason,
        )


class Turned(BaseModel):
    """
    It is done; the booking as it is now.
    """

    model_config = example({"ok": True, "booking": _HOSTS_VIEW})

    ok: Literal[True] = True
    booking: BookingOut


@router.get(
    "",
    summary="List your bookings",
    response_model=list[BookingOut],
    responses={200: {"headers": LINK}, **errors(*ANY, *USER)},
)
def list_bookings(
    db: Db,
    user_id: UserId,
    request: Request,
    base_url: BaseUrl,
    filtered: Wanted,
    limit: Annotated[Omittable[PageSize], Query(description="At most this many; without it, all")] = None,
    cursor: Annotated[Omittable[str], Query(description="From the Link header of the page before")] = None,
) -> Response:
    """
    Return all bookings, latest start first; with a `limit` page by page.
    """
    wanted = replace(
        filtered,
        after=None if cursor is None else _position(cursor),
        # One more than asked for tells whether there is a next page.
        limit=None if limit is None else limit + 1,
    )
    headers = {}
    with db.read() as tx:
        if limit is None:
            parts = [_written_out(rows) for rows in booking_lists.batches_of_bookings(tx, user_id, wanted)]
        else:
            rows = booking_lists.list_bookings(tx, user_id, wanted)
            if len(rows) > limit:
                rows = rows[:limit]
                headers = next_page(request, base_url, (rows[-1].start_ts, rows[-1].id))
            parts = [_written_out(rows)] if rows else []
    return _in_parts(parts, headers)


@router.get("/{booking_id}", summary="Read a booking", responses=errors(*ANY, *USER, NotFound))
def read_booking(booking_id: Id, db: Db, user_id: UserId) -> BookingOut:
    """
    Return one booking.
    """
    with db.read() as tx:
        return BookingOut.of(bookings.get_booking(tx, user_id, booking_id))


@router.get(
    "/{booking_id}/history", summary="Read a booking's history", responses=errors(*ANY, *USER, NotFound)
)
def read_history(booking_id: Id, db: Db, user_id: UserId) -> list[ChangeOut]:
    """
    Return who did what to a booking, when and why, oldest first.
    """
    with db.read() as tx:
        booking = bookings.get_booking(tx, user_id, booking_id)
        return [ChangeOut.of(row) for row in history.list_changes(tx, booking)]


@router.get(
    "/{booking_id}/slots",
    summary="List the slots a booking can move to",
    responses={**SLOTS, **errors(*ANY, *USER, NotFound, BookingState)},
)
def list_moves(
    booking_id: Id,
    db: Db,
    user_id: UserId,
    now: Now,
    start: Annotated[DateText, Query(description="First date (YYYY-MM-DD), in `timezone`")],
    end: Annotated[DateText, Query(description="Last date (YYYY-MM-DD), at most 91 days later")],
    timezone: Annotated[ZoneName, Query(description="Whose dates these are, an IANA time zone")] = "UTC",
) -> SlotsOut:
    """
    Return the slots that a pending or confirmed booking can move to. Its own time does not
    stand in its way, and where it is already is not among them.
    """
    dates, zone = read_range(start, end), read_zone(timezone)
    with db.read() as tx:
        booking = bookings.get_booking(tx, user_id, booking_id)
        if booking.status not in BLOCKING:
            raise BookingState(f"This booking is {booking.status}, so it cannot be moved.")
        labels, starts = by_local_date(slots.list_moves(tx, booking, dates, zone, now), zone)
    return SlotsOut(slots=labels, starts=starts)


@router.post(
    "/{booking_id}/cancel",
    summary="Cancel a booking",
    responses=errors(*ANY, *CHANGE, NotFound, BookingState),
)
def cancel_booking(booking_id: Id, db: Db, user_id: UserId, now: Now, body: ReasonIn | None = None) -> Turned:
    """
    Cancel a pending or confirmed booking. Its time is free again.
    """
    reason = body.reason if body else None
    with db.write() as tx:
        return _turned(bookings.cancel(tx, user_id, booking_id, now, reason))


@router.post(
    "/{booking_id}/confirm",
    summary="Confirm a booking",
    responses=errors(*ANY, *CHANGE, NotFound, BookingState),
)
def confirm_booking(
    booking_id: Id, db: Db, user_id: UserId, now: Now, body: ReasonIn | None = None
) -> Turned:
    """
    Confirm a pending booking.
    """
    reason = body.reason if body else None
    with db.write() as tx:
        return _turned(bookings.confirm(tx, user_id, booking_id, now, reason))


@router.post(
    "/{booking_id}/decline",
    summary="Decline a booking",
    responses=errors(*ANY, *CHANGE, NotFound, BookingState),
)
def decline_booking(
    booking_id: Id, db: Db, user_id: UserId, now: Now, body: ReasonIn | None = None
) -> Turned:
    """
    Decline a pending booking. Its time is free again.
    """
    reason = body.reason if body else None
    with db.write() as tx:
        return _turned(bookings.decline(tx, user_id, booking_id, now, reason))


@router.post(
    "/{booking_id}/reschedule",
    summary="Move a booking",
    responses=errors(*ANY, *CHANGE, NotFound, BookingState, SlotUnavailable),
)
def reschedule_booking(booking_id: Id, body: RescheduleIn, db: Db, user_id: UserId, now: Now) -> Turned:
    """
    Move a booking to another free slot of its event type. It keeps its `uid`.
    """
    start_ts = to_utc_instant(parse_moment(body.start_time))
    with db.write() as tx:
        return _turned(bookings.reschedule(tx, user_id, booking_id, start_ts, now, body.reason))


@router.post(
    "/{booking_id}/no-show",
    summary="Mark a no-show",
    responses=errors(*ANY, *CHANGE, NotFound, BookingState),
)
def mark_no_show(booking_id: Id, db: Db, user_id: UserId, now: Now) -> Turned:
    """
    Note that the invitee of a confirmed booking did not come; possible from its start on.
    """
    with db.write() as tx:
        return _turned(bookings.mark_no_show(tx, user_id, booking_id, now))


def _written_out(rows: Sequence[BookingRow]) -> bytes:
    """
    Write bookings as JSON, to stand between the brackets of a list.
    """
    # Ten thousand bookings are many for Pydantic, and these values are ours.
    return orjson.dumps([described(row, row.event_type_name) for row in rows])[1:-1]


def _in_parts(parts: Sequence[bytes], headers: dict[str, str]) -> Response:
    """
    Answer with a list of what stands in its parts, each sent when the one before is on its way.

    In one piece a long list would be copied on its way to the network, whole, for each caller.
    """
    if len(parts) <= 1:
        return Response(b"[%b]" % b"".join(parts), media_type="application/json", headers=headers)
    pieces = deque([b"[", parts[0], *(b"," + part for part in parts[1:]), b"]"])

    async def sent() -> AsyncIterator[bytes]:
        while pieces:
            yield pieces.popleft()

    headers["Content-Length"] = str(sum(map(len, pieces)))
    return StreamingResponse(sent(), media_type="application/json", headers=headers)


def described(row: Booking | BookingRow, event_type_name: str) -> dict[str, Any]:
    """
    Render a booking for its host, as plain values.
    """
    return {
        "id": row.id,
        "uid": row.uid,
        "event_type_id": row.event_type_id,
        "event_type_name": event_type_name,
        "invitee_name": row.invitee_name,
        "invitee_email": row.invitee_email,
        "start_time": written(row.start_ts),
        "end_time": written(row.end_ts),
        "status": row.status,
        "duration_minutes": (row.end_ts - row.start_ts) // 60,
        "timezone": row.timezone,
        "locale": row.locale,
        "notes": row.notes,
        "answers": row.answers,
        "reason": row.reason,
        "is_no_show": int(row.is_no_show),
        "created_at": written(row.created_ts),
    }


def _turned(row: Booking) -> Turned:
    return Turned(booking=BookingOut.of(row))


def _position(cursor: str) -> tuple[Instant, int]:
    start_ts, booking_id = read_cursor(cursor, 2)
    return start_ts, booking_id
