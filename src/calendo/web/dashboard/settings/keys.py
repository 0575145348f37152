"""
API keys: made, shown whole once, listed by how they begin, revoked.
"""

from datetime import date, time, timedelta
from typing import Annotated, Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, BaseModel

from calendo.core.instants import Instant, to_datetime, wall_to_instant
from calendo.db.models import ApiKey
from calendo.errors import CalendoError, InvalidInput, NotFound
from calendo.i18n import gettext_noop
from calendo.ops import api_keys
from calendo.web.api.fields import Id, Line, parse_date
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.settings.profile import DOMAIN, PATH
from calendo.web.dashboard.settings.words import day, moment
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now

KEYS = f"{PATH}/keys"
router = area(KEYS, DOMAIN)

_DAY = timedelta(days=1)
# Far enough for anybody, and near enough to add a day to.
_LAST_YEAR = 9998


def _expiry(text: str) -> str:
    if parse_date(text).year > _LAST_YEAR:
        raise ValueError("this lies too far ahead")
    return text


class KeyForm(BaseModel):
    """
    A key: what it is for, and the last day on which it works, if there is one.
    """

    label: Line
    expires_on: Annotated[str, AfterValidator(_expiry)] | None = None


@router.get("")
def show_keys(visit: Visiting, db: Db, now: Now) -> HTMLResponse:
    """
    List the keys, and ask for what a new one needs.
    """
    return _page(visit, db, now, visit.form())


@router.post("")
def create_key(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Make a key, and show it: this answer is the only one that has it.
    """
    try:
        wanted = form.read(KeyForm)
        expires_ts = _expiry_of(wanted, visit, now)
    except InvalidInput as error:
        return _page(visit, db, now, form, error)
    with db.write() as tx:
        row, key = api_keys.create(tx, visit.host_id, wanted.label, expires_ts, now)
        made = _line(visit, row, now)
    return visit.render("settings/key.html", 201, key=key, made=made)


@router.post("/{key_id}/revoke")
def revoke_key(key_id: Id, visit: Visiting, db: Db) -> Response:
    """
    Revoke a key; one that is revoked already is what was wanted.
    """
    try:
        with db.write() as tx:
            api_keys.revoke(tx, visit.host_id, key_id)
    except NotFound:
        pass
    return visit.turn_to(KEYS, visit.texts.gettext("The key is revoked. What still uses it is refused."))


def _expiry_of(wanted: KeyForm, visit: Visit, now: Now) -> Instant | None:
    """
    The end of the last day, where the host is.
    """
    if wanted.expires_on is None:
        return None
    expires_ts = wall_to_instant(parse_date(wanted.expires_on) + _DAY, time(), visit.zone)
    if expires_ts <= now:
        raise InvalidInput(gettext_noop("This day is over."))
    return expires_ts


def _line(visit: Visit, row: ApiKey, now: Now) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label or row.prefix,
        "prefix": row.prefix,
        "created": day(visit, row.created_ts),
        "used": row.last_used_ts and moment(visit, row.last_used_ts),
        # A key that ends at midnight works on the day before.
        "expires": row.expires_ts and day(visit, row.expires_ts - 1),
        "is_expired": row.expires_ts is not None and row.expires_ts <= now,
    }


def _page(visit: Visit, db: Db, now: Now, form: Form, error: CalendoError | None = None) -> HTMLResponse:
    with db.read() as tx:
        lines = [_line(visit, row, now) for row in api_keys.list_keys(tx, visit.host_id)]
    today: date = to_datetime(now, visit.zone).date()
    shown: dict[str, Any] = {"keys": lines, "today": today.isoformat()}
    if error:
        return visit.refuse("settings/keys.html", form, error, field="expires_on", **shown)
    return visit.render("settings/keys.html", form=form, **shown)
