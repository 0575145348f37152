"""
A demo as it looks after some weeks: bookings that were kept, missed or cancelled, and a webhook.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import httpx2

from calendo import demo
from calendo.core.instants import DAY, HOUR, Instant, get_zone, local_date
from calendo.db.engine import Database, Tx, query_in
from calendo.ops import booking_pages, bookings, slots
from calendo.ops.bookings import BookingRequest

_WEEKS = 6
_INVITEES = (
    ("Amina Yusuf", "Africa/Nairobi"),
    ("Carlos Vega", "Europe/Madrid"),
    ("Chloe Martin", "Europe/Paris"),
    ("Daniel Kim", "Asia/Seoul"),
    ("Grace Okafor", "Africa/Lagos"),
    ("Hannah Berg", "Europe/Oslo"),
    ("Liam Murphy", "Europe/Dublin"),
    ("Maya Patel", "Asia/Kolkata"),
    ("Noah Williams", "America/Chicago"),
    ("Sofia Rossi", "Europe/Rome"),
)
#: What is booked more often stands there more often.
_SLUGS = (demo.EVENT_SLUG, demo.EVENT_SLUG, "design-review", "portfolio-chat")
_ANSWERS = {"design-review": {"link": "https://example.com/board", "stage": "Sketch"}}


class Receiver(ThreadingHTTPServer):
    """
    A real receiver of webhooks; it answers 500 as often as ``failures`` says, and then 200.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failures = 0
        self.ids: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.ids.append(self.headers["webhook-id"])
        is_well = len(self.server.ids) > self.server.failures
        self.send_response(200 if is_well else 500)
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *arguments: Any) -> None:
        """
        Say nothing.
        """


@contextmanager
def receiving() -> Iterator[Receiver]:
    """
    Receive webhooks for as long as the block runs.
    """
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def furnish(db: Database, now: Instant) -> None:
    """
    Book the demo's host for the last weeks and the next one, the same for the same day.
    """
    today = local_date(now, get_zone(demo.ZONE))
    chance = Random(7)
    for days in range(-7 * _WEEKS, 8):
        day = today + timedelta(days=days)
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            with db.write() as tx:
                _book(tx, chance, day, min(now, now + (days - 3) * DAY), now)


def _book(tx: Tx, chance: Random, day: date, then: Instant, now: Instant) -> None:
    """
    Book a time of a day as if it were ``then``; of what is over, a few were cancelled or missed.
    """
    slug = chance.choice(_SLUGS)
    free = slots.look_up(query_in(tx), demo.PAGE_SLUG, slug, (day, day), get_zone(demo.ZONE), then)
    if not free:
        return
    event_type = booking_pages.get_public_type(tx, demo.PAGE_SLUG, slug)
    name, zone = chance.choice(_INVITEES)
    email = f"{name.split()[0].lower()}@example.com"
    request = BookingRequest(chance.choice(free), name, email, zone, answers=_ANSWERS.get(slug, {}))
    made = bookings.book(tx, event_type, request, then)
    if made.end_ts > now:
        return
    if event_type.requires_confirmation:
        bookings.confirm(tx, event_type.host_id, made.id, then + HOUR)
    match chance.randrange(10):
        case 0 | 1:
            bookings.cancel(tx, event_type.host_id, made.id, then + 2 * HOUR, "Something came up")
        case 2:
            bookings.mark_no_show(tx, event_type.host_id, made.id, made.end_ts)


def add_webhook(api: str, key: str, receiver: Receiver) -> None:
    """
    Make an endpoint and send it three tests, of which the first one fails.
    """
    receiver.failures = 1
    body = {"url": receiver.url, "events": ["booking.created", "booking.cancelled", "booking.rescheduled"]}
    with httpx2.Client(base_url=api, headers={"X-API-Key": key}) as client:
        hook = client.post("/webhooks", json=body).raise_for_status().json()["id"]
        for sent in range(1, 4):
            client.post(f"/webhooks/{hook}/test").raise_for_status()
            while len(receiver.ids) < sent:
                time.sleep(0.05)
