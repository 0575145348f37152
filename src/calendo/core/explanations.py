"""
Why a time is not on offer: all candidates of a stretch of time, and what stands in the way of each.

The candidates, and whether they fit, come from ``find_slots`` itself, and everything else
from the ``SlotRule`` that it asks too. So what has no reason here is what a look-up lists.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from calendo.core.availability import Schedule
from calendo.core.instants import MINUTE, Instant, dates_between, local_date, midnight
from calendo.core.intervals import Interval, intersect, merge, subtract
from calendo.core.slots import SlotRule, find_slots, windows_around


class Why(StrEnum):
    """
    What keeps a time from being offered. The last three are said of gaps.
    """

    SWITCHED_OFF = "switched_off"
    PAST = "past"
    MINIMUM_NOTICE = "minimum_notice"
    BOOKING_WINDOW = "booking_window"
    TOO_SHORT = "too_short"  # the meeting does not fit into the open time that is left
    BOOKED = "booked"
    BUFFER = "buffer"  # the meeting would fit, and its buffers or the other's do not
    OUTSIDE_HOURS = "outside_hours"
    CLOSED_BY_OVERRIDE = "closed_by_override"
    OUTSIDE_OVERRIDE = "outside_override"  # the date has other hours, by an override


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A booking that blocks time: its id, its meeting, and that with its buffers.
    """

    id: int
    meeting: Interval
    blocked: Interval


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One reason; ``booking_id`` says which booking it is, where it is one.
    """

    why: Why
    booking_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    A candidate, from start to end of its meeting, or a gap, where nothing can begin.

    A candidate without a reason is on offer; a gap always has one.
    """

    start: Instant
    end: Instant
    is_gap: bool
    reasons: tuple[Reason, ...] = ()

    @property
    def is_offered(self) -> bool:
        """
        Whether it can be booked.
        """
        return not self.reasons


def explain(
    rule: SlotRule,
    schedule: Schedule,
    taken: Sequence[Taken],
    asked: Interval,
    now: Instant,
    *,
    is_active: bool = True,
) -> list[Stretch]:
    """
    List the candidates that start in ``asked`` and its gaps, earliest first.

    ``taken`` holds at least what meets ``rule.touches(asked)``; ``is_active`` False is an
    event type that is switched off.
    """
    windows = list(windows_around(rule, schedule, asked))
    fitting = set(find_slots(rule, windows, (), asked))
    bookable = rule.bookable(schedule.zone, now)
    found = list(_gaps(schedule, windows, asked))
    for start in find_slots(_grid_of(rule), windows, (), asked):
        whys = _times(start, bookable, now)
        if not is_active:
            whys.insert(0, Why.SWITCHED_OFF)
        if start not in fitting:
            whys.append(Why.TOO_SHORT)
        reasons = (*map(Reason, whys), *_collisions(rule, start, taken))
        found.append(Stretch(*rule.meeting(start), is_gap=False, reasons=reasons))
    return sorted(found, key=lambda stretch: stretch.start)


def _grid_of(rule: SlotRule) -> SlotRule:
    """
    Make a rule that all grid points fit: a meeting of no length.
    """
    return replace(
        rule,
        duration_minutes=0,
        slot_interval_minutes=rule.step_seconds // MINUTE,
        buffer_before_minutes=0,
        buffer_after_minutes=0,
    )


def _times(start: Instant, bookable: Interval, now: Instant) -> list[Why]:
    whys = []
    if start < bookable[0]:
        whys.append(Why.PAST if start < now else Why.MINIMUM_NOTICE)
    if start >= bookable[1]:
        whys.append(Why.BOOKING_WINDOW)
    return whys


def _collisions(rule: SlotRule, start: Instant, taken: Iterable[Taken]) -> Iterator[Reason]:
    for other in taken:
        if intersect(rule.blocked(start), other.blocked) is not None:
            meet = intersect(rule.meeting(start), other.meeting) is not None
            yield Reason(Why.BOOKED if meet else Why.BUFFER, other.id)


def _gaps(schedule: Schedule, windows: Sequence[Interval], asked: Interval) -> Iterator[Stretch]:
    """
    Yield the closed time in ``asked``; what holds on one of the host's dates need not on the next.
    """
    for gap in subtract(asked, merge(windows)):
        for day in dates_between(local_date(gap[0], schedule.zone), local_date(gap[1] - 1, schedule.zone)):
            owned = schedule.override_of(day)
            if owned is None:
                why = Why.OUTSIDE_HOURS
            else:
                why = Why.OUTSIDE_OVERRIDE if owned else Why.CLOSED_BY_OVERRIDE
            whole = (midnight(day, schedule.zone), midnight(day + timedelta(days=1), schedule.zone))
            part = intersect(gap, whole)
            # A date that its zone left out, at the date line, has no time.
            if part is not None:
                yield Stretch(*part, is_gap=True, reasons=(Reason(why),))
