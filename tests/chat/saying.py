"""
What was understood, in a line of text: short enough to write down as an expectation.
"""

from datetime import date, datetime, time, timedelta

from calendo.chat.vocabulary import read
from calendo.core.phrases import TimeWish, Understood

#: A Wednesday. Its week goes from Monday the 9th to Sunday the 15th.
NOW = datetime.fromisoformat("2026-03-11T10:00")
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def expectations(lines: str) -> dict[str, str]:
    """
    Take lines of ``sentence | what it says`` apart.
    """
    return dict(line.split(" | ", 1) for line in lines.strip().splitlines())


def said(text: str, now: datetime = NOW, locale: str | None = None) -> str:
    """
    Read a sentence and write down what it says.
    """
    return written(read(text, now, locale))


def written(understood: Understood) -> str:
    """
    Write down: days, times, what is ruled out, length, zone, choice and move.
    """
    parts = [_runs(understood.dates, understood.reference.year)]
    parts += [_time(wish) for wish in understood.times]
    parts += ["not " + _WEEKDAYS[day] for day in sorted(understood.not_weekdays)]
    parts += ["not " + _runs(tuple(wish), understood.reference.year) for wish in understood.not_days]
    parts += ["not " + _time(wish) for wish in understood.not_times]
    if understood.duration_minutes:
        parts.append(f"{understood.duration_minutes}min")
    parts.append(understood.zone or "")
    if understood.pick:
        parts.append(f"pick {understood.pick.place}")
    if understood.move:
        parts.append(understood.move.value)
    if understood.flexible:
        parts.append("flexible")
    return " ".join(part for part in parts if part)


def _runs(days: tuple[date, ...], year: int) -> str:
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_day(run[0], year) + (f"..{_day(run[-1], year)}" if len(run) > 1 else "") for run in runs)


def _day(day: date, year: int) -> str:
    return f"{day:%m-%d}" if day.year == year else str(day)


def _time(wish: TimeWish) -> str:
    if wish.part:
        return wish.part.value
    start = "" if wish.start_time in {None, time.min} and not wish.exact else f"{wish.start_time:%H:%M}"
    return start if wish.exact else f"{start}-{wish.end_time:%H:%M}" if wish.end_time else f"{start}-"
