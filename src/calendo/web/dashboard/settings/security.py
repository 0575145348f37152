"""
How to get in: the e-mail address, the password, and the browsers that are logged in.
"""

from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from calendo.errors import EmailTaken, InvalidInput, NotFound, WrongCredentials
from calendo.ops import accounts, passwords, sessions
from calendo.web.api.auth import AnyPassword
from calendo.web.api.fields import Email, Id, Password
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.settings.profile import DOMAIN, PATH
from calendo.web.dashboard.settings.words import WRONG_PASSWORD, browser_name, day, moment
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db, Now
from calendo.web.proof import prove

SECURITY = f"{PATH}/security"
router = area(SECURITY, DOMAIN)


class EmailForm(BaseModel):
    """
    Another e-mail address.
    """

    email: Email
    password: AnyPassword


class PasswordForm(BaseModel):
    """
    The password there is and the one there shall be.
    """

    current_password: AnyPassword
    new_password: Password


@router.get("")
def show_security(visit: Visiting, db: Db, now: Now) -> HTMLResponse:
    """
    Show the e-mail address, and who is logged in where.
    """
    return _page(visit, db, now)


@router.post("/email")
def change_email(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Change the address that one logs in with.
    """
    try:
        wanted = form.read(EmailForm)
        old_hash = prove(db, visit.host_id, wanted.password, WRONG_PASSWORD)
        with db.write() as tx:
            accounts.change_profile(tx, visit.host_id, {"email": wanted.email}, old_hash=old_hash)
    except InvalidInput as error:
        return _page(visit, db, now, error.status, email_form=form.blame(error))
    except WrongCredentials as error:
        return _page(visit, db, now, error.status, email_form=form.blame(error, "password"))
    except EmailTaken as error:
        return _page(visit, db, now, error.status, email_form=form.blame(error, "email"))
    return visit.turn_to(SECURITY, visit.texts.gettext("From now on, log in with your new e-mail address."))


@router.post("/password")
def change_password(visit: Visiting, form: Typed, db: Db, now: Now) -> Response:
    """
    Change the password, which ends all sessions but this one.
    """
    try:
        wanted = form.read(PasswordForm)
        old_hash = prove(db, visit.host_id, wanted.current_password, WRONG_PASSWORD)
        new_hash = passwords.hash_password(wanted.new_password)
        with db.write() as tx:
            accounts.change_password(
                tx, visit.host_id, old_hash=old_hash, new_hash=new_hash, keep_token=visit.token
            )
    except InvalidInput as error:
        return _page(visit, db, now, error.status, password_form=form.blame(error))
    except WrongCredentials as error:
        return _page(visit, db, now, error.status, password_form=form.blame(error, "current_password"))
    said = visit.texts.gettext("Your new password is set, and all other browsers are logged out.")
    return visit.turn_to(SECURITY, said)


@router.post("/sessions/{session_id}/end")
def end_session(session_id: Id, visit: Visiting, db: Db) -> Response:
    """
    Log out one browser; one that is logged out already is what was wanted.
    """
    try:
        with db.write() as tx:
            sessions.end_by_id(tx, visit.host_id, session_id)
    except NotFound:
        pass
    return visit.turn_to(SECURITY, visit.texts.gettext("That browser is logged out."))


@router.post("/sessions/end-others")
def end_others(visit: Visiting, db: Db) -> Response:
    """
    Log out all browsers but this one.
    """
    with db.write() as tx:
        sessions.end_all(tx, visit.host_id, keep_token=visit.token)
    return visit.turn_to(SECURITY, visit.texts.gettext("All other browsers are logged out."))


def _page(
    visit: Visit,
    db: Db,
    now: Now,
    status: int = 200,
    *,
    email_form: Form | None = None,
    password_form: Form | None = None,
) -> HTMLResponse:
    with db.read() as tx:
        rows: list[dict[str, Any]] = [
            {
                "id": row.id,
                "browser": browser_name(row.user_agent),
                "is_this": sessions.is_opened_by(row, visit.token),
                "since": day(visit, row.created_ts),
                "used": moment(visit, row.last_used_ts),
            }
            for row in sessions.list_sessions(tx, visit.host_id, now)
        ]
    return visit.render(
        "settings/security.html",
        status,
        email_form=email_form or visit.form(email=visit.host.email),
        password_form=password_form or visit.form(),
        # This browser first, then as they were used.
        sessions=sorted(rows, key=lambda row: not row["is_this"]),
    )
