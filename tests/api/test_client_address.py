"""
The address a call counts for: who is believed, and who cannot pretend to be somebody else.
"""

from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendo.settings import Network
from calendo.web.security import client_address

PROXY = "10.0.0.1"
PEER = "192.0.2.9"


def networks(text: str) -> tuple[Network, ...]:
    """
    Read networks as the setting has them.
    """
    return tuple(ip_network(part) for part in text.split())


@pytest.mark.parametrize(
    ("expected", "peer", "forwarded"),
    [
        ("192.0.2.9", "192.0.2.9", None),
        ("192.0.2.9", "192.0.2.9", "198.51.100.1"),
        ("192.0.2.9", "::ffff:192.0.2.9", None),
        ("2001:db8:1:2::/64", "2001:db8:1:2::3", None),
        ("2001:db8:1:2::/64", "2001:db8:1:2:ffff:ffff:ffff:ffff", None),
        ("fe80::/64", "fe80::1%eth0", None),
        ("::/64", "::1", None),
        ("unix", "unix", "198.51.100.1"),
        ("unknown", "unknown", None),
    ],
)
def test_where_no_proxy_is_trusted_the_peer_counts(expected: str, peer: str, forwarded: str | None) -> None:
    """
    IPv6 by /64; an IPv4 address in IPv6 is the IPv4 address; what is no address stands for itself.
    """
    assert expected == client_address(peer, forwarded, ())


@pytest.mark.parametrize(
    ("expected", "forwarded"),
    [
        (PROXY, None),
        (PROXY, ""),
        ("198.51.100.1", "198.51.100.1"),
        ("198.51.100.1", " 198.51.100.1 "),
        ("198.51.100.1", "203.0.113.5, 198.51.100.1"),
        ("198.51.100.1", "203.0.113.5,198.51.100.1,10.0.0.2"),
        ("198.51.100.1", "10.0.0.9, 198.51.100.1, 10.0.0.3 , 10.0.0.2"),
        ("198.51.100.1", "::ffff:198.51.100.1"),
        ("198.51.100.1", "198.51.100.1, ::ffff:10.0.0.2"),
        ("2001:db8:1:2::/64", "2001:db8:1:2:3::4"),
        # Proxies only, as from a health check inside: the farthest one.
        ("10.0.0.3", "10.0.0.3, 10.0.0.2"),
        # What cannot be read ends the reading, and the proxy that passed it on counts.
        (PROXY, "unknown"),
        (PROXY, "198.51.100.1, unknown"),
        ("10.0.0.2", "198.51.100.1, garbage, 10.0.0.2"),
        (PROXY, "198.51.100.1,"),
    ],
)
def test_a_trusted_proxy_is_believed_about_the_hop_before_it(expected: str, forwarded: str | None) -> None:
    """
    From the end of the header on, as long as each hop is a proxy we trust.
    """
    assert expected == client_address(PROXY, forwarded, networks("10.0.0.0/8 2001:db8:ffff::/48"))


def test_a_proxy_with_an_ipv6_address_is_trusted_by_its_network() -> None:
    trusted = networks("2001:db8:ffff::/48 10.0.0.0/8")

    assert "198.51.100.1" == client_address("2001:db8:ffff::1", "198.51.100.1", trusted)
    assert "2001:db8:fffe::/64" == client_address("2001:db8:fffe::1", "198.51.100.1", trusted)


@settings(deadline=None)
@given(st.text(), st.sampled_from([PEER, "2001:db8::1", "unix", ""]))
def test_what_a_stranger_writes_changes_nothing(forwarded: str, peer: str) -> None:
    """
    A peer that is no trusted proxy counts for itself, whatever it sends along.
    """
    trusted = networks("10.0.0.0/8")

    assert client_address(peer, None, trusted) == client_address(peer, forwarded, trusted)
    assert client_address(peer, None, ()) == client_address(peer, forwarded, ())


@settings(deadline=None)
@given(st.text(), st.ip_addresses(network="198.51.100.0/24"))
def test_what_a_stranger_writes_before_the_proxy_changes_nothing(forged: str, real: object) -> None:
    """
    The proxy goes on behind what was there, so its own entry is the last.
    """
    assert str(real) == client_address(PROXY, f"{forged}, {real}", networks("10.0.0.0/8"))
