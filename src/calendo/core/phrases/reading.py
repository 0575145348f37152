"""
From a message to what it says: its language, its words, the grammar in order, and what comes of it.
"""

from collections.abc import Sequence
from datetime import datetime, time

from calendo.core.phrases import clock, holidays, numbers, spans, times, zones
from calendo.core.phrases.clock import PARTS, Clock
from calendo.core.phrases.context import Context
from calendo.core.phrases.gather import clock_mentions, doubts, gather_days, wishes
from calendo.core.phrases.lexicon import Vocabulary, look_up
from calendo.core.phrases.meaning import (
    Ambiguity,
    Intent,
    Move,
    Pick,
    TimeWish,
    Unclear,
    Understood,
)
from calendo.core.phrases.mentions import Mention, mentions_in
from calendo.core.phrases.times import Clocks
from calendo.core.phrases.tokens import Token, pieces
from calendo.core.phrases.weak import strengthen

#: From the hour on that "at 3" means the morning, where it can mean both.
_FIRST_MORNING_HOUR = 8
_NOON = 12
_TRIED = 3
#: Another language is tried where it knows almost as many words as the best.
_CLOSE = 0.8
#: So many of them are enough for the first language.
_PREFERRED = 0.5
_MONTHS = 12
#: Signs that part nothing.
_UNSAID = frozenset('()[]{}"「」『』【】<>*_')
_SAYING = frozenset(
    [
        "date",
        "choice",
        "bound",
        "clock",
        "clocks",
        "moment",
        "part",
        "length",
        "in_zone",
        "pick",
        "move",
        "flexible",
    ]
)
_STAGES = (
    numbers.numbers,
    zones.zones,
    times.halves,
    clock.clock_times,
    times.lengths,
    times.moments,
    holidays.dates,
    spans.parts,
    spans.parts,
    spans.ranges,
    spans.bounds,
    times.bare_ranges,
    clock.bare_times,
    times.time_ranges,
)


def understand(text: str, reference: datetime, vocabularies: Sequence[Vocabulary]) -> Understood:
    """
    Read a message.

    ``reference`` is now on the wall clock (naive) of the zone in which the
    writer means times. ``vocabularies`` are the languages to choose from; the
    first is taken where the words do not tell.
    Never fails, whatever the text.
    """
    if not vocabularies:
        return Understood(reference)
    cut = pieces(text)
    known = {vocabulary: _familiar(cut, vocabulary) for vocabulary in vocabularies}
    best = max(known.values())
    first = vocabularies[0]
    likely = [one for one in vocabularies if known[one] >= (_PREFERRED if one is first else _CLOSE) * best][
        :_TRIED
    ]
    # The first one wins a tie.
    return max((_read(cut, reference, vocabulary) for vocabulary in likely), key=_said)


def _said(read: Understood) -> tuple[bool, int]:
    """
    Tell how much of a text was understood in a language.
    """
    letters = sum(end - start for start, end in read.spans)
    return read.says_when or bool(read.intents or read.pick or read.move or read.duration_minutes), letters


def _familiar(cut: list[Token], vocabulary: Vocabulary) -> float:
    """
    Count the words that a language knows; those that say something count double.
    """
    count = 0.0
    for token in cut:
        if "run" in token.senses:
            known = [t for t in look_up([token], vocabulary) if t.senses]
            count += sum(t.end - t.start for t in known)
        elif "word" in token.senses:
            says = token.text in vocabulary.phrases
            count += (says or token.text in vocabulary.common) + says / 2
    return count


def _read(cut: list[Token], reference: datetime, vocabulary: Vocabulary) -> Understood:
    tokens = [token for token in look_up(cut, vocabulary) if token.text not in _UNSAID]
    order = _order(tokens)
    c = Context(reference, vocabulary, vocabulary.day_first if order is None else order, order is not None)
    strengthen(tokens, vocabulary.common)
    said = [token for token in tokens if token.senses]
    for stage in _STAGES:
        tokens = stage.reduce(tokens, c)
    mentions = mentions_in(tokens)
    found = gather_days(c, tokens, mentions)
    meant, ruled_out, unclear = _times(c, _settled(tokens, mentions), bool(found.days or found.not_days))
    picks = [token for token in tokens if "pick" in token.senses]
    zones_ = [
        (str(token.senses["in_zone"]).split(","), (token.start, token.end))
        for token in tokens
        if "in_zone" in token.senses
    ]
    return Understood(
        reference=reference,
        language=vocabulary.language,
        days=tuple(wishes(found.days)),
        not_days=tuple(wish for wish in wishes(found.not_days) if wish.weekday is None),
        not_weekdays=frozenset(wish.weekday for wish in wishes(found.not_days) if wish.weekday is not None),
        earliest_on=found.earliest_on,
        latest_on=found.latest_on,
        times=meant,
        not_times=ruled_out,
        duration_minutes=next((_int(t.senses["length"]) for t in tokens if "length" in t.senses), None),
        zone=zones_[0][0][0] if zones_ else None,
        pick=Pick(_int(picks[-1].senses["pick"]), (picks[-1].start, picks[-1].end)) if picks else None,
        move=next((Move(str(t.senses["move"])) for t in tokens if "move" in t.senses), None),
        corrects=any("correct" in token.senses for token in tokens),
        flexible=any("flexible" in token.senses for token in tokens),
        intents=frozenset(Intent(str(t.senses["intent"])) for t in said if "intent" in t.senses),
        ambiguities=(
            *doubts(found.days),
            *found.ambiguities,
            *unclear,
            *(Ambiguity(Unclear.ZONE, tuple(names), span) for names, span in zones_ if len(names) > 1),
        ),
        spans=tuple(sorted({(t.start, t.end) for t in tokens if not t.senses.keys().isdisjoint(_SAYING)})),
    )


