"""
The scheduling assistant's endpoint: an invitee writes, and gets words and free times.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from calendo.chat import advice, conversation
from calendo.chat.advice import Draft
from calendo.chat.choices import Choice
from calendo.chat.conversation import Message, Scene, Turn
from calendo.chat.decide import Action
from calendo.core.instants import Instant, get_zone, to_datetime, written_iso
from calendo.db.engine import Database, Tx
from calendo.errors import NotFound, Unavailable
from calendo.i18n import translations
from calendo.integrations.llm import LanguageModel, ModelFailed
from calendo.ops.chats import MAX_MESSAGES
from calendo.web.api.answers import ANY, BODY
from calendo.web.api.fields import FILLED, TRIMMED, Body, LocaleTag, Zone, example
from calendo.web.deps import Db, Model, Now
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute

router = APIRouter(prefix="/api/ai", tags=["AI chat"], route_class=ApiRoute)

MAX_LETTERS = 10_000
_log = structlog.get_logger()

_SLOT = {
    "start_time": "2026-03-10T19:00:00Z",
    "date": "2026-03-10",
    "time": "12:00",
    "label": "Tue, Mar 10, 12:00 PM",
}
_SUGGESTION = {
    "type": "suggest_booking",
    "event_slug": "30-minute-call",
    "preferred_dates": ["2026-03-10"],
    "preferred_time": "afternoon",
    "timezone": "America/Los_Angeles",
    "slots": [_SLOT],
    "event_types": [],
}


class ChatIn(Body):
    """
    A message to the assistant; ``session_id`` goes on with a conversation.

    ``timezone`` is where the invitee is, by default where the host is; ``locale`` is the
    language to answer in, by default that of the message.
    """

    model_config = example(
        {"booking_page_slug": "jane-smith", "message": "I need a 30 minute call next Tuesday afternoon"}
    )

    booking_page_slug: Annotated[str, Field(max_length=200)]
    message: Annotated[
        str,
        StringConstraints(min_length=1, max_length=MAX_LETTERS),
        TRIMMED,
        FILLED,
        Field(json_schema_extra={"pattern": r"\S"}),
    ]
    session_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    timezone: Zone | None = None
    locale: LocaleTag | None = None

    def to_message(self) -> Message:
        """
        Turn the names into what they name.
        """
        zone = None if self.timezone is None else get_zone(self.timezone)
        return Message(self.booking_page_slug, self.message, self.session_id, zone, self.locale)


class SlotOut(BaseModel):
    """
    A time that can be booked: in UTC, on the clock of ``timezone``, and as the invitee writes it.
    """

    model_config = example(_SLOT)

    start_time: str
    date: str
    time: str
    label: str

    @classmethod
    def of(cls, start: Instant, zone: ZoneInfo, locale: str | None) -> Self:
        """
        Write a start.
        """
        local = to_datetime(start, zone)
        return cls(
            start_time=written_iso(start),
            date=local.date().isoformat(),
            time=f"{local:%H:%M}",
            label=translations(locale, "chat").moment(start, zone),
        )


class ChoiceOut(BaseModel):
    """
    An event type to choose.
    """

    slug: str
    name: str
    duration_minutes: int

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """
        Render an event type.
        """
        return cls(slug=choice.slug, name=choice.name, duration_minutes=choice.duration_minutes)


class ActionOut(BaseModel):
    """
    What the page can do next. Dates and times are those understood, on the clock of ``timezone``.

    ``slots`` are up to five free times that match, or the nearest where none does.
    """

    model_config = example(_SUGGESTION)

    type: Literal["suggest_booking", "show_times", "choose_event_type", "no_availability"]
    event_slug: str | None
    preferred_dates: list[str]
    preferred_time: Annotated[
        str | None, Field(description="`HH:MM`, or `morning`, `afternoon` or `evening`")
    ]
    timezone: str
    slots: list[SlotOut]
    event_types: Annotated[list[ChoiceOut], Field(description="To choose from, with `choose_event_type`")]

    @classmethod
    def of(cls, action: Action, locale: str | None) -> Self:
        """
        Render what was decided.
        """
        return cls(
            type=action.kind.value,
            event_slug=action.choice.slug if action.choice else None,
            preferred_dates=[day.isoformat() for day in action.dates],
            preferred_time=action.time,
            timezone=action.zone.key,
            slots=[SlotOut.of(start, action.zone, locale) for start in action.slots],
            event_types=[ChoiceOut.of(choice) for choice in action.choices],
        )


class ChatOut(BaseModel):
    """
    The assistant's answer. Send ``session_id`` with the next message.

    It is a new one where a conversation begins: also after a day, or after 50 messages.
    """

    model_config = example(
        {
            "session_id": "Wm0Xb3pXjv5Y4cQm2nJt0a1s8uG7dRkL9hZeT6fVxBo",
            "message": "30 Minute Call: Tue, Mar 10, 12:00 PM is free. Choose it to book.",
            "action": _SUGGESTION,
        }
    )

    session_id: str
    message: str
    action: ActionOut | None


@router.post("/chat", summary="Talk to the assistant", responses=errors(*ANY, *BODY, NotFound))
async def chat(body: ChatIn, db: Db, now: Now, model: Model) -> ChatOut:
    """
    Answer an invitee's message with the event type that suits it and times that are free.

    The assistant books nothing itself: the invitee books one of the `slots`. `action` is
    null where the message is not about times.
    """
    message = body.to_message()
    asked: tuple[Scene, Draft] | None = None
    if model is not None:
        scene = await run_sync(_load, db, message, now)
        draft = await _ask(model, db, scene)
        asked = None if draft is None else (scene, draft)
    return await run_sync(_answer, db, message, now, asked, model is not None)


async def _ask(model: LanguageModel, db: Database, scene: Scene) -> Draft | None:
    # Nothing is held while the model thinks: no thread, no transaction.
    async def look(choice: Choice, dates: tuple[date, date], zone: ZoneInfo) -> Any:
        return await run_sync(_look, db, scene, choice, dates, zone)

    try:
        return await advice.ask(model, scene, look)
    except ModelFailed as failure:
        _log.warning("language_model_unused", reason=str(failure))
        return None


def _load(db: Database, message: Message, now: Instant) -> Scene:
    with db.read() as tx:
        return conversation.load(tx, message, now)


def _look(db: Database, scene: Scene, choice: Choice, dates: tuple[date, date], zone: ZoneInfo) -> Any:
    with db.read() as tx:
        return conversation.look_up(tx, scene, choice, dates, zone)


def _answer(
    db: Database, message: Message, now: Instant, asked: tuple[Scene, Draft] | None, remembers: bool
) -> ChatOut:
    """
    Reckon the answer and write down what is settled, again if another message came in between.
    """
    for _ in range(MAX_MESSAGES):
        with db.read() as tx:
            scene = conversation.load(tx, message, now)
            turn = _turn(tx, scene, asked)
        transcript = advice.remembered(scene, turn) if remembers else []
        with db.write() as tx:
            written = conversation.settle(tx, scene, turn, transcript)
        if written:
            action = None if turn.action is None else ActionOut.of(turn.action, turn.language)
            return ChatOut(session_id=scene.conversation.token, message=turn.message, action=action)
    raise Unavailable


def _turn(tx: Tx, scene: Scene, asked: tuple[Scene, Draft] | None) -> Turn:
    # What the model said answers the conversation that it was told, and no other.
    if asked is not None and asked[0].conversation.messages == scene.conversation.messages:
        try:
            return advice.checked(tx, scene, asked[1])
        except ModelFailed as failure:
            _log.warning("language_model_unused", reason=str(failure))
    return conversation.take_turn(tx, scene)
