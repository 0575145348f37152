"""
From open windows and blocked time to the starts that can be booked.

Looking up and booking both ask ``offered``, so a listed slot can be booked and
an unlisted one cannot.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter
from zoneinfo import ZoneInfo

from calendo.core.availability import Schedule
from calendo.core.instants import DAY, HOUR, MINUTE, Instant, local_date, midnight, offsets, written_iso
from calendo.core.intervals import Interval, intersect, merge

MAX_DURATION_MINUTES = 720
MAX_BUFFER_MINUTES = 720
#: No booking takes more time from its host than this.
MAX_BLOCKED_SECONDS = (MAX_DURATION_MINUTES + 2 * MAX_BUFFER_MINUTES) * MINUTE
_FIRST_DAY = date(1970, 1, 1)
_LONGEST_GAP = 2 * HOUR  # of any clock change since 1970 but for crossings of the date line
_start, _end = itemgetter(0), itemgetter(1)
_CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))
_REMEMBERED_LABELS = 20_000


@dataclass(frozen=True, slots=True)
class SlotRule:
    """
    What an event type asks of a slot. ``slot_interval_minutes`` None: the duration.
    """

    duration_minutes: int = 30
    slot_interval_minutes: int | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    min_notice_hours: int = 0
    max_future_days: int = 60

    def meeting(self, start: Instant) -> Interval:
        """
        The time from start to end of a meeting that begins at ``start``.
        """
        return (start, start + self.duration_minutes * MINUTE)

    def blocked(self, start: Instant) -> Interval:
        """
        The time that a meeting takes from its host, buffers included.
        """
        return (
            start - self.buffer_before_minutes * MINUTE,
            start + (self.duration_minutes + self.buffer_after_minutes) * MINUTE,
        )

    def touches(self, asked: Interval) -> Interval:
        """
        The time in which anything blocked matters to starts in ``asked``.
        """
        return (self.blocked(asked[0])[0], self.blocked(asked[1])[1])

    @property
    def step_seconds(self) -> int:
        """
        The distance of two grid points.
        """
        return (self.slot_interval_minutes or self.duration_minutes) * MINUTE

    def bookable(self, zone: ZoneInfo, now: Instant) -> Interval:
        """
        The instants at which a meeting may start, by minimum notice and booking window.

        ``zone`` is the host's: the window's last day is a whole day there.
        """
        last_on = local_date(now, zone) + timedelta(days=self.max_future_days)
        return (now + self.min_notice_hours * HOUR, midnight(last_on + timedelta(days=1), zone))


def offered(
    rule: SlotRule, schedule: Schedule, blocked: Sequence[Interval], asked: Interval, now: Instant
) -> list[Instant]:
    """
    List the bookable starts in ``asked``, earliest first.

    ``blocked`` is as ``find_slots`` wants it and holds at least what meets ``rule.touches(asked)``.
    """
    within = intersect(asked, rule.bookable(schedule.zone, now))
    if within is None:
        return []
    return find_slots(rule, windows_around(rule, schedule, within), blocked, within)


def windows_around(rule: SlotRule, schedule: Schedule, within: Interval) -> Iterator[Interval]:
    """
    Yield the open windows that matter to starts in ``within``, by date.
    """
    # A window may reach in from the day before, or from one day further where a
    # clock change moved its end past midnight; a meeting may go on for as many
    # days as it is long.
    first_on = local_date(within[0] - _LONGEST_GAP, schedule.zone) - timedelta(days=1)
    last_on = local_date(rule.meeting(within[1])[1], schedule.zone)
    return schedule.windows(first_on, last_on)


def find_slots(
    rule: SlotRule, windows: Iterable[Interval], blocked: Sequence[Interval], within: Interval
) -> list[Instant]:
    """
    List the starts in ``within`` that fit, earliest first.

    Starts lie on a grid that begins where a window begins, so neither a booking
    nor the range asked for ever shifts the times on offer. A meeting has to fit
    into open time, which may go on in the next window; its buffers only have to
    stay clear of ``blocked``, whose intervals are in order and do not overlap.
    """
    windows = sorted(windows)
    spans = merge(windows)
    length = rule.duration_minutes * MINUTE
    step = rule.step_seconds
    starts: list[Instant] = []
    in_order = True
    span = 0
    for start, end in windows:
        while spans[span][1] <= start:
            span += 1
        limit = min(end, spans[span][1] - length + 1, within[1])
        first = _on_grid(start, step, within[0])
        if first < limit:
            in_order = in_order and (not starts or starts[-1] < first)
            _walk(starts, first, limit, rule, blocked)
    return starts if in_order else sorted(set(starts))


def _walk(
    starts: list[Instant], start: Instant, limit: Instant, rule: SlotRule, blocked: Sequence[Interval]
) -> None:
    """
    Append the free grid points of one window, from ``start`` to below ``limit``.

    The grid points up to a blocked time are free, then the walk goes on at the
    first one behind it. This is the hottest loop of the program: it does nothing
    that can be done before it, and each line in it costs a twentieth of an answer.
    """
    append = starts.append
    step = rule.step_seconds
    before = rule.buffer_before_minutes * MINUTE
    reach = (rule.duration_minutes + rule.buffer_after_minutes) * MINUTE
    anchor = start - before
    low = bisect_right(blocked, start - before, key=_end)
    high = bisect_left(blocked, limit + reach, low, key=_start)
    for blocked_start, blocked_end in blocked[low:high]:
        clear_until = blocked_start - reach
        while start <= clear_until:
            append(start)
            start += step
        start = blocked_end + before + (anchor - blocked_end) % step
    starts.extend(range(start, limit, step))


def _on_grid(start: Instant, step: int, earliest: Instant) -> Instant:
    """
    Return the first of ``start``, ``start + step``, ... that is not before ``earliest``.
    """
    return start if start >= earliest else start - ((start - earliest) // step) * step


def by_local_date(
    starts: Sequence[Instant], zone: ZoneInfo
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """
    Group ordered starts by their date in ``zone``: clock labels, and UTC instants.

    Two dicts of one shape: ``{"2026-11-01": ["01:00", "01:00"]}`` and
    ``{"2026-11-01": ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"]}``.
    """
    labels: dict[str, list[str]] = {}
    instants: dict[str, list[str]] = {}
    if not starts:
        return labels, instants
    low = 0
    for until, offset in offsets(starts[0], starts[-1], zone):
        high = bisect_left(starts, until, low)
        clock = _clock_labels(offset)
        while low < high:
            day = (starts[low] + offset) // DAY
            stop = bisect_left(starts, (day + 1) * DAY - offset, low, high)
            shown = starts[low:stop]
            key = _date_label(day)
            labels.setdefault(key, []).extend(map(clock.__getitem__, shown))
            instants.setdefault(key, []).extend(map(_utc_labels.__getitem__, shown))
            low = stop
    return labels, instants


class _Labels(dict[Instant, str]):
    """
    How instants are written, remembered: a look-up costs a third of writing it anew.
    """

    def __init__(self, write: Callable[[Instant], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, instant: Instant) -> str:
        if len(self) >= _REMEMBERED_LABELS:
            self.clear()
        label = self[instant] = self._write(instant)
        return label


_utc_labels = _Labels(written_iso)


@lru_cache(maxsize=64)
def _clock_labels(offset: int) -> _Labels:
    return _Labels(lambda instant: _CLOCK[(instant + offset) % DAY // MINUTE])


@lru_cache(maxsize=4096)
def _date_label(day: int) -> str:
    """
    Write the date that is ``day`` days after 1970-01-01.
    """
    return (_FIRST_DAY + timedelta(days=day)).isoformat()
