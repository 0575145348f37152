"""
When the clocks of two zones will stand in another way to each other.

Many zones change their clocks, on different dates or not at all. Then what is nine o'clock
here is another hour there from one day to the next.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from calendo.core.instants import dates_between, to_datetime, wall_to_instant


@dataclass(frozen=True, slots=True)
class ClockChange:
    """
    From ``on`` at home the wall time ``here`` is ``there`` in the other zone, and not ``former_there``.

    ``days_apart`` is 1 where it is already the next date there, and -1 where it is still
    the one before. The other two say whose clock changes; it may be both, by different hours.
    """

    on: date
    here: time
    there: time
    days_apart: int
    former_there: time
    former_days_apart: int
    here_changes: bool
    there_changes: bool


@dataclass(frozen=True, slots=True)
class _Look:
    here: time
    there: time
    days_apart: int
    offsets: tuple[timedelta | None, timedelta | None]

    @property
    def apart(self) -> timedelta:
        ours, theirs = (offset or timedelta() for offset in self.offsets)
        return theirs - ours


def coming_changes(
    here: ZoneInfo, there: ZoneInfo, wall: time, first_on: date, last_on: date
) -> list[ClockChange]:
    """
    List the dates from ``first_on`` to ``last_on`` on which ``wall`` becomes another time there.

    What counts is how it stands at that time of the day: zones of one country change their
    clocks on one morning, an hour after the other, which nobody has to be told.
    """
    changes = []
    former = _look(first_on - timedelta(days=1), wall, here, there)
    for day in dates_between(first_on, last_on):
        look = _look(day, wall, here, there)
        if look.apart != former.apart:
            changes.append(
                ClockChange(
                    on=day,
                    here=look.here,
                    there=look.there,
                    days_apart=look.days_apart,
                    former_there=former.there,
                    former_days_apart=former.days_apart,
                    here_changes=look.offsets[0] != former.offsets[0],
                    there_changes=look.offsets[1] != former.offsets[1],
                )
            )
        former = look
    return changes


def _look(day: date, wall: time, here: ZoneInfo, there: ZoneInfo) -> _Look:
    instant = wall_to_instant(day, wall, here)
    ours, theirs = to_datetime(instant, here), to_datetime(instant, there)
    return _Look(
        here=ours.time(),
        there=theirs.time(),
        days_apart=(theirs.date() - ours.date()).days,
        offsets=(ours.utcoffset(), theirs.utcoffset()),
    )
