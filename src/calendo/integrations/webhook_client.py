"""
One POST to an address that a stranger chose: what it can reach, take and cost is bounded.

It is built on httpcore2's pool of connections and not on a client above it: there are no
redirects, cookies, proxies or decoders here to be switched off. Where a connection goes is
decided in one place, the pool's network backend, which no request can pass by.
"""

import asyncio
import ssl
from collections.abc import Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlsplit

import httpcore2

from calendo.integrations.addresses import Address, is_localhost, is_public, literal_address, within
from calendo.integrations.failures import Failure
from calendo.integrations.resolver import LookUp, Resolver, look_up
from calendo.settings import Network

#: How much of an answer is read, and how much of that is kept.
MAX_READ_BYTES = 64 * 1024
MAX_KEPT_BYTES = 1024

# All that comes before, between and after the bytes of an answer: header fields, 1xx
# answers, the marks of chunks.
_MAX_RAW_BYTES = 2 * MAX_READ_BYTES
# At most this much is parsed before others have their turn.
_GULP_BYTES = 16 * 1024
# A name with many addresses is not tried for long: the first may be down, not all.
_MOST_ADDRESSES = 4
_CONNECT_SECONDS = 3.0
# Shorter than the 5 s after which many servers hang up, so that this rarely crosses a request.
_KEPT_SECONDS = 4.0
_MOST_KEPT = 20
_MOST_STALE = 5
_LONGEST_NAME = 253
_LONGEST_LABEL = 63
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")

Headers = list[tuple[bytes, bytes]]


class Refused(Exception):
    """
    Nothing was connected, for the reason that the message gives.
    """


class TooLong(Exception):
    """
    More came than an answer may have; what follows is not read.
    """


class Stale(Exception):
    """
    A kept connection was closed before anything came back on it; the call may be made again.
    """


@dataclass(slots=True)
class Answer:
    """
    What came back: a status if there was one, the beginning of the body, and what went wrong.
    """

    status: int | None = None
    beginning: bytearray = field(default_factory=bytearray)
    problem: str | None = None


class Target(NamedTuple):
    """
    An address taken apart as httpcore2 wants it; ``host_header`` is for the Host field.
    """

    url: httpcore2.URL
    host: str
    host_header: bytes


