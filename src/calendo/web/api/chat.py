"""
The scheduling assistant's endpoint. It does not read the message yet; it proposes free times.
"""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from calendo.errors import NotFound
from calendo.ops import chats
from calendo.ops.chats import Proposal
from calendo.web.api.answers import ANY, BODY
from calendo.web.api.fields import FILLED, TRIMMED, Body, example
from calendo.web.deps import Db, Now
from calendo.web.problems import errors
from calendo.web.routing import ApiRoute

router = APIRouter(prefix="/api/ai", tags=["AI chat"], route_class=ApiRoute)


_SUGGESTION = {
    "type": "suggest_booking",
    "event_slug": "30-minute-call",
    "preferred_dates": ["2026-03-10"],
    "preferred_time": "afternoon",
}


class ChatIn(Body):
    """
    A message to the assistant; ``session_id`` goes on with a conversation.
    """

    model_config = example(
        {"booking_page_slug": "jane-smith", "message": "I need a 30 minute call next Tuesday afternoon"}
    )

    booking_page_slug: Annotated[str, Field(max_length=200)]
    message: Annotated[
        str,
        StringConstraints(min_length=1, max_length=4000),
        TRIMMED,
        FILLED,
        Field(json_schema_extra={"pattern": r"\S"}),
    ]
    session_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None


class SuggestBooking(BaseModel):
    """
    What to show the invitee: an event type and the dates to look at.
    """

    model_config = example(_SUGGESTION)

    type: Literal["suggest_booking"] = "suggest_booking"
    event_slug: str
    preferred_dates: list[str]
    preferred_time: str | None


class ChatOut(BaseModel):
    """
    The assistant's answer.
    """

    model_config = example(
        {
            "session_id": "abc-123",
            "message": "Jane Smith offers 30 Minute Call (30 minutes). "
            "The next dates with free times: 2026-03-10.",
            "action": _SUGGESTION,
        }
    )

    session_id: str
    message: str
    action: SuggestBooking | None


@router.post("/chat", summary="Talk to the assistant", responses=errors(*ANY, *BODY, NotFound))
def chat(body: ChatIn, db: Db, now: Now) -> ChatOut:
    """
    Answer an invitee with an event type and the next dates on which it has free times.

    The assistant does not take the message's wishes into account yet.
    """
    with db.read() as tx:
        host, proposal = chats.propose(tx, body.booking_page_slug, now)
    session_id = body.session_id or str(uuid4())
    if proposal is None:
        message = f"{host} has no free times in the coming weeks."
        return ChatOut(session_id=session_id, message=message, action=None)
    return ChatOut(session_id=session_id, message=_worded(host, proposal), action=_action(proposal))


def _worded(host: str, proposal: Proposal) -> str:
    dates = ", ".join(day.isoformat() for day in proposal.dates)
    return (
        f"{host} offers {proposal.event_name} ({proposal.duration_minutes} minutes). "
        f"The next dates with free times: {dates}."
    )


def _action(proposal: Proposal) -> SuggestBooking:
    return SuggestBooking(
        event_slug=proposal.event_slug,
        preferred_dates=[day.isoformat() for day in proposal.dates],
        preferred_time=proposal.part_of_day,
    )
