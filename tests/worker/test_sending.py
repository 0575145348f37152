"""
One webhook is sent, and what comes of it is told: to receivers that really listen and do all kinds of things.
"""

import asyncio
import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
import uvloop
from standardwebhooks import Webhook
from webhook_receivers import NOW, OK, PAYLOAD, SECRET, UID, receiver, sender, table, webhook

from calendo.core.signing import verify
from calendo.integrations.vault import Vault
from calendo.ops.deliveries import Outcome
from calendo.worker.deliver import TOTAL_SECONDS, WebhookSender
from parts import FULL

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """
    Run a coroutine in either kind of loop.
    """

    def run_in(main: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(main)

    return run_in


async def outcome_of(answer: bytes) -> Outcome:
    """
    Send to a receiver that answers with these bytes and hangs up.
    """

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    async with receiver(hang_up) as seen, sender() as webhooks:
        return await webhooks.send(webhook(seen.url()))


def test_the_payload_arrives_as_it_was_frozen(run: Run) -> None:
    """
    One POST with the very bytes, declared as JSON, signed both ways, with the version that sent it.
    """

    async def main() -> None:
        async with receiver() as seen, sender() as webhooks:
            assert Outcome(status_code=200, answer="ok") == await webhooks.send(webhook(seen.url()))
        (call,) = seen.calls
        assert "POST /hook?from=calendo HTTP/1.1" == call.line
        assert PAYLOAD.encode() == call.body
        assert f"127.0.0.1:{seen.port}" == call.headers["host"]
        assert "application/json" == call.headers["content-type"]
        assert "identity" == call.headers["accept-encoding"]
        assert call.headers["user-agent"].startswith("Calendo/")
        assert (UID, str(NOW)) == (call.headers["webhook-id"], call.headers["webhook-timestamp"])
        assert "X-Calendo-Signature" in call.names
        assert (None, None) == verify(SECRET, call.headers, call.body, NOW)

    run(main())


def test_a_rotated_secret_signs_beside_the_new_one() -> None:
    """
    While the former secret is good, the Standard Webhooks library verifies with either.
    """
    new, former = "whsec_" + "A" * 32, "whsec_" + "B" * 32

    async def main() -> None:
        async with receiver() as seen, sender(clock=lambda: int(time.time())) as webhooks:
            await webhooks.send(webhook(seen.url(), new, former))
        (call,) = seen.calls
        for secret in (new, former):
            Webhook(secret).verify(call.body, call.headers)

    asyncio.run(main())


def test_a_connection_is_used_again(run: Run) -> None:
    """
    What follows soon goes over the connection that is there.
    """

    async def main() -> None:
        async with receiver() as seen, sender() as webhooks:
            for _ in range(5):
                assert (await webhooks.send(webhook(seen.url()))).error is None
        assert (1, 5) == (seen.connections, len(seen.calls))

    run(main())


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
def test_a_kept_connection_that_was_closed_is_no_failure(run: Run, is_reset: bool) -> None:
    """
    An endpoint that hangs up on a kept connection just when a call comes gets it over a new one.
    """

    async def main() -> None:
        async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK)
            # The next call has come when the connection is closed.
            await reader.readuntil(b"\r\n\r\n")
            if is_reset:
                connection = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()

        async with receiver(answer_one) as seen, sender() as webhooks:
            outcomes = [await webhooks.send(webhook(seen.url())) for _ in range(3)]
        assert [Outcome(status_code=200, answer="ok")] * 3 == outcomes
        assert 3 == seen.connections

    run(main())


