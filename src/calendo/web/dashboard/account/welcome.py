"""
The first steps: from an account to a link to share, in a minute.

When one can be met, then what for, then the link. What was chosen can be changed later, so
each step has an answer filled in.
"""

from typing import Annotated, Any, Literal

import orjson
from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field, ValidationInfo, field_validator

from calendo.db.engine import Tx
from calendo.db.models import AvailabilitySchedule
from calendo.errors import CalendoError, InvalidInput
from calendo.i18n import gettext_noop
from calendo.ops import accounts, event_types, schedules
from calendo.web.api.event_types import Duration, EventTypeIn
from calendo.web.api.fields import Line, OptionalLine, Zone
from calendo.web.api.schedules import EndTime, StartTime
from calendo.web.dashboard.account.entry import DOMAIN, FIRST_STEPS
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.dashboard.zones import regions
from calendo.web.deps import Db, Now

MEETING = f"{FIRST_STEPS}/meeting"
LINK = f"{FIRST_STEPS}/link"
router = area(FIRST_STEPS, DOMAIN)

_WEEK = (1, 2, 3, 4, 5, 6, 0)
_DURATIONS = (15, 30, 45, 60)


class HoursForm(BaseModel):
    """
    The same hours on some days of the week.
    """

    timezone: Zone
    days: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        [], min_length=1, max_length=7, validate_default=True
    )
    start: StartTime
    end: EndTime

    @field_validator("end")
    @classmethod
    def _is_another(cls, end: str, given: ValidationInfo) -> str:
        if end == given.data.get("start"):
            raise ValueError(gettext_noop("choose another time than the start"))
        return end


class MeetingForm(BaseModel):
    """
    The first event type.
    """

    name: Line
    duration_minutes: Duration
    location_type: Literal["google_meet", "zoom", "phone", "custom"]
    location: OptionalLine = ""


@router.get("")
def show_hours(visit: Visiting, db: Db) -> Response:
    """
    Ask when the host can be met: what is there already, or what is usual.
    """
    with db.read() as tx:
        if _has_types(tx, visit):
            return visit.turn_to(LINK)
        form = visit.form(timezone=visit.host.timezone, **_hours_in(_default(tx, visit)))
    return _hours(visit, form)


@router.post("")
def set_hours(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Set the zone and the hours of the default schedule.
    """
    try:
        wanted = form.read(HoursForm)
    except InvalidInput as error:
        return _hours(visit, form, error)
    rules = [{"day": day, "start": wanted.start, "end": wanted.end} for day in wanted.days]
    with db.write() as tx:
        if _has_types(tx, visit):
            # Hours that were made with care since must not be lost to an old form.
            return visit.turn_to(LINK)
        accounts.change_profile(tx, visit.host_id, {"timezone": wanted.timezone})
        changes = {"timezone": wanted.timezone, "rules": rules}
        schedules.change(tx, visit.host_id, _default(tx, visit).id, changes)
    return visit.turn_to(MEETING)


@router.get("/meeting")
def show_meeting(visit: Visiting, db: Db) -> Response:
    """
    Ask what the host can be met for; whoever has an event type goes on.
    """
    with db.read() as tx:
        if _has_types(tx, visit):
            return visit.turn_to(LINK)
    name = visit.texts.gettext("30 minute meeting")
    return _meeting(visit, visit.form(name=name, duration_minutes=30, location_type="google_meet"))


@router.post("/meeting")
def make_meeting(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Make the first event type; what is not asked for here is as the API has it by default.
    """
    try:
        wanted = form.read(MeetingForm)
        fields = EventTypeIn(**wanted.model_dump()).model_dump()
        with db.write() as tx:
            if not _has_types(tx, visit):
                event_types.create(tx, visit.host_id, {**fields, "location": wanted.location or None}, now)
    except InvalidInput as error:
        return _meeting(visit, form, error)
    return visit.turn_to(LINK)


@router.get("/link")
def show_link(visit: Visiting, db: Db) -> Response:
    """
    Show the address to share, once there is something to book.
    """
    with db.read() as tx:
        types = event_types.list_types(tx, visit.host_id)
    if not types:
        return visit.turn_to(MEETING)
    return visit.render("account/welcome_link.html", step=3, event_type=types[0])


def _has_types(tx: Tx, visit: Visit) -> bool:
    return bool(event_types.list_types(tx, visit.host_id))


def _default(tx: Tx, visit: Visit) -> AvailabilitySchedule:
    return next(schedule for schedule in schedules.list_schedules(tx, visit.host_id) if schedule.is_default)


def _hours_in(schedule: AvailabilitySchedule) -> dict[str, Any]:
    rules = orjson.loads(schedule.rules)
    first = rules[0] if rules else {"start": "09:00", "end": "17:00"}
    return {"days": [rule["day"] for rule in rules], "start": first["start"], "end": first["end"]}


def _hours(visit: Visit, form: Form, error: CalendoError | None = None) -> HTMLResponse:
    names = visit.texts.locale.days["stand-alone"]["wide"]
    shown: dict[str, Any] = {
        "step": 1,
        # Babel counts days from Monday.
        "days": [(day, names[(day - 1) % 7]) for day in _WEEK],
        "regions": regions(visit.texts, form.value("timezone")),
    }
    if error:
        return visit.refuse("account/welcome_hours.html", form, error, **shown)
    return visit.render("account/welcome_hours.html", form=form, **shown)


def _meeting(visit: Visit, form: Form, error: CalendoError | None = None) -> HTMLResponse:
    shown: dict[str, Any] = {
        "step": 2,
        "durations": [(minutes, visit.texts.duration(minutes), None) for minutes in _DURATIONS],
    }
    if error:
        return visit.refuse("account/welcome_meeting.html", form, error, **shown)
    return visit.render("account/welcome_meeting.html", form=form, **shown)
