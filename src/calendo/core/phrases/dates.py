"""
Dates by name and number: "tomorrow", "next Tuesday", "the 12th of May", "in two weeks", "5/4".
"""

from dataclasses import replace
from datetime import date, timedelta

from calendo.core.phrases import days
from calendo.core.phrases.context import Context
from calendo.core.phrases.days import ONE, WEEK, Days, one, shifted
from calendo.core.phrases.grammar import Grammar
from calendo.core.phrases.meaning import Unclear

dates = Grammar()
#: How far from the present week or month a word leads.
STEPS = {"last": -1, "this": 0, "next": 1, "coming": 1, "after_next": 2}
_DAY = "[the] n=ordinal|number [dot]"
_MONTH = "[of] [the] [unit:month] [of] m=month|month? [dot]"


@dates.rule("date", "d=day", "[the] d=day")
def _day_from_today(c: Context, d: int) -> Days:
    return one(c.today + timedelta(days=d), fixed=True)


@dates.rule(
    "date",
    f"[the_day] {_DAY} {_MONTH} , [of] [y=year]",
    "of m=month|month? [the] n=ordinal|number , [of] [y=year]",
    f"{_DAY} day_mark {_MONTH} , [of] [y=year]",
    "m=month|month? [dot] [dash] , [the] n=ordinal|number , [dash] [of] [y=year]",
    "n=number [dot] [dash] m=month|month? [dot] [dash] [y=year]",
    "[y=year] [year_mark] [of] m=month [of] , n=number [day_mark]",
    "y=year slash n=number slash m=month",
    "y=year slash m=month slash n=number",
    "m=month slash n=number [slash] [y=year]",
    "n=number slash m=month [slash] [y=year]",
    "n=number [dash] y=year [dash] m=month",
    "[the_day] first_day [of] [the] m=month|month? [of] [y=year]",
)
def _day_of_month(c: Context, m: int, n: int = 1, y: int | None = None) -> Days | None:
    if not 1 <= n <= 31:  # noqa: PLR2004 - no month has more days
        return None
    try:
        if y:
            return one(date(y, m, n), fixed=True)
        return one(days.next_date(m, n, c.today))
    except ValueError:
        month = days.next_month(m, c.today)
        return replace(one(month.last), doubt=(Unclear.NO_SUCH_DATE, ()))


@dates.rule(
    "date",
    f"w=weekday [dot] , [the_day] {_DAY} {_MONTH} , [of] [y=year]",
    "w=weekday [dot] , m=month|month? [dot] [the] n=ordinal|number , [of] [y=year]",
    "[y=year] [year_mark] m=month n=number day_mark [of] , w=weekday",
)
def _weekday_and_date(c: Context, w: int, m: int, n: int, y: int | None = None) -> Days | None:
    """
    Read "Monday the 14th of April". The date counts where the weekday is another, and it is said.
    """
    found = _day_of_month(c, m, n, y)
    if found and found.first.weekday() != w and not found.doubt:
        return replace(found, doubt=(Unclear.WEEKDAY_AND_DATE, (days.next_weekday(w, c.today),)))
    return found


@dates.rule(
    "date",
    "[from] [the_day] [the] n=ordinal|number [dot] to|dash|and|slash [the_day] [the] k=ordinal|number [dot] "
    "[of] [the] m=month|month? , [of] [y=year]",
    "between [the_day] [the] n=ordinal|number [dot] and [the_day] [the] k=ordinal|number [dot] "
    "[of] [the] m=month|month? , [of] [y=year]",
    "m=month|month? [the] n=ordinal|number to|dash [the] k=ordinal|number , [y=year]",
    "[from] m=month n=number [day_mark] to|dash k=number day_mark [until_]",
)
def _days_of_month(c: Context, m: int, n: int, k: int, y: int | None = None) -> Days | None:
    first = _day_of_month(c, m, n, y)
    if not first or first.doubt or k <= n:
        return None
    return replace(first, last=first.first.replace(day=k), grain="part")


@dates.rule("date", "n=days_month")
def _numbered_days(c: Context, n: tuple[int, ...]) -> Days | None:
    return _days_of_month(c, n[2], n[0], n[1], n[3] if len(n) > 3 else None)  # noqa: PLR2004 - a year behind


