"""
Sockets that listen, and the addresses at which others find them.
"""

import socket

from calendo.settings import SetupError


def listen(host: str, port: int) -> socket.socket:
    """
    Listen on a port of an address or name; port 0 takes a free one. Raises ``SetupError``.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(2048)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", "this is not a name")
        raise SetupError(
            f"Cannot listen on {host} port {port}: {why}. Choose another with --host and --port."
        ) from None
    return listener


def reachable(host: str) -> str:
    """
    Return where somebody on this machine finds what listens on ``host``.
    """
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


def address(host: str, port: int) -> str:
    """
    Write a base URL.
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
