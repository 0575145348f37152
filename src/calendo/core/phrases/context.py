"""
What the grammar's rules are told beside the words: when the message is read, and in which language.
"""

from dataclasses import dataclass
from datetime import date, datetime

from calendo.core.phrases.lexicon import Vocabulary


@dataclass(frozen=True, slots=True)
class Context:
    """
    The reference, a naive wall time, and the vocabulary in use.

    ``day_first``: whether 3/4 is the third of April in this message;
    ``order_known``: whether another of its dates says so.
    """

    now: datetime
    vocabulary: Vocabulary
    day_first: bool = True
    order_known: bool = False

    @property
    def today(self) -> date:
        """
        The reference's date.
        """
        return self.now.date()
