"""
However much an endpoint answers, a sender's memory does not grow by it.
"""

import asyncio
import json
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
from webhook_receivers import Handler, receiver

from parts import FULL, environment

GIB: Final = 1 << 30
MIB: Final = 1 << 20
HEAD = b"HTTP/1.1 200 OK\r\n"

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="memory is read from /proc"
)


async def _body(piece: bytes) -> AsyncIterator[bytes]:
    yield HEAD + b"Content-Length: %d\r\n\r\n" % GIB
    for _ in range(GIB // len(piece)):
        yield piece


async def _chunked(piece: bytes) -> AsyncIterator[bytes]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%b\r\n" % (len(piece), piece)
    for _ in range(GIB // len(chunk)):
        yield chunk


async def _extension() -> AsyncIterator[bytes]:
    yield HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;a="
    for _ in range(GIB // 100_000):
        yield b"b" * 100_000


async def _bomb() -> AsyncIterator[bytes]:
    size = GIB if FULL else 64 * MIB
    packer = zlib.compressobj(level=1, wbits=31)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()
    yield HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    yield packed


async def _headers(line: bytes) -> AsyncIterator[bytes]:
    yield HEAD
    for _ in range(GIB // len(line)):
        yield line


async def _hints() -> AsyncIterator[bytes]:
    for _ in range(GIB // 100_000):
        yield b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" * 3000


ANSWERS = {
    "a body of 1 GiB": lambda: _body(b"x" * 100_000),
    "1 GiB in large chunks": lambda: _chunked(b"x" * 1_000_000),
    "1 GiB in chunks of a byte": lambda: _chunked(b"x"),
    "an endless extension of a chunk": _extension,
    "a bomb in gzip": _bomb,
    "1 GiB of header fields": lambda: _headers(b"A: b\r\n" * 10_000),
    "one header of 1 GiB": lambda: _headers(b"c" * 100_000),
    "1 GiB of hints": _hints,
}


def _handler(name: str, sent: dict[str, int]) -> Handler:
    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for piece in ANSWERS[name]():
            writer.write(piece)
            await writer.drain()
            sent[name] = sent.get(name, 0) + len(piece)

    return handle


@pytest.mark.prove
def test_an_answer_of_a_gibibyte_takes_no_memory() -> None:
    """
    Long, chunked, packed, all headers: each adds less than 5 MiB, at its peak.
    """
    sent: dict[str, int] = {}

    async def main() -> list[dict[str, int | None]]:
        async with AsyncExitStack() as stack:
            warm_up = await stack.enter_async_context(receiver())
            places = [await stack.enter_async_context(receiver(_handler(name, sent))) for name in ANSWERS]
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(Path(__file__).with_name("answers_taken.py")),
                *(place.url() for place in [warm_up, *places]),
                env=environment({}),
                stdout=subprocess.PIPE,
            )
            output, _ = await process.communicate()
        assert 0 == process.returncode
        results: list[dict[str, int | None]] = json.loads(output)
        return results

    results = dict(zip(ANSWERS, asyncio.run(main()), strict=True))
    for name, result in results.items():
        print(f"{name}: {(result['grown'] or 0) / MIB:.2f} MiB more, status {result['status']}")
    assert {} == {name: result for name, result in results.items() if (result["grown"] or 0) >= 5 * MIB}
    assert 1024 == results["a body of 1 GiB"]["kept"]
    assert 200 == results["1 GiB in chunks of a byte"]["status"]
    # The endpoints were cut off long before they had sent it all.
    assert max(sent.values(), default=0) < 64 * MIB