def test_a_new_connection_that_is_closed_is_a_failure(run: Run) -> None:
    """
    Who hangs up at once is not tried again at once.
    """

    async def main() -> None:
        async def hang_up(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
            pass

        async with receiver(hang_up) as seen, sender() as webhooks:
            outcome = await webhooks.send(webhook(seen.url()))
        assert Outcome(error="The endpoint closed the connection before it had answered.") == outcome
        assert 1 == seen.connections

    run(main())


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_is_any_2xx(status: int) -> None:
    """
    Each status from 200 to 299 means that it has arrived.
    """
    outcome = asyncio.run(outcome_of(b"HTTP/1.1 %d Yes\r\nContent-Length: 0\r\n\r\n" % status))

    assert Outcome(status_code=status, answer="") == outcome


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (300, "The endpoint answered 300; redirects are not followed."),
        (302, "The endpoint answered 302; redirects are not followed."),
        (308, "The endpoint answered 308; redirects are not followed."),
        (400, "The endpoint answered 400."),
        (404, "The endpoint answered 404."),
        (429, "The endpoint answered 429."),
        (500, "The endpoint answered 500."),
        (999, "The endpoint answered 999."),
    ],
)
def test_any_other_status_is_a_failure(status: int, error: str) -> None:
    """
    The status is kept, and so is the beginning of what was said.
    """
    outcome = asyncio.run(outcome_of(b"HTTP/1.1 %d No\r\nContent-Length: 4\r\n\r\noops" % status))

    assert Outcome(status_code=status, error=error, answer="oops") == outcome


