"""
Availability schedules: their weekly hours, typed or painted, and which one is the default.
"""

from typing import Annotated, Any

import orjson
from fastapi import Query, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, BeforeValidator

from calendo.core.instants import Instant
from calendo.db.engine import Database, Tx
from calendo.db.models import AvailabilitySchedule
from calendo.errors import CalendoError, DefaultScheduleNeeded, InvalidInput, ScheduleInUse
from calendo.ops import schedules
from calendo.web.api.fields import Id, Line, Zone
from calendo.web.dashboard.availability import shown
from calendo.web.dashboard.availability.shown import AREA, DOMAIN, Asked
from calendo.web.dashboard.availability.typed import has_half_days, read_hours, write_hours
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.dashboard.zones import regions
from calendo.web.deps import Db, Now

router = area(AREA, DOMAIN)

_PAGE = "availability/schedule.html"
_NEW = "availability/new.html"
_WORKING_DAYS = range(1, 6)

#: A day's windows, as ``read_hours`` gives them. A list would be what is chosen of several.
TypedHours = Annotated[tuple[dict[str, str], ...], BeforeValidator(read_hours)]


class ScheduleForm(BaseModel):
    """
    A schedule's name, zone and weekly hours; ``day0`` is Sunday.
    """

    name: Line
    timezone: Zone
    day0: TypedHours = ()
    day1: TypedHours = ()
    day2: TypedHours = ()
    day3: TypedHours = ()
    day4: TypedHours = ()
    day5: TypedHours = ()
    day6: TypedHours = ()

    @property
    def rules(self) -> list[dict[str, Any]]:
        """
        The rules, as schedules have them.
        """
        return [{"day": day, **window} for day in range(7) for window in getattr(self, f"day{day}")]


class NewForm(BaseModel):
    """
    A new schedule; ``like`` is the one whose hours it begins with.
    """

    name: Line
    timezone: Zone
    like: int | None = None


@router.get("")
def show_default(visit: Visiting, db: Db, now: Now, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """
    Show the default schedule: most hosts have no other.
    """
    with db.read() as tx:
        schedule = next(row for row in schedules.list_schedules(tx, visit.host_id) if row.is_default)
        return _show(visit, tx, schedule, asked, now)


@router.get("/new")
def show_new(visit: Visiting, db: Db) -> HTMLResponse:
    """
    Ask for the name of a new schedule.
    """
    return _new(visit, db, visit.form(timezone=visit.host.timezone))


@router.post("/new")
def make(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Make a schedule with the hours of another one, or with working days.
    """
    try:
        wanted = form.read(NewForm)
    except InvalidInput as error:
        return _new(visit, db, form, error)
    with db.write() as tx:
        rules = [{"day": day, "start": "09:00", "end": "17:00"} for day in _WORKING_DAYS]
        if wanted.like is not None:
            rules = orjson.loads(schedules.get_schedule(tx, visit.host_id, wanted.like).rules)
        fields = {"name": wanted.name, "timezone": wanted.timezone, "rules": rules}
        made = schedules.create(tx, visit.host_id, fields, now)
        path = f"{AREA}/{made.id}"
    return visit.turn_to(path, visit.texts.gettext("The schedule is made. Now set its hours."))


@router.get("/{schedule_id}")
def show(
    schedule_id: Id, visit: Visiting, db: Db, now: Now, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """
    Show one schedule.
    """
    with db.read() as tx:
        return _show(visit, tx, schedules.get_schedule(tx, visit.host_id, schedule_id), asked, now)


@router.post("/{schedule_id}")
def change(schedule_id: Id, visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Set name, zone and weekly hours.
    """
    try:
        wanted = form.read(ScheduleForm)
    except InvalidInput as error:
        with db.read() as tx:
            schedule = schedules.get_schedule(tx, visit.host_id, schedule_id)
            values = shown.page(visit, tx, schedule, Asked(), now)
            return visit.refuse(_PAGE, form, error, **values)
    changes = {"name": wanted.name, "timezone": wanted.timezone, "rules": wanted.rules}
    with db.write() as tx:
        schedules.change(tx, visit.host_id, schedule_id, changes)
    return visit.turn_to(f"{AREA}/{schedule_id}", visit.texts.gettext("The hours are saved."))


@router.post("/{schedule_id}/default")
def make_default(schedule_id: Id, visit: Visiting, db: Db) -> Response:
    """
    Make a schedule the one that event types follow which name none.
    """
    with db.write() as tx:
        schedules.change(tx, visit.host_id, schedule_id, {"is_default": True})
    return visit.turn_to(f"{AREA}/{schedule_id}", visit.texts.gettext("This is the default schedule now."))


@router.post("/{schedule_id}/delete")
def delete(schedule_id: Id, visit: Visiting, db: Db, now: Now) -> Response:
    """
    Delete a schedule; the page says what stands in the way of it.
    """
    try:
        with db.write() as tx:
            schedules.delete(tx, visit.host_id, schedule_id)
    except (DefaultScheduleNeeded, ScheduleInUse) as error:
        return _refuse_to_delete(visit, db, schedule_id, error, now)
    return visit.turn_to(AREA, visit.texts.gettext("The schedule is deleted."))


def _show(visit: Visit, tx: Tx, schedule: AvailabilitySchedule, asked: Asked, now: Instant) -> HTMLResponse:
    form = form_of(visit, schedule)
    return visit.render(_PAGE, form=form, **shown.page(visit, tx, schedule, asked, now))


def form_of(visit: Visit, schedule: AvailabilitySchedule) -> Form:
    """
    Make the form with the hours there are.
    """
    days: dict[str, list[dict[str, str]]] = {f"day{day}": [] for day in range(7)}
    for rule in orjson.loads(schedule.rules):
        days[f"day{rule['day']}"].append(rule)
    half_days = has_half_days(visit.texts)
    typed = {day: write_hours(hours, half_days=half_days) for day, hours in days.items()}
    return visit.form(name=schedule.name, timezone=schedule.timezone, **typed)


def _refuse_to_delete(
    visit: Visit, db: Database, schedule_id: int, error: CalendoError, now: Instant
) -> HTMLResponse:
    with db.read() as tx:
        schedule = schedules.get_schedule(tx, visit.host_id, schedule_id)
        values = shown.page(visit, tx, schedule, Asked(), now)
        return visit.refuse(_PAGE, form_of(visit, schedule), error, **values)


def _new(visit: Visit, db: Database, form: Form, error: CalendoError | None = None) -> HTMLResponse:
    with db.read() as tx:
        known = [(row.id, row.name) for row in schedules.list_schedules(tx, visit.host_id)]
    values: dict[str, Any] = {"known": known, "regions": regions(visit.texts, form.value("timezone"))}
    if error:
        return visit.refuse(_NEW, form, error, **values)
    return visit.render(_NEW, form=form, **values)
