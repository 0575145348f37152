"""
Rules and overrides are wall time, and become open windows for the dates somebody asks about.
"""

from datetime import date, timedelta

import pytest

from calendo.core.availability import Override, Rule, Schedule, Window
from calendo.core.instants import dates_between, get_zone
from core.reckoning import open_times, schedule, utc, window

MONDAY = "2026-06-15"
WEEK = "2026-06-14..2026-06-20"

# Windows


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ("09:00-17:00", Window(540, 1020)),
        ("00:00-24:00", Window(0, 1440)),
        ("22:00-24:00", Window(1320, 1440)),
        ("22:00-02:00", Window(1320, 1560)),
        ("22:00-00:00", Window(1320, 1440)),
        ("00:01-00:00", Window(1, 1440)),
        ("09:00-08:59", Window(540, 1979)),
    ],
)
def test_an_end_before_the_start_is_the_next_days(times: str, expected: Window) -> None:
    """
    Windows run forward, past midnight where they have to, and the day ends at minute 1440.
    """
    assert expected == window(times)


@pytest.mark.parametrize("times", ["09:00-09:00", "00:00-00:00"])
def test_a_window_needs_two_times(times: str) -> None:
    """
    A start that equals the end could mean a day or nothing, so it means nothing at all.
    """
    with pytest.raises(ValueError, match="same time"):
        window(times)


# Weekly rules


def test_a_rule_holds_on_its_weekday() -> None:
    """
    Of a week, a rule for Monday opens Monday.
    """
    assert ["06-15 09:00 - 06-15 17:00"] == open_times(rules="Mon 09:00-17:00", on=WEEK)


@pytest.mark.parametrize(
    ("day", "on"),
    [(0, 14), (1, 15), (2, 16), (3, 17), (4, 18), (5, 19), (6, 20), (7, 14)],
)
def test_the_week_is_numbered_from_sunday(day: int, on: int) -> None:
    """
    Day 0 is Sunday and 6 is Saturday; those who count Sunday as 7 are understood.
    """
    weekly = Schedule(get_zone("UTC"), [Rule(day, window("09:00-10:00"))])
    windows = weekly.windows(date(2026, 6, 14), date(2026, 6, 20))

    assert [f"2026-06-{on} 09:00Z"] == [utc(start) for start, _ in windows]


def test_the_windows_of_a_date_are_merged() -> None:
    """
    Windows that touch or overlap are one, in whatever order the rules stand.
    """
    opened = open_times(
        rules="Mon 14:00-15:00, Mon 11:00-13:00, Mon 09:00-12:00, Mon 15:00-16:00",
        on=MONDAY,
    )

    assert ["06-15 09:00 - 06-15 13:00", "06-15 14:00 - 06-15 16:00"] == opened


def test_the_windows_of_two_dates_are_not_merged() -> None:
    """
    Each date keeps its own, even where one ends as the next one begins, or later.
    """
    assert ["06-15 00:00 - 06-16 00:00", "06-16 00:00 - 06-17 00:00"] == open_times(
        rules="Mon-Tue 00:00-24:00", on=WEEK
    )
    assert ["06-15 20:00 - 06-16 04:00", "06-16 02:00 - 06-16 06:00"] == open_times(
        rules="Mon 20:00-04:00, Tue 02:00-06:00", on=WEEK
    )


def test_a_window_belongs_to_the_date_it_begins_on() -> None:
    """
    Asked for Tuesday alone, Monday's night is not told.
    """
    assert [] == open_times(rules="Mon 22:00-02:00", on="2026-06-16")
    assert ["06-15 22:00 - 06-16 02:00"] == open_times(rules="Mon 22:00-02:00", on=MONDAY)


def test_no_rules_no_windows() -> None:
    """
    An empty schedule is never open.
    """
    assert [] == open_times(on=WEEK)


def test_a_range_that_ends_before_it_begins_is_empty() -> None:
    """
    No dates, no windows, not even those of overrides.
    """
    assert [] == open_times(
        rules="Sun-Sat 09:00-17:00", overrides="2026-06-15 10:00-11:00", on="2026-06-16..2026-06-14"
    )


@pytest.mark.parametrize("step", [1, 7])
def test_what_was_asked_before_makes_no_difference(step: int) -> None:
    """
    A schedule that was asked about a year, forwards and again, knows each date as a new one does.
    """
    overrides = "2026-03-08 closed, 2026-11-01 00:00-03:00"
    words = "America/New_York", "Mon-Fri 09:00-17:00, Sat 22:00-04:00", overrides
    asked_often = schedule(*words)
    days = list(dates_between(date(2026, 1, 1), date(2026, 12, 31)))

    for day in [*days, *days[::step]]:
        until = day + timedelta(days=step)
        assert list(schedule(*words).windows(day, until)) == list(asked_often.windows(day, until))


# Overrides


