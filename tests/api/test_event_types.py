"""
Event types: what a host can offer, in which bounds, and under which address.
"""

from collections.abc import Callable
from typing import Any

import pytest
from steps import MONDAY, book, invitee, not_refused, offer, times

from conftest import Api, Host

SignUp = Callable[..., Host]


def names(host: Host, **params: Any) -> list[str]:
    """
    The names of the event types that are listed, in their order.
    """
    return [row["name"] for row in host.get("/event-types", **params)]


def test_a_name_is_enough(host: Host) -> None:
    """
    What is left out gets the documented default.
    """
    made = offer(host, name="30 Minute Call")

    assert {
        "id": made["id"],
        "name": "30 Minute Call",
        "slug": "30-minute-call",
        "duration_minutes": 30,
        "slot_interval": None,
        "color": "#0069ff",
        "description": "",
        "location_type": None,
        "location": None,
        "questions": [],
        "is_active": 1,
        "is_secret": 0,
        "requires_confirmation": 0,
        "buffer_before": 0,
        "buffer_after": 0,
        "min_notice_hours": 4,
        "max_future_days": 60,
        "cancel_notice_hours": 0,
        "reschedule_notice_hours": 0,
        "reminder_minutes": [1440, 60],
        "schedule_id": None,
        "position": 0,
        "created_at": "2026-03-01 12:00:00",
    } == made
    assert made == host.get(f"/event-types/{made['id']}")
    assert [made] == host.get("/event-types")


def test_every_field_comes_back_as_it_was_given(host: Host) -> None:
    """
    Nothing that a host chooses is lost or changed, on making and on changing.
    """
    (schedule,) = host.get("/availability-schedules")
    question = {"id": "topic", "label": "Topic?", "type": "select", "required": 1, "options": ["A", "B"]}
    chosen = {
        "name": "Deep dive",
        "slug": "a-long-one",
        "duration_minutes": 90,
        "slot_interval": 15,
        "color": "#A0b",
        "description": "Two lines:\nthis is the second",
        "location_type": "phone",
        "location": "+1 555 0100",
        "questions": [question],
        "is_secret": 1,
        "requires_confirmation": 1,
        "buffer_before": 10,
        "buffer_after": 20,
        "min_notice_hours": 0,
        "max_future_days": 3650,
        "schedule_id": schedule["id"],
        "position": 7,
    }

    made = offer(host, **chosen)
    changed = host.put(f"/event-types/{offer(host)['id']}", {**chosen, "slug": "another-one"})

    assert made == {**made, **chosen}
    assert changed == {**changed, **chosen, "slug": "another-one"}


def test_flags_are_numbers_in_answers(host: Host) -> None:
    """
    JSON tells 1 from true, and the reference has 1.
    """
    text = host.call("POST", "/event-types", {"name": "Call", "is_secret": True}).text

    assert '"is_secret":1' in text
    assert '"requires_confirmation":0' in text
    assert '"is_active":1' in text


def test_flags_are_taken_as_booleans_and_as_numbers(host: Host) -> None:
    """
    The reference asks for booleans and answers with numbers; both can be sent.
    """
    for given, kept in [(True, 1), (1, 1), (False, 0), (0, 0)]:
        made = offer(host, is_secret=given, requires_confirmation=given)

        assert [kept, kept] == [made["is_secret"], made["requires_confirmation"]], given

    wrong = [{"name": "Call", "is_secret": flag} for flag in (2, -1, 1.0, "1", "true", None, [])]
    assert [] == not_refused(host, "POST", "/event-types", {"is_secret": wrong})


BOUNDS = {
    "duration_minutes": (5, 720),
    "slot_interval": (1, 720),
    "buffer_before": (0, 720),
    "buffer_after": (0, 720),
    "min_notice_hours": (0, 8760),
    "max_future_days": (0, 3650),
    "cancel_notice_hours": (0, 8760),
    "reschedule_notice_hours": (0, 8760),
}


