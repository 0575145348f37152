"""
How a webhook is signed, and how a receiver can tell.

Two schemes go side by side, over the same bytes: ``X-Calendo-Signature``, which is the body's
HMAC alone, and the three headers of Standard Webhooks (version 1), which also sign when it
was sent and which message it is, so that nobody can send an old one again.
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from calendo.core.instants import Instant

BODY_SIGNATURE = "X-Calendo-Signature"
MESSAGE_ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURES = "webhook-signature"

#: How far the clocks of sender and receiver may be apart; Standard Webhooks' own figure.
TOLERANCE_SECONDS = 300

_PREFIX = "whsec_"
# Standard Webhooks asks for 24 to 64 bytes; shorter ones are read as text.
_SHORTEST_KEY_BYTES = 24
# Twenty digits are more seconds than any clock has, and int() need not read a megabyte.
_LONGEST_TIMESTAMP = 20


class Verification(NamedTuple):
    """
    What is wrong with each of the two signatures; None where it fits.
    """

    body_problem: str | None
    message_problem: str | None

    @property
    def is_genuine(self) -> bool:
        """
        Whether the call was signed with the secret, not long ago.
        """
        return self.message_problem is None


def sign(secret: str, former_secret: str | None, uid: str, body: bytes, now: Instant) -> dict[str, str]:
    """
    Return the headers that sign a body.

    While a ``former_secret`` is still good, ``webhook-signature`` holds a signature by each,
    the present one first; ``X-Calendo-Signature`` has room for one and is by the present secret.
    """
    secrets = [secret] if former_secret is None else [secret, former_secret]
    return {
        BODY_SIGNATURE: body_signature(secret, body),
        MESSAGE_ID: uid,
        TIMESTAMP: str(now),
        SIGNATURES: " ".join(message_signature(each, uid, str(now), body) for each in secrets),
    }


def body_signature(secret: str, body: bytes) -> str:
    """
    Return ``X-Calendo-Signature``: HMAC-SHA256 of the body in hex, under the secret's bytes as they are.
    """
    return hmac.digest(secret.encode(), body, "sha256").hex()


def message_signature(secret: str, uid: str, timestamp: str, body: bytes) -> str:
    """
    Return one signature for ``webhook-signature``: ``v1,`` and the base64 of an HMAC-SHA256.
    """
    signed = hmac.digest(message_key(secret), f"{uid}.{timestamp}.".encode(errors="replace") + body, "sha256")
    return "v1," + base64.b64encode(signed).decode()


def message_key(secret: str) -> bytes:
    """
    Return the key of ``message_signature``.

    It is what the base64 after ``whsec_`` stands for, if it is base64 and 24 bytes or more;
    otherwise the bytes of the secret itself, prefix and all.
    """
    if secret.startswith(_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (ValueError, binascii.Error):
            key = b""
        if len(key) >= _SHORTEST_KEY_BYTES:
            return key
    return secret.encode()


def verify(
    secret: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]],
    body: bytes,
    now: Instant,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> Verification:
    """
    Check a received call: its headers, under names in any case, and its body's bytes.
    """
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    received = {name.lower(): value for name, value in pairs}
    return Verification(
        _body_problem(secret, received.get(BODY_SIGNATURE.lower()), body),
        _message_problem(secret, received, body, now, tolerance_seconds),
    )


def _body_problem(secret: str, signature: str | None, body: bytes) -> str | None:
    if signature is None:
        return f"The header {BODY_SIGNATURE} is missing."
    if not _same(signature, body_signature(secret, body)):
        return f"The {BODY_SIGNATURE} does not fit the body and the secret."
    return None


def _message_problem(
    secret: str, headers: Mapping[str, str], body: bytes, now: Instant, tolerance_seconds: int
) -> str | None:
    for name in (MESSAGE_ID, TIMESTAMP, SIGNATURES):
        if not headers.get(name):
            return f"The header {name} is missing."
    timestamp = headers[TIMESTAMP]
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return f"The {TIMESTAMP} is not a number of seconds."
    expected = message_signature(secret, headers[MESSAGE_ID], timestamp, body)
    # No short cut: how long this takes tells nothing about which one fits.
    if not any([_same(given, expected) for given in headers[SIGNATURES].split(" ")]):  # noqa: C419 - see above
        return f"No {SIGNATURES} fits the body, the other headers and the secret."
    if int(timestamp) < now - tolerance_seconds:
        return f"The {TIMESTAMP} is more than {tolerance_seconds} seconds ago."
    if int(timestamp) > now + tolerance_seconds:
        return f"The {TIMESTAMP} is more than {tolerance_seconds} seconds ahead."
    return None


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
