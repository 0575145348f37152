"""
Repeated calls: the first answer for a day, and nothing is done twice.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from calendo.core.instants import DAY
from calendo.db.engine import Database
from calendo.db.models import IdempotencyKey
from calendo.errors import IdempotencyKeyReused, SlotUnavailable
from calendo.ops.idempotency import once
from ops.making import NOW, make_host, make_type


class Counting:
    """
    An action that tells how often it was done.
    """

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> dict[str, Any]:
        self.done += 1
        return {"number": self.done, "deep": {"list": [1, None, "é"]}}


@pytest.fixture
def act() -> Counting:
    return Counting()


def test_a_repetition_gets_the_first_answer(db: Database, act: Counting) -> None:
    """
    Within a day the same key and body lead to the same answer, and the action is done once.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        first = once(tx, event_type, "key", "body", NOW, act)
    with db.write() as tx:
        assert first == once(tx, event_type, "key", "body", NOW + DAY - 1, act)

    assert 1 == act.done


def test_another_body_under_the_same_key_is_refused(db: Database, act: Counting) -> None:
    """
    A key stands for one request.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        once(tx, event_type, "key", "body", NOW, act)
        with pytest.raises(IdempotencyKeyReused):
            once(tx, event_type, "key", "another body", NOW, act)

    assert 1 == act.done


def test_a_key_is_forgotten_after_a_day(db: Database, act: Counting) -> None:
    """
    After 24 hours the key may be used anew, with another body too.
    """
    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
        once(tx, event_type, "key", "body", NOW, act)
        assert 2 == once(tx, event_type, "key", "another body", NOW + DAY, act)["number"]


def test_old_keys_are_swept_out(db: Database, act: Counting) -> None:
    """
    Any call sweeps out the keys of all hosts that are a day old, and no younger ones.
    """
    with db.write() as tx:
        one, other = make_type(tx, make_host(tx).id), make_type(tx, make_host(tx).id)
        once(tx, one, "old", "body", NOW, act)
        once(tx, one, "young", "body", NOW + 1, act)
        once(tx, other, "new", "body", NOW + DAY, act)

        assert ["young", "new"] == tx.scalars(select(IdempotencyKey.key).order_by(IdempotencyKey.id)).all()


def test_event_types_have_keys_of_their_own(db: Database, act: Counting) -> None:
    """
    The same key for another event type is another request.
    """
    with db.write() as tx:
        host = make_host(tx)
        answers = [once(tx, make_type(tx, host.id), "key", "body", NOW, act) for _ in range(2)]

    assert [1, 2] == [answer["number"] for answer in answers]


def test_a_refusal_is_not_kept(db: Database, act: Counting) -> None:
    """
    After a refusal the same call may succeed.
    """

    def refuse() -> dict[str, Any]:
        raise SlotUnavailable

    with db.write() as tx:
        event_type = make_type(tx, make_host(tx).id)
    with pytest.raises(SlotUnavailable):
        _once(db, event_type, refuse)

    assert 1 == _once(db, event_type, act)["number"]


def _once(db: Database, event_type: Any, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    with db.write() as tx:
        return once(tx, event_type, "key", "body", NOW, act)