def test_a_number_has_bounds_and_they_are_included(host: Host) -> None:
    """
    Both bounds are accepted; one step beyond, and what is no whole number, is a 400 that names the field.
    """
    lowest = offer(host, **{field: bounds[0] for field, bounds in BOUNDS.items()})
    highest = offer(host, **{field: bounds[1] for field, bounds in BOUNDS.items()})

    for field, (low, high) in BOUNDS.items():
        assert [low, high] == [lowest[field], highest[field]]
        wrong = [{"name": "Call", field: value} for value in (low - 1, high + 1, 2**63, "30", 30.5, True, [])]
        assert [] == not_refused(host, "POST", "/event-types", {field: wrong})
        changes = [{field: value} for value in (low - 1, high + 1)]
        assert [] == not_refused(host, "PUT", f"/event-types/{lowest['id']}", {field: changes})
    assert [lowest, highest] == host.get("/event-types")


def test_reminders_are_a_few_in_the_weeks_before(host: Host) -> None:
    """
    None to five, a minute to four weeks before; they are kept in their order, each once.
    """
    month = 28 * 24 * 60
    for given, kept in (([], []), ([5, 1440, 5, 60], [1440, 60, 5]), ([1, month], [month, 1])):
        made = offer(host, reminder_minutes=given)
        assert kept == made["reminder_minutes"]
    assert [60] == host.put(f"/event-types/{made['id']}", {"reminder_minutes": [60]})["reminder_minutes"]

    wrong = [0, -1, month + 1, 1.5, "60", None, True]
    lists = [60, None, "60", [1, 2, 3, 4, 5, 6], *([value] for value in wrong)]
    bodies = [{"name": "Call", "reminder_minutes": value} for value in lists]
    assert [] == not_refused(host, "POST", "/event-types", {"reminder_minutes": bodies})
    changes = [{"reminder_minutes": value} for value in lists]
    assert [] == not_refused(host, "PUT", f"/event-types/{made['id']}", {"reminder_minutes": changes})


def test_texts_that_do_not_fit_are_refused(host: Host) -> None:
    """
    A name is one line of 1 to 200 characters, a color is hex, and locations are of four kinds.
    """
    wrong: dict[str, list[Any]] = {
        "name": ["", "   ", "x" * 201, "two\nlines", "over\u202erride", None, 5],
        "color": ["red", "#12", "#12345", "#gggggg", "0069ff", "", None],
        "description": ["x" * 5001, "bell\u0007", None],
        "location_type": ["skype", "", 1],
        "location": ["x" * 501, "two\nlines"],
        "slug": ["Two", "two words", "-two", "two-", "t--wo", "", "zwölf", "x" * 81, "a/b"],
        "position": [-1, 1_000_001, "first"],
    }
    bodies = {field: [{"name": "Call", field: value} for value in values] for field, values in wrong.items()}

    assert [] == not_refused(host, "POST", "/event-types", bodies)
    assert [] == not_refused(host, "POST", "/event-types", {"name": [{"duration_minutes": 30}]})
    assert [] == host.get("/event-types")


def test_unknown_fields_are_refused(host: Host) -> None:
    """
    A misspelt field would otherwise be dropped without a word.
    """
    assert [] == not_refused(host, "POST", "/event-types", {"duration": [{"name": "Call", "duration": 30}]})
    made = offer(host)
    assert [] == not_refused(host, "PUT", f"/event-types/{made['id']}", {"titel": [{"titel": "Call"}]})


def test_types_are_listed_by_position(host: Host) -> None:
    """
    A new type comes last; moving one is changing its position, ties keep the order of making.
    """
    first, second, third = (offer(host, name=name) for name in ("First", "Second", "Third"))
    assert [0, 1, 2] == [first["position"], second["position"], third["position"]]

    host.put(f"/event-types/{third['id']}", {"position": 0})

    assert ["First", "Third", "Second"] == names(host)
    page = invitee(host).get(f"/booking-pages/{host.slug}")
    assert ["First", "Third", "Second"] == [row["name"] for row in page["event_types"]]
    assert 6 == offer(host, name="Ahead", position=6)["position"]
    assert 7 == offer(host, name="Last")["position"]


