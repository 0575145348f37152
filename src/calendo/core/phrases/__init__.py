"""
Sentences about scheduling, read: "next Tuesday afternoon, but not before 3" gives days and times.

``understand`` reads one message against a reference, ``combine`` adds it to what
was understood before. Words come in as vocabularies, one per language; the
grammar is the same for all. Nothing is guessed silently: what can be read in
two ways is listed under ``ambiguities``.
"""

from calendo.core.phrases.combine import combine
from calendo.core.phrases.lexicon import Vocabulary
from calendo.core.phrases.meaning import (
    Ambiguity,
    DayWish,
    Intent,
    Move,
    Part,
    Pick,
    Span,
    TimeWish,
    Unclear,
    Understood,
)
from calendo.core.phrases.reading import understand

__all__ = [
    "Ambiguity",
    "DayWish",
    "Intent",
    "Move",
    "Part",
    "Pick",
    "Span",
    "TimeWish",
    "Unclear",
    "Understood",
    "Vocabulary",
    "combine",
    "understand",
]
