"""
What to answer: pure decisions from a message as it was heard, and from the free times there are.

``begin`` decides what can be decided without looking anything up, or says what to look up;
``matching``, ``offer`` and ``instead`` go on from the starts that were found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from calendo.chat import pick
from calendo.chat.choices import Choice
from calendo.chat.hearing import Heard
from calendo.chat.settled import MOST_SHOWN, Settled
from calendo.core.instants import Instant, local_date, to_datetime
from calendo.core.phrases import DayWish, Intent, Move, TimeWish, Understood

#: As many days as the API's look-up takes at once.
LOOK_AHEAD_DAYS = 91
_A_MONTH = 31
_FORTNIGHT = 14
_LAST_DAY = date(9000, 1, 1)

Dates = tuple[date, date]


class Kind(StrEnum):
    """
    The types of the API's ``action``.
    """

    SUGGEST_BOOKING = "suggest_booking"
    SHOW_TIMES = "show_times"
    CHOOSE_EVENT_TYPE = "choose_event_type"
    NO_AVAILABILITY = "no_availability"


class Say(StrEnum):
    """
    What the message says; the words are in ``answer``.
    """

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    OFF_TOPIC = "off_topic"
    MANAGE_LINK = "manage_link"
    NOTHING_OFFERED = "nothing_offered"
    NO_SUCH_LENGTH = "no_such_length"
    CHOOSE_TYPE = "choose_type"
    WHAT_THEN = "what_then"
    WHICH_TIME = "which_time"
    OFFER = "offer"
    PICKED = "picked"
    PAST = "past"
    BEYOND = "beyond"
    TOO_SOON = "too_soon"
    FULL = "full"
    TAKEN = "taken"
    GONE = "gone"
    NONE_LATER = "none_later"
    NONE_EARLIER = "none_earlier"
    NONE_OTHER = "none_other"
    NEAREST = "nearest"
    NOTHING_FREE = "nothing_free"


@dataclass(frozen=True, slots=True)
class Action:
    """
    What the page can do next. ``dates`` and ``time`` are as understood, in ``zone``.
    """

    kind: Kind
    zone: ZoneInfo
    dates: tuple[date, ...]
    time: str | None
    choice: Choice | None = None
    slots: tuple[Instant, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What is said, what is done, and what is settled then.
    """

    says: tuple[Say, ...]
    action: Action | None
    settled: Settled


@dataclass(frozen=True, slots=True)
class Search:
    """
    What to look up: starts of ``choice`` in one of ``spans`` after the other, until some match.

    Where none does, the nearest are looked for in ``around``, one after the other.
    ``wish`` is what starts have to match; ``picked`` the one start that was chosen.
    """

    heard: Heard
    choice: Choice
    wish: Understood
    spans: tuple[Dates, ...]
    around: tuple[Dates, ...]
    move: Move | None = None
    picked: Instant | None = None
    says: tuple[Say, ...] = ()


def begin(heard: Heard, offered: Sequence[Choice]) -> Decision | Search:
    """
    Decide what a message wants; a ``Search`` where free times decide what comes of it.
    """
    new, settled = heard.new, heard.settled
    if not offered:
        return _talk(heard, Say.NOTHING_OFFERED)
    if _is_about_a_booking(new):
        return _talk(heard, Say.MANAGE_LINK)
    known = {choice.slug: choice for choice in offered}
    current = known.get(settled.event_slug or "")
    begun = None if new.days else _picked(heard, known, current)
    if begun is None and new.move and not new.says_when and current and settled.offered:
        begun = _moved(heard, current, new.move)
    if begun is None and (heard.is_about_times or new.move):
        begun = _searched(heard, offered, current)
    return begun or _small_talk(heard)


def _is_about_a_booking(new: Understood) -> bool:
    if Intent.CANCEL in new.intents:
        return not new.corrects
    return Intent.RESCHEDULE in new.intents and not new.says_when


def _picked(heard: Heard, known: dict[str, Choice], current: Choice | None) -> Decision | Search | None:
    """
    Take "the second one", "yes" and "no" for answers to what was said last, if they can be.
    """
    new, settled = heard.new, heard.settled
    if new.pick and settled.asked:
        slug = pick.placed(settled.asked, new.pick.place)
        if slug in known:
            return search(heard, known[slug])
    if current is None or not settled.offered:
        return None
    if new.pick:
        start = pick.placed(settled.offered, new.pick.place)
        return _chosen(heard, current, start) if start is not None else _again(heard, current)
    if Intent.YES in new.intents and not heard.is_about_times:
        return (
            _chosen(heard, current, settled.offered[0])
            if len(settled.offered) == 1
            else _again(heard, current)
        )
    if Intent.NO in new.intents and not heard.is_about_times and not new.move:
        return _talk(heard, Say.WHAT_THEN)
    return None


