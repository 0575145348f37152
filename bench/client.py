"""
A small load generator for machines without wrk: keep-alive connections on uvloop.

It costs more per call than wrk does. Both servers are measured with it, and the
report says when it was the generator that could not go faster.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any, cast

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """
    Sends a request, waits for the whole answer, sends the next.
    """

    def __init__(self, next_request: Callable[[], bytes], times: list[float]) -> None:
        self._next = next_request
        self._times = times
        self._head = b""
        self._missing = 0
        self._since = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.errors = 0
        self.stopped = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """
        Start.
        """
        # uvloop's transports do not inherit from asyncio's.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """
        Count an answer when its last byte is here.
        """
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            length = _LENGTH.search(self._head, 0, end)
            if length is None:
                raise RuntimeError("an answer without content-length")
            self.errors += self._head[9:10] not in b"23"
            self._missing = int(length[1]) - (len(self._head) - end - 4)
            self._head = b""
        if self._missing == 0 and not self.stopped:
            self._times.append(time.perf_counter() - self._since)
            self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        """
        Count it, unless the run is over.
        """
        self.errors += not self.stopped

    def stop(self) -> None:
        """
        Hang up.
        """
        self.stopped = True
        if self._transport is not None:
            self._transport.close()

    def _send(self) -> None:
        assert self._transport is not None
        self._since = time.perf_counter()
        self._transport.write(self._next())


async def repeat(plan: dict[str, Any]) -> dict[str, Any]:
    """
    Carry out a plan and say what came of it.
    """
    next_request = _requests(plan).__next__
    loop = asyncio.get_running_loop()
    times: list[float] = []
    since = time.perf_counter()
    made = [
        await loop.create_connection(lambda: Connection(next_request, times), plan["host"], plan["port"])
        for _ in range(plan["connections"])
    ]
    await asyncio.sleep(plan["seconds"])
    took = time.perf_counter() - since
    for _, connection in made:
        connection.stop()
    answers = len(times)
    times = sorted(times) or [0.0]
    return {
        "answers": answers,
        "seconds": took,
        "p50_us": times[len(times) // 2] * 1e6,
        "p99_us": times[len(times) * 99 // 100] * 1e6,
        "errors": sum(connection.errors for _, connection in made),
    }


def _requests(plan: dict[str, Any]) -> Iterator[bytes]:
    headers = {"Host": f"{plan['host']}:{plan['port']}", **plan["headers"]}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    if plan["bodies"] is None:
        return cycle([f"GET {plan['target']} HTTP/1.1\r\n{lines}\r\n".encode()])
    return cycle(
        [
            f"POST {plan['target']} HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n{body}".encode()
            for body in Path(plan["bodies"]).read_text().splitlines()
        ]
    )


if __name__ == "__main__":
    print("RESULT", json.dumps(uvloop.run(repeat(json.loads(sys.argv[1])))))
