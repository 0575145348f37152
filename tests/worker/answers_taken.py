"""
Sends webhooks in a process of its own and prints how much memory each answer took, in bytes.

Arguments: addresses, each of a receiver that answers in a way of its own. Before each of them
the peak of the resident memory is forgotten, so that none hides behind another.
"""

import asyncio
import json
import re
import sys
from pathlib import Path

from webhook_receivers import sender, webhook

STATUS = Path("/proc/self/status")


def memory(name: str) -> int:
    """
    Read VmRSS or VmHWM, the peak of it.
    """
    found = re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text())
    assert found is not None
    return int(found[1]) * 1024


def forget_peak() -> None:
    """
    Make VmHWM what VmRSS is.
    """
    Path("/proc/self/clear_refs").write_text("5")


async def main() -> None:
    results = []
    async with sender(total_seconds=10) as webhooks:
        warm_up, *urls = sys.argv[1:]
        for _ in range(20):
            await webhooks.send(webhook(warm_up))
        for url in urls:
            forget_peak()
            before = memory("VmRSS")
            outcome = await webhooks.send(webhook(url))
            kept = len(outcome.answer or "")
            results.append({"grown": memory("VmHWM") - before, "status": outcome.status_code, "kept": kept})
    print(json.dumps(results))


asyncio.run(main())
