"""
Static files: a tree under the hash of its content, so that whoever has a file may keep it for ever.

Modules of the tree import each other by relative addresses, and other sites may load them.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path, PurePosixPath

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from calendo.errors import NotFound
from calendo.i18n import LANGUAGES, table
from calendo.web.compression import takes_gzip

router = APIRouter(include_in_schema=False)

_ROOT = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_FOR_EVERYBODY = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/static/{tree}/{name:path}")
def static_file(tree: str, name: str, request: Request) -> Response:
    """
    Return a static file, compressed where the caller can read that.
    """
    content = _files().get(name)
    if content is None:
        raise NotFound
    headers = {
        **_FOR_EVERYBODY,
        # Under an older hash comes what is here now, which must not be kept.
        "Cache-Control": _FOR_EVER if tree == tree_hash() else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if takes_gzip(request):
        packed = _packed(name)
        if len(packed) < len(content):
            content = packed
            headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=_MEDIA_TYPES[PurePosixPath(name).suffix], headers=headers)


@router.get("/embed.js")
def embed() -> Response:
    """
    Return the module that other sites load: it brings the booker from the tree that is here now.
    """
    script = f'export {{ CalendoBooker }} from ".{static_path()}/booker/element.js";\n'
    headers = {**_FOR_EVERYBODY, "Cache-Control": "public, max-age=300"}
    return Response(script, media_type="text/javascript", headers=headers)


def static_path() -> str:
    """
    Return the path under which the tree's files are.
    """
    return f"/static/{tree_hash()}"


def modules(folder: str) -> list[str]:
    """
    List the modules in a folder of the tree, for pages that load them all at once.
    """
    return [name for name in _files() if name.startswith(f"{folder}/") and name.endswith(".js")]


@cache
def tree_hash() -> str:
    """
    Return the hash of all files, names and contents.
    """
    digest = hashlib.sha256()
    for name, content in _files().items():
        digest.update(b"%s\0%d\0%s" % (name.encode(), len(content), content))
    return digest.hexdigest()[:16]


@cache
def _files() -> dict[str, bytes]:
    found = {
        path.relative_to(_ROOT).as_posix(): path.read_bytes()
        for path in sorted(_ROOT.rglob("*"))
        if path.suffix in _MEDIA_TYPES
    }
    # The booker's texts, for pages of other sites (ours bring them along), and those of the chat panel.
    for language in LANGUAGES[1:]:
        found[f"texts/{language}.json"] = orjson.dumps(table(language, "booker"))
        found[f"texts/chat/{language}.json"] = orjson.dumps(table(language, "chat_panel"))
    return found


@cache
def _packed(name: str) -> bytes:
    return gzip.compress(_files()[name], 9, mtime=0)
