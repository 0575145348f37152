"""
A booking's whole life through a server as it runs: each step arrives as webhook and mails, once.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import icalendar
from standardwebhooks import Webhook
from workers import settings_for, wait_until

import parts

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOPICS = ["booking.requested", "booking.created", "booking.rescheduled", "booking.cancelled"]
HOST, INVITEE = "jane@example.com", "bob@example.com"
#: By step: its topic, then the method of the invitation in the mail to the invitee, and its sequence.
STEPS = [
    ("booking.requested", None, None),
    ("booking.created", "REQUEST", 1),
    ("booking.rescheduled", "REQUEST", 2),
    ("booking.rescheduled", "REQUEST", 3),
    ("booking.cancelled", "CANCEL", 4),
]


@contextmanager
def receiver(seen: list[dict[str, Any]]) -> Iterator[str]:
    """
    Verify what arrives as a subscriber would, and keep it in ``seen``.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            Webhook(SECRET).verify(body, dict(self.headers))
            seen.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_request(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def mails(folder: Path) -> dict[str, list[EmailMessage]]:
    """
    Read what was written, by recipient, in the order in which it was sent.
    """
    found: dict[str, list[EmailMessage]] = {HOST: [], INVITEE: []}
    for path in sorted((folder / "mails").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        found[mail["To"].addresses[0].addr_spec].append(mail)
    return found


def invitation(mail: EmailMessage) -> tuple[str, icalendar.Event] | None:
    """
    Read the calendar part of a mail: its method and the entry.
    """
    for part in mail.walk():
        if part.get_content_type() == "text/calendar" and not part.is_attachment():
            calendar = icalendar.Calendar.from_ical(part.get_content())
            (entry,) = calendar.walk("VEVENT")
            return str(calendar["METHOD"]), entry
    return None


def test_each_step_of_a_life_arrives(database_url: str, tmp_path: Path) -> None:
    """
    Ask, confirm, move by the invitee, move by the host, cancel: each topic, mail, entry and line.
    """
    seen: list[dict[str, Any]] = []
    settings = settings_for(database_url, tmp_path)
    with (
        receiver(seen) as url,
        parts.running_servers(1, settings) as (server,),
        httpx2.Client(base_url=f"{server.url}/api") as http,
    ):

        def call(method: str, path: str, body: Any = None) -> Any:
            return http.request(method, path, json=body).raise_for_status().json()

        account = {"email": HOST, "password": "securepass123", "name": "Jane Smith", "timezone": "UTC"}
        slug = call("POST", "/auth/register", account)["bookingSlug"]
        login = http.post("/auth/login", json={"email": HOST, "password": "securepass123"}).raise_for_status()
        http.headers["Cookie"] = f"session={login.cookies['session']}"
        call("POST", "/webhooks", {"url": url, "events": TOPICS, "secret": SECRET})
        call("POST", "/event-types", {"name": "Call", "requires_confirmation": True})
        first = datetime.now(UTC).date() + timedelta(days=3)
        found = call("GET", f"/availability/{slug}/call?start={first}&end={first + timedelta(days=9)}")
        times = [starts[0] for _, starts in sorted(found["starts"].items())]
        booking = {"name": "Bob", "email": INVITEE, "start_time": times[0], "timezone": "Europe/Berlin"}
        made = call("POST", f"/book/{slug}/call", {**booking, "locale": "de"})["booking"]
        token = made["manage_url"].rpartition("/")[2]
        (row,) = call("GET", "/bookings")
        path = f"/bookings/{row['id']}"
        for number, (method, where, body) in enumerate(
            (
                ("POST", f"{path}/confirm", {}),
                ("POST", f"/manage/{token}/reschedule", {"start_time": times[1]}),
                ("POST", f"{path}/reschedule", {"start_time": times[2], "reason": "I am away."}),
                ("POST", f"/manage/{token}/cancel", {"reason": "It is settled."}),
            ),
            start=1,
        ):
            wait_until(lambda so_far=number: _have_come(seen, tmp_path, so_far), 20, f"step {number}")
            call(method, where, body)
        wait_until(lambda: _have_come(seen, tmp_path, len(STEPS)), 20, "the last step")
        history = call("GET", f"{path}/history")
        feed = http.get(f"{path}.ics").raise_for_status().text

    assert [topic for topic, _, _ in STEPS] == [payload["event"] for payload in seen]
    assert [made["uid"]] * 5 == [payload["data"]["booking"]["uid"] for payload in seen]
    assert ["requested", "confirmed", "rescheduled", "rescheduled", "cancelled"] == [
        line["action"] for line in history
    ]
    arrived = mails(tmp_path)
    assert [len(STEPS)] * 2 == [len(each) for each in arrived.values()]
    for mail, (_, method, sequence) in zip(arrived[INVITEE], STEPS, strict=True):
        found_entry = invitation(mail)
        if method is None:
            assert found_entry is None
            continue
        assert found_entry is not None
        assert (method, sequence) == (found_entry[0], found_entry[1]["SEQUENCE"])
        assert made["uid"] in str(found_entry[1]["UID"])
        assert made["manage_url"] in mail.get_body(("plain",)).get_content() or method == "CANCEL"  # type: ignore[union-attr] # all have one
    assert "STATUS:CANCELLED" in feed
    assert "SEQUENCE:4" in feed


def _have_come(seen: list[dict[str, Any]], folder: Path, steps: int) -> bool:
    return len(seen) >= steps and sum(map(len, mails(folder).values())) >= 2 * steps
