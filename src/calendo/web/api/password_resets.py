"""
A forgotten password: ask for a link by mail, and set a new one with it.
"""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Path

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import NotFound
from calendo.ops import accounts, passwords, resets
from calendo.web.api.answers import ANY, BODY, Ok
from calendo.web.api.fields import Body, KnownEmail, Password, example
from calendo.web.deps import Db, LinkTokens, Now
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute

router = APIRouter(prefix="/api/auth/password-reset", tags=["Auth"], route_class=ApiRoute)

ResetToken = Annotated[
    str,
    Path(
        description="The last segment of the link in the mail",
        examples=["obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h"],
    ),
]


class ForgottenIn(Body):
    """
    Whose password is forgotten.
    """

    model_config = example({"email": "you@example.com"})

    email: KnownEmail


class NewPasswordIn(Body):
    """
    The password there shall be.
    """

    model_config = example({"password": "an even better one"})

    password: Password


@router.post("", summary="Ask for a new password", responses=errors(*ANY, *BODY))
def request_reset(body: ForgottenIn, db: Db, now: Now, background: BackgroundTasks) -> Ok:
    """
    Mail a link that sets a new password, good for an hour and once, if there is an account with
    this e-mail address. The answer is the same if there is none.
    """
    with db.read() as tx:
        user = accounts.find_by_email(tx, body.email)
    if user is not None:
        # After the answer, which would otherwise take longer for an address that is known.
        background.add_task(_write, db, user.id, now)
    return Ok()


@router.post("/{reset_token}", summary="Set a new password", responses=errors(*ANY, *BODY, NotFound))
def reset_password(reset_token: ResetToken, body: NewPasswordIn, db: Db, links: LinkTokens, now: Now) -> Ok:
    """
    Set the password with the token of a mailed link. All sessions end; API keys stay.
    """
    # A password takes long to hash, so nobody has one hashed without a link that is good.
    with db.read() as tx:
        resets.get_by_token(tx, links, reset_token, now)
    new_hash = passwords.hash_password(body.password)
    with db.write() as tx:
        resets.set_password(tx, links, reset_token, new_hash, now)
    return Ok()


def _write(db: Database, user_id: int, now: Instant) -> None:
    with db.write() as tx:
        resets.request(tx, user_id, now)
