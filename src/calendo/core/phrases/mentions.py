"""
What a sentence names, and which of it is ruled out: "not Monday", "Thursday I'm busy", "no mornings".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from calendo.core.phrases.days import Days
from calendo.core.phrases.meaning import Span
from calendo.core.phrases.tokens import Token

#: Between two mentions these make alternatives of them.
JOINS = frozenset({"or", "and", "slash"})
#: These may stand between mentions that belong together.
SMALL = JOINS | frozenset(["comma", "on", "the", "the_day", "at", "of", "in", "from", "dash", "to", "dot"])
_KINDS = ("date", "choice", "bound", "clock", "clock_choice", "clocks", "moment", "part")
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
    named: dict[int, list[Mention]] = {}
    for place, token in enumerate(tokens):
        values = [token.senses[kind] for kind in _KINDS if kind in token.senses]
        if values:
            named[place] = [Mention(value, (token.start, token.end), place) for value in values]
    for place, token in enumerate(tokens):
        for ruled_out in _ruled_out(tokens, named, place, token.senses):
            for mention in ruled_out:
                mention.negated = True
    return list(chain.from_iterable(named.values()))


def joined(tokens: list[Token], low: int, high: int) -> bool:
    """
    Tell whether nothing but small words stands between two places.
    """
    return all(token.senses.keys() & SMALL for token in tokens[low + 1 : high])


def _ruled_out(
    tokens: list[Token], named: dict[int, list[Mention]], place: int, senses: dict[str, object]
) -> Iterator[list[Mention]]:
    """
    Yield what the word at a place rules out.
    """
    if "not" in senses:
        ahead = list(_chain(tokens, named, place, _REACH))
        # "El lunes no", "Wednesdays never work": nothing ahead, so what is behind.
        yield from ahead or _right_before(named, place, 1 if _comes_to_an_end(tokens, place) else 2)
    elif "none" in senses:
        if place + 1 in named and _is_general(named[place + 1][0].value):
            yield from _chain(tokens, named, place, _REACH)
    elif "not_" in senses:
        yield from _right_before(named, place, 2)
    elif "cannot" in senses:
        yield from list(_chain(tokens, named, place, _CLAUSE)) or _clause_before(tokens, named, place)


def _chain(
    tokens: list[Token], named: dict[int, list[Mention]], place: int, reach: int
) -> Iterator[list[Mention]]:
    """
    Yield the next mention within reach, and what is joined to it: "Monday or Tuesday".

    A comma before the first one ends the search: "I can't, how about Monday".
    One behind it is a join if another word joins, too: "Monday, Tuesday or
    Friday", but "not Monday, Tuesday".
    """
    found: list[int] = []
    joins = False
    index = place
    while (index := index + 1) < min(len(tokens), (found[-1] if found else place) + reach + 1):
        if index in named:
            if found and not joined(tokens, found[-1], index):
                break
            joins = joins or (bool(found) and _joins(tokens, found[-1], index))
            found.append(index)
        elif tokens[index].senses.keys() & _ENDS or (not found and "comma" in tokens[index].senses):
            break
    for earlier, later in zip([None, *found], found, strict=False):
        if earlier is not None and not joins and _has_comma(tokens, earlier, later):
            return
        yield named[later]


def _joins(tokens: list[Token], low: int, high: int) -> bool:
    return any(token.senses.keys() & JOINS for token in tokens[low + 1 : high])


def _has_comma(tokens: list[Token], low: int, high: int) -> bool:
    return any("comma" in token.senses for token in tokens[low + 1 : high])


def _comes_to_an_end(tokens: list[Token], place: int) -> bool:
    return place + 1 == len(tokens) or bool(tokens[place + 1].senses.keys() & {"stop", "comma"})


def _right_before(named: dict[int, list[Mention]], place: int, reach: int) -> Iterator[list[Mention]]:
    for index in range(place - reach, place):
        if index in named:
            yield named[index]


def _clause_before(
    tokens: list[Token], named: dict[int, list[Mention]], place: int
) -> Iterator[list[Mention]]:
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
