"""
Your sessions: the browsers that are logged in, and how to log them out.
"""

from typing import Self

from fastapi import APIRouter, Response
from pydantic import BaseModel

from calendo.core.instants import written
from calendo.db.models import LoginSession
from calendo.errors import NotFound
from calendo.ops import sessions
from calendo.web import logins
from calendo.web.api.answers import ANY, CHANGE, USER, Bit, Ok, Written
from calendo.web.api.fields import Body, Flag, Id, example
from calendo.web.deps import AppSettings, Caller, Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/auth", tags=["Auth"], route_class=UserRoute)


class SessionOut(BaseModel):
    """
    A browser that is logged in. ``is_current`` is 1 for the one that asks; an API key is in none.
    """

    model_config = example(
        {
            "id": 1,
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "is_current": 1,
            "created_at": "2026-03-07 10:00:00",
            "last_used_at": "2026-03-08 09:30:00",
            "expires_at": "2026-04-06 10:00:00",
        }
    )

    id: int
    user_agent: str | None
    is_current: Bit
    created_at: Written
    last_used_at: Written
    expires_at: Written

    @classmethod
    def of(cls, row: LoginSession, token: str | None) -> Self:
        """
        Render a session for whoever comes with the cookie's ``token``.
        """
        return cls(
            id=row.id,
            user_agent=row.user_agent,
            is_current=int(sessions.is_opened_by(row, token)),
            created_at=written(row.created_ts),
            last_used_at=written(row.last_used_ts),
            expires_at=written(row.expires_ts),
        )


class EverywhereIn(Body):
    """
    Whether the session that asks goes on.
    """

    model_config = example({"keep_current": True})

    keep_current: Flag = False


@router.get("/sessions", summary="List your sessions", responses=errors(*ANY, *USER))
def list_sessions(db: Db, caller: Caller, now: Now) -> list[SessionOut]:
    """
    Return the sessions that have not ended, the one that was used last first. `last_used_at`
    is true to the minute, and `user_agent` is what the browser called itself when it logged in.
    """
    with db.read() as tx:
        rows = sessions.list_sessions(tx, caller.user_id, now)
        return [SessionOut.of(row, caller.session_token) for row in rows]


@router.delete("/sessions/{session_id}", summary="End a session", responses=errors(*ANY, *CHANGE, NotFound))
def end_session(session_id: Id, db: Db, user_id: UserId) -> Ok:
    """
    Log one browser out. It may be the one that asks.
    """
    with db.write() as tx:
        sessions.end_by_id(tx, user_id, session_id)
    return Ok()


@router.post("/logout-everywhere", summary="Log out everywhere", responses=errors(*ANY, *CHANGE))
def logout_everywhere(
    db: Db, caller: Caller, settings: AppSettings, response: Response, body: EverywhereIn | None = None
) -> Ok:
    """
    End all sessions; with `keep_current` all but the one that asks. API keys stay.
    """
    kept = caller.session_token if body and body.keep_current else None
    with db.write() as tx:
        sessions.end_all(tx, caller.user_id, keep_token=kept)
    if caller.session_token is not None and kept is None:
        logins.forget(response, settings)
    return Ok()
