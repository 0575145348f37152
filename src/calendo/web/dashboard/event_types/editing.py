"""
One event type: its form, and what invitees would see of it while it is filled in.
"""

from typing import Annotated, Any

from fastapi import Query, Response
from fastapi.responses import HTMLResponse

from calendo.core.slots import SlotRule, by_local_date
from calendo.db.engine import Tx
from calendo.db.models import EventType
from calendo.errors import CalendoError, InvalidInput, SlugTaken
from calendo.i18n import table
from calendo.ops import event_types, schedules, slots
from calendo.ops.slots import Draft
from calendo.web.api.availability import SlotsOut
from calendo.web.api.booking_page import PublicHost
from calendo.web.api.event_types import PublicEventType
from calendo.web.api.fields import Id
from calendo.web.api.ranges import read_range, read_zone
from calendo.web.avatars import avatar_url
from calendo.web.dashboard import reminders
from calendo.web.dashboard.event_types import fields
from calendo.web.dashboard.event_types.listing import DOMAIN, PATH
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now, base_url

router = area(PATH, DOMAIN)

#: By this name the questions' buttons send what they do, so that the form is shown again and not kept.
_ACT = "act"


@router.get("/new")
def show_new(visit: Visiting, db: Db) -> HTMLResponse:
    """
    Ask what a new event type is to be; all but its name is filled in.
    """
    with db.read() as tx:
        return visit.render("event_types/form.html", **_view(tx, visit, visit.form(**fields.defaults())))


@router.post("/new")
def create_type(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Make an event type, last in the order.
    """
    if _ACT in form:
        return _rearranged(visit, form, db)
    try:
        wanted = fields.read(form)
        with db.write() as tx:
            made = event_types.create(tx, visit.host_id, wanted, now)
            anchor = f"{PATH}#type-{made.id}"
    except (InvalidInput, SlugTaken) as error:
        return _refused(visit, form, db, error)
    return visit.turn_to(
        anchor, visit.texts.gettext("“%(name)s” can be booked now.") % {"name": wanted["name"]}
    )


@router.post("/preview")
def preview_type(visit: Visiting, form: Typed) -> PublicEventType:
    """
    Say what invitees would see of an event type that is filled in just now.
    """
    return _draft(visit, form)


@router.post("/preview/starts")
def preview_starts(
    visit: Visiting,
    form: Typed,
    db: Db,
    now: Now,
    start: Annotated[str, Query()],
    end: Annotated[str, Query()],
    timezone: Annotated[str, Query()] = "UTC",
) -> SlotsOut:
    """
    List the times that it would offer, as the API does for one that is kept.
    """
    dates, zone = read_range(start, end), read_zone(timezone)
    draft = fields.read_draft(form)
    rule = SlotRule(
        draft["duration_minutes"],
        draft["slot_interval"],
        draft["buffer_before"],
        draft["buffer_after"],
        draft["min_notice_hours"],
        draft["max_future_days"],
    )
    with db.read() as tx:
        starts = slots.preview(tx, visit.host_id, Draft(rule, draft["schedule_id"]), dates, zone, now)
    labels, instants = by_local_date(starts, zone)
    return SlotsOut(slots=labels, starts=instants)


@router.get("/{event_type_id}")
def show_type(event_type_id: Id, visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show one event type, on or off, to be changed.
    """
    with db.read() as tx:
        event_type = event_types.get_type(tx, visit.host_id, event_type_id)
        form = visit.form(**fields.shown(event_type))
        return visit.render("event_types/form.html", **_view(tx, visit, form, event_type))


@router.post("/{event_type_id}")
def change_type(event_type_id: Id, visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Change an event type; bookings there are keep their times.
    """
    if _ACT in form:
        return _rearranged(visit, form, db, event_type_id)
    try:
        wanted = fields.read(form)
        if wanted["slug"] is None:
            del wanted["slug"]
        with db.write() as tx:
            event_types.change(tx, visit.host_id, event_type_id, wanted)
    except (InvalidInput, SlugTaken) as error:
        return _refused(visit, form, db, error, event_type_id)
    said = visit.texts.gettext("“%(name)s” is saved.") % {"name": wanted["name"]}
    return visit.turn_to(f"{PATH}#type-{event_type_id}", said)


def _refused(
    visit: Visit, form: Form, db: Db, error: CalendoError, event_type_id: int | None = None
) -> HTMLResponse:
    with db.read() as tx:
        view = _view(tx, visit, form.blame(error), _find(tx, visit, event_type_id))
        return visit.render("event_types/form.html", error.status, **view)


def _rearranged(visit: Visit, form: Form, db: Db, event_type_id: int | None = None) -> HTMLResponse:
    focus = fields.rearrange(form, form.value(_ACT))
    with db.read() as tx:
        view = _view(tx, visit, form, _find(tx, visit, event_type_id))
        return visit.render("event_types/form.html", focus=focus, **view)


def _find(tx: Tx, visit: Visit, event_type_id: int | None) -> EventType | None:
    return None if event_type_id is None else event_types.get_type(tx, visit.host_id, event_type_id)


def _draft(visit: Visit, form: Form) -> PublicEventType:
    draft = fields.read_draft(form)
    name = draft["name"] or visit.texts.gettext("New event type")
    slug = draft["slug"] or "preview"
    return PublicEventType.model_validate(
        {
            field: {**draft, "name": name, "slug": slug}[field]
            for field in PublicEventType.model_fields
            if field != "requires_confirmation"
        }
        | {"requires_confirmation": int(draft["requires_confirmation"])}
    )


def _view(tx: Tx, visit: Visit, form: Form, event_type: EventType | None = None) -> dict[str, Any]:
    picture = avatar_url(base_url(visit.request), visit.host.avatar_hash)
    known = {
        "host": PublicHost.of(visit.page, picture).model_dump(),
        "event_type": _draft(visit, form).model_dump(),
        "texts": table(visit.texts.locale.language, "booker"),
    }
    return {
        "modules": ["sorting.js", "color_field.js", "event_types/questions.js", "event_types/preview.js"],
        "form": form,
        "event_type": event_type,
        "rows": fields.rows(form),
        "blank": fields.Row("0"),
        "known": known,
        "schedules": schedules.list_schedules(tx, visit.host_id),
        "reminders": reminders.to_choose(form),
    }
