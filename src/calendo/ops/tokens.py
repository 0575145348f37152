"""
Secrets that we hand out and recognize: session tokens and API keys.

Only their SHA-256 is kept. They carry 128 random bits or more, so a slow hash would
add nothing.
"""

import hashlib
import re
import secrets
import zlib

_API_KEY = re.compile(r"cal_([0-9a-f]{40})([0-9a-f]{8})", re.ASCII)


def new_session_token() -> str:
    """
    Make 256 random bits for a session cookie.
    """
    return secrets.token_urlsafe(32)


def new_api_key() -> str:
    """
    Make an API key: ``cal_``, 160 random bits, and a checksum that tells a typing error.
    """
    body = secrets.token_hex(20)
    return f"cal_{body}{_checksum(body)}"


def is_api_key(key: str) -> bool:
    """
    Say whether a key has the form of one of ours, without asking the database.
    """
    match = _API_KEY.fullmatch(key)
    return match is not None and _checksum(match[1]) == match[2]


def fingerprint(secret: str) -> str:
    """
    Return the SHA-256 under which a token is kept.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
