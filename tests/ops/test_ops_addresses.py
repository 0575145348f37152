"""
Which addresses a webhook may be registered for, in whatever way they are spelt.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.errors import ForbiddenAddress
from calendo.integrations.addresses import MAX_URL_LENGTH, check_webhook_url, is_public, literal_address

LOOPBACK = IPv4Address("127.0.0.1")
METADATA = IPv4Address("169.254.169.254")
_NOT_ROUTED = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.168.0.0/16"
    " 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
NOT_ROUTED = [ip_network(network) for network in _NOT_ROUTED.split()]


def accepted(url: str, *allowed: str) -> bool:
    """
    Say whether a webhook may be registered for ``url`` where the settings list the ``allowed`` networks.
    """
    try:
        check_webhook_url(url, [ip_network(network) for network in allowed])
    except ForbiddenAddress:
        return False
    return True


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("127.0.0.1", LOOPBACK),
        ("127.0.0.1.", LOOPBACK),
        ("127.1", LOOPBACK),
        ("127.0.1", LOOPBACK),
        ("0x7f.1", LOOPBACK),
        ("0x7F000001", LOOPBACK),
        ("2130706433", LOOPBACK),
        ("017700000001", LOOPBACK),
        ("0177.0.0.01", LOOPBACK),
        ("0", IPv4Address("0.0.0.0")),
        ("169.254.43518", METADATA),
        ("0xa9fea9fe", METADATA),
        ("::1", IPv6Address("::1")),
        ("0:0:0:0:0:0:0:1", IPv6Address("::1")),
        ("fe80::1%eth0", IPv6Address("fe80::1")),
        ("fe80::1%25eth0", IPv6Address("fe80::1")),
        ("::ffff:127.0.0.1", IPv6Address("::ffff:7f00:1")),
        ("example.com", None),
        ("127.0.0.1.example.com", None),
        ("127.0.0.1.nip.io", None),
        ("256.256.256.256", None),
        ("4294967296", None),
        ("1.2.3.4.5", None),
        ("dead.beef", None),
        ("0xg", None),
        ("", None),
    ],
)
def test_an_address_is_read_in_any_spelling(spelling: str, address: object) -> None:
    """
    All that a resolver takes for an address is read as that address; a name is none.
    """
    assert address == literal_address(spelling)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_what_is_not_of_the_internet_is_not_public(address: str) -> None:
    """
    Private, local, shared, reserved and multicast addresses are not public, wrapped or bare.
    """
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.255.255",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_the_internet_is_public(address: str) -> None:
    """
    Addresses of the internet are public, also those just beside what is not.
    """
    assert is_public(ip_address(address))


@given(st.one_of(st.sampled_from(NOT_ROUTED).flatmap(lambda network: st.ip_addresses(network=network))))
def test_wrapping_makes_nothing_public(inner: IPv4Address) -> None:
    """
    An address that is not public stays so inside each of the IPv6 addresses that lead to it.
    """
    wrapped = [
        IPv6Address(int(IPv6Address("::ffff:0:0")) | int(inner)),
        IPv6Address(int(IPv6Address("64:ff9b::")) | int(inner)),
        IPv6Address(int(IPv6Address("2002::")) | int(inner) << 80),
        IPv6Address(int(inner)),
    ]

    assert [] == [address for address in [inner, *wrapped] if is_public(address)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com/",
        "https://example.com:8443/a?b=c#d",
        "HTTPS://EXAMPLE.COM/",
        "https://xn--zo-8ka.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://localhost.example.com/",
        "https://notlocalhost/",
        "https://example.com/@127.0.0.1/",
        "https://example.com/" + "x" * (MAX_URL_LENGTH - len("https://example.com/")),
    ],
)
def test_public_https_is_accepted(url: str) -> None:
    """
    Any name and any public address will do behind https.
    """
    assert accepted(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:example.com",
        "https://",
        "https:///path",
        "https://:443/",
        "https://[::1",
        "https://[nonsense]/",
        "https://[127.0.0.1]/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:port/",
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://@example.com/",
        "https://example.com\\@127.0.0.1/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/\n",
        "https://127.0.0.1\t.example.com/",
        "https://example.com/\x7f",
        "https://exämple.com/",
        "https://example。com/",
        "https://①②⑦.0.0.1/",
        "https://example.com/" + "x" * MAX_URL_LENGTH,
    ],
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    """
    Half-addresses, other schemes, credentials, and characters that two programs may read in two ways.
    """
    assert not accepted(url, "0.0.0.0/0", "::/0")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "2130706433",
        "017700000001",
        "0",
        "10.1.2.3",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fe80::1%25eth0]",
        "[fd12::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "localhost",
        "LocalHost",
        "localhost.",
        "foo.localhost",
    ],
)
def test_this_machine_and_its_neighbours_are_refused(host: str) -> None:
    """
    Without a listed network neither https nor http goes to them, in any spelling.
    """
    assert not accepted(f"https://{host}/")
    assert not accepted(f"https://{host}:8443/")
    assert not accepted(f"http://{host}/")


@pytest.mark.parametrize(
    ("url", "allowed", "expected"),
    [
        ("http://127.0.0.1:9000/hook", ["127.0.0.0/8"], True),
        ("http://127.1:9000/hook", ["127.0.0.0/8"], True),
        ("http://[::ffff:127.0.0.1]/", ["127.0.0.0/8"], True),
        ("http://[::1]/", ["::1/128"], True),
        ("http://[::1]/", ["127.0.0.0/8"], False),
        ("http://127.0.0.1/", ["::/0"], False),
        ("http://10.0.0.1/", ["127.0.0.0/8"], False),
        ("http://8.8.8.8/", ["127.0.0.0/8"], False),
        ("http://8.8.8.8/", [], False),
        ("http://localhost/", ["127.0.0.0/8", "::1/128"], True),
        ("http://localhost/", ["192.168.0.0/16"], False),
        ("http://no-such-name.invalid/", ["0.0.0.0/0", "::/0"], False),
        ("http://" + "a" * 64 + ".example/", ["0.0.0.0/0", "::/0"], False),
        ("https://127.0.0.1/", ["127.0.0.0/8"], True),
        ("https://10.0.0.1/", ["127.0.0.0/8"], False),
        ("https://localhost/", ["127.0.0.0/8"], True),
    ],
)
def test_listed_networks_are_open(url: str, allowed: Sequence[str], expected: bool) -> None:
    """
    Plain http goes where all the addresses of a host are listed, and private https goes there too.
    """
    assert expected == accepted(url, *allowed)
