"""
Sends webhooks in a process of its own and prints, for each, what its sockets were told to do.

Reads ``{"allowed": [...], "names": {name: [[address, ...], ...]}, "urls": [...]}`` from standard
input: each look-up of a name gives its next list of addresses, the last one again and again; a
name without a list is asked of the machine. Prints a list of ``{"url", "error", "connected", "looked_up"}``.
"""

import asyncio
import json
import sys
from collections import Counter
from typing import Any

from webhook_receivers import sender, webhook

from calendo.integrations.resolver import look_up

connected: list[str] = []
looked_up: list[str] = []


def hear(name: str, arguments: tuple[Any, ...]) -> None:
    """
    Note each connection that Python is about to make, on whatever path it came there.
    """
    if name in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        connected.append(str(arguments[1]))
    elif name == "socket.getaddrinfo":
        looked_up.append(str(arguments[0]))


async def main() -> None:
    task = json.load(sys.stdin)
    asked: Counter[str] = Counter()

    def resolve(host: str) -> list[str]:
        answers = task["names"].get(host)
        if answers is None:
            return look_up(host)
        asked[host] += 1
        return list(answers[min(asked[host], len(answers)) - 1])

    results = []
    async with sender(*task["allowed"] or ["192.0.2.0/32"], resolve=resolve, total_seconds=3) as webhooks:
        sys.addaudithook(hear)
        for url in task["urls"]:
            connected.clear()
            looked_up.clear()
            outcome = await webhooks.send(webhook(url))
            results.append(
                {"url": url, "error": outcome.error, "connected": connected[:], "looked_up": looked_up[:]}
            )
    print(json.dumps(results))


# The loop of the standard library makes its connections where the audit hook hears of them.
asyncio.run(main())
