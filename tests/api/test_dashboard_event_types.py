"""
The event types of the dashboard: made, changed, moved, copied, switched, and drafted, by forms alone.
"""

import re
from html import unescape
from typing import Any

import pytest
from browsers import Browser, led_to, text_of
from httpx2 import Response

pytest_plugins = ["dashboard_fixtures"]

PATH = "/app/event-types"
CALL = {"name": "Call", "duration_minutes": "45", "color": "#7c3aed", "location_type": "zoom"}
EVERYTHING: dict[str, Any] = {
    **CALL,
    "slug": "a-call",
    "slot_interval": "15",
    "description": "First line\r\nSecond line",
    "location": "https://zoom.us/j/1",
    "is_secret": "yes",
    "requires_confirmation": "yes",
    "buffer_before": "5",
    "buffer_after": "10",
    "min_notice_hours": "24",
    "max_future_days": "30",
    "cancel_notice_hours": "12",
    "reschedule_notice_hours": "6",
    "reminder_minutes": ["60", "1440"],
    "reminder_other": "30",
    "schedule_id": "1",
    "questions": ["4", "2"],
    "questions.4.label": "How far along is it?",
    "questions.4.type": "select",
    "questions.4.required": "yes",
    "questions.4.options": " Sketch \r\n\r\nShipped",
    "questions.2.id": "company",
    "questions.2.label": "Where do you work?",
    "questions.2.type": "text",
    "questions.2.options": "left from another kind",
}


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about event types is tested with the API; pages need one of them only.
    """
    return "sqlite"


def made(jane: Browser, **fields: Any) -> int:
    """
    Make an event type by the form, and return its id.
    """
    sent = jane.send(f"{PATH}/new", {**CALL, **fields})
    assert 303 == sent.status_code, text_of(sent)
    return int(sent.headers["location"].rpartition("-")[2])


def of(jane: Browser, event_type_id: int) -> Any:
    return jane.client.get(f"/api/event-types/{event_type_id}").json()


def names(jane: Browser, *, active: bool = True) -> list[str]:
    listed = jane.client.get("/api/event-types", params={"is_active": str(int(active))}).json()
    return [event_type["name"] for event_type in listed]


def fields_of(response: Response) -> dict[str, str]:
    """
    Return the text that the fields of a page have in them, apart from what is ticked or not.
    """
    inputs = re.findall(
        r'<input(?![^>]*type="(?:checkbox|radio))[^>]* name="([^"]+)"[^>]* value="([^"]*)"', response.text
    )
    return {name: unescape(value) for name, value in inputs}


def test_every_field_of_the_api_can_be_filled_in(jane: Browser) -> None:
    """
    And comes back in the form as it was kept; a new question is named after what it asks.
    """
    event_type_id = made(jane, **EVERYTHING)
    kept = of(jane, event_type_id)

    for name in ("slot_interval", "buffer_before", "buffer_after", "min_notice_hours", "max_future_days"):
        assert int(EVERYTHING[name]) == kept[name]
    assert (45, 12, 6) == tuple(
        kept[name] for name in ("duration_minutes", "cancel_notice_hours", "reschedule_notice_hours")
    )
    assert ("a-call", "First line\nSecond line", "zoom") == (
        kept["slug"],
        kept["description"],
        kept["location_type"],
    )
    assert (1, 1, [1440, 60, 30], 1) == (
        kept["is_secret"],
        kept["requires_confirmation"],
        kept["reminder_minutes"],
        kept["schedule_id"],
    )
    assert [
        {
            "id": "how-far-along-is-it",
            "label": "How far along is it?",
            "type": "select",
            "required": True,
            "options": ["Sketch", "Shipped"],
        },
        {
            "id": "company",
            "label": "Where do you work?",
            "type": "text",
            "required": False,
            "options": [],
        },
    ] == kept["questions"]
    shown = jane.open(f"{PATH}/{event_type_id}")
    again = {**fields_of(shown), "questions": ["0", "1"], "reminder_minutes": ["1440", "60", "30"]}
    assert "a-call" == again["slug"]
    assert "Sketch\nShipped</textarea>" in shown.text
    assert '<option value="1" selected>' in shown.text


def test_what_is_left_alone_is_as_the_api_has_it(jane: Browser) -> None:
    """
    The form of a new event type, sent with a name and nothing else, makes what the API makes.
    """
    page = jane.open(f"{PATH}/new")
    filled = {name: value for name, value in fields_of(page).items() if not name.startswith("questions")}
    by_form = of(jane, made(jane, **{**filled, "name": "One", "color": "#0069ff", "location_type": ""}))
    body = {"name": "Two", "reminder_minutes": by_form["reminder_minutes"]}
    by_api = jane.client.post("/api/event-types", json=body).json()

    own = {"id", "name", "slug", "duration_minutes", "position", "created_at"}
    assert {name: value for name, value in by_api.items() if name not in own} == {
        name: value for name, value in by_form.items() if name not in own
    }


@pytest.mark.parametrize("blank", ["", "  "])
def test_what_is_left_blank_is_as_the_api_has_it(jane: Browser, blank: str) -> None:
    """
    Apart from reminders: where none is ticked there are none.
    """
    left = {name: blank for name in EVERYTHING if name not in {"name", "duration_minutes"}}
    by_form = of(jane, made(jane, **{**left, "reminder_minutes": [], "questions": []}))
    body = {"name": "Call", "duration_minutes": 45, "reminder_minutes": []}
    by_api = jane.client.post("/api/event-types", json=body).json()

    own = dict.fromkeys(("id", "slug", "position", "created_at"))
    assert {**by_api, **own} == {**by_form, **own}


def test_a_change_keeps_the_address_and_the_names_of_questions(jane: Browser) -> None:
    """
    An address left blank stays; a question that is worded anew is still the same one.
    """
    event_type_id = made(jane, **EVERYTHING)
    sent = jane.send(
        f"{PATH}/{event_type_id}",
        {
            **CALL,
            "name": "Review",
            "questions": "0",
            "questions.0.id": "company",
            "questions.0.label": "Your company?",
        },
    )

    assert (303, f"{PATH}#type-{event_type_id}") == led_to(sent)
    assert "“Review” is saved." in text_of(jane.open(PATH))
    kept = of(jane, event_type_id)
    assert ("Review", "a-call", 0, None) == (kept["name"], kept["slug"], kept["is_secret"], kept["location"])
    assert ["company"] == [question["id"] for question in kept["questions"]]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "Please fill this in."),
    ({"duration_minutes": "4"}, "duration_minutes", "Use 5 or more."),
    ({"duration_minutes": "soon"}, "duration_minutes", "Use a whole number."),
    ({"slug": "Not a slug"}, "slug", "Use lower-case letters, digits and single hyphens."),
    ({"color": "blue"}, "color", "Use a hex color such as #2563eb."),
    ({"buffer_after": "-1"}, "buffer_after", "Use 0 or more."),
    ({"reminder_minutes": list("12345"), "reminder_other": "6"}, "reminder_minutes", "Five reminders"),
    ({"schedule_id": "999"}, "schedule_id", "There is no availability schedule with this id."),
    ({"questions.3.label": ""}, "questions.3.label", "Please fill this in."),
    ({"questions.3.type": "radio"}, "questions.3.options", "Give at least one option"),
    (
        {"questions.3.type": "select", "questions.3.options": "A\nA"},
        "questions.3.options",
        "Two options are the same.",
    ),
    ({"questions.3.type": "poem"}, "questions.3.type", "This cannot be read."),
]


def test_what_is_wrong_stands_beside_its_field(jane: Browser) -> None:
    """
    What was typed is kept, and nothing is made.
    """
    question = {"questions": "3", "questions.3.label": "Why?", "questions.3.type": "text"}
    for fields, place, said in WRONG:
        refused = jane.send(f"{PATH}/new", {**CALL, "description": "Typed", **question, **fields})

        assert 400 == refused.status_code, place
        error = re.search(rf'id="{re.escape(place)}-error">([^<]*)<', refused.text)
        assert error is not None, place
        assert unescape(error[1]).startswith(said), place
        assert f'href="#{place}"' in refused.text
        assert "Typed</textarea>" in refused.text
    assert [] == names(jane)


def test_an_address_that_is_taken_is_said_beside_it(jane: Browser) -> None:
    """
    Both for a new event type and for one that is changed.
    """
    made(jane, slug="one")
    other = made(jane, slug="two")

    for path in (f"{PATH}/new", f"{PATH}/{other}"):
        refused = jane.send(path, {**CALL, "slug": "one"})
        assert 409 == refused.status_code
        assert 'id="slug-error">This one is taken or reserved.' in refused.text


def test_questions_are_built_without_scripts(jane: Browser) -> None:
    """
    Their buttons send the form, which comes back changed; nothing is kept before it is saved.
    """
    path = f"{PATH}/{made(jane)}"
    typed = {**CALL, "name": "Renamed"}
    order = re.compile(r'name="questions" value="(\d+)"')

    def act(verb: str, *numbers: int) -> list[int]:
        page = jane.send(path, {**typed, "questions": [str(number) for number in numbers], "act": verb})
        assert 200 == page.status_code
        assert 'value="Renamed"' in page.text
        # The last one is the blank that scripts add.
        return [int(number) for number in order.findall(page.text)[:-1]]

    assert [0] == act("add")
    assert [4, 7, 8] == act("add", 4, 7)
    assert [7, 4] == act("up.7", 4, 7)
    assert [7, 4] == act("down.4", 4, 7)
    assert [4, 7] == act("up.4", 4, 7)
    assert [7] == act("remove.4", 4, 7)
    assert [4] == act("nonsense", 4)
    assert ["Call"] == names(jane)


def test_the_list_has_each_with_its_link(jane: Browser) -> None:
    """
    Those that are on with the address to share, those that are off below.
    """
    assert "Nothing can be booked yet" in text_of(jane.open(PATH))
    on, off = made(jane, name="<b>On</b>"), made(jane, name="Off")
    jane.send(f"{PATH}/{off}/switch")
    page = jane.open(PATH)

    assert "“Off” is off." in text_of(page)
    assert "<b>On</b>" not in page.text
    assert "http://calendo.test/jane-smith/b-on-b" in page.text
    assert page.text.index(f'id="type-{on}"') < page.text.index("off-title")
    assert page.text.index("off-title") < page.text.index(f'id="type-{off}"')


def test_switched_off_it_is_found_again(jane: Browser) -> None:
    """
    What is off can be opened, changed and switched on again; what was deleted by the API, too.
    """
    event_type_id = made(jane, name="Call")
    jane.client.delete(f"/api/event-types/{event_type_id}")
    assert [] == names(jane)
    assert ["Call"] == names(jane, active=False)
    assert "Switched off" in text_of(jane.open(f"{PATH}/{event_type_id}"))
    jane.send(f"{PATH}/{event_type_id}", {**CALL, "name": "Better call"})
    assert ["Better call"] == names(jane, active=False)

    assert (303, PATH) == led_to(jane.send(f"{PATH}/{event_type_id}/switch", {"on": "yes"}))
    assert ["Better call"] == names(jane)


def test_the_order_is_changed_by_steps_and_whole(jane: Browser) -> None:
    """
    At the ends a step changes nothing; one that is off is passed over.
    """
    ids = [made(jane, name=name) for name in ("A", "B", "C")]
    jane.send(f"{PATH}/{ids[2]}/move", {"to": "up"})
    assert ["A", "C", "B"] == names(jane)
    jane.send(f"{PATH}/{ids[0]}/move", {"to": "up"})
    jane.send(f"{PATH}/{ids[1]}/move", {"to": "down"})
    assert ["A", "C", "B"] == names(jane)
    jane.send(f"{PATH}/order", {"ids": [str(event_type_id) for event_type_id in reversed(ids)]})
    assert ["C", "B", "A"] == names(jane)
    jane.send(f"{PATH}/{ids[1]}/switch")
    jane.send(f"{PATH}/{ids[1]}/move", {"to": "up"})
    jane.send(f"{PATH}/{ids[0]}/move", {"to": "up"})
    assert ["A", "C"] == names(jane)
    assert 400 == jane.send(f"{PATH}/{ids[0]}/move", {"to": "the moon"}).status_code


def test_a_copy_is_opened_to_be_changed(jane: Browser) -> None:
    """
    It is called so in the host's language, however long the name was.
    """
    original = made(jane, **{**EVERYTHING, "name": "N" * 200})
    led = jane.send(f"{PATH}/{original}/duplicate", **{"Accept-Language": "de"})
    copy = int(led.headers["location"].rpartition("/")[2])

    assert "This is the copy." in text_of(jane.open(f"{PATH}/{copy}"))
    assert of(jane, original)["questions"] == of(jane, copy)["questions"]
    assert of(jane, copy)["name"].endswith("N (copy)")
    assert len(of(jane, copy)["name"]) <= 200


def test_the_preview_reads_what_there_is(jane: Browser) -> None:
    """
    Half a form is shown as far as it goes: what cannot be read is left out, and nothing is made.
    """
    half = {"name": "", "duration_minutes": "1", "color": "#", "description": "About", "act": "x"}
    questions = {"questions": ["1", "2"], "questions.1.label": "", "questions.2.label": "Why?"}
    draft = jane.send(f"{PATH}/preview", {**half, **questions}).json()

    assert ("New event type", 30, "About") == (draft["name"], draft["duration_minutes"], draft["description"])
    assert ["Why?"] == [question["label"] for question in draft["questions"]]
    assert [] == names(jane)


def test_the_preview_offers_the_times_that_will_be_on_offer(jane: Browser) -> None:
    """
    A draft's times are those of the event type that is made of it.
    """
    fields = {**EVERYTHING, "min_notice_hours": "0", "schedule_id": ""}
    query = "start=2026-03-09&end=2026-03-20&timezone=Asia/Kolkata"
    drafted = jane.send(f"{PATH}/preview/starts?{query}", fields).json()
    made(jane, **fields)
    offered = jane.client.get(f"/api/availability/jane-smith/a-call?{query}").json()

    assert offered == drafted
    assert offered["slots"]
    assert 400 == jane.send(f"{PATH}/preview/starts?start=2026-03-09&end=x", fields).status_code
    assert 404 == jane.send(f"{PATH}/preview/starts?{query}", {**fields, "schedule_id": "999"}).status_code


def test_event_types_of_others_are_not_there(jane: Browser) -> None:
    """
    Neither to be looked at nor to be changed.
    """
    event_type_id = made(jane)
    jane.send("/app/logout")
    jane.sign_up(email="eve@example.com")

    for act in ("", "/switch", "/duplicate", "/move"):
        assert 404 == jane.send(f"{PATH}/{event_type_id}{act}", {**CALL, "to": "up"}).status_code
    assert 404 == jane.open(f"{PATH}/{event_type_id}").status_code
    assert 400 == jane.send(f"{PATH}/order", {"ids": str(event_type_id)}).status_code
