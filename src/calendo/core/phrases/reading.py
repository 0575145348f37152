"""
From a message to what it says.
"""

from collections.abc import Sequence
from datetime import datetime

from calendo.core.phrases.lexicon import Vocabulary
from calendo.core.phrases.meaning import Understood


def understand(text: str, reference: datetime, vocabularies: Sequence[Vocabulary]) -> Understood:
    """
    Read a message.

    ``reference`` is now on the wall clock (naive) of the zone in which the
    writer means times. ``vocabularies`` are the languages to choose from; the
    first is taken where the words do not tell.
    Never fails, whatever the text.
    """
    return Understood(reference, vocabularies[0].language if vocabularies else "en")
