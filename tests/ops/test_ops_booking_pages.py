"""
Booking pages: one slug each, and only what is meant for everybody.
"""

import pytest

from calendo.db.engine import Database
from calendo.errors import NotFound, SlugTaken
from calendo.ops import booking_pages, event_types
from ops.making import make_host, make_type


def test_a_page_is_found_under_its_new_slug(db: Database) -> None:
    """
    After a change the page answers under the new slug, and the former one is free.
    """
    with db.write() as tx:
        host = make_host(tx)
        booking_pages.change(tx, host.id, {"slug": "jane", "bio": "Hello"})

        assert ("jane", "Hello") == (
            booking_pages.get_public_page(tx, "jane").slug,
            booking_pages.get_page(tx, host.id).bio,
        )
        with pytest.raises(NotFound):
            booking_pages.get_public_page(tx, "jane-smith")
        assert "jane-smith" == booking_pages.get_page(tx, make_host(tx).id).slug


def test_a_taken_or_reserved_slug_is_refused(db: Database) -> None:
    """
    The page keeps its slug and everything else.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_host(tx, name="Bob")
    for slug in ("bob", "api", "healthz", "login"):
        with pytest.raises(SlugTaken), db.write() as tx:
            booking_pages.change(tx, host.id, {"bio": "Hello", "slug": slug})

    with db.read() as tx:
        page = booking_pages.get_page(tx, host.id)
        assert ("jane-smith", "") == (page.slug, page.bio)


def test_a_page_may_keep_its_slug(db: Database) -> None:
    """
    Sending back what is there is no conflict.
    """
    with db.write() as tx:
        host = make_host(tx)
        page = booking_pages.change(tx, host.id, {"slug": "jane-smith", "welcome_message": "Hi"})

        assert ("jane-smith", "Hi") == (page.slug, page.welcome_message)


def test_a_page_shows_what_is_active_and_not_secret(db: Database) -> None:
    """
    A secret type answers under its address without being listed; one that is off does neither.
    """
    with db.write() as tx:
        host = make_host(tx)
        make_type(tx, host.id, name="Second", position=2)
        make_type(tx, host.id, name="First", position=1)
        make_type(tx, host.id, name="Secret", is_secret=True)
        off = make_type(tx, host.id, name="Off")
        event_types.switch_off(tx, host.id, off.id)
        page = booking_pages.get_page(tx, host.id)

        assert ["First", "Second"] == [row.name for row in booking_pages.list_public_types(tx, page)]
        assert "Secret" == booking_pages.get_public_type(tx, "jane-smith", "secret").name
        for address in (("jane-smith", "off"), ("jane-smith", "nothing"), ("nobody", "first")):
            with pytest.raises(NotFound):
                booking_pages.get_public_type(tx, *address)


def test_names_with_wildcards_do_not_confuse(db: Database) -> None:
    """
    A slug that merely begins alike does not take the number of another.
    """
    with db.write() as tx:
        slugs = [
            booking_pages.get_page(tx, make_host(tx, name=name).id).slug
            for name in ("a b", "a-b-c", "a b", "A_B", "a%b")
        ]

    assert ["a-b", "a-b-c", "a-b-2", "a-b-3", "a-b-4"] == slugs
