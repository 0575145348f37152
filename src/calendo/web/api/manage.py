"""
A booking as its invitee manages it, by the link that came with it.
"""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from calendo.core.instants import written
from calendo.db.models import Booking
from calendo.errors import BookingState, NotFound, SlotUnavailable, TooLate
from calendo.integrations.links import Links, Purpose
from calendo.ops import manage, slots
from calendo.ops.manage import Managed
from calendo.web.api.answers import ANY, BODY, Bit, Written
from calendo.web.api.availability import RANGE, SLOTS, SlotsOut, read_query, written_slots
from calendo.web.api.book import INVITEES_VIEW, InviteeBooking, instant_in, manage_url
from calendo.web.api.bookings import ReasonIn
from calendo.web.api.fields import Moment, example
from calendo.web.deps import BaseUrl, Db, LinkTokens, Now
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute

#: Whoever has the address can act, so neither caches nor other sites shall have it.
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


async def _keep_private(response: Response) -> None:
    response.headers.update(_PRIVATE)


router = APIRouter(
    prefix="/api/manage",
    tags=["Bookings"],
    route_class=ApiRoute,
    dependencies=[Depends(_keep_private)],
)

Token = Annotated[
    str,
    Path(
        description="The last segment of the booking's `manage_url`",
        examples=["obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h"],
    ),
]


class MoveIn(ReasonIn):
    """
    The new start; without an offset it is on the clock of the booking's ``timezone``.
    """

    model_config = example({"start_time": "2026-03-11T19:00:00Z"})

    start_time: Moment


class ManagedOut(BaseModel):
    """
    A booking and what its invitee can do: flags, and until when it can be done (UTC).
    """

    model_config = example(
        {
            "booking": INVITEES_VIEW,
            "host": "Jane Smith",
            "page_slug": "jane-smith",
            "event_slug": "30-minute-call",
            "can_cancel": 1,
            "can_reschedule": 1,
            "cancel_until": "2026-03-10 19:00:00",
            "reschedule_until": "2026-03-09 19:00:00",
        }
    )

    booking: InviteeBooking
    host: str
    page_slug: str
    event_slug: str
    can_cancel: Bit
    can_reschedule: Bit
    cancel_until: Written
    reschedule_until: Written

    @classmethod
    def of(cls, managed: Managed, url: str) -> Self:
        """
        Render a booking for its invitee; ``url`` is its manage link.
        """
        booking = managed.booking
        return cls(
            booking=InviteeBooking.of(booking, url),
            host=managed.page.display_name,
            page_slug=managed.page.slug,
            event_slug=booking.event_type.slug,
            can_cancel=int(managed.can_cancel),
            can_reschedule=int(managed.can_reschedule),
            cancel_until=written(manage.cancel_until(booking)),
            reschedule_until=written(manage.reschedule_until(booking)),
        )


class Managing(BaseModel):
    """
    It is done; the booking as it is now.
    """

    model_config = example({"ok": True, "booking": INVITEES_VIEW})

    ok: Literal[True] = True
    booking: InviteeBooking


@router.get("/{token}", summary="Read your booking", responses=errors(*ANY, NotFound))
def read_managed(token: Token, db: Db, now: Now, links: LinkTokens, base_url: BaseUrl) -> ManagedOut:
    """
    Return the booking that a link is for, and what its invitee can still do.
    """
    with db.read() as tx:
        booking = manage.get_by_token(tx, links, Purpose.MANAGE, token)
        return ManagedOut.of(Managed.at(tx, booking, now), manage_url(links, base_url, booking))


@router.get(
    "/{token}/availability",
    summary="List the slots your booking can move to",
    response_model=SlotsOut,
    responses={**SLOTS, **errors(*ANY, NotFound)},
    openapi_extra={"parameters": RANGE},
)
def list_managed_moves(token: Token, request: Request, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Return the slots that the booking can move to, as the look-up of free slots does.

    Its own time is in nobody's way, and not listed. There are none once it can no longer be moved.
    """
    first_on, last_on, zone = read_query(request.scope["query_string"])
    with db.read() as tx:
        booking = manage.get_by_token(tx, links, Purpose.MANAGE, token)
        can_move = Managed.at(tx, booking, now).can_reschedule
        starts = slots.list_moves(tx, booking, (first_on, last_on), zone, now) if can_move else []
    return Response(written_slots(starts, zone), media_type="application/json", headers=_PRIVATE)


@router.post(
    "/{token}/cancel",
    summary="Cancel your booking",
    responses=errors(*ANY, *BODY, NotFound, BookingState, TooLate),
)
def cancel_managed(
    token: Token, db: Db, now: Now, links: LinkTokens, base_url: BaseUrl, body: ReasonIn | None = None
) -> Managing:
    """
    Cancel as the invitee, up to the event type's `cancel_notice_hours` before the start.
    """
    reason = body.reason if body else None
    with db.write() as tx:
        booking = manage.lock_by_token(tx, links, Purpose.MANAGE, token)
        return _done(manage.cancel(tx, booking, now, reason), links, base_url)


@router.post(
    "/{token}/reschedule",
    summary="Move your booking",
    responses=errors(*ANY, *BODY, NotFound, BookingState, TooLate, SlotUnavailable),
)
def reschedule_managed(
    token: Token, body: MoveIn, db: Db, now: Now, links: LinkTokens, base_url: BaseUrl
) -> Managing:
    """
    Move to another free slot, up to the event type's `reschedule_notice_hours` before the start.
    """
    with db.write() as tx:
        booking = manage.lock_by_token(tx, links, Purpose.MANAGE, token)
        start_ts = instant_in(body.start_time, booking.timezone)
        return _done(manage.reschedule(tx, booking, start_ts, now, body.reason), links, base_url)


def _done(booking: Booking, links: Links, base_url: str) -> Managing:
    return Managing(booking=InviteeBooking.of(booking, manage_url(links, base_url, booking)))
