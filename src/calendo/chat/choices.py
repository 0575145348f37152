"""
Which event type a message means: by its length, by words of its name and description, by its place.

Words may be misspelt. Where two fit equally nothing is chosen: the assistant asks.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from calendo.chat.places import PLACES
from calendo.core.phrases import Span

_NAME, _WORD, _DESCRIBED, _PLACE, _LENGTH = 12.0, 4.0, 1.5, 5.0, 6.0
#: A word of so many letters may be misspelt; a shorter one would be another word.
_LONG_ENOUGH = 4
_ALIKE = 84.0
_AT_MOST_DESCRIBED = 2
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Choice:
    """
    An event type that the booking page shows.
    """

    slug: str
    name: str
    description: str
    duration_minutes: int
    location_type: str | None
    min_notice_hours: int
    max_future_days: int


@dataclass(frozen=True, slots=True)
class Match:
    """
    The event types that fit best, in the host's order; all of them where ``hinted`` is False.

    ``missing_minutes`` is a length that was asked for and that none has.
    """

    best: tuple[Choice, ...]
    hinted: bool
    missing_minutes: int | None = None


def match(
    text: str,
    choices: Sequence[Choice],
    duration_minutes: int | None = None,
    *,
    spans: Sequence[Span] = (),
    common: Collection[str] = (),
) -> Match:
    """
    Find the event types that a message speaks of. At ``spans`` it speaks of something else.

    Words of ``common`` say nothing where they stand in a description, too: "about", "with".
    """
    fitting = choices
    if duration_minutes is not None:
        fitting = [choice for choice in choices if choice.duration_minutes == duration_minutes]
        if not fitting:
            return Match(tuple(choices), hinted=False, missing_minutes=duration_minutes)
    said = plain(text)
    # "May" is a month there, and not a word of a name.
    words = [word for word in _WORDS.findall(plain(_without(text, spans))) if not word.isdigit()]
    places = frozenset(kind for word, kind in _PLACES.items() if _says(said, word))
    # A word that all names have tells nothing, and one that a few have tells less.
    shared = Counter(word for choice in choices for word in set(_name_words(choice)))
    scores = {
        choice.slug: (_LENGTH if duration_minutes is not None else 0.0)
        + _by_name(choice, said, words, shared, len(choices))
        + _by_description(choice, [word for word in words if word not in common])
        + (_PLACE if choice.location_type in places else 0.0)
        for choice in fitting
    }
    top = max(scores.values(), default=0.0)
    if top <= 0:
        return Match(tuple(choices), hinted=False)
    best = tuple(choice for choice in fitting if scores[choice.slug] >= top)
    return Match(best, hinted=True)


def plain(text: str) -> str:
    """
    Fold case, width and accents, as words are compared.
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in folded if not unicodedata.combining(char)))


_PLACES = {plain(word): kind for word, kind in PLACES.items()}


def _without(text: str, spans: Sequence[Span]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * len(letters[start:end])
    return "".join(letters)


def _says(said: str, word: str) -> bool:
    # Scripts without blanks have no word boundaries to look for.
    return word in said if not word.isascii() else re.search(rf"\b{re.escape(word)}\b", said) is not None


def _name_words(choice: Choice) -> Iterable[str]:
    return (word for word in _WORDS.findall(plain(choice.name)) if not word.isdigit())


def _by_name(
    choice: Choice, said: str, words: Sequence[str], shared: Mapping[str, int], number: int
) -> float:
    name = plain(choice.name).strip()
    score = _NAME if name and _says(said, name) else 0.0
    for word in set(_name_words(choice)):
        if shared[word] < number and _is_said(word, words):
            score += _WORD / shared[word]
    return score


def _by_description(choice: Choice, words: Sequence[str]) -> float:
    described = {word for word in _WORDS.findall(plain(choice.description[:500])) if len(word) > _LONG_ENOUGH}
    found = sum(word in described for word in {word for word in words if len(word) > _LONG_ENOUGH})
    return _DESCRIBED * min(found, _AT_MOST_DESCRIBED)


def _is_said(word: str, words: Sequence[str]) -> bool:
    if word in words:
        return True
    if len(word) < _LONG_ENOUGH:
        return False
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only whoever asks the assistant needs it

    long = [other for other in words if len(other) >= _LONG_ENOUGH]
    alike = [other for other in long if abs(len(other) - len(word)) <= 2]  # noqa: PLR2004 - two letters more or less
    return process.extractOne(word, alike, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None
