"""
Whoever looks for a time, from wherever, sees exactly the times the host can keep.

Half an hour on weekdays from nine to five, without buffers and notice, unless a
test says otherwise.
"""

import pytest

from calendo.core.instants import get_zone, to_datetime
from calendo.core.slots import SlotRule
from core.reckoning import (
    every,
    moment,
    offered,
    offered_by_date,
    offered_utc,
    starts,
)

LOS_ANGELES = "America/Los_Angeles"
NEW_YORK = "America/New_York"


# The invitee's clock


def test_the_invitee_reads_the_times_on_their_own_clock() -> None:
    """
    A working day in California is an afternoon in New York.
    """
    setup = {"host": LOS_ANGELES, "invitee": NEW_YORK, "on": "2026-03-10"}

    assert every(30, "12:00", "19:30") == offered(**setup)
    assert len(offered(**setup)) == 16
    assert offered_utc(**setup)[0] == "2026-03-10T16:00:00Z"


@pytest.mark.parametrize(("on", "first"), [("2026-03-06", "14:00"), ("2026-03-09", "13:00")])
def test_between_two_clock_changes_the_distance_is_an_hour_less(on: str, first: str) -> None:
    """
    When America has changed its clocks and Britain has not, New York's nine is London's one.
    """
    assert first == offered(host=NEW_YORK, invitee="Europe/London", on=on)[0]


@pytest.mark.parametrize(
    ("on", "first"),
    [("2026-03-16", "04:00"), ("2026-03-30", "03:00"), ("2026-10-26", "04:00"), ("2026-11-02", "03:00")],
)
def test_a_host_in_berlin_opens_at_nine_all_year(on: str, first: str) -> None:
    """
    Nine in Berlin is three in New York but for the weeks in which only one of them has changed clocks.
    """
    assert first == offered(host="Europe/Berlin", invitee=NEW_YORK, on=on)[0]


def test_a_day_in_california_is_the_next_one_in_auckland() -> None:
    """
    Monday's times are listed on Tuesday where it is Tuesday already.
    """
    answer = offered_by_date(
        host=LOS_ANGELES, rules="Mon 09:00-17:00", invitee="Pacific/Auckland", on="2026-06-14..2026-06-17"
    )

    assert {"2026-06-16": every(30, "04:00", "11:30")} == answer


def test_one_date_of_the_invitee_can_hold_two_days_of_the_host() -> None:
    """
    Kolkata's Tuesday begins with the end of California's Monday and ends with the start of its Tuesday.
    """
    answer = offered(host=LOS_ANGELES, invitee="Asia/Kolkata", on="2026-06-16")

    assert [*every(30, "00:00", "05:00"), *every(30, "21:30", "23:30")] == answer
    assert len(answer) == 16


def test_only_the_dates_asked_for_are_listed() -> None:
    """
    Kolkata's Monday has just the evening; the night that follows is Tuesday's.
    """
    answer = offered_by_date(host=LOS_ANGELES, invitee="Asia/Kolkata", on="2026-06-15")

    assert {"2026-06-15": every(30, "21:30", "23:30")} == answer


def test_twenty_five_hours_apart_the_weekday_differs() -> None:
    """
    Monday, nine o'clock in Pago Pago is Tuesday, ten o'clock on Kiritimati.
    """
    answer = offered_by_date(
        host="Pacific/Pago_Pago",
        rules="Mon 09:00-10:00",
        invitee="Pacific/Kiritimati",
        on="2026-06-15..2026-06-17",
    )

    assert {"2026-06-16": ["10:00", "10:30"]} == answer


def test_a_zone_may_be_a_quarter_of_an_hour_off() -> None:
    """
    Full hours in London stand at a quarter to in Kathmandu.
    """
    answer = offered(
        host="Europe/London",
        rules="Mon-Fri 09:00-12:00",
        invitee="Asia/Kathmandu",
        on="2026-07-01",
        duration_minutes=60,
    )

    assert ["13:45", "14:45", "15:45"] == answer


def test_the_grid_is_the_hosts_and_not_rounded_to_utc() -> None:
    """
    A window that opens at a quarter past nine offers a quarter past, though that is half past in UTC.
    """
    setup = {"host": "Asia/Kathmandu", "rules": "Wed 09:15-12:00", "on": "2026-07-01", "duration_minutes": 60}

    assert ["09:15", "10:15"] == offered(**setup)
    assert ["2026-07-01T03:30:00Z", "2026-07-01T04:30:00Z"] == offered_utc(**setup)


def test_the_last_afternoon_of_the_year_is_next_year_elsewhere() -> None:
    """
    New Year's Eve in California is New Year's Day in Sydney.
    """
    answer = offered(host=LOS_ANGELES, invitee="Australia/Sydney", on="2027-01-01")

    assert answer[-1] == "11:30"


