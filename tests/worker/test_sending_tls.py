"""
Over TLS a webhook goes only to who can show that it is meant.
"""

import asyncio
import ssl
from contextlib import suppress

import pytest
from webhook_receivers import Certificates, listener, receiver, sender, table, webhook

from calendo.ops.deliveries import Outcome

NAMES = table({"hooks.example": ["127.0.0.1"], "hooks.example.": ["127.0.0.1"], "localhost": ["127.0.0.1"]})


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


def attempt(server: ssl.SSLContext, client: ssl.SSLContext | None, host: str = "hooks.example") -> Outcome:
    """
    Send to a server with a certificate, as one that trusts what ``client`` does.
    """

    async def main() -> Outcome:
        async with receiver(tls=server) as seen, sender(resolve=NAMES, tls=client) as webhooks:
            outcome = await webhooks.send(webhook(seen.url(host, "https")))
        assert (outcome.error is None) == bool(seen.calls)
        return outcome

    return asyncio.run(main())


def test_a_certificate_of_a_trusted_authority_is_accepted(certificates: Certificates) -> None:
    """
    The right name from an authority that is trusted.
    """
    outcome = attempt(certificates.server("hooks.example"), certificates.client())

    assert Outcome(status_code=200, answer="ok") == outcome


@pytest.mark.parametrize("host", ["hooks.example", "HOOKS.example", "hooks.example."])
def test_the_name_is_asked_for_and_checked(certificates: Certificates, host: str) -> None:
    """
    The server is told which name is wanted, though the connection is made to an address.
    """
    asked: list[str | None] = []
    context = certificates.server("hooks.example")
    context.sni_callback = lambda _, name, __: asked.append(name)

    assert attempt(context, certificates.client(), host).error is None
    assert ["hooks.example"] == asked


def test_another_name_is_refused(certificates: Certificates) -> None:
    """
    A good certificate for somebody else is not accepted, and nothing is sent.
    """
    outcome = attempt(certificates.server("other.example"), certificates.client())

    assert outcome.error is not None
    assert outcome.error.startswith("The endpoint's certificate is not accepted: Hostname mismatch")


def test_an_expired_certificate_is_refused(certificates: Certificates) -> None:
    """
    One that was good until yesterday is not.
    """
    outcome = attempt(certificates.server("hooks.example", days=-1), certificates.client())

    assert "The endpoint's certificate is not accepted: certificate has expired." == outcome.error


def test_an_unknown_authority_is_refused(certificates: Certificates) -> None:
    """
    What the machine's own authorities did not sign is not accepted.
    """
    outcome = attempt(certificates.server("hooks.example"), None)

    assert outcome.error is not None
    assert outcome.error.startswith("The endpoint's certificate is not accepted: ")


def test_who_does_not_speak_tls_is_told_from_the_rest(certificates: Certificates) -> None:
    """
    Plain HTTP behind an https address.
    """

    async def main() -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(b"220 mail.example ESMTP\r\n" * 10)
            await writer.drain()

        async with listener(greet) as port, sender(resolve=NAMES, tls=certificates.client()) as webhooks:
            outcome = await webhooks.send(webhook(f"https://hooks.example:{port}/"))
        assert outcome.error is not None
        assert outcome.error.startswith("The endpoint does not speak TLS as it should (")

    asyncio.run(main())


def test_a_handshake_that_hangs_is_cut() -> None:
    """
    The time is up for TLS too, and then the connection is closed.
    """

    async def main() -> None:
        closed = asyncio.Event()

        async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                await reader.read()
            closed.set()

        async with listener(wait) as port, sender(resolve=NAMES, total_seconds=0.3) as webhooks:
            outcome = await webhooks.send(webhook(f"https://hooks.example:{port}/"))
            assert Outcome(error="The endpoint did not answer within 0.3 seconds.") == outcome
            await asyncio.wait_for(closed.wait(), 2)

    asyncio.run(main())


def test_kept_connections_are_used_again_over_tls(certificates: Certificates) -> None:
    """
    One handshake does for what follows soon.
    """

    async def main() -> None:
        context = certificates.server("hooks.example")
        async with (
            receiver(tls=context) as seen,
            sender(resolve=NAMES, tls=certificates.client()) as webhooks,
        ):
            for _ in range(3):
                assert (await webhooks.send(webhook(seen.url("hooks.example", "https")))).error is None
        assert (1, 3) == (seen.connections, len(seen.calls))

    asyncio.run(main())
