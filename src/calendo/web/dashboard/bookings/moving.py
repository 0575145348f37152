"""
Moving a booking: a month with the days that have free times, the times of one, and a message.
"""

from datetime import date, timedelta
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse

from calendo.core.instants import Instant, local_date, written_iso
from calendo.db.engine import Database, Tx
from calendo.db.models import BLOCKING
from calendo.errors import BookingState, CalendoError, InvalidInput, SlotUnavailable
from calendo.ops import bookings, slots
from calendo.web.api.fields import Id, Moment, parse_moment, to_utc_instant
from calendo.web.dashboard.bookings import dates
from calendo.web.dashboard.bookings.listing import DOMAIN, PATH
from calendo.web.dashboard.bookings.one import MessageForm, describe, refuse
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now
from calendo.web.pages.changes import zone_or_utc

router = area(PATH, DOMAIN)

_SEARCHED = timedelta(days=91)


class MoveForm(MessageForm):
    """
    Where to.
    """

    start_time: Moment


@router.get("/{booking_id}/move")
def choose_time(booking_id: Id, visit: Visiting, db: Db, now: Now, on: str = "") -> Response:
    """
    Show the free times of a day, and the other days of its month that have some.
    """
    form = visit.form()
    with db.read() as tx:
        shown = _describe(tx, visit, booking_id, now, on)
    if not shown["can_move"]:
        return visit.turn_to(f"{PATH}/{booking_id}")
    return visit.render("bookings/move.html", form=form, **shown)


@router.post("/{booking_id}/move")
def move(booking_id: Id, visit: Visiting, form: Typed, db: Db, now: Now, on: str = "") -> Response:
    """
    Move. A time that went in the meantime is said, with those there are.
    """
    try:
        wanted = form.read(MoveForm)
        start_ts = to_utc_instant(parse_moment(wanted.start_time))
        with db.write() as tx:
            booking = bookings.reschedule(tx, visit.host_id, booking_id, start_ts, now, wanted.reason or None)
            name = booking.invitee_name
    except BookingState as error:
        return refuse(visit, db, booking_id, form, now, error, "bookings/one.html")
    except (InvalidInput, SlotUnavailable) as error:
        return _refuse(visit, db, booking_id, form, now, on, error)
    done = visit.texts.gettext("Moved. %(name)s gets an e-mail with the new time.")
    return visit.turn_to(f"{PATH}/{booking_id}", done % {"name": name})


def _refuse(
    visit: Visit, db: Database, booking_id: int, form: Form, now: Instant, on: str, error: CalendoError
) -> HTMLResponse:
    with db.read() as tx:
        shown = _describe(tx, visit, booking_id, now, on)
    return visit.refuse("bookings/move.html", form, error, field="start_time", **shown)


def _describe(tx: Tx, visit: Visit, booking_id: int, now: Instant, on: str) -> dict[str, Any]:
    """
    Say what the page shows: a day that was asked for, or the first one from the booking's on.
    """
    shown = describe(tx, visit, booking_id, now)
    booking, zone, texts = shown["booking"], visit.zone, visit.texts
    if booking.status not in BLOCKING:
        return shown
    today = local_date(now, zone)
    usual = max(local_date(booking.start_ts, zone), today)
    asked = max(dates.read_day(on, usual) if on else usual, today)
    first_on, last_on = max(asked.replace(day=1), today), dates.last_of_month(asked)
    free: dict[date, list[Instant]] = {}
    for start in slots.list_moves(tx, booking, (first_on, last_on), zone, now):
        free.setdefault(local_date(start, zone), []).append(start)
    day = next((one for one in free if one >= asked), next(iter(free), None))
    further = []
    if day is None:
        further = slots.list_moves(tx, booking, (first_on, first_on + _SEARCHED), zone, now)
    month = asked.replace(day=1)
    theirs = zone_or_utc(booking.timezone)
    return {
        **shown,
        "month": dates.month_name(texts, asked),
        "weekdays": list(zip(dates.weekday_names(texts), dates.weekday_names(texts, "wide"), strict=True)),
        "weeks": [
            [
                {
                    "number": one.day,
                    "name": dates.day_name(texts, one),
                    "on": one.isoformat(),
                    "is_other": one.month != asked.month,
                    "is_free": one in free,
                    "is_today": one == today,
                    "is_chosen": one == day,
                }
                for one in week
            ]
            for week in dates.weeks_of_month(texts, asked)
        ],
        "before": (month - timedelta(days=1)).replace(day=1) if month > today else None,
        "behind": last_on + timedelta(days=1),
        "chosen": day,
        "chosen_name": dates.day_name(texts, day) if day else "",
        "times": [
            {
                "start": written_iso(start),
                "time": texts.time(start, zone),
                "theirs": _their_time(visit, start, theirs) if shown["theirs"] else "",
            }
            for start in (free[day] if day else ())
        ],
        "next_free": local_date(further[0], zone) if further else None,
        "next_free_name": dates.day_name(texts, local_date(further[0], zone)) if further else "",
    }


def _their_time(visit: Visit, start: Instant, theirs: Any) -> str:
    same_day = local_date(start, theirs) == local_date(start, visit.zone)
    return visit.texts.time(start, theirs) if same_day else visit.texts.moment(start, theirs)
