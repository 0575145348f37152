"""
Colours that can be read: contrast as WCAG 2.2 reckons it, and mending it.

A colour is written ``#2563eb``, or short as ``#07f``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

#: What text needs against its ground (WCAG 2.2, 1.4.3).
READABLE = 4.5
#: The grounds of pages and cards, light and dark, as ``static/tokens.css`` has them.
LIGHT_GROUNDS = ("#ffffff", "#f6f7f9")
DARK_GROUNDS = ("#17191f", "#0f1115")

_STEPS = 64
_LINEAR_UNTIL = 0.04045
#: How much of a colour its tint has; the rest is the card's ground.
_TINT = 0.10

_Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Brand:
    """
    A brand colour as pages use it, for text and for buttons: on light grounds and on dark ones.
    """

    light: str
    dark: str


def brand(color: str) -> Brand:
    """
    Mend a brand colour for both schemes.

    It stays what it is where it can be read; else it is darkened, or lightened, as little as will do.
    """
    color = in_full(color)
    return Brand(_mended(color, LIGHT_GROUNDS, "#000000"), _mended(color, DARK_GROUNDS, "#ffffff"))


def contrast(one: str, other: str) -> float:
    """
    Return the contrast ratio of two colours, from 1 to 21.
    """
    lighter, darker = sorted((_luminance(_parsed(one)), _luminance(_parsed(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tint(color: str, card: str) -> str:
    """
    Return the faint ground that pages lay under things of a colour.
    """
    return _mixed(card, color, _TINT)


def in_full(color: str) -> str:
    """
    Write a colour with six digits, in lower case: ``#0077ff`` for ``#07F``.
    """
    digits = color.removeprefix("#").lower()
    # Three digits are short for six (CSS Color 4, 5.2).
    return f"#{digits if len(digits) > len('rgb') else ''.join(digit * 2 for digit in digits)}"


def _mended(color: str, grounds: Sequence[str], towards: str) -> str:
    for step in range(_STEPS):
        candidate = _mixed(color, towards, step / _STEPS)
        if all(contrast(candidate, ground) >= READABLE for ground in (*grounds, tint(candidate, grounds[0]))):
            return candidate
    return towards


def _parsed(color: str) -> _Rgb:
    red, green, blue = bytes.fromhex(in_full(color).removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _mixed(color: str, other: str, part: float) -> str:
    shares = (one * (1 - part) + two * part for one, two in zip(_parsed(color), _parsed(other), strict=True))
    return "#" + "".join(f"{round(share * 255):02x}" for share in shares)


def _luminance(color: _Rgb) -> float:
    red, green, blue = map(_linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    # sRGB, as WCAG 2.2 has it in its definition of relative luminance.
    return share / 12.92 if share <= _LINEAR_UNTIL else ((share + 0.055) / 1.055) ** 2.4
