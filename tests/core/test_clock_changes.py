"""
From which date on a time of the day here is another one there.
"""

from datetime import date, time

import pytest

from calendo.core.clock_changes import ClockChange, coming_changes
from calendo.core.instants import get_zone

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def told(here: str, there: str, wall: str = "09:00", dates: tuple[date, date] = YEAR) -> list[str]:
    """
    Say it as a person would: ``2026-10-25: 09:00 is 04:00, was 03:00``.
    """
    changes = coming_changes(get_zone(here), get_zone(there), time.fromisoformat(wall), *dates)
    return [
        f"{change.on}: {change.here:%H:%M} is {change.there:%H:%M}, was {change.former_there:%H:%M}"
        for change in changes
    ]


def test_berlin_and_new_york_change_on_different_sundays() -> None:
    """
    Between the two Sundays in spring, and again in autumn, they are an hour nearer.
    """
    assert [
        "2026-03-08: 09:00 is 04:00, was 03:00",
        "2026-03-29: 09:00 is 03:00, was 04:00",
        "2026-10-25: 09:00 is 04:00, was 03:00",
        "2026-11-01: 09:00 is 03:00, was 04:00",
    ] == told("Europe/Berlin", "America/New_York")


def test_it_says_whose_clock_changes() -> None:
    """
    In spring New York's changes first, in autumn Berlin's.
    """
    changes = coming_changes(get_zone("Europe/Berlin"), get_zone("America/New_York"), time(9), *YEAR)

    assert [(False, True), (True, False), (True, False), (False, True)] == [
        (change.here_changes, change.there_changes) for change in changes
    ]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Europe/Berlin", "Europe/London"),  # on the same morning
        ("America/New_York", "America/Los_Angeles"),  # three hours apart, and nobody is up
        ("Asia/Tokyo", "Asia/Kolkata"),  # never
        ("Europe/Berlin", "Europe/Berlin"),
    ],
)
def test_zones_that_change_together_need_no_warning(here: str, there: str) -> None:
    """
    What is the same at nine o'clock on every day of the year is not told.
    """
    assert [] == told(here, there)


def test_other_hemispheres_change_the_other_way() -> None:
    """
    Sydney and Berlin move two hours apart in three steps, and the dates are those of the host.
    """
    assert [
        "2026-03-29: 09:00 is 18:00, was 19:00",
        "2026-04-05: 09:00 is 17:00, was 18:00",
        "2026-10-04: 09:00 is 18:00, was 17:00",
        "2026-10-25: 09:00 is 19:00, was 18:00",
    ] == told("Europe/Berlin", "Australia/Sydney")
    assert ["2026-04-05: 09:00 is 01:00, was 00:00"] == told(
        "Australia/Sydney", "Europe/Berlin", dates=(date(2026, 4, 1), date(2026, 4, 30))
    )


def test_the_other_date_is_said() -> None:
    """
    A change can carry a time across midnight there.
    """
    (change,) = coming_changes(
        get_zone("Europe/Berlin"),
        get_zone("America/New_York"),
        time(5, 30),
        date(2026, 10, 20),
        date(2026, 10, 31),
    )

    assert change == ClockChange(
        on=date(2026, 10, 25),
        here=time(5, 30),
        there=time(0, 30),
        days_apart=0,
        former_there=time(23, 30),
        former_days_apart=-1,
        here_changes=True,
        there_changes=False,
    )


def test_a_time_that_the_change_skips_is_told_as_it_is_shown() -> None:
    """
    Half past two on that Sunday is half past three, and from then on New York is five hours apart again.
    """
    found = told("Europe/Berlin", "America/New_York", "02:30", (date(2026, 3, 20), date(2026, 4, 10)))

    assert ["2026-03-29: 03:30 is 21:30, was 21:30"] == found


def test_a_change_on_the_first_day_counts() -> None:
    """
    What was yesterday is looked at too; the day after there is nothing left to say.
    """
    day, after = date(2026, 3, 29), date(2026, 3, 30)

    assert 1 == len(told("Europe/Berlin", "America/New_York", dates=(day, day)))
    assert [] == told("Europe/Berlin", "America/New_York", dates=(after, after))
