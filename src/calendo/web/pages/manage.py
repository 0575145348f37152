"""
The pages behind an invitee's link: see a booking, move it, cancel it.

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
from calendo.web.avatars import find_avatar_url
from calendo.web.deps import Db, LinkTokens, Now, base_url
from calendo.web.pages.changes import told, zone_or_utc
from calendo.web.pages.languages import texts_for
from calendo.web.pages.messages import tell
from calendo.web.pages.parts import (
    Fields,
    brand_style,
    dates_from,
    known_to_booker,
    links_for_calendars,
    next_days,
    read_form,
    read_start,
    when,
)
from calendo.web.pages.rendering import render_private, turn_to
from calendo.web.problems import validation_problem
from calendo.web.static_files import modules

router = APIRouter(prefix="/manage", include_in_schema=False)

Form = Annotated[Fields, Depends(read_form)]


@router.get("/{token}")
def show_booking(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> HTMLResponse:
    """
    Show a booking to its invitee, and what can be done about it.
    """
    with db.read() as tx:
        return _View(tx, links, token, request, now).overview()


@router.get("/{token}/cancel")
def ask_before_cancelling(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Ask why, and whether it is meant.
    """
    with db.read() as tx:
        view = _View(tx, links, token, request, now)
        return view.cancelling() if view.managed.can_cancel else turn_to(view.path)


@router.post("/{token}/cancel")
def cancel(token: str, request: Request, fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Cancel, and go back to the booking, which says so.
    """
    try:
        with db.write() as tx:
            booking = manage.lock_by_token(tx, links, Purpose.MANAGE, token)
            manage.cancel(tx, booking, now, read_reason(fields))
    except InvalidInput as error:
        with db.read() as tx:
            return _View(tx, links, token, request, now).cancelling(error)
    except (BookingState, TooLate) as error:
        with db.read() as tx:
            return _View(tx, links, token, request, now).overview(error)
    return turn_to(f"/manage/{token}")


@router.get("/{token}/reschedule")
def choose_time(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Show the booker, which moves the booking; without scripts the next times or, with ``?time=``, a form.
    """
    given = request.query_params
    with db.read() as tx:
        view = _View(tx, links, token, request, now)
        if not view.managed.can_reschedule:
            return turn_to(view.path)
        start_ts = read_start(given.get("time"))
        plain = view.times(given.get("from")) if start_ts is None else view.moving(start_ts)
        return view.booker(**plain)


@router.post("/{token}/reschedule")
def reschedule(token: str, request: Request, fields: Form, db: Db, now: Now, links: LinkTokens) -> Response:
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
            view = _View(tx, links, token, request, now)
            return view.plain(error, **view.moving(start_ts))
    except SlotUnavailable as error:
        with db.read() as tx:
            view = _View(tx, links, token, request, now)
            return view.plain(error, **view.times(None))
    except (BookingState, TooLate) as error:
        with db.read() as tx:
            return _View(tx, links, token, request, now).overview(error)
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
    A booking as its invitee sees it: on the clock it was booked by, and in the language.
    """

    def __init__(self, tx: Tx, links: Links, token: str, request: Request, now: Instant) -> None:
        self._tx, self._now, self._token = tx, now, token
        self._booking = manage.get_by_token(tx, links, Purpose.MANAGE, token)
        self._zone = zone_or_utc(self._booking.timezone)
        self._texts = texts_for(request, liked=self._booking.locale)
        self.managed = Managed.at(tx, self._booking, now)
        self._picture = find_avatar_url(tx, self._booking.host_id)
        self.path = f"/manage/{token}"
        self._url = f"{base_url(request)}{self.path}"

    def overview(self, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Show the booking, what can be done and why what cannot.
        """
        calendars = links_for_calendars(self._booking, self.managed.page, self._url)
        return self._render("manage.html", problem, hindrances=self._hindrances(), calendars=calendars)

    def cancelling(self, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Show the form that cancels.
        """
        return self._render("manage_cancel.html", problem)

    def times(self, first_on: str | None) -> dict[str, object]:
        """
        List the next times that the booking can move to.
        """
        dates = dates_from(first_on, self._zone, self._now)
        starts = slots.list_moves(self._tx, self._booking, dates, self._zone, self._now)
        days, later = next_days(starts, self._zone, self._texts)
        return {"plain": "manage_times.html", "days": days, "later": later}

    def moving(self, start_ts: Instant) -> dict[str, object]:
        """
        Ask whether it is meant to move to a time, and why.
        """
        return {
            "plain": "manage_move.html",
            "start": written_iso(start_ts),
            "new_when": when(start_ts, self._zone, self._texts),
        }

    def booker(self, **plain: object) -> HTMLResponse:
        """
        Show the booker, and what is ``plain`` to browsers without scripts.
        """
        known = known_to_booker(self.managed.page, self._booking.event_type, self._picture, self._texts)
        booking = {"token": self._token, "start_time": written_iso(self._booking.start_ts)}
        return self._render(
            "booker.html",
            None,
            scripts=True,
            known={**known, "booking": booking},
            modules=modules("booker"),
            timezone=self._zone.key,
            **plain,
        )

    def plain(self, error: CalendoError, **plain: object) -> HTMLResponse:
        """
        Answer a form that was refused.
        """
        return self._render("plain.html", error, **plain)

    def _hindrances(self) -> list[str]:
        """
        Say why what cannot be done any more cannot.
        """
        _, booking, host = self._texts.gettext, self._booking, self.managed.page.display_name
        if booking.status not in BLOCKING or (self.managed.can_cancel and self.managed.can_reschedule):
            return []
        if self._now >= booking.start_ts:
            return [_("Its time has come, so it can no longer be moved or cancelled.")]
        found = []
        notices = (
            (_("It could be moved here until %(when)s."), manage.reschedule_until(booking)),
            (_("It could be cancelled here until %(when)s."), manage.cancel_until(booking)),
        )
        for text, until in notices:
            if until < self._now:
                found.append(text % {"when": when(until, self._zone, self._texts)})
        if found:
            found.append(_("Please get in touch with %(name)s.") % {"name": host})
        elif not booking.event_type.is_active:
            gone = _("%(name)s no longer offers this meeting, so there are no times to move it to.")
            found.append(gone % {"name": host})
        return found

    def _render(self, template: str, problem: CalendoError | None, **values: object) -> HTMLResponse:
        host = self.managed.page
        names = {Actor.INVITEE: self._booking.invitee_name, Actor.HOST: host.display_name}
        return render_private(
            template,
            200 if problem is None else problem.status,
            texts=self._texts,
            style=brand_style(host),
            host=host,
            picture=self._picture,
            managed=self.managed,
            path=self.path,
            problem=problem and tell(self._texts, problem),
            **told(self._tx, self._booking, Actor.INVITEE, names, self._zone, self._texts, self._now),
            **values,
        )
