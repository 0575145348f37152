"""
Deliveries: what is on its way to an endpoint or a mailbox, and what came of each attempt.
"""

from dataclasses import dataclass
from typing import Any

from calendo.core.instants import Instant


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A delivery that a worker holds the lease of, with all that sending takes.

    For a webhook ``url`` and the secrets are set; ``former_secret_encrypted`` only while
    that secret still signs. For a mail ``recipient`` ("host" or "invitee") and ``facts``
    are, and ``link_counter`` where it is about a booking.
    """

    id: int
    claim: int
    lane: int
    topic: str
    message_uid: str
    payload: str
    created_ts: Instant
    url: str | None
    secret_encrypted: str | None
    former_secret_encrypted: str | None
    recipient: str | None
    facts: dict[str, Any] | None
    link_counter: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What came of an attempt: delivered if ``error`` is None.

    ``status_code`` is what the endpoint, or the mail server, answered with, and ``answer``
    the first KiB of what it said. After an ``is_final`` failure no further attempt makes sense.
    """

    status_code: int | None = None
    error: str | None = None
    answer: str | None = None
    is_final: bool = False