@dates.rule(
    "choice",
    "[the] n=ordinal|number or|and|comma [the] k=ordinal|number [of] m=month|month? [y=year]",
    "m=month|month? [the] n=ordinal|number or|and|comma [the] k=ordinal",
    "m=month|month? [the] n=ordinal|number or [the] k=number",
    "m=month|month? [the] n=ordinal|number comma [the] k=ordinal|number or|and [the] j=ordinal|number",
    "[the] n=ordinal|number comma [the] k=ordinal|number or|and [the] j=ordinal|number [of] m=month [y=year]",
)
def _either_day(
    c: Context, m: int, n: int, k: int, y: int | None = None, j: int = 0
) -> tuple[Days, ...] | None:
    found = tuple(_day_of_month(c, m, number, y) for number in (n, k, j) if number)
    return tuple(day for day in found if day) if all(found) else None


@dates.rule(
    "date",
    "[the] [unit:month] [of] m=month [of] , [y=year]",
    "m=month|month? , [of] y=year",
    "y=year year_mark [of] m=month",
    "y=year , m=month",
)
def _month(c: Context, m: int, y: int | None = None) -> Days:
    return days.month_of(y, m, fixed=True) if y else days.next_month(m, c.today)


@dates.rule("date", "in|of|unit:year y=year [year_mark]", "y=year year_mark")
def _year(_: Context, y: int) -> Days:
    return days.year_of(y)


@dates.rule(
    "date",
    "r=rel unit:year [of|in] m=month [n=number] [day_mark]",
    "r=rel unit:year [of] m=month [the] n=ordinal",
    "m=month [the] n=ordinal|number [of] [the] r=rel unit:year",
    "m=month [of] [the] r=rel unit:year",
    "m=month [of] [the] unit:year r=rel",
    "unit:year r=rel [of|in] m=month",
    "n=ordinal|number [dot] [of] m=month [of] [the] r=rel unit:year",
    "n=ordinal|number [of] m=month [of] [the] unit:year r=rel",
)
def _in_year_beside(c: Context, r: str, m: int, n: int = 0) -> Days | None:
    if r not in STEPS:
        return None
    month = days.month_of(c.today.year + STEPS[r], m, fixed=True)
    return one(month.first.replace(day=n), fixed=True) if n else month


@dates.rule(
    "date",
    "[the|the_day] r=rel [unit:month] [of] m=month|month?",
    "m=month r=rel",
    "m=month [of] r=rel unit:year",
)
def _month_beside(c: Context, m: int, r: str) -> Days | None:
    if r == "last":
        year = c.today.year - (m >= c.today.month)
        return days.month_of(year, m, fixed=True)
    return days.next_month(m, c.today)


@dates.rule("date", "n=ymd", "n=ymd comma")
def _iso(_: Context, n: tuple[int, int, int]) -> Days:
    return one(date(*n), fixed=True)


@dates.rule("date", "n=numeric")
def _numeric(c: Context, n: tuple[int, int, int]) -> Days:
    a, b, year = n
    return _day_and_month(c, a, b, year + (2000 if year < 100 else 0))  # noqa: PLR2004 - two digits


@dates.rule("date", "n=dmy")
def _day_first(_: Context, n: tuple[int, int, int]) -> Days:
    return one(date(n[2] + (2000 if n[2] < 100 else 0), n[1], n[0]), fixed=True)  # noqa: PLR2004 - two digits


@dates.rule("date", "the_day n=digits k=digits")
def _spaced(c: Context, n: int, k: int) -> Days | None:
    return _day_and_month(c, n, k, None) if n <= 31 and k <= 12 else None  # noqa: PLR2004 - months and days


@dates.rule("date", "n=slashed", "n=day_month", "the_day n=dotted", "on n=dotted", "n=dotted y=year")
def _day_month(c: Context, n: tuple[int, int], y: int | None = None) -> Days | None:
    if n[1] > 31:  # noqa: PLR2004 - a time or a price, as 8.45
        return None
    return _day_and_month(c, *n, y)


