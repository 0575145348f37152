"""
Names to addresses, in threads of their own: a name server that hangs holds up only who asked for its names.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread

from calendo.integrations.addresses import Address

#: Gives all addresses of a name, as texts; raises OSError where there are none.
LookUp = Callable[[str], Sequence[str]]

# A thread that waits costs little. A name server may take half a minute to be given up.
_MOST_LOOKUPS = 100


def look_up(host: str) -> list[str]:
    """
    Ask the machine's resolver for all A and AAAA records of a name.
    """
    # As bytes it goes out as it is; a str would be read by IDNA rules first.
    infos = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in infos]


class Resolver:
    """
    Looks names up; several that ask for one name at once share an answer.
    """

    def __init__(self, look_up: LookUp = look_up) -> None:
        self._look_up = look_up
        self._slots = asyncio.Semaphore(_MOST_LOOKUPS)
        self._running: dict[str, asyncio.Task[list[Address]]] = {}

    async def addresses(self, host: str) -> list[Address]:
        """
        Return a name's addresses, each once; none if it is not known.
        """
        task = self._running.get(host)
        if task is None:
            task = self._running[host] = asyncio.create_task(self._run(host))
            task.add_done_callback(lambda _: self._running.pop(host, None))
        # Whoever gives up waiting does not spoil the answer for the others, and who
        # comes back while it is still out does not take a second thread.
        return await asyncio.shield(task)

    def close(self) -> None:
        """
        Give up what is still being looked up; its threads do not keep the process.
        """
        for task in list(self._running.values()):
            task.cancel()

    async def _run(self, host: str) -> list[Address]:
        async with self._slots:
            loop = asyncio.get_running_loop()
            found: asyncio.Future[list[Address]] = loop.create_future()

            def report(addresses: list[Address]) -> None:
                if not found.done():
                    found.set_result(addresses)

            def work() -> None:
                addresses: list[Address] = []
                try:
                    with suppress(OSError, UnicodeError):
                        texts = dict.fromkeys(text.partition("%")[0] for text in self._look_up(host))
                        addresses = [ip_address(text) for text in texts]
                finally:
                    # The loop may be closed by the time a lost name server is given up.
                    with suppress(RuntimeError):
                        loop.call_soon_threadsafe(report, addresses)

            Thread(target=work, name="look-up", daemon=True).start()
            return await found
