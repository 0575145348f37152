"""
The client of a language model: what it sends, and that whatever comes back ends in time.
"""

import asyncio
import json
import time
from typing import Any

import pytest

from calendo.integrations import llm
from calendo.integrations.llm import LanguageModel, ModelFailed, Tool
from calendo.settings import Settings
from chat.model_endpoint import Answers, Body, Raw, completion, running_endpoint, told

ASKED = [{"role": "user", "content": "When are you free?"}]


def model_at(url: str, patience_seconds: float = 60, **more: Any) -> LanguageModel:
    settings = Settings(llm_base_url=url, llm_model="small", **more)
    return LanguageModel(settings, patience_seconds=patience_seconds, pause_seconds=0.2)


async def _echo(arguments: dict[str, Any]) -> str:
    return f"you said {arguments}"


ECHO = Tool("echo", "Says it again.", {"type": "object", "properties": {"text": {"type": "string"}}}, _echo)


def converse(answers: Answers, **more: Any) -> tuple[str, list[Body], list[dict[str, str]]]:
    """
    Ask once; return the answer, and the requests with their headers.
    """
    with running_endpoint(answers) as endpoint:
        model = model_at(endpoint.url, **more)

        async def ask() -> str:
            try:
                return await model.converse(ASKED, [ECHO])
            finally:
                await model.close()

        return asyncio.run(ask()), endpoint.requests, endpoint.headers


def failure(answers: Answers, **more: Any) -> str:
    with pytest.raises(ModelFailed) as failed:
        converse(answers, **more)
    return str(failed.value)


def test_a_question_is_answered() -> None:
    """
    The model gets the messages and the tools, under the name and the key of the settings.
    """
    answer, (request,), (headers,) = converse(lambda _: "At noon.", llm_api_key="sk-ours")

    assert "At noon." == answer
    assert ("small", ASKED, "echo") == (
        request["model"],
        request["messages"],
        request["tools"][0]["function"]["name"],
    )
    assert "Bearer sk-ours" == headers["authorization"]


def test_no_credential_of_the_environment_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The library's own variables are for another endpoint; without a key there is none to send.
    """
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "foreign")

    _, _, (headers,) = converse(lambda _: "At noon.")

    assert "foreign" not in str(headers)


def test_tools_are_used() -> None:
    """
    What a tool says goes back to the model, nonsense included, and the last word counts.
    """

    def answers(body: Body) -> Any:
        heard = told(body)
        if not heard:
            return [("echo", {"text": "hi"}), ("book", {}), ("echo", "no JSON"), ("echo", "[1]")]
        return " | ".join(heard)

    answer, requests, _ = converse(answers)

    assert "you said {'text': 'hi'} | There is no such tool. There are: echo. | " in answer
    assert 2 == answer.count("have to be a JSON object")
    assert 2 == len(requests)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (Raw(b"{", 200), "JSON"),
        (Raw(b"", 200), ""),
        (Raw(b"null", 200), ""),
        (Raw(b'"text"', 200), ""),
        (Raw(b'{"choices": []}', 200), "IndexError"),
        (Raw(b'{"choices": [{}]}', 200), ""),
        (Raw(b'{"choices": [{"message": {"content": 5}}]}', 200), "empty"),
        (Raw(b'{"choices": [{"message": {"tool_calls": [5]}}]}', 200), ""),
        (Raw(b"<html>", 500), "500"),
        (Raw(b"{}", 401), "401"),
        (Raw(b"{}", 429), "429"),
        (Raw(b"", 302), "302"),
        (Raw(b"\xff\xfe" * 1000, 200), ""),
    ],
    ids=lambda value: repr(value)[:50],
)
def test_what_is_no_answer_is_a_failure(raw: Raw, reason: str) -> None:
    """
    Whatever comes back, whoever asked hears of a failure and of nothing else.
    """
    assert reason in failure(lambda _: raw)


def test_an_empty_answer_is_a_failure() -> None:
    """
    Blanks are no answer.
    """
    assert "an empty answer" == failure(lambda _: "  ")


def test_silence_ends_in_time() -> None:
    """
    All of an answer has to come in time, tools included.
    """
    began = time.monotonic()

    assert "no answer within 0.3 s" == failure(lambda _: Raw(wait_seconds=20), patience_seconds=0.3)
    assert "no answer within 0.3 s" == failure(
        lambda _: Raw(_calls(), wait_seconds=0.1), patience_seconds=0.3
    )
    assert time.monotonic() - began < 5


def _calls() -> bytes:
    return json.dumps(completion([("echo", {})])).encode()


def test_asking_for_tools_has_an_end() -> None:
    """
    A model that only asks for tools gives no answer.
    """
    assert "it asked for tools and for nothing else" == failure(lambda _: [("echo", {})])


def test_nobody_there_is_a_failure() -> None:
    """
    An endpoint that does not listen fails at once.
    """
    model = model_at("http://127.0.0.1:9/v1")

    with pytest.raises(ModelFailed, match="Connection"):
        asyncio.run(model.converse(ASKED, []))


def test_a_model_that_is_away_is_left_alone_for_a_while() -> None:
    """
    After some failures in a row nobody waits for it, until it has had its pause.
    """
    broken = True

    def answers(_body: Body) -> Any:
        return Raw(status=500) if broken else "At noon."

    async def ask(model: LanguageModel) -> str:
        try:
            return await model.converse(ASKED, [])
        except ModelFailed as failed:
            return str(failed)

    async def talk() -> None:
        nonlocal broken
        model = model_at(endpoint.url)
        for _ in range(llm.FAILURES_IN_A_ROW):
            assert "500" in await ask(model)
        assert "left alone after failures" == await ask(model)
        broken = False
        await asyncio.sleep(0.25)
        assert "At noon." == await ask(model)
        await model.close()

    with running_endpoint(answers) as endpoint:
        asyncio.run(talk())
        assert llm.FAILURES_IN_A_ROW + 1 == len(endpoint.requests)


def test_so_many_ask_at_once_and_no_more() -> None:
    """
    While as many as allowed wait for the model, one more hears at once that it is busy.
    """

    async def talk() -> list[Any]:
        model = model_at(endpoint.url)
        asked = [model.converse(ASKED, []) for _ in range(llm.MAX_AT_ONCE + 2)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        await model.close()
        return answers

    with running_endpoint(lambda _: "At noon.") as endpoint:
        answers = asyncio.run(talk())

    assert llm.MAX_AT_ONCE == answers.count("At noon.")
    assert ["busy"] * 2 == [str(answer) for answer in answers if isinstance(answer, ModelFailed)]
