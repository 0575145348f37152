"""
The calendar's arithmetic under the phrases holds at month ends, in leap years, and at the end of all days.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.core.phrases.days import (
    add_months,
    easter,
    edge_of,
    meet,
    month_of,
    next_date,
    next_day_of_month,
    next_month,
    next_weekday,
    nth_week,
    nth_weekday,
    one,
    week_of,
)

TODAY = date(2026, 3, 11)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("year", "day"), [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2038, "2038-04-25")]
)
def test_easter_is_when_it_is(year: int, day: str) -> None:
    """
    Known Easter Sundays, the latest possible among them.
    """
    assert day == str(easter(year))


@given(DAYS, st.integers(min_value=0, max_value=6))
def test_the_next_weekday_is_one_to_seven_days_off(day: date, weekday: int) -> None:
    """
    It is such a weekday, later than the day, and there is none between.
    """
    found = next_weekday(weekday, day)

    assert weekday == found.weekday()
    assert timedelta(days=1) <= found - day <= timedelta(days=7)


@given(DAYS, st.integers(min_value=-30, max_value=30))
def test_months_are_added_to_the_day_or_the_months_last(day: date, months: int) -> None:
    """
    The month is right and the day never overflows into another one.
    """
    found = add_months(day, months)

    assert (day.year * 12 + day.month + months) == found.year * 12 + found.month
    assert found.day == day.day or found == month_of(found.year, found.month).last


def test_a_day_that_few_months_have_is_the_next_there_is() -> None:
    """
    The 31st after February is that of March, and the next 29th of February takes years.
    """
    assert date(2026, 3, 31) == next_day_of_month(31, date(2026, 2, 1))
    assert date(2028, 2, 29) == next_date(2, 29, TODAY)
    assert TODAY == next_date(3, 11, TODAY)
    assert date(2027, 3, 10) == next_date(3, 10, TODAY)


def test_what_never_is_is_refused() -> None:
    """
    There is no 30th of February, no 32nd, and no sixth Monday.
    """
    for find in (
        lambda: next_date(2, 30, TODAY),
        lambda: next_day_of_month(32, TODAY),
        lambda: nth_weekday(0, 6, month_of(2026, 3)),
    ):
        with pytest.raises(ValueError, match="no "):
            find()


def test_a_month_is_this_one_or_the_next_of_its_name() -> None:
    """
    March in March is this March; February is next year's.
    """
    assert month_of(2026, 3) == next_month(3, TODAY)
    assert month_of(2027, 2) == next_month(2, TODAY)
    assert month_of(2027, 1) == month_of(2026, 13)


def test_weeks_of_a_month_are_counted_as_iso_8601_does() -> None:
    """
    A week belongs to the month of its Thursday.
    """
    assert "2026-05-04" == str(nth_week(1, month_of(2026, 5)).first)
    assert "2026-03-30" == str(nth_week(1, month_of(2026, 4)).first)
    assert "2026-05-25" == str(nth_week(-1, month_of(2026, 5)).first)


@given(DAYS, st.sampled_from(["start", "mid", "end", "first_half", "second_half"]))
def test_an_edge_lies_within(day: date, edge: str) -> None:
    """
    The beginning of a week or month is never outside of it, nor empty.
    """
    for whole in (week_of(day), month_of(day.year, day.month)):
        part = edge_of(edge, whole)

        assert whole.holds(part)
        assert part.first <= part.last


@pytest.mark.parametrize(
    ("a", "b", "met"),
    [
        (one(TODAY, weekday=1), week_of(date(2026, 3, 18)), ["2026-03-17"]),
        (one(TODAY, day=12), month_of(2026, 5), ["2026-05-12"]),
        (one(TODAY, day=31), month_of(2026, 4), []),
        (one(TODAY, weekday=1), one(TODAY, day=2), ["2026-06-02"]),
        (one(TODAY, weekday=0), one(date(2026, 4, 14)), []),
        (one(TODAY, weekday=1), one(date(2026, 3, 27), near=True), ["2026-03-24"]),
        (week_of(TODAY), one(TODAY), ["2026-03-11"]),
        (one(TODAY), week_of(TODAY), ["2026-03-11"]),
        (one(TODAY), one(date(2026, 3, 12)), []),
        (week_of(date(2026, 3, 31)), month_of(2026, 4), ["2026-04-01"]),
    ],
)
def test_two_mentions_are_read_as_one(a: object, b: object, met: list[str]) -> None:
    """
    What leaves something open is filled in by what does not, and what cannot be the same is not.
    """
    assert met == [str(days.first) for days in meet(a, b, TODAY)]  # type: ignore[arg-type]  # Days, both
