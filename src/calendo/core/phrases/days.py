"""
Days as phrases mean them, and the calendar's arithmetic on them.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from calendo.core.phrases.meaning import Unclear

WEEK = timedelta(days=7)
ONE = timedelta(days=1)
_MONTHS = 12
_SEARCHED_MONTHS = 48


@dataclass(frozen=True, slots=True)
class Days:
    """
    One day or a range, both ends in it.

    ``weekday`` or ``day``: no more was said than this, so the date can still
    move to another week or month. ``grain``: the unit that was named, which says
    what may narrow it: a weekday narrows a week. ``near``: the day was reckoned
    in weeks ("in two weeks"), and a weekday beside it means that week's.
    ``fixed``: the year was said, or the day is past on purpose. ``pinned``: the
    week of the weekday was said. ``final``: "the last Friday", "the last week",
    which may turn out to be the one of a month. ``offset``: how far from today,
    which may turn out to be from another day. ``doubt``: why
    it can be read otherwise, and the other readings.
    """

    first: date
    last: date
    grain: str = "day"
    weekday: int | None = None
    day: int | None = None
    near: bool = False
    fixed: bool = False
    pinned: bool = False
    final: str = ""
    offset: tuple[int, str] | None = None
    doubt: tuple[Unclear, tuple[date, ...]] | None = None

    @property
    def single(self) -> bool:
        """
        Whether it is one day.
        """
        return self.first == self.last

    def in_year(self, year: int) -> "Days":
        """
        The same days of another year.
        """
        months = 12 * (year - self.first.year)
        return replace(self, first=add_months(self.first, months), last=add_months(self.last, months))

    def holds(self, other: "Days") -> bool:
        """
        Tell whether ``other`` lies wholly in it.
        """
        return self.first <= other.first and other.last <= self.last


def one(day: date, /, **more: object) -> Days:
    """
    A single day.
    """
    return replace(Days(day, day), **more)  # type: ignore[arg-type]  # the fields of Days


def week_of(day: date) -> Days:
    """
    The week from Monday to Sunday that holds ``day``.
    """
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + 6 * ONE, "week")


def weekend_of(day: date) -> Days:
    """
    Saturday and Sunday of the week that holds ``day``.
    """
    monday = day - timedelta(days=day.weekday())
    return Days(monday + 5 * ONE, monday + 6 * ONE, "weekend")


def month_of(year: int, month: int, *, fixed: bool = False) -> Days:
    """
    A month. ``month`` may lie outside 1 to 12 and then counts on into other years.
    """
    year, month = year + (month - 1) // _MONTHS, (month - 1) % _MONTHS + 1
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month", fixed=fixed)


def year_of(year: int) -> Days:
    """
    A year.
    """
    return Days(date(year, 1, 1), date(year, 12, 31), "year", fixed=True)


def next_weekday(weekday: int, after: date) -> date:
    """
    The first such weekday that is later than ``after``.
    """
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def add_months(day: date, months: int) -> date:
    """
    The same day of another month, or that month's last day.
    """
    there = month_of(day.year, day.month + months)
    return there.first.replace(day=min(day.day, there.last.day))


def next_day_of_month(number: int, since: date) -> date:
    """
    The first day with this number, ``since`` itself or later, in a month that has it.
    """
    return _first_in_months(since, lambda month: _day_in(month, number, since))


def next_date(month: int, number: int, since: date) -> date:
    """
    The first such date, ``since`` itself or later. ValueError where no year has it.
    """
    for year in range(since.year, since.year + 9):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= since:
            return day
    raise ValueError(f"no day {number} in month {month}")


def next_month(month: int, since: date) -> Days:
    """
    The month of this name that is now, or comes next.
    """
    return month_of(since.year + (month < since.month), month)


def nth_weekday(weekday: int, place: int, within: Days) -> date:
    """
    The first (1), second ... or last (-1) such weekday of a range. ValueError where it has none.
    """
    if place < 0:
        day = within.last - timedelta(days=(within.last.weekday() - weekday) % 7) + (place + 1) * WEEK
    else:
        day = within.first + timedelta(days=(weekday - within.first.weekday()) % 7) + (place - 1) * WEEK
    if not within.first <= day <= within.last:
        raise ValueError("no such weekday there")
    return day


def nth_week(place: int, within: Days) -> Days:
    """
    The first ... or last week of a month or year, by the rule of ISO 8601: the one its Thursday lies in.
    """
    return week_of(nth_weekday(3, place, within))


def easter(year: int) -> date:
    """
    Easter Sunday, by the Gregorian rule (Meeus, Astronomical Algorithms, chapter 8).
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    step = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * step) // 433
    month = (h + step - 7 * m + 90) // 25
    return date(year, month, (h + step - 7 * m + 33 * month + 19) % 32)


