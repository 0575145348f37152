"""
Bookings on a calendar: a day, a week or a month, on the host's clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse

from calendo.core.instants import Instant, local_date
from calendo.core.intervals import Interval
from calendo.core.slots import MAX_BLOCKED_SECONDS
from calendo.db.engine import Database
from calendo.db.models import BLOCKING, STATUSES
from calendo.ops import booking_lists
from calendo.ops.booking_lists import BookingFilter
from calendo.web.dashboard.bookings import dates
from calendo.web.dashboard.bookings.grid import Grid, lay_out, make_grid, meetings_on, span
from calendo.web.dashboard.bookings.listing import DOMAIN, PATH
from calendo.web.dashboard.bookings.words import Line, Types, line_of
from calendo.web.dashboard.visitors import Visit, Visiting, area
from calendo.web.deps import Db, Now

router = area(PATH, DOMAIN)

#: From when to when a day is shown at least, in full hours.
_USUAL = (8, 18)
#: So many bookings of a day have room in a month; of more a link says how many there are.
_IN_A_MONTH = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What an address asks for, as text: a date, an event type, and whether what fell through is shown.
    """

    on: str
    type: str
    all: str

    def address(self, view: str, **changes: str) -> str:
        """
        Return the address of a view of the same bookings, but for some changes.
        """
        given = {"on": self.on, "type": self.type, "all": self.all, **changes}
        query = urlencode({name: text for name, text in given.items() if text})
        return f"{PATH}/{view}?{query}" if query else f"{PATH}/{view}"


def _read_asked(
    on: str = "",
    event_type: Annotated[str, Query(alias="type")] = "",
    every: Annotated[str, Query(alias="all")] = "",
) -> Asked:
    return Asked(on, event_type, "yes" if every == "yes" else "")


Asking = Annotated[Asked, Depends(_read_asked)]


@router.get("/day")
def day_page(visit: Visiting, db: Db, now: Now, asked: Asking) -> HTMLResponse:
    """
    Show a day, hour by hour.
    """
    today = local_date(now, visit.zone)
    day = dates.read_day(asked.on, today)
    return _hours_page(visit, db, now, asked, "day", [day], dates.day_name(visit.texts, day))


@router.get("/week")
def week_page(visit: Visiting, db: Db, now: Now, asked: Asking) -> HTMLResponse:
    """
    Show a week, hour by hour, its days beside each other.
    """
    today = local_date(now, visit.zone)
    days = dates.week_of(visit.texts, dates.read_day(asked.on, today))
    return _hours_page(visit, db, now, asked, "week", days, dates.span_name(visit.texts, days[0], days[-1]))


@router.get("/month")
def month_page(visit: Visiting, db: Db, now: Now, asked: Asking) -> HTMLResponse:
    """
    Show a month, day by day.
    """
    texts, today = visit.texts, local_date(now, visit.zone)
    day = dates.read_day(asked.on, today)
    weeks = list(dates.weeks_of_month(texts, day))
    types, lines = _load(visit, db, now, asked, weeks[0][0], weeks[-1][-1])

    def shown(one: date) -> dict[str, Any]:
        begin, end = span(one, one, visit.zone)
        on_day = [line for line in lines if line.start_ts < end and line.end_ts > begin]
        return {
            "number": one.day,
            "name": dates.day_name(texts, one),
            "address": asked.address("day", on=one.isoformat()),
            "is_today": one == today,
            "is_other": one.month != day.month,
            "lines": [(texts.time(max(line.start_ts, begin), visit.zone), line) for line in on_day],
            "room": _IN_A_MONTH if len(on_day) <= _IN_A_MONTH else _IN_A_MONTH - 1,
        }

    return visit.render(
        "bookings/month.html",
        style=types.style,
        weekdays=list(zip(dates.weekday_names(texts), dates.weekday_names(texts, "wide"), strict=True)),
        weeks=[[shown(one) for one in week] for week in weeks],
        **_frame(visit, asked, types, now, "month", day, dates.month_name(texts, day)),
        is_empty=not any(
            span(day.replace(day=1), dates.last_of_month(day), visit.zone)[0] < line.end_ts for line in lines
        ),
    )


def _hours_page(
    visit: Visit, db: Database, now: Instant, asked: Asked, view: str, days: list[date], title: str
) -> HTMLResponse:
    types, lines = _load(visit, db, now, asked, days[0], days[-1])
    grid = make_grid(days, [(line.start_ts, line.end_ts) for line in lines], visit.zone, _USUAL)
    columns = [_column(visit, grid, day, lines, now, asked) for day in days]
    return visit.render(
        "bookings/hours.html",
        style=types.style + _style(grid, columns),
        grid=grid,
        columns=columns,
        hours=_hours(visit, grid),
        **_frame(
            visit, asked, types, now, view, dates.read_day(asked.on, local_date(now, visit.zone)), title
        ),
        is_empty=not lines,
    )


