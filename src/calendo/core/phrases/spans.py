"""
Dates built on dates: "end of next month", "the week of the 12th", "Monday to Friday", "before the 3rd".
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from calendo.core.phrases import days
from calendo.core.phrases.clock import Clock
from calendo.core.phrases.context import Context
from calendo.core.phrases.dates import dates, unit_at
from calendo.core.phrases.days import ONE, WEEK, Days, one, shifted
from calendo.core.phrases.grammar import Grammar

#: Dates within and beside dates.
parts = Grammar()
#: From one date to another.
ranges = Grammar()
#: "Before" and "after" a date.
bounds = Grammar()


@dataclass(frozen=True, slots=True)
class Bound:
    """
    The first and the last day that are meant, themselves included.

    ``named``: the day that was named, where it is the first one meant.
    """

    first: date | None = None
    last: date | None = None
    named: Days | None = None


def whole(unit: str, place: int | None, within: Days) -> Days | None:
    """
    Find the first, second ... or last day, week, month of a range, or its only one (``place`` None).
    """
    if unit == "day" and place:
        day = within.last if place < 0 else within.first + timedelta(days=place - 1)
        return one(day) if day <= within.last else None
    if unit == "week" and place:
        return days.nth_week(place, within)
    if unit == "weekend" and place:
        saturday = days.nth_weekday(5, place, within)
        return Days(saturday, saturday + ONE, "weekend")
    if unit == "quarter" and place and within.grain == "year":
        first = days.month_of(within.first.year, 10 if place < 0 else 3 * place - 2).first
        return Days(first, days.add_months(first, 3) - ONE, "quarter", fixed=True)
    if unit == "month" and place and within.grain == "year":
        return days.month_of(within.first.year, 12 if place < 0 else place, fixed=True)
    return None


@dates.rule("bound", "n=number u=unit within_")
def _within_units(c: Context, n: int, u: str) -> Bound | None:
    day = shifted(c.today, n, u)
    return Bound(last=day) if day else None


@parts.rule("date", "k=nth_unit y=year", "unit:quarter n=digits y=year")
def _unit_in_year(_: Context, y: int, k: tuple[int, str] | None = None, n: int = 0) -> Days | None:
    place, unit = k or (n, "quarter")
    return whole(unit, place, days.year_of(y))


@dates.rule(
    "date", "m=month r=rel:last [number:1] u=unit", "m=month [of] r=rel:last [number:1] [option] w=weekday"
)
def _last_of_month(c: Context, m: int, r: str, u: str = "", w: int | None = None) -> Days | None:
    month = days.next_month(m, c.today)
    return whole(u, -1, month) if u and r else one(days.nth_weekday(w or 0, -1, month))


@parts.rule(
    "date",
    "k=nth_unit [of|in] [the] d=date",
    "d=date [of] k=nth_unit",
    "[the] u=unit n=number [of] d=date",
    "d=date [of] rel:first u=unit",
    "k=nth_unit of [the] m=unit",
)
def _unit_in(
    c: Context, d: Days | None = None, k: tuple[int, str] | None = None, u: str = "", n: int = 1, m: str = ""
) -> Days | None:
    place, unit = k or (n, u)
    d = d or unit_at(c, m, 0)
    return whole(unit, place, d) if d and d.grain in {"month", "year"} else None


@ranges.rule("date", "k=nth_unit", "unit:quarter n=digits")
def _quarter(c: Context, k: tuple[int, str] | None = None, n: int = 0) -> Days | None:
    place, unit = k or (n, "quarter")
    return whole(unit, place, days.year_of(c.today.year)) if unit == "quarter" else None


@parts.rule("date", "f=date [of|in] [the] d=date", "d=date [of] f=date", "f=date of [the] u=unit")
def _last_in(c: Context, f: Days, d: Days | None = None, u: str = "") -> Days | None:
    d = d or unit_at(c, u, 0)
    if not d or not f.final or d.grain not in {"month", "year"}:
        return None
    if f.final == "weekday" and f.weekday is not None:
        return one(days.nth_weekday(f.weekday, -1, d))
    return whole(f.final, -1, d)


@parts.rule("date", "[the] unit:weekend", "the_day unit:weekend")
def _weekend(c: Context) -> Days:
    return days.weekend_of(c.today)


@parts.rule("date", "d=date [from|from_|after|comma] e=date", "e=date from|after d=date")
def _offset(_: Context, d: Days, e: Days) -> Days | None:
    """
    Read "tomorrow, in a week", "two days from Monday": reckoned from another day than today.
    """
    if not e.offset or not d.single or d.offset or (d.weekday is not None and e.near):
        return None
    day = shifted(d.first, *e.offset)
    return one(day) if day else None


@parts.rule(
    "date",
    "[the] rel:first|ordinal:1 n=number u=unit [of|in] [the] d=date",
    "d=date [of] rel:first|ordinal:1 n=number u=unit",
)
def _units_in(_: Context, u: str, d: Days, n: int) -> Days | None:
    first, last = whole(u, 1, d), whole(u, n, d)
    return Days(first.first, last.last, "part") if first and last else None


@parts.rule(
    "date",
    "k=nth_weekday [of|in] [the] d=date",
    "d=date [of] k=nth_weekday",
    "k=nth_weekday of [the] u=unit",
)
def _weekday_in(c: Context, k: tuple[int, int], d: Days | None = None, u: str = "") -> Days | None:
    d = d or unit_at(c, u, 0)
    return one(days.nth_weekday(k[1], k[0], d)) if d and d.grain in {"month", "year"} else None


@ranges.rule("date", "w=date before [the] d=date")
def _weekday_before(_: Context, w: Days, d: Days) -> Days | None:
    """
    Read "the Friday before Christmas".
    """
    if w.weekday is None or w.pinned or d.weekday is not None:
        return None
    return one(days.next_weekday(w.weekday, d.first - 8 * ONE))


@ranges.rule("date", "w=date after [the] d=date")
def _weekday_behind(_: Context, w: Days, d: Days) -> Days | None:
    if w.weekday is None or w.pinned or d.weekday is not None:
        return None
    return one(days.next_weekday(w.weekday, d.last))


@parts.rule("date", "edge [of] [the] unit:day d=date", "d=date edge [of] [the] unit:day")
def _edge_of_day(_: Context, d: Days) -> Days:
    return d


@ranges.rule("date", "of the u=unit", "of u=unit:month|unit:week")
def _unit_now(c: Context, u: str) -> Days | None:
    return unit_at(c, u, 0) if u in {"week", "month", "year", "quarter"} else None


@ranges.rule("date", "n=number|a u=unit after")
def _units_after(c: Context, u: str, n: int = 1) -> Days | None:
    day = shifted(c.today, n, u)
    return one(day) if day else None


@ranges.rule("date", "[in] [the] unit:week|iso_week n=digits")
def _numbered_week(c: Context, n: int) -> Days | None:
    """
    Read "week 14": the one of ISO 8601, of this year or the next.
    """
    week = days.week_of(date.fromisocalendar(c.today.year, n, 1))
    return week if week.last >= c.today else days.week_of(date.fromisocalendar(c.today.year + 1, n, 1))


@parts.rule("date", "[the] e=edge [of] [the] d=date", "d=date [of] [the] e=edge_")
def _edge(_: Context, e: str, d: Days) -> Days | None:
    return days.edge_of(e, d) if not d.single else None


@parts.rule("date", "[the] e=edge [of] [the] u=unit", "[the] u=unit [of] e=edge_")
def _edge_of_this(c: Context, e: str, u: str) -> Days | None:
    there = unit_at(c, u, 0)
    return days.edge_of(e, there) if there and not there.single else None


@parts.rule(
    "date",
    "[the] rest [of] [the] d=date",
    "d=date [of] rest",
    "rest [of] [the] u=unit",
    "later d=date",
    "d=date later",
)
def _rest(c: Context, d: Days | None = None, u: str = "day") -> Days | None:
    there = d or unit_at(c, u, 0)
    return replace(there, first=max(there.first, c.today), grain="part") if there else None


@parts.rule("date", "last_day [of] [the] d=date", "last_day", "d=date last_day")
def _last_day(c: Context, d: Days | None = None) -> Days:
    return one((d or days.month_of(c.today.year, c.today.month)).last)


@parts.rule(
    "date",
    "[the] unit:week [of] [the] d=date",
    "d=date of|that unit:week",
    "[the] unit:week starting [the] d=date",
    "[the] unit:week starting on d=date",
)
def _week_of(_: Context, d: Days) -> Days | None:
    return days.week_of(d.first) if d.single else None


@parts.rule("date", "[the] unit:weekend [of] d=date", "d=date [of] unit:weekend", "d=date unit:weekend")
def _weekend_of(_: Context, d: Days) -> Days | None:
    return days.weekend_of(d.first) if d.single or d.grain == "week" else None


@parts.rule(
    "date",
    "n=number|a u=unit after|from [the_day] d=date",
    "d=date plus n=number|a u=unit",
    "n=number|a u=unit hence d=date",
    "in n=number|a u=unit from|after d=date",
    "d=date in n=number|a u=unit",
    "d=date after_ n=number|a u=unit hence",
    "d=date from_ n=number u=unit hence",
    "d=date [of] n=number u=unit hence",
    "[the] u=unit after [the_day] d=date",
    "next_day_after d=date",
)
def _after(_: Context, d: Days, u: str = "day", n: int = 1) -> Days | None:
    if not d.single:
        return None
    day = shifted(d.first, n, u)
    return one(day) if day else None


@parts.rule(
    "date",
    "n=number|a u=unit before [the_day] d=date",
    "[the] u=unit before [the_day] d=date",
    "d=date [of] n=number u=unit before_",
)
def _before(_: Context, d: Days, u: str, n: int = 1) -> Days | None:
    day = shifted(d.first, -n, u)
    return one(day) if day and d.single else None


@parts.rule("date", "d=date week_on", "unit:week on d=date", "n=number|a unit:week on d=date")
def _week_on(_: Context, d: Days, n: int = 1) -> Days | None:
    return one(d.first + n * WEEK) if d.single and d.grain == "day" else None


@parts.rule("date", "k=nth_weekday after|from d=date")
def _weekday_after(_: Context, k: tuple[int, int], d: Days) -> Days:
    return one(days.next_weekday(k[1], d.last) + (k[0] - 1) * WEEK)


@parts.rule("date", "d=date n=number u=unit", "d=date for n=number u=unit")
def _no_length(_: Context, d: Days, n: int, u: str) -> Days | None:
    return d if u in {"night", "day", "week"} and n else None


@ranges.rule(
    "date",
    "[from] [the_day] [on] a=date to|dash [on] [the|the_day] [and] b=date [until_]",
    "between [the|the_day] a=date and|to|dash [the|the_day] b=date",
    "[from] a=date from_ [to] b=date [until_]",
    "from a=date and b=date",
    "a=date to b=date between_",
)
def _range(_: Context, a: Days, b: Days) -> Days | None:
    if a.day is not None and b.day is None and b.weekday is None and b.single and not a.fixed:
        # "from the 13th to the 15th of July": the month is said once.
        first = b.first.replace(day=a.day)
        a = one(first if first <= b.first else days.add_months(first, -1))
    if b.fixed and not a.fixed and a.weekday is None and a.first.year != b.first.year:
        # "from 14.10. to 15.10.2018": the year is said once.
        a = a.in_year(b.first.year)
    if b.weekday is not None and b.first < a.last:
        b = one(days.next_weekday(b.weekday, a.last))
    elif b.day is not None and b.first < a.last:
        b = one(days.next_day_of_month(b.day, a.last))
    elif b.last < a.first and a.fixed and not b.fixed and b.weekday is None:
        years = 12 * (
            a.first.year - b.first.year + ((b.last.month, b.last.day) < (a.first.month, a.first.day))
        )
        b = Days(days.add_months(b.first, years), days.add_months(b.last, years), b.grain)
        b = days.month_of(b.first.year, b.first.month) if b.grain == "month" else b
    elif b.last < a.first and not a.fixed and a.weekday is None:
        # "from October to February", said in November: it has begun.
        a = Days(days.add_months(a.first, -12), days.add_months(a.last, -12), a.grain)
    elif a.weekday is not None and a.first > b.last:
        a = one(a.first - WEEK)
    return Days(a.first, b.last, "part", fixed=a.fixed or b.fixed) if a.first <= b.last else None


@ranges.rule(
    "date",
    "[from] [the_day] [the] n=number|nth to|dash [the_day] [the] k=number|nth [of] [the] d=date",
    "between [the_day] [the] n=number|nth and [the_day] [the] k=number|nth [of] [the] d=date",
    "[from] a=date to|dash b=date [of] [the] d=date",
    "between a=date and b=date [of] [the] d=date",
)
def _days_of_that_month(
    _: Context, d: Days, n: int = 0, k: int = 0, a: Days | None = None, b: Days | None = None
) -> Days | None:
    n, k = (a.day if a else n) or 0, (b.day if b else k) or 0
    if d.grain != "month" or not 0 < n < k:
        return None
    return Days(d.first.replace(day=n), d.first.replace(day=k), "part", fixed=d.fixed)


@ranges.rule(
    "date&clock", "[from] [the_day] a=date [at] x=clock to|dash [the|the_day] b=date [at] clock [until_]"
)
def _range_with_times(c: Context, a: Days, x: Clock, b: Days) -> tuple[Days, Clock] | None:
    found = _range(c, a, b)
    return (found, x) if isinstance(found, Days) else None


@ranges.rule("date", "move_from [on] date to [on] b=date")
def _moved(_: Context, b: Days) -> Days:
    return b


@ranges.rule("date", "[from] a=date to|dash b=date [comma] y=year")
def _range_in_year(_: Context, a: Days, b: Days, y: int) -> Days | None:
    first, last = a.first.replace(year=y), b.last.replace(year=y)
    return Days(first, last, "part", fixed=True) if first <= last else None


@bounds.rule("bound", "before [the|the_day] [on] d=date", "d=date before_")
def _until_before(_: Context, d: Days) -> Bound:
    return Bound(last=d.first - ONE)


@bounds.rule(
    "bound", "until [the|the_day] [on] d=date", "d=date until_", "not after [the|the_day] [on] d=date"
)
def _until(_: Context, d: Days) -> Bound:
    return Bound(last=d.last, named=d)


@bounds.rule("bound", "after [the|the_day] [on] d=date", "d=date after_")
def _after_date(_: Context, d: Days) -> Bound:
    return Bound(first=d.last + ONE)


@bounds.rule(
    "bound",
    "from [the|the_day] [on] d=date onwards|on",
    "since [the|the_day] [on] d=date [onwards]",
    "not before d=date",
    "d=date onwards",
    "not until d=date",
    "d=date from_ onwards",
)
def _since(_: Context, d: Days) -> Bound:
    return Bound(first=d.first, named=d)


@bounds.rule(
    "bound", "within n=number|a u=unit", "n=number u=unit within_", "within [the] r=rel n=number u=unit"
)
def _within(c: Context, u: str, n: int = 1, r: str = "") -> Bound | None:
    day = shifted(c.today, n, u)
    return Bound(last=day) if day and r != "last" else None
