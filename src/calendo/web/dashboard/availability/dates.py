"""
Dates that have other hours than their week, or none.
"""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import CalendoError, InvalidInput
from calendo.i18n import gettext_noop
from calendo.ops import overrides, schedules
from calendo.web.api.fields import Id, parse_date
from calendo.web.dashboard.availability import shown
from calendo.web.dashboard.availability.schedules import TypedHours, form_of
from calendo.web.dashboard.availability.shown import AREA, DOMAIN, Asked
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now

router = area(AREA, DOMAIN)

#: Ten years, as the API has it.
_MAX_DAYS = 3660
_YEARS = range(1971, 3000)


def _date(text: str) -> str:
    try:
        is_one = parse_date(text).year in _YEARS
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError(gettext_noop("choose a date"))
    return text


DateText = Annotated[str, AfterValidator(_date)]


class DatesForm(BaseModel):
    """
    What holds on the dates ``first`` to ``last``; without a last it is one date.
    """

    first: DateText
    last: DateText | None = None
    kind: Literal["closed", "other"]
    hours: TypedHours = ()

    @property
    def dates(self) -> tuple[date, date]:
        """
        The first and the last date.
        """
        first_on = parse_date(self.first)
        return first_on, parse_date(self.last) if self.last else first_on


class RangeForm(BaseModel):
    """
    Dates that go back to their weekly hours.
    """

    first: DateText
    last: DateText


@router.post("/{schedule_id}/dates")
def set_dates(schedule_id: Id, visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Close dates, or give them other hours, instead of whatever they had.
    """
    try:
        wanted = _read(form)
        with db.write() as tx:
            hours = wanted.hours if wanted.kind == "other" else ()
            overrides.set_on(tx, visit.host_id, schedule_id, *wanted.dates, hours)
    except InvalidInput as error:
        return _refuse(visit, db, schedule_id, form, error, now)
    path = f"{AREA}/{schedule_id}?month={wanted.first[:7]}#dates"
    return visit.turn_to(path, visit.texts.gettext("The dates are saved."))


@router.post("/{schedule_id}/dates/clear")
def clear_dates(schedule_id: Id, visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Let the weekly hours hold again.
    """
    wanted = form.read(RangeForm)
    first_on, last_on = parse_date(wanted.first), parse_date(wanted.last)
    with db.write() as tx:
        overrides.clear_on(tx, visit.host_id, schedule_id, first_on, last_on)
    path = f"{AREA}/{schedule_id}?month={wanted.first[:7]}#dates"
    return visit.turn_to(path, visit.texts.gettext("The weekly hours hold again on these dates."))


def _read(form: Form) -> DatesForm:
    wanted = form.read(DatesForm)
    first_on, last_on = wanted.dates
    if last_on < first_on:
        form.errors["last"] = form.texts.gettext("The last date is before the first one.")
    elif last_on - first_on > timedelta(days=_MAX_DAYS):
        form.errors["last"] = form.texts.gettext("Choose ten years at most.")
    elif wanted.kind == "other" and not wanted.hours:
        form.errors["hours"] = form.texts.gettext("Write the hours, or choose that there are none.")
    if form.errors:
        raise InvalidInput
    return wanted


def _refuse(
    visit: Visit, db: Database, schedule_id: int, form: Form, error: CalendoError, now: Instant
) -> HTMLResponse:
    with db.read() as tx:
        schedule = schedules.get_schedule(tx, visit.host_id, schedule_id)
        asked = Asked(month=form.value("first")[:7])
        values: dict[str, Any] = shown.page(visit, tx, schedule, asked, now)
        values["dates"] = form.blame(error)
        return visit.render(
            "availability/schedule.html", error.status, form=form_of(visit, schedule), **values
        )
