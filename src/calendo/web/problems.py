"""
Errors as the API answers them: one shape, whatever went wrong.

``{"error": "<what is wrong and what to do>", "code": "<stable_snake_case>"}``, and for
429 alone the nested object of the reference.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from calendo.errors import (
    CalendoError,
    InvalidInput,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)

_log = structlog.get_logger()
_SHOWN_PROBLEMS = 3
_PLAINER = {
    "missing": "this field is required",
    "extra_forbidden": "there is no such field",
    "model_attributes_type": "send a JSON object",
    "dict_type": "send a JSON object",
}
_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}}
}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "How to authenticate", "schema": {"type": "string"}}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}


class Problem(BaseModel):
    """
    What went wrong, for people (``error``) and for programs (``code``).
    """

    error: str
    code: str


class RateLimitDetail(BaseModel):
    """
    The error of a call over the limit.
    """

    code: str
    message: str


class RateLimitProblem(BaseModel):
    """
    The call was over the limit; the ``Retry-After`` header has the seconds to wait.
    """

    error: RateLimitDetail = Field()


def response_for(error: Exception) -> Response:
    """
    Render any error as JSON.
    """
    headers = error.headers if isinstance(error, HTTPException) else None
    return _render(understood(error), headers)


def understood(error: Exception) -> CalendoError:
    """
    Say in our own terms what went wrong. What was not foreseen is logged and becomes a 500.
    """
    if isinstance(error, CalendoError):
        return error
    if isinstance(error, RequestValidationError):
        found = error.errors()
        if any(problem["loc"][0] == "path" for problem in found):
            return NotFound()
        return validation_problem([{**problem, "loc": problem["loc"][1:]} for problem in found])
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, OperationalError | PoolTimeoutError):
        _log.warning("database_unavailable", error=str(error.__cause__ or error))
        return Unavailable()
    _log.error("unforeseen_error", exc_info=error)
    return CalendoError()


def allowed_methods(request: Request) -> str:
    """
    List the methods that an address takes, as the ``Allow`` header has them.
    """
    # The router names the methods of one route; at an address there may be several.
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path_regex.match(request.scope["path"]):
            methods |= route.methods or set()
    return ", ".join(sorted(methods))


def errors(*kinds: type[CalendoError]) -> dict[int | str, dict[str, Any]]:
    """
    Describe errors for an operation's ``responses``, an example each.
    """
    described: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        error = kind(42) if issubclass(kind, RateLimited) else kind()
        entry = described.setdefault(
            kind.status,
            {
                "model": RateLimitProblem if kind.status == RateLimited.status else Problem,
                "content": {"application/json": {"examples": {}}},
                "headers": _HEADERS.get(kind.status, {}),
            },
        )
        examples = entry["content"]["application/json"]["examples"]
        examples[kind.code] = {"value": _body(error)}
        entry["description"] = f"{HTTPStatus(kind.status).phrase}: {', '.join(examples)}"
    return described


def _body(error: CalendoError) -> dict[str, Any]:
    if isinstance(error, RateLimited):
        return {"error": {"code": error.code, "message": error.message}}
    return {"error": error.message, "code": error.code}


def _render(error: CalendoError, headers: Mapping[str, str] | None = None) -> Response:
    headers = dict(headers or {})
    if isinstance(error, RateLimited):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "2"
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'ApiKey realm="Calendo"'
    return JSONResponse(_body(error), error.status, headers)


def _http_problem(error: HTTPException) -> CalendoError:
    for kind in (NotFound, MethodNotAllowed):
        if error.status_code == kind.status:
            return kind()
    return InvalidInput(str(error.detail))


def validation_problem(problems: Sequence[Any]) -> InvalidInput:
    """
    Say what Pydantic found, the first few things of it, each with its field.
    """
    told = [_told(problem) for problem in problems[:_SHOWN_PROBLEMS]]
    more = len(problems) - len(told)
    return InvalidInput("; ".join(told) + (f"; and {more} more." if more else "."))


def _told(problem: Mapping[str, Any]) -> str:
    message = problem["msg"].removeprefix("Value error, ").rstrip(".")
    message = _PLAINER.get(problem["type"], message[:1].lower() + message[1:])
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place or 'body'}: {message}"
