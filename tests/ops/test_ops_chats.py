"""
Conversations: found by an id that cannot be guessed, written turn by turn, and forgotten.
"""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from calendo.core.instants import DAY
from calendo.db.engine import Database
from calendo.db.models import ChatSession
from calendo.ops import chats
from calendo.worker.chores import Chores
from ops.making import NOW, make_host

STATE: dict[str, Any] = {"event_slug": "call", "offered": [NOW]}


def say(db: Database, host_id: int, token: str | None = None, now: int = NOW) -> str:
    """
    Hold one turn, and return the conversation's id.
    """
    with db.write() as tx:
        conversation = chats.open_conversation(tx, host_id, token, now)
        assert chats.write_turn(tx, host_id, conversation, STATE, [["user", "Hi"]], now)
        return conversation.token


def count(db: Database) -> int:
    with db.read() as tx:
        return tx.scalar(select(func.count()).select_from(ChatSession)) or 0


def test_a_conversation_goes_on(db: Database) -> None:
    """
    What was written down is there at the next message, and the count rises.
    """
    with db.write() as tx:
        host_id = make_host(tx).id
    token = say(db, host_id)

    with db.read() as tx:
        found = chats.open_conversation(tx, host_id, token, NOW + DAY - 1)
    assert (token, 1, STATE, [["user", "Hi"]]) == (
        found.token,
        found.messages,
        found.state,
        found.transcript,
    )
    assert token == say(db, host_id, token)
    assert 1 == count(db)


def test_the_id_does_not_rest_in_the_table(db: Database) -> None:
    """
    Whoever reads the table cannot go on with a conversation.
    """
    with db.write() as tx:
        host_id = make_host(tx).id
    token = say(db, host_id)

    with db.read() as tx:
        (row,) = tx.scalars(select(ChatSession))
        assert token not in str(vars(row))


def test_another_one_begins(db: Database) -> None:
    """
    Where the id is unknown, made up, another host's, or the conversation is over or full.
    """
    with db.write() as tx:
        host_id, other_id = make_host(tx).id, make_host(tx, name="Other").id
    tokens = {name: say(db, host_id) for name in ("old", "full", "foreign")}
    with db.write() as tx:
        tx.execute(update(ChatSession).where(ChatSession.id == 2).values(messages=chats.MAX_MESSAGES))

    with db.read() as tx:
        opened = [
            chats.open_conversation(tx, host_id, None, NOW),
            chats.open_conversation(tx, host_id, "abc-123", NOW),
            chats.open_conversation(tx, host_id, tokens["old"], NOW + DAY),
            chats.open_conversation(tx, host_id, tokens["full"], NOW),
            chats.open_conversation(tx, other_id, tokens["foreign"], NOW),
        ]
    assert [(None, 0, {})] * 5 == [(each.row_id, each.messages, each.state) for each in opened]
    assert 5 == len({each.token for each in opened} - set(tokens.values()) - {"abc-123"})


def test_two_turns_at_once_do_not_mix(db: Database) -> None:
    """
    Of two turns that were reckoned from the same state the second is not written.
    """
    with db.write() as tx:
        host_id = make_host(tx).id
    token = say(db, host_id)
    with db.read() as tx:
        known = chats.open_conversation(tx, host_id, token, NOW)

    with db.write() as tx:
        assert chats.write_turn(tx, host_id, known, {"turn": "first"}, [], NOW)
    with db.write() as tx:
        assert not chats.write_turn(tx, host_id, known, {"turn": "second"}, [], NOW)

    with db.read() as tx:
        found = chats.open_conversation(tx, host_id, token, NOW)
    assert ({"turn": "first"}, 2) == (found.state, found.messages)


@pytest.mark.parametrize(("age", "left"), [(DAY - 1, 1), (DAY, 0)])
def test_conversations_are_forgotten_after_a_day(age: int, left: int, db: Database) -> None:
    """
    The worker's chores take out those without a message for 24 hours, and no others.
    """
    with db.write() as tx:
        host_id = make_host(tx).id
    say(db, host_id)

    Chores(db).do(NOW + age)

    assert left == count(db)