# The days on which clocks change


def test_a_skipped_hour_is_not_offered() -> None:
    """
    From one to four there are two hours on the day the clocks spring forward.
    """
    answer = offered(host=NEW_YORK, rules="Sun 01:00-04:00", on="2026-03-08")

    assert ["01:00", "01:30", "03:00", "03:30"] == answer


def test_a_window_whose_start_is_skipped_opens_later() -> None:
    """
    Half past two does not exist that day, so the window opens at half past three.
    """
    setup = {"host": NEW_YORK, "rules": "Sun 02:30-04:00", "on": "2026-03-08"}

    assert ["03:30"] == offered(**setup)
    assert ["2026-03-08T07:30:00Z"] == offered_utc(**setup)


def test_a_repeated_hour_is_offered_twice() -> None:
    """
    From midnight to three there are four hours on the day the clocks go back, and every start is one instant.
    """
    setup = {"host": NEW_YORK, "rules": "Sun 00:00-03:00", "on": "2026-11-01"}

    assert ["00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"] == offered(**setup)
    assert [f"2026-11-01T{label}:00Z" for label in every(30, "04:00", "07:30")] == offered_utc(**setup)


def test_an_hour_is_sixty_minutes_while_clocks_go_back() -> None:
    """
    An hour that begins at the first half past one ends at the second.
    """
    start, end = SlotRule(duration_minutes=60).meeting(moment("2026-11-01 05:30Z"))
    zone = get_zone(NEW_YORK)

    assert "01:30 EDT" == to_datetime(start, zone).strftime("%H:%M %Z")
    assert "01:30 EST" == to_datetime(end, zone).strftime("%H:%M %Z")


@pytest.mark.parametrize(("on", "first"), [("2026-04-04", "22:00"), ("2026-04-05", "22:30")])
def test_lord_howe_changes_by_half_an_hour(on: str, first: str) -> None:
    """
    Nine o'clock there moves by half an hour against UTC.
    """
    answer = offered_utc(host="Australia/Lord_Howe", rules="Sun-Sat 09:00-17:00", on=on)

    assert answer[0].endswith(f"T{first}:00Z")


def test_lord_howe_has_half_an_hour_more() -> None:
    """
    Two hours on the clock hold five half hours on the day Lord Howe turns its clocks back.
    """
    answer = offered(host="Australia/Lord_Howe", rules="Sun 01:00-03:00", on="2026-04-05")

    assert ["01:00", "01:30", "01:30", "02:00", "02:30"] == answer


@pytest.mark.parametrize(
    ("host", "on"),
    [
        ("Africa/Cairo", "2026-04-24"),
        ("America/Havana", "2026-03-08"),
        ("America/Santiago", "2026-09-06"),
        ("Asia/Beirut", "2026-03-29"),
    ],
)
def test_a_day_can_begin_at_one_o_clock(host: str, on: str) -> None:
    """
    Where the clock skips midnight, a window from midnight opens when the day begins.
    """
    assert ["01:00", "01:30"] == offered(host=host, rules="Sun-Sat 00:00-02:00", on=on)


@pytest.mark.parametrize(
    ("on", "first"),
    [("2026-02-13", "08:00"), ("2026-02-16", "09:00"), ("2026-03-20", "09:00"), ("2026-03-23", "08:00")],
)
def test_in_ramadan_morocco_sets_its_clocks_back(on: str, first: str) -> None:
    """
    Casablanca's nine o'clock is an hour later for a month that no rule of the calendar names.
    """
    assert f"{on}T{first}:00Z" == offered_utc(host="Africa/Casablanca", on=on)[0]


# What fits


@pytest.mark.parametrize(
    ("rules", "minutes", "expected"),
    [
        ("Mon 09:00-10:15", 45, ["09:00"]),
        ("Mon 09:00-17:00", 720, []),
        ("Mon 09:00-17:00", 480, ["09:00"]),
        ("Mon 22:00-24:00", 60, ["22:00", "23:00"]),
    ],
)
def test_a_meeting_ends_by_the_time_the_host_closes(rules: str, minutes: int, expected: list[str]) -> None:
    """
    A start is on offer when the whole meeting fits, to the minute.
    """
    assert expected == offered(rules=rules, on="2026-06-15", duration_minutes=minutes)


def test_windows_that_touch_are_one() -> None:
    """
    A meeting may span noon when one window ends there and another one begins.
    """
    answer = offered(
        rules="Mon 09:00-12:00, Mon 12:00-13:00",
        on="2026-06-15",
        duration_minutes=90,
        slot_interval_minutes=30,
    )

    assert every(30, "09:00", "11:30") == answer


