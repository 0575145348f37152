"""
How pages are rendered: templates, texts, and the headers that close them to what they do not need.
"""

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.types import Scope

from calendo.errors import MethodNotAllowed, NotFound
from calendo.i18n import Texts, install_texts, translations
from calendo.web import problems, static_files
from calendo.web.pages.languages import DOMAIN, texts_for
from calendo.web.pages.messages import tell

_HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # Each is in the language that the browser asks for.
    "Vary": "Accept-Language",
}
#: No Referer, so that no site a link leads to learns the address. Browsers then say ``Origin: null``.
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|])")

_templates = Environment(
    loader=PackageLoader("calendo.web"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
install_texts(_templates)


def render(
    template: str,
    status: int = 200,
    *,
    texts: Texts | None = None,
    style: str = "",
    scripts: bool = False,
    **values: Any,
) -> HTMLResponse:
    """
    Render a template as a page.

    ``style`` is CSS of this page alone, made by us; ``scripts`` opens the page to our own
    modules, and to their calls of our own API.
    """
    texts = texts or translations(None, DOMAIN)
    html = _templates.get_template(template).render(
        static=static_files.static_path(),
        texts=texts,
        style=style,
        **values,
    )
    return HTMLResponse(
        html, status, {**_HEADERS, "Content-Security-Policy": _policy(style, scripts=scripts)}
    )


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


def render_text(template: str, **values: Any) -> Response:
    """
    Render a template as Markdown, for programs that read.
    """
    text = _templates.get_template(template).render(**values)
    return Response(text, media_type="text/markdown; charset=utf-8", headers=_HEADERS)


def respond(scope: Scope, error: Exception) -> Response:
    """
    Render an error as whoever called can read it: JSON to programs, else a page.
    """
    path: str = scope["path"]
    if path in {"/api", "/mcp"} or path.startswith(("/api/", "/feeds/")):
        return problems.response_for(error)
    known = problems.understood(error)
    missing = known.status == NotFound.status
    texts = texts_for(Request(scope), DOMAIN, "errors")
    # The address may hold a token, even though it is none that fits.
    return render_private(
        "problem.html",
        known.status,
        texts=texts,
        message=tell(texts, known),
        is_host=path.startswith("/app/"),
        # A link that is none says itself where a good one is.
        seek=missing and not path.startswith(("/manage/", "/bookings/")),
        missing=missing,
    )


async def handle(request: Request, error: Exception) -> Response:
    """
    ``respond`` in the form that Starlette's exception handlers have.
    """
    response = respond(request.scope, error)
    if response.status_code == MethodNotAllowed.status:
        response.headers["Allow"] = problems.allowed_methods(request)
    return response


def _policy(style: str, *, scripts: bool) -> str:
    # What is inline is allowed by its hash, and nothing else that is inline is.
    allowed = f" 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" if style else ""
    open_to = "script-src 'self'; connect-src 'self'; " if scripts else ""
    return (
        f"default-src 'none'; style-src 'self'{allowed}; {open_to}img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def _plain_markdown(text: str) -> str:
    # What people wrote stays text: no headings, links or markup of theirs.
    return _MARKDOWN_SIGNS.sub(r"\\\1", " ".join(text.split()))


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[:1] for word in (words[:1] + words[1:][-1:])).upper()


_templates.filters["md"] = _plain_markdown
_templates.filters["initials"] = _initials
