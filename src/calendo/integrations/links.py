"""
Links that act: a token that whoever has it may use, and that rests in no table.

It is derived from the secret key, a purpose, a row's uid and a counter on that row. So it
can be shown again, in a reminder, and is replaced by raising the counter.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_UID_BYTES = 16
_PROOF_BYTES = 20
# Together a multiple of three: base64 has no bits to spare, so each token has one spelling.
_TOKEN_LENGTH = (_UID_BYTES + _PROOF_BYTES) * 4 // 3


class Purpose(StrEnum):
    """
    What a link lets one do.
    """

    MANAGE = "manage"  # an invitee sees, moves and cancels a booking
    DECIDE = "decide"  # a host confirms or declines one
    FEED = "feed"  # a calendar reads all bookings of a host
    RESET = "reset"  # a host sets a new password


class Links:
    """
    Makes and checks the tokens of links.
    """

    def __init__(self, secret_key: bytes) -> None:
        self._key = HKDF(SHA256(), length=32, salt=None, info=b"calendo links 1").derive(secret_key)

    def token(self, purpose: Purpose, uid: str, counter: int) -> str:
        """
        Return the token for a row: 48 characters that need no escaping in an address.
        """
        return urlsafe_b64encode(UUID(uid).bytes + self._proof(purpose, uid, counter)).decode()

    def fits(self, token: str, purpose: Purpose, uid: str, counter: int) -> bool:
        """
        Say whether a token is the present one for a row.
        """
        return hmac.compare_digest(token.encode(), self.token(purpose, uid, counter).encode())

    def _proof(self, purpose: Purpose, uid: str, counter: int) -> bytes:
        text = f"{purpose} {UUID(uid)} {counter}"
        return hmac.digest(self._key, text.encode(), "sha256")[:_PROOF_BYTES]


def uid_in(token: str) -> str | None:
    """
    Return the uid that a token names, whether or not it is a good one; None if it is no token.
    """
    if len(token) != _TOKEN_LENGTH or not token.isascii():
        return None
    try:
        uid = urlsafe_b64decode(token)[:_UID_BYTES]
    except ValueError:
        return None
    return str(UUID(bytes=uid)) if len(uid) == _UID_BYTES else None