@pytest.mark.parametrize(
    ("overrides", "tuesday"),
    [
        ("2026-06-16 closed", []),
        ("2026-06-16 10:00-12:00", ["10:00-12:00"]),
        ("2026-06-16 10:00-12:00, 2026-06-16 18:00-20:00", ["10:00-12:00", "18:00-20:00"]),
        ("2026-06-16 11:00-13:00, 2026-06-16 10:00-12:00", ["10:00-13:00"]),
        ("2026-06-16 closed, 2026-06-16 10:00-12:00", ["10:00-12:00"]),
        ("2026-06-16 10:00-12:00, 2026-06-16 closed", ["10:00-12:00"]),
        ("2026-06-15 closed, 2026-06-17 closed", ["09:00-17:00"]),
    ],
)
def test_an_override_owns_its_date(overrides: str, tuesday: list[str]) -> None:
    """
    On a date with overrides the rules do not count, and its overrides add up, in any order.
    """
    opened = open_times(rules="Mon-Fri 09:00-17:00", overrides=overrides, on="2026-06-16")

    assert tuesday == [shown.replace("06-16 ", "").replace(" - ", "-") for shown in opened]


def test_an_override_opens_a_date_that_has_no_rules() -> None:
    """
    A Saturday can be opened once.
    """
    opened = open_times(rules="Mon-Fri 09:00-17:00", overrides="2026-06-20 10:00-12:00", on="2026-06-20")

    assert ["06-20 10:00 - 06-20 12:00"] == opened


def test_a_range_of_dates_can_be_closed() -> None:
    """
    A holiday closes its first date, its last one and those between.
    """
    opened = open_times(rules="Sun-Sat 09:00-10:00", overrides="2026-06-15..2026-06-19 closed", on=WEEK)

    assert ["06-14 09:00 - 06-14 10:00", "06-20 09:00 - 06-20 10:00"] == opened


def test_a_window_reopens_part_of_a_closed_range() -> None:
    """
    One afternoon in the middle of a holiday can be opened without cutting the holiday in two.
    """
    opened = open_times(
        rules="Sun-Sat 09:00-10:00",
        overrides="2026-06-14..2026-06-20 closed, 2026-06-17 14:00-15:00",
        on=WEEK,
    )

    assert ["06-17 14:00 - 06-17 15:00"] == opened


def test_a_range_can_have_a_window() -> None:
    """
    Summer hours hold on each date of their range, and only there.
    """
    opened = open_times(
        rules="Mon-Fri 09:00-17:00",
        overrides="2026-06-16..2026-06-17 10:00-11:00",
        on="2026-06-15..2026-06-18",
    )

    assert [
        "06-15 09:00 - 06-15 17:00",
        "06-16 10:00 - 06-16 11:00",
        "06-17 10:00 - 06-17 11:00",
        "06-18 09:00 - 06-18 17:00",
    ] == opened


def test_a_range_reaches_into_the_dates_asked_for() -> None:
    """
    A holiday that began before the asked range and ends after it closes all of it.
    """
    holiday = "2026-06-01..2026-08-31 closed"

    assert [] == open_times(rules="Sun-Sat 09:00-10:00", overrides=holiday, on=WEEK)


def test_a_range_that_ends_before_it_begins_overrides_nothing() -> None:
    """
    Such an override has no dates.
    """
    backwards = schedule("UTC", "Mon 09:00-10:00")
    none = Override(date(2026, 6, 16), date(2026, 6, 14), None)
    with_none = Schedule(get_zone("UTC"), [Rule(1, window("09:00-10:00"))], [none])
    asked = date(2026, 6, 14), date(2026, 6, 16)

    assert list(backwards.windows(*asked)) == list(with_none.windows(*asked))


@pytest.mark.parametrize(
    "overrides", ["2026-06-16 closed", "2026-06-16 12:00-13:00", "2026-06-16..2026-06-30 closed"]
)
def test_an_override_cuts_the_tail_of_the_night_before(overrides: str) -> None:
    """
    What Monday would carry over into Tuesday ends at midnight when Tuesday is overridden.
    """
    opened = open_times(rules="Mon 22:00-02:00", overrides=overrides, on=MONDAY)

    assert ["06-15 22:00 - 06-16 00:00"] == opened


def test_an_override_reaches_past_its_own_midnight() -> None:
    """
    An evening that was opened once goes on into the next date, which keeps its own rules.
    """
    opened = open_times(
        rules="Tue 01:00-03:00", overrides="2026-06-15 22:00-02:00", on="2026-06-15..2026-06-16"
    )

    assert ["06-15 22:00 - 06-16 02:00", "06-16 01:00 - 06-16 03:00"] == opened


def test_an_override_is_cut_by_the_one_of_the_next_date() -> None:
    """
    Each date is owned whole, also between two overridden ones.
    """
    opened = open_times(overrides="2026-06-15..2026-06-16 22:00-02:00", on="2026-06-15..2026-06-16")

    assert ["06-15 22:00 - 06-16 00:00", "06-16 22:00 - 06-17 02:00"] == opened


