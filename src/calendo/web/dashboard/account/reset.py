"""
A forgotten password: ask for a link by mail, and set a new one with it.
"""

from fastapi import Response
from pydantic import BaseModel
from starlette.background import BackgroundTask

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import InvalidInput, NotFound
from calendo.ops import accounts, passwords, resets
from calendo.web.api.fields import KnownEmail, Password
from calendo.web.dashboard.account.entry import DOMAIN
from calendo.web.dashboard.visitors import HOME, LOGIN, Guesting, Typed, open_area
from calendo.web.deps import Db, LinkTokens, Now

router = open_area(HOME, DOMAIN)


class ForgottenForm(BaseModel):
    """
    Whose password is forgotten.
    """

    email: KnownEmail


class NewPasswordForm(BaseModel):
    """
    The password there shall be.
    """

    password: Password


@router.get("/forgot")
def show_forgotten(guest: Guesting) -> Response:
    """
    Ask for the e-mail address.
    """
    return guest.render("account/forgot.html", form=guest.form())


@router.post("/forgot")
def ask_for_link(guest: Guesting, form: Typed, db: Db, now: Now) -> Response:
    """
    Mail a link, if there is an account; the answer does not tell whether there is.
    """
    try:
        given = form.read(ForgottenForm)
    except InvalidInput as error:
        return guest.refuse("account/forgot.html", form, error)
    with db.read() as tx:
        user = accounts.find_by_email(tx, given.email)
    said = guest.texts.gettext("If there is an account with this address, a mail with a link is on its way.")
    response = guest.turn_to(LOGIN, said)
    if user is not None:
        # After the answer, which would otherwise take longer for an address that is known.
        response.background = BackgroundTask(_write, db, user.id, now)
    return response


@router.get("/reset/{token}")
def show_reset(token: str, guest: Guesting, db: Db, links: LinkTokens, now: Now) -> Response:
    """
    Ask for the new password, if the link is good.
    """
    try:
        with db.read() as tx:
            resets.get_by_token(tx, links, token, now)
    except NotFound:
        return guest.render("account/reset_gone.html", NotFound.status)
    return guest.render("account/reset.html", form=guest.form())


@router.post("/reset/{token}")
def set_password(token: str, guest: Guesting, form: Typed, db: Db, links: LinkTokens, now: Now) -> Response:
    """
    Set the new password, and ask to log in with it.
    """
    try:
        # A password takes long to hash, so nobody has one hashed without a link that is good.
        with db.read() as tx:
            resets.get_by_token(tx, links, token, now)
        new_hash = passwords.hash_password(form.read(NewPasswordForm).password)
        with db.write() as tx:
            resets.set_password(tx, links, token, new_hash, now)
    except InvalidInput as error:
        return guest.refuse("account/reset.html", form, error)
    except NotFound:
        return guest.render("account/reset_gone.html", NotFound.status)
    return guest.turn_to(LOGIN, guest.texts.gettext("Your new password is set. Log in with it."))


def _write(db: Database, user_id: int, now: Instant) -> None:
    with db.write() as tx:
        resets.request(tx, user_id, now)