class WebhookClient:
    """
    Posts to public https addresses, and to the ``allowed`` networks by http as well.
    """

    def __init__(
        self,
        allowed: Iterable[Network],
        *,
        resolve: LookUp = look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._resolver = Resolver(resolve)
        allowed = tuple(allowed)
        context = httpcore2.default_ssl_context() if tls is None else tls

        def pool(scheme: bytes) -> httpcore2.AsyncConnectionPool:
            return httpcore2.AsyncConnectionPool(
                ssl_context=context,
                max_connections=None,
                max_keepalive_connections=_MOST_KEPT,
                keepalive_expiry=_KEPT_SECONDS,
                network_backend=_Backend(self._resolver, allowed, is_encrypted=scheme == b"https"),
            )

        # A backend is not told for which scheme it connects, so each scheme has its own.
        self._pools = {scheme: pool(scheme) for scheme in (b"http", b"https")}

    async def close(self) -> None:
        """
        Close all connections.
        """
        self._resolver.close()
        for pool in self._pools.values():
            await pool.aclose()

    async def post(self, url: str, headers: Headers, body: bytes, seconds: float) -> Answer:
        """
        Post a body and return the answer, whatever happens; after ``seconds`` in all it is cut.

        ``headers`` go out as they are, behind Host and Content-Length. More of the body
        than ``MAX_READ_BYTES`` is not read, which is no problem.
        """
        answer = Answer()
        try:
            async with asyncio.timeout(seconds) as limit:
                await self._exchange(read_url(url), headers, body, answer)
        except TooLong:
            if answer.status is None:
                answer.problem = Failure.TOO_LONG.of()
        except TimeoutError as error:
            failure = Failure.SILENT if answer.status is None else Failure.UNFINISHED
            answer.problem = failure.of(number=f"{seconds:g}")
            if not limit.expired():
                answer.problem = _described(error, answer)
        except _FAILURES as error:
            answer.problem = _described(error, answer)
        return answer

    async def _exchange(self, target: Target, headers: Headers, body: bytes, answer: Answer) -> None:
        request = httpcore2.Request(
            b"POST",
            target.url,
            headers=[
                (b"Host", target.host_header),
                (b"Content-Length", b"%d" % len(body)),
                *headers,
            ],
            content=body,
            extensions={"sni_hostname": target.host},
        )
        response = await self._send(request)
        try:
            answer.status = response.status
            await _read(response, answer.beginning)
        finally:
            # What is not read to its end is closed with its connection.
            await response.aclose()

    async def _send(self, request: httpcore2.Request) -> httpcore2.Response:
        pool = self._pools[request.url.scheme]
        for _ in range(_MOST_STALE):
            try:
                return await pool.handle_async_request(request)
            except Stale:
                continue
        return await pool.handle_async_request(request)


async def _read(response: httpcore2.Response, beginning: bytearray) -> None:
    size = 0
    async with aclosing(response.aiter_stream()) as chunks:
        async for chunk in chunks:
            size += len(chunk)
            beginning += chunk[: MAX_KEPT_BYTES - len(beginning)]
            if size >= MAX_READ_BYTES:
                raise TooLong


@lru_cache(maxsize=1024)
def read_url(url: str) -> Target:
    """
    Take a webhook's address apart, as strictly as it was when it was registered, or raise ``Refused``.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise Refused(Failure.BAD_ADDRESS.of()) from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "@" not in parts.netloc
    is_known = parts.scheme in {"http", "https"} and _is_host(host) and port != 0
    if not (is_plain and is_known):
        raise Refused(Failure.BAD_ADDRESS.of())
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    return Target(
        httpcore2.URL(scheme=parts.scheme, host=host, port=port, target=target),
        # A certificate has no name that ends in a full stop.
        host.rstrip("."),
        (named if port is None else f"{named}:{port}").encode(),
    )


def _is_host(host: str) -> bool:
    if ":" in host:
        # A zone, as in fe80::1%eth0, means a cable of this machine.
        return "%" not in host and literal_address(host) is not None
    labels = host.removesuffix(".").split(".")
    return len(host) <= _LONGEST_NAME and all(
        0 < len(label) <= _LONGEST_LABEL and _LABEL.issuperset(label) for label in labels
    )


class _Backend(httpcore2.AsyncNetworkBackend):
    """
    Makes all connections: looks the name up itself, checks every address, and connects to one of those.
    """

    def __init__(self, resolver: Resolver, allowed: tuple[Network, ...], *, is_encrypted: bool) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self._is_encrypted = is_encrypted
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore2's signature; one limit holds for all
        local_address: str | None = None,  # noqa: ARG002 - see above
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002 - see above
    ) -> httpcore2.AsyncNetworkStream:
        literal = literal_address(host)
        found = [literal] if literal else await self._resolver.addresses(host)
        if not found:
            raise Refused(Failure.UNKNOWN_NAME.of(host=host))
        self._check(host, found, is_literal=literal is not None)
        tried = found[:_MOST_ADDRESSES]
        for address in tried[:-1]:
            try:
                return await self._connect(address, port, _CONNECT_SECONDS)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._connect(tried[-1], port, None)

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002 - httpcore2's signature
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - see above
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,  # noqa: ARG002 - see above
    ) -> NoReturn:
        raise Refused(Failure.IS_SOCKET.of())

    def _check(self, host: str, addresses: list[Address], *, is_literal: bool) -> None:
        """
        Raise ``Refused`` unless all addresses may be connected to.

        One bad record spoils the name: whoever put it there wants it to be tried.
        """
        private = Failure.IS_PRIVATE if is_literal else Failure.RESOLVES_TO_PRIVATE
        public = Failure.IS_PUBLIC if is_literal else Failure.RESOLVES_TO_PUBLIC
        for address in addresses:
            if within(address, self._allowed):
                continue
            if not is_public(address):
                raise Refused(private.of(host=host))
            if not self._is_encrypted:
                raise Refused(public.of(host=host))
            if is_localhost(host):
                raise Refused(Failure.IS_HERE.of(host=host))

    async def _connect(self, address: Address, port: int, seconds: float | None) -> "_Stream":
        # What is connected to is the checked address itself. It is not looked up again.
        return _Stream(await self._network.connect_tcp(str(address), port, timeout=seconds))


class _Stream(httpcore2.AsyncNetworkStream):
    """
    A connection that counts what comes back, and sends each request in one piece.
    """

    def __init__(self, network: httpcore2.AsyncNetworkStream) -> None:
        self._network = network
        self._unsent: list[bytes] = []
        self._requests = 0
        self._left = 0

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109 - httpcore2's
        self._unsent.append(buffer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - httpcore2's
        is_first = bool(self._unsent)
        try:
            if is_first:
                await self._send()
            data = await self._network.read(min(max_bytes, _GULP_BYTES))
        except (httpcore2.ReadError, httpcore2.WriteError):
            if is_first and self._requests > 1:
                raise Stale from None
            raise
        if is_first and not data and self._requests > 1:
            raise Stale
        self._left -= len(data)
        if self._left < 0:
            raise TooLong
        return data

    async def _send(self) -> None:
        # The head and the body of a request in one packet, and in one system call.
        request = b"".join(self._unsent)
        self._unsent.clear()
        self._requests += 1
        self._left = _MAX_RAW_BYTES
        await self._network.write(request)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore2's signature
    ) -> "_Stream":
        try:
            return _Stream(await self._network.start_tls(ssl_context, server_hostname))
        except BaseException:
            # httpcore2 leaves it open when the time is up during a handshake.
            await self._network.aclose()
            raise

    async def aclose(self) -> None:
        await self._network.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._network.get_extra_info(info)


_FAILURES = (
    Refused,
    Stale,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    OSError,
    UnicodeError,
)

# How httpcore2 begins to say that nothing came back; its other protocol errors are h11's.
_SILENCE = "Server disconnected"


def _described(error: BaseException, answer: Answer) -> str:  # noqa: PLR0911 - one line for each thing that goes wrong
    """
    Say in a sentence what went wrong. What the endpoint sent is never part of it.
    """
    if isinstance(error, Refused):
        return str(error)
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure.CERTIFICATE.of(why=cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return Failure.TLS.of(why=cause.reason or "no reason given")
        if isinstance(cause, ConnectionRefusedError):
            return Failure.REFUSED.of()
    if isinstance(error, httpcore2.ConnectError | httpcore2.ConnectTimeout | OSError):
        reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
        return Failure.UNREACHABLE_WHY.of(why=reasons[-1]) if reasons else Failure.UNREACHABLE.of()
    if answer.status is not None:
        return Failure.ANSWER_BROKE_OFF.of()
    if isinstance(error, httpcore2.RemoteProtocolError) and str(error).startswith(_SILENCE):
        return Failure.CLOSED.of()
    if isinstance(error, httpcore2.RemoteProtocolError):
        return Failure.NOT_HTTP.of()
    return Failure.BROKE_OFF.of()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
