"""
A worker whose leases are short, for tests that cannot wait half a minute: ``short_lease.py SECONDS``.
"""

import asyncio
import signal
import sys

from calendo.app import create_worker
from calendo.db.engine import Database
from calendo.serving import run_until_asked
from calendo.settings import load_settings

if __name__ == "__main__":
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda _signal, _frame: sys.exit(0))
    settings = load_settings()
    db = Database(settings.database)
    worker = create_worker(settings, db, base_url="http://127.0.0.1:8000", lease_seconds=int(sys.argv[1]))
    asyncio.run(run_until_asked(worker))
    db.close()
