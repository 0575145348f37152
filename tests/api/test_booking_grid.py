"""
The calendar's grid: days of 46, 48 and 50 half hours beside each other, and lanes for what overlaps.
"""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from calendo.core.instants import HOUR, MINUTE, midnight, minute_to_instant
from calendo.core.intervals import Interval
from calendo.web.dashboard.bookings.grid import Block, lay_out, make_grid, rows_of

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")
DAY = date(2026, 3, 2)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
WORK = (8, 18)


def at(clock: str, day: date = DAY, zone: ZoneInfo = UTC) -> int:
    """
    The instant at which a clock shows a time, the first one of two.
    """
    hours, minutes = map(int, clock.split(":"))
    return minute_to_instant(day, hours * 60 + minutes, zone)


def meeting(text: str) -> Interval:
    """
    Read ``09:00-09:30``.
    """
    start, end = text.split("-")
    return at(start), at(end)


@pytest.mark.parametrize(
    ("zone", "day", "rows"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 48),
        ("Europe/Berlin", FORWARD, 46),
        ("Europe/Berlin", BACK, 50),
        ("Australia/Lord_Howe", date(2026, 4, 5), 49),
        ("Australia/Lord_Howe", date(2026, 10, 4), 47),
        ("Asia/Kathmandu", date(2026, 3, 2), 48),
        # Its midnight does not exist, and this date never was.
        ("America/Santiago", date(2026, 9, 6), 46),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_has_the_half_hours_that_clocks_show(zone: str, day: date, rows: int) -> None:
    """
    Each of them once, those that clocks show twice told apart.
    """
    found = rows_of(day, ZoneInfo(zone))

    assert rows == len(found) == len(set(found))


def test_noon_is_at_one_height_in_the_week_in_which_clocks_go_back() -> None:
    """
    The hour that is there twice has its own rows, which the other days lack.
    """
    saturday = date(2026, 10, 24)
    grid = make_grid([saturday, BACK], [(at("01:00", BACK, BERLIN), at("04:00", BACK, BERLIN))], BERLIN, WORK)

    assert grid.place(at("12:00", saturday, BERLIN)) == grid.place(at("12:00", BACK, BERLIN))
    assert [(4, 2)] == grid.missing(saturday)
    assert [] == grid.missing(BACK)
    first = at("02:30", BACK, BERLIN)
    assert (3, 5) == (grid.place(first), grid.place(first + HOUR))
    assert (4, 6) == (grid.place(first + 30 * MINUTE, end=True), grid.place(first + 90 * MINUTE, end=True))


def test_the_hour_that_clocks_skip_is_missing() -> None:
    """
    A meeting across it reaches from before it to behind it.
    """
    start = at("01:30", FORWARD, BERLIN)
    grid = make_grid([FORWARD], [(start, start + HOUR)], BERLIN, WORK)

    assert [(2, 2)] == grid.missing(FORWARD)
    assert [Block(top=1, height=4, lane=0, lanes=1)] == lay_out(grid, [(start, start + HOUR)])


@pytest.mark.parametrize(
    ("meetings", "rows"),
    [
        ([], (16, 36)),
        (["07:15-07:45", "19:10-19:40"], (14, 40)),
        (["00:00-24:00"], (0, 48)),
    ],
)
def test_the_usual_hours_are_shown_and_those_that_are_needed(
    meetings: list[str], rows: tuple[int, int]
) -> None:
    """
    From a full hour to a full hour.
    """
    grid = make_grid([DAY], [meeting(text) for text in meetings], UTC, WORK)

    assert rows == (grid.first, grid.last)


@pytest.mark.parametrize(
    ("meetings", "lanes"),
    [
        (["09:00-10:00", "10:00-11:00"], [(0, 1), (0, 1)]),
        (["09:00-10:00", "09:30-10:30"], [(0, 2), (1, 2)]),
        (["09:30-10:30", "09:00-10:00", "10:00-11:00"], [(1, 2), (0, 2), (0, 2)]),
        (["09:00-12:00", "09:00-10:00", "11:00-12:00", "12:00-13:00"], [(1, 2), (0, 2), (0, 2), (0, 1)]),
        # Drawn as half an hour each, so that they can be read.
        (["09:00-09:05", "09:05-09:10"], [(0, 2), (1, 2)]),
    ],
)
def test_what_overlaps_lies_beside_each_other(meetings: list[str], lanes: list[tuple[int, int]]) -> None:
    """
    What overlaps by way of others shares its lanes, and what begins at an end takes none.
    """
    parts = [meeting(text) for text in meetings]

    blocks = lay_out(make_grid([DAY], parts, UTC, WORK), parts)

    assert lanes == [(block.lane, block.lanes) for block in blocks]


def test_clocks_that_were_once_set_by_odd_minutes_do_no_harm() -> None:
    """
    Liberia was 44 minutes and 30 seconds behind UTC until 1972.
    """
    day, zone = date(1972, 1, 7), ZoneInfo("Africa/Monrovia")
    begin = midnight(day, zone)
    parts = [(begin + hours * HOUR, begin + (hours + 1) * HOUR) for hours in range(23)]

    assert 23 == len(lay_out(make_grid([day], parts, zone, WORK), parts))
