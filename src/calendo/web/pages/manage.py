"""
The pages behind an invitee's link, as plain HTML: see a booking, move it, cancel it.

Only a POST acts, so what opens a link to look at it, as mail scanners do, changes nothing.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from calendo.core.instants import Instant, written_iso
from calendo.db.engine import Tx
from calendo.db.models import BLOCKING
from calendo.errors import BookingState, CalendoError, InvalidInput, SlotUnavailable, TooLate
from calendo.integrations.links import Links, Purpose
from calendo.ops import manage, slots
from calendo.ops.history import Actor
from calendo.ops.manage import Managed
from calendo.web.api.bookings import ReasonIn
from calendo.web.deps import Db, LinkTokens, Now
from calendo.web.pages.changes import told, zone_or_utc
from calendo.web.pages.parts import Fields, dates_from, next_days, read_form, read_start, when
from calendo.web.pages.rendering import render_private, turn_to
from calendo.web.problems import validation_problem

router = APIRouter(prefix="/manage", include_in_schema=False)

Form = Annotated[Fields, Depends(read_form)]


@router.get("/{token}")
def show_booking(token: str, db: Db, now: Now, links: LinkTokens) -> HTMLResponse:
    """
    Show a booking to its invitee, and what can be done about it.
    """
    with db.read() as tx:
        return _View(tx, links, token, now).overview()


@router.get("/{token}/cancel")
def ask_before_cancelling(token: str, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Ask why, and whether it is meant.
    """
    with db.read() as tx:
        view = _View(tx, links, token, now)
        return view.cancelling() if view.managed.can_cancel else turn_to(view.path)


@router.post("/{token}/cancel")
def cancel(token: str, fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Cancel, and go back to the booking, which says so.
    """
    try:
        with db.write() as tx:
            booking = manage.lock_by_token(tx, links, Purpose.MANAGE, token)
            manage.cancel(tx, booking, now, read_reason(fields))
    except InvalidInput as error:
        with db.read() as tx:
            return _View(tx, links, token, now).cancelling(error)
    except (BookingState, TooLate) as error:
        with db.read() as tx:
            return _View(tx, links, token, now).overview(error)
    return turn_to(f"/manage/{token}")


@router.get("/{token}/reschedule")
def choose_time(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Show the times to move to; with ``?time=`` ask whether that one is meant.
    """
    given = request.query_params
    with db.read() as tx:
        view = _View(tx, links, token, now)
        if not view.managed.can_reschedule:
            return turn_to(view.path)
        start_ts = read_start(given.get("time"))
        return view.times(given.get("from")) if start_ts is None else view.moving(start_ts)


@router.post("/{token}/reschedule")
def reschedule(token: str, fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Move, and go back to the booking. A time that went in the meantime is said, with those there are.
    """
    start_ts = read_start(fields.get("start_time", [None])[0])
    if start_ts is None:
        raise InvalidInput("Choose a time first.")
    try:
        with db.write() as tx:
            booking = manage.lock_by_token(tx, links, Purpose.MANAGE, token)
            manage.reschedule(tx, booking, start_ts, now, read_reason(fields))
    except InvalidInput as error:
        with db.read() as tx:
            return _View(tx, links, token, now).moving(start_ts, error)
    except SlotUnavailable as error:
        with db.read() as tx:
            return _View(tx, links, token, now).times(None, error)
    except (BookingState, TooLate) as error:
        with db.read() as tx:
            return _View(tx, links, token, now).overview(error)
    return turn_to(f"/manage/{token}")


def read_reason(fields: Fields) -> str | None:
    """
    Read why somebody does what a form is for; ``InvalidInput`` says what is wrong with it.
    """
    try:
        return ReasonIn.model_validate({"reason": fields.get("reason", [""])[0]}).reason or None
    except ValidationError as error:
        raise validation_problem(error.errors()) from None


class _View:
    """
    A booking as its invitee sees it, on the clock it was booked by.
    """

    def __init__(self, tx: Tx, links: Links, token: str, now: Instant) -> None:
        self._tx, self._now = tx, now
        self._booking = manage.get_by_token(tx, links, Purpose.MANAGE, token)
        self._zone = zone_or_utc(self._booking.timezone)
        self.managed = Managed.at(tx, self._booking, now)
        self.path = f"/manage/{token}"

    def overview(self, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Show the booking, what can be done and why what cannot.
        """
        return self._render("manage.html", problem, hindrances=self._hindrances())

    def cancelling(self, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Show the form that cancels.
        """
        return self._render("manage_cancel.html", problem)

    def times(self, first_on: str | None, problem: CalendoError | None = None) -> HTMLResponse:
        """
        List the next times that the booking can move to.
        """
        dates = dates_from(first_on, self._zone, self._now)
        starts = slots.list_moves(self._tx, self._booking, dates, self._zone, self._now)
        days, later = next_days(starts, self._zone)
        return self._render("manage_times.html", problem, days=days, later=later)

    def moving(self, start_ts: Instant, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Show the form that moves the booking to a time.
        """
        return self._render(
            "manage_move.html", problem, start=written_iso(start_ts), new_when=when(start_ts, self._zone)
        )

    def _hindrances(self) -> list[str]:
        """
        Say why what cannot be done any more cannot.
        """
        booking, host = self._booking, self.managed.page.display_name
        if booking.status not in BLOCKING or (self.managed.can_cancel and self.managed.can_reschedule):
            return []
        if self._now >= booking.start_ts:
            return ["Its time has come, so it can no longer be moved or cancelled."]
        found = []
        notices = (
            ("moved", manage.reschedule_until(booking), booking.event_type.reschedule_notice_hours),
            ("cancelled", manage.cancel_until(booking), booking.event_type.cancel_notice_hours),
        )
        for done, until, hours in notices:
            if until < self._now:
                notice = f"{hours} hour{'s' if hours > 1 else ''} before"
                found.append(f"It could be {done} here until {notice}: {when(until, self._zone)}.")
        if found:
            found.append(f"Please get in touch with {host}.")
        elif not booking.event_type.is_active:
            found.append(f"{host} no longer offers this meeting, so there are no times to move it to.")
        return found

    def _render(self, template: str, problem: CalendoError | None, **values: object) -> HTMLResponse:
        names = {Actor.INVITEE: "You", Actor.HOST: self.managed.page.display_name}
        return render_private(
            template,
            200 if problem is None else problem.status,
            host=self.managed.page,
            managed=self.managed,
            path=self.path,
            problem=problem,
            **told(self._tx, self._booking, names, self._zone, self._now),
            **values,
        )
