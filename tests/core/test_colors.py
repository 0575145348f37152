"""
Brand colours can be read, whatever a host chose, on light grounds and on dark ones.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import calendo.web
from calendo.core.colors import DARK_GROUNDS, LIGHT_GROUNDS, READABLE, brand, contrast, in_full, tint

TOKENS = (Path(calendo.web.__file__ or "").parent / "static" / "tokens.css").read_text()

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_what_wcag_reckons(one: str, other: str, ratio: float) -> None:
    """
    Pairs whose ratio is well known, in either order.
    """
    assert ratio == round(contrast(one, other), 2)
    assert contrast(other, one) == contrast(one, other)


@given(colors)
def test_every_colour_can_be_read_once_mended(color: str) -> None:
    """
    As text on each ground and on its own tint, and as the ground of a button's label.
    """
    mended = brand(color)

    for shown, grounds, label in (
        (mended.light, LIGHT_GROUNDS, "#ffffff"),
        (mended.dark, DARK_GROUNDS, "#0c0e12"),
    ):
        for ground in (*grounds, tint(shown, grounds[0]), label):
            assert contrast(shown, ground) >= READABLE


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    """
    Nothing is mended that need not be.
    """
    assert "#7c3aed" == brand("#7c3aed").light
    assert "#ffff00" == brand("#ffff00").dark


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    """
    The colours reckoned with here are the ones that pages have, the button's label included.
    """

    def token(name: str) -> tuple[str, ...]:
        found = re.search(rf"--{name}: var\(--calendo-{name}, light-dark\((#\w+), (#\w+)\)\)", TOKENS)
        assert found is not None
        return found.groups()

    assert list(zip(LIGHT_GROUNDS, DARK_GROUNDS, strict=True)) == [token("card"), token("ground")]
    assert ("#ffffff", "#0c0e12") == token("on-accent")
    assert "var(--accent) 10%, var(--card)" in TOKENS


@pytest.mark.parametrize(
    ("short", "full"), [("#07f", "#0077ff"), ("#FE6", "#ffee66"), ("#2563EB", "#2563eb")]
)
def test_three_digits_are_short_for_six(short: str, full: str) -> None:
    """
    Wherever a colour is reckoned with.
    """
    assert full == in_full(short)
    assert brand(full) == brand(short)
