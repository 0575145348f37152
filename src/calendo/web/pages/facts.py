"""
The facts of a booking page for programs that read: Markdown beside each page, and ``/llms.txt``.
"""

from fastapi import APIRouter
from fastapi.responses import Response

from calendo.ops import accounts, booking_pages
from calendo.web.deps import BaseUrl, Db
from calendo.web.pages.rendering import render_text

router = APIRouter(include_in_schema=False)

_LOCATIONS = {"google_meet": "Google Meet", "zoom": "Zoom", "phone": "phone call", "custom": "as agreed"}


@router.get("/llms.txt")
def describe_server(base: BaseUrl) -> Response:
    """
    Say what this server is and how to book on it. Hosts are not listed: they give out their addresses.
    """
    return render_text("llms.md", base=base)


@router.get("/{page:page}.md")
def describe_page(page: str, db: Db, base: BaseUrl) -> Response:
    """
    Say who the host is and what can be booked.
    """
    with db.read() as tx:
        host = booking_pages.get_public_page(tx, page)
        return render_text(
            "page.md",
            base=base,
            host=host,
            types=booking_pages.list_public_types(tx, host),
            zone=accounts.get_user(tx, host.host_id).timezone,
            locations=_LOCATIONS,
        )


@router.get("/{page:page}/{event:slug}.md")
def describe_event_type(page: str, event: str, db: Db, base: BaseUrl) -> Response:
    """
    Say what an event type is, what it asks, and how to list its times and book one.
    """
    with db.read() as tx:
        event_type = booking_pages.get_public_type(tx, page, event)
        host = booking_pages.get_public_page(tx, page)
        return render_text(
            "event_type.md",
            base=base,
            host=host,
            event_type=event_type,
            zone=accounts.get_user(tx, host.host_id).timezone,
            locations=_LOCATIONS,
        )