def test_deleting_switches_off(host: Host) -> None:
    """
    The type is off the lists and off the page, its bookings stay, and its host can still read it.
    """
    made = offer(host)
    booking = book(host, "09:00")

    assert {"ok": True} == host.delete(f"/event-types/{made['id']}")

    assert [] == names(host)
    assert ["Call"] == names(host, is_active="0")
    assert 0 == host.get(f"/event-types/{made['id']}")["is_active"]
    assert [booking] == host.get("/bookings")
    assert [] == invitee(host).get(f"/booking-pages/{host.slug}")["event_types"]
    assert {"ok": True} == host.delete(f"/event-types/{made['id']}")


def test_what_is_off_cannot_be_looked_up_or_booked(host: Host) -> None:
    """
    For an invitee there is nothing at its address any more.
    """
    made = offer(host)
    host.delete(f"/event-types/{made['id']}")
    stranger = invitee(host)

    range_ = {"start": MONDAY, "end": MONDAY}
    stranger.expect(404, "GET", f"/availability/{host.slug}/call", params=range_)
    stranger.expect(404, "GET", f"/booking-pages/{host.slug}/call")
    body = {"name": "Bob", "email": "bob@example.com", "start_time": f"{MONDAY}T09:00:00Z"}
    stranger.expect(404, "POST", f"/book/{host.slug}/call", body)
    assert [] == host.get("/bookings")


@pytest.mark.parametrize("flag", [1, True])
def test_a_change_brings_it_back(host: Host, flag: Any) -> None:
    """
    ``is_active`` switches on again, at the address it had.
    """
    made = offer(host)
    host.delete(f"/event-types/{made['id']}")

    assert 1 == host.put(f"/event-types/{made['id']}", {"is_active": flag})["is_active"]

    assert ["Call"] == names(host)
    assert [] == names(host, is_active="0")
    assert times(host)


def test_a_change_can_switch_off_as_well(host: Host) -> None:
    """
    PUT with ``is_active`` 0 does what DELETE does.
    """
    made = offer(host)

    host.put(f"/event-types/{made['id']}", {"is_active": 0})

    assert [] == names(host)
    assert ["Call"] == names(host, is_active="0")


def test_the_filter_takes_0_and_1(host: Host) -> None:
    """
    Without it, as with 1, the active types are listed; anything else is a 400 that names it.
    """
    offer(host)

    assert names(host) == names(host, is_active="1")
    for wrong in ("2", "true", "", "all"):
        assert "is_active" in host.expect(400, "GET", f"/event-types?is_active={wrong}")["error"]


def test_a_change_leaves_the_rest_as_it_is(host: Host) -> None:
    """
    Each field can be changed alone; no field at all changes nothing.
    """
    made = offer(host, buffer_after=10, questions=[{"id": "topic", "label": "Topic?"}], is_secret=True)

    assert made == host.put(f"/event-types/{made['id']}", {})
    changed = host.put(f"/event-types/{made['id']}", {"duration_minutes": 45, "description": "Extended"})

    assert {**made, "duration_minutes": 45, "description": "Extended"} == changed
    assert changed == host.get(f"/event-types/{made['id']}")


def test_a_refused_change_changes_nothing(host: Host) -> None:
    """
    One wrong field spoils the whole change.
    """
    made = offer(host)

    host.expect(400, "PUT", f"/event-types/{made['id']}", {"name": "New", "duration_minutes": 4})
    host.expect(400, "PUT", f"/event-types/{made['id']}", {"name": "New", "schedule_id": 10**9})

    assert made == host.get(f"/event-types/{made['id']}")


def test_null_empties_what_may_be_empty(host: Host) -> None:
    """
    An interval, a location and a schedule can be taken away again; all else has to have a value.
    """
    (schedule,) = host.get("/availability-schedules")
    optional = {
        "slot_interval": 15,
        "location_type": "zoom",
        "location": "https://zoom.example/1",
        "schedule_id": schedule["id"],
    }
    made = offer(host, **optional)

    emptied = host.put(f"/event-types/{made['id']}", dict.fromkeys(optional))

    assert {**made, **dict.fromkeys(optional)} == emptied
    needed = emptied.keys() - optional.keys() - {"id", "created_at"}
    nulls = {field: [{field: None}] for field in needed}
    assert [] == not_refused(host, "PUT", f"/event-types/{made['id']}", nulls)


