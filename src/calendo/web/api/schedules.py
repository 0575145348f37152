"""
Availability schedules: when a host can be met.
"""

from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, model_validator

from calendo.core.clock_changes import ClockChange
from calendo.core.instants import written
from calendo.db.models import AvailabilitySchedule
from calendo.errors import DefaultScheduleNeeded, NotFound, ScheduleInUse
from calendo.ops import clock_changes, schedules
from calendo.ops.accounts import DEFAULT_TIMEZONE
from calendo.web.api.answers import ANY, CHANGE, USER, Bit, Ok, Written
from calendo.web.api.fields import Body, Flag, Id, Line, Omittable, Pattern, Zone, example, parse_date, unset
from calendo.web.api.ranges import ZoneName, read_zone
from calendo.web.deps import Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/availability-schedules", tags=["Availability"], route_class=UserRoute)

_MAX_RULES = 200
_MAX_OVERRIDES = 1000
_MAX_RANGE_DAYS = 3660
_SUNDAY = 7
_EVENINGS = {
    "name": "Evening Hours",
    "timezone": "America/New_York",
    "rules": [{"day": 1, "start": "18:00", "end": "21:00"}, {"day": 3, "start": "18:00", "end": "21:00"}],
    "overrides": [
        {"date": "2026-12-24", "until": "2026-12-26", "unavailable": True},
        {"date": "2026-12-31", "start": "10:00", "end": "12:00"},
    ],
}


def _date(text: str) -> str:
    parse_date(text)
    return text


StartTime = Annotated[
    str, Pattern("([01][0-9]|2[0-3]):[0-5][0-9]", "use a time such as 09:00"), Field(examples=["09:00"])
]
EndTime = Annotated[
    str,
    Pattern("([01][0-9]|2[0-3]):[0-5][0-9]|24:00", "use a time such as 17:00, or 24:00"),
    Field(examples=["17:00"]),
]
DateText = Annotated[
    str, AfterValidator(_date), Field(examples=["2026-12-24"], json_schema_extra={"format": "date"})
]


