"""
How the API's routes read requests: who may call, then a body that is JSON and of sane size.

The order matters: an unknown caller learns nothing from how a body is judged.
"""

from collections.abc import Callable, Coroutine
from typing import Any, cast

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.convertors import StringConvertor, register_url_convertor

from calendo.errors import (
    BodyTooLarge,
    InvalidInput,
    NestedTooDeep,
    NotAPicture,
    NotFound,
    NotJson,
    Unauthenticated,
)
from calendo.web.security import IDENTITY, check_site


class _Digits(StringConvertor):
    regex = "[0-9]+"


# For an id beside which a word may stand. Starlette's own "int" fails over thousands of digits.
register_url_convertor("digits", _Digits())

MAX_BODY_BYTES = 64 * 1024
MAX_DEPTH = 32
MAX_PICTURE_BYTES = 2 * 1024 * 1024
PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp")

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
        self._body = await _read(self, MAX_BODY_BYTES, BodyTooLarge())
        if not self._body:
            return
        if not _declares_json(self.headers.get("content-type", "")):
            raise NotJson
        self._value = parse_json(self._body)

    async def json(self) -> Any:
        """
        Return what ``load`` parsed.
        """
        return self._value


class PictureRequest(Request):
    """
    A request whose body is a picture, as far as its size and its type say.
    """

    async def load(self) -> None:
        """
        Read the body, or raise what is wrong with it.
        """
        if _media_type(self.headers.get("content-type", "")) not in PICTURE_TYPES:
            raise NotAPicture
        self._body = await _read(self, MAX_PICTURE_BYTES, BodyTooLarge("The picture is larger than 2 MiB."))


class ApiRoute(APIRoute):
    """
    A route that anybody may call.
    """

    needs_user = False
    request_class: type[JsonRequest | PictureRequest] = JsonRequest

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
            loaded = self.request_class(request.scope, request.receive)
            await loaded.load()
            return await handle(loaded)

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


class PictureRoute(UserRoute):
    """
    A route for users who are authenticated and send a picture.
    """

    request_class = PictureRequest


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


async def _read(request: Request, most: int, too_large: BodyTooLarge) -> bytes:
    """
    Read a body of at most so many bytes; of a larger one no more than that is taken in.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise too_large
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > most:
            raise too_large
    return bytes(chunks)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _declares_json(content_type: str) -> bool:
    media_type = _media_type(content_type)
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
