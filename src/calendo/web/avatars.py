"""
Hosts' pictures as the world sees them, under the hash of their content.
"""

from fastapi import APIRouter, Response

from calendo.db.engine import Tx
from calendo.errors import NotFound
from calendo.ops import avatars
from calendo.web.deps import Db

router = APIRouter(prefix="/avatars", include_in_schema=False)

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@router.api_route("/{picture}.webp", methods=["GET", "HEAD"])
def avatar_file(picture: str, db: Db) -> Response:
    """
    Return a picture; its address changes with its content, so it may be kept for ever.
    """
    if "\0" in picture:
        raise NotFound
    with db.read() as tx:
        content = avatars.find_content(tx, picture)
    if content is None:
        raise NotFound("There is no such picture. Its host may have changed it.")
    return Response(content, media_type="image/webp", headers=_HEADERS)


def avatar_url(base_url: str, hash_: str | None) -> str | None:
    """
    Return the address of a picture, or None for a host who has none.
    """
    return None if hash_ is None else f"{base_url}/avatars/{hash_}.webp"


def find_avatar_url(tx: Tx, host_id: int, base_url: str = "") -> str | None:
    """
    Find the address of a host's picture; for our own pages, which may be seen under other names, the path.
    """
    return avatar_url(base_url, avatars.find_hash(tx, host_id))