def test_gone_is_final() -> None:
    """
    410 asks not to be called again.
    """
    outcome = asyncio.run(outcome_of(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"))

    assert Outcome(410, "The endpoint answered 410: it is gone for good.", "", is_final=True) == outcome


def test_a_redirect_is_not_followed() -> None:
    """
    Where a redirect points to, nobody calls.
    """

    async def main() -> None:
        async with receiver() as elsewhere:
            location = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere.url()}\r\nContent-Length: 0\r\n\r\n".encode()
            async with receiver(location) as seen, sender() as webhooks:
                outcome = await webhooks.send(webhook(seen.url()))
            assert 307 == outcome.status_code
            assert (1, 0) == (seen.connections, elsewhere.connections)

    asyncio.run(main())


def test_cookies_are_not_kept() -> None:
    """
    What an endpoint sets, it does not get back.
    """

    async def main() -> None:
        answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
        async with receiver(answer) as seen, sender() as webhooks:
            await webhooks.send(webhook(seen.url()))
            await webhooks.send(webhook(seen.url()))
        assert [False, False] == ["cookie" in call.headers for call in seen.calls]

    asyncio.run(main())


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A proxy that the machine's environment names hears of nothing.
    """

    async def main() -> None:
        async with receiver() as proxy, receiver() as seen, sender() as webhooks:
            for name in ("http_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            async with sender() as later:
                assert (await later.send(webhook(seen.url()))).error is None
            assert (await webhooks.send(webhook(seen.url()))).error is None
        assert (0, 2) == (proxy.connections, len(seen.calls))

    asyncio.run(main())


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", None, "The endpoint closed the connection before it had answered."),
        (b"220 mail\r\n\r\n", None, "What the endpoint answered is not valid HTTP."),
        (b"\x15\x03\x03\x00\x02\x02\x46", None, "What the endpoint answered is not valid HTTP."),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None, "What the endpoint answered is not valid HTTP."),
        (b"\x00" * 4096, None, "What the endpoint answered is not valid HTTP."),
        (b"HTTP/1.1 20x OK\r\n\r\n", None, "What the endpoint answered is not valid HTTP."),
        (b"HTTP/1.1 200 OK\r\nA\x00: b\r\n\r\n", None, "What the endpoint answered is not valid HTTP."),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
            None,
            "What the endpoint answered is not valid HTTP.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            None,
            "What the endpoint answered is not valid HTTP.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nA: " + b"x" * 110_000,
            None,
            "What the endpoint answered is not valid HTTP.",
        ),
        (b"HTTP/1.1 200 OK\r\n", None, "The endpoint closed the connection before it had answered."),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
            200,
            "The endpoint's answer broke off, or is not valid HTTP.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf",
            200,
            "The endpoint's answer broke off, or is not valid HTTP.",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nxyz\r\n",
            200,
            "The endpoint's answer broke off, or is not valid HTTP.",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, None, "The endpoint sent far more than an answer has."),
        (
            b"HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            None,
            "What the endpoint answered is not valid HTTP.",
        ),
    ],
)
def test_what_is_no_answer_is_a_failure(answer: bytes, status: int | None, error: str) -> None:
    """
    Garbage, half answers, contradictions and floods are told apart, without a word of what was sent.
    """
    outcome = asyncio.run(outcome_of(answer))

    assert (status, error) == (outcome.status_code, outcome.error)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\n\r\nok",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: <a>\r\n\r\n" + OK,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1\r\nk\r\n0\r\nA: b\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than that",
    ],
)
def test_old_and_odd_answers_are_read(answer: bytes) -> None:
    """
    HTTP/1.0, hints before the answer, chunks with extensions and trailers are all right.
    """
    assert Outcome(status_code=200, answer="ok") == asyncio.run(outcome_of(answer))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Zoë 日本".encode(), "Zoë 日本"),
        (b"\xff\xfe a", "�� a"),
        (b"a\x00b\x1b[31mc\x7f\xc2\x9bd", "a�b�[31mc��d"),
        (b"one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("a\u202eb\u2066c\u2028d\ufeff".encode(), "a�b�c�d�"),
        (b"x" * 1024, "x" * 1024),
        (b"x" * 1025, "x" * 1024),
        (("x" * 1023 + "é").encode(), "x" * 1023),
        (gzip.compress(b"", mtime=0)[:4], "\x1f\x8b\x08\0".translate(dict.fromkeys(range(256), "�"))),
    ],
)
def test_the_beginning_of_an_answer_is_kept_as_text(body: bytes, expected: str) -> None:
    """
    One KiB of it, in which nothing is left that a log, a page or a database could stumble over.
    """
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    assert Outcome(status_code=200, answer=expected) == asyncio.run(outcome_of(answer))


def test_an_endless_success_is_a_success() -> None:
    """
    Of a long answer 64 KiB are read; the status says that it has arrived.
    """

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"y" * 100_000)
            await writer.drain()

    async def main() -> None:
        async with receiver(endless) as seen, sender() as webhooks:
            outcomes = [await webhooks.send(webhook(seen.url())) for _ in range(2)]
        assert [Outcome(status_code=200, answer="y" * 1024)] * 2 == outcomes
        # The rest is not read, so the connection is of no more use.
        assert 2 == seen.connections

    asyncio.run(main())


def test_of_an_answer_64_kib_are_read() -> None:
    """
    Once that much has come, nobody waits for what is still missing.
    """

    async def long(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"y" * 64 * 1024)
        await asyncio.sleep(60)

    async def main() -> None:
        async with receiver(long) as seen, sender(total_seconds=2) as webhooks:
            assert Outcome(status_code=200, answer="y" * 1024) == await webhooks.send(webhook(seen.url()))

    asyncio.run(main())


async def _nothing(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _drip_head(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nA: ")
    while True:
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def _drip_body(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"a")
        await asyncio.sleep(0.02)


async def _drip_hints(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"HTTP/1.1 103 Hints\r\n\r\n")
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("slow", "status", "verb"),
    [
        (_nothing, None, "answer"),
        (_drip_head, None, "answer"),
        (_drip_body, 200, "finish its answer"),
        (_drip_hints, None, "answer"),
    ],
)
def test_a_slow_answer_is_cut(run: Run, slow: Any, status: int | None, verb: str) -> None:
    """
    Silence, and an answer that comes byte by byte, end when the time is up, all in all.
    """

    async def main() -> None:
        async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await slow(writer)

        async with receiver(handle) as seen, sender(total_seconds=1.0) as webhooks:
            started = time.monotonic()
            outcome = await webhooks.send(webhook(seen.url()))
            took = time.monotonic() - started
        assert (status, f"The endpoint did not {verb} within 1 seconds.") == (
            outcome.status_code,
            outcome.error,
        )
        # The loop counts in whole milliseconds, so it can be a little early.
        assert 0.9 < took < 4

    run(main())


@pytest.mark.prove
def test_a_byte_a_second_is_cut_at_ten_seconds() -> None:
    """
    Ten seconds in all, as it is used, though a byte comes every second.
    """
    seconds = TOTAL_SECONDS if FULL else 1

    async def main() -> None:
        async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while True:
                writer.write(b"a")
                await asyncio.sleep(seconds / 10)

        async with receiver(handle) as seen, sender(total_seconds=seconds) as webhooks:
            started = time.monotonic()
            outcome = await webhooks.send(webhook(seen.url()))
            took = time.monotonic() - started
        print(f"a dripping answer was cut after {took:.2f} s")
        assert f"The endpoint did not finish its answer within {seconds:g} seconds." == outcome.error
        # The loop counts in whole milliseconds, so it can be a little early.
        assert seconds - 0.1 < took < seconds + 0.5

    asyncio.run(main())


def test_a_refused_connection_is_told() -> None:
    """
    Where nobody listens, the error says so.
    """

    async def main() -> None:
        async with receiver() as seen:
            pass
        async with sender() as webhooks:
            outcome = await webhooks.send(webhook(seen.url()))
        assert Outcome(error="The endpoint refused the connection.") == outcome

    asyncio.run(main())


def test_an_unknown_name_is_told() -> None:
    """
    The real resolver is asked, and what it does not know is named.
    """

    async def main() -> None:
        async with sender() as webhooks:
            outcome = await webhooks.send(webhook("https://no-such-name.invalid/"))
        assert "no-such-name.invalid is not known: it has no address." == outcome.error

    asyncio.run(main())


def test_another_address_is_tried_where_one_does_not_listen() -> None:
    """
    Of several addresses one that listens is found.
    """

    async def main() -> None:
        names = table({"hooks.example": ["127.0.0.9", "127.0.0.8", "127.0.0.1"]})
        async with receiver() as seen, sender(resolve=names) as webhooks:
            outcome = await webhooks.send(webhook(seen.url("hooks.example")))
        assert outcome.error is None
        assert f"hooks.example:{seen.port}" == seen.calls[0].headers["host"]

    asyncio.run(main())


def test_a_name_server_that_hangs_holds_up_nobody_else(run: Run) -> None:
    """
    While the names of many endpoints are being waited for, another is resolved and called.
    """
    release = threading.Event()
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        if host.startswith("hangs"):
            release.wait(30)
        return ["127.0.0.1"]

    async def main() -> None:
        async with receiver() as seen, sender(resolve=resolve, total_seconds=1) as webhooks:
            hanging = [
                asyncio.create_task(webhooks.send(webhook(seen.url(f"hangs{number % 20}.example"))))
                for number in range(80)
            ]
            await asyncio.sleep(0)
            started = time.monotonic()
            outcome = await webhooks.send(webhook(seen.url("healthy.example")))
            took = time.monotonic() - started
            outcomes = await asyncio.gather(*hanging)
        assert outcome.error is None
        assert took < 0.5
        assert {"The endpoint did not answer within 1 seconds."} == {outcome.error for outcome in outcomes}
        # Those that wait for one name wait for one answer.
        assert 21 == len(asked)

    try:
        run(main())
    finally:
        release.set()


def test_a_secret_of_another_key_is_final() -> None:
    """
    What CALENDO_SECRET_KEY cannot decrypt any more is not sent unsigned, and not tried again.
    """

    async def main() -> None:
        async with receiver() as seen:
            other = WebhookSender(Vault(b"another key"), [])
            try:
                outcome = await other.send(webhook(seen.url()))
            finally:
                await other.close()
        assert outcome.is_final
        assert "CALENDO_SECRET_KEY" in str(outcome.error)
        assert 0 == seen.connections

    asyncio.run(main())


def test_a_former_secret_of_another_key_is_left_out() -> None:
    """
    The present secret signs alone where the former one cannot be read.
    """

    async def main() -> None:
        async with receiver() as seen, sender() as webhooks:
            former = Vault(b"another key").encrypt("former")
            outcome = await webhooks.send(replace(webhook(seen.url()), former_secret_encrypted=former))
        assert outcome.error is None
        assert " " not in seen.calls[0].headers["webhook-signature"]

    asyncio.run(main())


def test_a_mail_is_not_sent_as_a_webhook() -> None:
    """
    A delivery without an address is somebody else's.
    """

    async def main() -> None:
        async with sender() as webhooks:
            with pytest.raises(ValueError, match="not a webhook"):
                await webhooks.send(replace(webhook("https://example.com/"), url=None))

    asyncio.run(main())
