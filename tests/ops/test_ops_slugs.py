"""
Slugs: any name leads to an address, and no address is given twice or hides a part of the program.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo import app
from calendo.ops.slugs import MAX_SLUG_LENGTH, RESERVED, first_free, slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Jane Smith", "jane-smith"),
        ("  30 Minute   Call! ", "30-minute-call"),
        ("Søren Kierkegård", "soren-kierkegard"),
        ("Łukasz Żółć", "lukasz-zolc"),
        ("Ольга", "olga"),
        ("王小明", "wang-xiao-ming"),
        ("O'Neill & Sons", "o-neill-sons"),
        ("a/b\\c?d#e", "a-b-c-d-e"),
        ("../../etc", "etc"),
        ("¡Hola!", "hola"),
        ("", "host"),
        ("!!!", "host"),
        ("🙂", "host"),
        ("-", "host"),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    """
    Names are transliterated, and one of which nothing is left falls back to a word.
    """
    assert slug == slug_of(name, fallback="host")


def test_a_long_name_is_cut_between_words() -> None:
    """
    What is too long ends with a whole word and without a hyphen.
    """
    assert "-".join(["consultation"] * 4) == slug_of("Consultation " * 9, fallback="event")


@given(st.text(max_size=300))
def test_every_slug_fits_into_an_address(name: str) -> None:
    """
    Whatever a name holds, its slug is short, lower-case ASCII letters and digits with single hyphens.
    """
    slug = slug_of(name, fallback="host")

    assert 0 < len(slug) <= MAX_SLUG_LENGTH - len("-1000")
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert all(slug.split("-"))


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ((), "jane"),
        (("jane-2", "janet"), "jane"),
        (("jane",), "jane-2"),
        (("jane", "jane-2", "jane-3"), "jane-4"),
        (("jane", "jane-3"), "jane-2"),
    ],
)
def test_a_taken_slug_gets_a_number(taken: tuple[str, ...], free: str) -> None:
    """
    The first who comes has the plain slug, the next ones get the lowest free number from 2 on.
    """
    assert free == first_free("jane", taken)


def test_no_page_can_hide_a_part_of_the_program() -> None:
    """
    The first segment of every route of the program is reserved.
    """
    paths = [route.path for router in app._ROUTERS for route in router.routes]
    first_segments = {path.split("/")[1] for path in paths}
    named = {segment for segment in first_segments if segment and not segment.startswith("{")}

    assert {"api", "healthz", "readyz", "static"} <= named
    assert set() == named - RESERVED


def test_reserved_words_are_as_names_become() -> None:
    """
    Reserved words are lower-case, so that comparing a slug with them is enough.
    """
    assert {word.lower() for word in RESERVED} == RESERVED
    assert "host" not in RESERVED
    assert "event" not in RESERVED
