"""
Who is calling: an API key, a session cookie, or nobody; and from which address and site.
"""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from calendo.core.instants import Instant
from calendo.db.engine import Database
from calendo.errors import CrossSite
from calendo.ops import api_keys, sessions
from calendo.settings import Network

SESSION_COOKIE = "session"
#: Where in a request's scope the gate puts the ``Identity`` it found.
IDENTITY = "calendo.identity"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Identity:
    """
    A user who is authenticated; ``session_token`` None means by API key.
    """

    user_id: int
    session_token: str | None = None


def session_token(headers: Headers) -> str | None:
    """
    Return the session cookie's value, if there is one.
    """
    cookies = headers.get("cookie")
    return cookie_parser(cookies).get(SESSION_COOKIE) if cookies else None


def carries_credential(headers: Headers) -> bool:
    """
    Say whether a call brings a key or a cookie that could be valid.
    """
    return "x-api-key" in headers or session_token(headers) is not None


def identify(db: Database, headers: Headers, now: Instant) -> Identity | None:
    """
    Find who is calling. A key that is sent decides, even if a cookie is there too.
    """
    key = headers.get("x-api-key")
    if key is not None:
        with db.read() as tx:
            row = api_keys.find_valid(tx, key, now)
        if row is None:
            return None
        if not api_keys.use_is_noted(row, now):
            with db.write() as tx:
                api_keys.note_use(tx, row.id, now)
        return Identity(row.user_id)
    return identify_by_session(db, headers, now)


def identify_by_session(db: Database, headers: Headers, now: Instant) -> Identity | None:
    """
    Find whose browser is calling, by its cookie alone.
    """
    token = session_token(headers)
    if token is None:
        return None
    with db.read() as tx:
        session = sessions.find_session(tx, token, now)
    if session is None:
        return None
    if not sessions.use_is_noted(session, now):
        with db.write() as tx:
            sessions.note_use(tx, session.id, now)
    return Identity(session.user_id, token)


def check_site(method: str, headers: Headers) -> None:
    """
    Refuse a call with a cookie that changes something and comes from another site.

    Browsers say so in ``Sec-Fetch-Site``, older ones in ``Origin``; programs send
    neither and pass.
    """
    if method in _SAFE_METHODS:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in _OWN_SITE:
            raise CrossSite
        return
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        raise CrossSite


def client_address(peer: str, forwarded: str | None, trusted: tuple[Network, ...]) -> str:
    """
    Return the address a call counts for.

    ``X-Forwarded-For`` is read from its end for as long as trusted proxies wrote it.
    IPv6 counts by /64, which is what one customer gets.
    """
    address = _parse(peer)
    hops = forwarded.split(",") if forwarded and trusted else []
    while address is not None and hops and any(address in network for network in trusted):
        hop = _parse(hops.pop().strip())
        if hop is None:
            break
        address = hop
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return peer if address is None else str(address)


@lru_cache(maxsize=4096)
def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