@dates.rule("date", "n=digits dash k=digits", "w=weekday , n=digits dash k=digits")
def _dashed(c: Context, n: int, k: int, w: int | None = None) -> Days | None:
    """
    Read "15-2" and "2-15": a day and a month where it cannot be a range of hours.
    """
    one_way = (12 < n <= 31 and k <= 12) or (12 < k <= 31 and n <= 12 and not c.vocabulary.day_first)  # noqa: PLR2004 - months and days
    beside_weekday = w is not None and not c.vocabulary.half_day and 0 < k <= 12  # noqa: PLR2004 - months
    return _day_and_month(c, n, k, None) if one_way or beside_weekday else None


def _day_and_month(c: Context, a: int, b: int, year: int | None) -> Days:
    """
    Read two numbers as a day and a month in the language's order, or in the other where only that can be.
    """

    def day(number: int, month: int) -> date:
        return date(year, month, number) if year else days.next_date(month, number, c.today)

    readings: list[date] = []
    for number, month in ((a, b), (b, a)) if c.day_first else ((b, a), (a, b)):
        try:
            readings.append(day(number, month))
        except ValueError:
            continue
    if not readings:
        raise ValueError("no such day")
    doubt = None
    if len(set(readings)) > 1 and not c.order_known:
        doubt = (Unclear.DAY_OR_MONTH, tuple(readings[1:]))
    return one(readings[0], fixed=year is not None, doubt=doubt)


@dates.rule("date", "w=weekday [dot]")
def _weekday(c: Context, w: int) -> Days:
    return one(days.next_weekday(w, c.today), weekday=w)


@dates.rule(
    "date",
    "w=weekday , [dot] [the] [the_day] n=ordinal",
    "w=weekday , [dot] [the_day] n=number [dot]",
    "w=weekday , first_day",
    "n=number day_mark [of] w=weekday",
    "n=number day_mark [comma] w=weekday",
)
def _weekday_and_day(c: Context, w: int, n: int = 1) -> Days | None:
    found = days.meet(one(c.today, weekday=w), one(c.today, day=n), c.today)
    return replace(found[0], day=n) if found else None


@dates.rule(
    "date",
    "[the] [the_day] n=nth",
    "on [the] n=ordinal",
    "on the n=digits",
    "the o=ordinal",
    "the_day n=ordinal|number [dot]",
    "n=number day_mark",
    "day_word n=number|ordinal",
    "the_day first_day",
)
def _day_alone(c: Context, n: int = 1, o: int | None = None) -> Days | None:
    if o is not None:
        # "the first", "the second": too often something else.
        n = o if o > 3 else 0  # noqa: PLR2004 - the third
    if not 1 <= n <= 31:  # noqa: PLR2004 - no month has more days
        return None
    return one(days.next_day_of_month(n, c.today), day=n)


@dates.rule(
    "date",
    "[the] r=rel [of] [number:1] [option] w=weekday",
    "[the] w=weekday [the] r=rel",
    "the_day r=rel w=weekday",
    "the_day w=weekday r=rel",
)
def _weekday_beside(c: Context, r: str, w: int) -> Days:
    coming = days.next_weekday(w, c.today)
    in_week = days.week_of(c.today + STEPS[r] * WEEK).first + timedelta(days=w)
    if r == "coming":
        return one(coming, weekday=w, pinned=True)
    if r == "last":
        return one(in_week, weekday=w, pinned=True, fixed=True, final="weekday")
    if r in {"next", "after_next"} or c.vocabulary.weeks_only:
        doubt = (Unclear.NEXT_WEEKDAY, (coming,)) if r == "next" and coming != in_week else None
        return one(in_week, weekday=w, pinned=True, doubt=doubt)
    return one(coming, weekday=w, pinned=True)


@dates.rule(
    "date",
    "[the] w=weekday [of] [the] r=rel [of] u=unit",
    "[the] w=weekday [of] [the] u=unit [the] r=rel",
    "r=rel u=unit [of] w=weekday",
    "u=unit r=rel [of] w=weekday",
)
def _weekday_of_week(c: Context, r: str, u: str, w: int) -> Days | None:
    if u != "week":
        return None
    day = days.week_of(c.today + STEPS[r] * WEEK).first + timedelta(days=w)
    return one(day, weekday=w, pinned=True, fixed=r == "last")


