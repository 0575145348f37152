"""
One turn of a conversation: load what it needs, decide, and write down what is settled then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from calendo.chat import decide
from calendo.chat.answer import Words, worded
from calendo.chat.choices import Choice
from calendo.chat.decide import Action, Decision, Search
from calendo.chat.hearing import Heard, hear
from calendo.chat.settled import Settled, from_state, to_state
from calendo.core.instants import Instant, get_zone
from calendo.db.engine import Tx, query_in
from calendo.db.models import EventType
from calendo.ops import booking_pages, chats, schedules, slots
from calendo.ops.chats import Conversation


@dataclass(frozen=True, slots=True)
class Message:
    """
    What an invitee writes, and what their browser tells along: a zone and a language, or neither.
    """

    page_slug: str
    text: str
    session_id: str | None = None
    zone: ZoneInfo | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """
    All that a turn is reckoned from: what the page shows to everybody, and the conversation.

    ``zone`` is the invitee's, or that of the host's default schedule.
    """

    message: Message
    host_id: int
    host: str
    bio: str
    choices: tuple[Choice, ...]
    zone: ZoneInfo
    conversation: Conversation
    now: Instant


@dataclass(frozen=True, slots=True)
class Turn:
    """
    What is answered to a message, in which language, and what is settled with it.
    """

    message: str
    action: Action | None
    settled: Settled

    @property
    def language(self) -> str | None:
        """
        The language that the answer is in.
        """
        return self.settled.language


def load(tx: Tx, message: Message, now: Instant) -> Scene:
    """
    Load the page and the conversation. Secret event types are not part of it.
    """
    page = booking_pages.get_public_page(tx, message.page_slug)
    return Scene(
        message=message,
        host_id=page.host_id,
        host=page.display_name,
        bio=page.bio,
        choices=tuple(_choice(row) for row in booking_pages.list_public_types(tx, page)),
        zone=message.zone or get_zone(schedules.get_default(tx, page.host_id).timezone),
        conversation=chats.open_conversation(tx, page.host_id, message.session_id, now),
        now=now,
    )


def take_turn(tx: Tx, scene: Scene) -> Turn:
    """
    Answer a message by what is built in.
    """
    heard = hear(
        scene.message.text,
        from_state(scene.conversation.state),
        scene.choices,
        scene.now,
        scene.zone,
        scene.message.locale,
    )
    return answered(scene, heard, _decide(tx, scene, heard))


def answered(scene: Scene, heard: Heard, decision: Decision) -> Turn:
    """
    Put a decision into words.
    """
    names_zone = scene.message.zone is None or heard.zone != scene.zone
    message = worded(Words(decision, heard, scene.host, names_zone))
    return Turn(message, decision.action, decision.settled)


def settle(tx: Tx, scene: Scene, turn: Turn, transcript: list[Any]) -> bool:
    """
    Write a turn down; False where another message of the conversation came in between.
    """
    return chats.write_turn(
        tx, scene.host_id, scene.conversation, to_state(turn.settled), transcript, scene.now
    )


def _decide(tx: Tx, scene: Scene, heard: Heard) -> Decision:
    begun = decide.begin(heard, scene.choices)
    return begun if isinstance(begun, Decision) else found(tx, scene, begun)


def found(tx: Tx, scene: Scene, search: Search) -> Decision:
    """
    Look up what was decided to look up, until something matches or there is no more.
    """
    zone = search.heard.zone
    for span in search.spans:
        matches = decide.matching(search, look_up(tx, scene, search.choice, span, zone))
        if matches:
            return decide.offer(search, matches)
    nearby = (look_up(tx, scene, search.choice, span, zone) for span in search.around)
    return decide.instead(search, next(filter(None, nearby), ()), scene.now)


def look_up(
    tx: Tx, scene: Scene, choice: Choice, dates: tuple[date, date], zone: ZoneInfo
) -> Sequence[Instant]:
    """
    List the starts of an event type from one date to another, by the look-up that the API uses.
    """
    return slots.look_up(query_in(tx), scene.message.page_slug, choice.slug, dates, zone, scene.now)


def _choice(row: EventType) -> Choice:
    return Choice(
        slug=row.slug,
        name=row.name,
        description=row.description,
        duration_minutes=row.duration_minutes,
        location_type=row.location_type,
        min_notice_hours=row.min_notice_hours,
        max_future_days=row.max_future_days,
    )
