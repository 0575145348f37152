"""
The languages that the assistant reads: their words, from CLDR and from lists of our own.
"""

from datetime import datetime
from functools import lru_cache
from itertools import chain

from calendo.chat.vocabulary import (
    chinese,
    dutch,
    english,
    french,
    german,
    italian,
    japanese,
    portuguese,
    spanish,
)
from calendo.chat.vocabulary.names import calendar_names
from calendo.chat.vocabulary.signs import SHARED_ZONES, SIGNS, ZONES, cities
from calendo.chat.vocabulary.spelling import mending
from calendo.core.phrases import Understood, Vocabulary, understand
from calendo.core.phrases.tokens import fold

#: Words that mean a time often enough to be looked for under misspellings.
_MENDED = ("weekday", "month", "day:", "part", "unit", "rel")
_MONTH_FIRST = {"en", "en-US", "en-CA", "en-PH"}
_LANGUAGES = {
    "en": english,
    "de": german,
    "fr": french,
    "es": spanish,
    "pt": portuguese,
    "it": italian,
    "nl": dutch,
    "ja": japanese,
    "zh": chinese,
}


def vocabularies(locale: str | None = None) -> tuple[Vocabulary, ...]:
    """
    List all vocabularies, the locale's first (English without one). Reckoned once.

    The locale's region decides about the order of numeric dates: ``en`` and
    ``en-US`` put the month first, ``en-GB`` the day.
    """
    wanted = (locale or "en").replace("_", "-")
    language = wanted.split("-")[0]
    order = sorted(_LANGUAGES, key=lambda one: one != language)
    return tuple(_vocabulary(one, day_first=wanted not in _MONTH_FIRST if one == "en" and language == "en" else one != "en") for one in order)


def read(text: str, reference: datetime, locale: str | None = None) -> Understood:
    """
    Read a message in any of the languages. ``reference`` is naive, in the zone the writer means.
    """
    return understand(text, reference, vocabularies(locale))


@lru_cache
def _vocabulary(language: str, *, day_first: bool) -> Vocabulary:
    module = _LANGUAGES[language]
    weak = frozenset(
        word.strip()
        for sense, words in module.WORDS.items()
        if sense.startswith(("weekday?", "month?"))
        for word in words.split("|")
    )
    tables = (SIGNS, ZONES, SHARED_ZONES, cities(language), calendar_names(language, weak), module.WORDS)
    mended = chain.from_iterable(
        words.split("|") for table in tables for sense, words in table.items() if sense.startswith(_MENDED)
    )
    return Vocabulary(
        language,
        tables,
        day_first=day_first,
        half_day=getattr(module, "HALF_DAY", language == "en"),
        weeks_only=getattr(module, "WEEKS_ONLY", False),
        common=frozenset(fold(word) for word in module.COMMON),
        mend=mending(fold(word.strip()) for word in mended),
    )
