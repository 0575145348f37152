"""
A language model behind any endpoint that speaks the OpenAI chat API, with tools it may ask for.

Whatever goes wrong there is a ``ModelFailed``: whoever asks has an answer without it.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from calendo.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openai import AsyncOpenAI

_log = structlog.get_logger()

#: All of an answer, tools included, may take so long.
PATIENCE_SECONDS = 15.0
#: So many questions are with the model at once; one more is told that it is busy.
MAX_AT_ONCE = 32
#: So many times it may ask for tools, and for so many at a time.
MAX_ROUNDS = 5
MAX_CALLS = 5
#: After so many failures in a row the model is left alone for a while, so that nobody
#: waits in vain while it is away.
FAILURES_IN_A_ROW = 3
PAUSE_SECONDS = 30.0

Message = dict[str, Any]


class ModelFailed(Exception):
    """The language model gave no usable answer."""


@dataclass(frozen=True, slots=True)
class Tool:
    """
    Something the model may ask for: ``parameters`` is a JSON schema, ``run`` takes what fits it.

    ``run`` gets whatever the model sent, as long as that is a JSON object; it answers
    with text, and with text too where the model asked for nonsense.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    run: Callable[[dict[str, Any]], Awaitable[str]]


class LanguageModel:
    """
    Holds a conversation with the model that the settings name.

    The client is made at the first question, since its library takes a second to load.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._base_url = str(settings.llm_base_url)
        self._api_key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
        self._model = settings.llm_model or ""
        self._patience = patience_seconds
        self._pause = pause_seconds
        self._making: asyncio.Future[AsyncOpenAI] | None = None
        self._busy = 0
        self._failures = 0
        self._alone_until = 0.0

    async def converse(self, messages: Sequence[Message], tools: Sequence[Tool]) -> str:
        """
        Return the model's last word on a conversation, after it has used tools as it liked.

        ``messages`` are as the API has them. Raises ``ModelFailed``.
        """
        async with self._counted():
            try:
                async with asyncio.timeout(self._patience):
                    return await self._converse([*messages], {tool.name: tool for tool in tools})
            except ModelFailed:
                raise
            except TimeoutError:
                raise ModelFailed(f"no answer within {self._patience:g} s") from None
            except Exception as error:
                # The library lets answers through that are none, so that anything can be
                # raised on the way; and whatever it is, the invitee has to be answered.
                raise ModelFailed(f"{type(error).__name__}: {error}"[:300]) from error

    async def close(self) -> None:
        """
        Close the connections to the model.
        """
        if self._making is not None:
            await (await self._making).close()

    @asynccontextmanager
    async def _counted(self) -> "AsyncIterator[None]":
        if time.monotonic() < self._alone_until:
            raise ModelFailed("left alone after failures")
        if self._busy >= MAX_AT_ONCE:
            raise ModelFailed("busy")
        self._busy += 1
        try:
            yield
        except ModelFailed:
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                self._alone_until = time.monotonic() + self._pause
                _log.warning("language_model_paused", seconds=self._pause, failures=self._failures)
            raise
        else:
            self._failures = 0
        finally:
            self._busy -= 1

    async def _converse(self, messages: list[Message], tools: Mapping[str, Tool]) -> str:
        client = await self._ready()
        described: list[Any] = [_described(tool) for tool in tools.values()]
        for _ in range(MAX_ROUNDS):
            answer = await client.chat.completions.create(
                model=self._model,
                messages=messages,  # type: ignore[arg-type]  # a list of dicts, as its documentation has it
                tools=described,
            )
            said = answer.choices[0].message
            if not said.tool_calls:
                if not isinstance(said.content, str) or not said.content.strip():
                    raise ModelFailed("an empty answer")
                return said.content
            calls = [_call(call) for call in said.tool_calls[:MAX_CALLS]]
            messages.append({"role": "assistant", "content": said.content, "tool_calls": calls})
            messages += [
                {"role": "tool", "tool_call_id": call["id"], "content": await _run(tools, call["function"])}
                for call in calls
            ]
        raise ModelFailed("it asked for tools and for nothing else")

    async def _ready(self) -> "AsyncOpenAI":
        if self._making is None:
            self._making = asyncio.ensure_future(asyncio.to_thread(self._make))
        # Whoever is out of patience leaves it to be made for the next one.
        return await asyncio.shield(self._making)

    def _make(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI, Omit  # noqa: PLC0415 - only where a model is named

        return AsyncOpenAI(
            base_url=self._base_url,
            # Left out, the library would look for one of its own in the environment and
            # send it to whatever endpoint this is. Local ones want none, and get a word.
            api_key=self._api_key or "none",
            admin_api_key="",
            default_headers={
                "OpenAI-Organization": Omit(),  # type: ignore[dict-item]  # how the library leaves one out
                "OpenAI-Project": Omit(),  # type: ignore[dict-item]  # as above
            },
            timeout=self._patience,
            max_retries=0,
        )


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        },
    }


def _call(call: Any) -> dict[str, Any]:
    # Taken over by name: what else the model sent along need not be understood there.
    function = {"name": str(call.function.name), "arguments": str(call.function.arguments)}
    return {"id": str(call.id), "type": "function", "function": function}


async def _run(tools: Mapping[str, Tool], function: Mapping[str, str]) -> str:
    tool = tools.get(function["name"])
    if tool is None:
        return f"There is no such tool. There are: {', '.join(tools)}."
    try:
        arguments = json.loads(function["arguments"] or "{}")
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        return "The arguments have to be a JSON object."
    return await tool.run(arguments)
