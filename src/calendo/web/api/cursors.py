"""
Long lists come in pages: a cursor says where the next one begins, and the ``Link`` header has it.
"""

import base64
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import Request

from calendo.errors import InvalidInput

#: Describes the header for an operation's ``responses``.
LINK: dict[str, Any] = {
    "Link": {
        "description": 'The next page, as `<address>; rel="next"`, if there is one.',
        "schema": {"type": "string"},
    }
}


def next_page(request: Request, base_url: str, position: Sequence[int]) -> dict[str, str]:
    """
    Make the ``Link`` header that leads to what comes after ``position``.
    """
    url = request.url.include_query_params(cursor=write_cursor(position))
    return {"Link": f'<{base_url}{url.path}?{url.query}>; rel="next"'}


def write_cursor(position: Sequence[int]) -> str:
    """
    Write a position as a text for addresses, which ``read_cursor`` reads.
    """
    return base64.urlsafe_b64encode(orjson.dumps(list(position))).decode().rstrip("=")


def read_cursor(text: str, length: int) -> tuple[int, ...]:
    """
    Read the position in a cursor: ``length`` integers that a database can compare with.
    """
    try:
        position = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        position = None
    if (
        not isinstance(position, list)
        or len(position) != length
        or not all(type(number) is int and abs(number) < 2**63 for number in position)
    ):
        raise InvalidInput("cursor: use the address from the Link header of the page before.")
    return tuple(position)
