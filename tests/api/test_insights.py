"""
Insights and coming clock changes, as the API tells a host.
"""

from collections.abc import Callable
from typing import Any

from steps import MONDAY, book, invitee, offer

from conftest import Api, Clock, Host

SignUp = Callable[..., Host]


def counted(rows: list[dict[str, Any]], key: str) -> dict[Any, int]:
    """
    Say how many bookings there are by a key, leaving out the zeros.
    """
    return {row[key]: row["bookings"] for row in rows if row["bookings"]}


def test_bookings_are_counted(host: Host, clock: Clock) -> None:
    """
    By day and week, type, hour and weekday; those that were called off and missed stand apart.
    """
    call, _asked = offer(host, min_notice_hours=0), offer(host, name="Asked", requires_confirmation=True)
    missed = book(host, "09:00")
    book(host, "2026-03-03T09:30:00Z")
    gone = book(host, "2026-03-03T10:00:00Z")
    host.post(f"/bookings/{gone['id']}/cancel")
    no = book(host, "2026-03-09T15:00:00Z", "asked")
    host.post(f"/bookings/{no['id']}/decline")
    book(host, "2026-03-09T16:00:00Z", "asked")
    clock.set(f"{MONDAY}T10:00:00Z")
    host.post(f"/bookings/{missed['id']}/no-show")
    found = host.get("/insights", **{"from": MONDAY, "to": "2026-03-15"})

    assert {"bookings": 3, "cancelled": 1, "declined": 1, "no_shows": 1} == found["total"]
    assert (MONDAY, "2026-03-15", "UTC") == (found["from"], found["to"], found["timezone"])
    assert 14 == len(found["by_day"])
    assert {MONDAY: 1, "2026-03-03": 1, "2026-03-09": 1} == counted(found["by_day"], "date")
    assert {MONDAY: 2, "2026-03-09": 1} == counted(found["by_week"], "date")
    assert {9: 2, 16: 1} == counted(found["by_hour"], "hour")
    assert {1: 2, 2: 1} == counted(found["by_weekday"], "day")
    assert {
        "event_type_id": call["id"],
        "event_type_name": "Call",
        "bookings": 2,
        "cancelled": 1,
        "declined": 0,
        "no_shows": 1,
    } == found["by_event_type"][0]
    assert ["Call", "Asked"] == [row["event_type_name"] for row in found["by_event_type"]]


def test_insights_are_on_the_hosts_clock(sign_up: SignUp) -> None:
    """
    Or on another one that is asked for; without dates they are of the last four weeks.
    """
    host = sign_up(timezone="America/Los_Angeles")
    offer(host)
    book(host, "2026-03-03T00:30:00Z")
    mine = host.get("/insights", to=MONDAY)
    there = host.get("/insights", to="2026-03-03", timezone="Europe/London")

    assert ("2026-02-03", MONDAY) == (mine["from"], mine["to"])
    assert {MONDAY: 1} == counted(mine["by_day"], "date")
    assert {16: 1} == counted(mine["by_hour"], "hour")
    assert {"2026-03-03": 1} == counted(there["by_day"], "date")
    assert {0: 1} == counted(there["by_hour"], "hour")
    assert ("2026-02-02", "2026-03-01") == tuple(host.get("/insights")[name] for name in ("from", "to"))


def test_insights_are_ones_own(host: Host, sign_up: SignUp) -> None:
    """
    Another host's bookings are not counted, and nobody's are told to nobody.
    """
    offer(host)
    book(host, "09:00")
    found = sign_up("Ann").get("/insights", to=MONDAY)

    assert 0 == found["total"]["bookings"]
    assert [] == found["by_event_type"]
    assert "unauthenticated" == invitee(host).expect(401, "GET", "/insights")["code"]


def test_wrong_ranges_are_refused(host: Host) -> None:
    """
    A year is the most, and dates have to be some; the parameter that is wrong is named.
    """
    for params, named in (
        ({"from": "2026-03-02", "to": "2026-03-01"}, "to"),
        ({"from": "2025-03-01", "to": "2026-03-02"}, "to"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"to": ""}, "to"),
        ({"from": ""}, "from"),
        ({"timezone": "Mars/Phobos"}, "timezone"),
    ):
        assert host.expect(400, "GET", "/insights", params=params)["error"].startswith(f"{named}: ")
    assert 366 == len(host.get("/insights", **{"from": "2025-03-01", "to": "2026-03-01"})["by_day"])


def schedule_of(host: Host) -> str:
    return f"/availability-schedules/{host.get('/availability-schedules')[0]['id']}/clock-changes"


def test_coming_clock_changes_are_told(sign_up: SignUp) -> None:
    """
    Asked from March on, those of spring; the time is the one at which the week's earliest rule opens.
    """
    host = sign_up(timezone="Europe/Berlin")
    changes = host.get(schedule_of(host), timezone="America/New_York")

    assert [
        {
            "timezone": "America/New_York",
            "date": "2026-03-08",
            "host_time": "09:00",
            "invitee_time": "04:00",
            "invitee_day_shift": 0,
            "former_invitee_time": "03:00",
            "former_invitee_day_shift": 0,
            "host_clock_changes": 0,
            "invitee_clock_changes": 1,
        },
        {
            "timezone": "America/New_York",
            "date": "2026-03-29",
            "host_time": "09:00",
            "invitee_time": "03:00",
            "invitee_day_shift": 0,
            "former_invitee_time": "04:00",
            "former_invitee_day_shift": 0,
            "host_clock_changes": 1,
            "invitee_clock_changes": 0,
        },
    ] == changes
    assert [] == host.get(schedule_of(host), timezone="Europe/Paris")


def test_without_a_zone_it_is_those_of_the_invitees(sign_up: SignUp) -> None:
    """
    Of bookings to come; where nobody has booked there is nobody to be surprised.
    """
    host = sign_up(timezone="Europe/Berlin")
    offer(host)
    assert [] == host.get(schedule_of(host))
    book(host, "09:00", timezone="America/New_York")
    gone = book(host, "10:00", timezone="Australia/Sydney")
    host.post(f"/bookings/{gone['id']}/cancel")

    assert ["2026-03-08", "2026-03-29"] == [row["date"] for row in host.get(schedule_of(host))]


def test_a_schedule_without_rules_speaks_of_nine(sign_up: SignUp, api: Api) -> None:
    """
    Another host's schedule is not found, and an unknown zone is named.
    """
    host = sign_up(timezone="Europe/Berlin")
    path = schedule_of(host)
    host.put(path.removesuffix("/clock-changes"), {"rules": []})

    assert "09:00" == host.get(path, timezone="America/New_York")[0]["host_time"]
    assert "not_found" == sign_up("Ann").expect(404, "GET", path)["code"]
    assert host.expect(400, "GET", f"{path}?timezone=Mars")["error"].startswith("timezone: ")
