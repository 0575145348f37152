"""
The page behind a host's link, as plain HTML: see a booking, confirm or decline it.

Only a POST acts, so what opens a link to look at it, as mail scanners do, changes nothing.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.db.models import PENDING
from calendo.errors import BookingState, CalendoError, InvalidInput
from calendo.integrations.links import Links, Purpose
from calendo.ops import accounts, booking_pages, bookings, manage
from calendo.ops.history import Actor
from calendo.web.deps import Db, LinkTokens, Now
from calendo.web.pages.changes import told, zone_or_utc
from calendo.web.pages.languages import texts_for
from calendo.web.pages.manage import read_reason
from calendo.web.pages.parts import Fields, read_form
from calendo.web.pages.rendering import render_private, turn_to

router = APIRouter(prefix="/bookings", include_in_schema=False)

Form = Annotated[Fields, Depends(read_form)]


@router.get("/{token}")
def show_booking(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> HTMLResponse:
    """
    Show a booking to its host: to decide about, or what was decided.
    """
    return _shown(request, db, links, token, now)


@router.post("/{token}/confirm")
def confirm(token: str, request: Request, _fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Confirm, and go back to the booking, which says so.
    """
    try:
        with db.write() as tx:
            booking = manage.lock_by_token(tx, links, Purpose.DECIDE, token)
            bookings.confirm(tx, booking.host_id, booking.id, now)
    except BookingState as error:
        return _shown(request, db, links, token, now, error)
    return turn_to(f"/bookings/{token}")


@router.post("/{token}/decline")
def decline(token: str, request: Request, fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Decline, and go back to the booking, which says so.
    """
    try:
        reason = read_reason(fields)
        with db.write() as tx:
            booking = manage.lock_by_token(tx, links, Purpose.DECIDE, token)
            bookings.decline(tx, booking.host_id, booking.id, now, reason)
    except (BookingState, InvalidInput) as error:
        return _shown(request, db, links, token, now, error)
    return turn_to(f"/bookings/{token}")


@router.get("/{token}/confirm")
@router.get("/{token}/decline")
def go_back(token: str) -> Response:
    """
    Lead whoever reloads the answer to a form back to the booking.
    """
    return turn_to(f"/bookings/{token}")


def _shown(
    request: Request,
    db: Database,
    links: Links,
    token: str,
    now: Instant,
    problem: CalendoError | None = None,
) -> HTMLResponse:
    with db.read() as tx:
        booking = manage.get_by_token(tx, links, Purpose.DECIDE, token)
        host = accounts.get_user(tx, booking.host_id)
        names = {Actor.HOST: host.name, Actor.INVITEE: booking.invitee_name}
        zone = zone_or_utc(host.timezone)
        texts = texts_for(request, liked=host.locale)
        return render_private(
            "decide.html",
            200 if problem is None else problem.status,
            texts=texts,
            host=booking_pages.get_page(tx, booking.host_id),
            path=f"/bookings/{token}",
            problem=problem,
            can_decide=booking.status == PENDING and now < booking.start_ts,
            **told(tx, booking, Actor.HOST, names, zone, texts, now),
        )
