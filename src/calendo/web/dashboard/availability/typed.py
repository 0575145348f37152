"""
Hours as people type them: ``9-12, 13:00 – 17:30`` or ``9am to 5pm``, read and written.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from calendo.core.intervals import merge
from calendo.i18n import Texts, gettext_noop
from calendo.ops.overrides import Hours

DAY_MINUTES = 24 * 60
#: So many that a week of them stays below what the API takes.
MAX_WINDOWS = 28
_MAX_LENGTH = 1000
_HALF_DAY = 12
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?h?\s*(?:([ap])\.?m\.?)?"
_WINDOW = re.compile(rf"\s*{_CLOCK}\s*(?:[-–—~〜]|to)\s*{_CLOCK}\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;、\n]")

_UNREADABLE = gettext_noop("Write hours such as 09:00–17:00, with commas between several.")
_NO_TIME = gettext_noop("There is no such time of day.")
_NO_LENGTH = gettext_noop("Start and end are the same time.")
_TOO_MANY = gettext_noop("This is more than a day has room for.")

#: The parts of a time: hour, minutes or none, and ``a`` or ``p`` or none.
Parts = tuple[str, str | None, str | None]


def read_hours(text: str) -> list[dict[str, str]]:
    """
    Read hours into windows as schedules have them, in order, those that touch as one.

    What ends before it starts runs past midnight. Of ``1-5pm`` both are in the afternoon, and
    ``9-5`` is a working day; ``09:00-05:00`` is a night. Raises ``ValueError`` with what to say.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if len(text) > _MAX_LENGTH:
        raise ValueError(_TOO_MANY)
    windows = [_window(part) for part in _BETWEEN.split(text) if part.strip()]
    if len(windows) > MAX_WINDOWS:
        raise ValueError(_TOO_MANY)
    merged = merge(windows)
    if any(end - start > DAY_MINUTES - (start > 0) for start, end in merged):
        raise ValueError(_TOO_MANY)
    return [_as_hours(*window) for window in merged]


def write_hours(hours: Iterable[Hours], *, half_days: bool = False) -> str:
    """
    Write windows as ``read_hours`` reads them; ``half_days``: with AM and PM.
    """
    write = _half_day_clock if half_days else str
    ordered = sorted(hours, key=lambda window: window["start"])
    return ", ".join(f"{write(window['start'])} – {write(window['end'])}" for window in ordered)


def has_half_days(texts: Texts) -> bool:
    """
    Say whether the locale's clocks have AM and PM.
    """
    return "H" not in texts.locale.time_formats["short"].pattern


def minutes_of(wall: str) -> int:
    """
    Return the minutes after midnight of a time such as ``09:30``.
    """
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def _window(text: str) -> tuple[int, int]:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ValueError(_UNREADABLE)
    parts = found.groups()
    return _bounds(parts[:3], parts[3:])


def _bounds(first: Sequence[Any], last: Sequence[Any]) -> tuple[int, int]:
    start, end = _minute(*first), _minute(*last)
    if last[2] and not first[2]:
        # "1-5pm": what is said of the end is meant of the start, where it comes before it.
        same_half = _minute(first[0], first[1], last[2]) if int(first[0]) <= _HALF_DAY else start
        start = same_half if same_half < end else start
    elif not any((*first[1:], *last[1:])) and 0 < end < start < _HALF_DAY * 60:
        end += _HALF_DAY * 60
    if start == DAY_MINUTES:
        raise ValueError(_NO_TIME)
    if start == end and start:
        raise ValueError(_NO_LENGTH)
    return start, end if end > start else end + DAY_MINUTES


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= _HALF_DAY:
            raise ValueError(_NO_TIME)
        hours = hours % _HALF_DAY + (_HALF_DAY if half.lower() == "p" else 0)
    if minutes > 59 or hours * 60 + minutes > DAY_MINUTES:  # noqa: PLR2004 - of an hour
        raise ValueError(_NO_TIME)
    return hours * 60 + minutes


def _as_hours(start: int, end: int) -> dict[str, str]:
    # The end of the day is 24:00, and one of the next day is told by its own time.
    end = end if end <= DAY_MINUTES else end - DAY_MINUTES
    return {"start": _clock(start), "end": _clock(end)}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _half_day_clock(wall: str) -> str:
    minute = minutes_of(wall) % DAY_MINUTES
    hours, minutes = divmod(minute, 60)
    shown = f":{minutes:02}" if minutes else ""
    return f"{(hours - 1) % _HALF_DAY + 1}{shown} {'PM' if hours >= _HALF_DAY else 'AM'}"
