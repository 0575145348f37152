"""
Each time of a day has its reasons, and exactly those without one are on offer.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings

from calendo.core import explanations
from calendo.core.explanations import Stretch, Taken
from calendo.core.instants import MINUTE, get_zone, midnight, to_datetime
from calendo.core.slots import SlotRule
from core.minute_by_minute import Case, clock, open_minutes
from core.reckoning import dates, moment, schedule
from core.test_slots_against_reckoning import asked_of, cases, offered, thoroughly

TUESDAY = "2026-03-10"


def explained(
    *,
    on: str = TUESDAY,
    host: str = "UTC",
    invitee: str | None = None,
    rules: str = "Mon-Fri 09:00-11:00",
    overrides: str = "",
    taken: tuple[tuple[str, str, int, int], ...] = (),
    now: str = "2026-03-01 12:00",
    is_active: bool = True,
    **rule: int,
) -> list[Stretch]:
    """
    Explain a day; what is ``taken`` is a start, an end, and its buffers in minutes.
    """
    zone = get_zone(invitee or host)
    (day, _), here = dates(on), get_zone(host)
    bookings = []
    for number, (start, end, before, after) in enumerate(taken, 1):
        meeting = moment(f"{on} {start}", here), moment(f"{on} {end}", here)
        bookings.append(Taken(number, meeting, (meeting[0] - before * MINUTE, meeting[1] + after * MINUTE)))
    return explanations.explain(
        SlotRule(**({"duration_minutes": 30} | rule)),
        schedule(host, rules, overrides),
        bookings,
        (midnight(day, zone), midnight(day + timedelta(days=1), zone)),
        moment(now, here),
        is_active=is_active,
    )


def told(zone: str = "UTC", **setup: object) -> list[str]:
    """
    Say of each candidate ``09:00 booked 1``, and of each gap ``00:00-09:00 outside_hours``.
    """
    there = get_zone(zone)
    lines = []
    for stretch in explained(**setup):  # type: ignore[arg-type] # the keywords of above
        start, end = (f"{to_datetime(instant, there):%H:%M}" for instant in (stretch.start, stretch.end))
        reasons = [f" {each.why} {each.booking_id or ''}".rstrip() for each in stretch.reasons]
        lines.append((f"{start}-{end}" if stretch.is_gap else start) + "".join(reasons))
    return lines


def candidates(**setup: object) -> list[str]:
    return [line for line in told(**setup) if "-" not in line]


@settings(thoroughly, max_examples=300)
@given(cases())
def test_explained_as_offered_means_listed(case: Case) -> None:
    """
    A start is explained as offered exactly if the look-up lists it, whatever hours, bookings and clocks.
    """
    taken = [Taken(number, interval, interval) for number, interval in enumerate(case.blocked)]
    found = explanations.explain(*asked_of(case), taken, case.asked, case.now)

    assert offered(case) == [stretch.start for stretch in found if stretch.is_offered]


@settings(thoroughly, max_examples=100)
@given(cases())
def test_candidates_and_gaps_are_those_that_counting_minutes_finds(case: Case) -> None:
    """
    Every time of the grid is a candidate, and the gaps are exactly the minutes that are not open.
    """
    found = explanations.explain(*asked_of(case), (), case.asked, case.now)
    here = clock(case.zone, case.around)
    open_, grid = open_minutes(case)
    seconds = range(case.asked[0], case.asked[1])
    closed = {second for each in found if each.is_gap for second in range(each.start, each.end, MINUTE)}

    assert sorted(second for minute in grid if (second := here.first + 60 * minute) in seconds) == [
        each.start for each in found if not each.is_gap
    ]
    # A question may begin within a minute.
    assert {second for second in closed if (second - here.first) // 60 in open_} == set()
    if all((bound - here.first) % 60 == 0 for bound in case.asked):
        assert closed == {second for second in seconds[::60] if (second - here.first) // 60 not in open_}


def test_a_free_day() -> None:
    """
    Within the hours all is on offer; around them are gaps.
    """
    assert [
        "00:00-09:00 outside_hours",
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00-00:00 outside_hours",
    ] == told()


def test_a_day_without_hours_is_one_gap() -> None:
    """
    On a Sunday nothing can begin, and there is nothing else to say.
    """
    assert ["00:00-00:00 outside_hours"] == told(on="2026-03-08")


def test_bookings_and_their_buffers_are_told_apart() -> None:
    """
    What overlaps with a meeting is booked; what only overlaps with buffers, its own or the other's, is not.
    """
    assert ["09:00 buffer 1", "09:30 booked 1", "10:00 buffer 1", "10:30"] == candidates(
        taken=(("09:30", "10:00", 0, 15),), buffer_before_minutes=15, buffer_after_minutes=5
    )
    assert ["09:00", "09:30 booked 1", "10:00", "10:30"] == candidates(taken=(("09:40", "09:50", 10, 10),))


def test_every_booking_in_the_way_is_named() -> None:
    """
    A long meeting can stand in the way of several others.
    """
    taken = (("09:00", "09:30", 0, 0), ("09:40", "10:00", 0, 5))

    assert ["09:00 booked 1 booked 2", "09:30 booked 2", "10:00 buffer 2"] == candidates(
        taken=taken, duration_minutes=60, slot_interval_minutes=30
    )[:3]


def test_what_does_not_fit_is_too_short() -> None:
    """
    Grid times that are too near to the end of the hours are there, with their reason.
    """
    assert ["09:00", "09:45", "10:30 too_short"] == candidates(duration_minutes=45)


def test_a_meeting_may_go_on_in_the_next_window() -> None:
    """
    Round the clock nothing is too short, and there is no gap.
    """
    lines = told(rules="Sun-Sat 00:00-24:00", duration_minutes=60)

    assert [f"{hour:02}:00" for hour in range(24)] == lines


def test_notice_and_what_is_over() -> None:
    """
    What has passed is over, and what comes too soon lacks notice; the notice itself is enough.
    """
    assert ["09:00 past", "09:30 minimum_notice", "10:00 minimum_notice", "10:30"] == candidates(
        now=f"{TUESDAY} 09:30", min_notice_hours=1, rules="Mon-Fri 09:00-11:00"
    )


def test_the_booking_window_ends_where_the_host_lives() -> None:
    """
    The last day is a whole day there, wherever the invitee is.
    """
    setup = {"host": "Asia/Tokyo", "now": "2026-03-09 12:00", "rules": "Sun-Sat 00:00-24:00"}

    assert [] == [line for line in candidates(**setup, max_future_days=1) if "booking_window" in line]
    lines = candidates(**setup, max_future_days=1, invitee="UTC", zone="UTC", duration_minutes=60)
    assert ["14:00", "15:00 booking_window"] == lines[14:16]


def test_overrides_say_whether_they_close_or_replace() -> None:
    """
    A closed date is closed by its override; a date with other hours has gaps around those.
    """
    assert ["00:00-00:00 closed_by_override"] == told(overrides=f"{TUESDAY} closed")
    assert ["00:00-10:00 outside_override", "10:00", "10:30-00:00 outside_override"] == told(
        overrides=f"{TUESDAY} 10:00-10:30"
    )


def test_a_gap_ends_with_the_hosts_date() -> None:
    """
    The invitee's day has parts of two of the host's dates, and each has its own reason.
    """
    lines = told(host="Asia/Tokyo", invitee="UTC", overrides="2026-03-11 closed", rules="Mon-Fri 09:00-10:00")

    assert [
        "00:00",
        "00:30",
        "01:00-15:00 outside_hours",
        "15:00-00:00 closed_by_override",
    ] == lines


def test_an_event_type_that_is_off_says_so_first() -> None:
    """
    Nothing of it is on offer; the other reasons are told all the same.
    """
    assert [
        "09:00 switched_off booked 1",
        "09:30 switched_off",
        "10:00 switched_off",
        "10:30 switched_off",
    ] == candidates(is_active=False, taken=(("09:00", "09:30", 0, 0),))


@pytest.mark.parametrize(("day", "count"), [("2026-03-08", 23), ("2026-11-01", 25)], ids=["spring", "autumn"])
def test_the_days_of_a_clock_change_have_all_their_hours(day: str, count: int) -> None:
    """
    Open round the clock, New York has 23 hours to offer in March and 25 in November.
    """
    found = explained(
        on=day,
        host="America/New_York",
        rules="Sun-Sat 00:00-24:00",
        duration_minutes=60,
        now=f"{day} 00:00",
    )

    assert [True] * count == [stretch.is_offered for stretch in found]


def test_a_date_that_a_zone_left_out_has_no_times() -> None:
    """
    Samoa had no 30 December 2011.
    """
    assert [] == explained(on="2011-12-30", host="Pacific/Apia", now="2011-12-01 00:00")
