"""
Words as they were meant, where they are misspelt.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

_SHORTEST = 5
#: From this length on two slips are forgiven.
_LONG = 7


def mending(words: Iterable[str]) -> Callable[[str], str | None]:
    """
    Return what puts misspelt words right: it knows the words that matter, all of five letters or more.

    One slip is forgiven, two in a long word, and the first letter has to be right.
    """
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if len(word) >= _SHORTEST:
            by_letter.setdefault(word[0], []).append(word)

    @lru_cache(4096)
    def mend(word: str) -> str | None:
        if len(word) < _SHORTEST:
            return None
        near = ((_slips(word, meant), meant) for meant in by_letter.get(word[0], ()))
        best = min((found for found in near if found[0] is not None), default=None)
        return best[1] if best else None

    return mend


def _slips(word: str, meant: str) -> int | None:
    """
    Count what is wrong in a word; None for too much to be the word meant.
    """
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only whoever asks the assistant needs it

    if len(meant) == _SHORTEST and set(word) != set(meant):
        # In a short word only a letter doubled, dropped or swapped; "match" is not "march".
        return None
    most = 2 if min(len(word), len(meant)) >= _LONG else 1
    distance = OSA.distance(word, meant, score_cutoff=most)
    return distance if distance <= most else None
