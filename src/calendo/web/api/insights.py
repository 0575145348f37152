"""
Insights: what became of your bookings, over time.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from calendo.core.insights import Counts
from calendo.core.instants import get_zone, local_date
from calendo.ops import accounts, insights
from calendo.ops.insights import HostInsights
from calendo.web.api.answers import ANY, USER
from calendo.web.api.fields import Omittable, example
from calendo.web.api.ranges import DateText, ZoneName, read_range, read_zone
from calendo.web.deps import Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/insights", tags=["Bookings"], route_class=UserRoute)

_MAX_DAYS = 366
_USUAL_DAYS = 28
_COUNTS = {"bookings": 12, "cancelled": 2, "declined": 0, "no_shows": 1}


class CountsOut(BaseModel):
    """
    Bookings that stand (confirmed or pending; ``no_shows`` are among them), and those that do not.
    """

    bookings: int
    cancelled: int
    declined: int
    no_shows: int

    @classmethod
    def of(cls, counts: Counts, **key: Any) -> Self:
        """
        Render counts beside what they are counts of.
        """
        return cls(
            bookings=counts.bookings,
            cancelled=counts.cancelled,
            declined=counts.declined,
            no_shows=counts.no_shows,
            **key,
        )


class DayCounts(CountsOut):
    """
    Of a day, or of the week that begins on this Monday.
    """

    date: str


class TypeCounts(CountsOut):
    """
    Of an event type.
    """

    event_type_id: int
    event_type_name: str


class HourCounts(CountsOut):
    """
    Of what starts between this full hour and the next, on any day.
    """

    hour: int


class WeekdayCounts(CountsOut):
    """
    Of a day of the week: 0 = Sunday ... 6 = Saturday.
    """

    day: int


class InsightsOut(BaseModel):
    """
    The same bookings counted in several ways, on the clock of ``timezone``.
    """

    model_config = example(
        {
            "from": "2026-03-02",
            "to": "2026-03-29",
            "timezone": "America/Los_Angeles",
            "total": _COUNTS,
            "by_day": [{"date": "2026-03-02", **_COUNTS}],
            "by_week": [{"date": "2026-03-02", **_COUNTS}],
            "by_event_type": [{"event_type_id": 1, "event_type_name": "30 Minute Call", **_COUNTS}],
            "by_hour": [{"hour": 9, **_COUNTS}],
            "by_weekday": [{"day": 1, **_COUNTS}],
        }
    )

    from_: Annotated[str, Field(serialization_alias="from")]
    to: str
    timezone: str
    total: CountsOut
    by_day: list[DayCounts]
    by_week: list[DayCounts]
    by_event_type: list[TypeCounts]
    by_hour: list[HourCounts]
    by_weekday: list[WeekdayCounts]

    @classmethod
    def of(cls, found: HostInsights, first_on: date, last_on: date, zone: str) -> Self:
        """
        Render insights; event types with the most bookings come first.
        """
        counts, names = found.counts, found.event_type_names
        types = sorted(counts.by_event_type.items(), key=lambda each: (-each[1].bookings, each[0]))
        return cls(
            from_=first_on.isoformat(),
            to=last_on.isoformat(),
            timezone=zone,
            total=CountsOut.of(counts.total),
            by_day=[DayCounts.of(each, date=day.isoformat()) for day, each in counts.by_day.items()],
            by_week=[DayCounts.of(each, date=day.isoformat()) for day, each in counts.by_week.items()],
            by_event_type=[
                TypeCounts.of(each, event_type_id=id_, event_type_name=names[id_]) for id_, each in types
            ],
            by_hour=[HourCounts.of(each, hour=hour) for hour, each in counts.by_hour.items()],
            by_weekday=[WeekdayCounts.of(each, day=day) for day, each in counts.by_weekday.items()],
        )


@router.get("", summary="Count your bookings", responses=errors(*ANY, *USER))
def read_insights(
    db: Db,
    user_id: UserId,
    now: Now,
    from_: Annotated[
        Omittable[DateText],
        Query(alias="from", description="First date, in `timezone`; without it, four weeks end with `to`"),
    ] = None,
    to: Annotated[Omittable[DateText], Query(description="Last date; without it, today")] = None,
    timezone: Annotated[
        Omittable[ZoneName], Query(description="An IANA time zone; without it, yours")
    ] = None,
) -> InsightsOut:
    """
    Count the bookings that start from one date to another, at most 366 days: by day and week,
    by event type, by hour and by weekday. Dates and hours without a booking are there with zeros.
    """
    with db.read() as tx:
        zone = get_zone(accounts.get_user(tx, user_id).timezone) if timezone is None else read_zone(timezone)
        last = local_date(now, zone).isoformat() if to is None else to
        first_on, last_on = _range(from_, last)
        found = insights.look(tx, user_id, first_on, last_on, zone)
    return InsightsOut.of(found, first_on, last_on, zone.key)


def _range(first: str | None, last: str) -> tuple[date, date]:
    if first is None:
        _, last_on = read_range(last, last, names=("to", "to"))
        return last_on - timedelta(days=_USUAL_DAYS - 1), last_on
    return read_range(first, last, names=("from", "to"), max_days=_MAX_DAYS)
