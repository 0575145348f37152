"""
From a sentence in values to what it says: what is ruled out, what are alternatives, what one mention narrows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from calendo.core.phrases.clock import Clock
from calendo.core.phrases.context import Context
from calendo.core.phrases.days import ONE, Days, meet, next_day_of_month, next_weekday, one, week_of
from calendo.core.phrases.meaning import Ambiguity, DayWish, Span, Unclear
from calendo.core.phrases.mentions import JOINS, SMALL, Mention
from calendo.core.phrases.spans import Bound
from calendo.core.phrases.times import Clocks
from calendo.core.phrases.tokens import Token


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
    result.days = [
        (moved, span) for days, span in result.days for moved in [_after_bound(days, result.earliest_on)]
    ]
    return result


def _after_bound(days: Days, earliest_on: date | None) -> Days:
    """
    Move a weekday or day of the month that can still move behind the bound: "Monday, but after the 20th".
    """
    if earliest_on is None or days.first >= earliest_on or days.pinned:
        return days
    if days.weekday is not None:
        return one(next_weekday(days.weekday, earliest_on - ONE), weekday=days.weekday)
    if days.day is not None:
        return one(next_day_of_month(days.day, earliest_on), day=days.day)
    return days


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
    joined = bool(kinds) and all(kind & SMALL for kind in kinds)
    if not result.days or any("correct" in kind for kind in kinds):
        result.days = [(days, span) for days in new]
    elif joined and any(kind & JOINS for kind in kinds):
        before = result.days[-1][0]
        result.days.extend((_in_the_same_week(before, days), span) for days in new)
    elif len(new) == 1:
        before, before_span = result.days[-1]
        met = meet(before, new[0], c.today)
        both = (before_span[0], max(span[1], before_span[1]))
        if met and (before, new[0]) != (met[0], met[0]):
            result.days[-1:] = [(days, both) for days in met]
        elif not met and not [kind for kind in kinds if not kind & SMALL] and _weekday_off(before, new[0]):
            dated = new[0] if before.weekday is not None else before
            readings = tuple(str(days.first) for days in (dated, before if dated is new[0] else new[0]))
            result.ambiguities.append(Ambiguity(Unclear.WEEKDAY_AND_DATE, readings, both))
            result.days[-1] = (dated, both)
        elif not met and joined and before.fixed and before.single and not new[0].fixed:
            # "Today, March 5th": the date counts.
            result.days[-1] = (new[0], both)
        elif not met:
            result.days.append((new[0], span))
    else:
        result.days.extend((days, span) for days in new)


def _in_the_same_week(before: Days, days: Days) -> Days:
    """
    Read "next Tuesday or Thursday": the week was said once.
    """
    if not before.pinned or days.weekday is None or days.pinned:
        return days
    day = week_of(before.first).first + days.weekday * ONE
    return one(day if day >= before.first else day + 7 * ONE, weekday=days.weekday, pinned=True)


def _weekday_off(a: Days, b: Days) -> bool:
    return (a.weekday is None) != (b.weekday is None) and a.single and b.single


def wishes(found: Iterable[tuple[Days, Span]]) -> Iterator[DayWish]:
    """
    Yield days as the world outside sees them.
    """
    for days, span in found:
        yield DayWish(days.first, days.last, span, None if days.pinned else days.weekday, days.day)


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
    found: list[Mention] = []
    for mention in mentions:
        if isinstance(mention.value, tuple):
            found.extend(replace(mention, value=clock) for clock in mention.value if isinstance(clock, Clock))
        if isinstance(mention.value, Clocks) and mention.negated:
            turned = flipped(mention.value)
            if turned is not mention.value:
                found.append(replace(mention, value=turned, negated=False))
                continue
        if isinstance(mention.value, Clock | Clocks | datetime | str):
            found.append(mention)
    return found
