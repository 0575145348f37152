"""
Insights: bookings over time, by event type, hour and weekday, and what was cancelled or missed.
"""

from datetime import date, timedelta
from typing import Annotated, Any

from babel.numbers import format_decimal, format_percent
from fastapi import Query
from fastapi.responses import HTMLResponse

from calendo.core.insights import Counts
from calendo.core.instants import local_date
from calendo.errors import InvalidInput
from calendo.i18n import Texts, gettext_noop
from calendo.ops import insights
from calendo.ops.insights import HostInsights
from calendo.web.api.ranges import read_range
from calendo.web.dashboard.bookings.dates import day_and_month, hour_name, short_day, span_name, weekday_names
from calendo.web.dashboard.bookings.words import Types
from calendo.web.dashboard.insights.charts import Chart, Point, draw
from calendo.web.dashboard.visitors import Visit, Visiting, area
from calendo.web.deps import Db, Now

PATH = "/app/insights"
router = area(PATH, "host_bookings")

#: How many days end today, by what addresses call them.
_RANGES = {"30": 30, "90": 90, "365": 365}
_USUAL = "30"
_OWN = "own"
_MAX_DAYS = 366
#: Of a longer time a chart has a bar for each week.
_MOST_BARS = 45
_DAYTIME = range(8, 18)
_NAMES = {
    "30": gettext_noop("30 days"),
    "90": gettext_noop("90 days"),
    "365": gettext_noop("A year"),
    _OWN: gettext_noop("Own dates"),
}

Day = Annotated[str, Query()]


@router.get("")
def show_insights(
    visit: Visiting,
    db: Db,
    now: Now,
    days: Annotated[str, Query(alias="range")] = _USUAL,
    from_: Annotated[str, Query(alias="from")] = "",
    to: Day = "",
) -> HTMLResponse:
    """
    Show what became of the bookings on the last days, or on those that are asked for.
    """
    today = local_date(now, visit.zone)
    chosen = days if days in _NAMES else _USUAL
    dates = _last(today, _RANGES.get(chosen, _RANGES[_USUAL]))
    form = visit.form(**{"from": from_ or dates[0].isoformat(), "to": to or dates[1].isoformat()})
    problem = None
    if chosen == _OWN and (from_ or to):
        try:
            dates = read_range(from_, to, names=("from", "to"), max_days=_MAX_DAYS)
        except InvalidInput as error:
            problem = error
            form.blame(error)
    with db.read() as tx:
        types = Types.of(tx, visit.host_id)
        found = insights.look(tx, visit.host_id, *dates, visit.zone)
    total = found.counts.total
    return visit.render(
        "insights/page.html",
        200 if problem is None else problem.status,
        style=types.style,
        form=form,
        ranges=[
            (
                PATH if name == _USUAL else f"{PATH}?range={name}",
                visit.texts.gettext(text),
                name == chosen,
                None,
            )
            for name, text in _NAMES.items()
        ],
        is_own=chosen == _OWN,
        span=span_name(visit.texts, *dates),
        zone_name=visit.texts.zone(now, visit.zone),
        tiles=_tiles(visit.texts, total),
        is_empty=total == Counts(),
        over_time=_over_time(visit, found, today),
        by_week=len(found.counts.by_day) > _MOST_BARS,
        by_hour=_by_hour(visit.texts, found),
        by_weekday=_by_weekday(visit.texts, found),
        by_type=_by_type(found),
    )


def _last(today: date, days: int) -> tuple[date, date]:
    return today - timedelta(days=days - 1), today


def _tiles(texts: Texts, total: Counts) -> list[dict[str, str]]:
    """
    Say the most important numbers, each with what it is a part of.
    """
    asked = total.bookings + total.cancelled + total.declined
    share = texts.gettext("%(share)s of all")
    numbers = (
        (texts.gettext("Bookings"), total.bookings, 0),
        (texts.gettext("Cancelled"), total.cancelled, asked),
        (texts.gettext("Declined"), total.declined, asked),
        (texts.gettext("No-shows"), total.no_shows, total.bookings),
    )
    return [
        {
            "name": name,
            "number": format_decimal(number, locale=texts.locale),
            "share": share % {"share": format_percent(number / whole, locale=texts.locale)} if whole else "",
        }
        for name, number, whole in numbers
    ]


def _over_time(visit: Visit, found: HostInsights, today: date) -> Chart:
    counts = found.counts
    by = counts.by_day if len(counts.by_day) <= _MOST_BARS else counts.by_week
    return draw(
        [
            Point(day_and_month(visit.texts, day), short_day(visit.texts, day, today), each)
            for day, each in by.items()
        ]
    )


def _by_hour(texts: Texts, found: HostInsights) -> Chart:
    """
    Draw the hours of a working day, and as many more as were booked.
    """
    by = found.counts.by_hour
    booked = [hour for hour, counts in by.items() if counts != Counts() or hour in _DAYTIME]
    return draw(
        [
            Point(name := hour_name(texts, hour), name, by[hour])
            for hour in range(min(booked), max(booked) + 1)
        ]
    )


def _by_weekday(texts: Texts, found: HostInsights) -> Chart:
    first = texts.locale.first_week_day
    numbers = [(first + offset + 1) % 7 for offset in range(7)]
    return draw(
        [
            Point(short, name, found.counts.by_weekday[number])
            for short, name, number in zip(
                weekday_names(texts), weekday_names(texts, "wide"), numbers, strict=True
            )
        ]
    )


def _by_type(found: HostInsights) -> list[dict[str, Any]]:
    """
    List the event types that were booked, the most frequent one first, with its share of that one.
    """
    by = sorted(found.counts.by_event_type.items(), key=lambda each: (-each[1].bookings, each[0]))
    most = max((counts.bookings for _, counts in by), default=0) or 1
    return [
        {
            "id": id_,
            "name": found.event_type_names[id_],
            "counts": counts,
            "width": round(100 * counts.bookings / most, 2),
        }
        for id_, counts in by
    ]
