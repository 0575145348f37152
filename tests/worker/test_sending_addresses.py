"""
No connection is made to a private place, however it is spelt: shown at the socket.

A process of its own sends; an audit hook hears of each connection that it makes, and real
listeners on this machine see whether one arrives.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from webhook_receivers import OK, receiver, sender, webhook

from calendo.ops.deliveries import Outcome
from parts import environment

_LITERALS = """
127.0.0.1 127.0.0.1. 127.1 127.0.1 127.255.255.254 0x7f.1 0x7f000001 0X7F000001 2130706433 017700000001
0177.0.0.01 0177.1 0x7f.0x0.0x0.0x1 127.0x0.0.1 127.000.000.001 0 00 0x0 0.0.0.0 0.0.0.1 0.1
10.0.0.1 10.1 167772161 0xa000001 012.1 172.16.0.1 172.31.255.255 2886729729 192.168.0.1 192.168.1 3232235521
0xc0a80001 0300.0250.0.1 100.64.0.1 100.127.255.254 1681915905
169.254.169.254 169.254.43518 0xa9fea9fe 2852039166 025177524776 0251.0376.0251.0376 169.254.0.1
192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 4294967295
[::1] [::] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0.0.0.1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:10.0.0.1] [::ffff:169.254.169.254]
[::ffff:0.0.0.0] [::ffff:100.64.0.1] [::127.0.0.1] [::10.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::127.0.0.1] [64:ff9b::a00:1] [64:ff9b::169.254.169.254] [64:ff9b:1::7f00:1] [64:ff9b:1::1]
[2002:7f00:1::] [2002:a00:1::1] [2002:c0a8:1::] [2002:a9fe:a9fe::]
[2001::1] [2001:0:7f00:1::] [2001:0:53aa:64c::1]
[fc00::1] [fd00:ec2::254] [fd12:3456:789a::1] [fe80::1] [fe80::1%eth0] [fe80::1%25lo] [::1%lo] [::1%251]
[fec0::1] [ff02::1] [ff0e::1] [100::1] [2001:db8::1] [2001:2::1] [2001:10::1] [3fff::1] [5f00::1]
"""
LITERALS = _LITERALS.split()

LOCAL_NAMES = [
    "localhost",
    "localhost.",
    "LOCALHOST",
    "LocalHost.",
    "a.localhost",
    "a.b.localhost.",
    "LOCALHOST.localhost",
]

PRIVATE_NAMES = {
    "loopback.example": ["127.0.0.1"],
    "anything.example": ["0.0.0.0"],
    "intranet.example": ["10.0.0.5"],
    "shared.example": ["100.64.0.1"],
    "router.example": ["192.168.1.1"],
    "docker.example": ["172.17.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "loopback6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "sixtofour.example": ["2002:7f00:1::1"],
    "teredo.example": ["2001:0:7f00:1::1"],
    "unique.example": ["fd12::1"],
    "linklocal.example": ["fe80::1%lo"],
    "multicast.example": ["ff02::1", "224.0.0.1"],
    "intranet": ["10.0.0.5"],
    # A public record beside a private one, in either order and in either family.
    "mixed-a.example": ["8.8.8.8", "127.0.0.1"],
    "mixed-b.example": ["127.0.0.1", "8.8.8.8"],
    "mixed-c.example": ["2001:4860:4860::8888", "127.0.0.1"],
    "mixed-d.example": ["8.8.8.8", "::1"],
    "mixed-e.example": [*(f"8.8.8.{last}" for last in range(100)), "10.0.0.1"],
    # A name below localhost is this machine, whatever a name server says.
    "public.localhost": ["8.8.8.8"],
}

ODD = [
    # Characters that another program may read as digits, dots or letters.
    "https://127。0。0。1:{port}/",
    "https://①②⑦.0.0.1:{port}/",
    "https://ⓛocalhost:{port}/",
    "https://１２７.0.0.1:{port}/",  # noqa: RUF001 - fullwidth digits are what this is about
    "https://local\u00adhost:{port}/",
    "https://%31%32%37.0.0.1:{port}/",
    "https://127%2e0%2e0%2e1:{port}/",
    "https://localhost%00.example:{port}/",
    # User names, and what may be taken for them.
    "https://user@127.0.0.1:{port}/",
    "https://8.8.8.8@127.0.0.1:{port}/",
    "https://8.8.8.8:443@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\@8.8.8.8/",
    "https://127.0.0.1:{port}#@8.8.8.8/",
    "https://8.8.8.8\\@127.0.0.1:{port}/",
    # White space and control characters.
    "https://127.0.0.1\t:{port}/",
    "https://127.0.0.1 :{port}/",
    "https://127.0.0.1\r\n:{port}/",
    "https://loc\nalhost:{port}/",
    " https://127.0.0.1:{port}/",
    "https:// 127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/\r\nHost: example.com",
    # Ports and brackets that are none.
    "https://127.0.0.1:0/",
    "https://127.0.0.1:-1/",
    "https://127.0.0.1:99999/",
    "https://127.0.0.1:{port}:{port}/",
    "https://[127.0.0.1]:{port}/",
    "https://[::1:{port}/",
    "https://::1:{port}/",
    "https://[::1].:{port}/",
    "https://[v1.127.0.0.1]:{port}/",
    "https://.localhost:{port}/",
    "https://localhost..:{port}/",
    # Other schemes, and none.
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "unix:///run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/",
    "file:///etc/passwd",
    "//127.0.0.1:{port}/",
    "https:127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "",
]


async def call(
    urls: Sequence[str],
    names: Mapping[str, Sequence[Sequence[str]]] | None = None,
    allowed: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """
    Send from a process of its own, and return what it tells.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("addresses_called.py")),
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    task = {"urls": urls, "names": names or {}, "allowed": allowed}
    output, _ = await process.communicate(json.dumps(task).encode())
    assert 0 == process.returncode
    results: list[dict[str, Any]] = json.loads(output)
    return results


