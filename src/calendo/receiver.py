"""
A small receiver for trying webhooks out: it prints what arrives, and whether the signatures fit.

It is no model of a receiver to run for good: it forgets everything when it ends.
"""

import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from calendo.core.instants import Instant, written
from calendo.core.signing import MESSAGE_ID, verify

#: What Calendo sends is far below this.
MAX_BODY_BYTES = 1024 * 1024
_REMEMBERED = 10_000
_PATIENCE_SECONDS = 10


class Receiver(ThreadingHTTPServer):
    """
    An HTTP server on a socket that listens already; it answers every POST with one status.

    ``show`` is given the text of each arrival, one after the other.
    """

    daemon_threads = True

    def __init__(
        self,
        listener: socket.socket,
        secret: str | None,
        status: int,
        clock: Callable[[], Instant],
        show: Callable[[str], object],
    ) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = listener.getsockname()[:2]
        self.secret = secret
        self.status = status
        self.clock = clock
        self._show = show
        self._showing = threading.Lock()
        # A dict keeps the order in which ids came, a set would not.
        self._seen: dict[str, None] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """
        Leave out the traceback of a sender that hung up.
        """

    def take(self, headers: list[tuple[str, str]], body: bytes) -> None:
        """
        Show an arrival.
        """
        with self._showing:
            self._show("\n".join(printable(line) for line in self._lines(headers, body)) + "\n")

    def _lines(self, headers: list[tuple[str, str]], body: bytes) -> list[str]:
        now = self.clock()
        message_id = next((value for name, value in headers if name.lower() == MESSAGE_ID), "")
        topic, text = _read(body)
        lines = [f"{written(now)} UTC  {topic}", f"  webhook-id           {self._told(message_id)}"]
        if self.secret is None:
            lines.append("  signatures           not checked; give the secret with --secret")
        else:
            found = verify(self.secret, headers, body, now)
            lines.append(f"  X-Calendo-Signature  {found.body_problem or 'fits'}")
            lines.append(f"  webhook-signature    {found.message_problem or 'fits'}")
        return [*lines, *(f"  {line}" for line in text.split("\n"))]

    def _told(self, message_id: str) -> str:
        if not message_id:
            return "missing"
        seen_before = message_id in self._seen
        self._seen[message_id] = None
        if len(self._seen) > _REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return f"{message_id} ({'seen before: handle it once only' if seen_before else 'new'})"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE_SECONDS
    server: Receiver

    def do_POST(self) -> None:
        """
        Read a bounded body, show it, answer.
        """
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) <= len(str(MAX_BODY_BYTES))):
            self._answer(411)
            return
        if int(length) > MAX_BODY_BYTES:
            self._answer(413)
            return
        body = self.rfile.read(int(length))
        if len(body) == int(length):
            self.server.take(list(self.headers.items()), body)
            self._answer(self.server.status)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
        """
        Say nothing but what arrives.
        """

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status not in {204, 304}:
            self.send_header("Content-Length", "0")
        # What of a refused body is still to come would be read as the next request.
        self.send_header("Connection", "close")
        self.end_headers()


def printable(text: str) -> str:
    """
    Spell out what a terminal would take as a command, or as a change of direction.
    """
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _read(body: bytes) -> tuple[str, str]:
    try:
        payload = json.loads(body)
        text = json.dumps(payload, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return "(not JSON)", body.decode(errors="backslashreplace")
    topic = payload.get("event") if isinstance(payload, dict) else None
    return topic if isinstance(topic, str) else "(no event)", text
