"""
What strangers wrote, made harmless before it goes where it could mean more than its words.
"""

import re

#: Longer than any field may be; what rests in the database is not taken on trust.
MAX_LINE = 500
MAX_TEXT = 10_000

# What ends a line somewhere, tabs, and all else that controls something. Line ends first.
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Marks that turn the direction of a text: with them a name can look like another one. Halves
# of pairs have no encoding, and a byte order mark is not seen.
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """
    Make one line of a text, without what controls or hides; cut at ``limit`` characters.
    """
    # Cut first: a megabyte is not worth looking at.
    kept = _UNSEEN.sub("", _CONTROLS.sub(" ", text[: 4 * limit]))
    return _cut(" ".join(kept.split()), limit)


def lines(text: str, limit: int = MAX_TEXT) -> str:
    """
    Like ``one_line``, and the breaks between lines are kept.
    """
    parts = _BREAKS.split(text[: 4 * limit])
    kept = "\n".join(_UNSEEN.sub("", _CONTROLS.sub(" ", part)).rstrip() for part in parts)
    return _cut(kept.strip("\n"), limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
