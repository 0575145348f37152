"""
What assistants can do over MCP: the public operations of the API, and a host's own bookings.

They go through the same functions as the API, and take and refuse the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from typing import Annotated, Any, Literal, cast

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request

from calendo.core.instants import Instant, get_zone
from calendo.core.slots import by_local_date
from calendo.db.engine import Database
from calendo.errors import CalendoError, InvalidInput, Unauthenticated
from calendo.ops import booking_lists, booking_pages, bookings, slots
from calendo.ops.booking_lists import BookingFilter
from calendo.web.api.book import BookingIn, InviteeBooking, manage_url
from calendo.web.api.bookings import BookingOut, described
from calendo.web.api.event_types import PublicEventType
from calendo.web.api.fields import Bound, Email, Line, Moment, Slug, Text, Zone, parse_bound, parse_date
from calendo.web.api.ranges import reckonable
from calendo.web.deps import base_url
from calendo.web.problems import validation_problem
from calendo.web.security import IDENTITY, Identity

#: So many days are looked at once; an assistant has to read all that it is told.
MAX_RANGE_DAYS = 31
MAX_BOOKINGS = 100
_ABOUT = """\
Books meetings with the people who have a booking page on this server. Each page has a slug, the last
part of its address: of https://meet.example.com/jane-smith it is jane-smith. List the page's event types,
find slots of one, let the invitee choose, and book. Times are UTC or bring their offset; what you tell
people, tell them in their own time zone. Book only what a person has agreed to.
"""

Page = Annotated[Slug, Field(description="Slug of the booking page, such as jane-smith")]
EventType = Annotated[Slug, Field(description="Slug of the event type, as list_event_types gives it")]
Day = Annotated[str, Field(description="A date in the invitee's time zone, such as 2026-03-10")]
InviteesZone = Annotated[Zone, Field(description="The invitee's IANA time zone, such as Europe/Berlin")]
OptionalBound = Annotated[
    Bound | None, Field(description="A date (UTC), or an instant such as 2026-03-10T14:00:00Z")
]


class PageWithTypes(BaseModel):
    """
    A booking page and what can be booked there.
    """

    page: str
    display_name: str
    bio: str
    event_types: list[PublicEventType]


class Slot(BaseModel):
    """
    A time that can be booked: ``local_time`` on the invitee's clock, ``start_time`` in UTC.
    """

    local_time: str
    start_time: str


class FreeSlots(BaseModel):
    """
    The slots by the invitee's local date; dates without any are left out.
    """

    timezone: str
    dates: dict[str, list[Slot]]


class BookingList(BaseModel):
    """
    A host's bookings, latest start first; times are UTC.
    """

    bookings: list[BookingOut]


def make_server() -> MCPServer[Any]:
    """
    Make the server with its tools.
    """
    server: MCPServer[Any] = MCPServer(
        "calendo", title="Calendo", instructions=_ABOUT, version=version("calendo"), subscriptions=False
    )
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    server.add_tool(list_event_types, annotations=reading)
    server.add_tool(find_slots, annotations=reading)
    server.add_tool(
        book,
        annotations=ToolAnnotations(
            read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False
        ),
    )
    server.add_tool(list_bookings, annotations=reading)
    return server


def list_event_types(page: Page, context: Context[Any, Request]) -> PageWithTypes:
    """
    List what can be booked on somebody's booking page: names, lengths, places and the questions asked.
    """
    with _told(), _state(context).db.read() as tx:
        found = booking_pages.get_public_page(tx, page)
        return PageWithTypes(
            page=found.slug,
            display_name=found.display_name,
            bio=found.bio,
            event_types=[PublicEventType.of(row) for row in booking_pages.list_public_types(tx, found)],
        )


def find_slots(
    page: Page,
    event_type: EventType,
    start_date: Day,
    end_date: Day,
    context: Context[Any, Request],
    timezone: InviteesZone = "UTC",
) -> FreeSlots:
    """
    Find the times at which an event type can be booked, from one date to another, both included.

    At most 31 days at once. Only what is listed here can be booked.
    """
    state = _state(context)
    with _told():
        dates = _dates(start_date, end_date)
        zone = get_zone(timezone)
        with state.db.quick() as query:
            starts = slots.look_up(query, page, event_type, dates, zone, state.now)
    labels, instants = by_local_date(starts, zone)
    return FreeSlots(
        timezone=timezone,
        dates={
            day: [
                Slot(local_time=label, start_time=start)
                for label, start in zip(labels[day], instants[day], strict=True)
            ]
            for day in labels
        },
    )


def book(
    page: Page,
    event_type: EventType,
    start_time: Annotated[Moment, Field(description="A start_time that find_slots gave")],
    name: Annotated[Line, Field(description="The invitee's name")],
    email: Annotated[Email, Field(description="The invitee's e-mail address; the confirmation goes there")],
    context: Context[Any, Request],
    timezone: InviteesZone = "UTC",
    answers: Annotated[
        dict[str, Any] | None,
        Field(description="Answers to the event type's questions, by the question's id"),
    ] = None,
    notes: Annotated[Text | None, Field(description="What the invitee wants to say about it")] = None,
) -> InviteeBooking:
    """
    Book a meeting for an invitee who has agreed to it.

    The status is pending where the host has to confirm it. The manage_url lets whoever has
    it move and cancel the meeting: give it to the invitee and to nobody else.
    """
    state = _state(context)
    with _told():
        request = BookingIn(
            name=name,
            email=email,
            start_time=start_time,
            timezone=timezone,
            answers=answers or {},
            notes=notes,
        ).to_request()
        with state.db.write() as tx:
            wanted = booking_pages.get_public_type(tx, page, event_type)
            made = bookings.book(tx, wanted, request, state.now)
            return InviteeBooking.of(made, manage_url(state.app.state.links, base_url(state.request), made))


def list_bookings(
    context: Context[Any, Request],
    status: Annotated[
        Literal["pending", "confirmed", "cancelled", "declined"] | None,
        Field(description="Only of this status"),
    ] = None,
    starts_from: OptionalBound = None,
    starts_to: OptionalBound = None,
    limit: Annotated[int, Field(ge=1, le=MAX_BOOKINGS)] = 50,
) -> BookingList:
    """
    List the bookings of the host whose API key this connection sends. Without a key there are none.
    """
    state = _state(context)
    identity: Identity | None = state.request.scope.get(IDENTITY)
    with _told():
        if identity is None:
            raise Unauthenticated("Send an API key of the host: Authorization: Bearer cal_...")
        wanted = BookingFilter(
            statuses=None if status is None else (status,),
            from_ts=None if starts_from is None else parse_bound("starts_from", starts_from),
            to_ts=None if starts_to is None else parse_bound("starts_to", starts_to, end=True),
            limit=limit,
        )
        with state.db.read() as tx:
            rows = booking_lists.list_bookings(tx, identity.user_id, wanted)
    return BookingList(bookings=[BookingOut(**described(row, row.event_type_name)) for row in rows])


class _State:
    """
    What the routes of the API are given as well: the database, the time, the request.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.app = request.app
        self.db: Database = request.app.state.db
        clock: Callable[[], Instant] = request.app.state.clock
        self.now: Instant = clock()


def _state(context: Context[Any, Request]) -> _State:
    return _State(cast("Request", context.request_context.request))


@contextmanager
def _told() -> Iterator[None]:
    """
    Tell the assistant what is wrong in the words that the API has for it.
    """
    try:
        yield
    except ValidationError as error:
        raise ToolError(validation_problem(error.errors()).message) from None
    except CalendoError as error:
        raise ToolError(f"{error.message} ({error.code})") from None


def _dates(start_date: str, end_date: str) -> tuple[date, date]:
    bounds = []
    for name, text in (("start_date", start_date), ("end_date", end_date)):
        try:
            bounds.append(parse_date(text))
        except ValueError as error:
            raise InvalidInput(f"{name}: {error}.") from None
    first_on, last_on = bounds
    if last_on < first_on:
        raise InvalidInput("end_date: this lies before start_date.")
    if (last_on - first_on).days >= MAX_RANGE_DAYS:
        raise InvalidInput(f"end_date: ask for at most {MAX_RANGE_DAYS} days at once.")
    return reckonable(first_on), reckonable(last_on)
