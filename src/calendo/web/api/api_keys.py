"""
API keys, for programs.
"""

from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from calendo.core.instants import written
from calendo.db.models import ApiKey
from calendo.errors import InvalidInput, NotFound
from calendo.ops import api_keys
from calendo.web.api.answers import ANY, CHANGE, USER, Ok, Written
from calendo.web.api.fields import Body, Id, Moment, OptionalLine, example, parse_moment, to_utc_instant
from calendo.web.deps import Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/api-keys", tags=["API keys"], route_class=UserRoute)


_CRM = {
    "id": 1,
    "label": "CRM",
    "prefix": "cal_4f1d9c02",
    "created_at": "2026-03-07 10:00:00",
    "last_used_at": "2026-03-09 08:15:00",
    "expires_at": "2030-01-01 00:00:00",
}


class ApiKeyIn(Body):
    """
    A new key. ``expires_at`` without an offset is UTC.
    """

    model_config = example({"label": "CRM", "expires_at": "2030-01-01T00:00:00Z"})

    label: OptionalLine = ""
    expires_at: Moment | None = None


class ApiKeyOut(BaseModel):
    """
    A key as it is listed: never whole.
    """

    model_config = example(_CRM)

    id: int
    label: str
    prefix: str
    created_at: Written
    last_used_at: Written | None
    expires_at: Written | None

    @classmethod
    def of(cls, row: ApiKey, **more: str) -> Self:
        """
        Render a key.
        """
        return cls(
            id=row.id,
            label=row.label,
            prefix=row.prefix,
            created_at=written(row.created_ts),
            last_used_at=None if row.last_used_ts is None else written(row.last_used_ts),
            expires_at=None if row.expires_ts is None else written(row.expires_ts),
            **more,
        )


class NewApiKey(ApiKeyOut):
    """
    A key as it is made: whole, this once.
    """

    model_config = example(
        {**_CRM, "last_used_at": None, "key": "cal_4f1d9c02a86be3575d1f0c9e4b7a28d36f5e1029c3b8d471"}
    )

    key: str


@router.get("", summary="List your API keys", responses=errors(*ANY, *USER))
def list_keys(db: Db, user_id: UserId) -> list[ApiKeyOut]:
    """
    Return all API keys, without the keys themselves.
    """
    with db.read() as tx:
        return [ApiKeyOut.of(row) for row in api_keys.list_keys(tx, user_id)]


@router.post("", status_code=201, summary="Create an API key", responses=errors(*ANY, *CHANGE))
def create_key(body: ApiKeyIn, db: Db, user_id: UserId, now: Now) -> NewApiKey:
    """
    Create an API key. ``key`` is in this answer and nowhere else.
    """
    expires_ts = None if body.expires_at is None else to_utc_instant(parse_moment(body.expires_at))
    if expires_ts is not None and expires_ts <= now:
        raise InvalidInput("expires_at: this lies in the past.")
    with db.write() as tx:
        row, key = api_keys.create(tx, user_id, body.label, expires_ts, now)
        return NewApiKey.of(row, key=key)


@router.delete("/{key_id}", summary="Revoke an API key", responses=errors(*ANY, *CHANGE, NotFound))
def revoke_key(key_id: Id, db: Db, user_id: UserId) -> Ok:
    """
    Delete an API key. Calls that use it fail from here on.
    """
    with db.write() as tx:
        api_keys.revoke(tx, user_id, key_id)
    return Ok()