def test_windows_that_overlap_offer_a_time_once() -> None:
    """
    The hour that two windows share is not listed twice.
    """
    answer = offered(rules="Mon 09:00-12:00, Mon 11:00-14:00", on="2026-06-15", duration_minutes=60)

    assert every(60, "09:00", "13:00") == answer


def test_an_evening_goes_on_past_midnight() -> None:
    """
    A window that ends before it begins ends on the next date, and its times are listed on both.
    """
    answer = offered_by_date(
        host="Europe/Berlin",
        rules="Fri 22:00-02:00",
        on="2026-05-15..2026-05-16",
        duration_minutes=60,
        slot_interval_minutes=30,
    )

    assert {"2026-05-15": every(30, "22:00", "23:30"), "2026-05-16": every(30, "00:00", "01:00")} == answer


def test_a_night_is_there_for_those_who_ask_for_its_end() -> None:
    """
    Asked for Saturday alone, the times that Friday's window carries over midnight are listed.
    """
    answer = offered(host="Europe/Berlin", rules="Fri 22:00-02:00", on="2026-05-16", duration_minutes=60)

    assert ["00:00", "01:00"] == answer


@pytest.mark.parametrize("asked", ["2026-03-29", "2026-03-28..2026-03-29", "2026-03-25..2026-03-31"])
def test_a_night_that_ends_in_a_gap_reaches_one_date_further(asked: str) -> None:
    """
    Friday's window should end on Saturday at half past eleven, which Nuuk's clock skips to Sunday.
    """
    answer = offered_by_date(host="America/Nuuk", rules="Sun-Sat 23:45-23:30", on=asked, duration_minutes=15)

    assert ["00:00", "00:15", "00:45", "01:00"] == answer["2026-03-29"][:4]


def test_a_closed_saturday_ends_fridays_evening_at_midnight() -> None:
    """
    An override owns its date from the first minute on.
    """
    answer = offered_by_date(
        host="Europe/Berlin",
        rules="Fri 22:00-02:00",
        overrides="2026-05-16 closed",
        on="2026-05-15..2026-05-16",
        duration_minutes=60,
    )

    assert {"2026-05-15": ["22:00", "23:00"]} == answer


def test_round_the_clock_means_that_midnight_is_no_wall() -> None:
    """
    Where one date's window goes on in the next one's, a meeting may begin before midnight and end after.
    """
    answer = offered(
        rules="Sun-Sat 00:00-24:00", on="2026-06-15", duration_minutes=60, slot_interval_minutes=30
    )

    assert every(30, "00:00", "23:30") == answer


def test_a_closed_date_is_the_hosts_date() -> None:
    """
    Closing Monday in California takes Monday evening and the night to Tuesday from Kolkata, and no more.
    """
    answer = offered_by_date(
        host=LOS_ANGELES,
        overrides="2026-06-15 closed",
        invitee="Asia/Kolkata",
        on="2026-06-15..2026-06-16",
    )

    assert {"2026-06-16": every(30, "21:30", "23:30")} == answer


# Notice and booking window


def test_notice_is_elapsed_time() -> None:
    """
    A day's notice ends at one o'clock when the night between is an hour short.
    """
    answer = offered(
        host=NEW_YORK,
        rules="Sun 09:00-17:00",
        on="2026-03-08",
        now="2026-03-07 12:00",
        duration_minutes=60,
        min_notice_hours=24,
    )

    assert every(60, "13:00", "16:00") == answer


@pytest.mark.parametrize(
    ("now", "notice", "first"),
    [
        ("2026-06-15 09:00:00", 4, "13:00"),
        ("2026-06-15 09:00:01", 4, "13:30"),
        ("2026-06-15 10:07:00", 0, "10:30"),
        ("2026-06-15 10:30:00", 0, "10:30"),
    ],
)
def test_notice_counts_to_the_second(now: str, notice: int, first: str) -> None:
    """
    A start is on offer when it lies exactly as far ahead as the host demands, and not a second less.
    """
    assert first == offered(on="2026-06-15", now=now, min_notice_hours=notice)[0]


@pytest.mark.parametrize(
    ("now", "last"), [("2026-03-08 07:30Z", "2026-05-06"), ("2026-03-08 08:30Z", "2026-05-07")]
)
def test_the_booking_window_counts_the_hosts_dates(now: str, last: str) -> None:
    """
    Sixty days from today end with a whole day, and today is what the host's calendar says.
    """
    answer = offered_by_date(host=LOS_ANGELES, on="2026-03-08..2026-06-01", now=now, max_future_days=60)

    assert last == max(answer)
    assert every(30, "09:00", "16:30") == answer[last]


