"""
Wall time and instants meet in one place, and that place knows what clocks do.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.core.instants import (
    DAY,
    HOUR,
    Instant,
    UnknownZone,
    dates_between,
    get_zone,
    local_date,
    midnight,
    minute_to_instant,
    offsets,
    to_datetime,
    to_instant,
    wall_to_instant,
    written,
    written_iso,
    zone_names,
)
from core.reckoning import AWKWARD_ZONES, minute_of_day, moment, utc

NEW_YEAR = moment("2026-01-01 00:00Z")
NEXT_NEW_YEAR = moment("2027-01-01 00:00Z")
QUARTER = 15 * 60

some_instants = st.integers(moment("1970-01-01 00:00Z"), moment("2090-01-01 00:00Z"))
some_zones = st.sampled_from(AWKWARD_ZONES).map(get_zone)


# Zones


@pytest.mark.parametrize(
    "name",
    ["UTC", "Europe/Berlin", "US/Pacific", "Asia/Calcutta", "EST5EDT", "Etc/GMT-14", "America/Indiana/Knox"],
)
def test_every_iana_name_is_a_zone(name: str) -> None:
    """
    The old names are as good as the new ones, and keep the name that was given.
    """
    assert name == get_zone(name).key
    assert name in zone_names()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "Mars/Phobos",
        "America",
        "America/",
        "america/new_york",
        " America/New_York",
        "America/New_York ",
        "America/New_York\n",
        "America/../America/New_York",
        "../etc/passwd",
        "/etc/passwd",
        "/usr/share/zoneinfo/UTC",
        "UTC\0",
        "zone.tab",
        "posixrules",
        "right/UTC",
        "posix/UTC",
        "localtime",
        "Factory",
        "+02:00",
        "UTC+2",
        "Ünited/Kingdom",
        "A" * 5000,
    ],
)
def test_whatever_else_is_no_zone(name: str) -> None:
    """
    A zone is named exactly, and neither a path, nor the machine's own time, nor a placeholder is one.
    """
    with pytest.raises(UnknownZone) as caught:
        get_zone(name)

    assert (name,) == caught.value.args
    assert name not in zone_names()


def test_a_refused_zone_is_a_wrong_value() -> None:
    """
    Whoever parses input can treat an unknown zone like any other wrong value.
    """
    assert issubclass(UnknownZone, ValueError)


def test_only_two_of_the_known_names_are_left_out() -> None:
    """
    People may use every name of the database but the machine's own time and the placeholder.
    """
    assert available_timezones() - {"localtime", "Factory"} == zone_names()


# From the wall to the instant


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("UTC", "2026-03-10 14:00", "2026-03-10 14:00Z"),
        ("America/New_York", "2026-03-10 14:00", "2026-03-10 18:00Z"),
        ("America/New_York", "2026-01-10 14:00", "2026-01-10 19:00Z"),
        ("Asia/Kathmandu", "2026-03-10 00:00", "2026-03-09 18:15Z"),
        ("Pacific/Kiritimati", "2026-03-10 00:00", "2026-03-09 10:00Z"),
        ("Pacific/Pago_Pago", "2026-03-10 23:59", "2026-03-11 10:59Z"),
        ("Europe/London", "1970-01-01 01:00", "1970-01-01 00:00Z"),
        ("Europe/Berlin", "1969-12-31 23:30", "1969-12-31 22:30Z"),
    ],
)
def test_an_ordinary_time_is_one_instant(zone: str, wall: str, instant: str) -> None:
    """
    What a clock shows once is the instant at which it shows it.
    """
    assert instant == utc(_instant_of(wall, zone))


@pytest.mark.parametrize(
    ("zone", "wall", "shown", "instant"),
    [
        ("America/New_York", "2026-03-08 01:59", "03-08 01:59", "2026-03-08 06:59Z"),
        ("America/New_York", "2026-03-08 02:00", "03-08 03:00", "2026-03-08 07:00Z"),
        ("America/New_York", "2026-03-08 02:30", "03-08 03:30", "2026-03-08 07:30Z"),
        ("America/New_York", "2026-03-08 02:59", "03-08 03:59", "2026-03-08 07:59Z"),
        ("America/New_York", "2026-03-08 03:00", "03-08 03:00", "2026-03-08 07:00Z"),
        ("Europe/Dublin", "2026-03-29 01:30", "03-29 02:30", "2026-03-29 01:30Z"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "10-04 02:45", "2026-10-03 15:45Z"),
        ("Antarctica/Troll", "2026-03-29 01:00", "03-29 03:00", "2026-03-29 01:00Z"),
        ("Antarctica/Troll", "2026-03-29 02:59", "03-29 04:59", "2026-03-29 02:59Z"),
        ("Africa/Cairo", "2026-04-24 00:00", "04-24 01:00", "2026-04-23 22:00Z"),
        ("Africa/Cairo", "2026-04-24 00:30", "04-24 01:30", "2026-04-23 22:30Z"),
        ("Asia/Beirut", "2026-03-29 00:00", "03-29 01:00", "2026-03-28 22:00Z"),
        ("America/Havana", "2026-03-08 00:30", "03-08 01:30", "2026-03-08 05:30Z"),
        ("America/Santiago", "2026-09-06 00:00", "09-06 01:00", "2026-09-06 04:00Z"),
        ("America/Nuuk", "2026-03-28 23:30", "03-29 00:30", "2026-03-29 01:30Z"),
        ("Pacific/Chatham", "2026-09-27 03:00", "09-27 04:00", "2026-09-26 14:15Z"),
        ("Africa/Casablanca", "2026-03-22 02:30", "03-22 03:30", "2026-03-22 02:30Z"),
        ("Pacific/Apia", "2011-12-30 12:00", "12-31 12:00", "2011-12-30 22:00Z"),
    ],
)
def test_a_skipped_time_moves_by_the_gap(zone: str, wall: str, shown: str, instant: str) -> None:
    """
    A time that the clock leaves out is as much later as the clock leaps, be it half an hour or a day.
    """
    found = _instant_of(wall, zone)

    assert instant == utc(found)
    assert shown == to_datetime(found, get_zone(zone)).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("America/New_York", "2026-11-01 00:59", "2026-11-01 04:59Z"),
        ("America/New_York", "2026-11-01 01:00", "2026-11-01 05:00Z"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30Z"),
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 05:59Z"),
        ("America/New_York", "2026-11-01 02:00", "2026-11-01 07:00Z"),
        ("Europe/Dublin", "2026-10-25 01:30", "2026-10-25 00:30Z"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45Z"),
        ("Antarctica/Troll", "2026-10-25 01:30", "2026-10-24 23:30Z"),
        ("Antarctica/Troll", "2026-10-25 03:00", "2026-10-25 03:00Z"),
        ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29 20:30Z"),
        ("Africa/Cairo", "2026-10-30 00:00", "2026-10-29 22:00Z"),
        ("America/Havana", "2026-11-01 00:30", "2026-11-01 04:30Z"),
        ("America/Santiago", "2026-04-04 23:00", "2026-04-05 02:00Z"),
        ("America/Nuuk", "2026-10-24 23:30", "2026-10-25 00:30Z"),
        ("Pacific/Chatham", "2026-04-05 03:00", "2026-04-04 13:15Z"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30Z"),
    ],
)
def test_a_repeated_time_is_the_first_one(zone: str, wall: str, instant: str) -> None:
    """
    A time that the clock shows twice means the earlier instant.
    """
    assert instant == utc(_instant_of(wall, zone))


@given(some_instants, some_zones)
def test_an_instant_survives_the_way_to_the_wall_and_back(instant: Instant, zone: ZoneInfo) -> None:
    """
    An aware datetime knows which of two equal times it is, so nothing is lost.
    """
    assert instant == to_instant(to_datetime(instant, zone))


def test_whoever_names_the_second_one_gets_it() -> None:
    """
    At the edge a datetime with ``fold`` says itself which of the two it means.
    """
    first = datetime(2026, 11, 1, 1, 30, tzinfo=get_zone("America/New_York"))

    assert "2026-11-01 05:30Z" == utc(to_instant(first))
    assert "2026-11-01 06:30Z" == utc(to_instant(first.replace(fold=1)))


def test_an_instant_is_a_whole_number_of_seconds() -> None:
    """
    Fractions are dropped, and any offset will do.
    """
    moment_ = datetime(1970, 1, 1, 2, 0, 1, 999_999, tzinfo=timezone(timedelta(hours=2)))

    assert 1 == to_instant(moment_)
    assert type(to_instant(moment_)) is int
    assert datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) == to_datetime(1, get_zone("UTC"))


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("1970-01-01 00:00Z", "1970-01-01 00:00:00"),
        ("2026-03-10 14:00Z", "2026-03-10 14:00:00"),
        ("2026-03-08 02:30Z", "2026-03-08 02:30:00"),
        ("2026-11-01 23:59:59Z", "2026-11-01 23:59:59"),
    ],
)
def test_instants_are_written_in_utc(instant: str, expected: str) -> None:
    """
    Both ways to write an instant name the same second, and no zone has a say in it.
    """
    assert expected == written(moment(instant))
    assert expected.replace(" ", "T") + "Z" == written_iso(moment(instant))


@pytest.mark.parametrize(
    ("zone", "instant", "day"),
    [
        ("Pacific/Kiritimati", "2026-06-15 09:59Z", "2026-06-15"),
        ("Pacific/Kiritimati", "2026-06-15 10:00Z", "2026-06-16"),
        ("Pacific/Pago_Pago", "2026-06-15 10:59Z", "2026-06-14"),
        ("Africa/Cairo", "2026-04-23 21:59Z", "2026-04-23"),
        ("Africa/Cairo", "2026-04-23 22:00Z", "2026-04-24"),
    ],
)
def test_which_date_it_is_depends_on_the_place(zone: str, instant: str, day: str) -> None:
    """
    One instant has several dates.
    """
    assert date.fromisoformat(day) == local_date(moment(instant), get_zone(zone))


# Days


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-03-07", 24),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Antarctica/Troll", "2026-03-29", 22),
        ("Antarctica/Troll", "2026-10-25", 26),
        ("Africa/Cairo", "2026-04-23", 24),
        ("Africa/Cairo", "2026-04-24", 23),
        ("Africa/Cairo", "2026-10-29", 25),
        ("America/Havana", "2026-03-08", 23),
        ("America/Havana", "2026-11-01", 25),
        ("America/Nuuk", "2026-03-28", 23),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Asia/Kathmandu", "2026-03-29", 24),
    ],
)
def test_a_day_lasts_until_the_next_one_begins(zone: str, day: str, hours: float) -> None:
    """
    A day is as long as its clock makes it.
    """
    there = get_zone(zone)
    today = date.fromisoformat(day)

    assert hours * HOUR == midnight(today + timedelta(days=1), there) - midnight(today, there)


@pytest.mark.parametrize("zone", AWKWARD_ZONES)
def test_a_date_begins_at_its_midnight_and_not_a_second_before(zone: str) -> None:
    """
    On every day of the year the date changes with ``midnight``, also where the clock skips it.
    """
    there = get_zone(zone)
    for day in dates_between(date(2026, 1, 1), date(2026, 12, 31)):
        start = midnight(day, there)
        assert (day - timedelta(days=1), day) == (local_date(start - 1, there), local_date(start, there))


@pytest.mark.parametrize(
    ("zone", "day", "minute", "instant"),
    [
        ("America/New_York", "2026-06-15", 0, "2026-06-15 04:00Z"),
        ("America/New_York", "2026-06-15", 1439, "2026-06-16 03:59Z"),
        ("America/New_York", "2026-06-15", 1440, "2026-06-16 04:00Z"),
        ("America/New_York", "2026-03-08", 1440, "2026-03-09 04:00Z"),
        ("America/New_York", "2026-03-07", 1440 + 150, "2026-03-08 07:30Z"),
        ("America/New_York", "2026-10-31", 1440 + 90, "2026-11-01 05:30Z"),
        ("Africa/Cairo", "2026-04-23", 1440, "2026-04-23 22:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", 9 * 60, "2026-04-04 22:30Z"),
        ("UTC", "2026-06-15", 2 * 1440 + 61, "2026-06-17 01:01Z"),
    ],
)
def test_minutes_after_midnight_are_read_on_the_clock(zone: str, day: str, minute: int, instant: str) -> None:
    """
    Minute 540 is nine o'clock on the longest day too, and minute 1440 is where the next date begins.
    """
    assert instant == utc(minute_to_instant(date.fromisoformat(day), minute, get_zone(zone)))


def test_the_end_of_a_day_is_the_start_of_the_next() -> None:
    """
    ``24:00`` is minute 1440, whatever the length of the day.
    """
    zone = get_zone("America/Santiago")
    for day in dates_between(date(2026, 1, 1), date(2026, 12, 31)):
        end = minute_to_instant(day, minute_of_day("24:00"), zone)
        assert midnight(day + timedelta(days=1), zone) == end


def test_both_ends_of_a_range_of_dates_belong_to_it() -> None:
    """
    A range whose ends are equal is one date, and one that ends before it begins is none.
    """
    leap_day = date(2028, 2, 29)

    assert [leap_day] == list(dates_between(leap_day, leap_day))
    assert [date(2028, 2, 28), leap_day, date(2028, 3, 1)] == list(
        dates_between(date(2028, 2, 28), date(2028, 3, 1))
    )
    assert [] == list(dates_between(leap_day, date(2028, 2, 28)))


# The clock's course


@pytest.mark.parametrize("name", AWKWARD_ZONES)
def test_a_years_offsets_are_those_of_the_zone(name: str) -> None:
    """
    At every quarter of an hour of a year the pairs tell the zone's own offset.
    """
    zone = get_zone(name)
    told = _told(offsets(NEW_YEAR, NEXT_NEW_YEAR, zone), range(NEW_YEAR, NEXT_NEW_YEAR + 1, QUARTER))

    assert [] == [utc(instant) for instant, offset in told if offset != _offset_of(instant, zone)]


@pytest.mark.parametrize("name", AWKWARD_ZONES)
def test_an_offset_holds_until_the_very_second(name: str) -> None:
    """
    The pairs of a year meet at the seconds at which the clock is set.
    """
    zone = get_zone(name)
    *changes, _ = offsets(NEW_YEAR, NEXT_NEW_YEAR, zone)

    for until, offset in changes:
        assert offset == _offset_of(until - 1, zone)
        assert offset != _offset_of(until, zone)


@pytest.mark.parametrize(
    ("zone", "changes"),
    [
        ("Asia/Kolkata", []),
        ("America/New_York", ["2026-03-08 07:00Z", "2026-11-01 06:00Z"]),
        ("Australia/Lord_Howe", ["2026-04-04 15:00Z", "2026-10-03 15:30Z"]),
        ("Africa/Casablanca", ["2026-02-15 02:00Z", "2026-03-22 02:00Z"]),
        ("Africa/Cairo", ["2026-04-23 22:00Z", "2026-10-29 21:00Z"]),
    ],
)
def test_a_pair_begins_where_the_clock_is_set(zone: str, changes: list[str]) -> None:
    """
    There are as many pairs as there are clock changes, and one more.
    """
    pairs = offsets(NEW_YEAR, NEXT_NEW_YEAR, get_zone(zone))

    assert [*changes, "2027-01-01 00:00Z"] == [utc(until) for until, _ in pairs]
    assert pairs[-1][0] > NEXT_NEW_YEAR


@given(some_instants, st.integers(0, 100 * DAY), some_zones, st.data())
def test_any_stretch_of_time_is_told_rightly(
    first: Instant, length: int, zone: ZoneInfo, data: st.DataObject
) -> None:
    """
    From any second to any other the pairs tell the zone's offset, at both ends and between.
    """
    last = first + length
    between = data.draw(st.integers(first, last))
    pairs = offsets(first, last, zone)

    assert [(at, _offset_of(at, zone)) for at in (first, between, last)] == list(
        _told(pairs, [first, between, last])
    )


def test_a_single_instant_has_one_offset() -> None:
    """
    A stretch without length is told too.
    """
    assert ((NEW_YEAR + 1, 5 * HOUR + 45 * 60),) == offsets(NEW_YEAR, NEW_YEAR, get_zone("Asia/Kathmandu"))


def _instant_of(wall: str, zone: str) -> Instant:
    day, clock = wall.split()
    return wall_to_instant(date.fromisoformat(day), time.fromisoformat(clock), get_zone(zone))


def _offset_of(instant: Instant, zone: ZoneInfo) -> int:
    shift = datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    assert shift is not None
    return int(shift.total_seconds())


def _told(pairs: Iterable[tuple[Instant, int]], instants: Iterable[Instant]) -> Iterator[tuple[Instant, int]]:
    rest = iter(pairs)
    until, offset = next(rest)
    for instant in instants:
        while instant >= until:
            until, offset = next(rest)
        yield instant, offset
