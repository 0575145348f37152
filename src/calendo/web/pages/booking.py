"""
The booking page, as plain HTML: choose an event type, a time, and book it.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.convertors import StringConvertor, register_url_convertor

from calendo.core.instants import Instant, UnknownZone, get_zone, written_iso, zone_names
from calendo.db.engine import Tx, query_in
from calendo.db.models import BookingPage, EventType
from calendo.errors import CalendoError, InvalidInput, SlotUnavailable, TooManyBookings
from calendo.ops import accounts, booking_pages, bookings, slots
from calendo.web.api.book import BookingIn, manage_url
from calendo.web.deps import BaseUrl, Db, LinkTokens, Now
from calendo.web.pages.parts import LOCATIONS, Fields, dates_from, next_days, read_form, read_start, when
from calendo.web.pages.rendering import render, render_private
from calendo.web.problems import validation_problem

router = APIRouter(include_in_schema=False)


class _Slug(StringConvertor):
    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class _PageSlug(StringConvertor):
    # What the API does not know must not look like a page that is missing.
    regex = f"(?!api(?:/|$)){_Slug.regex}"


register_url_convertor("slug", _Slug())
register_url_convertor("page", _PageSlug())

_SMALL_ZONE_PREFIXES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@router.get("/")
def home() -> HTMLResponse:
    """
    Say what this server is.
    """
    return render("home.html")


@router.get("/{page:page}")
def show_page(page: str, db: Db) -> HTMLResponse:
    """
    Show a host and the event types to choose from.
    """
    with db.read() as tx:
        host = booking_pages.get_public_page(tx, page)
        types = booking_pages.list_public_types(tx, host)
        return render("page.html", host=host, types=types, locations=LOCATIONS)


@router.get("/{page:page}/{event:slug}")
def show_event_type(page: str, event: str, request: Request, db: Db, now: Now) -> HTMLResponse:
    """
    Show the next free times; with ``?time=`` the form that books one.
    """
    given = request.query_params
    with db.read() as tx:
        view = _View(tx, page, event, given.get("timezone"))
        start_ts = read_start(given.get("time"))
        if start_ts is not None:
            return view.form(start_ts, {name: [value] for name, value in given.items()})
        return view.times(now, given.get("from"))


@router.post("/{page:page}/{event:slug}")
def book(
    page: str,
    event: str,
    fields: Annotated[Fields, Depends(read_form)],
    db: Db,
    now: Now,
    links: LinkTokens,
    base_url: BaseUrl,
) -> HTMLResponse:
    """
    Book a time with the form's fields. What is wrong stands above the form; nothing typed is lost.
    """
    zone = fields.get("timezone", [None])[0]
    start_ts = read_start(fields.get("start_time", [None])[0])
    if start_ts is None:
        raise InvalidInput("Choose a time first.")
    try:
        with db.write() as tx:
            view = _View(tx, page, event, zone)
            booking = bookings.book(tx, view.event_type, _wanted(view, fields).to_request(), now)
            booked = view.facts(
                booking=booking,
                when=when(booking.start_ts, view.zone),
                manage_url=manage_url(links, base_url, booking),
            )
    except SlotUnavailable as error:
        with db.read() as tx:
            return _View(tx, page, event, zone).times(now, None, error)
    except (InvalidInput, TooManyBookings) as error:
        with db.read() as tx:
            return _View(tx, page, event, zone).form(start_ts, fields, error)
    return render_private("booked.html", 201, **booked)


class _View:
    """
    One event type as an invitee in some time zone sees it; the host's where none is chosen.
    """

    def __init__(self, tx: Tx, page: str, event: str, zone: str | None) -> None:
        self._tx = tx
        self.event_type: EventType = booking_pages.get_public_type(tx, page, event)
        self._page: BookingPage = booking_pages.get_public_page(tx, page)
        try:
            self.zone = get_zone(zone or accounts.get_user(tx, self._page.host_id).timezone)
        except UnknownZone:
            raise InvalidInput("This is not a time zone we know.") from None

    def times(self, now: Instant, first_on: str | None, problem: CalendoError | None = None) -> HTMLResponse:
        """
        List the free times of the next days that have some, from ``first_on`` or today on.
        """
        dates = dates_from(first_on, self.zone, now)
        query = query_in(self._tx)
        starts = slots.look_up(query, self._page.slug, self.event_type.slug, dates, self.zone, now)
        shown, later = next_days(starts, self.zone)
        return self.render(
            "times.html",
            200 if problem is None else problem.status,
            days=shown,
            later=later,
            problem=problem,
            zones=_zone_choices(),
        )

    def form(self, start_ts: Instant, fields: Fields, problem: CalendoError | None = None) -> HTMLResponse:
        """
        Ask for what a booking needs, with what is known filled in.
        """
        return self.render(
            "form.html",
            200 if problem is None else problem.status,
            start=written_iso(start_ts),
            when=when(start_ts, self.zone),
            fields=fields,
            problem=problem,
        )

    def render(self, template: str, status: int, **values: Any) -> HTMLResponse:
        """
        Render a template with what all of these pages show.
        """
        return render(template, status, **self.facts(**values))

    def facts(self, **values: Any) -> dict[str, Any]:
        """
        Put what all of these pages show beside what one of them does.
        """
        return {
            "host": self._page,
            "event_type": self.event_type,
            "location": LOCATIONS.get(self.event_type.location_type or ""),
            "zone": self.zone.key,
            **values,
        }


def _wanted(view: _View, fields: Fields) -> BookingIn:
    given = {name: fields.get(name, [""])[0] for name in ("name", "email", "start_time", "notes")}
    answers = _answers(view.event_type, fields)
    try:
        return BookingIn.model_validate({**given, "timezone": view.zone.key, "answers": answers})
    except ValidationError as error:
        raise validation_problem(error.errors()) from None


def _answers(event_type: EventType, fields: Fields) -> dict[str, object]:
    answers: dict[str, object] = {}
    for question in event_type.questions:
        given = fields.get(f"answers.{question['id']}", [])
        if question["type"] == "checkbox":
            answers[question["id"]] = given if question["options"] else bool(given)
        elif given:
            answers[question["id"]] = given[0]
    return answers


def _zone_choices() -> list[str]:
    return sorted(name for name in zone_names() if "/" in name and not name.startswith(_SMALL_ZONE_PREFIXES))
