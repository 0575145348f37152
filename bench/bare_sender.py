"""
The limit of sending: a loop of httpx2 that posts bytes as they are, so many at once, and keeps nothing.
"""

import asyncio
import sys
from uuid import uuid4

import httpx2

_BODY = b'{"topic":"booking.created"}'


async def _send(url: str, count: int, at_once: int) -> None:
    left = iter(range(count))
    async with httpx2.AsyncClient(trust_env=False) as client:

        async def one_after_the_other() -> None:
            for _ in left:
                headers = {"Content-Type": "application/json", "webhook-id": str(uuid4())}
                (await client.post(url, content=_BODY, headers=headers)).raise_for_status()

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(one_after_the_other())


if __name__ == "__main__":
    asyncio.run(_send(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
