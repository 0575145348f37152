"""
What pages share: forms as they arrive, and times as they are shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_gmt
from fastapi import Request

from calendo.core.instants import Instant, local_date, to_datetime, written_iso
from calendo.errors import BodyTooLarge, InvalidInput
from calendo.i18n import Texts
from calendo.web.api.fields import parse_date, parse_moment, to_utc_instant
from calendo.web.routing import MAX_BODY_BYTES

LOCATIONS = {"google_meet": "Google Meet", "zoom": "Zoom", "phone": "Phone call", "custom": "As agreed"}

_LOCALE = Locale("en")
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


def when(instant: Instant, zone: ZoneInfo, locale: Locale = _LOCALE) -> str:
    """
    Write date and time on the clock of ``zone``.
    """
    local = to_datetime(instant, zone)
    return f"{format_date(local, 'full', locale)}, {format_time(local, 'short', locale=locale)}"


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
    starts: Sequence[Instant], zone: ZoneInfo, locale: Locale = _LOCALE
) -> tuple[list[dict[str, Any]], date | None]:
    """
    Write the first days that have starts, with their times, and say on which date there are more.
    """
    by_date: dict[date, list[Instant]] = {}
    for start in starts:
        by_date.setdefault(local_date(start, zone), []).append(start)
    shown, rest = list(by_date)[:_DAYS_SHOWN], list(by_date)[_DAYS_SHOWN:]
    days = [
        {"date": format_date(day, "full", locale), "times": _labelled(by_date[day], zone, locale)}
        for day in shown
    ]
    return days, rest[0] if rest else None


def _labelled(starts: Sequence[Instant], zone: ZoneInfo, locale: Locale) -> list[dict[str, str]]:
    moments = [to_datetime(start, zone) for start in starts]
    labels = [format_time(moment, "short", locale=locale) for moment in moments]
    if len(set(labels)) < len(labels):
        # The day the clocks go back: the offset tells two times of one label apart.
        labels = [
            f"{label} {get_timezone_gmt(moment, locale=locale)}"
            for label, moment in zip(labels, moments, strict=True)
        ]
    return [
        {"start": written_iso(start), "label": label} for start, label in zip(starts, labels, strict=True)
    ]
