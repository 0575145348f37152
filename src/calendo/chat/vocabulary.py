"""
The languages that the assistant reads: their words, from CLDR and from lists of our own.
"""

from datetime import datetime

from calendo.core.phrases import Understood, Vocabulary, understand


def vocabularies(locale: str | None = None) -> tuple[Vocabulary, ...]:
    """
    List all vocabularies, the locale's first (English without one). Reckoned once.

    The locale's region decides about the order of numeric dates: ``en`` and
    ``en-US`` put the month first, ``en-GB`` the day.
    """
    language = (locale or "en").replace("_", "-").split("-")[0]
    return (Vocabulary(language),)


def read(text: str, reference: datetime, locale: str | None = None) -> Understood:
    """
    Read a message in any of the languages. ``reference`` is naive, in the zone the writer means.
    """
    return understand(text, reference, vocabularies(locale))
