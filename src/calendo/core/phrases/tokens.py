"""
A text in pieces: words, numbers, signs and numeric dates and clock times, each with its place.

Letters lose case, accents and width on the way, so that tables need one
spelling. Nothing here knows a language, but that Chinese and Japanese write
without spaces.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

#: Longer messages are read up to here: some 2,000 letters, which nobody writes to arrange a meeting.
#: A letter of a script without spaces counts as one.
MOST_PIECES = 400
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u00b4`", "'"),  # quotation marks and accents
        **dict.fromkeys("\u2010\u2011\u2013\u2014\u2015~\u301c", "-"),  # hyphens, dashes, wave dashes
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u3001\u30fb", ","),
        "\u3002": ".",
        "\u061f": "?",
        "\u00df": "ss",
    }
)
_KANA_MARKS = "\u3099\u309a"
#: Scripts written without spaces: kana, ideographs and their marks.
CONTINUOUS = "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_YEAR, _TWO = r"(\d{4})", r"(\d{1,2})"
_ALONE, _ENDS = r"(?<![\d.,:/])", r"(?![\d/]|[.,:]\d)"
#: What begins with a digit, or a sign before one; the first that fits is taken.
_SHAPES = [
    (kind, re.compile(shape))
    for kind, shape in (
        ("nothing", r"[$€£¥]\s?\d[\d.,]{0,12}|\d[\d.,]{0,12}\s?[$€£%](?!\w)|#\d+"),
        ("ymd", rf"{_ALONE}{_YEAR}([-/.])\s?{_TWO}\2\s?{_TWO}(?=t\d|(?!\d))"),
        ("numeric", rf"{_ALONE}{_TWO}\s?([/-])\s?{_TWO}\s?\2\s?(\d{{4}}|\d\d){_ENDS}"),
        ("dmy", rf"{_ALONE}{_TWO}\.\s?{_TWO}\.(?:\s?(\d{{4}})|(\d\d)){_ENDS}"),
        ("days_month", rf"{_ALONE}{_TWO}\.?\s?([-/])\s?{_TWO}\.\s?{_TWO}\.(?:\s?{_YEAR})?(?!\d)"),
        ("nothing", r"\+\d[\d\s().-]{6,20}\d|\(?\d{3,}\)?[-.\s]\d{3,}(?:[-.\s]\d{2,}){0,4}\b|\d{5,}"),
        ("hhmm", r"(?<![\d.,/])(\d{1,2})\s?:\s?(\d\d)(?::\d\d(?:\.\d+)?)?(?!\d)"),
        ("hhmm", r"(?<![\d.,/])(\d{1,2})h(\d\d)(?![\dh])"),
        ("day_month", rf"{_ALONE}{_TWO}\.\s?{_TWO}\.(?!\d)"),
        ("slashed", rf"{_ALONE}{_TWO}\s?/\s?{_TWO}{_ENDS}"),
        ("dotted", rf"{_ALONE}{_TWO}[.,](\d\d?){_ENDS}"),
        ("digits", r"\d{1,4}"),
    )
]
_PIECES = re.compile(
    r"(?P<nothing>https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})"
    r"|(?P<shape>(?=\d)|[$€£¥]\s?(?=\d)|[+#(](?=\d))"
    rf"|(?P<run>[{CONTINUOUS}]+)"
    rf"|(?P<word>[^\W\d_{CONTINUOUS}]+)"
    r"|(?P<sign>\S)"
)


@dataclass(slots=True)
class Token:
    """
    A piece of the text, or several that the grammar put together, with what it can mean.

    ``senses`` go from a kind to a value. ``glued``: no space stands before it.
    """

    start: int
    end: int
    text: str
    senses: dict[str, object] = field(default_factory=dict)
    glued: bool = False
    capital: bool = False


def pieces(text: str) -> list[Token]:
    """
    Cut a text into tokens. Those that are no words have their sense already.

    A run without spaces has the sense ``run`` and is left to the lexicon.
    """
    folded, places = _fold(text)
    found: list[Token] = []
    at, length, room = 0, len(folded), MOST_PIECES
    while at < length and room > 0:
        piece = _piece(folded, at)
        if piece is None:
            break
        start, end, senses = piece
        if "run" in senses:
            end = min(end, start + room)
        room -= end - start if "run" in senses else 1
        found.append(
            Token(
                places[start],
                places[end - 1] + 1,
                folded[start:end],
                senses,
                glued=bool(found) and start == at,
                capital=text[places[start]].isupper(),
            )
        )
        at = end
    return found


def _piece(folded: str, at: int) -> tuple[int, int, dict[str, object]] | None:
    """
    Find the next piece from ``at`` on: start, end, and its sense.
    """
    match = _PIECES.search(folded, at)
    if match is None:
        return None
    start = match.start()
    if match.lastgroup == "shape":
        for kind, shape in _SHAPES:
            found = shape.match(folded, start)
            if found:
                return start, found.end(), _numbers(kind, found)
        return start, start + 1, {}
    return start, match.end(), {match.lastgroup or "": match.group()}


def _numbers(kind: str, match: re.Match[str]) -> dict[str, object]:
    """
    Give the sense of a piece with digits: its numbers in the order they stand in.
    """
    numbers = tuple(int(part) for part in match.groups() if part and part.isdigit())
    if kind != "digits":
        return {kind: numbers}
    written = match.group()
    number = int(written)
    if len(written) == 4 and written[0] == "0":  # noqa: PLR2004 - 0930
        return {"hhmm": divmod(number, 100)}
    if len(written) == 4:  # noqa: PLR2004 - a year has four digits
        return {"four": number, "year": number} if 1900 <= number < 2200 else {"four": number}  # noqa: PLR2004 - as people name years
    return {"number": number, "digits": number}


def fold(text: str) -> str:
    """
    Write a word as the tables do: lower case, no accents, one width.
    """
    return text.lower() if text.isascii() else _fold(text)[0]


def _fold(text: str) -> tuple[str, list[int]]:
    """
    Return the folded text, and for each of its characters the place it comes from.
    """
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in _fold_letter(letter):
            letters.append(plain)
            places.append(place)
    return "".join(letters), places


@lru_cache(4096)
def _fold_letter(letter: str) -> str:
    wide = unicodedata.normalize("NFKC", letter).translate(_SAME).casefold().translate(_SAME)
    if wide.isascii() or "\u3040" <= wide[:1] <= "\u30ff":
        return wide
    apart = unicodedata.normalize("NFD", wide)
    return "".join(
        mark for mark in apart if mark in _KANA_MARKS or not unicodedata.category(mark).startswith("M")
    )
