"""
Receivers of webhooks that really listen, and the sender that they are sent by.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from calendo.integrations.vault import Vault
from calendo.ops.deliveries import Claimed
from calendo.worker.deliver import WebhookSender

NOW = 1_773_151_200
UID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SECRET = "whsec_your_secret"
PAYLOAD = '{"event":"booking.created","data":{"booking":{"invitee_name":"Zoë"}}}'
VAULT = Vault(b"the key of these tests")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Received:
    """
    One call as it came over the wire; names of headers are lower case.
    """

    line: str
    headers: dict[str, str]
    names: list[str]
    body: bytes


@dataclass
class Receiver:
    """
    What a receiver saw: its connections, and the calls on them.
    """

    port: int = 0
    connections: int = 0
    calls: list[Received] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}/hook?from=calendo"


async def read_call(reader: asyncio.StreamReader) -> Received | None:
    """
    Read one call, or None if the connection ends.
    """
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *lines = head.strip().split("\r\n")
        pairs = [re.split(": ?", text, maxsplit=1) for text in lines]
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers["content-length"]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Received(line, headers, [name for name, _ in pairs], body)


@asynccontextmanager
async def listener(
    handle: Handler, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """
    Listen, let a handler do what it likes with each connection, and give the port.
    """
    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(ConnectionError, asyncio.CancelledError):
            await handle(reader, writer)
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, host, port, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def receiver(
    answer: bytes | Handler = OK, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """
    Listen, and answer each call with the given bytes; or let a handler answer the first on a connection.
    """
    seen = Receiver()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        while call := await read_call(reader):
            seen.calls.append(call)
            if not isinstance(answer, bytes):
                await answer(reader, writer)
                break
            writer.write(answer)
            await writer.drain()

    async with listener(handle, host=host, port=port, tls=tls) as seen.port:
        yield seen


@asynccontextmanager
async def sender(*allowed: str, **options: Any) -> AsyncIterator[WebhookSender]:
    """
    Make a sender that may go to the ``allowed`` networks; without any, to 127.0.0.0/8.
    """
    networks = [ip_network(network) for network in allowed or ("127.0.0.0/8",)]
    made = WebhookSender(VAULT, networks, **{"clock": lambda: NOW, "total_seconds": 5, **options})
    try:
        yield made
    finally:
        await made.close()


def webhook(url: str, secret: str = SECRET, former_secret: str | None = None) -> Claimed:
    """
    Make a delivery to ``url``.
    """
    return Claimed(
        id=1,
        claim=1,
        lane=1,
        topic="booking.created",
        message_uid=UID,
        payload=PAYLOAD,
        created_ts=NOW,
        url=url,
        secret_encrypted=VAULT.encrypt(secret),
        former_secret_encrypted=None if former_secret is None else VAULT.encrypt(former_secret),
        recipient=None,
        facts=None,
        link_counter=None,
    )


def table(names: Mapping[str, Sequence[str]]) -> Callable[[str], Sequence[str]]:
    """
    Resolve names as a table says, and no others.
    """

    def resolve(host: str) -> Sequence[str]:
        if host not in names:
            raise OSError("no such name")
        return names[host]

    return resolve


class Certificates:
    """
    An authority of our own, and what it signs.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests")])
        certificate = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None))
        self.path = folder / "authority.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def client(self) -> ssl.SSLContext:
        """
        What trusts the authority.
        """
        return ssl.create_default_context(cafile=str(self.path))

    def server(self, *names: str, days: int = 1) -> ssl.SSLContext:
        """
        What shows a certificate for the names, good for so many days.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A server")])
        extension = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        certificate = self._sign(subject, key, extension, days)
        path = self._folder / f"{'-'.join(names)}{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        return context

    def _sign(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        extension: x509.ExtensionType,
        days: int = 1,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(extension, critical=False)
            .sign(self._key, hashes.SHA256())
        )
