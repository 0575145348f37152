"""
What the operations' descriptions share: errors by kind of operation, and ``{"ok": true}``.
"""

from typing import Literal

from pydantic import BaseModel

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

#: Any call can meet these.
ANY = (InvalidInput, RateLimited, CalendoError, Unavailable)
#: Calls that bring a body.
BODY = (NestedTooDeep, BodyTooLarge, NotJson)
#: Calls that need a user.
USER = (Unauthenticated,)
#: Calls that need a user and change something.
CHANGE = (Unauthenticated, CrossSite, *BODY)


class Ok(BaseModel):
    """
    It is done.
    """

    ok: Literal[True] = True