def _chosen(heard: Heard, choice: Choice, start: Instant) -> Search:
    local = to_datetime(start, heard.zone)
    on = local.date()
    wish = replace(
        heard.wish,
        days=(DayWish(on, on, (0, 0)),),
        times=(TimeWish(local.time(), None, (0, 0), exact=True),),
        not_days=(),
        not_weekdays=frozenset(),
        not_times=(),
        earliest_on=None,
        latest_on=None,
    )
    return Search(heard, choice, wish, ((on, on),), _around(wish), picked=start)


def _again(heard: Heard, choice: Choice) -> Decision:
    offered = heard.settled.offered
    action = _action(_kind(heard.wish), heard, heard.wish, choice, offered)
    return Decision((Say.WHICH_TIME,), action, _settle(heard, heard.wish, choice, offered))


def _moved(heard: Heard, choice: Choice, move: Move) -> Search:
    offered, today = heard.settled.offered, heard.wish.reference.date()
    first_on, last_on = local_date(min(offered), heard.zone), local_date(max(offered), heard.zone)
    spans: tuple[Dates, ...] = ((first_on, last_on), (first_on, _shifted(last_on, _A_MONTH)))
    if move is Move.EARLIER:
        spans = ((first_on, last_on), (max(today, _shifted(first_on, -_A_MONTH)), last_on))
    elif move is Move.OTHER:
        spans = _spans(heard.wish)
    return Search(heard, choice, heard.wish, spans, _around(heard.wish), move=move)


def _searched(heard: Heard, offered: Sequence[Choice], current: Choice | None) -> Decision | Search:
    match = heard.match
    says = () if match.missing_minutes is None else (Say.NO_SUCH_LENGTH,)
    if match.hinted and len(match.best) == 1:
        return search(heard, match.best[0])
    if not match.hinted and current is not None:
        return search(heard, current, says)
    if len(offered) == 1:
        return search(heard, offered[0], says)
    if current in match.best and current is not None:
        return search(heard, current, says)
    return ask_type(heard, match.best, says)


def ask_type(heard: Heard, choices: Sequence[Choice], says: tuple[Say, ...] = ()) -> Decision:
    """
    Ask which event type is meant. What was understood about times goes along.
    """
    action = _action(Kind.CHOOSE_EVENT_TYPE, heard, heard.wish, None, choices=tuple(choices))
    settled = replace(_settle(heard, heard.wish, None, ()), asked=tuple(choice.slug for choice in choices))
    return Decision((*says, Say.CHOOSE_TYPE), action, settled)


def search(heard: Heard, choice: Choice, says: tuple[Say, ...] = ()) -> Search:
    """
    Say what to look up for a choice and the conversation's wish.
    """
    return Search(heard, choice, heard.wish, _spans(heard.wish), _around(heard.wish), says=says)


def _spans(wish: Understood) -> tuple[Dates, ...]:
    today, dates = wish.reference.date(), wish.dates
    if not dates:
        return (today, _shifted(today, _FORTNIGHT)), (today, _shifted(today, LOOK_AHEAD_DAYS))
    first_on = _shifted(dates[0], 0)
    return ((first_on, max(first_on, min(dates[-1], _shifted(first_on, LOOK_AHEAD_DAYS)))),)


def _around(wish: Understood) -> tuple[Dates, ...]:
    today, dates = wish.reference.date(), wish.dates
    wide = (today, _shifted(today, LOOK_AHEAD_DAYS))
    if not dates:
        return (wide,)
    return (max(today, _shifted(dates[0], -_FORTNIGHT)), _shifted(dates[0], _A_MONTH)), wide


def _shifted(day: date, days: int) -> date:
    # Near the calendar's end nothing can be reckoned any more, nor is anything free.
    return min(day, _LAST_DAY) + timedelta(days=days)


def _small_talk(heard: Heard) -> Decision:
    intents = heard.new.intents
    for intent, say in (
        (Intent.HELP, Say.HELP),
        (Intent.THANKS, Say.THANKS),
        (Intent.GOODBYE, Say.GOODBYE),
        (Intent.GREETING, Say.GREETING),
    ):
        if intent in intents:
            return _talk(heard, say)
    if {Intent.YES, Intent.NO} & intents:
        return _talk(heard, Say.WHAT_THEN)
    return _talk(heard, Say.OFF_TOPIC)


