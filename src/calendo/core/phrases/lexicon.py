"""
The words of a language, and what they can mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Vocabulary:
    """
    What one language brings to the grammar: its words with their senses, and the order of numeric dates.

    ``day_first``: whether 3/4 is the third of April.
    """

    language: str
    words: Mapping[str, tuple[tuple[str, object], ...]] = field(default_factory=dict)
    day_first: bool = True
