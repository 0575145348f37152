"""
What a conversation has settled so far, and how that rests between two messages.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from calendo.core.instants import Instant
from calendo.core.phrases import Understood

#: So many of the times that were shown are remembered, for "any others?".
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Settled:
    """
    What holds for the next message.

    ``wish`` is what was understood about days and times, ``offered`` the starts that the
    last answer offered, in its order, and ``shown`` all since the wish changed;
    ``asked`` are the slugs between which the last answer asked to choose.
    """

    language: str | None = None
    event_slug: str | None = None
    wish: Understood | None = None
    offered: tuple[Instant, ...] = ()
    shown: tuple[Instant, ...] = ()
    asked: tuple[str, ...] = ()


_adapter = TypeAdapter(Settled)


def to_state(settled: Settled) -> dict[str, Any]:
    """
    Write it as JSON values.
    """
    state: dict[str, Any] = _adapter.dump_python(settled, mode="json")
    return state


def from_state(state: dict[str, Any]) -> Settled:
    """
    Read what ``to_state`` wrote; what another version wrote and cannot be read is forgotten.
    """
    try:
        return _adapter.validate_python(state)
    except ValidationError:
        return Settled()