def _load(
    visit: Visit, db: Database, now: Instant, asked: Asked, first_on: date, last_on: date
) -> tuple[Types, list[Line]]:
    """
    Load what lies on some days, soonest first, also what began before them.
    """
    begin, end = span(first_on, last_on, visit.zone)
    with db.read() as tx:
        types = Types.of(tx, visit.host_id)
        wanted = BookingFilter(
            statuses=STATUSES if asked.all else BLOCKING,
            event_type_id=types.read(asked.type),
            from_ts=begin - MAX_BLOCKED_SECONDS,
            to_ts=end,
            ending_after_ts=begin,
            soonest_first=True,
        )
        rows = booking_lists.list_bookings(tx, visit.host_id, wanted)
    return types, [line_of(visit.texts, row, types.by_id[row.event_type_id], visit.zone, now) for row in rows]


def _frame(
    visit: Visit, asked: Asked, types: Types, now: Instant, view: str, day: date, title: str
) -> dict[str, Any]:
    """
    Say what stands around each view: where it is, how to go on, and what else can be shown.
    """
    match view:
        case "day":
            before, behind = day - timedelta(days=1), day + timedelta(days=1)
        case "week":
            before, behind = day - timedelta(days=7), day + timedelta(days=7)
        case _:
            before, behind = (
                day.replace(day=1) - timedelta(days=1),
                dates.last_of_month(day) + timedelta(days=1),
            )
    return {
        "title": title,
        "view": view,
        "asked": asked,
        "day": day,
        "types": types,
        "form": visit.form(type=asked.type),
        "before": asked.address(view, on=before.isoformat()),
        "behind": asked.address(view, on=behind.isoformat()),
        "present": asked.address(view, on=""),
        "toggle": asked.address(view, all="" if asked.all else "yes"),
        "zone_name": visit.texts.zone(now, visit.zone),
    }


def _column(
    visit: Visit, grid: Grid, day: date, lines: list[Line], now: Instant, asked: Asked
) -> dict[str, Any]:
    """
    Say what a day of the grid shows, and where.
    """
    begin, end = span(day, day, visit.zone)
    on_day = [line for line in lines if line.start_ts < end and line.end_ts > begin]
    parts: list[Interval] = [
        part for line in on_day for part in meetings_on(day, [(line.start_ts, line.end_ts)], visit.zone)
    ]
    today = local_date(now, visit.zone)
    height = grid.last - grid.first
    return {
        "on": day.isoformat(),
        "name": dates.day_name(visit.texts, day),
        "weekday": dates.weekday_names(visit.texts)[(day.weekday() - visit.texts.locale.first_week_day) % 7],
        "number": day.day,
        "near": dates.near(visit.texts, day, today),
        "address": asked.address("day", on=day.isoformat()),
        "is_today": day == today,
        "blocks": list(zip(on_day, lay_out(grid, parts), strict=True)),
        "gaps": grid.missing(day),
        "now": grid.place(now) if day == today and 0 <= grid.place(now) < height else None,
    }


def _hours(visit: Visit, grid: Grid) -> list[tuple[int, str, bool]]:
    """
    Label the rows at which an hour begins: the row, the hour, and whether it is there a second time.
    """
    return [
        (index - grid.first, dates.hour_name(visit.texts, half // 2), bool(again))
        for index, (half, again) in enumerate(grid.rows)
        if half % 2 == 0 and grid.first <= index < grid.last
    ]


def _style(grid: Grid, columns: list[dict[str, Any]]) -> str:
    """
    Write where everything lies as CSS, in rows: a grid has no other style of its own.
    """
    rules = [f".hours{{--rows:{grid.last - grid.first};--days:{len(grid.days)}}}"]
    rules += [f".row-{index}{{--top:{index}}}" for index in range(grid.last - grid.first)]
    for number, column in enumerate(columns):
        for place, (_, block) in enumerate(column["blocks"]):
            rules.append(
                f".at-{number}-{place}{{--top:{block.top:.4g};--height:{block.height:.4g};"
                f"--lane:{block.lane};--lanes:{block.lanes}}}"
            )
        rules += [
            f".gap-{number}-{place}{{--top:{top};--height:{height}}}"
            for place, (top, height) in enumerate(column["gaps"])
        ]
        if column["now"] is not None:
            rules.append(f".now{{--top:{column['now']:.4g}}}")
    return "".join(rules)