def _order(tokens: list[Token]) -> bool | None:
    """
    Tell whether the day comes first, where one of the numeric dates can only be read in one way.
    """
    for token in tokens:
        for kind in ("slashed", "numeric"):
            numbers_ = token.senses.get(kind)
            if isinstance(numbers_, tuple) and max(numbers_[:2]) > _MONTHS >= min(numbers_[:2]):
                return bool(numbers_[0] > _MONTHS)
    return None


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def _times(
    c: Context, mentions: list[Mention], has_days: bool
) -> tuple[tuple[TimeWish, ...], tuple[TimeWish, ...], list[Ambiguity]]:
    """
    Return the times meant, those ruled out, and what is unclear about them.
    """
    found = [
        mention
        for mention in mentions
        if has_days or not (isinstance(mention.value, Clocks) and mention.value.loose)
    ]
    parts = [
        str(mention.value) for mention in found if isinstance(mention.value, str) and not mention.negated
    ]
    on_clock = any(not isinstance(mention.value, str) and not mention.negated for mention in found)
    meant: list[TimeWish] = []
    ruled_out: list[TimeWish] = []
    unclear: list[Ambiguity] = []
    for mention in found:
        if isinstance(mention.value, str):
            if mention.negated or not on_clock:
                (ruled_out if mention.negated else meant).append(_part(mention))
            continue
        wish = _wish(c, mention, parts[-1] if parts else None)
        if wish.other_time and wish.start_time:
            readings = (f"{wish.start_time:%H:%M}", f"{wish.other_time:%H:%M}")
            unclear.append(Ambiguity(Unclear.HALF_OF_DAY, readings, mention.span))
        (ruled_out if mention.negated else meant).append(wish)
    return tuple(meant), tuple(ruled_out), unclear


def _settled(tokens: list[Token], mentions: list[Mention]) -> list[Mention]:
    """
    Leave out the times that are taken back: "at 3, no wait, at 4".
    """
    times_ = clock_mentions(mentions)
    back = [place for place, token in enumerate(tokens) if "correct" in token.senses]
    behind = [
        mention.place for mention in times_ if not mention.negated and mention.place > max(back, default=-1)
    ]
    return [
        mention
        for mention in times_
        if not back or not behind or mention.negated or mention.place >= min(behind)
    ]


def _part(mention: Mention) -> TimeWish:
    start, end, part = PARTS[str(mention.value)]
    return TimeWish(time(start), time(end % 24), mention.span, part=part)


def _wish(c: Context, mention: Mention, part: str | None) -> TimeWish:
    value = mention.value
    if isinstance(value, datetime):
        return TimeWish(value.time(), None, mention.span, exact=True)
    if isinstance(value, Clock):
        start = _decided(c, value, part)
        other = None if start.sure else start.other.time
        return TimeWish(start.time, None, mention.span, exact=True, other_time=other)
    if not isinstance(value, Clocks):
        raise TypeError(value)
    if value.start and value.end and not value.start.sure and not value.end.sure:
        start = _decided(c, value.start, part)
        value = times.joined(Clock(start.hour, start.minute, sure=True), value.end)
        other = None if start.sure else start.other.time
        return TimeWish(start.time, value.end.time if value.end else None, mention.span, other_time=other)
    bounds = [_decided(c, bound, part).time if bound else None for bound in (value.start, value.end)]
    return TimeWish(bounds[0], bounds[1], mention.span)


def _decided(c: Context, value: Clock, part: str | None) -> Clock:
    """
    Decide on a half of the day. What is decided by custom alone stays unsure.
    """
    if value.sure:
        return value
    if part:
        return value.in_part(part)
    if c.vocabulary.half_day and value.hour < _FIRST_MORNING_HOUR:
        return Clock(value.hour + _NOON, value.minute)
    return value
