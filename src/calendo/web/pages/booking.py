"""
The booking page: a host, an event type with its booker, and the same as plain HTML.

The booker is a custom element; below it, for browsers without JavaScript, stand the next
times as links and a form that books one.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError
from starlette.convertors import StringConvertor, register_url_convertor

from calendo.core.instants import Instant, UnknownZone, get_zone, written_iso, zone_names
from calendo.db.engine import Database, Tx, query_in
from calendo.db.models import BookingPage, EventType
from calendo.errors import CalendoError, InvalidInput, SlotUnavailable, TooManyBookings
from calendo.ops import accounts, booking_pages, bookings, slots
from calendo.web.api.book import BookingIn, manage_url
from calendo.web.avatars import find_avatar_url
from calendo.web.compression import compress
from calendo.web.deps import AppSettings, Db, Now, base_url
from calendo.web.pages.languages import texts_for
from calendo.web.pages.messages import tell, tell_of_field
from calendo.web.pages.parts import (
    Fields,
    brand_style,
    dates_from,
    known_to_booker,
    links_for_calendars,
    locations,
    next_days,
    read_form,
    read_start,
    when,
)
from calendo.web.pages.rendering import render, render_private
from calendo.web.problems import validation_problem
from calendo.web.static_files import modules

router = APIRouter(include_in_schema=False)


class _Slug(StringConvertor):
    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class _PageSlug(StringConvertor):
    # What the API or the dashboard does not know must not look like a page that is missing.
    regex = f"(?!ap[ip](?:/|$)){_Slug.regex}"


register_url_convertor("slug", _Slug())
register_url_convertor("page", _PageSlug())

_SMALL_ZONE_PREFIXES = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@router.get("/")
def home(request: Request, settings: AppSettings) -> HTMLResponse:
    """
    Say what this server is, and lead hosts to their dashboard.
    """
    return render("home.html", texts=texts_for(request), is_open=settings.registration == "open")


@router.get("/{page:page}")
def show_page(page: str, request: Request, db: Db) -> Response:
    """
    Show a host and the event types to choose from.
    """
    texts = texts_for(request)
    with db.read() as tx:
        host = booking_pages.get_public_page(tx, page)
        types = booking_pages.list_public_types(tx, host)
        shown = render(
            "page.html",
            texts=texts,
            scripts=bool(types),
            style=brand_style(host, types),
            host=host,
            picture=find_avatar_url(tx, host.host_id),
            types=types,
            locations=locations(texts),
            query=_language_query(request),
        )
    return compress(shown, request)


@router.get("/{page:page}/{event:slug}")
def show_event_type(page: str, event: str, request: Request, db: Db, now: Now) -> Response:
    """
    Show the booker, and for browsers without scripts the next free times or, with ``?time=``, the form.
    """
    given = request.query_params
    with db.read() as tx:
        view = _View(tx, page, event, request, given.get("timezone"))
        start_ts = read_start(given.get("time"))
        if start_ts is not None:
            plain = view.form(start_ts, {name: given.getlist(name) for name in given})
        else:
            plain = view.times(now, given.get("from"), choosing=given.get("choose") == "zone")
        shown = view.render("booker.html", 200, scripts=True, **view.booker(), **plain)
    return compress(shown, request)


@router.post("/{page:page}/{event:slug}")
def book(
    page: str, event: str, request: Request, fields: Annotated[Fields, Depends(read_form)], db: Db, now: Now
) -> HTMLResponse:
    """
    Book a time with the form's fields. What is wrong stands above the form; nothing typed is lost.
    """
    zone = fields.get("timezone", [None])[0]
    start_ts = read_start(fields.get("start_time", [None])[0])
    if start_ts is None:
        raise InvalidInput("Choose a time first.")
    try:
        return _booked(db, page, event, request, fields, now)
    except SlotUnavailable as error:
        with db.read() as tx:
            view = _View(tx, page, event, request, zone)
            return view.render("plain.html", error.status, **view.times(now, None, error))
    except (InvalidInput, TooManyBookings) as error:
        with db.read() as tx:
            view = _View(tx, page, event, request, zone)
            return view.render("plain.html", error.status, **view.form(start_ts, fields, error))


def _booked(
    db: Database, page: str, event: str, request: Request, fields: Fields, now: Instant
) -> HTMLResponse:
    with db.write() as tx:
        view = _View(tx, page, event, request, fields.get("timezone", [None])[0])
        wanted = _wanted(view, fields)
        booking = bookings.book(tx, view.event_type, wanted.to_request(), now)
        link = manage_url(request.app.state.links, base_url(request), booking)
        booked = view.facts(
            booking=booking,
            when=when(booking.start_ts, view.zone, view.texts),
            zone_name=view.texts.zone(booking.start_ts, view.zone),
            manage_url=link,
            path=f"/manage/{link.rpartition('/')[2]}",
            calendars=links_for_calendars(booking, view.host, link),
        )
    return render_private("booked.html", 201, **booked)


class _View:
    """
    One event type as an invitee in some time zone sees it; the host's where none is chosen.
    """

    def __init__(self, tx: Tx, page: str, event: str, request: Request, zone: str | None) -> None:
        self._tx = tx
        self._query = _language_query(request)
        self.texts = texts_for(request)
        self.event_type: EventType = booking_pages.get_public_type(tx, page, event)
        self.host: BookingPage = booking_pages.get_public_page(tx, page)
        self._picture = find_avatar_url(tx, self.host.host_id)
        try:
            self.zone = get_zone(zone or accounts.get_user(tx, self.host.host_id).timezone)
        except UnknownZone:
            raise InvalidInput("This is not a time zone we know.") from None

    def booker(self) -> dict[str, Any]:
        """
        Say what the booker is made of: its modules, and what it need not ask for.
        """
        known = known_to_booker(self.host, self.event_type, self._picture, self.texts)
        return {"known": known, "modules": modules("booker"), "timezone": None}

    def times(
        self,
        now: Instant,
        first_on: str | None,
        problem: CalendoError | None = None,
        *,
        choosing: bool = False,
    ) -> dict[str, Any]:
        """
        List the free times of the next days that have some, from ``first_on`` or today on.
        """
        dates = dates_from(first_on, self.zone, now)
        query = query_in(self._tx)
        starts = slots.look_up(query, self.host.slug, self.event_type.slug, dates, self.zone, now)
        days, later = next_days(starts, self.zone, self.texts)
        return {
            "plain": "times.html",
            "zone_name": self.texts.zone(now, self.zone),
            "days": days,
            "later": later,
            "problem": problem and tell(self.texts, problem),
            # Four hundred names are not sent to those who do not ask for them.
            "zones": _zone_choices() if choosing else [],
        }

    def form(self, start_ts: Instant, fields: Fields, problem: CalendoError | None = None) -> dict[str, Any]:
        """
        Ask for what a booking needs, with what is known filled in.
        """
        return {
            "plain": "form.html",
            "start": written_iso(start_ts),
            "when": when(start_ts, self.zone, self.texts),
            "zone_name": self.texts.zone(start_ts, self.zone),
            "fields": fields,
            "problem": problem and tell_of_field(self.texts, problem, self._labels()),
        }

    def _labels(self) -> dict[str, str]:
        _ = self.texts.gettext
        return {
            "name": _("Your name"),
            "email": _("Your e-mail address"),
            "notes": _("Anything else?"),
            **{f"answers.{row['id']}": row["label"] for row in self.event_type.questions},
        }

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
            "texts": self.texts,
            "style": brand_style(self.host),
            "host": self.host,
            "picture": self._picture,
            "event_type": self.event_type,
            "location": locations(self.texts).get(self.event_type.location_type or ""),
            "zone": self.zone.key,
            "query": self._query,
            **values,
        }


def _wanted(view: _View, fields: Fields) -> BookingIn:
    given = {name: fields.get(name, [""])[0] for name in ("name", "email", "start_time", "notes")}
    answers = _answers(view.event_type, fields)
    try:
        return BookingIn.model_validate(
            {**given, "timezone": view.zone.key, "answers": answers, "locale": view.texts.tag}
        )
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


def _language_query(request: Request) -> str:
    # A language that was asked for goes along from page to page.
    tag = request.query_params.get("lang")
    return f"lang={quote(tag)}" if tag else ""


def _zone_choices() -> list[str]:
    return sorted(name for name in zone_names() if "/" in name and not name.startswith(_SMALL_ZONE_PREFIXES))