def test_a_schedule_has_to_be_ones_own(host: Host, sign_up: SignUp) -> None:
    """
    Somebody else's schedule and one that does not exist look the same.
    """
    (foreign,) = sign_up("Ann").get("/availability-schedules")
    made = offer(host)
    ids = (foreign["id"], foreign["id"] + 1000, 0, -1, 2**63)

    wrong = [{"name": "Call", "schedule_id": id_} for id_ in ids]
    assert [] == not_refused(host, "POST", "/event-types", {"schedule_id": wrong})
    changes = [{"schedule_id": id_} for id_ in ids]
    assert [] == not_refused(host, "PUT", f"/event-types/{made['id']}", {"schedule_id": changes})
    assert [made] == host.get("/event-types")


def test_questions_are_an_array_with_every_field(host: Host) -> None:
    """
    What a question leaves out is filled in, and an empty array takes all questions away.
    """
    short = [{"id": "topic", "label": " Topic? "}]
    whole = [{"id": "topic", "label": "Topic?", "type": "text", "required": False, "options": []}]
    made = offer(host, questions=short)

    assert whole == made["questions"]
    assert [] == host.put(f"/event-types/{made['id']}", {"questions": []})["questions"]
    assert whole == host.put(f"/event-types/{made['id']}", {"questions": short})["questions"]


def test_questions_that_make_no_sense_are_refused(host: Host) -> None:
    """
    Each needs an id of its own, a label, a known type, and options exactly where there is a choice.
    """
    ask = {"id": "q", "label": "Q?"}
    wrong: list[Any] = [
        None,
        {},
        "Topic?",
        [{"label": "no id"}],
        [{"id": "q"}],
        [{**ask, "id": "no spaces"}],
        [{**ask, "id": ""}],
        [{**ask, "id": "q\n"}],
        [{**ask, "id": "x" * 65}],
        [{**ask, "label": ""}],
        [{**ask, "type": "date"}],
        [{**ask, "required": "yes"}],
        [{**ask, "type": "select"}],
        [{**ask, "type": "radio", "options": []}],
        [{**ask, "type": "select", "options": ["A", "A"]}],
        [{**ask, "type": "select", "options": [""]}],
        [{**ask, "type": "select", "options": "A,B"}],
        [{**ask, "type": "text", "options": ["A"]}],
        [{**ask, "placeholder": "unknown field"}],
        [ask, ask],
        [{**ask, "id": f"q{number}"} for number in range(51)],
    ]
    bodies = [{"name": "Call", "questions": questions} for questions in wrong]

    assert [] == not_refused(host, "POST", "/event-types", {"questions": bodies})


def test_somebody_elses_type_is_not_found(host: Host, sign_up: SignUp, api: Api) -> None:
    """
    Another host can neither see, change nor switch off what is not theirs.
    """
    made = offer(host)
    other = sign_up("Ann")

    other.expect(404, "GET", f"/event-types/{made['id']}")
    other.expect(404, "PUT", f"/event-types/{made['id']}", {"name": "Mine"})
    other.expect(404, "DELETE", f"/event-types/{made['id']}")
    api.expect(401, "GET", f"/event-types/{made['id']}")
    assert [] == other.get("/event-types")
    assert [made] == host.get("/event-types")


def test_what_cannot_be_an_id_is_not_found(host: Host) -> None:
    """
    A number of any size or a word: a 404, never an error of the database.
    """
    for id_ in ("0", "-1", "abc", "1.5", str(2**63 - 1), str(2**63), "9" * 400):
        host.expect(404, "GET", f"/event-types/{id_}")
        host.expect(404, "DELETE", f"/event-types/{id_}")
