"""
A calendar's grid: which rows the days of a week have, and where in them bookings lie.

A row is half an hour as clocks show it. On the day they go back some are there twice, and on
the day they go forward some are not there at all; so beside each other all days still
have noon at the same height.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calendo.core.instants import MINUTE, Instant, midnight, to_datetime
from calendo.core.intervals import Interval

#: A row: its half hour of the day, and 1 where clocks show that for the second time, else 0.
Row = tuple[int, int]

HALF_HOUR = 30 * MINUTE
_ROWS_A_DAY = 48
#: A shorter meeting is drawn as one of so many rows, so that its name can be read.
_LEAST_ROWS = 1.0


@dataclass(frozen=True, slots=True)
class Block:
    """
    Where something lies: from row to row, in one of the lanes that those which overlap share.
    """

    top: float
    height: float
    lane: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Grid:
    """
    The rows that some days share, and the days. ``first`` and ``last`` are the rows that are shown.
    """

    days: tuple[date, ...]
    zone: ZoneInfo
    rows: tuple[Row, ...]
    first: int
    last: int

    def missing(self, day: date) -> list[tuple[int, int]]:
        """
        List the shown rows that a day does not have, as (from, how many).
        """
        there = set(rows_of(day, self.zone))
        runs: list[tuple[int, int]] = []
        for index in range(self.first, self.last):
            if self.rows[index] in there:
                continue
            if runs and sum(runs[-1]) == index - self.first:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((index - self.first, 1))
        return runs

    def place(self, instant: Instant, *, end: bool = False) -> float:
        """
        Say how many rows below the first shown one an instant lies; an end lies behind its last minute.
        """
        shown = to_datetime(instant - MINUTE if end else instant, self.zone)
        row = _row(shown)
        # Clocks that were once set by odd minutes show half hours that are no rows.
        index = self.rows.index(row if row in self.rows else (row[0], 0))
        return index + (shown.minute % 30 + end) / 30 - self.first


def rows_of(day: date, zone: ZoneInfo) -> list[Row]:
    """
    List the half hours of a day in the order in which they pass.
    """
    begin, end = span(day, day, zone)
    return [_row(to_datetime(instant, zone)) for instant in range(begin, end, HALF_HOUR)]


def span(first_on: date, last_on: date, zone: ZoneInfo) -> Interval:
    """
    Return the instants from the beginning of one day to the end of another.
    """
    return midnight(first_on, zone), midnight(last_on + timedelta(days=1), zone)


def make_grid(
    days: Sequence[date], meetings: Iterable[Interval], zone: ZoneInfo, usual: tuple[int, int]
) -> Grid:
    """
    Make the grid of some days: the ``usual`` hours, and as many more as the meetings there need.
    """
    rows = [(half, 0) for half in range(_ROWS_A_DAY)]
    for day in days:
        again = [row for row in rows_of(day, zone) if row[1] and row not in rows]
        if again:
            behind = rows.index((max(half for half, _ in again), 0)) + 1
            rows[behind:behind] = again
    whole = Grid(tuple(days), zone, tuple(rows), 0, len(rows))
    first, last = (whole.rows.index((hour * 2 - 1, 0)) + 1 if hour else 0 for hour in usual)
    for day in days:
        for start, end in meetings_on(day, meetings, zone):
            first = min(first, int(whole.place(start)))
            last = max(last, -int(-whole.place(end, end=True) // 1))
    return Grid(whole.days, zone, whole.rows, _full_hour_before(rows, first), _full_hour_behind(rows, last))


def meetings_on(day: date, meetings: Iterable[Interval], zone: ZoneInfo) -> list[Interval]:
    """
    Return the parts of meetings that lie on a day, of those that do.
    """
    begin, end = span(day, day, zone)
    return [
        (max(start, begin), min(until, end)) for start, until in meetings if start < end and until > begin
    ]


def lay_out(grid: Grid, parts: Sequence[Interval]) -> list[Block]:
    """
    Place what lies on one day of a grid, those that overlap beside each other; in the order given.
    """
    extents = []
    for start, end in parts:
        top = grid.place(start)
        extents.append((top, max(grid.place(end, end=True), top + _LEAST_ROWS)))
    # What overlaps, by way of others too: which parts in which lanes, and until where each lane is taken.
    clusters: list[tuple[dict[int, int], list[float]]] = []
    for index in sorted(range(len(parts)), key=extents.__getitem__):
        top, bottom = extents[index]
        if not clusters or top >= max(clusters[-1][1]):
            clusters.append(({}, []))
        lane_of, taken = clusters[-1]
        lane = next((lane for lane, until in enumerate(taken) if until <= top), len(taken))
        taken[lane : lane + 1] = [bottom]
        lane_of[index] = lane
    blocks = {
        index: Block(extents[index][0], extents[index][1] - extents[index][0], lane, len(taken))
        for lane_of, taken in clusters
        for index, lane in lane_of.items()
    }
    return [blocks[index] for index in range(len(parts))]


def _row(shown: datetime) -> Row:
    return (shown.hour * 2 + shown.minute // 30, shown.fold)


def _full_hour_before(rows: Sequence[Row], first: int) -> int:
    while first > 0 and rows[first][0] % 2:
        first -= 1
    return first


def _full_hour_behind(rows: Sequence[Row], last: int) -> int:
    while last < len(rows) and rows[last][0] % 2:
        last += 1
    return last