def matching(search: Search, starts: Sequence[Instant]) -> tuple[Instant, ...]:
    """
    Choose up to five of the starts that match, earliest first.
    """
    if search.picked is not None:
        return (search.picked,) if search.picked in starts else ()
    if _is_past(search.wish):
        return ()
    settled, zone = search.heard.settled, search.heard.zone
    if search.move is Move.LATER or search.move is Move.EARLIER:
        return pick.beyond(starts, settled.offered, zone, later=search.move is Move.LATER)
    fitting = pick.fitting(starts, search.wish, zone)
    if search.move is Move.OTHER:
        fitting = [start for start in fitting if start not in settled.shown]
    return pick.spread(fitting, zone)


def offer(search: Search, found: tuple[Instant, ...]) -> Decision:
    """
    Offer the starts that match.
    """
    say = Say.PICKED if search.picked is not None else Say.OFFER
    return _answered(search, (*search.says, say), found)


def instead(search: Search, starts: Sequence[Instant], now: Instant) -> Decision:
    """
    Say that nothing matches and why, and offer the nearest of all the starts there are.
    """
    if not starts:
        heard = search.heard
        action = _action(Kind.NO_AVAILABILITY, heard, search.wish, search.choice)
        settled = _settle(heard, heard.wish, search.choice, ())
        return Decision((*search.says, *_reason(search, starts, now), Say.NOTHING_FREE), action, settled)
    nearest = pick.nearest(
        starts, search.wish, search.heard.zone, search.heard.settled.shown if search.move else ()
    )
    return _answered(search, (*search.says, *_reason(search, starts, now), Say.NEAREST), nearest)


def _reason(search: Search, starts: Sequence[Instant], now: Instant) -> tuple[Say, ...]:
    wish, zone = search.wish, search.heard.zone
    if search.picked is not None:
        return (Say.GONE,)
    if search.move is not None:
        return (
            {Move.LATER: Say.NONE_LATER, Move.EARLIER: Say.NONE_EARLIER, Move.OTHER: Say.NONE_OTHER}[
                search.move
            ],
        )
    dates, today = wish.dates, wish.reference.date()
    if not dates:
        return (Say.PAST,) if _is_past(wish) else (Say.TAKEN,) if wish.times else ()
    if dates[0] > today + timedelta(days=search.choice.max_future_days):
        return (Say.BEYOND,)
    if pick.is_too_soon(wish, zone, now, search.choice.min_notice_hours):
        return (Say.TOO_SOON,)
    wished = set(dates)
    same_day = any(local_date(start, zone) in wished for start in starts)
    return (Say.TAKEN,) if same_day else (Say.FULL,)


def _is_past(wish: Understood) -> bool:
    return bool(wish.days) and all(day.last_on < wish.reference.date() for day in wish.days)


def _answered(search: Search, says: tuple[Say, ...], starts: tuple[Instant, ...]) -> Decision:
    heard, wish = search.heard, search.wish
    action = _action(_kind(wish), heard, wish, search.choice, starts)
    return Decision(says, action, _settle(heard, wish, search.choice, starts))


def _kind(wish: Understood) -> Kind:
    # Without a day there is nothing to suggest yet; what is free is shown.
    return Kind.SUGGEST_BOOKING if wish.dates else Kind.SHOW_TIMES


def _action(
    kind: Kind,
    heard: Heard,
    wish: Understood,
    choice: Choice | None,
    slots: tuple[Instant, ...] = (),
    choices: tuple[Choice, ...] = (),
) -> Action:
    return Action(kind, heard.zone, wish.dates, wish.preferred_time, choice, slots, choices)


def _settle(heard: Heard, wish: Understood, choice: Choice | None, offered: tuple[Instant, ...]) -> Settled:
    before = heard.settled
    shown = () if heard.new.says_when else before.shown
    return Settled(
        language=heard.language,
        event_slug=choice.slug if choice else before.event_slug,
        wish=wish,
        offered=offered,
        shown=tuple(dict.fromkeys((*shown, *offered)))[-MOST_SHOWN:],
    )


def _talk(heard: Heard, say: Say) -> Decision:
    # What was settled and offered stays so: small talk takes nothing back.
    return Decision((say,), None, replace(heard.settled, language=heard.language))
