"""
An inbox: a real HTTP receiver in a thread of its own that notes what arrives, and one that never answers.
"""

import asyncio
import threading
import time
from collections import defaultdict
from types import TracebackType
from typing import Self

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Inbox:
    """
    Listens on ``url`` and notes the time of each arrival by its ``webhook-id``.

    It answers ``after_seconds``; with ``answers=False`` it accepts, reads, and says nothing.
    """

    def __init__(self, *, answers: bool = True, after_seconds: float = 0) -> None:
        self.answers = answers
        self.after_seconds = after_seconds
        self.arrivals: defaultdict[str, list[float]] = defaultdict(list)
        self.url = ""
        self.most_at_once = 0
        self._open = 0
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def note(self, head: bytes) -> None:
        """
        Note an arrival.
        """
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() == b"webhook-id":
                self.arrivals[value.decode()].append(time.time())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        )
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
        self._started.set()
        self._loop.run_forever()
        server.close()
        for connection in list(_Connection.open):
            if connection.inbox is self and connection.transport is not None:
                connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class _Connection(asyncio.Protocol):
    open: "set[_Connection]" = set()

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.transport: asyncio.Transport | None = None
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.open.add(self)
        mine = sum(connection.inbox is self.inbox for connection in self.open)
        self.inbox.most_at_once = max(self.inbox.most_at_once, mine)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.discard(self)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:end]
            start = head.lower().index(b"content-length: ") + len(b"content-length: ")
            length = int(head[start:].split(b"\r\n")[0])
            if len(self._unread) < end + 4 + length:
                return
            self._unread = self._unread[end + 4 + length :]
            self.inbox.note(head)
            if self.inbox.answers:
                asyncio.get_running_loop().call_later(self.inbox.after_seconds, self._answer)

    def _answer(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(_OK)
