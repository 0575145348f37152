"""
What a conversation says so far: additions narrow, corrections replace.
"""

from dataclasses import replace
from datetime import date, timedelta

from calendo.core.phrases.days import Days, meet
from calendo.core.phrases.meaning import DayWish, TimeWish, Understood

_FAR = timedelta(days=6)


def combine(previous: Understood, new: Understood) -> Understood:
    """
    Add a message to what was understood before it.

    A field that ``new`` says replaces the one of ``previous``, and one that it
    does not say stays. A new day that lies in the days before narrows them:
    after "next week", "Tuesday" is the Tuesday of next week. What is ruled out
    adds up, until a positive wish for it takes it back.
    ``pick``, ``move``, ``intents``, ``corrects``, ``ambiguities`` and spans are
    those of ``new``, since they concern one message only.
    """
    says_days = bool(new.days or new.earliest_on or new.latest_on)
    days = _narrowed(previous, new) if new.days else () if says_days else previous.days
    bounds = (new.earliest_on, new.latest_on)
    if not says_days or _keeps_bounds(previous, new, days):
        bounds = (previous.earliest_on, previous.latest_on)
    times, not_times = new.times or previous.times, previous.not_times + new.not_times
    if new.times:
        times = _half_kept(previous, new)
        not_times = new.not_times
    elif new.not_times:
        times = tuple(
            wish for wish in times if wish.part is None or wish.part not in {n.part for n in new.not_times}
        )
    return replace(
        new,
        days=days,
        not_days=tuple(wish for wish in previous.not_days if not _taken_back(wish, new)) + new.not_days,
        not_weekdays=frozenset(
            weekday for weekday in previous.not_weekdays if all(weekday != day.weekday for day in new.days)
        )
        | new.not_weekdays,
        earliest_on=bounds[0],
        latest_on=bounds[1],
        times=times,
        not_times=not_times,
        duration_minutes=new.duration_minutes or previous.duration_minutes,
        zone=new.zone or previous.zone,
        flexible=new.flexible or (previous.flexible and not new.says_when),
        language=new.language if new.says_when or new.intents else previous.language,
    )


def _narrowed(previous: Understood, new: Understood) -> tuple[DayWish, ...]:
    """
    Read the new days within the former ones, where that can be and none is taken back.
    """
    if new.corrects:
        return new.days
    narrowed: list[DayWish] = []
    for wish in new.days:
        if wish.weekday is None and wish.day is None:
            return new.days
        for before in previous.days or _bounded(previous):
            if before.first_on != before.last_on:
                met = meet(_days(wish), _days(before), new.reference.date())
                narrowed.extend(DayWish(days.first, days.last, wish.span) for days in met)
    return tuple(narrowed) or new.days


def _bounded(previous: Understood) -> tuple[DayWish, ...]:
    """
    The days between the bounds of a message that named none, some weeks of them where the end is open.
    """
    if previous.earliest_on is None and previous.latest_on is None:
        return ()
    first_on = previous.earliest_on or previous.reference.date()
    last_on = previous.latest_on or min(first_on, date.max - _FAR) + _FAR
    return (DayWish(first_on, last_on, (0, 0)),)


def _keeps_bounds(previous: Understood, new: Understood, days: tuple[DayWish, ...]) -> bool:
    """
    Tell whether new days are a choice within the bounds of before.
    """
    return days != new.days and not previous.days and not (new.earliest_on or new.latest_on)


def _days(wish: DayWish) -> Days:
    return Days(wish.first_on, wish.last_on, weekday=wish.weekday, day=wish.day)


def _half_kept(previous: Understood, new: Understood) -> tuple[TimeWish, ...]:
    """
    Let a part of the day said before decide what "at 8" means now.
    """
    parts = [wish for wish in previous.times if wish.part]
    kept = []
    for wish in new.times:
        other = wish.other_time
        fits = other and parts and not any(part.allows(wish.start_time) for part in parts if wish.start_time)
        if other and fits and any(part.allows(other) for part in parts):
            kept.append(replace(wish, start_time=other, other_time=None))
        else:
            kept.append(wish)
    return tuple(kept)


def _taken_back(ruled_out: DayWish, new: Understood) -> bool:
    return any(wish.first_on in ruled_out for wish in new.days if wish.first_on == wish.last_on)
