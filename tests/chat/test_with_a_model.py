"""
The same conversations with a language model: a good one is believed, and any other is not noticed.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from calendo.integrations.llm import LanguageModel
from calendo.settings import Settings
from chat.model_endpoint import Answers, Body, Endpoint, Raw, running_endpoint, said_last, told
from chat.talking import CONVERSATIONS, Site, problems, running_site, turns
from parts import FULL

#: What is expected of each turn, for a model that knows.
_KNOWN = {
    (conversation["page"], turn["say"]): turn
    for conversation in CONVERSATIONS
    for turn in conversation["turns"]
    if "repeat" not in turn
}
_SOME = CONVERSATIONS if FULL else CONVERSATIONS[::3]


class WithModel:
    """
    A site whose assistant asks a model, and beside it one that has none.
    """

    def __init__(self, endpoint: Endpoint, site: Site, plain: Site) -> None:
        self.endpoint = endpoint
        self.site = site
        self.plain = plain

    def differences(self, conversation: dict[str, Any]) -> list[str]:
        """
        Where the answers are not those of the site without a model.
        """
        found: list[str] = []
        pairs = zip(turns(conversation, self.site), turns(conversation, self.plain), strict=True)
        for (turn, answer), (_, expected) in pairs:
            found += [
                f"{turn['say'][:50]!r}: {answer[part]!r} is not {expected[part]!r}"
                for part in ("message", "action")
                if answer[part] != expected[part]
            ]
        return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithModel]:
    with running_endpoint(lambda _: "") as endpoint:
        settings = Settings(llm_base_url=endpoint.url, llm_model="small", secret_key="only for the tests ")
        # Short, so that silence need not be waited for; and failures in a row are what is tested.
        model = LanguageModel(settings, patience_seconds=5, pause_seconds=0)
        with (
            running_site(tmp_path_factory.mktemp("with"), model=model) as site,
            running_site(tmp_path_factory.mktemp("without")) as plain,
        ):
            yield WithModel(endpoint, site, plain)


def knowing(body: Body) -> Any:
    """
    A model that looks first, and then answers what the conversation expects.
    """
    page = json.loads(re.search(r"^\{.*\}$", body["messages"][0]["content"], re.MULTILINE)[0])  # type: ignore[index] # there is one
    turn = _KNOWN.get((page["host"], said_last(body)), {})
    if not turn.get("slots") or not turn.get("dates"):
        return "no answer of mine"
    if not told(body):
        days = [str(day) for day in turn["dates"]]
        asked = {"event_slug": turn["event"], "start_date": days[0], "end_date": days[-1]}
        return [("list_event_types", {}), ("find_slots", asked)]
    action = {
        "type": turn["type"],
        "event_slug": turn["event"],
        "preferred_dates": [str(day) for day in turn["dates"]],
        "preferred_time": turn.get("time"),
    }
    return json.dumps({"message": "The model has found this.", "action": action})


WRONG: dict[str, Callable[[Body], Any]] = {
    "a slug that is none": lambda _: _action(event_slug="no-such-thing"),
    "a secret one": lambda _: _action(event_slug="board-meeting"),
    "no slug": lambda _: _action(event_slug=None),
    "a past date": lambda _: _action(preferred_dates=["2026-02-20"]),
    "a date that is none": lambda _: _action(preferred_dates=["2026-02-30"]),
    "a date far ahead": lambda _: _action(preferred_dates=["2031-03-03"]),
    "the end of the calendar": lambda _: _action(preferred_dates=["9999-12-31"]),
    "a time that is none": lambda _: _action(preferred_time="25:99"),
    "a time at which nothing is": lambda _: _action(preferred_time="03:17"),
    "an action of its own": lambda _: _action(type="book_now"),
    "a link": lambda _: json.dumps({"message": "Go to http://evil.example/", "action": None}),
    "a time in the words that is not free": lambda _: _action(said="Tuesday at 3:17 AM is free."),
    "no availability where there is": lambda _: _action(type="no_availability"),
    "a long message": lambda _: json.dumps({"message": "x" * 5000, "action": None}),
    "broken JSON": lambda _: '{"message": "I have found',
    "no JSON": lambda _: "Sure! Tuesday works.",
    "other JSON": lambda _: "[1, 2]",
    "a 500": lambda _: Raw(b"oops", 500),
    "an endless wish for tools": lambda _: [("find_slots", {"event_slug": "30-minute-call"})],
}


def _action(said: str = "Here you are.", **fields: Any) -> str:
    action = {
        "type": "suggest_booking",
        "event_slug": "30-minute-call",
        "preferred_dates": ["2026-03-03"],
        "preferred_time": None,
        **fields,
    }
    return json.dumps({"message": said, "action": action})


@pytest.mark.parametrize("conversation", _SOME, ids=lambda conversation: conversation["name"])
def test_a_good_answer_is_taken(conversation: dict[str, Any], running: WithModel) -> None:
    """
    What the model understood is reckoned out and answered in its words; the rest is built in.
    """
    running.endpoint.answers = knowing

    found: list[str] = []
    for turn, answer in turns(conversation, running.site):
        by_model = answer["message"] == "The model has found this."
        expected = {name: turn[name] for name in turn if name != "says"} if by_model else turn
        seen = problems(conversation, expected, answer, running.site)
        found += [each for each in seen if not (by_model and "does not name" in each)]
    assert [] == found


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_is_not_noticed(wrong: str, running: WithModel) -> None:
    """
    Wrong slugs, past dates, broken JSON, errors: the answer is the one of the assistant alone.
    """
    running.endpoint.answers = WRONG[wrong]

    running.endpoint.requests.clear()

    # On this page all but one thing is right about what the model says.
    alone = [conversation for conversation in CONVERSATIONS if conversation["page"] == "solo"]
    place = [*WRONG].index(wrong)
    for conversation in CONVERSATIONS if FULL else alone[place : place + 2]:
        assert [] == running.differences(conversation)
    assert running.endpoint.requests


def test_silence_is_not_noticed(tmp_path: Path, running: WithModel) -> None:
    """
    A model that says nothing for 20 s is given up before, and the assistant answers alone.
    """
    silent: Answers = lambda _: Raw(wait_seconds=20)  # noqa: E731 - a type is worth the name
    with running_endpoint(silent) as endpoint:
        settings = Settings(llm_base_url=endpoint.url, llm_model="small")
        model = LanguageModel(settings, patience_seconds=0.05, pause_seconds=0)
        with running_site(tmp_path, model=model) as site:
            both = WithModel(endpoint, site, running.plain)
            for conversation in CONVERSATIONS if FULL else CONVERSATIONS[-4:]:
                assert [] == both.differences(conversation)
        assert endpoint.requests


def test_the_model_is_told_the_conversation(running: WithModel) -> None:
    """
    It sees what was said before, and of the page what everybody sees.
    """
    running.endpoint.answers = lambda _: json.dumps({"message": "Good day.", "action": None})
    running.endpoint.requests.clear()
    say = {"booking_page_slug": "jane", "message": "Hello"}

    first = running.site.post(say)
    second = running.site.post({**say, "message": "And now?", "session_id": first["session_id"]})

    assert ("Good day.", None) == (second["message"], second["action"])
    told_then = running.endpoint.requests[-1]["messages"]
    assert [("user", "Hello"), ("assistant", "Good day."), ("user", "And now?")] == [
        (message["role"], message["content"]) for message in told_then[1:]
    ]
    assert "Deep Dive" in told_then[0]["content"]
    assert "Board" not in str(running.endpoint.requests)
    assert {"list_event_types", "find_slots"} == {
        tool["function"]["name"] for tool in running.endpoint.requests[-1]["tools"]
    }


def test_tools_look_at_this_page_only(running: WithModel) -> None:
    """
    Event types of other pages and secret ones are not found, and dates that are none are said to be.
    """
    asked = [
        {"event_slug": "session"},
        {"event_slug": "board-meeting", "start_date": "2026-03-03", "end_date": "2026-03-03"},
        {"event_slug": "coffee", "start_date": "soon", "end_date": "2026-03-03"},
        {"event_slug": "coffee", "start_date": "2026-03-03", "end_date": "2026-03-03", "timezone": "Moon"},
        {"event_slug": "coffee", "start_date": "2026-02-03", "end_date": "2026-02-04"},
    ]
    heard: list[str] = []

    def answers(body: Body) -> Any:
        heard[:] = told(body)
        return (
            json.dumps({"message": "Good.", "action": None}) if heard else [("find_slots", a) for a in asked]
        )

    running.endpoint.answers = answers
    running.site.post({"booking_page_slug": "jane", "message": "Hello"})

    assert ["There is no such meeting on this page."] * 2 == heard[:2]
    assert "Dates are written YYYY-MM-DD." == heard[2]
    assert "There is no such time zone." == heard[3]
    assert "Nothing is free on those dates." == heard[4]


def test_a_choice_by_the_model(running: WithModel) -> None:
    """
    It may ask which meeting is meant, where there is more than one.
    """
    running.endpoint.answers = lambda _: json.dumps(
        {"message": "Which one?", "action": {"type": "choose_event_type", "preferred_dates": ["2026-03-03"]}}
    )

    action = running.site.post({"booking_page_slug": "jane", "message": "Hello"})["action"]

    assert "choose_event_type" == action["type"]
    assert ["2026-03-03"] == action["preferred_dates"]
    assert ["intro-call", "deep-dive", "coffee"] == [each["slug"] for each in action["event_types"]]
    assert running.site.post({"booking_page_slug": "solo", "message": "Hello"})["message"] != "Which one?"
