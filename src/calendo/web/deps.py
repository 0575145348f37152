"""
What routes are given: the database, the time, the user.
"""

from typing import Annotated, cast

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.integrations.links import Links
from calendo.integrations.llm import LanguageModel
from calendo.integrations.vault import Vault
from calendo.settings import Settings
from calendo.web.security import IDENTITY, SESSION_COOKIE, Identity

_key_scheme = APIKeyHeader(
    name="X-API-Key", scheme_name="apiKey", description="A key made under `/api/api-keys`.", auto_error=False
)
_cookie_scheme = APIKeyCookie(
    name=SESSION_COOKIE, scheme_name="session", description="Set by `/api/auth/login`.", auto_error=False
)


async def _db(request: Request) -> Database:
    return cast("Database", request.app.state.db)


async def _vault(request: Request) -> Vault:
    return cast("Vault", request.app.state.vault)


async def _links(request: Request) -> Links:
    return cast("Links", request.app.state.links)


async def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


async def _model(request: Request) -> LanguageModel | None:
    return cast("LanguageModel | None", request.app.state.model)


async def _now(request: Request) -> Instant:
    return cast("Instant", request.app.state.clock())


async def _caller(
    request: Request,
    _key: Annotated[str | None, Security(_key_scheme)],
    _cookie: Annotated[str | None, Security(_cookie_scheme)],
) -> Identity:
    # The gate found out who calls, and UserRoute refused nobody's calls.
    return cast("Identity", request.scope[IDENTITY])


async def _user_id(caller: Annotated[Identity, Depends(_caller)]) -> int:
    return caller.user_id


def base_url(request: Request) -> str:
    """
    Return the address people reach this server at, without a slash at its end.
    """
    settings: Settings = request.app.state.settings
    return str(settings.public_url or request.base_url).rstrip("/")


Db = Annotated[Database, Depends(_db)]
KeyVault = Annotated[Vault, Depends(_vault)]
LinkTokens = Annotated[Links, Depends(_links)]
AppSettings = Annotated[Settings, Depends(_settings)]
Model = Annotated[LanguageModel | None, Depends(_model)]
Now = Annotated[Instant, Depends(_now)]
BaseUrl = Annotated[str, Depends(base_url)]
Caller = Annotated[Identity, Depends(_caller)]
UserId = Annotated[int, Depends(_user_id)]