def edge_of(edge: str, days: Days) -> Days:
    """
    The beginning, middle, end, or a half of a range: about a third of it.
    """
    length = (days.last - days.first).days + 1
    if edge == "first_half":
        return replace(days, last=days.first + timedelta(days=(length - 1) // 2), grain="part")
    if edge == "second_half":
        return replace(days, first=days.first + timedelta(days=length // 2), grain="part")
    share = timedelta(days=length // 4 - 1) if length > 10 else timedelta(days=min(length // 3, 2))  # noqa: PLR2004 - longer than a week
    if edge == "start":
        return replace(days, last=days.first + share, grain="part")
    if edge == "end":
        return replace(days, first=days.last - share, grain="part")
    middle = days.first + timedelta(days=(length - 1) // 2)
    return replace(days, first=middle - share / 2, last=middle + share / 2, grain="part")


def meet(loose: Days, other: Days, today: date) -> tuple[Days, ...]:
    """
    Read two mentions as one: "Tuesday" and "next week", "the 12th" and "of this month".

    Empty where they cannot mean the same days.
    """
    for a, b in ((loose, other), (other, loose)):
        if a.weekday is not None and b.day is not None and b.weekday is None:
            return _weekday_on(a.weekday, b.day, today)
        if a.weekday is not None and b.weekday is None and (b.single or not a.pinned):
            found = _weekday_within(a.weekday, b)
            if found:
                return found
        elif a.day is not None and b.day is None and not b.single:
            return _day_within(a.day, b)
    if loose.holds(other):
        return (other,)
    if other.holds(loose):
        return (loose,)
    first, last = max(loose.first, other.first), min(loose.last, other.last)
    return (Days(first, last, "part"),) if first <= last else ()


def _weekday_within(weekday: int, days: Days) -> tuple[Days, ...]:
    if days.near:
        week = week_of(days.first)
        return (one(nth_weekday(weekday, 1, week), weekday=weekday, pinned=True),)
    if days.single:
        return (days,) if days.first.weekday() == weekday else ()
    first = days.first + timedelta(days=(weekday - days.first.weekday()) % 7)
    count = (days.last - first).days // 7 + 1
    return tuple(one(first + step * WEEK, weekday=weekday, pinned=True) for step in range(min(count, 6)))


def _weekday_on(weekday: int, number: int, today: date) -> tuple[Days, ...]:
    def match(month: Days) -> date | None:
        day = _day_in(month, number, today)
        return day if day and day.weekday() == weekday else None

    try:
        return (one(_first_in_months(today, match)),)
    except ValueError:
        return ()


def _day_within(number: int, days: Days) -> tuple[Days, ...]:
    month = month_of(days.first.year, days.first.month)
    while month.first <= days.last:
        day = _day_in(month, number, days.first)
        if day and day <= days.last:
            return (one(day, fixed=days.fixed),)
        month = month_of(month.last.year, month.last.month + 1)
    return ()


def _day_in(month: Days, number: int, since: date) -> date | None:
    if not 1 <= number <= month.last.day:
        return None
    day = month.first.replace(day=number)
    return day if day >= since else None


def _first_in_months(since: date, find: Callable[[Days], date | None]) -> date:
    for step in range(_SEARCHED_MONTHS):
        day = find(month_of(since.year, since.month + step))
        if day:
            return day
    raise ValueError("no such day within four years")


def shifted(day: date, count: int, unit: str) -> date | None:
    """
    Go so many days, weeks, months or years on; None for units of less than a day.
    """
    if unit in {"day", "night"}:
        return day + timedelta(days=count)
    if unit == "workday":
        return _workdays_on(day, count)
    if unit in {"week", "fortnight", "weekend"}:
        return day + count * (2 if unit == "fortnight" else 1) * WEEK
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    return add_months(day, count * months) if months else None


def _workdays_on(day: date, count: int) -> date:
    weeks, rest = divmod(abs(count), 5)
    step = ONE if count > 0 else -ONE
    day += weeks * WEEK * (1 if count > 0 else -1)
    while rest:
        day += step
        rest -= day.weekday() < 5  # noqa: PLR2004 - Saturday
    return day
