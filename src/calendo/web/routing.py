"""
How the API's routes read requests: who may call, then a body that is JSON and of sane size.

The order matters: an unknown caller learns nothing from how a body is judged.
"""

from collections.abc import Callable, Coroutine
from typing import Any, cast

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from calendo.errors import BodyTooLarge, InvalidInput, NestedTooDeep, NotFound, NotJson, Unauthenticated
from calendo.web.security import IDENTITY, check_site

MAX_BODY_BYTES = 64 * 1024
MAX_DEPTH = 32

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class JsonRequest(Request):
    """
    A request whose body, if it has one, was found to be acceptable JSON.
    """

    _value: Any = None

    async def load(self) -> None:
        """
        Read and parse the body, or raise what is wrong with it.
        """
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > MAX_BODY_BYTES:
            raise BodyTooLarge
        chunks = bytearray()
        async for chunk in self.stream():
            chunks += chunk
            if len(chunks) > MAX_BODY_BYTES:
                raise BodyTooLarge
        self._body = bytes(chunks)
        if not chunks:
            return
        if not _declares_json(self.headers.get("content-type", "")):
            raise NotJson
        self._value = parse_json(self._body)

    async def json(self) -> Any:
        """
        Return what ``load`` parsed.
        """
        return self._value


class ApiRoute(APIRoute):
    """
    A route that anybody may call.
    """

    needs_user = False

    def get_route_handler(self) -> Handler:
        """
        Put the checks that all routes share before FastAPI's own.
        """
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            identity = request.scope.get(IDENTITY)
            if self.needs_user and identity is None:
                raise Unauthenticated
            if identity is not None and identity.session_token is not None:
                check_site(request.method, request.headers)
            check_address(request)
            if request.method == "GET":
                return await handle(request)
            request = JsonRequest(request.scope, request.receive)
            await request.load()
            return await handle(request)

        return checked


class PlainRoute(APIRoute):
    """
    A route for the hottest of calls, ``async def endpoint(request) -> Response``.

    FastAPI describes it and does nothing else: its own handling of a request costs
    more than reading the database does.
    """

    def get_route_handler(self) -> Handler:
        """
        Call the endpoint and nothing around it.
        """
        return cast("Handler", self.endpoint)


class UserRoute(ApiRoute):
    """
    A route for users who are authenticated.
    """

    needs_user = True


def parse_json(body: bytes) -> Any:
    """
    Parse JSON from a stranger: strict, no deeper than ``MAX_DEPTH``, no NUL in any string.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"body: this is not valid JSON ({error}).") from None
    _check_value(value)
    return value


def _check_value(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for part in level:
            if isinstance(part, str):
                if "\0" in part:
                    raise InvalidInput("body: text must not contain NUL characters.")
            elif isinstance(part, dict):
                deeper += part.keys()
                deeper += part.values()
            elif isinstance(part, list):
                deeper += part
        if not deeper:
            return
        level = deeper
    if any(isinstance(part, dict | list) for part in level):
        raise NestedTooDeep


def check_address(request: Request) -> None:
    """
    Refuse NUL in a path or a query.
    """
    # PostgreSQL cannot store NUL and refuses even to compare with it.
    if "\0" in request.scope["path"]:
        raise NotFound
    if b"%00" in request.scope["query_string"]:
        raise InvalidInput("The address must not contain NUL characters.")


def _declares_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
