"""
Who looks at a page of the dashboard: a guest, or a host who is logged in.

Each area makes its router by ``area``; its routes are for hosts only, and are given a ``Visit``.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, ClassVar, cast
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from anyio.to_thread import run_sync
from babel import Locale
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from calendo.db.engine import Database
from calendo.db.models import BookingPage, User
from calendo.errors import CalendoError
from calendo.i18n import LANGUAGES
from calendo.ops import accounts, booking_pages
from calendo.web.dashboard import notices
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.navigation import Area, areas_of
from calendo.web.deps import base_url
from calendo.web.pages.changes import zone_or_utc
from calendo.web.pages.languages import texts_for
from calendo.web.pages.parts import read_form
from calendo.web.pages.rendering import render
from calendo.web.routing import check_address
from calendo.web.security import check_site, identify_by_session

HOME = "/app"
LOGIN = "/app/login"
#: Where in a request's scope a route puts the visitor it found.
VISITOR = "calendo.visitor"
#: Where texts are looked for that an area does not have itself.
SHARED_DOMAINS = ("dashboard", "errors", "pages")
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_PRINTABLE = range(0x21, 0x7F)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Visitor:
    """
    Somebody who looks at a page, and the language that is spoken with them.
    """

    def __init__(self, request: Request, domain: str, liked: str | None = None) -> None:
        self.request = request
        self.texts = texts_for(request, domain, *SHARED_DOMAINS, liked=liked)

    def render(
        self, template: str, status: int = 200, *, modules: Sequence[str] = (), **values: Any
    ) -> HTMLResponse:
        """
        Render a template under ``templates/dashboard``, with the notice that was left for it.

        ``modules`` are the scripts of its own that the page needs, under ``static/dashboard``.
        """
        shown = {"notice": notices.find(self.request), "modules": modules, "visitor": self, **values}
        response = render(f"dashboard/{template}", status, texts=self.texts, scripts=True, **shown)
        response.headers.update(_PRIVATE)
        notices.remove(self.request, response)
        return response

    def form(self, **values: object) -> Form:
        """
        Make a form with what there is already; a list is what is chosen of several.
        """
        shown = {
            name: [str(part) for part in (value if isinstance(value, list) else [value])]
            for name, value in values.items()
            if value is not None
        }
        return Form(self.texts, shown)

    def refuse(
        self, template: str, form: Form, error: CalendoError, *, field: str | None = None, **values: Any
    ) -> HTMLResponse:
        """
        Show a form again with what was typed and what is wrong with it; ``render`` says what else.
        """
        return self.render(template, error.status, form=form.blame(error, field), **values)

    def turn_to(self, path: str, notice: str | None = None) -> Response:
        """
        Send the browser on after a form was accepted, to a page that begins with a notice.
        """
        response = Response(status_code=303, headers={"Location": path, **_PRIVATE})
        if notice:
            notices.leave(self.request, response, notice)
        return response


class Guest(Visitor):
    """
    Somebody who is not logged in, or of whom it does not matter.
    """

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """
        List the languages to choose from: tag, own name, and this page's address in it.
        """
        url = self.request.url
        return [
            (
                tag,
                (Locale(tag).get_display_name() or tag).capitalize(),
                f"{url.path}?{url.include_query_params(lang=tag).query}",
            )
            for tag in LANGUAGES
        ]

    @property
    def address(self) -> str:
        """
        This page's own address, for its form: the language that was asked for stays.
        """
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path


class Visit(Visitor):
    """
    A host who is logged in: the account, the booking page and the zone that times are shown in.
    """

    def __init__(self, request: Request, domain: str, host: User, page: BookingPage, token: str) -> None:
        super().__init__(request, domain, liked=host.locale)
        self.host = host
        self.host_id = host.id
        self.page = page
        self.token = token
        self.zone: ZoneInfo = zone_or_utc(host.timezone)
        self.areas = areas_of(request.app)

    def is_in(self, area: Area) -> bool:
        """
        Say whether the page belongs to an area.
        """
        path = self.request.url.path
        return path == area.path or path.startswith(f"{area.path}/")

    @property
    def page_url(self) -> str:
        """
        The whole address of the booking page.
        """
        return f"{base_url(self.request)}/{self.page.slug}"


class _GuestRoute(APIRoute):
    """
    A route of the dashboard for everybody. What changes something has to come from this site.
    """

    domain: ClassVar[str]

    def get_route_handler(self) -> Handler:
        """
        Find out who it is before FastAPI's own handling.
        """
        handle = super().get_route_handler()

        async def checked(request: Request) -> Response:
            # With or without a cookie: nobody shall be logged in by another site either.
            check_site(request.method, request.headers)
            check_address(request)
            visitor = await run_sync(self.find_visitor, request)
            if visitor is None:
                return Visitor(request, self.domain).turn_to(_login_for(request))
            request.scope[VISITOR] = visitor
            return await handle(request)

        return checked

    def find_visitor(self, request: Request) -> Visitor | None:
        """
        Find the visitor whom the route is for; None has to log in first.
        """
        return Guest(request, self.domain)


class _HostRoute(_GuestRoute):
    def find_visitor(self, request: Request) -> Visitor | None:
        return find_visit(request, self.domain)


def area(path: str, domain: str) -> APIRouter:
    """
    Make the router of an area: for hosts, below ``path``, its texts in ``domain``.
    """
    return _router(_HostRoute, path, domain)


def open_area(path: str, domain: str) -> APIRouter:
    """
    Make a router of pages for everybody.
    """
    return _router(_GuestRoute, path, domain)


def find_visit(request: Request, domain: str) -> Visit | None:
    """
    Find the host whose session's cookie a request brings.
    """
    db: Database = request.app.state.db
    caller = identify_by_session(db, request.headers, request.app.state.clock())
    if caller is None or caller.session_token is None:
        return None
    with db.read() as tx:
        host = accounts.get_user(tx, caller.user_id)
        page = booking_pages.get_page(tx, caller.user_id)
    return Visit(request, domain, host, page, caller.session_token)


def safe_return(path: str | None) -> str:
    """
    Return an address to go to after logging in: one of the dashboard's own pages, or its home.
    """
    if not path or "\\" in path or any(ord(char) not in _PRINTABLE for char in path):
        return HOME
    parts = urlsplit(path)
    inside = parts.path == HOME or parts.path.startswith(f"{HOME}/")
    return path if inside and not parts.scheme and not parts.netloc else HOME


def _login_for(request: Request) -> str:
    """
    The log-in page, and from there back to what was asked for; what a form did cannot be repeated.
    """
    url = request.url
    if request.method != "GET" or url.path == HOME:
        return LOGIN
    path = f"{url.path}?{url.query}" if url.query else url.path
    return f"{LOGIN}?next={quote(path, safe='')}"


def _router(kind: type[_GuestRoute], path: str, texts_domain: str) -> APIRouter:
    class Route(kind):  # type: ignore[misc, valid-type]  # mypy knows no classes that are arguments
        domain = texts_domain

    return APIRouter(prefix=path, include_in_schema=False, route_class=Route)


async def _typed(request: Request) -> Form:
    return Form(request.scope[VISITOR].texts, await read_form(request))


async def _visitor(request: Request) -> Visitor:
    return cast("Visitor", request.scope[VISITOR])


Guesting = Annotated[Guest, Depends(_visitor)]
Visiting = Annotated[Visit, Depends(_visitor)]
#: The form that a browser sent.
Typed = Annotated[Form, Depends(_typed)]
