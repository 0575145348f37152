"""
Sign up, log in, log out, and one's own profile.
"""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from calendo.core.instants import written
from calendo.db.models import User
from calendo.errors import EmailTaken, InvalidInput, RegistrationClosed, WrongCredentials
from calendo.ops import accounts, booking_pages, passwords, sessions
from calendo.ops.accounts import DEFAULT_TIMEZONE, NewAccount
from calendo.web import logins
from calendo.web.api.answers import ANY, BODY, CHANGE, USER, Ok, Written
from calendo.web.api.fields import Body, Email, KnownEmail, Line, LocaleTag, Password, Zone, example, unset
from calendo.web.avatars import avatar_url
from calendo.web.deps import AppSettings, BaseUrl, Caller, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.proof import prove
from calendo.web.routing import ApiRoute, UserRoute

public = APIRouter(prefix="/api/auth", tags=["Auth"], route_class=ApiRoute)
private = APIRouter(prefix="/api/auth", tags=["Auth"], route_class=UserRoute)

_JANE = {"email": "you@example.com", "password": "securepass123", "name": "Jane Smith"}
_USER = {
    "id": 1,
    "email": "you@example.com",
    "name": "Jane Smith",
    "timezone": "America/Los_Angeles",
}
_NEW_USER = {**_USER, "created_at": "2026-03-07 10:00:00"}
#: Any password may be tried; only new ones have a minimum.
AnyPassword = Annotated[str, Field(max_length=1000, json_schema_extra={"format": "password"})]


class RegisterIn(Body):
    """
    A new host.
    """

    model_config = example(_JANE)

    email: Email
    password: Password
    name: Line
    timezone: Zone = DEFAULT_TIMEZONE


class LoginIn(Body):
    """
    What one logs in with.
    """

    model_config = example({"email": _JANE["email"], "password": _JANE["password"]})

    email: KnownEmail
    password: AnyPassword


class ProfileIn(Body):
    """
    Changes of one's profile; a new e-mail address needs the current ``password``.
    """

    model_config = example({"name": "Jane Smith", "timezone": "Europe/Berlin"})

    name: Line = unset()
    timezone: Zone = unset()
    locale: LocaleTag | None = None
    max_bookings_per_invitee: Annotated[int, Field(ge=1, le=1000)] = unset()
    email: Email = unset()
    password: AnyPassword = unset()


class PasswordIn(Body):
    """
    The password there is and the one there shall be.
    """

    model_config = example({"current_password": "securepass123", "new_password": "an even better one"})

    current_password: AnyPassword
    new_password: Password


class UserBrief(BaseModel):
    """
    A host, as logging in answers.
    """

    id: int
    email: str
    name: str
    timezone: str


class UserOut(UserBrief):
    """
    A host, as signing up answers.
    """

    created_at: Written


class Profile(UserOut):
    """
    A host's own profile.
    """

    model_config = example(
        {**_NEW_USER, "locale": "en-US", "max_bookings_per_invitee": 5, "avatar_url": None}
    )

    locale: str | None
    max_bookings_per_invitee: int
    avatar_url: str | None

    @classmethod
    def of(cls, user: User, base_url: str) -> Self:
        """
        Render a host; ``base_url`` is where the picture is.
        """
        return cls(
            **_brief(user),
            locale=user.locale,
            max_bookings_per_invitee=user.max_bookings_per_invitee,
            avatar_url=avatar_url(base_url, user.avatar_hash),
            created_at=written(user.created_ts),
        )


class Registered(BaseModel):
    """
    The new host and the slug of the booking page.
    """

    model_config = example({"user": _NEW_USER, "bookingSlug": "jane-smith"})

    user: UserOut
    bookingSlug: str  # noqa: N815 - the reference spells it so


class LoggedIn(BaseModel):
    """
    The host who is logged in now.
    """

    model_config = example({"user": _USER})

    user: UserBrief


@public.post(
    "/register",
    status_code=201,
    summary="Sign up",
    responses=errors(*ANY, *BODY, RegistrationClosed, EmailTaken),
)
def register(body: RegisterIn, db: Db, now: Now, settings: AppSettings) -> Registered:
    """
    Register a host, with a booking page and a default schedule (Monday to Friday, 09:00 to 17:00).
    """
    if settings.registration == "closed":
        raise RegistrationClosed
    account = NewAccount(body.email, passwords.hash_password(body.password), body.name, body.timezone)
    with db.write() as tx:
        user = accounts.register(tx, account, now)
        slug = booking_pages.get_page(tx, user.id).slug
        return Registered(user=UserOut(created_at=written(user.created_ts), **_brief(user)), bookingSlug=slug)


@public.post(
    "/login",
    summary="Log in",
    responses={
        200: {
            "headers": {
                "Set-Cookie": {
                    "description": "The session, for the browser: `session=...; HttpOnly; SameSite=lax`.",
                    "schema": {"type": "string"},
                }
            }
        },
        **errors(*ANY, *BODY, WrongCredentials),
    },
)
def login(
    body: LoginIn, db: Db, now: Now, settings: AppSettings, request: Request, response: Response
) -> LoggedIn:
    """
    Log in with e-mail address and password; the answer sets the session cookie, good for 30 days.
    """
    user, token = logins.log_in(db, body.email, body.password, now, request.headers.get("user-agent"))
    logins.keep(response, token, settings)
    return LoggedIn(user=UserBrief(**_brief(user)))


@private.post("/logout", summary="Log out", responses=errors(*ANY, *CHANGE))
def logout(db: Db, caller: Caller, settings: AppSettings, response: Response) -> Ok:
    """
    End the session of the cookie that is sent. Called with an API key there is none to end.
    """
    if caller.session_token is not None:
        with db.write() as tx:
            sessions.end_session(tx, caller.session_token)
        logins.forget(response, settings)
    return Ok()


@private.get("/me", summary="Read your profile", responses=errors(*ANY, *USER))
def read_profile(db: Db, user_id: UserId, base_url: BaseUrl) -> Profile:
    """
    Return the host who is authenticated.
    """
    with db.read() as tx:
        return Profile.of(accounts.get_user(tx, user_id), base_url)


@private.put(
    "/me", summary="Change your profile", responses=errors(*ANY, *CHANGE, WrongCredentials, EmailTaken)
)
def change_profile(body: ProfileIn, db: Db, user_id: UserId, base_url: BaseUrl) -> Profile:
    """
    Change name, timezone or locale; the e-mail address only together with the current password.
    """
    changes = body.model_dump(exclude_unset=True)
    password = changes.pop("password", None)
    old_hash = None
    if "email" in changes:
        if password is None:
            raise InvalidInput("password: changing the e-mail address needs the current password.")
        old_hash = prove(db, user_id, password, "password: this is not the current password.")
    with db.write() as tx:
        return Profile.of(accounts.change_profile(tx, user_id, changes, old_hash=old_hash), base_url)


@private.post("/password", summary="Change your password", responses=errors(*ANY, *CHANGE, WrongCredentials))
def change_password(body: PasswordIn, db: Db, caller: Caller) -> Ok:
    """
    Change the password. All other sessions end; API keys stay.
    """
    complaint = "current_password: this is not the current password."
    old_hash = prove(db, caller.user_id, body.current_password, complaint)
    new_hash = passwords.hash_password(body.new_password)
    with db.write() as tx:
        accounts.change_password(
            tx, caller.user_id, old_hash=old_hash, new_hash=new_hash, keep_token=caller.session_token
        )
    return Ok()


def _brief(user: User) -> dict[str, Any]:
    return {"id": user.id, "email": user.email, "name": user.name, "timezone": user.timezone}
