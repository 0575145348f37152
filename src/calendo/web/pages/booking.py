"""
The booking page, as plain HTML: choose an event type, a time, and book it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import parse_qsl

from babel.dates import format_date, format_time, get_timezone_gmt
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.convertors import StringConvertor, register_url_convertor

from calendo.core.instants import (
    Instant,
    UnknownZone,
    get_zone,
    local_date,
    to_datetime,
    written_iso,
    zone_names,
)
from calendo.db.engine import Database, Tx, query_in
from calendo.db.models import BookingPage, EventType
from calendo.errors import BodyTooLarge, CalendoError, InvalidInput, SlotUnavailable
from calendo.ops import accounts, booking_pages, bookings, slots
from calendo.web.api.book import BookingIn
from calendo.web.api.fields import parse_date, parse_moment, to_utc_instant
from calendo.web.deps import Db, Now
from calendo.web.pages.rendering import render
from calendo.web.problems import validation_problem
from calendo.web.routing import MAX_BODY_BYTES

router = APIRouter(include_in_schema=False)


class _Slug(StringConvertor):
    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class _PageSlug(StringConvertor):
    # What the API does not know must not look like a page that is missing.
    regex = f"(?!api(?:/|$)){_Slug.regex}"


register_url_convertor("slug", _Slug())
register_url_convertor("page", _PageSlug())

_LOCALE = "en"
_DAYS_SHOWN = 7
_SEARCHED_DAYS = 91
_LOCATIONS = {"google_meet": "Google Meet", "zoom": "Zoom", "phone": "Phone call", "custom": "As agreed"}
_SMALL_ZONE_PREFIXES = ("Etc/", "SystemV/", "US/", "posix/", "right/")

Fields = Mapping[str, list[str]]


async def _form(request: Request) -> Fields:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(bytes(body).decode("utf-8", "replace"), keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


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
        return render("page.html", host=host, types=types, locations=_LOCATIONS)


@router.get("/{page:page}/{event:slug}")
def show_event_type(page: str, event: str, request: Request, db: Db, now: Now) -> HTMLResponse:
    """
    Show the next free times; with ``?time=`` the form that books one.
    """
    given = request.query_params
    with db.read() as tx:
        view = _View(tx, page, event, given.get("timezone"))
        start_ts = _start(given.get("time"))
        if start_ts is not None:
            return view.form(start_ts, {name: [value] for name, value in given.items()})
        return view.times(now, _first_day(given.get("from")))


@router.post("/{page:page}/{event:slug}")
def book(page: str, event: str, fields: Annotated[Fields, Depends(_form)], db: Db, now: Now) -> HTMLResponse:
    """
    Book a time with the form's fields. What is wrong stands above the form; nothing typed is lost.
    """
    zone = fields.get("timezone", [None])[0]
    start_ts = _start(fields.get("start_time", [None])[0])
    if start_ts is None:
        raise InvalidInput("Choose a time first.")
    try:
        return _booked(db, page, event, fields, now)
    except SlotUnavailable as error:
        with db.read() as tx:
            return _View(tx, page, event, zone).times(now, None, error)
    except InvalidInput as error:
        with db.read() as tx:
            return _View(tx, page, event, zone).form(start_ts, fields, error)


def _booked(db: Database, page: str, event: str, fields: Fields, now: Instant) -> HTMLResponse:
    with db.write() as tx:
        view = _View(tx, page, event, fields.get("timezone", [None])[0])
        wanted = _wanted(view, fields)
        booking = bookings.book(tx, view.event_type, wanted.to_request(), now)
        return view.render("booked.html", 201, booking=booking, when=view.when(booking.start_ts))


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

    def times(self, now: Instant, first_on: date | None, problem: CalendoError | None = None) -> HTMLResponse:
        """
        List the free times of the next days that have some, from ``first_on`` or today on.
        """
        today = local_date(now, self.zone)
        first_on = min(max(first_on or today, today), today + timedelta(days=3650))
        dates = (first_on, first_on + timedelta(days=_SEARCHED_DAYS))
        query = query_in(self._tx)
        starts = slots.look_up(query, self._page.slug, self.event_type.slug, dates, self.zone, now)
        by_date: dict[date, list[Instant]] = {}
        for start in starts:
            by_date.setdefault(local_date(start, self.zone), []).append(start)
        shown, rest = list(by_date)[:_DAYS_SHOWN], list(by_date)[_DAYS_SHOWN:]
        return self.render(
            "times.html",
            200 if problem is None else problem.status,
            days=[
                {"date": format_date(day, "full", _LOCALE), "times": self._labelled(by_date[day])}
                for day in shown
            ],
            later=rest[0] if rest else None,
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
            when=self.when(start_ts),
            fields=fields,
            problem=problem,
        )

    def render(self, template: str, status: int, **values: Any) -> HTMLResponse:
        """
        Render a template with what all of these pages show.
        """
        return render(
            template,
            status,
            host=self._page,
            event_type=self.event_type,
            location=_LOCATIONS.get(self.event_type.location_type or ""),
            zone=self.zone.key,
            **values,
        )

    def when(self, start_ts: Instant) -> str:
        """
        Write date and time on the invitee's clock.
        """
        local = to_datetime(start_ts, self.zone)
        return f"{format_date(local, 'full', _LOCALE)}, {format_time(local, 'short', locale=_LOCALE)}"

    def _labelled(self, starts: list[Instant]) -> list[dict[str, str]]:
        moments = [to_datetime(start, self.zone) for start in starts]
        labels = [format_time(moment, "short", locale=_LOCALE) for moment in moments]
        if len(set(labels)) < len(labels):
            # The day the clocks go back: the offset tells two times of one label apart.
            labels = [
                f"{label} {get_timezone_gmt(moment, locale=_LOCALE)}"
                for label, moment in zip(labels, moments, strict=True)
            ]
        return [
            {"start": written_iso(start), "label": label} for start, label in zip(starts, labels, strict=True)
        ]


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


def _start(text: str | None) -> Instant | None:
    if not text:
        return None
    try:
        return to_utc_instant(parse_moment(text))
    except ValueError:
        raise InvalidInput("This is not a time that can be booked.") from None


def _first_day(text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError:
        return None
