"""
How pages are rendered: templates, static files under the hash of their tree, headers.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.types import Scope

from calendo.errors import MethodNotAllowed, NotFound
from calendo.web import problems

router = APIRouter(include_in_schema=False)

_STATIC = Path(__file__).parent.parent / "static"
_MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
#: No Referer, so that no site a link leads to learns the address. Browsers then say ``Origin: null``.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

_templates = Environment(
    loader=PackageLoader("calendo.web"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """
    Render a template as a page.
    """
    html = _templates.get_template(template).render(static=f"/static/{_tree_hash()}", **values)
    return HTMLResponse(html, status, _HEADERS)


def render_private(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """
    Render a page whose address lets whoever has it act: kept by no cache, told to no other site.
    """
    response = render(template, status, **values)
    response.headers.update(_PRIVATE)
    return response


def turn_to(path: str) -> Response:
    """
    Send a browser whose form was accepted to the page that shows what came of it.
    """
    return Response(status_code=303, headers={"Location": path, **_PRIVATE})


def respond(scope: Scope, error: Exception) -> Response:
    """
    Render an error as whoever called can read it: JSON to programs, else a page.
    """
    path: str = scope["path"]
    if path in {"/api", "/mcp"} or path.startswith(("/api/", "/feeds/")):
        return problems.response_for(error)
    known = problems.understood(error)
    missing = known.status == NotFound.status
    # The address may hold a token, even though it is none that fits.
    return render_private("problem.html", known.status, message=known.message, missing=missing)


async def handle(request: Request, error: Exception) -> Response:
    """
    ``respond`` in the form that Starlette's exception handlers have.
    """
    response = respond(request.scope, error)
    if response.status_code == MethodNotAllowed.status:
        response.headers["Allow"] = problems.allowed_methods(request)
    return response


@router.get("/static/{tree}/{name}")
def static_file(tree: str, name: str) -> Response:
    """
    Return a static file; its address changes with its content, so it may be kept for ever.
    """
    known = _static_files()
    if name not in known:
        raise NotFound
    kept = "public, max-age=31536000, immutable" if tree == _tree_hash() else "no-cache"
    return Response(
        known[name],
        media_type=_MEDIA_TYPES[Path(name).suffix],
        headers={"Cache-Control": kept, "X-Content-Type-Options": "nosniff"},
    )


@cache
def _static_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir()) if path.suffix in _MEDIA_TYPES}


@cache
def _tree_hash() -> str:
    digest = hashlib.sha256()
    for name, content in _static_files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:16]
