"""
What the operations' descriptions share: errors by kind of operation, and ``{"ok": true}``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from calendo.db.models import STATUSES
from calendo.errors import (
    BodyTooLarge,
    CalendoError,
    CrossSite,
    InvalidInput,
    NestedTooDeep,
    NotJson,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from calendo.web.api.fields import example

#: Any call can meet these.
ANY = (InvalidInput, RateLimited, CalendoError, Unavailable)
#: Calls that bring a body.
BODY = (NestedTooDeep, BodyTooLarge, NotJson)
#: Calls that need a user.
USER = (Unauthenticated,)
#: Calls that need a user and change something.
CHANGE = (Unauthenticated, CrossSite, *BODY)


#: A flag as answers have it.
Bit = Annotated[int, Field(ge=0, le=1)]
#: An instant as answers write it, in UTC.
Written = Annotated[
    str,
    Field(json_schema_extra={"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"}),
]


class Ok(BaseModel):
    """
    It is done.
    """

    model_config = example({"ok": True})

    ok: Literal[True] = True


Status = Annotated[str, Field(json_schema_extra={"enum": list(STATUSES)})]

#: An example: what both sides see of a booking.
BOOKED = {
    "uid": "a1b2c3d4-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
    "invitee_name": "Bob Johnson",
    "invitee_email": "bob@example.com",
    "start_time": "2026-03-10 19:00:00",
    "end_time": "2026-03-10 19:30:00",
    "status": "confirmed",
    "timezone": "America/New_York",
    "locale": "en-US",
    "notes": "Looking forward to it.",
    "answers": {"company": "Acme"},
}
