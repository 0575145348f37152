"""
Bookings as files for calendars, and the feed that a host's calendar subscribes to.
"""

import hashlib
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from calendo.core.calendars import Entry
from calendo.errors import NotFound
from calendo.integrations.calendar_files import MEDIA_TYPE, download, feed
from calendo.integrations.links import Purpose
from calendo.ops import calendars, manage
from calendo.web.api.answers import ANY, CHANGE, USER
from calendo.web.api.book import manage_url
from calendo.web.api.fields import Id, example
from calendo.web.deps import BaseUrl, Db, LinkTokens, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute, UserRoute

private = APIRouter(prefix="/api", tags=["Bookings"], route_class=UserRoute)
public = APIRouter(prefix="/api/manage", tags=["Bookings"], route_class=ApiRoute)
feeds = APIRouter(prefix="/feeds", include_in_schema=False)

# What these addresses answer is for whoever asks, and for no cache in between and no search engine.
_PRIVATE = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_EXAMPLE = """\
BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Calendo//Calendo//EN\r
CALSCALE:GREGORIAN\r
METHOD:PUBLISH\r
BEGIN:VEVENT\r
SUMMARY:30 Minute Call with Bob Johnson\r
DTSTART:20260310T190000Z\r
DTEND:20260310T193000Z\r
DTSTAMP:20260307T100000Z\r
UID:a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d@calendo\r
SEQUENCE:0\r
ORGANIZER;CN="Jane Smith":mailto:jane@example.com\r
STATUS:CONFIRMED\r
END:VEVENT\r
END:VCALENDAR\r
"""
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}, "example": _EXAMPLE}}}
}


class FeedOut(BaseModel):
    """
    Where calendars read all bookings. Whoever has the address can.
    """

    model_config = example(
        {"url": "https://meet.example.com/feeds/obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h.ics"}
    )

    url: str


@private.get(
    "/bookings/{booking_id}.ics",
    summary="Download a booking",
    response_class=Response,
    responses={**_FILE, **errors(*ANY, *USER, NotFound)},
)
def download_booking(booking_id: Id, db: Db, user_id: UserId) -> Response:
    """
    Return one booking as an iCalendar file. Taken into a calendar again it replaces the former one.
    """
    with db.read() as tx:
        entry = calendars.for_host(tx, user_id, booking_id)
    return _file(download(entry), "attachment", "booking")


@public.get(
    "/{token}/calendar.ics",
    summary="Download your booking",
    response_class=Response,
    responses={**_FILE, **errors(*ANY, NotFound)},
)
def download_managed(
    token: Annotated[
        str,
        Path(
            description="The last segment of the booking's `manage_url`",
            examples=["obLD1F5vSnuMnQ4fKjtMXfjbE0uTqKk1tPLQzBVvVbDUqC0h"],
        ),
    ],
    db: Db,
    links: LinkTokens,
    base_url: BaseUrl,
) -> Response:
    """
    Return the booking that a link is for as an iCalendar file.
    """
    with db.read() as tx:
        booking = manage.get_by_token(tx, links, Purpose.MANAGE, token)
        entry = calendars.for_invitee(tx, booking, manage_url(links, base_url, booking))
    return _file(download(entry), "attachment", "booking")


@private.get("/calendar-feed", summary="Read your calendar feed's address", responses=errors(*ANY, *USER))
def read_feed(db: Db, user_id: UserId, links: LinkTokens, base_url: BaseUrl) -> FeedOut:
    """
    Return the address that a calendar subscribes to, to show all your bookings.
    """
    with db.read() as tx:
        return _feed_out(calendars.feed_token(tx, links, user_id), base_url)


@private.post(
    "/calendar-feed/replace",
    summary="Replace your calendar feed's address",
    responses=errors(*ANY, *CHANGE),
)
def replace_feed(db: Db, user_id: UserId, links: LinkTokens, base_url: BaseUrl) -> FeedOut:
    """
    Make a new address; the former one is dead from here on, and calendars have to subscribe again.
    """
    with db.write() as tx:
        calendars.replace_feed(tx, user_id)
        return _feed_out(calendars.feed_token(tx, links, user_id), base_url)


@feeds.api_route("/{token}.ics", methods=["GET", "HEAD"])
def feed_file(token: str, request: Request, db: Db, now: Now, links: LinkTokens) -> Response:
    """
    Return a host's bookings, of the last 90 days and all to come, as a calendar to subscribe to.
    """
    with db.read() as tx:
        host = calendars.get_by_feed_token(tx, links, token)
        entries = calendars.list_feed(tx, host, now)
    etag = _etag(host.name, entries)
    if _is_known(etag, request.headers.getlist("If-None-Match")):
        return Response(status_code=304, headers={"ETag": etag, **_PRIVATE})
    response = _file(feed(entries, name=host.name), "inline", "bookings")
    response.headers["ETag"] = etag
    return response


def _feed_out(token: str, base_url: str) -> FeedOut:
    return FeedOut(url=f"{base_url}/feeds/{token}.ics")


def _file(content: bytes, disposition: str, name: str) -> Response:
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'{disposition}; filename="{name}.ics"', **_PRIVATE},
    )


def _etag(name: str, entries: list[Entry]) -> str:
    """
    Name a feed's content by what goes into it, which is quicker than writing it.
    """
    made_of = repr((version("calendo"), name, entries))
    return f'"{hashlib.sha256(made_of.encode()).hexdigest()[:32]}"'


def _is_known(etag: str, headers: list[str]) -> bool:
    # Proxies that compress mark a tag as weak, which for GET makes no difference (RFC 9110 13.1.2).
    tags = {tag.strip().removeprefix("W/") for header in headers for tag in header.split(",")}
    return etag in tags or "*" in tags