class RuleIn(Body):
    """
    A weekly window. ``day``: 0 = Sunday ... 6 = Saturday; an end before the start runs past midnight.
    """

    day: Annotated[int, Field(ge=0, le=7)]
    start: StartTime
    end: EndTime

    @model_validator(mode="after")
    def _spans_time(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same time")
        if self.day == _SUNDAY:
            self.day = 0
        return self


class OverrideIn(Body):
    """
    What holds on a date, or until another, instead of the rules: a window, or ``unavailable``.
    """

    date: DateText
    until: DateText = unset()
    start: StartTime = unset()
    end: EndTime = unset()
    unavailable: Flag = unset()

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if self.unavailable and (self.start or self.end):
            raise ValueError("give either start and end, or unavailable")
        if not self.unavailable and not (self.start and self.end):
            raise ValueError("give start and end, or unavailable")
        if self.start and self.start == self.end:
            raise ValueError("start and end are the same time")
        if self.until:
            days = (parse_date(self.until) - parse_date(self.date)).days
            if not 0 <= days <= _MAX_RANGE_DAYS:
                raise ValueError(f"until has to lie 0 to {_MAX_RANGE_DAYS} days after date")
        return self


Rules = Annotated[list[RuleIn], Field(max_length=_MAX_RULES)]
Overrides = Annotated[list[OverrideIn], Field(max_length=_MAX_OVERRIDES)]


class ScheduleIn(Body):
    """
    A new schedule; all its times are on the clock of ``timezone``.
    """

    model_config = example(_EVENINGS)

    name: Line
    timezone: Zone = DEFAULT_TIMEZONE
    rules: Rules = []
    overrides: Overrides = []
    is_default: Flag = False


class ScheduleChange(Body):
    """
    The fields to change; those left out stay as they are.
    """

    model_config = example({"rules": [{"day": 1, "start": "09:00", "end": "17:00"}]})

    name: Line = unset()
    timezone: Zone = unset()
    rules: Rules = unset()
    overrides: Overrides = unset()
    is_default: Flag = unset()


class ScheduleOut(BaseModel):
    """
    A schedule. ``rules`` and ``overrides`` are JSON text.
    """

    model_config = example(
        {
            "id": 1,
            "name": "Working Hours",
            "timezone": "America/Los_Angeles",
            "rules": '[{"day":1,"start":"09:00","end":"17:00"}]',
            "overrides": '[{"date":"2026-12-25","unavailable":true}]',
            "is_default": 1,
            "created_at": "2026-03-07 10:00:00",
        }
    )

    id: int
    name: str
    timezone: str
    rules: str
    overrides: str
    is_default: Bit
    created_at: Written

    @classmethod
    def of(cls, row: AvailabilitySchedule) -> Self:
        """
        Render a schedule; flags are 0 and 1.
        """
        return cls(
            id=row.id,
            name=row.name,
            timezone=row.timezone,
            rules=row.rules,
            overrides=row.overrides,
            is_default=int(row.is_default),
            created_at=written(row.created_ts),
        )


class ClockChangeOut(BaseModel):
    """
    From ``date`` on ``host_time`` of the schedule is ``invitee_time`` in ``timezone``, and no
    longer ``former_invitee_time``. A day shift is 1 where it is the next date there already,
    and -1 where it is still the one before.
    """

    model_config = example(
        {
            "timezone": "America/New_York",
            "date": "2026-10-25",
            "host_time": "09:00",
            "invitee_time": "04:00",
            "invitee_day_shift": 0,
            "former_invitee_time": "03:00",
            "former_invitee_day_shift": 0,
            "host_clock_changes": 1,
            "invitee_clock_changes": 0,
        }
    )

    timezone: str
    date: str
    host_time: str
    invitee_time: str
    invitee_day_shift: int
    former_invitee_time: str
    former_invitee_day_shift: int
    host_clock_changes: Bit
    invitee_clock_changes: Bit

    @classmethod
    def of(cls, zone: ZoneInfo, change: ClockChange) -> Self:
        """
        Render a change.
        """
        return cls(
            timezone=zone.key,
            date=change.on.isoformat(),
            host_time=f"{change.here:%H:%M}",
            invitee_time=f"{change.there:%H:%M}",
            invitee_day_shift=change.days_apart,
            former_invitee_time=f"{change.former_there:%H:%M}",
            former_invitee_day_shift=change.former_days_apart,
            host_clock_changes=int(change.here_changes),
            invitee_clock_changes=int(change.there_changes),
        )


def _fields(body: ScheduleIn | ScheduleChange) -> dict[str, Any]:
    return body.model_dump(exclude_unset=isinstance(body, ScheduleChange), exclude_none=True)


@router.get("", summary="List your availability schedules", responses=errors(*ANY, *USER))
def list_schedules(db: Db, user_id: UserId) -> list[ScheduleOut]:
    """
    Return all availability schedules.
    """
    with db.read() as tx:
        return [ScheduleOut.of(row) for row in schedules.list_schedules(tx, user_id)]


@router.post("", status_code=201, summary="Create an availability schedule", responses=errors(*ANY, *CHANGE))
def create_schedule(body: ScheduleIn, db: Db, user_id: UserId, now: Now) -> ScheduleOut:
    """
    Create a schedule. With ``is_default`` it takes that from the one that has it.
    """
    with db.write() as tx:
        return ScheduleOut.of(schedules.create(tx, user_id, _fields(body), now))


@router.get(
    "/{schedule_id}", summary="Read an availability schedule", responses=errors(*ANY, *USER, NotFound)
)
def read_schedule(schedule_id: Id, db: Db, user_id: UserId) -> ScheduleOut:
    """
    Return one availability schedule.
    """
    with db.read() as tx:
        return ScheduleOut.of(schedules.get_schedule(tx, user_id, schedule_id))


@router.get(
    "/{schedule_id}/clock-changes",
    summary="List coming clock changes",
    responses=errors(*ANY, *USER, NotFound),
)
def list_clock_changes(
    schedule_id: Id,
    db: Db,
    user_id: UserId,
    now: Now,
    timezone: Annotated[
        Omittable[ZoneName],
        Query(description="The invitees' IANA time zone; without it, those of your bookings to come"),
    ] = None,
) -> list[ClockChangeOut]:
    """
    Return when, in the coming half year, the hours of a schedule move for invitees elsewhere:
    from 25 October your 09:00 is 04:00 in New York. The time that is told is the earliest of the rules.
    """
    zone = None if timezone is None else read_zone(timezone)
    with db.read() as tx:
        found = clock_changes.list_coming(tx, user_id, schedule_id, zone, now)
    return [ClockChangeOut.of(other, change) for other, change in found]


@router.put(
    "/{schedule_id}",
    summary="Change an availability schedule",
    responses=errors(*ANY, *CHANGE, NotFound, DefaultScheduleNeeded),
)
def change_schedule(schedule_id: Id, body: ScheduleChange, db: Db, user_id: UserId) -> ScheduleOut:
    """
    Change the fields that are sent. Bookings there are stay, whatever the new hours.
    """
    with db.write() as tx:
        return ScheduleOut.of(schedules.change(tx, user_id, schedule_id, _fields(body)))


@router.delete(
    "/{schedule_id}",
    summary="Delete an availability schedule",
    responses=errors(*ANY, *CHANGE, NotFound, DefaultScheduleNeeded, ScheduleInUse),
)
def delete_schedule(schedule_id: Id, db: Db, user_id: UserId) -> Ok:
    """
    Delete a schedule that is neither the default nor in use.
    """
    with db.write() as tx:
        schedules.delete(tx, user_id, schedule_id)
    return Ok()
