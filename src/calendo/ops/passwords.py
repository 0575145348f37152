"""
Passwords: argon2id with the parameters OWASP names (19 MiB, two passes, one lane).
"""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# A hash takes 19 MiB while it is made; a rush of logins must not take gigabytes.
_turns = BoundedSemaphore(4)


def hash_password(password: str) -> str:
    """
    Hash a password for keeping. Takes tens of milliseconds; call it outside of transactions.
    """
    with _turns:
        return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """
    Say whether a password is the one that was hashed; as slow for None as for a wrong one.
    """
    with _turns:
        try:
            _hasher.verify(_nobodys_hash() if password_hash is None else password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody's password")
