"""
Booking pages: a host's public face and its address.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select

from calendo.db.engine import Tx
from calendo.db.models import BookingPage, EventType, User
from calendo.errors import NotFound, SlugTaken
from calendo.ops import slugs
from calendo.ops.locks import lock_slugs

DEFAULT_BRAND_COLOR = "#2563eb"


def create(tx: Tx, user: User) -> BookingPage:
    """
    Make a new host's page, under a slug made from the name.
    """
    lock_slugs(tx)
    wanted = slugs.slug_of(user.name, fallback="host")
    alike = tx.scalars(
        select(BookingPage.slug).where(
            or_(BookingPage.slug == wanted, BookingPage.slug.startswith(f"{wanted}-", autoescape=True))
        )
    )
    page = BookingPage(
        host_id=user.id,
        slug=slugs.first_free(wanted, {*alike, *slugs.RESERVED}),
        display_name=user.name,
        bio="",
        brand_color=DEFAULT_BRAND_COLOR,
        welcome_message="",
    )
    tx.add(page)
    tx.flush()
    return page


def get_page(tx: Tx, host_id: int) -> BookingPage:
    """
    Return a host's own page.
    """
    return tx.scalars(select(BookingPage).where(BookingPage.host_id == host_id)).one()


def change(tx: Tx, host_id: int, changes: Mapping[str, str]) -> BookingPage:
    """
    Change the page. Raises ``SlugTaken`` for a slug that is taken or reserved.
    """
    page = get_page(tx, host_id)
    slug = changes.get("slug", page.slug)
    if slug != page.slug:
        lock_slugs(tx)
        taken = tx.scalar(select(BookingPage.id).where(BookingPage.slug == slug))
        if taken is not None or slug in slugs.RESERVED:
            raise SlugTaken
    for field, value in changes.items():
        setattr(page, field, value)
    tx.flush()
    return page


def get_public_page(tx: Tx, slug: str) -> BookingPage:
    """
    Return the page with this slug, for anybody.
    """
    page = tx.scalar(select(BookingPage).where(BookingPage.slug == slug))
    if page is None:
        raise NotFound("There is no booking page at this address.")
    return page


def list_public_types(tx: Tx, page: BookingPage) -> Sequence[EventType]:
    """
    List the event types that the page shows: active and not secret, in the host's order.
    """
    return tx.scalars(
        select(EventType)
        .where(EventType.host_id == page.host_id, EventType.is_active, ~EventType.is_secret)
        .order_by(EventType.position, EventType.id)
    ).all()


def get_public_type(tx: Tx, page_slug: str, event_slug: str) -> EventType:
    """
    Return an active event type under its address, secret or not.
    """
    event_type = tx.scalar(
        select(EventType)
        .join(BookingPage, BookingPage.host_id == EventType.host_id)
        .where(BookingPage.slug == page_slug, EventType.slug == event_slug, EventType.is_active)
    )
    if event_type is None:
        raise NotFound("There is no event type to book at this address.")
    return event_type
