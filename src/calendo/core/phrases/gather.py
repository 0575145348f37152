"""
From a sentence in values to what it says: what is ruled out, what are alternatives, what one mention narrows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from calendo.core.phrases.clock import Clock
from calendo.core.phrases.context import Context
from calendo.core.phrases.days import ONE, Days, meet
from calendo.core.phrases.meaning import Ambiguity, DayWish, Span, Unclear
from calendo.core.phrases.spans import Bound
from calendo.core.phrases.times import Clocks
from calendo.core.phrases.tokens import Token

#: Between two mentions these make alternatives of them.
_JOINS = frozenset({"or", "and", "comma", "slash"})
#: These may stand between mentions that belong together.
_SMALL = _JOINS | {"on", "the", "the_day", "at", "of", "in", "from", "dash", "also", "to", "for", "dot"}
#: A negation reaches so many tokens ahead for what it rules out.
_REACH = 5


@dataclass(slots=True)
class Mention:
    """
    Days or times that the text names, where, and whether they are ruled out.
    """

    value: object
    span: Span
    place: int
    clause: int
    negated: bool = False


@dataclass(slots=True)
class Gathered:
    """
    The days of a text: those meant, those ruled out, and bounds.
    """

    days: list[tuple[Days, Span]] = field(default_factory=list)
    not_days: list[tuple[Days, Span]] = field(default_factory=list)
    earliest_on: date | None = None
    latest_on: date | None = None
    ambiguities: list[Ambiguity] = field(default_factory=list)


def mentions_in(tokens: list[Token]) -> list[Mention]:
    """
    List what is named, in order, and mark what is ruled out.
    """
    found: list[Mention] = []
    clause = 0
    for place, token in enumerate(tokens):
        if token.senses.keys() & {"stop", "but"}:
            clause += 1
        for kind in ("date", "choice", "bound", "clock", "clocks", "moment", "part"):
            if kind in token.senses:
                found.append(Mention(token.senses[kind], (token.start, token.end), place, clause))
                break
    for place, token in enumerate(tokens):
        if "not" in token.senses:
            _rule_out_next(tokens, found, place)
        elif "none" in token.senses:
            for mention in found:
                if mention.place == place + 1 and _is_general(mention.value):
                    _rule_out_next(tokens, found, place)
        elif "not_" in token.senses and found:
            for mention in found:
                mention.negated = mention.negated or mention.place in {place - 1, place - 2}
        elif "cannot" in token.senses:
            _rule_out_clause(tokens, found, place)
    return found


def _rule_out_next(tokens: list[Token], found: list[Mention], place: int) -> None:
    """
    "Not Monday or Tuesday": what follows close by, and what is joined to it.
    """
    behind = [mention for mention in found if mention.place > place]
    if place + 1 == len(tokens) or tokens[place + 1].senses.keys() & {"stop", "comma"}:
        # "El lunes no": what stands right before it.
        for mention in found:
            mention.negated = mention.negated or mention.place == place - 1
        return
    if not behind or behind[0].place - place > _REACH or _parted(tokens, place + 1, behind[0].place):
        return
    last = place
    for mention in behind:
        if last != place and not _joined(tokens, last, mention.place):
            break
        mention.negated = True
        last = mention.place


def _is_general(value: object) -> bool:
    """
    Tell weekdays and parts of the day from dates: "no Mondays" rules out, "no, the 6th" does not.
    """
    return isinstance(value, str) or (isinstance(value, Days) and value.weekday is not None)


def _rule_out_clause(tokens: list[Token], found: list[Mention], place: int) -> None:
    """
    "I can't do Monday", "Monday I'm busy": what follows in the clause, or else what came before.
    """
    behind = [m for m in found if m.place > place and not _parted(tokens, place + 1, m.place)]
    last: int | None = None
    for mention in behind:
        between = tokens[(last or place) + 1 : mention.place]
        if (
            last is not None
            and any("comma" in t.senses for t in between)
            and not _joined(tokens, last, mention.place)
        ):
            break
        if last is None and any("comma" in token.senses for token in between):
            break
        mention.negated = True
        last = mention.place
    if last is None:
        for mention in found:
            if mention.place < place and not _parted(tokens, mention.place, place):
                mention.negated = True


def _parted(tokens: list[Token], low: int, high: int) -> bool:
    return any(token.senses.keys() & {"stop", "but", "correct"} for token in tokens[low:high])


def _joined(tokens: list[Token], low: int, high: int) -> bool:
    """
    Tell whether nothing but small words stands between two places.
    """
    return all(token.senses.keys() & _SMALL for token in tokens[low + 1 : high])


def gather_days(c: Context, tokens: list[Token], mentions: Iterable[Mention]) -> Gathered:
    """
    Put the mentions of days together.
    """
    result = Gathered()
    last: int | None = None
    for mention in mentions:
        value = mention.value
        if isinstance(value, Bound):
            _bind(result, value, mention.negated, mention.span)
            continue
        alternatives = _days_in(value)
        if not alternatives:
            continue
        if mention.negated:
            result.not_days.extend((days, mention.span) for days in alternatives)
            continue
        _add(
            c,
            result,
            alternatives,
            mention.span,
            tokens[(last or 0) + 1 : mention.place] if last is not None else [],
        )
        last = mention.place
    return result


def _days_in(value: object) -> tuple[Days, ...]:
    if isinstance(value, Days):
        return (value,)
    if isinstance(value, datetime):
        return (Days(value.date(), value.date(), fixed=True),)
    if isinstance(value, tuple):
        return tuple(days for days in value if isinstance(days, Days))
    return ()


def _bind(result: Gathered, bound: Bound, negated: bool, span: Span) -> None:
    if negated and bound.last:
        # "I can't go until the 10th" allows the 10th.
        bound = Bound(first=bound.last, named=bound.named)
    elif negated and bound.first:
        bound = Bound(last=bound.first - ONE)
    if bound.first and bound.named and not result.days:
        result.days = [(bound.named, span)]
    result.earliest_on = bound.first or result.earliest_on
    result.latest_on = bound.last or result.latest_on


def _add(c: Context, result: Gathered, new: tuple[Days, ...], span: Span, between: list[Token]) -> None:
    """
    Add days to those before: another choice, a closer reading of them, or instead of them.
    """
    kinds = [token.senses.keys() for token in between]
    joined = bool(kinds) and all(kind & _SMALL for kind in kinds)
    if not result.days or any("correct" in kind for kind in kinds):
        result.days = [(days, span) for days in new]
    elif joined and any(kind & {"or", "and", "slash"} for kind in kinds):
        result.days.extend((days, span) for days in new)
    elif len(new) == 1:
        before, before_span = result.days[-1]
        met = meet(before, new[0], c.today)
        both = (before_span[0], max(span[1], before_span[1]))
        if met and (before, new[0]) != (met[0], met[0]):
            result.days[-1:] = [(days, both) for days in met]
        elif not met and not [kind for kind in kinds if not kind & _SMALL] and _weekday_off(before, new[0]):
            dated = new[0] if before.weekday is not None else before
            readings = tuple(str(days.first) for days in (dated, before if dated is new[0] else new[0]))
            result.ambiguities.append(Ambiguity(Unclear.WEEKDAY_AND_DATE, readings, both))
            result.days[-1] = (dated, both)
        elif not met:
            result.days.append((new[0], span))
    else:
        result.days.extend((days, span) for days in new)


def _weekday_off(a: Days, b: Days) -> bool:
    return (a.weekday is None) != (b.weekday is None) and a.single and b.single


def wishes(found: Iterable[tuple[Days, Span]]) -> Iterator[DayWish]:
    """
    Yield days as the world outside sees them.
    """
    for days, span in found:
        yield DayWish(days.first, days.last, span, days.weekday, days.day)


def doubts(found: Iterable[tuple[Days, Span]]) -> Iterator[Ambiguity]:
    """
    Yield what can be read otherwise in days.
    """
    for days, span in found:
        if days.doubt:
            about, others = days.doubt
            yield Ambiguity(about, tuple(str(day) for day in (days.first, *others)), span)


def flipped(value: Clocks) -> Clocks:
    """
    Turn "not before 3" into "after 3", and the reverse.
    """
    return Clocks(value.end, value.start) if (value.start is None) != (value.end is None) else value


def clock_mentions(mentions: Iterable[Mention]) -> list[Mention]:
    """
    List the mentions of times; an open range that is ruled out is turned round.
    """
    found = []
    for mention in mentions:
        if isinstance(mention.value, Clocks) and mention.negated:
            turned = flipped(mention.value)
            if turned is not mention.value:
                found.append(replace(mention, value=turned, negated=False))
                continue
        if isinstance(mention.value, Clock | Clocks | datetime | str):
            found.append(mention)
    return found
