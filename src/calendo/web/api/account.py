"""
Your account as a whole: take everything along, and leave.
"""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from calendo.errors import WrongCredentials
from calendo.ops import closing, exports
from calendo.web import logins
from calendo.web.api.answers import ANY, CHANGE, USER, Ok
from calendo.web.api.auth import AnyPassword
from calendo.web.api.fields import Body, example
from calendo.web.deps import AppSettings, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.proof import prove
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/auth/me", tags=["Auth"], route_class=UserRoute)

_EXPORT = {
    "exported_at": "2026-03-07 10:00:00",
    "profile": {"id": 1, "email": "you@example.com", "name": "Jane Smith"},
    "booking_page": {"slug": "jane-smith"},
    "event_types": [{"id": 1, "name": "30 Minute Call"}],
    "availability_schedules": [{"id": 1, "name": "Working Hours"}],
    "webhooks": [{"id": 1, "url": "https://your-app.com/webhooks/calendo"}],
    "api_keys": [{"id": 1, "label": "My script"}],
    "sessions": [{"id": 1, "user_agent": "Firefox"}],
    "bookings": [{"id": 1, "invitee_name": "Bob Johnson", "history": [{"action": "booked"}]}],
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}, "example": _EXPORT}}}
}


class ClosingIn(Body):
    """
    The current password, so that nobody deletes an account by mistake, or somebody else's.
    """

    model_config = example({"password": "securepass123"})

    password: AnyPassword


@router.get(
    "/export",
    summary="Export your data",
    response_class=StreamingResponse,
    responses={**_FILE, **errors(*ANY, *USER)},
)
def export_account(db: Db, user_id: UserId, now: Now) -> StreamingResponse:
    """
    Return everything there is of you as one JSON object: profile, booking page, event types,
    schedules, webhooks, API keys, sessions, and bookings with their histories. Secrets and
    hashes are left out.
    """
    return StreamingResponse(
        exports.export(db, user_id, now),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="calendo.json"',
            "Cache-Control": "private, no-store",
        },
    )


@router.delete("", summary="Delete your account", responses=errors(*ANY, *CHANGE, WrongCredentials))
def delete_account(
    body: ClosingIn, db: Db, user_id: UserId, now: Now, settings: AppSettings, response: Response
) -> Ok:
    """
    Cancel all bookings to come, and delete the account with everything in it, at once and for
    good. The invitees get a mail about it; webhooks are not sent any more.
    """
    password_hash = prove(db, user_id, body.password, "password: this is not the current password.")
    with db.write() as tx:
        closing.close(tx, user_id, now, password_hash=password_hash)
    logins.forget(response, settings)
    return Ok()
