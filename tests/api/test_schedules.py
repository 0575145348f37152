"""
Availability schedules: made, changed and deleted, with exactly one default at any time.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from steps import not_refused, offer

from conftest import Host

SignUp = Callable[..., Host]
PATH = "/availability-schedules"
WEEKDAYS = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(1, 6)]
MORNING = {"day": 1, "start": "09:00", "end": "12:00"}


def make(host: Host, **fields: Any) -> dict[str, Any]:
    """
    Make a schedule that is open on Monday mornings in UTC, unless ``fields`` say otherwise.
    """
    body = {"name": "Mornings", "timezone": "UTC", "rules": [MORNING], **fields}
    made: dict[str, Any] = host.post(PATH, body)
    return made


def defaults(host: Host) -> list[int]:
    """
    The ids of the schedules that say they are the default.
    """
    return [row["id"] for row in host.get(PATH) if row["is_default"] == 1]


def test_a_new_host_has_working_hours(sign_up: SignUp) -> None:
    """
    Monday to Friday, nine to five, in the host's zone, as the default.
    """
    host = sign_up(timezone="Europe/Berlin")

    (schedule,) = host.get(PATH)

    assert {
        "id": schedule["id"],
        "name": "Working Hours",
        "timezone": "Europe/Berlin",
        "rules": json.dumps(WEEKDAYS, separators=(",", ":")),
        "overrides": "[]",
        "is_default": 1,
        "created_at": "2026-03-01 12:00:00",
    } == schedule


def test_a_name_is_enough(host: Host) -> None:
    """
    What is left out gets the documented default.
    """
    made = host.post(PATH, {"name": "Later"})

    assert {
        "id": made["id"],
        "name": "Later",
        "timezone": "America/Los_Angeles",
        "rules": "[]",
        "overrides": "[]",
        "is_default": 0,
        "created_at": "2026-03-01 12:00:00",
    } == made
    assert made == host.get(f"{PATH}/{made['id']}")
    assert [made["id"]] == [row["id"] for row in host.get(PATH)][1:]


def test_rules_and_overrides_are_text_in_answers(host: Host) -> None:
    """
    Arrays in requests, JSON text in answers, field by field what was sent.
    """
    overrides = [
        {"date": "2026-12-24", "start": "10:00", "end": "12:00"},
        {"date": "2026-12-25", "until": "2026-12-31", "unavailable": True},
    ]

    made = make(host, rules=WEEKDAYS, overrides=overrides)

    assert WEEKDAYS == json.loads(made["rules"])
    assert overrides == json.loads(made["overrides"])
    assert '"is_default":0' in host.call("GET", f"{PATH}/{made['id']}").text
    assert [] == not_refused(host, "PUT", f"{PATH}/{made['id']}", {"rules": [{"rules": made["rules"]}]})


def test_a_change_leaves_the_rest_as_it_is(host: Host) -> None:
    """
    Each field can be changed alone; rules are replaced as a whole.
    """
    made = make(host, rules=WEEKDAYS)
    address = f"{PATH}/{made['id']}"

    assert made == host.put(address, {})
    assert {**made, "name": "Early"} == host.put(address, {"name": "Early"})
    changed = host.put(address, {"rules": [MORNING], "timezone": "Asia/Kathmandu"})

    assert [MORNING] == json.loads(changed["rules"])
    assert ["Early", "Asia/Kathmandu"] == [changed["name"], changed["timezone"]]
    assert changed == host.get(address)


def test_a_new_default_takes_over(host: Host) -> None:
    """
    Making or changing one into the default takes it from the one that has it, and there is always one.
    """
    (first,) = defaults(host)

    second = make(host, is_default=True)
    assert [second["id"]] == defaults(host)

    host.put(f"{PATH}/{first}", {"is_default": 1})
    assert [first] == defaults(host)

    make(host, is_default=False)
    host.put(f"{PATH}/{first}", {"is_default": True, "name": "Still the default"})
    assert [first] == defaults(host)


def test_the_default_cannot_step_down(host: Host) -> None:
    """
    It stays the default until another one is made so; for one that is not, saying so is fine.
    """
    (first,) = defaults(host)
    second = make(host)

    refusal = host.expect(409, "PUT", f"{PATH}/{first}", {"is_default": False})

    assert "default_schedule_needed" == refusal["code"]
    assert [first] == defaults(host)
    assert second == host.put(f"{PATH}/{second['id']}", {"is_default": 0})


def test_defaults_of_two_hosts_do_not_meet(host: Host, sign_up: SignUp) -> None:
    """
    One host's new default leaves the other's alone.
    """
    other = sign_up("Ann")
    before = defaults(other)

    make(host, is_default=True)

    assert before == defaults(other)


def test_a_schedule_can_be_deleted(host: Host) -> None:
    """
    It is gone from then on; a second time there is nothing to delete.
    """
    made = make(host)

    assert {"ok": True} == host.delete(f"{PATH}/{made['id']}")

    host.expect(404, "GET", f"{PATH}/{made['id']}")
    host.expect(404, "DELETE", f"{PATH}/{made['id']}")
    assert 1 == len(host.get(PATH))


def test_deleting_the_default_is_a_conflict_that_says_so(host: Host) -> None:
    """
    Once another one is the default, it can go.
    """
    (first,) = defaults(host)

    refusal = host.expect(409, "DELETE", f"{PATH}/{first}")

    assert "default_schedule_needed" == refusal["code"]
    assert "default" in refusal["error"]
    make(host, is_default=True)
    assert {"ok": True} == host.delete(f"{PATH}/{first}")
    assert 1 == len(defaults(host))


@pytest.mark.parametrize("active", [1, 0])
def test_deleting_one_in_use_is_a_conflict_that_says_so(host: Host, active: int) -> None:
    """
    By a type that is off too, since that can come back; once nothing follows it, it can go.
    """
    made = make(host)
    event_type = offer(host, schedule_id=made["id"])
    host.put(f"/event-types/{event_type['id']}", {"is_active": active})

    refusal = host.expect(409, "DELETE", f"{PATH}/{made['id']}")

    assert "schedule_in_use" == refusal["code"]
    assert "use" in refusal["error"]
    assert made == host.get(f"{PATH}/{made['id']}")
    host.put(f"/event-types/{event_type['id']}", {"schedule_id": None})
    assert {"ok": True} == host.delete(f"{PATH}/{made['id']}")


def test_zones_are_iana_names(host: Host) -> None:
    """
    Aliases are fine; what is no zone, or none that means the same everywhere, is a 400.
    """
    for zone in ("US/Pacific", "Asia/Calcutta", "EST5EDT", "UTC", "Etc/GMT+12"):
        assert zone == make(host, timezone=zone)["timezone"]

    unknown = ("Mars/Phobos", "America", "america/new_york", "../etc/passwd", "", "localtime", "Factory")
    wrong = [{"name": "Odd", "timezone": zone} for zone in (*unknown, " UTC", "+02:00", "UTC\n", None, 2)]
    assert [] == not_refused(host, "POST", PATH, {"timezone": wrong})
    (first,) = defaults(host)
    changes = [{"timezone": zone} for zone in unknown]
    assert [] == not_refused(host, "PUT", f"{PATH}/{first}", {"timezone": changes})


def test_rules_that_make_no_sense_are_refused(host: Host) -> None:
    """
    A day from 0 to 7, times as HH:MM, 24:00 only as an end, and two different times.
    """
    wrong: list[Any] = [
        None,
        {},
        "[]",
        [[]],
        [{"day": 1}],
        [{**MORNING, "day": 8}],
        [{**MORNING, "day": -1}],
        [{**MORNING, "day": "1"}],
        [{**MORNING, "day": True}],
        [{**MORNING, "start": "9:00"}],
        [{**MORNING, "start": "24:00"}],
        [{**MORNING, "start": "09:00:00"}],
        [{**MORNING, "start": "09:60"}],
        [{**MORNING, "start": "\u0660\u0669:00"}],
        [{**MORNING, "end": "24:01"}],
        [{**MORNING, "end": "25:00"}],
        [{**MORNING, "end": "12:00\n"}],
        [{**MORNING, "end": None}],
        [{**MORNING, "end": "09:00"}],
        [{**MORNING, "zone": "UTC"}],
        [MORNING] * 201,
    ]
    bodies = [{"name": "Odd", "rules": rules} for rules in wrong]

    assert [] == not_refused(host, "POST", PATH, {"rules": bodies})
    assert 1 == len(host.get(PATH))


def test_a_day_7_is_kept_as_sunday(host: Host) -> None:
    """
    Both ways to number a week are understood, and answers know one of them.
    """
    made = make(host, rules=[{**MORNING, "day": 7}, {**MORNING, "day": 0}])

    assert [0, 0] == [rule["day"] for rule in json.loads(made["rules"])]


def test_overrides_that_make_no_sense_are_refused(host: Host) -> None:
    """
    A real date, an end of the range that is not before it, and either a window or ``unavailable``.
    """
    closed = {"date": "2026-12-25", "unavailable": True}
    open_ = {"date": "2026-12-24", "start": "10:00", "end": "12:00"}
    wrong: list[Any] = [
        None,
        [{"date": "2026-12-25"}],
        [{"unavailable": True}],
        [{"start": "10:00", "end": "12:00"}],
        [{**closed, "date": "2026-02-30"}],
        [{**closed, "date": "25.12.2026"}],
        [{**closed, "date": "20261225"}],
        [{**closed, "date": None}],
        [{**closed, "unavailable": False}],
        [{**closed, "unavailable": "yes"}],
        [{**closed, "start": "10:00", "end": "12:00"}],
        [{**closed, "start": "10:00"}],
        [{**closed, "until": "2026-12-24"}],
        [{**closed, "until": "soon"}],
        [{**closed, "until": None}],
        [{**closed, "until": "2126-12-25"}],
        [{"date": "2026-12-24", "start": "10:00"}],
        [{"date": "2026-12-24", "end": "12:00"}],
        [{**open_, "end": "10:00"}],
        [{**open_, "end": "12:00:00"}],
        [{**open_, "day": 4}],
        [closed] * 1001,
    ]
    bodies = [{"name": "Odd", "overrides": overrides} for overrides in wrong]

    assert [] == not_refused(host, "POST", PATH, {"overrides": bodies})


def test_names_and_flags_are_checked(host: Host) -> None:
    """
    As with event types; a field that we do not know is refused too.
    """
    (first,) = defaults(host)
    wrong: dict[str, list[Any]] = {
        "name": [{}, {"name": ""}, {"name": " "}, {"name": "x" * 201}, {"name": None}],
        "is_default": [{"name": "Odd", "is_default": flag} for flag in (2, "true", None)],
        "zone": [{"name": "Odd", "zone": "UTC"}],
    }

    assert [] == not_refused(host, "POST", PATH, wrong)
    nulls = {field: [{field: None}] for field in ("name", "timezone", "rules", "overrides", "is_default")}
    assert [] == not_refused(host, "PUT", f"{PATH}/{first}", nulls)
    assert [] == not_refused(host, "PUT", f"{PATH}/{first}", {"id": [{"id": 5}]})


def test_somebody_elses_schedule_is_not_found(host: Host, sign_up: SignUp) -> None:
    """
    Another host can neither see, change nor delete what is not theirs.
    """
    made = make(host)
    other = sign_up("Ann")

    other.expect(404, "GET", f"{PATH}/{made['id']}")
    other.expect(404, "PUT", f"{PATH}/{made['id']}", {"is_default": True})
    other.expect(404, "DELETE", f"{PATH}/{made['id']}")
    assert 1 == len(other.get(PATH))
    assert 1 == len(defaults(other))
    assert made == host.get(f"{PATH}/{made['id']}")