@dates.rule(
    "date", "[the] r=rel [of] [number:1] u=unit", "[the] u=unit [the] r=rel", "[of] [the] r=rel u=unit"
)
def _unit_beside(c: Context, r: str, u: str) -> Days | None:
    if r == "coming" and u == "weekend":
        return days.weekend_of(c.today)
    there = unit_at(c, u, STEPS[r]) if r in STEPS else None
    return replace(there, final=u) if there and r == "last" else there


@dates.rule("date", "u=unit after r=rel:next")
def _unit_after_next(c: Context, u: str, r: str) -> Days | None:
    return unit_at(c, u, 1 + STEPS[r])


@dates.rule("nth_unit", "[the|the_day] n=ordinal|place [option] u=unit")
def _nth_unit(_: Context, n: int, u: str) -> tuple[int, str]:
    return n, u


@dates.rule("nth_weekday", "[the|the_day|on] [the] n=ordinal|place [option] w=weekday")
def _nth_weekday(_: Context, n: int, w: int) -> tuple[int, int]:
    return n, w


def unit_at(c: Context, unit: str, step: int) -> Days | None:
    """
    Find the week, month ... that is so many from the present one; None for units of less than a day.
    """
    day = c.today
    if unit == "day":
        return one(day + timedelta(days=step))
    if unit in {"week", "weekend", "workweek"}:
        there = day + step * WEEK
        week = days.weekend_of(there) if unit == "weekend" else days.week_of(there)
        return replace(week, last=week.first + 4 * ONE) if unit == "workweek" else week
    if unit == "fortnight":
        return replace(
            days.week_of(day + 2 * step * WEEK), last=days.week_of(day + (2 * step + 1) * WEEK).last
        )
    if unit == "month":
        return days.month_of(day.year, day.month + step)
    if unit == "quarter":
        first = days.month_of(day.year, (day.month - 1) // 3 * 3 + 1 + 3 * step).first
        return Days(first, days.add_months(first, 3) - ONE, "quarter")
    return days.year_of(day.year + step) if unit == "year" else None


@dates.rule(
    "date",
    "in [about] n=number|a [more] u=unit [time_word]",
    "n=number|a u=unit hence",
    "in n=number|a u=unit hence",
    "hence n=number|a u=unit",
    "u=unit hence",
)
def _in_units(c: Context, u: str, n: int = 1) -> Days | None:
    day = shifted(c.today, n, u)
    return one(day, near=u in {"week", "fortnight", "month"}, offset=(n, u)) if day else None


@dates.rule(
    "date",
    "[the] r=rel n=number u=unit",
    "[the] n=number r=rel u=unit",
    "[the] n=number u=unit r=rel",
    "[in] [the] r=rel n=number [of] u=unit",
)
def _next_units(c: Context, r: str, n: int, u: str) -> Days | None:
    end = shifted(c.today, n, u)
    if end is None or r not in {"last", "next", "coming"}:
        return None
    if r == "last":
        return Days(shifted(c.today, -n, u) or c.today, c.today - ONE, "part", fixed=True)
    return Days(c.today + ONE, end, "part")


@dates.rule("date", "n=number|a u=unit d=day")
def _units_from(c: Context, n: int, u: str, d: int) -> Days | None:
    """
    Read "a week today".
    """
    day = shifted(c.today + timedelta(days=d), n, u)
    return one(day) if day else None


@dates.rule("choice", "in a u=unit or n=number")
def _one_or_more(c: Context, u: str, n: int) -> tuple[Days, ...] | None:
    found = [_in_units(c, u, count) for count in (1, n)]
    return tuple(day for day in found if day) or None


@dates.rule("nothing", "rel:last p=part")
def _past_part(_: Context, p: str) -> str:
    return p


@dates.rule("date", "in [a] half unit:year", "half unit:year hence")
def _half_a_year(c: Context) -> Days:
    return one(days.add_months(c.today, 6))


@dates.rule("date", "n=number|a u=unit ago", "ago n=number|a u=unit")
def _units_ago(c: Context, n: int, u: str) -> Days | None:
    day = shifted(c.today, -n, u)
    return one(day, fixed=True) if day else None


@dates.rule("date", "n=number w=weekday hence", "in n=number w=weekday")
def _weekdays_hence(c: Context, n: int, w: int) -> Days | None:
    return one(days.next_weekday(w, c.today) + (n - 1) * WEEK) if n else None
