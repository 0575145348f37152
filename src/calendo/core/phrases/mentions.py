"""
What a sentence names, and which of it is ruled out: "not Monday", "Thursday I'm busy", "no mornings".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from calendo.core.phrases.days import Days
from calendo.core.phrases.meaning import Span
from calendo.core.phrases.tokens import Token

#: Between two mentions these make alternatives of them.
JOINS = frozenset({"or", "and", "slash"})
#: These may stand between mentions that belong together.
SMALL = JOINS | frozenset(["comma", "on", "the", "the_day", "at", "of", "in", "from", "dash", "to", "dot"])
_KINDS = ("date", "choice", "bound", "clock", "clocks", "moment", "part")
_ENDS = frozenset({"stop", "but", "correct"})
#: A negation reaches so many tokens ahead for what it rules out, and a verb so many both ways.
_REACH = 5
_CLAUSE = 25


@dataclass(slots=True)
class Mention:
    """
    Days or times that the text names: the value, where, and whether it is ruled out.
    """

    value: object
    span: Span
    place: int
    negated: bool = False


def mentions_in(tokens: list[Token]) -> list[Mention]:
    """
    List what is named, in order, and mark what is ruled out.
    """
    named: dict[int, Mention] = {}
    for place, token in enumerate(tokens):
        kind = next((kind for kind in _KINDS if kind in token.senses), None)
        if kind:
            named[place] = Mention(token.senses[kind], (token.start, token.end), place)
    for place, token in enumerate(tokens):
        for mention in _ruled_out(tokens, named, place, token.senses):
            mention.negated = True
    return list(named.values())


def joined(tokens: list[Token], low: int, high: int) -> bool:
    """
    Tell whether nothing but small words stands between two places.
    """
    return all(token.senses.keys() & SMALL for token in tokens[low + 1 : high])


def _ruled_out(
    tokens: list[Token], named: dict[int, Mention], place: int, senses: dict[str, object]
) -> Iterator[Mention]:
    """
    Yield what the word at a place rules out.
    """
    if "not" in senses:
        if place + 1 == len(tokens) or tokens[place + 1].senses.keys() & {"stop", "comma"}:
            yield from _right_before(named, place, 1)  # "el lunes no"
        else:
            yield from _chain(tokens, named, place, _REACH)
    elif "none" in senses:
        if place + 1 in named and _is_general(named[place + 1].value):
            yield from _chain(tokens, named, place, _REACH)
    elif "not_" in senses:
        yield from _right_before(named, place, 2)
    elif "cannot" in senses:
        yield from list(_chain(tokens, named, place, _CLAUSE)) or _clause_before(tokens, named, place)


def _chain(tokens: list[Token], named: dict[int, Mention], place: int, reach: int) -> Iterator[Mention]:
    """
    Yield the next mention within reach, and what is joined to it: "Monday or Tuesday".

    A comma before the first one ends the search: "I can't, how about Monday".
    """
    last: int | None = None
    index = place
    while (index := index + 1) < min(len(tokens), (last or place) + reach + 1):
        if index in named:
            if last is not None and not joined(tokens, last, index):
                return
            last = index
            yield named[index]
        elif tokens[index].senses.keys() & _ENDS or (last is None and "comma" in tokens[index].senses):
            return


def _right_before(named: dict[int, Mention], place: int, reach: int) -> Iterator[Mention]:
    for index in range(place - reach, place):
        if index in named:
            yield named[index]


def _clause_before(tokens: list[Token], named: dict[int, Mention], place: int) -> Iterator[Mention]:
    for index in range(place - 1, max(-1, place - _CLAUSE), -1):
        if tokens[index].senses.keys() & _ENDS:
            return
        if index in named:
            yield named[index]


def _is_general(value: object) -> bool:
    """
    Tell weekdays and parts of the day from dates: "no Mondays" rules out, "no, the 6th" does not.
    """
    return isinstance(value, str) or (isinstance(value, Days) and value.weekday is not None)