def test_no_connection_is_made_to_a_private_place() -> None:
    """
    Of more than a hundred spellings, over https and http, not one gets as far as a socket.
    """
    names = {name: [addresses] for name, addresses in PRIVATE_NAMES.items()}

    async def main() -> None:
        async with receiver() as four, receiver(host="::1", port=four.port) as six:
            hosts = [*LITERALS, *LOCAL_NAMES, *PRIVATE_NAMES]
            urls = [f"{scheme}://{host}:{four.port}/" for host in hosts for scheme in ("https", "http")]
            urls += [f"https://{host}/" for host in hosts]
            urls += [url.replace("{port}", str(four.port)) for url in ODD]
            results = await call(urls, names)
        assert urls == [result["url"] for result in results]
        assert [] == [result for result in results if result["connected"] or not result["error"]]
        assert (0, 0) == (four.connections, six.connections)
        print(f"{len(hosts) + len(ODD)} spellings, {len(urls)} addresses: no connection")

    assert len(LITERALS) + len(LOCAL_NAMES) + len(PRIVATE_NAMES) >= 80
    asyncio.run(main())


def test_the_hook_hears_of_connections() -> None:
    """
    What is allowed is connected, and heard of: to the address itself, without another look-up.
    """

    async def main() -> None:
        async with receiver() as four, receiver(host="::1", port=four.port) as six:
            hosts = ["127.0.0.1", "127.1", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]", "hooks.example"]
            urls = [f"http://{host}:{four.port}/" for host in hosts]
            names = {"hooks.example": [["127.0.0.1", "::1"]]}
            results = await call(urls, names, allowed=["127.0.0.0/8", "::1/128"])
        assert [None] * 6 == [result["error"] for result in results]
        assert [1] * 6 == [len(result["connected"]) for result in results]
        assert [[]] * 6 == [result["looked_up"] for result in results]
        assert (5, 1) == (four.connections, six.connections)

    asyncio.run(main())


def test_a_name_that_changes_its_mind_is_not_followed() -> None:
    """
    The address that was checked is the one that is connected to; the next look-up is checked again.
    """

    async def main() -> None:
        names = {"rebinds.example": [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.2", "127.0.0.1"]]}
        # Hangs up after each answer, so that each call needs a new connection.
        last = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        async with receiver(last, host="127.0.0.2") as good, receiver(port=good.port) as private:
            url = good.url("rebinds.example")
            first, second, third = await call([url] * 3, names, allowed=["127.0.0.2/32"])
        assert (None, [f"('127.0.0.2', {good.port})"]) == (first["error"], first["connected"])
        for later in (second, third):
            assert ("rebinds.example resolves to a private address.", []) == (
                later["error"],
                later["connected"],
            )
        assert (1, 0) == (good.connections, private.connections)

    asyncio.run(main())


def test_a_redirect_to_a_private_place_is_not_followed() -> None:
    """
    Wherever a redirect points, the one connection is to who sent it.
    """

    async def main() -> None:
        async with receiver() as private:
            location = f"HTTP/1.1 302 Found\r\nLocation: {private.url()}\r\nContent-Length: 0\r\n\r\n"
            async with receiver(location.encode(), host="127.0.0.2") as good:
                (result,) = await call([good.url("127.0.0.2")], allowed=["127.0.0.2/32"])
        assert "The endpoint answered 302; redirects are not followed." == result["error"]
        assert [f"('127.0.0.2', {good.port})"] == result["connected"]
        assert 0 == private.connections

    asyncio.run(main())


@pytest.mark.parametrize(
    ("url", "addresses", "error"),
    [
        ("https://10.0.0.1/", [], "10.0.0.1 is a private address."),
        ("https://[fd00:ec2::254]/", [], "fd00:ec2::254 is a private address."),
        ("https://a.example/", ["10.0.0.1"], "a.example resolves to a private address."),
        ("http://a.example/", ["8.8.8.8"], "a.example resolves to a public address; only https goes there."),
        ("http://8.8.8.8/", [], "8.8.8.8 is a public address; only https goes there."),
        ("https://a.localhost/", ["8.8.8.8"], "a.localhost is this machine."),
        ("https://a.example:0/", [], "This is not a valid address."),
        ("https://a.example/", [], "a.example is not known: it has no address."),
    ],
)
def test_a_refusal_says_why(url: str, addresses: list[str], error: str) -> None:
    """
    The host reads what is wrong with the address, in a sentence.
    """

    async def main() -> None:
        async with sender("192.0.2.0/32", resolve=lambda _: addresses) as webhooks:
            assert Outcome(error=error) == await webhooks.send(webhook(url))

    asyncio.run(main())
