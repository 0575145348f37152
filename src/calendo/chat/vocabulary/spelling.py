"""
Help for the tables: numbers in a row, and words as they were meant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

_SHORTEST, _LONG = 5, 8


def counted(kind: str, words: str) -> dict[str, str]:
    """
    Make a table of words that count up from 0; ``-`` leaves one out, ``/`` parts two for one number.
    """
    return {
        f"{kind}:{number}": word.replace("/", "|").replace("_", " ")
        for number, word in enumerate(words.split())
        if word != "-"
    }


def fused(kind: str, units: list[str], joint: str, tens: dict[int, str]) -> dict[str, str]:
    """
    Make a table of numbers whose ones come first: "einundzwanzig".
    """
    return {
        f"{kind}:{ten + one}": f"{unit}{joint}{word}"
        for ten, word in tens.items()
        for one, unit in enumerate(units, 1)
    }


def paired(weekdays: Sequence[str], parts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """
    Make a table of weekdays and parts of the day in one word: "Montagmorgen".
    """
    return {
        f"weekday:{number} {part}": " | ".join(day + word + ending for word in words for ending in ("", "s"))
        for number, day in enumerate(weekdays)
        for part, words in parts.items()
    }


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
        best: tuple[int, str] | None = None
        for meant in by_letter.get(word[0], ()):
            slips = 2 if min(len(word), len(meant)) >= _LONG - 1 else 1
            # In a short word only a letter doubled, dropped or swapped; "match" is not "march".
            if len(meant) == _SHORTEST and sorted(set(word)) != sorted(set(meant)):
                continue
            distance = OSA.distance(word, meant, score_cutoff=slips)
            if distance <= slips and (best is None or distance < best[0]):
                best = (distance, meant)
        return best[1] if best else None

    return mend
