"""
What strangers wrote is made harmless before it goes into a mail.
"""

import unicodedata
from typing import Any

#: Longer than any field may be; what rests in the database is not taken on trust.
MAX_TEXT = 10_000
MAX_LINE = 500

# Marks that turn the direction of a text: with them a name can look like another one.
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANK = frozenset({"Cc", "Zl", "Zp", "Zs"})
# Half of a pair; no encoding has it.
_SURROGATE = "Cs"


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """
    Make one line of a text: control characters and breaks become blanks, the rest is cut at ``limit``.
    """
    # Cut first: a megabyte is not worth looking at, and blanks only make it shorter.
    kept = "".join(_harmless(char) for char in text[: limit * 4])
    return _cut(" ".join(kept.split()), limit)


def lines(text: str, limit: int = MAX_TEXT) -> str:
    """
    Keep the line breaks of a text, and nothing else that is not to be seen.
    """
    kept = text[: limit * 4].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _cut("\n".join(one_line(line, limit) for line in kept).strip("\n"), limit)


def clean(value: Any) -> Any:
    """
    Make all texts within a JSON value harmless.
    """
    if isinstance(value, str):
        return lines(value)
    if isinstance(value, dict):
        return {key: clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    return value


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if category in _BLANK:
        return " "
    return "" if char in _TURNS or category == _SURROGATE else char


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