@pytest.mark.parametrize(("now", "expected"), [("10:15", every(30, "10:30", "16:30")), ("16:31", [])])
def test_a_booking_window_of_no_days_is_today(now: str, expected: list[str]) -> None:
    """
    Who takes bookings for the same day only offers what is left of it.
    """
    setup = {"on": "2026-06-15..2026-06-16", "now": f"2026-06-15 {now}", "max_future_days": 0}

    assert ({"2026-06-15": expected} if expected else {}) == offered_by_date(**setup)


def test_the_past_and_the_far_future_offer_nothing() -> None:
    """
    A range that lies wholly outside the booking window is answered, with nothing.
    """
    setup = {"now": "2026-06-15 12:00", "max_future_days": 10}

    assert {} == offered_by_date(on="2026-06-08..2026-06-12", **setup)
    assert {} == offered_by_date(on="2026-07-06..2026-07-10", **setup)


# Bookings and buffers


def test_a_booking_does_not_shift_the_grid() -> None:
    """
    After a meeting of odd length the times on offer stay where they were.
    """
    answer = offered(rules="Mon 09:00-11:30", on="2026-06-15", booked="2026-06-15 09:30-10:10")

    assert ["09:00", "10:30", "11:00"] == answer


def test_the_buffers_of_two_meetings_add_up() -> None:
    """
    A quarter of an hour after the one and before the other keep half an hour between them.
    """
    answer = offered(
        rules="Mon 09:00-12:00",
        on="2026-06-15",
        booked="2026-06-15 10:00-10:30 +15",
        buffer_before_minutes=15,
        slot_interval_minutes=15,
    )

    assert [*every(15, "09:00", "09:30"), *every(15, "11:00", "11:30")] == answer


def test_the_new_meetings_buffers_count_on_both_sides() -> None:
    """
    Thirty minutes after and ten before keep clear of a booking that has no buffers itself.
    """
    answer = offered(
        rules="Mon 08:00-12:00",
        on="2026-06-15",
        booked="2026-06-15 10:00-10:30",
        buffer_before_minutes=10,
        buffer_after_minutes=30,
        slot_interval_minutes=15,
    )

    assert [*every(15, "08:00", "09:00"), *every(15, "10:45", "11:30")] == answer


def test_a_buffer_may_reach_out_of_open_time() -> None:
    """
    Opening at nine with half an hour to prepare still offers nine.
    """
    setup = {"on": "2026-06-15", "buffer_before_minutes": 30, "buffer_after_minutes": 30}

    assert every(30, "09:00", "16:30") == offered(**setup)


def test_what_is_blocked_outside_open_time_counts() -> None:
    """
    A call until a quarter to nine leaves no half hour to prepare for nine.
    """
    answer = offered(
        on="2026-06-15",
        booked="2026-06-15 08:15-08:45",
        buffer_before_minutes=30,
        slot_interval_minutes=15,
    )

    assert answer[0] == "09:15"


def test_a_buffer_reaches_over_midnight() -> None:
    """
    What follows a late meeting on Monday takes the first minutes of Tuesday.
    """
    answer = offered(
        rules="Sun-Sat 00:00-02:00, Mon 22:00-24:00", on="2026-06-16", booked="2026-06-15 23:30-24:00 +30"
    )

    assert ["00:30", "01:00", "01:30"] == answer


def test_back_to_back_is_fine_without_buffers() -> None:
    """
    A meeting may begin the minute another one ends.
    """
    answer = offered(rules="Mon 09:00-11:00", on="2026-06-15", booked="2026-06-15 09:30-10:00")

    assert ["09:00", "10:00", "10:30"] == answer


# Looking and booking agree


@pytest.mark.parametrize(
    ("host", "rules", "on", "minutes"),
    [
        (NEW_YORK, "Sun-Sat 00:00-24:00", "2026-03-07", 1440),
        (NEW_YORK, "Sun-Sat 00:00-24:00", "2026-11-01", 1440),
        ("America/Nuuk", "Sun-Sat 23:45-23:30", "2026-03-29", 15),
        ("Antarctica/Troll", "Sun-Sat 22:00-06:00", "2026-03-29", 45),
    ],
)
def test_what_is_listed_can_be_booked(host: str, rules: str, on: str, minutes: int) -> None:
    """
    Asked for nothing but one instant, every listed start is still there, also when clocks change.
    """
    setup = {"host": host, "rules": rules, "duration_minutes": minutes, "slot_interval_minutes": 15}
    listed = [moment(instant) for instant in offered_utc(on=on, **setup)]

    assert listed
    assert [[start] for start in listed] == [starts(asked=(start, start + 1), **setup) for start in listed]
