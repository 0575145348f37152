"""
One booking: all that is known of it, its history, and what its host can do about it.
"""

from collections.abc import Callable
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from calendo.core.instants import Instant
from calendo.db.engine import Database, Tx
from calendo.db.models import BLOCKING, CONFIRMED, PENDING, Booking
from calendo.errors import BookingState, CalendoError, InvalidInput
from calendo.ops import bookings, history
from calendo.web.api.fields import Id, Text
from calendo.web.dashboard.bookings import words
from calendo.web.dashboard.bookings.dates import minutes
from calendo.web.dashboard.bookings.listing import DOMAIN, PATH, TABS
from calendo.web.dashboard.bookings.words import Types
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now
from calendo.web.pages.changes import zone_or_utc

router = area(PATH, DOMAIN)


class MessageForm(BaseModel):
    """
    What the invitee shall read about it, if anything.
    """

    reason: Text = ""


@router.get("/{booking_id}")
def show_booking(booking_id: Id, visit: Visiting, db: Db, now: Now) -> HTMLResponse:
    """
    Show a booking and what can be done about it.
    """
    with db.read() as tx:
        shown = describe(tx, visit, booking_id, now)
    return visit.render("bookings/one.html", form=visit.form(), **shown)


@router.post("/{booking_id}/confirm")
def confirm(booking_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, back: str = "") -> Response:
    """
    Confirm a request, from its page or from the list.
    """
    done = visit.texts.gettext("Confirmed. %(name)s gets an e-mail.")
    return _turn(visit, db, booking_id, form, now, bookings.confirm, done, back)


@router.post("/{booking_id}/decline")
def decline(booking_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, back: str = "") -> Response:
    """
    Decline a request, with a message.
    """
    done = visit.texts.gettext("Declined. %(name)s gets an e-mail, and the time is free again.")
    return _turn(visit, db, booking_id, form, now, bookings.decline, done, back)


@router.post("/{booking_id}/no-show")
def mark_no_show(booking_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, back: str = "") -> Response:
    """
    Note that the invitee did not come.
    """

    def mark(tx: Tx, host_id: int, booking_id: int, now: Instant, _reason: str | None) -> Booking:
        return bookings.mark_no_show(tx, host_id, booking_id, now)

    done = visit.texts.gettext("Noted that %(name)s did not come.")
    return _turn(visit, db, booking_id, form, now, mark, done, back)


@router.get("/{booking_id}/cancel")
def ask_before_cancelling(booking_id: Id, visit: Visiting, db: Db, now: Now) -> Response:
    """
    Ask why, and whether it is meant.
    """
    with db.read() as tx:
        shown = describe(tx, visit, booking_id, now)
    if not shown["can_cancel"]:
        return visit.turn_to(f"{PATH}/{booking_id}")
    return visit.render("bookings/cancel.html", form=visit.form(), **shown)


@router.post("/{booking_id}/cancel")
def cancel(booking_id: Id, visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Cancel a booking, with a message.
    """
    done = visit.texts.gettext("Cancelled. %(name)s gets an e-mail, and the time is free again.")
    return _turn(visit, db, booking_id, form, now, bookings.cancel, done, template="bookings/cancel.html")


def describe(tx: Tx, visit: Visit, booking_id: int, now: Instant) -> dict[str, Any]:
    """
    Say what the pages of a booking show.
    """
    booking = bookings.get_booking(tx, visit.host_id, booking_id)
    texts, event_type = visit.texts, booking.event_type
    theirs = zone_or_utc(booking.timezone)
    place, sign = words.place_of(texts, event_type)
    is_over = booking.end_ts <= now
    return {
        "booking": booking,
        "event_type": event_type,
        "path": f"{PATH}/{booking.id}",
        "style": Types({event_type.id: event_type}).style,
        "badge": words.badge_of(texts, booking),
        "day": texts.date(booking.start_ts, visit.zone),
        "time": texts.time_range(booking.start_ts, booking.end_ts, visit.zone),
        "length": texts.duration(minutes(booking.start_ts, booking.end_ts)),
        "zone_name": texts.zone(booking.start_ts, visit.zone),
        "theirs": None
        if words.is_same_clock(visit.zone, theirs, booking.start_ts)
        else {
            "day": texts.short_date(booking.start_ts, theirs),
            "time": texts.time_range(booking.start_ts, booking.end_ts, theirs),
        },
        "their_zone": texts.zone(booking.start_ts, theirs),
        "place": place,
        "sign": sign,
        "join": words.link_in(event_type),
        "language": words.language_name(texts, booking.locale),
        "answers": list(words.answers_of(texts, booking)),
        "changes": words.told(texts, booking, history.list_changes(tx, booking), visit.zone),
        "is_over": is_over,
        "is_gone": booking.status not in BLOCKING,
        "can_answer": booking.status == PENDING and booking.start_ts > now,
        "can_move": booking.status in BLOCKING,
        "can_cancel": booking.status == CONFIRMED,
        "can_mark": booking.status == CONFIRMED and booking.start_ts <= now and not booking.is_no_show,
    }


def _turn(
    visit: Visit,
    db: Database,
    booking_id: int,
    form: Form,
    now: Instant,
    act: Callable[[Tx, int, int, Instant, str | None], Booking],
    done: str,
    back: str = "",
    template: str = "bookings/one.html",
) -> Response:
    """
    Do something to a booking and say so, or say on its page why it cannot be done.
    """
    try:
        wanted = form.read(MessageForm)
        with db.write() as tx:
            name = act(tx, visit.host_id, booking_id, now, wanted.reason or None).invitee_name
    except InvalidInput as error:
        return refuse(visit, db, booking_id, form, now, error, template)
    except BookingState as error:
        return refuse(visit, db, booking_id, form, now, error, "bookings/one.html")
    path = f"{PATH}?show={back}" if back in TABS else f"{PATH}/{booking_id}"
    return visit.turn_to(path, done % {"name": name})


def refuse(
    visit: Visit,
    db: Database,
    booking_id: int,
    form: Form,
    now: Instant,
    error: CalendoError,
    template: str,
) -> HTMLResponse:
    """
    Show a booking as it is now, and why what was asked for was not done.
    """
    with db.read() as tx:
        shown = describe(tx, visit, booking_id, now)
    return visit.refuse(template, form, error, **shown)
