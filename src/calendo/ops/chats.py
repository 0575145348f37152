"""
Conversations with the assistant: found by their id, written down turn by turn, forgotten after a day.

What a turn settles is the assistant's to know; here it is JSON. Two messages that arrive at
once cannot mix: each turn is written only onto the state that it was reckoned from.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from calendo.core.instants import DAY, Instant
from calendo.db.engine import Tx
from calendo.db.models import ChatSession
from calendo.ops import tokens

#: After so long without a message a conversation is over.
IDLE_SECONDS = DAY
#: So many messages of the invitee's it has at most; the next one begins another.
MAX_MESSAGES = 50
PRUNE_BATCH = 500


@dataclass(frozen=True, slots=True)
class Conversation:
    """
    A conversation up to now; ``row_id`` None is one that has not been written down.

    ``token`` is the id that whoever holds the conversation knows it by, and nobody else can guess.
    """

    token: str
    row_id: int | None = None
    messages: int = 0
    state: dict[str, Any] = field(default_factory=dict)
    transcript: list[Any] = field(default_factory=list)


def open_conversation(tx: Tx, host_id: int, token: str | None, now: Instant) -> Conversation:
    """
    Find a conversation by its id, or begin one.

    One begins where none was named, and where the named one is unknown, another
    host's, over, or full: an id that anybody could make up is never taken over.
    """
    if token is not None:
        row = tx.scalar(
            select(ChatSession).where(
                ChatSession.token_hash == tokens.fingerprint(token),
                ChatSession.host_id == host_id,
                ChatSession.used_ts > now - IDLE_SECONDS,
                ChatSession.messages < MAX_MESSAGES,
            )
        )
        if row is not None:
            return Conversation(token, row.id, row.messages, row.state, row.transcript)
    return Conversation(tokens.new_session_token())


def write_turn(
    tx: Tx,
    host_id: int,
    conversation: Conversation,
    state: dict[str, Any],
    transcript: list[Any],
    now: Instant,
) -> bool:
    """
    Write down what is settled after a message; say whether that was still the next one.

    It was not where another message of the same conversation has been answered meanwhile.
    """
    if conversation.row_id is None:
        tx.add(
            ChatSession(
                host_id=host_id,
                token_hash=tokens.fingerprint(conversation.token),
                messages=1,
                state=state,
                transcript=transcript,
                created_ts=now,
                used_ts=now,
            )
        )
        tx.flush()
        return True
    written = tx.execute(
        update(ChatSession)
        .where(ChatSession.id == conversation.row_id, ChatSession.messages == conversation.messages)
        .values(messages=conversation.messages + 1, state=state, transcript=transcript, used_ts=now)
        .returning(ChatSession.id)
        .execution_options(synchronize_session=False)
    ).first()
    return written is not None


def prune(tx: Tx, now: Instant) -> int:
    """
    Forget conversations that are over, some at a time; return how many that were.
    """
    over = select(ChatSession.id).where(ChatSession.used_ts <= now - IDLE_SECONDS).limit(PRUNE_BATCH)
    ids = tx.scalars(
        delete(ChatSession)
        .where(ChatSession.id.in_(over))
        .returning(ChatSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ids)
