"""
The host's event types as cards: their order, on and off, copies.
"""

from collections.abc import Sequence
from typing import Literal

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from calendo.db.models import EventType
from calendo.ops import event_types
from calendo.web.api.fields import Id, RowId
from calendo.web.dashboard.visitors import Typed, Visiting, area
from calendo.web.deps import Db, Now
from calendo.web.pages.parts import locations

PATH = "/app/event-types"
DOMAIN = "host_event_types"
router = area(PATH, DOMAIN)

#: So that "(copy)" fits behind a name in every language.
_LONGEST_COPIED = 160


class OrderForm(BaseModel):
    """
    The ids of event types, in their new order.
    """

    ids: list[RowId] = Field([], max_length=1000)


class MoveForm(BaseModel):
    """
    One step in the list.
    """

    to: Literal["up", "down"]


class SwitchForm(BaseModel):
    """
    Whether it can be booked from now on.
    """

    on: bool = False


@router.get("")
def list_types(visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show the event types: those that are on as invitees find them, and below them those that are off.
    """
    with db.read() as tx:
        on = event_types.list_types(tx, visit.host_id)
        off = event_types.list_types(tx, visit.host_id, active=False)
        return visit.render(
            "event_types/list.html",
            modules=["sorting.js", "event_types/order.js"],
            style=marks([*on, *off]),
            on=on,
            off=off,
            locations=locations(visit.texts),
        )


@router.post("/order")
def reorder_types(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Put the event types into the order they were dragged to.
    """
    wanted = form.read(OrderForm)
    with db.write() as tx:
        event_types.reorder(tx, visit.host_id, wanted.ids)
    return visit.turn_to(PATH)


@router.post("/{event_type_id}/move")
def move_type(event_type_id: Id, visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Move an event type one step up or down among those that are on.
    """
    step = -1 if form.read(MoveForm).to == "up" else 1
    with db.write() as tx:
        event_types.get_type(tx, visit.host_id, event_type_id)
        ids = [row.id for row in event_types.list_types(tx, visit.host_id)]
        if event_type_id in ids:
            place = ids.index(event_type_id)
            ids.insert(max(place + step, 0), ids.pop(place))
            event_types.reorder(tx, visit.host_id, ids)
    return visit.turn_to(f"{PATH}#type-{event_type_id}")


@router.post("/{event_type_id}/switch")
def switch_type(event_type_id: Id, visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Take an event type off the booking page, or put it back; its bookings stay.
    """
    on = form.read(SwitchForm).on
    with db.write() as tx:
        name = event_types.change(tx, visit.host_id, event_type_id, {"is_active": on}).name
    said = (
        visit.texts.gettext("“%(name)s” is on: it can be booked.")
        if on
        else visit.texts.gettext(
            "“%(name)s” is off. Its bookings stay, and it can be switched on again below."
        )
    )
    return visit.turn_to(PATH, said % {"name": name})


@router.post("/{event_type_id}/duplicate")
def duplicate_type(event_type_id: Id, visit: Visiting, db: Db, now: Now) -> Response:
    """
    Make a copy, and open it to be changed.
    """
    with db.write() as tx:
        original = event_types.get_type(tx, visit.host_id, event_type_id)
        name = visit.texts.gettext("%(name)s (copy)") % {"name": original.name[:_LONGEST_COPIED]}
        made = event_types.duplicate(tx, visit.host_id, event_type_id, now, name=name)
        path = f"{PATH}/{made.id}"
    return visit.turn_to(path, visit.texts.gettext("This is the copy. Change what is to be different."))


def marks(types: Sequence[EventType]) -> str:
    """
    Write the style that gives each event type its colour.
    """
    # Kept colours are hex digits, so there is nothing in here to break out with.
    return "".join(f".mark-{row.id}{{background:{row.color}}}" for row in types)
