"""
The languages that the assistant reads: their words, from CLDR and from lists of our own.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from calendo.chat.vocabulary.names import calendar_names, cities
from calendo.chat.vocabulary.spelling import mending
from calendo.chat.vocabulary.tables import Table, load
from calendo.core.phrases import Understood, Vocabulary, understand
from calendo.core.phrases.tokens import fold

#: English first and best.
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ja", "zh")
#: What has to be among a word's senses for it to be looked for under misspellings.
_MENDED = ("weekday", "month", "day:", "part", "unit", "rel")
_WEAK = ("weekday?", "month?")
#: English numeric dates have the month first, but for these regions.
_DAY_FIRST_REGIONS = {"GB", "IE", "AU", "NZ", "IN", "ZA", "SG", "HK", "MT", "JM", "TT", "NG", "KE"}


def vocabularies(locale: str | None = None) -> tuple[Vocabulary, ...]:
    """
    List all vocabularies, the locale's first (English without one). Each is reckoned once.

    The locale's region decides about the order of numeric dates: ``en`` and
    ``en-US`` put the month first, ``en-GB`` the day.
    """
    language, *parts = (locale or "en").replace("_", "-").split("-")
    british = language == "en" and any(part.upper() in _DAY_FIRST_REGIONS for part in parts)
    order = sorted(LANGUAGES, key=lambda one: one != language.lower())
    return tuple(_vocabulary(one, day_first=one != "en" or british) for one in order)


def read(text: str, reference: datetime, locale: str | None = None) -> Understood:
    """
    Read a message in any of the languages. ``reference`` is naive, in the zone the writer means.
    """
    return understand(text, reference, vocabularies(locale))


def common(language: str) -> frozenset[str]:
    """
    Return the words that are frequent in one of the languages, folded.
    """
    return vocabularies(language)[0].common


@cache
def _vocabulary(language: str, *, day_first: bool) -> Vocabulary:
    words, signs = load(language), load("signs")
    weak = frozenset(_words(words.table, _WEAK))
    frequent = frozenset(fold(word) for word in words.common)
    tables = (signs.table, cities(language, frequent), calendar_names(language, weak), words.table)
    return Vocabulary(
        language,
        tables,
        day_first=day_first,
        half_day=words.half_day,
        weeks_only=words.weeks_only,
        common=frequent,
        mend=mending(fold(word) for table in tables for word in _words(table, _MENDED)),
    )


def _words(table: Table, senses: tuple[str, ...]) -> Iterator[str]:
    for sense, words in table.items():
        if sense.startswith(senses):
            yield from words
