"""
Booking a slot, as an invitee.
"""

import hashlib
from typing import Annotated, Any, Self

import orjson
from fastapi import APIRouter, Header
from pydantic import BaseModel, Field

from calendo.core.instants import Instant, get_zone, to_instant, written
from calendo.db.models import Booking
from calendo.errors import IdempotencyKeyReused, NotFound, SlotUnavailable, TooManyBookings
from calendo.integrations.links import Links, Purpose
from calendo.ops import booking_pages, bookings, idempotency
from calendo.ops.bookings import BookingRequest
from calendo.web.api.answers import ANY, BODY, BOOKED, Status, Written
from calendo.web.api.fields import (
    Body,
    Email,
    EventSlug,
    Line,
    LocaleTag,
    Moment,
    Omittable,
    PageSlug,
    Text,
    Zone,
    example,
    parse_moment,
)
from calendo.web.deps import BaseUrl, Db, LinkTokens, Now
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute

router = APIRouter(prefix="/api/book", tags=["Bookings"], route_class=ApiRoute)

_BOB = {
    "name": "Bob Johnson",
    "email": "bob@example.com",
    "timezone": "America/New_York",
    "start_time": "2026-03-10T19:00:00Z",
}
INVITEES_VIEW = {
    **BOOKED,
    "event_name": "30 Minute Call",
    "location_type": "google_meet",
    "location": "https://meet.example.com/jane",
    "manage_url": "https://meet.example.com/manage/obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h",
}

IdempotencyKey = Annotated[str, Field(min_length=1, max_length=255)]


class BookingIn(Body):
    """
    What an invitee asks for. ``start_time`` without an offset is on the clock of ``timezone``.
    """

    model_config = example(_BOB)

    name: Line
    email: Email
    start_time: Moment
    timezone: Zone = "UTC"
    answers: dict[str, Any] = {}
    notes: Text | None = None
    locale: LocaleTag | None = None

    def to_request(self) -> BookingRequest:
        """
        Turn the start into an instant; the rest is as it is.
        """
        return BookingRequest(
            start_ts=instant_in(self.start_time, self.timezone),
            name=self.name,
            email=self.email,
            timezone=self.timezone,
            locale=self.locale,
            notes=self.notes or None,
            answers=self.answers,
        )


class InviteeBooking(BaseModel):
    """
    A booking as its invitee sees it. Times are UTC.
    """

    model_config = example(INVITEES_VIEW)

    uid: str
    event_name: str
    invitee_name: str
    invitee_email: str
    start_time: Written
    end_time: Written
    status: Status
    timezone: str
    locale: str | None
    location_type: str | None
    location: str | None
    notes: str | None
    answers: dict[str, Any]
    manage_url: Annotated[
        str, Field(description="Where the invitee sees, moves and cancels it; keep it secret")
    ]

    @classmethod
    def of(cls, row: Booking, manage_url: str) -> Self:
        """
        Render a booking for its invitee.
        """
        return cls(
            uid=row.uid,
            event_name=row.event_type.name,
            invitee_name=row.invitee_name,
            invitee_email=row.invitee_email,
            start_time=written(row.start_ts),
            end_time=written(row.end_ts),
            status=row.status,
            timezone=row.timezone,
            locale=row.locale,
            location_type=row.event_type.location_type,
            location=row.event_type.location,
            notes=row.notes,
            answers=row.answers,
            manage_url=manage_url,
        )


class BookingEnvelope(BaseModel):
    """
    The booking that was made.
    """

    model_config = example({"booking": INVITEES_VIEW})

    booking: InviteeBooking


@router.post(
    "/{page}/{event}",
    status_code=201,
    summary="Book a slot",
    responses=errors(*ANY, *BODY, NotFound, SlotUnavailable, TooManyBookings, IdempotencyKeyReused),
)
def book_slot(
    page: PageSlug,
    event: EventSlug,
    body: BookingIn,
    db: Db,
    now: Now,
    links: LinkTokens,
    base_url: BaseUrl,
    idempotency_key: Annotated[
        Omittable[IdempotencyKey],
        Header(alias="Idempotency-Key", description="A repeated call with this key books once only"),
    ] = None,
) -> BookingEnvelope:
    """
    Book a time as an invitee; `pending` where the host has to confirm it.

    Fails with `slot_unavailable` when the time is not, or no longer, on offer.
    """
    request = body.to_request()

    def answer(booking: Booking) -> BookingEnvelope:
        return BookingEnvelope(booking=InviteeBooking.of(booking, manage_url(links, base_url, booking)))

    with db.write() as tx:
        event_type = booking_pages.get_public_type(tx, page, event)
        if idempotency_key is None:
            return answer(bookings.book(tx, event_type, request, now))
        kept = idempotency.once(
            tx,
            event_type,
            idempotency_key,
            hashlib.sha256(orjson.dumps(body.model_dump(), option=orjson.OPT_SORT_KEYS)).hexdigest(),
            now,
            lambda: answer(bookings.book(tx, event_type, request, now)).model_dump(
                # What opens something rests in no table; it is derived anew.
                exclude={"booking": {"manage_url"}}
            ),
        )
        booking = bookings.get_by_uid(tx, kept["booking"]["uid"])
        return BookingEnvelope.model_validate(
            {"booking": {**kept["booking"], "manage_url": manage_url(links, base_url, booking)}}
        )


def manage_url(links: Links, base_url: str, booking: Booking) -> str:
    """
    Return the address at which an invitee sees, moves and cancels a booking.
    """
    return f"{base_url}/manage/{links.token(Purpose.MANAGE, booking.uid, booking.link_counter)}"


def instant_in(text: str, zone_name: str) -> Instant:
    """
    Read a ``Moment``; one without an offset is on the clock of that zone.
    """
    moment = parse_moment(text)
    return to_instant(moment if moment.tzinfo else moment.replace(tzinfo=get_zone(zone_name)))
