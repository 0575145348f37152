"""
The booking page as its host sees to it: texts, colour, address, and how that looks.
"""

from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from calendo.core.colors import brand, in_full
from calendo.db.engine import Tx
from calendo.errors import CalendoError, InvalidInput, SlugTaken
from calendo.ops import booking_pages
from calendo.web.api.fields import Color, Line, Slug, Text
from calendo.web.avatars import avatar_url
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, base_url
from calendo.web.pages.parts import locations

PATH = "/app/page"
DOMAIN = "host_page"
router = area(PATH, DOMAIN)

_PAGE = "page/page.html"
_TYPES_SHOWN = 2


class PageForm(BaseModel):
    """
    What invitees read, and the colour it has.
    """

    display_name: Line
    bio: Text = ""
    welcome_message: Text = ""
    brand_color: Color


class AddressForm(BaseModel):
    """
    Where the page is.
    """

    slug: Slug


@router.get("")
def show_page(visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show the page's settings and what they make of it.
    """
    with db.read() as tx:
        return visit.render(_PAGE, **view(tx, visit))


@router.post("")
def change_page(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Change texts and colour.
    """
    try:
        wanted = form.read(PageForm)
    except InvalidInput as error:
        with db.read() as tx:
            return visit.render(_PAGE, error.status, **view(tx, visit, form=form.blame(error)))
    with db.write() as tx:
        booking_pages.change(tx, visit.host_id, wanted.model_dump())
    return visit.turn_to(PATH, visit.texts.gettext("Your booking page is saved."))


@router.post("/address")
def change_address(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Move the page to another address; the one before is gone.
    """
    try:
        wanted = form.read(AddressForm)
        with db.write() as tx:
            booking_pages.change(tx, visit.host_id, {"slug": wanted.slug})
    except (InvalidInput, SlugTaken) as error:
        with db.read() as tx:
            return visit.render(_PAGE, error.status, **view(tx, visit, address_form=form.blame(error)))
    return visit.turn_to(PATH, visit.texts.gettext("Your booking page has its new address."))


@router.post("/preview")
def preview_page(visit: Visiting, form: Typed, db: Db) -> HTMLResponse:
    """
    Render how the page would look that is filled in just now.
    """
    with db.read() as tx:
        return visit.render("page/look.html", **_look(tx, visit, form))


def view(
    tx: Tx,
    visit: Visit,
    *,
    form: Form | None = None,
    address_form: Form | None = None,
    picture_error: CalendoError | None = None,
) -> dict[str, Any]:
    """
    Put together what the page shows; a form that was refused instead of what there is.
    """
    form = form or visit.form(**{name: getattr(visit.page, name) for name in PageForm.model_fields})
    look = _look(tx, visit, form)
    colors = look["colors"]
    marks = "".join(f".look .mark-{row.id}{{background:{row.color}}}" for row in look["types"])
    return {
        "modules": ["color_field.js", "page/page.js"],
        # Colours are hex digits, so there is nothing in here to break out with.
        "style": f".looks{{--look-light:{colors.light};--look-dark:{colors.dark}}}{marks}",
        "form": form,
        "address_form": address_form or visit.form(slug=visit.page.slug),
        "picture_error": picture_error,
        **look,
    }


def _look(tx: Tx, visit: Visit, form: Form) -> dict[str, Any]:
    drafted = {name: _drafted(visit, form, name) for name in PageForm.model_fields}
    color = in_full(drafted["brand_color"])
    return {
        "look": drafted,
        "color": color,
        "colors": brand(color),
        "picture": avatar_url("", visit.host.avatar_hash),
        "types": booking_pages.list_public_types(tx, visit.page)[:_TYPES_SHOWN],
        "locations": locations(visit.texts),
        "address": base_url(visit.request).split("://")[1],
    }


def _drafted(visit: Visit, form: Form, name: str) -> str:
    """
    Return what is filled in as far as it can be read, else what there is.
    """
    kept: str = getattr(visit.page, name)
    part = visit.form(**{"display_name": "-", "brand_color": "#000000", name: form.value(name)})
    try:
        return str(getattr(part.read(PageForm), name)) if name in form else kept
    except InvalidInput:
        return kept