def test_the_cut_is_made_at_the_hosts_midnight() -> None:
    """
    A closed date begins when it begins where the host lives, and ends there too.
    """
    new_york = schedule("America/New_York", "Sun-Sat 00:00-24:00", "2026-11-01 closed")
    windows = list(new_york.windows(date(2026, 10, 31), date(2026, 11, 2)))

    assert [
        ("2026-10-31 04:00Z", "2026-11-01 04:00Z"),
        ("2026-11-02 05:00Z", "2026-11-03 05:00Z"),
    ] == [(utc(start), utc(end)) for start, end in windows]


@pytest.mark.parametrize(
    ("rules", "opened"),
    [
        ("Fri 23:45-23:30", ["03-27 23:45 - 03-29 00:00"]),
        ("Sat 20:00-23:30", ["03-28 20:00 - 03-29 00:00"]),
        ("Sat 23:15-23:45", []),
    ],
)
def test_no_window_slips_into_a_closed_date_through_a_gap(rules: str, opened: list[str]) -> None:
    """
    Half past eleven, skipped by Nuuk's clock, would be half past midnight on a date that is closed.
    """
    closed = "2026-03-29 closed"

    assert opened == open_times(
        host="America/Nuuk", rules=rules, overrides=closed, on="2026-03-27..2026-03-28"
    )


# The days on which clocks change


@pytest.mark.parametrize(
    ("host", "times", "on", "expected"),
    [
        # New York springs forward from two to three.
        ("America/New_York", "01:00-04:00", "2026-03-08", ["06:00Z - 08:00Z"]),
        ("America/New_York", "02:30-04:00", "2026-03-08", ["07:30Z - 08:00Z"]),
        ("America/New_York", "01:00-02:30", "2026-03-08", ["06:00Z - 07:30Z"]),
        ("America/New_York", "02:15-02:45", "2026-03-08", ["07:15Z - 07:45Z"]),
        ("America/New_York", "02:30-03:15", "2026-03-08", []),
        ("America/New_York", "02:00-03:00", "2026-03-08", []),
        ("America/New_York", "00:00-24:00", "2026-03-08", ["05:00Z - 04:00Z"]),
        # It falls back from two to one.
        ("America/New_York", "00:00-03:00", "2026-11-01", ["04:00Z - 08:00Z"]),
        ("America/New_York", "01:30-02:00", "2026-11-01", ["05:30Z - 07:00Z"]),
        ("America/New_York", "01:00-01:30", "2026-11-01", ["05:00Z - 05:30Z"]),
        ("America/New_York", "00:00-24:00", "2026-11-01", ["04:00Z - 05:00Z"]),
        # Lord Howe knows half an hour only.
        ("Australia/Lord_Howe", "01:00-03:00", "2026-04-05", ["14:00Z - 16:30Z"]),
        ("Australia/Lord_Howe", "01:00-03:00", "2026-10-04", ["14:30Z - 16:00Z"]),
        # Cairo has no midnight in April, and the hour before it twice in October.
        ("Africa/Cairo", "00:00-02:00", "2026-04-24", ["22:00Z - 23:00Z"]),
        ("Africa/Cairo", "22:00-24:00", "2026-04-23", ["20:00Z - 22:00Z"]),
        ("Africa/Cairo", "22:00-24:00", "2026-10-29", ["19:00Z - 22:00Z"]),
        # Troll leaves out two hours.
        ("Antarctica/Troll", "00:00-04:00", "2026-03-29", ["00:00Z - 02:00Z"]),
        ("Antarctica/Troll", "00:00-04:00", "2026-10-25", ["22:00Z - 04:00Z"]),
    ],
)
def test_a_window_holds_the_hours_its_clock_shows(
    host: str, times: str, on: str, expected: list[str]
) -> None:
    """
    Both bounds are read on the host's clock, and what lies between them is open, however long it lasts.
    """
    day = date.fromisoformat(on)
    windows = schedule(host, f"Sun-Sat {times}").windows(day, day)

    assert expected == [f"{utc(start)[11:]} - {utc(end)[11:]}" for start, end in windows]


def test_a_night_is_as_long_as_the_clock_makes_it() -> None:
    """
    From ten to six there are seven hours in one night of the year, nine in another and eight in the rest.
    """
    berlin = schedule("Europe/Berlin", "Sun-Sat 22:00-06:00")
    nights = list(berlin.windows(date(2026, 1, 1), date(2026, 12, 31)))
    hours = [(end - start) / 3600 for start, end in nights]

    assert {7: 1, 8: 363, 9: 1} == {length: hours.count(length) for length in set(hours)}
    assert "2026-03-28 21:00Z" == utc(nights[hours.index(7)][0])
    assert "2026-10-24 20:00Z" == utc(nights[hours.index(9)][0])
