"""
What pages share: forms as they arrive, and times as they are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import Request

from calendo.core.calendar_links import CalendarLinks, calendar_links
from calendo.core.colors import brand
from calendo.core.instants import Instant, local_date, written_iso
from calendo.db.models import Booking, BookingPage, EventType
from calendo.errors import BodyTooLarge, InvalidInput
from calendo.i18n import Texts, table
from calendo.web.api.booking_page import PublicHost
from calendo.web.api.event_types import PublicEventType
from calendo.web.api.fields import parse_date, parse_moment, to_utc_instant
from calendo.web.routing import MAX_BODY_BYTES

_DAYS_SHOWN = 7
_SEARCHED_DAYS = 91
_FURTHEST_DAYS = 3650

Fields = Mapping[str, list[str]]


async def read_form(request: Request) -> Fields:
    """
    Read a form's fields, each with all its values.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLarge
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(bytes(body).decode("utf-8", "replace"), keep_blank_values=True):
        if "\0" in value:
            # PostgreSQL cannot store it and refuses even to compare with it.
            raise InvalidInput("Text must not contain NUL characters.")
        fields.setdefault(name, []).append(value)
    return fields


def read_start(text: str | None) -> Instant | None:
    """
    Read the time that a link or a form names, if it names one.
    """
    if not text:
        return None
    try:
        return to_utc_instant(parse_moment(text))
    except ValueError:
        raise InvalidInput("This is not a time that can be booked.") from None


def dates_from(text: str | None, zone: ZoneInfo, now: Instant) -> tuple[date, date]:
    """
    Say on which dates to look for free times: from the one a link names, or from today on.
    """
    today = local_date(now, zone)
    try:
        wanted = parse_date(text) if text else today
    except ValueError:
        wanted = today
    first_on = min(max(wanted, today), today + timedelta(days=_FURTHEST_DAYS))
    return first_on, first_on + timedelta(days=_SEARCHED_DAYS)


def when(instant: Instant, zone: ZoneInfo, texts: Texts) -> str:
    """
    Write date and time on the clock of ``zone``.
    """
    return f"{texts.date(instant, zone)}, {texts.time(instant, zone)}"


def locations(texts: Texts) -> dict[str, str]:
    """
    Name the kinds of places where meetings can be.
    """
    _ = texts.gettext
    return {
        "google_meet": "Google Meet",
        "zoom": "Zoom",
        "phone": _("Phone call"),
        "custom": _("As agreed"),
    }


def next_days(
    starts: Sequence[Instant], zone: ZoneInfo, texts: Texts
) -> tuple[list[dict[str, Any]], date | None]:
    """
    Write the first days that have starts, with their times, and say on which date there are more.
    """
    by_date: dict[date, list[Instant]] = {}
    for start in starts:
        by_date.setdefault(local_date(start, zone), []).append(start)
    shown, rest = list(by_date)[:_DAYS_SHOWN], list(by_date)[_DAYS_SHOWN:]
    days = [
        {
            "date": texts.date(by_date[day][0], zone),
            "times": [
                {"start": written_iso(start), "label": texts.time(start, zone)} for start in by_date[day]
            ],
        }
        for day in shown
    ]
    return days, rest[0] if rest else None


def links_for_calendars(booking: Booking, host: BookingPage, manage_url: str) -> CalendarLinks:
    """
    Reckon the links by which an invitee takes a booking into a calendar; the booker offers the same.
    """
    return calendar_links(
        title=f"{booking.event_type.name} ({host.display_name})",
        start_ts=booking.start_ts,
        end_ts=booking.end_ts,
        location=booking.event_type.location,
        url=manage_url,
    )


def brand_style(page: BookingPage, types: Iterable[EventType] = ()) -> str:
    """
    Write the style block of a host's pages: the brand colour, and those of event types.
    """
    # Kept colours are six hex digits, so there is nothing in here to break out with.
    colors = brand(page.brand_color)
    rules = [f":root{{--brand-light:{colors.light};--brand-dark:{colors.dark}}}"]
    rules += [f".choice .mark-{row.id}{{background:{row.color}}}" for row in types]
    return "".join(rules)


def known_to_booker(
    page: BookingPage, event_type: EventType, picture: str | None, texts: Texts
) -> dict[str, Any]:
    """
    Say what the booker would ask the API for, so that it need not.
    """
    return {
        "host": PublicHost.of(page, picture).model_dump(),
        "event_type": PublicEventType.of(event_type).model_dump(),
        "language": texts.tag,
        "texts": table(texts.locale.language, "booker"),
    }
