"""
All that is kept of a host: to subscribe to, to take along, and to delete.
"""

from fastapi import Response
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import BaseModel

from calendo.db.models import BLOCKING
from calendo.errors import InvalidInput, WrongCredentials
from calendo.ops import booking_lists, calendars, closing
from calendo.ops.booking_lists import BookingFilter
from calendo.web import logins
from calendo.web.api.account import export_account
from calendo.web.api.auth import AnyPassword
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.settings.profile import DOMAIN, PATH
from calendo.web.dashboard.settings.words import WRONG_PASSWORD
from calendo.web.dashboard.visitors import LOGIN, Typed, Visit, Visiting, area
from calendo.web.deps import AppSettings, BaseUrl, Db, LinkTokens, Now
from calendo.web.proof import prove

DATA = f"{PATH}/data"
router = area(DATA, DOMAIN)


class ClosingForm(BaseModel):
    """
    The password, so that nobody deletes an account by mistake, or somebody else's.
    """

    password: AnyPassword


@router.get("")
def show_data(visit: Visiting, db: Db, links: LinkTokens, base_url: BaseUrl) -> HTMLResponse:
    """
    Show the calendar feed's address, and the ways to the export and to the end.
    """
    with db.read() as tx:
        token = calendars.feed_token(tx, links, visit.host_id)
    return visit.render("settings/data.html", feed=f"{base_url}/feeds/{token}.ics")


@router.post("/feed")
def replace_feed(visit: Visiting, db: Db) -> Response:
    """
    Give the calendar feed another address; the one before is dead from here on.
    """
    with db.write() as tx:
        calendars.replace_feed(tx, visit.host_id)
    said = visit.texts.gettext("Your calendar feed has a new address. Subscribe to it again.")
    return visit.turn_to(DATA, said)


@router.get("/export")
def export_data(visit: Visiting, db: Db, now: Now) -> StreamingResponse:
    """
    Send everything there is as one JSON file.
    """
    return export_account(db, visit.host_id, now)


@router.get("/delete")
def show_deletion(visit: Visiting, db: Db, now: Now) -> HTMLResponse:
    """
    Say what deleting the account does, and ask for the password.
    """
    return visit.render("settings/delete.html", form=visit.form(), coming=_coming(visit, db, now))


@router.post("/delete")
def delete_account(visit: Visiting, form: Typed, db: Db, now: Now, settings: AppSettings) -> Response:
    """
    Delete the account, and with it the session.
    """
    try:
        password_hash = prove(db, visit.host_id, form.read(ClosingForm).password, WRONG_PASSWORD)
        with db.write() as tx:
            closing.close(tx, visit.host_id, now, password_hash=password_hash)
    except (InvalidInput, WrongCredentials) as error:
        return _refused(visit, db, now, form, error)
    response = visit.turn_to(LOGIN, visit.texts.gettext("Your account is deleted."))
    logins.forget(response, settings)
    return response


def _refused(
    visit: Visit, db: Db, now: Now, form: Form, error: InvalidInput | WrongCredentials
) -> HTMLResponse:
    coming = _coming(visit, db, now)
    return visit.refuse("settings/delete.html", form, error, field="password", coming=coming)


def _coming(visit: Visit, db: Db, now: Now) -> int:
    """
    Count the bookings that would be cancelled.
    """
    with db.read() as tx:
        return booking_lists.count_bookings(
            tx, visit.host_id, BookingFilter(statuses=BLOCKING, from_ts=now + 1)
        )
