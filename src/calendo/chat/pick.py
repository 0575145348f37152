"""
Which of the free starts to offer: those that match a wish, and else the nearest.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from heapq import nsmallest
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from calendo.core.instants import HOUR, Instant, local_date, midnight, to_datetime, wall_to_instant
from calendo.core.phrases import TimeWish, Understood

T = TypeVar("T")

#: So many are offered at once.
MOST_OFFERED = 5
#: A day further off is as bad as this many minutes.
_DAY_COSTS_MINUTES = 8 * 60
_STRIDE = 2 * HOUR


def placed(things: Sequence[T], place: int) -> T | None:
    """
    Return the first for 1, the last for -1, and for 0 ("that one") the only one.
    """
    if place == 0:
        return things[0] if len(things) == 1 else None
    index = place - 1 if place > 0 else len(things) + place
    return things[index] if 0 <= index < len(things) else None


def fitting(starts: Iterable[Instant], wish: Understood, zone: ZoneInfo) -> list[Instant]:
    """
    List the starts on the days and at the times wished for.
    """
    dates = frozenset(wish.dates)
    found: list[Instant] = []
    for start in starts:
        local = to_datetime(start, zone)
        on = local.date()
        if (on in dates if dates else wish.allows_date(on)) and wish.allows_time(_wall(local)):
            found.append(start)
    return found


def spread(starts: Sequence[Instant], zone: ZoneInfo) -> tuple[Instant, ...]:
    """
    Take up to five: of one day the earliest, of several days some of each.
    """
    days = [list(group) for _, group in groupby(starts, lambda start: local_date(start, zone))]
    taken: list[Instant] = []
    for place in range(MOST_OFFERED):
        taken += [day[place] for day in days if place < len(day)][: MOST_OFFERED - len(taken)]
    return tuple(sorted(taken))


def beyond(
    starts: Sequence[Instant], offered: Sequence[Instant], zone: ZoneInfo, *, later: bool
) -> tuple[Instant, ...]:
    """
    Take starts that are later (or earlier) than those offered: on the same days if there are any.

    Where one day was offered, those next to it on the clock; where several were,
    of each day one some hours away.
    """
    sign = 1 if later else -1
    edges: dict[date, Instant] = {}
    for start in sorted(offered, reverse=not later):
        edges[local_date(start, zone)] = start
    same: dict[date, list[Instant]] = {}
    for start in starts[::sign]:
        on = local_date(start, zone)
        if on in edges and sign * start > sign * edges[on]:
            same.setdefault(on, []).append(start)
    if len(edges) == 1 and same:
        (found,) = same.values()
        return tuple(sorted(found[:MOST_OFFERED]))
    if same:
        far = (
            next((s for s in day if sign * (s - edges[on]) >= _STRIDE), day[-1]) for on, day in same.items()
        )
        return tuple(sorted(far)[:MOST_OFFERED])
    last = max(offered) if later else min(offered)
    return tuple(sorted([start for start in starts[::sign] if sign * start > sign * last][:MOST_OFFERED]))


def nearest(
    starts: Sequence[Instant], wish: Understood, zone: ZoneInfo, shown: Sequence[Instant] = ()
) -> tuple[Instant, ...]:
    """
    Take the five starts nearest to what was wished, in order; what was ruled out only if all else is.
    """
    known = [(start, to_datetime(start, zone)) for start in starts if start not in shown]
    allowed = [(start, local) for start, local in known if not _is_ruled_out(wish, local)]
    dates = wish.dates or tuple(day.last_on for day in wish.days)

    def cost(entry: tuple[Instant, datetime]) -> tuple[int, Instant]:
        start, local = entry
        days = min((abs((local.date() - day).days) for day in dates), default=0)
        minutes = min((_minutes_off(wish_, _wall(local)) for wish_ in wish.times), default=0)
        return days * _DAY_COSTS_MINUTES + minutes, start

    return tuple(sorted(start for start, _ in nsmallest(MOST_OFFERED, allowed or known, key=cost)))


def is_too_soon(wish: Understood, zone: ZoneInfo, now: Instant, min_notice_hours: int) -> bool:
    """
    Say whether all that was wished for lies within the notice that a booking needs.
    """
    last_on = wish.dates[-1]
    if last_on > local_date(now, zone) + timedelta(days=min_notice_hours // 24 + 2):
        return False
    exact = [wish_.start_time for wish_ in wish.times if wish_.exact and wish_.start_time]
    if exact:
        last = max(wall_to_instant(last_on, wall, zone) for wall in exact)
    else:
        last = midnight(last_on + timedelta(days=1), zone) - 1
    return last < now + min_notice_hours * HOUR


def _wall(local: datetime) -> time:
    return local.time().replace(fold=0)


def _is_ruled_out(wish: Understood, local: datetime) -> bool:
    on, wall = local.date(), _wall(local)
    return (
        on.weekday() in wish.not_weekdays
        or any(on in day for day in wish.not_days)
        or any(wish_.allows(wall) for wish_ in wish.not_times)
    )


def _minutes_off(wish: TimeWish, wall: time) -> int:
    if wish.allows(wall):
        return 0
    edges = [edge for edge in (wish.start_time, wish.end_time) if edge is not None]
    return min((abs(_minute(edge) - _minute(wall)) for edge in edges), default=0)


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute
