"""
Looking up slots: the documented shape, and 400 or 404 for what cannot be answered.
"""

from datetime import date, timedelta
from typing import Any

from steps import MONDAY, book, invitee, offer, refused, times

from conftest import Api, Host


def look_up(host: Host, start: str = MONDAY, end: str = MONDAY, **more: str) -> Any:
    """
    The whole answer for the type ``call``.
    """
    path = f"/availability/{host.slug}/call"
    return invitee(host).get(path, start=start, end=end, **more)


def test_slots_are_grouped_by_date(host: Host) -> None:
    """
    ``slots`` has labels on the invitee's clock, ``starts`` the same in UTC; empty dates are left out.
    """
    offer(host, duration_minutes=240, min_notice_hours=0)

    answer = look_up(host, "2026-03-01", "2026-03-03", timezone="Asia/Kolkata")

    assert {
        "slots": {"2026-03-02": ["14:30", "18:30"], "2026-03-03": ["14:30", "18:30"]},
        "starts": {
            "2026-03-02": ["2026-03-02T09:00:00Z", "2026-03-02T13:00:00Z"],
            "2026-03-03": ["2026-03-03T09:00:00Z", "2026-03-03T13:00:00Z"],
        },
    } == answer


def test_without_a_zone_labels_are_utc(host: Host) -> None:
    """
    An alias of UTC gives the same answer.
    """
    offer(host)

    assert ["09:00", "09:30"] == look_up(host)["slots"][MONDAY][:2]
    assert look_up(host, timezone="Etc/UTC") == look_up(host)


def test_a_day_without_slots_is_an_empty_answer(host: Host) -> None:
    """
    A Sunday, and a day beyond the booking window: 200 with nothing in it.
    """
    offer(host)

    for day in ("2026-03-08", "2027-03-01"):
        assert {"slots": {}, "starts": {}} == look_up(host, day, day)


def test_what_is_not_there_is_a_404(host: Host) -> None:
    """
    An unknown page, an unknown type, and the type of another page.
    """
    offer(host)

    for page, event in [("nobody", "call"), (host.slug, "nothing"), (host.slug.upper(), "call")]:
        path = f"/availability/{page}/{event}"
        answer = invitee(host).expect(404, "GET", path, params={"start": MONDAY, "end": MONDAY})
        assert "not_found" == answer["code"]


NO_ZONES = ["", "Mars/Phobos", "America", "america/new_york", "../etc/passwd", "localtime", "Factory", "\0"]
NO_DATES = ["", "tomorrow", "2026-3-2", "2026-02-30", "20260302", "2026-03-02T09:00:00Z", "2026-W10-1", "\0"]


def test_a_wrong_parameter_is_named(host: Host) -> None:
    """
    Empty or unparsable: a 400 whose error begins with the parameter's name.
    """
    offer(host)
    good = {"start": MONDAY, "end": MONDAY, "timezone": "UTC"}
    for name, wrong in {"start": NO_DATES, "end": NO_DATES, "timezone": NO_ZONES}.items():
        for value in wrong:
            params = {**good, name: value}
            answer = invitee(host).expect(400, "GET", f"/availability/{host.slug}/call", params=params)

            assert answer["error"].startswith(f"{name}: "), value
            assert "invalid_input" == answer["code"]


def test_both_dates_are_needed(host: Host) -> None:
    """
    The error names the one that is missing.
    """
    offer(host)
    for missing, given in [("start", "end"), ("end", "start")]:
        answer = invitee(host).expect(400, "GET", f"/availability/{host.slug}/call", params={given: MONDAY})

        assert answer["error"].startswith(f"{missing}: ")


def test_a_reversed_range_is_refused(host: Host) -> None:
    """
    The end may be the start's date but not the one before.
    """
    offer(host)
    params = {"start": "2026-03-03", "end": "2026-03-02"}

    answer = invitee(host).expect(400, "GET", f"/availability/{host.slug}/call", params=params)

    assert answer["error"].startswith("end: ")


def test_a_range_has_at_most_92_days(host: Host) -> None:
    """
    Both dates included, so that any three months can be asked for at once.
    """
    offer(host, max_future_days=365)
    first = date(2026, 7, 1)
    last = first + timedelta(days=91)

    slots = look_up(host, str(first), str(last))["slots"]
    params = {"start": str(first), "end": str(last + timedelta(days=1))}
    answer = invitee(host).expect(400, "GET", f"/availability/{host.slug}/call", params=params)

    assert str(first) in slots
    assert "2026-09-30" == str(last) == max(slots)
    assert "92" in answer["error"]


def test_the_ends_of_the_calendar_are_empty(host: Host) -> None:
    """
    The first and the last year that a date can have are fine to ask for.
    """
    offer(host, max_future_days=3650)

    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        for start, end in [("0001-01-01", "0001-03-31"), ("9999-10-01", "9999-12-31")]:
            assert {"slots": {}, "starts": {}} == look_up(host, start, end, timezone=zone)


def test_a_secret_type_answers_under_its_slug(host: Host) -> None:
    """
    Secret means not on the page; whoever has the address can look and book.
    """
    offer(host, is_secret=True)

    assert 16 == len(times(host))
    assert "confirmed" == book(host, "09:00")["status"]


def test_what_is_listed_can_be_booked_and_nothing_else(host: Host) -> None:
    """
    Every minute around the listed times is refused with the one code for that.
    """
    offer(host, duration_minutes=120, slot_interval=60)
    offered = times(host)
    assert ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00", "15:00"] == offered

    for unlisted in ("08:00", "08:59", "09:01", "09:30", "15:01", "16:00", "17:00"):
        assert "slot_unavailable" == refused(host, unlisted)
    for start in ("09:00", "11:00", "13:00", "15:00"):
        assert start in times(host)
        book(host, start)
    assert [] == times(host)


def test_a_day_with_a_doubled_hour_shows_it_twice(host: Host) -> None:
    """
    When clocks go back a label stands there twice, and ``starts`` tells the two apart.
    """
    day = "2026-10-25"
    (schedule,) = host.get("/availability-schedules")
    rules = [{"day": 0, "start": "01:30", "end": "03:30"}]
    address = f"/availability-schedules/{schedule['id']}"
    host.put(address, {"timezone": "Europe/Berlin", "rules": rules})
    offer(host, max_future_days=365)

    answer = look_up(host, day, day, timezone="Europe/Berlin")

    assert ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"] == answer["slots"][day]
    utc = [
        "2026-10-24T23:30:00Z",
        *[f"{day}T{at}:00Z" for at in ("00:00", "00:30", "01:00", "01:30", "02:00")],
    ]
    assert utc == answer["starts"][day]
    for start in answer["starts"][day]:
        book(host, start)
    assert [] == times(host, day)


def test_a_long_answer_comes_compressed(host: Host) -> None:
    """
    To whoever can read that, since a month of times would hold up a browser on a slow line.
    """
    host.post("/event-types", {"name": "Call", "min_notice_hours": 0})
    path = f"/availability/{host.slug}/call"
    month, evening = ({"start": "2026-03-02", "end": end} for end in ("2026-03-31", "2026-03-02"))

    packed = host.call("GET", path, params=month, headers={"Accept-Encoding": "gzip"})
    plain = host.call("GET", path, params=month, headers={"Accept-Encoding": "identity"})
    short = host.call("GET", path, params=evening, headers={"Accept-Encoding": "gzip"})

    assert "gzip" == packed.headers["content-encoding"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert plain.json() == packed.json()
    for answer in (plain, short):
        assert "content-encoding" not in answer.headers
        assert "Accept-Encoding" in answer.headers["vary"]


def test_looking_needs_no_account(api: Api, host: Host) -> None:
    """
    Neither does a key that is wrong get in the way: it is not looked at.
    """
    offer(host)
    path, params = f"/availability/{host.slug}/call", {"start": MONDAY, "end": MONDAY}

    assert look_up(host) == api.get(path, **params)
    assert look_up(host) == api.expect(200, "GET", path, params=params, headers={"X-API-Key": "cal_wrong"})
