"""
The profile: name, time zone, language, and how much one invitee may book.
"""

from typing import Annotated, Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from calendo.db.models import User
from calendo.errors import CalendoError, InvalidInput
from calendo.ops import accounts
from calendo.web.api.fields import Line, LocaleTag, Zone
from calendo.web.avatars import avatar_url
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.settings.words import languages
from calendo.web.dashboard.visitors import SHARED_DOMAINS, Typed, Visit, Visiting, area
from calendo.web.dashboard.zones import regions
from calendo.web.deps import Db
from calendo.web.pages.languages import texts_for

PATH = "/app/settings"
DOMAIN = "host_settings"
router = area(PATH, DOMAIN)


class ProfileForm(BaseModel):
    """
    What there is of a host to change; no language is the browser's.
    """

    name: Line
    timezone: Zone
    locale: LocaleTag | None = None
    max_bookings_per_invitee: Annotated[int, Field(ge=1, le=1000)]


@router.get("")
def show_profile(visit: Visiting) -> HTMLResponse:
    """
    Show the profile.
    """
    fields = {name: getattr(visit.host, name) for name in ProfileForm.model_fields}
    return _page(visit, visit.form(**fields))


@router.post("")
def change_profile(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Change the profile; what is said about it is said in the language that was chosen.
    """
    try:
        wanted = form.read(ProfileForm)
    except InvalidInput as error:
        return _page(visit, form, error)
    with db.write() as tx:
        host: User = accounts.change_profile(tx, visit.host_id, wanted.model_dump())
        liked = host.locale
    texts = texts_for(visit.request, DOMAIN, *SHARED_DOMAINS, liked=liked)
    return visit.turn_to(PATH, texts.gettext("Your profile is saved."))


def _page(visit: Visit, form: Form, error: CalendoError | None = None) -> HTMLResponse:
    shown: dict[str, Any] = {
        "regions": regions(visit.texts, form.value("timezone")),
        "languages": languages(visit.host.locale or ""),
        "picture": avatar_url("", visit.host.avatar_hash),
        "modules": ["settings/zone_search.js"],
    }
    if error:
        return visit.refuse("settings/profile.html", form, error, **shown)
    return visit.render("settings/profile.html", form=form, **shown)
