"""
``calendo webhook-receiver``: what arrives is shown and checked, and nothing that arrives can harm it.
"""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from commands import Calendo

from calendo.core.signing import sign
from calendo.receiver import MAX_BODY_BYTES, Receiver

pytest_plugins = ["cli_fixtures"]

NOW = 1_772_366_400
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
BODY = json.dumps({"event": "booking.created", "data": {"invitee_name": "Zoë"}}).encode()


class Running:
    """
    A receiver in this process, on a free port; ``shown`` has what it printed.
    """

    def __init__(self, secret: str | None, status: int) -> None:
        self.shown: list[str] = []
        listener = socket.create_server(("127.0.0.1", 0))
        self.receiver = Receiver(listener, secret, status, lambda: NOW, self.shown.append)
        self.url = f"http://127.0.0.1:{self.receiver.server_port}/"

    def send(self, secret: str = SECRET, *, uid: str = UID, body: bytes = BODY) -> int:
        headers = sign(secret, None, uid, body, NOW)
        return httpx2.post(self.url, content=body, headers=headers).status_code


@contextmanager
def receiving(secret: str | None = SECRET, status: int = 204) -> Iterator[Running]:
    running = Running(secret, status)
    thread = threading.Thread(target=running.receiver.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield running
    finally:
        running.receiver.shutdown()
        running.receiver.server_close()
        thread.join()


def answered(running: Running, head: str) -> int:
    """
    Send the head of a request and nothing more; return the status of the answer.
    """
    with socket.create_connection(("127.0.0.1", running.receiver.server_port), timeout=5) as connection:
        connection.sendall(f"{head}\r\n\r\n".encode())
        return int(connection.recv(1000).split()[1])


def test_an_arrival_is_shown_and_checked() -> None:
    """
    Time, topic, id, both signatures and the payload, readable.
    """
    with receiving() as running:
        assert 204 == running.send()

    (text,) = running.shown
    assert [
        "2026-03-01 12:00:00 UTC  booking.created",
        f"  webhook-id           {UID} (new)",
        "  X-Calendo-Signature  fits",
        "  webhook-signature    fits",
        "  {",
        '    "event": "booking.created",',
        '    "data": {',
        '      "invitee_name": "Zoë"',
        "    }",
        "  }",
    ] == text.splitlines()


def test_what_was_signed_otherwise_is_told() -> None:
    """
    Each signature says for itself what is wrong with it; without a secret nothing is checked.
    """
    with receiving() as running, receiving(secret=None) as unchecking:
        running.send("another secret")
        httpx2.post(running.url, content=BODY)
        unchecking.send()

    wrong, missing = running.shown
    assert 2 == wrong.count("does not fit") + wrong.count("No webhook-signature fits")
    assert 2 == missing.count("is missing.")
    assert "webhook-id           missing" in missing
    assert "not checked; give the secret with --secret" in unchecking.shown[0]


def test_what_comes_twice_is_told() -> None:
    """
    A repetition is known by its ``webhook-id``, whatever came in between.
    """
    with receiving() as running:
        for uid in (UID, "other", UID):
            running.send(uid=uid)

    assert [f"{UID} (new)", "other (new)", f"{UID} (seen before: handle it once only)"] == [
        re.findall("webhook-id +(.*)", text)[0] for text in running.shown
    ]


def test_another_status_can_be_asked_for() -> None:
    """
    To see what Calendo makes of it.
    """
    with receiving(status=503) as running:
        assert 503 == running.send()


@pytest.mark.parametrize(
    ("body", "topic"),
    [
        (b"\xff\x00 no JSON", "(not JSON)"),
        (b"[" * 100_000, "(not JSON)"),
        (b"[1]", "(no event)"),
        (b'{"event": 7}', "(no event)"),
        (b"", "(not JSON)"),
        ('{"event": "a\\u001b[2J\\nX-Calendo-Signature  fits\u202e"}'.encode(), "a\\x1b[2J\\nX-Calendo"),
    ],
)
def test_odd_bodies_are_shown_as_harmless_text(body: bytes, topic: str) -> None:
    """
    What is no payload is shown nevertheless, and nothing in it reaches the terminal as a command.
    """
    with receiving() as running:
        assert 204 == running.send(body=body)

    (text,) = running.shown
    assert f"UTC  {topic}" in text
    assert all(char.isprintable() or char == "\n" for char in text)


def test_bodies_are_bounded() -> None:
    """
    A body that is too long, or of no told length, is refused unread; the next sender is served.
    """
    with receiving() as running:
        statuses = [
            answered(running, head)
            for head in (
                f"POST / HTTP/1.1\r\nContent-Length: {MAX_BODY_BYTES + 1}",
                f"POST / HTTP/1.1\r\nContent-Length: {'9' * 5000}",
                "POST / HTTP/1.1\r\nContent-Length: -1",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked",
                "GET / HTTP/1.1",
            )
        ]
        with socket.create_connection(("127.0.0.1", running.receiver.server_port)) as hung_up:
            hung_up.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
        assert 204 == running.send()

    assert [413, 411, 411, 411, 501] == statuses
    assert 1 == len(running.shown)


def test_it_runs_as_a_command(calendo: Calendo) -> None:
    """
    It says which address to register and which setting the server needs, prints, and ends when asked to.
    """
    program = calendo.with_settings(webhook_secret=SECRET)
    process = subprocess.Popen(
        [sys.executable, "-m", "calendo", "webhook-receiver", "--port", "0", "--status", "200"],
        cwd=program.folder,
        # Into a pipe, and a terminal of old: it must neither hold back lines nor fail on a letter.
        env={**program.environment, "PYTHONUNBUFFERED": "", "PYTHONIOENCODING": "ascii"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "CALENDO_WEBHOOK_ALLOWED_NETWORKS=127.0.0.0/8" in process.stdout.readline()
        (url,) = re.findall(r"http://127\.0\.0\.1:\d+/", said)
        answer = httpx2.post(url, content=BODY)
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=20)[0]
    finally:
        if process.poll() is None:
            process.kill()

    assert (200, 0) == (answer.status_code, process.returncode)
    assert "booking.created" in rest
    assert "Zo\\xeb" in rest
    assert "is missing." in rest
