"""
The booking page: its host's settings, and what everybody may see of it.
"""

from typing import Any, Self

from fastapi import APIRouter
from pydantic import BaseModel

from calendo.core.colors import brand
from calendo.db.models import BookingPage
from calendo.errors import NotFound, SlugTaken
from calendo.ops import booking_pages
from calendo.web.api.answers import ANY, CHANGE, USER
from calendo.web.api.event_types import PUBLIC_CALL, PublicEventType
from calendo.web.api.fields import Body, Color, EventSlug, Line, PageSlug, Slug, Text, example, unset
from calendo.web.avatars import find_avatar_url
from calendo.web.deps import BaseUrl, Db, UserId
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute, UserRoute

private = APIRouter(prefix="/api/booking-page", tags=["Booking page"], route_class=UserRoute)
public = APIRouter(prefix="/api/booking-pages", tags=["Booking page"], route_class=ApiRoute)


_PAGE = {
    "id": 1,
    "slug": "jane-smith",
    "display_name": "Jane Smith",
    "bio": "Product Designer at Acme",
    "brand_color": "#2563eb",
    "welcome_message": "Pick a time that works for you!",
}


class PageChange(Body):
    """
    The settings to change; those left out stay as they are.
    """

    model_config = example({"bio": "Product Designer at Acme", "brand_color": "#7c3aed"})

    display_name: Line = unset()
    bio: Text = unset()
    brand_color: Color = unset()
    welcome_message: Text = unset()
    slug: Slug = unset()


class BrandColors(BaseModel):
    """
    The brand colour, mended where text in it could not be read: on light grounds and on dark ones.
    """

    light: str
    dark: str


class PublicHost(BaseModel):
    """
    The host of a booking page, as everybody sees them.
    """

    slug: str
    display_name: str
    bio: str
    brand_color: str
    colors: BrandColors
    welcome_message: str
    avatar_url: str | None

    @classmethod
    def of(cls, row: BookingPage, avatar_url: str | None) -> Self:
        """
        Render a page's host, whose picture is at ``avatar_url``.
        """
        return cls(**_public(row, avatar_url))


class PublicPage(PublicHost):
    """
    A booking page for everybody: the host, the branding and the event types on show.
    """

    model_config = example(
        {
            **{name: value for name, value in _PAGE.items() if name != "id"},
            "colors": {"light": "#2461e7", "dark": "#5888f0"},
            "avatar_url": "https://meet.example.com/avatars/6b86b273ff34fce19d6b804eff5a3f57.webp",
            "event_types": [PUBLIC_CALL],
        }
    )

    event_types: list[PublicEventType]


class PageOut(BaseModel):
    """
    A booking page for its host.
    """

    model_config = example(_PAGE)

    id: int
    slug: str
    display_name: str
    bio: str
    brand_color: str
    welcome_message: str

    @classmethod
    def of(cls, row: BookingPage) -> Self:
        """
        Render a page.
        """
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


@private.get("", summary="Read your booking page", responses=errors(*ANY, *USER))
def read_page(db: Db, user_id: UserId) -> PageOut:
    """
    Return the settings of your booking page.
    """
    with db.read() as tx:
        return PageOut.of(booking_pages.get_page(tx, user_id))


@private.put("", summary="Change your booking page", responses=errors(*ANY, *CHANGE, SlugTaken))
def change_page(body: PageChange, db: Db, user_id: UserId) -> PageOut:
    """
    Change the settings that are sent. A new slug takes effect at once; the old address is gone.
    """
    with db.write() as tx:
        return PageOut.of(booking_pages.change(tx, user_id, body.model_dump(exclude_unset=True)))


@public.get("/{slug}", summary="Read a public booking page", responses=errors(*ANY, NotFound))
def read_public_page(slug: PageSlug, db: Db, base_url: BaseUrl) -> PublicPage:
    """
    Return a host's page with the event types that are active and not secret.
    """
    with db.read() as tx:
        page = booking_pages.get_public_page(tx, slug)
        shown = [PublicEventType.of(row) for row in booking_pages.list_public_types(tx, page)]
        picture = find_avatar_url(tx, page.host_id, base_url)
        return PublicPage(**_public(page, picture), event_types=shown)


@public.get("/{slug}/{event}", summary="Read a public event type", responses=errors(*ANY, NotFound))
def read_public_type(slug: PageSlug, event: EventSlug, db: Db) -> PublicEventType:
    """
    Return one active event type; a secret one answers here too, to those who know its slug.
    """
    with db.read() as tx:
        return PublicEventType.of(booking_pages.get_public_type(tx, slug, event))


def _public(page: BookingPage, avatar_url: str | None) -> dict[str, Any]:
    colors = brand(page.brand_color)
    return {
        **PageOut.of(page).model_dump(exclude={"id"}),
        "colors": BrandColors(light=colors.light, dark=colors.dark),
        "avatar_url": avatar_url,
    }
