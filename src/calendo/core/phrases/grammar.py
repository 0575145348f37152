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
from typing import Any, TypeVar

from calendo.core.phrases.tokens import Token

Rule = Callable[..., object | None]
_RuleT = TypeVar("_RuleT", bound=Rule)
#: The place of a rule among all of its grammar, the kind of token it makes, and the rule.
_End = tuple[int, str, Rule]
_Values = tuple[tuple[str, object], ...]


@dataclass(slots=True)
class _State:
    """
    A place within a pattern: what may come next, by kind, and the rule if the pattern may end here.
    """

    next: dict[str, list[tuple[str, "_State"]]] = field(default_factory=dict)
    end: _End | None = None


class Grammar:
    """
    Rules that are tried together. One pass over the tokens takes time in proportion to their number.
    """

    def __init__(self) -> None:
        self._first = _State()
        self._count = 0

    def rule(self, kind: str, *patterns: str) -> Callable[[_RuleT], _RuleT]:
        """
        Make a function a rule: what one of the patterns matches becomes a token of this kind.

        Several kinds stand with ``+`` between, or with ``&`` if the rule gives a
        value for each. The function is called with the
        context, and with the values by name. Of two rules that match as much,
        the one that was added first is asked first.
        """

        def add(rule: _RuleT) -> _RuleT:
            self._count += 1
            for pattern in patterns:
                for one, following in _compiled(pattern, (self._count, kind, rule)).next.items():
                    self._first.next.setdefault(one, []).extend(following)
            return rule

        return add

    def reduce(self, tokens: list[Token], context: object) -> list[Token]:
        """
        Replace what the rules match, from left to right.
        """
        reduced: list[Token] = []
        at = 0
        while at < len(tokens):
            begins = not self._first.next.keys().isdisjoint(tokens[at].senses)
            made = self._made_at(tokens, at, context) if begins else None
            if made is None:
                reduced.append(tokens[at])
                at += 1
            else:
                token, length = made
                reduced.append(token)
                at += length
        return reduced

    def _made_at(self, tokens: list[Token], at: int, context: object) -> tuple[Token, int] | None:
        matches = sorted(self._matches(tokens, at), key=lambda match: (-len(match[1]), match[0][0]))
        for (_, kind, rule), values in matches:
            arguments: dict[str, Any] = {name: value for name, value in values if name}
            try:
                made = rule(context, **arguments)
            except (ValueError, OverflowError):
                continue
            if made is not None:
                first, last = tokens[at], tokens[at + len(values) - 1]
                senses = _senses(kind, made)
                return Token(first.start, last.end, "", senses, first.glued), len(values)
        return None

    def _matches(self, tokens: list[Token], at: int) -> Iterator[tuple[_End, _Values]]:
        ways: list[tuple[_State, _Values]] = [(self._first, ())]
        while ways:
            state, values = ways.pop()
            if state.end:
                yield state.end, values
            place = at + len(values)
            if not state.next or place >= len(tokens):
                continue
            for kind, value in tokens[place].senses.items():
                for name, following in state.next.get(kind, ()):
                    ways.append((following, (*values, (name, value))))


def _senses(kind: str, made: object) -> dict[str, object]:
    """
    Give a token its kinds: all with the one value, or each with one of the values.
    """
    if "&" in kind and isinstance(made, tuple):
        return dict(zip(kind.split("&"), made, strict=True))
    return dict.fromkeys(kind.split("+"), made)


def _compiled(pattern: str, end: _End) -> _State:
    """
    Turn a pattern into states, from its end to its beginning.
    """
    state = _State(end=end)
    for written in reversed(pattern.replace(",", " [comma] ").split()):
        name, _, kinds = written.strip("[]").rpartition("=")
        before = _State({kind: [(name, state)] for kind in kinds.split("|")})
        if written.startswith("["):
            for kind, following in state.next.items():
                before.next.setdefault(kind, []).extend(following)
            before.end = state.end
        state = before
    return state
