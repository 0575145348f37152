"""
Patterns over the senses of tokens, and the rules that turn what they match into one token.

A pattern is a line of elements: ``[the] n=ordinal [of] m=month [year=year]``.
An element is a kind of sense, or several with ``|`` between; ``name=`` hands
its value to the rule; brackets make it optional, and a comma is an optional
comma. At each place the longest match is taken whose rule accepts it: a rule
returns None, or raises ValueError or OverflowError, for what cannot be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from calendo.core.phrases.tokens import Token

Rule = Callable[..., object | None]


@dataclass(slots=True)
class _Node:
    """
    A place in the tree of all patterns of a grammar.
    """

    next: dict[str, "_Node"] = field(default_factory=dict)
    ends: list[tuple[int, str, Rule, tuple[str, ...]]] = field(default_factory=list)


class Grammar:
    """
    Rules that are tried together. One pass over the tokens takes time in proportion to their number.
    """

    def __init__(self) -> None:
        self._root = _Node()
        self._count = 0

    def rule(self, kind: str, *patterns: str) -> Callable[[Rule], Rule]:
        """
        Make a function a rule: what one of the patterns matches becomes a token of this kind.

        Several kinds stand with ``+`` between. The function is called with the context, and with the values by name. Of
        two rules that match as much, the one that was added first is asked first.
        """

        def add(rule: Rule) -> Rule:
            self._count += 1
            for pattern in patterns:
                for names, kinds in _spelt_out(pattern):
                    node = self._root
                    for one in kinds:
                        node = node.next.setdefault(one, _Node())
                    node.ends.append((self._count, kind, rule, names))
            return rule

        return add

    def reduce(self, tokens: list[Token], context: object) -> list[Token]:
        """
        Replace what the rules match, from left to right.
        """
        reduced: list[Token] = []
        at = 0
        while at < len(tokens):
            made = self._made_at(tokens, at, context) if tokens[at].senses else None
            if made is None:
                reduced.append(tokens[at])
                at += 1
            else:
                token, length = made
                reduced.append(token)
                at += length
        return reduced

    def _made_at(self, tokens: list[Token], at: int, context: object) -> tuple[Token, int] | None:
        matches = [
            (-len(values), *end, values) for node, values in self._matches(tokens, at) for end in node.ends
        ]
        for _, _, kind, rule, names, values in sorted(matches, key=itemgetter(0, 1)):
            arguments: dict[str, Any] = {
                name: value for name, value in zip(names, values, strict=True) if name
            }
            try:
                made = rule(context, **arguments)
            except (ValueError, OverflowError):
                continue
            if made is not None:
                first, last = tokens[at], tokens[at + len(values) - 1]
                return Token(
                    first.start, last.end, "", dict.fromkeys(kind.split("+"), made), first.glued
                ), len(values)
        return None

    def _matches(self, tokens: list[Token], at: int) -> Iterator[tuple[_Node, tuple[object, ...]]]:
        open_ends: list[tuple[_Node, tuple[object, ...]]] = [(self._root, ())]
        while open_ends:
            node, values = open_ends.pop()
            if node.ends:
                yield node, values
            place = at + len(values)
            if not node.next or place >= len(tokens):
                continue
            for kind, value in tokens[place].senses.items():
                if kind in node.next:
                    open_ends.append((node.next[kind], (*values, value)))


def _spelt_out(pattern: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """
    List all ways through a pattern: the names, and the kinds, of the tokens it takes.
    """
    ways: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), ())]
    for written in pattern.replace(",", " [comma] ").split():
        optional = written.startswith("[")
        name, _, kinds = written.strip("[]").rpartition("=")
        longer = [((*names, name), (*taken, kind)) for names, taken in ways for kind in kinds.split("|")]
        ways = ways + longer if optional else longer
    return [way for way in ways if way[0]]
