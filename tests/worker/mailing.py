"""
What mails are made of, and servers that take them: real ones, of aiosmtpd, on 127.0.0.1.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from calendo.integrations.links import Links
from calendo.ops.deliveries import Claimed, Outcome
from calendo.settings import Settings
from calendo.worker.mails.sender import MailSender

UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
MESSAGE_UID = "0b5ff7a8-5d3c-4a6e-9d4e-2f0d5f6f7a11"
#: Tuesday, 2026-03-10, 10:00 in Los Angeles, 18:00 in Berlin.
START = 1_773_162_000
NOW = START - 86_400
LINKS = Links(b"a key that only the tests use")

HOST = {
    "name": "Jane Smith",
    "email": "jane@example.com",
    "timezone": "America/Los_Angeles",
    "locale": "en",
}
INVITEE = {"name": "Bob Johnson", "email": "bob@example.com", "timezone": "Europe/Berlin", "locale": "de"}


def facts(**more: Any) -> dict[str, Any]:
    """
    What the outbox writes down about a booking, with ``more`` instead.
    """
    return {
        "uid": UID,
        "sequence": 0,
        "status": "confirmed",
        "event_type": "30 Minute Call",
        "start_ts": START,
        "end_ts": START + 1800,
        "location_type": "google_meet",
        "location": "https://meet.example.com/jane",
        "answers": [
            {"label": "What shall we talk about?", "answer": "Prices & <b>more</b>"},
            {"label": "Parts", "answer": ["Hardware", "Software"]},
            {"label": "First time", "answer": True},
        ],
        "notes": "I shall be on a train.\nSorry for the noise.",
        "page_slug": "jane-smith",
        "event_slug": "30-minute-call",
        "was_confirmed": True,
        "host": HOST,
        "invitee": INVITEE,
        "by": "invitee",
        "reason": None,
        "former": None,
        **more,
    }


def claimed(topic: str = "booking.created", recipient: str = "invitee", **more: Any) -> Claimed:
    """
    A mail that a worker holds the lease of; ``more`` are facts.
    """
    is_booking = topic.startswith("booking.")
    return Claimed(
        id=1,
        claim=1,
        lane=0,
        topic=topic,
        message_uid=MESSAGE_UID,
        payload="",
        created_ts=NOW,
        url=None,
        secret_encrypted=None,
        former_secret_encrypted=None,
        recipient=recipient,
        facts=facts(**more) if is_booking else {"host": HOST, **more},
        link_counter=0 if is_booking else None,
    )


class Mailbox:
    """
    Keeps what arrives; ``answers`` are given first, one to each mail, before all is taken.
    """

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.envelopes: list[Envelope] = []
        self.was_tls: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """
        Take a mail, or answer what is to be answered first.
        """
        if self.answers:
            return self.answers.pop(0)
        self.envelopes.append(envelope)
        self.was_tls.append(server.transport.get_extra_info("sslcontext") is not None)
        return "250 2.0.0 Queued as 42"

    def content(self) -> bytes:
        """
        The only mail there is, as it came.
        """
        (envelope,) = self.envelopes
        assert isinstance(envelope.content, bytes)
        return envelope.content

    def mail(self) -> EmailMessage:
        """
        The only mail there is.
        """
        return parsed(self.content())


def parsed(content: bytes) -> EmailMessage:
    """
    Read a mail as a mail reader does.
    """
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    """
    The plain text of a mail.
    """
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """
    The HTML of a mail.
    """
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def free_port() -> int:
    """
    Find a port where nobody listens.
    """
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port: int = held.getsockname()[1]
        return port


@contextmanager
def mail_server(handler: Any, port: int = 0, **more: Any) -> Iterator[int]:
    """
    Run a mail server, and give its port.
    """
    port = port or free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=10, **more)
    controller.start()
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(_connections_end(), controller.loop).result(10)
        controller.stop()


async def _connections_end() -> None:
    """
    Wait a moment for clients that are leaving; a connection left open would be a warning, and so an error.
    """
    sessions = asyncio.all_tasks() - {asyncio.current_task()}
    if sessions:
        await asyncio.wait(sessions, timeout=5)
    # What was closed is let go of in the loop's next turns.
    await asyncio.sleep(0.05)


class Password:
    """
    Lets one user in, and keeps who came.
    """

    def __init__(self, user: str, password: str) -> None:
        self.expected = LoginPassword(user.encode(), password.encode())
        self.came: list[Any] = []

    def __call__(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.came.append(data)
        return AuthResult(success=data == self.expected, handled=False)


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """
    Make a certificate for 127.0.0.1: the context of a server that has it, and of a client that trusts it.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail server of the tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    path = folder / "server.pem"
    path.write_bytes(
        pem
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=pem.decode())


def send(settings: Settings, delivery: Claimed, *, tls: ssl.SSLContext | None = None) -> Outcome:
    """
    Send a mail as a worker does, and say what came of it.
    """

    async def once() -> Outcome:
        sender = MailSender(settings, LINKS, base_url="http://calendo.test/", tls=tls)
        outcome = await sender.send(delivery)
        await sender.close()
        # A connection with TLS is closed in the loop's next turns; a worker's loop goes on and has them.
        await asyncio.sleep(0.05)
        return outcome

    return asyncio.run(once())
