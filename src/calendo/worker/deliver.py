"""
Sending one webhook: the frozen payload, signed, in one POST, and what came of it in words for the host.
"""

import ssl
from collections.abc import Callable, Iterable
from importlib.metadata import version

from cryptography.fernet import InvalidToken

from calendo.clock import read_clock
from calendo.core.instants import Instant
from calendo.core.signing import sign
from calendo.integrations.failures import Failure
from calendo.integrations.resolver import LookUp, look_up
from calendo.integrations.vault import Vault
from calendo.integrations.webhook_client import MAX_KEPT_BYTES, Answer, WebhookClient
from calendo.ops.deliveries import Claimed, Outcome
from calendo.settings import Network

#: For all of an attempt: looking the name up, connecting, TLS, and the answer to its last byte.
TOTAL_SECONDS = 10.0

_GONE = 410
_HEADERS = [
    (b"Content-Type", b"application/json"),
    (b"User-Agent", f"Calendo/{version('calendo')}".encode()),
    (b"Accept", b"*/*"),
    # What is not read in full cannot be unpacked, and what is not unpacked cannot swell.
    (b"Accept-Encoding", b"identity"),
]
# Line ends and tabs may stay; other control characters, and those that turn the direction
# of a line, could make a log or a page show what is not there. PostgreSQL takes no NUL.
_CONTROLS = [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]
_TURNS = [0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
_HARMLESS = dict.fromkeys(_CONTROLS + _TURNS, "\N{REPLACEMENT CHARACTER}")


class WebhookSender:
    """
    Sends webhooks to public https addresses, and to the ``allowed`` networks by http as well.

    ``resolve`` looks names up, ``tls`` says whose certificates are good; both have the
    machine's own way as their default. Make it and use it within one event loop.
    """

    def __init__(
        self,
        vault: Vault,
        allowed: Iterable[Network],
        *,
        clock: Callable[[], Instant] = read_clock,
        total_seconds: float = TOTAL_SECONDS,
        resolve: LookUp = look_up,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._total_seconds = total_seconds
        self._client = WebhookClient(allowed, resolve=resolve, tls=tls)

    async def close(self) -> None:
        """
        Close the connections that were kept.
        """
        await self._client.close()

    async def send(self, claimed: Claimed) -> Outcome:
        """
        Make one attempt. Whatever an endpoint or the network does is in the outcome, never raised.
        """
        if claimed.url is None or claimed.secret_encrypted is None:
            raise ValueError("this delivery is not a webhook's")
        secret = self._read_secret(claimed.secret_encrypted)
        if secret is None:
            return Outcome(error=Failure.NO_SECRET.of(), is_final=True)
        # A former secret that cannot be read any more is no reason not to send.
        former = self._read_secret(claimed.former_secret_encrypted)
        body = claimed.payload.encode()
        signed = sign(secret, former, claimed.message_uid, body, self._clock())
        headers = [*_HEADERS, *((name.encode(), value.encode()) for name, value in signed.items())]
        return _outcome(await self._client.post(claimed.url, headers, body, self._total_seconds))

    def _read_secret(self, encrypted: str | None) -> str | None:
        if encrypted is None:
            return None
        try:
            return self._vault.decrypt(encrypted)
        except InvalidToken:
            return None


def _outcome(answer: Answer) -> Outcome:
    if answer.status is None:
        return Outcome(error=answer.problem)
    return Outcome(
        status_code=answer.status,
        error=answer.problem or _problem_of(answer.status),
        answer=_text(answer.beginning),
        is_final=answer.status == _GONE,
    )


def _problem_of(status: int) -> str | None:
    if 200 <= status < 300:  # noqa: PLR2004 - the successes of HTTP
        return None
    if 300 <= status < 400:  # noqa: PLR2004 - the redirects of HTTP
        return Failure.REDIRECTED.of(number=status)
    if status == _GONE:
        return Failure.GONE.of()
    return Failure.ANSWERED.of(number=status)


def _text(beginning: bytearray) -> str:
    """
    Read bytes that anybody may have chosen as a text that is safe to keep and to show.
    """
    text = beginning.decode(errors="replace")
    if len(beginning) == MAX_KEPT_BYTES:
        # The cut may have gone through a character.
        text = text.removesuffix("\N{REPLACEMENT CHARACTER}")
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_HARMLESS)
