"""
Starts are shown by the invitee's date: what the clock will say, and which instant it is.
"""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendo.core.instants import Instant, get_zone
from calendo.core.slots import by_local_date
from core.reckoning import AWKWARD_ZONES, moment

QUARTER = 15 * 60

# Minutes in some ten years, and minutes near one of the changes of 2026, which chance would seldom hit.
some_minutes = st.integers(moment("2022-01-01 00:00Z") // 60, moment("2032-01-01 00:00Z") // 60)
minutes_near_a_change = st.sampled_from(
    ["2026-03-08 07:00Z", "2026-03-29 01:00Z", "2026-04-04 15:00Z", "2026-10-25 01:00Z", "2026-11-01 05:00Z"]
).flatmap(lambda change: st.integers(moment(change) // 60 - 4000, moment(change) // 60 + 4000))


def shown(starts: list[Instant], zone: str) -> dict[str, dict[str, list[str]]]:
    """
    Group starts, and name the two parts of the answer.
    """
    labels, instants = by_local_date(starts, get_zone(zone))
    return {"labels": labels, "instants": instants}


def quarters(first: str, last: str, step: int = 1) -> list[Instant]:
    """
    List every quarter of an hour, or every other, from one moment to another one, both included.
    """
    return list(range(moment(first), moment(last) + 1, step * QUARTER))


def test_no_starts_no_dates() -> None:
    """
    A date without slots is left out, so without any the answer is empty.
    """
    assert {"labels": {}, "instants": {}} == shown([], "Europe/Berlin")


def test_one_start_is_one_date() -> None:
    """
    Both dicts have the invitee's date as their key, though the instant is written in UTC.
    """
    assert {
        "labels": {"2026-06-16": ["00:00"]},
        "instants": {"2026-06-16": ["2026-06-15T18:30:00Z"]},
    } == shown([moment("2026-06-15 18:30Z")], "Asia/Kolkata")


def test_starts_are_grouped_by_the_invitees_date() -> None:
    """
    A date of the invitee may hold starts of two UTC dates, and the other way round.
    """
    starts = quarters("2026-06-15 22:00Z", "2026-06-16 00:30Z", 2)

    assert {
        "labels": {"2026-06-15": ["23:00", "23:30"], "2026-06-16": ["00:00", "00:30", "01:00", "01:30"]},
        "instants": {
            "2026-06-15": ["2026-06-15T22:00:00Z", "2026-06-15T22:30:00Z"],
            "2026-06-16": [
                "2026-06-15T23:00:00Z",
                "2026-06-15T23:30:00Z",
                "2026-06-16T00:00:00Z",
                "2026-06-16T00:30:00Z",
            ],
        },
    } == shown(starts, "Europe/London")


def test_the_date_changes_with_the_minute() -> None:
    """
    The last minute of a date belongs to it, and the first one of the next does not.
    """
    starts = [moment("2026-06-15 21:59Z"), moment("2026-06-15 22:00Z")]

    assert {"2026-06-15": ["23:59"], "2026-06-16": ["00:00"]} == shown(starts, "Europe/Berlin")["labels"]


def test_a_label_occurs_twice_when_clocks_go_back() -> None:
    """
    Both half past ones are listed in the order in which they come, and only the instants tell them apart.
    """
    assert {
        "labels": {"2026-11-01": ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"]},
        "instants": {
            "2026-11-01": [
                "2026-11-01T04:30:00Z",
                "2026-11-01T05:00:00Z",
                "2026-11-01T05:30:00Z",
                "2026-11-01T06:00:00Z",
                "2026-11-01T06:30:00Z",
                "2026-11-01T07:00:00Z",
            ]
        },
    } == shown(quarters("2026-11-01 04:30Z", "2026-11-01 07:00Z", 2), "America/New_York")


@pytest.mark.parametrize(
    ("zone", "first", "last", "labels"),
    [
        (
            "America/New_York",
            "2026-03-08 06:00Z",
            "2026-03-08 08:00Z",
            {"2026-03-08": ["01:00", "01:30", "03:00", "03:30", "04:00"]},
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-04 14:00Z",
            "2026-04-04 16:00Z",
            {"2026-04-05": ["01:00", "01:30", "01:30", "02:00", "02:30"]},
        ),
        (
            "Australia/Lord_Howe",
            "2026-10-03 14:30Z",
            "2026-10-03 16:30Z",
            {"2026-10-04": ["01:00", "01:30", "02:30", "03:00", "03:30"]},
        ),
        (
            "Africa/Cairo",
            "2026-04-23 21:00Z",
            "2026-04-23 22:30Z",
            {"2026-04-23": ["23:00", "23:30"], "2026-04-24": ["01:00", "01:30"]},
        ),
        (
            "Africa/Cairo",
            "2026-10-29 20:00Z",
            "2026-10-29 22:00Z",
            {"2026-10-29": ["23:00", "23:30", "23:00", "23:30"], "2026-10-30": ["00:00"]},
        ),
        (
            "America/Havana",
            "2026-11-01 03:30Z",
            "2026-11-01 05:30Z",
            {"2026-10-31": ["23:30"], "2026-11-01": ["00:00", "00:30", "00:00", "00:30"]},
        ),
        (
            "Antarctica/Troll",
            "2026-10-25 00:00Z",
            "2026-10-25 02:00Z",
            {"2026-10-25": ["02:00", "02:30", "01:00", "01:30", "02:00"]},
        ),
        (
            "Asia/Kathmandu",
            "2026-06-15 17:45Z",
            "2026-06-15 18:45Z",
            {"2026-06-15": ["23:30"], "2026-06-16": ["00:00", "00:30"]},
        ),
        (
            "America/St_Johns",
            "2026-06-15 02:00Z",
            "2026-06-15 03:00Z",
            {"2026-06-14": ["23:30"], "2026-06-15": ["00:00", "00:30"]},
        ),
        (
            "Pacific/Apia",
            "2011-12-30 09:00Z",
            "2011-12-30 10:30Z",
            {"2011-12-29": ["23:00", "23:30"], "2011-12-31": ["00:00", "00:30"]},
        ),
    ],
)
def test_labels_are_what_the_clock_shows(
    zone: str, first: str, last: str, labels: dict[str, list[str]]
) -> None:
    """
    A skipped half hour is not shown, a repeated one twice, and a date that was never lived has no key.
    """
    assert labels == shown(quarters(first, last, 2), zone)["labels"]


def test_a_date_that_clocks_return_to_keeps_one_key() -> None:
    """
    In 2006 Newfoundland went back from one minute past midnight, and had the evening before once more.
    """
    labels = shown(quarters("2006-10-29 02:00Z", "2006-10-29 04:00Z", 2), "America/St_Johns")["labels"]

    assert {"2006-10-28": ["23:30", "23:30"], "2006-10-29": ["00:00", "00:00", "00:30"]} == labels


@pytest.mark.parametrize("zone", AWKWARD_ZONES)
def test_a_whole_year_is_shown_as_the_zone_has_it(zone: str) -> None:
    """
    Both clock changes included, each half hour of a year stands where the clock would put it.
    """
    starts = quarters("2026-01-01 00:00Z", "2026-12-31 23:30Z", 2)

    assert slowly(starts, zone) == shown(starts, zone)


@settings(deadline=None, max_examples=500)
@given(
    st.lists(some_minutes | minutes_near_a_change, max_size=40, unique=True), st.sampled_from(AWKWARD_ZONES)
)
def test_any_starts_are_shown_as_the_zone_has_them(minutes: list[int], zone: str) -> None:
    """
    Be they close together or years apart, starts are labelled as one would label each by itself.
    """
    starts = [minute * 60 for minute in sorted(minutes)]

    assert slowly(starts, zone) == shown(starts, zone)


@given(st.lists(minutes_near_a_change, unique=True), st.sampled_from(AWKWARD_ZONES))
def test_both_dicts_have_one_shape(minutes: list[int], zone: str) -> None:
    """
    The dates are the same, in order, and to each label belongs the instant at its place.
    """
    starts = [minute * 60 for minute in sorted(minutes)]
    labels, instants = by_local_date(starts, get_zone(zone))

    assert sorted(labels) == list(labels) == list(instants)
    assert [len(day) for day in labels.values()] == [len(day) for day in instants.values()]
    assert starts == [moment(instant) for day in instants.values() for instant in day]


def slowly(starts: list[Instant], zone: str) -> dict[str, dict[str, list[str]]]:
    """
    Label each start by itself.
    """
    labels: dict[str, list[str]] = {}
    instants: dict[str, list[str]] = {}
    for start in starts:
        moment_ = datetime.fromtimestamp(start, UTC)
        there = moment_.astimezone(get_zone(zone))
        labels.setdefault(there.strftime("%Y-%m-%d"), []).append(there.strftime("%H:%M"))
        instants.setdefault(there.strftime("%Y-%m-%d"), []).append(moment_.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return {"labels": labels, "instants": instants}
