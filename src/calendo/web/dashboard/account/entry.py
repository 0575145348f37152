"""
The ways in and out: sign up, log in, log out.
"""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from calendo.core.instants import zone_names
from calendo.errors import EmailTaken, InvalidInput, RegistrationClosed, WrongCredentials
from calendo.ops import accounts, event_types, passwords, sessions
from calendo.ops.accounts import DEFAULT_TIMEZONE, NewAccount
from calendo.web import logins
from calendo.web.api.auth import AnyPassword
from calendo.web.api.fields import Email, KnownEmail, Line, Password
from calendo.web.dashboard.visitors import (
    HOME,
    LOGIN,
    Guesting,
    Typed,
    Visiting,
    area,
    find_visit,
    open_area,
    safe_return,
)
from calendo.web.dashboard.zones import present_name
from calendo.web.deps import AppSettings, Db, Now

DOMAIN = "account"
FIRST_STEPS = f"{HOME}/welcome"
public = open_area(HOME, DOMAIN)
private = area(HOME, DOMAIN)

Next = Annotated[str | None, Query()]


class LoginForm(BaseModel):
    """
    What one logs in with.
    """

    email: KnownEmail
    password: AnyPassword


class SignUpForm(BaseModel):
    """
    A new host; the browser tells the zone.
    """

    name: Line
    email: Email
    password: Password
    timezone: str = ""


@private.get("")
@private.get("/")
def home(visit: Visiting, db: Db) -> Response:
    """
    Lead to the first area, and those who have nothing to be booked yet to the first steps.
    """
    with db.read() as tx:
        has_types = any(event_types.list_types(tx, visit.host_id, active=on) for on in (True, False))
    return visit.turn_to(visit.areas[0].path if has_types and visit.areas else FIRST_STEPS)


@public.get("/login")
def show_login(guest: Guesting, settings: AppSettings, next: Next = None) -> Response:  # noqa: A002 - its name in addresses
    """
    Ask for e-mail address and password; whoever is logged in goes on at once.
    """
    if find_visit(guest.request, DOMAIN):
        return guest.turn_to(safe_return(next))
    return guest.render("account/login.html", form=guest.form(), is_open=settings.registration == "open")


@public.post("/login")
def log_in(
    guest: Guesting,
    form: Typed,
    db: Db,
    now: Now,
    settings: AppSettings,
    next: Next = None,  # noqa: A002 - its name in addresses
) -> Response:
    """
    Log in, and go to what was asked for first.
    """
    try:
        given = form.read(LoginForm)
        _, token = logins.log_in(db, given.email, given.password, now, _browser(guest))
    except (InvalidInput, WrongCredentials) as error:
        is_open = settings.registration == "open"
        return guest.refuse("account/login.html", form, error, is_open=is_open)
    response = guest.turn_to(safe_return(next))
    logins.keep(response, token, settings)
    return response


@public.get("/signup")
def show_sign_up(guest: Guesting, settings: AppSettings) -> Response:
    """
    Ask for what an account needs, where registration is open.
    """
    if find_visit(guest.request, DOMAIN):
        return guest.turn_to(HOME)
    if settings.registration == "closed":
        return guest.render("account/closed.html", RegistrationClosed.status)
    return guest.render("account/signup.html", form=guest.form())


@public.post("/signup")
def sign_up(guest: Guesting, form: Typed, db: Db, now: Now, settings: AppSettings) -> Response:
    """
    Create an account, log in and begin with the first steps.
    """
    if settings.registration == "closed":
        return guest.render("account/closed.html", RegistrationClosed.status)
    try:
        given = form.read(SignUpForm)
        account = NewAccount(
            given.email,
            passwords.hash_password(given.password),
            given.name,
            present_name(given.timezone) if given.timezone in zone_names() else DEFAULT_TIMEZONE,
            guest.texts.tag,
        )
        with db.write() as tx:
            user = accounts.register(tx, account, now)
            token = sessions.start_session(
                tx, user.id, account.password_hash, now, user_agent=_browser(guest)
            )
    except InvalidInput as error:
        return guest.refuse("account/signup.html", form, error)
    except EmailTaken as error:
        return guest.refuse("account/signup.html", form, error, field="email")
    response = guest.turn_to(FIRST_STEPS)
    logins.keep(response, token, settings)
    return response


@private.post("/logout")
def log_out(visit: Visiting, db: Db, settings: AppSettings) -> Response:
    """
    End this session.
    """
    with db.write() as tx:
        sessions.end_session(tx, visit.token)
    return _gone(visit, settings, visit.texts.gettext("You are logged out."))


@private.post("/logout/everywhere")
def log_out_everywhere(visit: Visiting, db: Db, settings: AppSettings) -> Response:
    """
    End all sessions of the host, in this browser and in any other.
    """
    with db.write() as tx:
        sessions.end_all(tx, visit.host_id)
    return _gone(visit, settings, visit.texts.gettext("You are logged out on all devices."))


def _browser(guest: Guesting) -> str | None:
    return guest.request.headers.get("user-agent")


def _gone(visit: Visiting, settings: AppSettings, notice: str) -> Response:
    response = visit.turn_to(LOGIN, notice)
    logins.forget(response, settings)
    return response
