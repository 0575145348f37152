"""
Why is this time not offered? A day of an event type, each time with what stands in its way.
"""

from datetime import date, timedelta
from itertools import groupby
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from calendo.core.explanations import Reason, Stretch, Why
from calendo.core.instants import Instant, get_zone, local_date, midnight
from calendo.db.models import EventType
from calendo.i18n import Texts, gettext_noop
from calendo.ops import event_types, explanations
from calendo.ops.explanations import Explanation
from calendo.web.api.fields import parse_date
from calendo.web.dashboard.availability.shown import AREA, DOMAIN, long_date
from calendo.web.dashboard.visitors import Visit, Visiting, area
from calendo.web.deps import Db, Now

router = area(f"{AREA}/why", DOMAIN)

_YEARS = range(1971, 3000)
_ONE_DAY = timedelta(days=1)
_WORDS = {
    Why.SWITCHED_OFF: gettext_noop("The event type is switched off."),
    Why.PAST: gettext_noop("This time is over."),
    Why.MINIMUM_NOTICE: gettext_noop("Too soon: bookings have to be made %(notice)s ahead."),
    Why.BOOKING_WINDOW: gettext_noop("Too far ahead: bookings can be made for the next %(days)s days."),
    Why.TOO_SHORT: gettext_noop("Too short: the %(length)s from here on are not all open."),
    Why.BOOKED: gettext_noop("Booked by %(invitee)s, %(times)s."),
    Why.BUFFER: gettext_noop("In the buffer around the meeting with %(invitee)s, %(times)s."),
    Why.OUTSIDE_HOURS: gettext_noop("Outside of your weekly hours."),
    Why.CLOSED_BY_OVERRIDE: gettext_noop("You have closed this date."),
    Why.OUTSIDE_OVERRIDE: gettext_noop("Outside of the hours that you gave this date."),
}
#: Where each reason can be changed, and what the link to it says.
_OF_TYPE = gettext_noop("Change the event type")
_OF_WEEK = gettext_noop("Change the weekly hours")
_OF_DATE = gettext_noop("Change this date")
_OF_BOOKING = gettext_noop("See the booking")


class AskedDay(BaseModel):
    """
    What an address asks about; whatever is none of it is as if it were not there.
    """

    type: str = ""
    date: str = ""


@router.get("")
def show(visit: Visiting, db: Db, now: Now, asked: Annotated[AskedDay, Query()]) -> HTMLResponse:
    """
    Show all times of a day, and the reasons of those that are not offered.
    """
    values: dict[str, Any] = {"modules": ["availability/parts.js"], "explained": None, "types": []}
    with db.read() as tx:
        types = [
            each
            for active in (True, False)
            for each in event_types.list_types(tx, visit.host_id, active=active)
        ]
        if types:
            chosen = next((each for each in types if str(each.id) == asked.type), types[0])
            day = _read_day(asked.date) or local_date(now, visit.zone)
            explanation = explanations.explain(tx, chosen, day, None, now)
            values |= {
                "types": types,
                "chosen": chosen,
                "day": day.isoformat(),
                "explained": _told(visit, explanation, now),
            }
    return visit.render("availability/why.html", **values)


def _told(visit: Visit, explanation: Explanation, now: Instant) -> dict[str, Any]:
    texts, zone, day = visit.texts, explanation.zone, explanation.day
    candidates = [each for each in explanation.stretches if not each.is_gap]
    return {
        "date": long_date(texts, day),
        "is_today": day == local_date(now, zone),
        "before": (day - _ONE_DAY).isoformat(),
        "after": (day + _ONE_DAY).isoformat(),
        "zone": texts.zone(now, get_zone(explanation.host_zone.key)),
        "offered": sum(each.is_offered for each in candidates),
        "candidates": len(candidates),
        "first": texts.moment(explanation.bookable[0], zone),
        "last": texts.short_date(explanation.bookable[1] - 1, zone),
        "parts": [
            _part(visit, explanation, list(stretches))
            for _, stretches in groupby(explanation.stretches, key=_alike)
        ],
    }


def _alike(stretch: Stretch) -> tuple[Any, ...]:
    return stretch.is_gap, stretch.reasons


def _part(visit: Visit, explanation: Explanation, stretches: list[Stretch]) -> dict[str, Any]:
    """
    Say of neighbours that share their reasons what those are.
    """
    first, last = stretches[0], stretches[-1]
    texts, zone = visit.texts, explanation.zone
    if first.is_gap:
        times = [_span(texts, explanation, first.start, last.end)]
    else:
        times = [texts.time(each.start, zone) for each in stretches]
    return {
        "is_gap": first.is_gap,
        "is_offered": first.is_offered,
        "times": times,
        "reasons": [
            (_sentence(texts, explanation, reason), *_remedy(explanation, reason)) for reason in first.reasons
        ],
    }


def _span(texts: Texts, explanation: Explanation, start: Instant, end: Instant) -> str:
    begins, ends = (midnight(explanation.day + days * _ONE_DAY, explanation.zone) for days in (0, 1))
    if end != ends:
        # In full, since "12:00 – 9:00 AM" could be read in two ways.
        return f"{texts.time(start, explanation.zone)} – {texts.time(end, explanation.zone)}"
    if start == begins:
        return texts.gettext("All day")
    return texts.gettext("from %(time)s on") % {"time": texts.time(start, explanation.zone)}


def _sentence(texts: Texts, explanation: Explanation, reason: Reason) -> str:
    rule = explanation.rule
    booking = explanation.bookings.get(reason.booking_id or 0)
    named = {
        "notice": texts.duration(rule.min_notice_hours * 60),
        "days": rule.max_future_days,
        "length": texts.duration(rule.duration_minutes),
    }
    if booking is not None:
        times = texts.time_range(booking.start_ts, booking.end_ts, explanation.zone)
        named |= {"invitee": booking.invitee_name, "times": times}
    return texts.gettext(_WORDS[reason.why]) % named


def _remedy(explanation: Explanation, reason: Reason) -> tuple[str, str] | tuple[None, None]:
    """
    Say where to change what stands in the way: an address, and the text of the link.
    """
    event_type: EventType = explanation.event_type
    schedule = AREA if event_type.schedule_id is None else f"{AREA}/{event_type.schedule_id}"
    match reason.why:
        case Why.PAST:
            return None, None
        case Why.SWITCHED_OFF | Why.MINIMUM_NOTICE | Why.BOOKING_WINDOW:
            return f"/app/event-types/{event_type.id}", _OF_TYPE
        case Why.BOOKED | Why.BUFFER:
            return f"/app/bookings/{reason.booking_id}", _OF_BOOKING
        case Why.CLOSED_BY_OVERRIDE | Why.OUTSIDE_OVERRIDE:
            return f"{schedule}?month={explanation.day:%Y-%m}#dates", _OF_DATE
        case _:
            return schedule, _OF_WEEK


def _read_day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
