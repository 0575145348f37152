"""
Which addresses a webhook may be registered for and sent to.

A name behind https is not resolved when it is registered: what it points to can change
any time, so the address is checked when a connection is made.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from calendo.errors import ForbiddenAddress
from calendo.settings import Network

MAX_URL_LENGTH = 2000

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
# All of IPv6 that the internet routes; ipaddress also calls global what is merely
# deprecated, such as site-local fec0::/10 and the IPv4-compatible ::127.0.0.1.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# Relays of 6to4, given up in RFC 7526, and documentation since RFC 9637.
_NOT_ROUTED = (IPv4Network("192.88.99.0/24"), IPv6Network("3fff::/20"))


def check_webhook_url(url: str, allowed: Iterable[Network]) -> None:
    """
    Raise ``ForbiddenAddress`` unless a webhook may be sent to ``url``.

    https to a name or a public address; plain http only where every address
    of the host lies in ``allowed``. Resolves a name behind http, so call it
    outside of transactions.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ForbiddenAddress("url: this is not a valid address.") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise ForbiddenAddress("url: give an address that begins with https://.")
    if len(url) > MAX_URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        raise ForbiddenAddress(
            f"url: give at most {MAX_URL_LENGTH} plain characters, others percent-encoded."
        )
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddress("url: leave out the user name and password.")
    allowed = tuple(allowed)
    literal = literal_address(host)
    if parts.scheme == "http":
        found = [literal] if literal else _resolve(host)
        if not found or not all(within(address, allowed) for address in found):
            raise ForbiddenAddress(
                "url: webhooks go to https addresses; plain http is for the networks in "
                "CALENDO_WEBHOOK_ALLOWED_NETWORKS."
            )
    elif literal is not None:
        if not is_public(literal) and not within(literal, allowed):
            raise ForbiddenAddress
    elif is_localhost(host) and not allowed:
        raise ForbiddenAddress


def literal_address(host: str) -> Address | None:
    """
    Read a host that is an address, in any spelling the resolver takes (``0x7f.1``, ``2130706433``).
    """
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """
    Say whether an address belongs to the public internet, looking through IPv6 wrappings.
    """
    if isinstance(address, IPv6Address):
        if address in _NAT64_LOCAL:
            return False
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address.teredo is not None:
            return False
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_UNICAST:
            return False
    return address.is_global and not address.is_multicast and not within(address, _NOT_ROUTED)


def is_localhost(host: str) -> bool:
    """
    Say whether a name is ``localhost`` or below it: RFC 6761 means the machine itself by all of them.
    """
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


def within(address: Address, networks: Iterable[Network]) -> bool:
    """
    Say whether one of the networks holds an address; an IPv4 address wrapped for IPv6 counts as itself.
    """
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in networks)


def _resolve(host: str) -> list[Address]:
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(info[4][0]).partition("%")[0]) for info in infos]
