"""
Where webhooks may go: public https addresses, and private ones only where the settings list them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from fastapi.testclient import TestClient

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.settings import Settings
from conftest import Clock, Host

PUBLIC = [
    "https://example.com",
    "https://example.com:8443/hooks?a=b",
    "https://93.184.215.14/",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    "https://[::ffff:93.184.215.14]/",
    "https://[64:ff9b::93.184.215.14]/",
    "https://xn--zo-8ka.example/",
    "HTTPS://EXAMPLE.COM/",
    # Names are not resolved here; what they point to is checked when a connection is made.
    "https://internal.example/",
    "https://no-such-name.invalid/",
]
PRIVATE = [
    # This machine.
    "https://127.0.0.1/",
    "https://127.8.9.10/",
    "https://0.0.0.0/",
    "https://[::1]/",
    "https://[::]/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://api.localhost/",
    # This network, this link, metadata of clouds.
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1:8080/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/",
    "https://[fd12:3456::1]/",
    "https://[fe80::1]/",
    "https://[fec0::1]/",
    # Carriers, multicast, broadcast, and what nobody has.
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://[ff02::1]/",
    "https://255.255.255.255/",
    "https://198.18.0.1/",
    "https://240.0.0.1/",
    "https://[100::1]/",
    # Odd spellings of 127.0.0.1 that resolvers take.
    "https://127.1/",
    "https://127.0.0.1./",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    # Private addresses in IPv6 clothes: mapped, translated, 6to4, compatible.
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:c0a8:101]/",
    "https://[64:ff9b::10.0.0.1]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::1]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:0:127.0.0.1]/",
]
MALFORMED = [
    "example.com",
    "//example.com/",
    "/hooks",
    "ftp://example.com/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://",
    "https:///hooks",
    "https://?host=example.com",
    "https://example.com:0/",
    "https://example.com:65536/",
    "https://example.com:https/",
    "https://[::1/",
    "https://[example.com]/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://example.com\\@127.0.0.1/",
    "https://exa mple.com/",
    "https://example.com/a b",
    "https://example.com/\u0007",
    "https://exämple.com/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://example.com/" + "x" * 2000,
]
PLAIN = [
    "http://example.com/",
    "http://93.184.215.14/",
    "http://localhost:9000/",
    "http://127.0.0.1:9000/",
    "http://[::1]:9000/",
    "http://10.1.2.3/",
    "http://no-such-name.invalid/",
]


def accepted(host: Host, urls: list[str]) -> list[str]:
    """
    Those of the addresses that an endpoint can be registered for; the others get a 400 that names ``url``.
    """
    taken = []
    for url in urls:
        response = host.call("POST", "/webhooks", {"url": url, "events": ["booking.created"]})
        assert response.status_code in {201, 400}, (url, response.text)
        if response.status_code == 201:
            taken.append(url)
        else:
            assert "url: " in response.json()["error"], response.text
    return taken


@contextmanager
def allowing(host: Host, db: Database, settings: Settings, clock: Clock, *networks: str) -> Iterator[Host]:
    """
    The same host on a server whose settings list some networks.
    """
    listed = settings.model_copy(
        update={"webhook_allowed_networks": tuple(ip_network(network) for network in networks)}
    )
    with TestClient(create_app(listed, db, clock), base_url="http://calendo.test") as client:
        assert host.key is not None
        yield Host(client, host.key, host.slug, host.me)


def test_public_https_addresses_are_accepted(host: Host) -> None:
    """
    Names and literal addresses, with ports and paths, kept as they were written.
    """
    assert PUBLIC == accepted(host, PUBLIC)
    assert PUBLIC == [row["url"] for row in host.get("/webhooks")]


def test_private_addresses_are_refused_however_they_are_spelt(host: Host) -> None:
    """
    A webhook is no way into the network that the server stands in.
    """
    assert [] == accepted(host, PRIVATE)


def test_what_is_no_https_address_is_refused(host: Host) -> None:
    """
    Other schemes, broken ports, credentials, spaces, and hosts that read differently to different readers.
    """
    assert [] == accepted(host, MALFORMED)


def test_plain_http_is_refused(host: Host) -> None:
    """
    Without a network in the settings there is none it may go to.
    """
    assert [] == accepted(host, PLAIN)


def test_a_change_is_checked_as_well(host: Host) -> None:
    """
    An endpoint cannot be moved to where it could not be registered.
    """
    made = host.post("/webhooks", {"url": PUBLIC[0], "events": ["booking.created"]})

    for url in ("http://example.com/", "https://127.0.0.1/", "https://0x7f.1/", "nonsense"):
        answer = host.expect(400, "PUT", f"/webhooks/{made['id']}", {"url": url, "is_active": 0})
        assert "url: " in answer["error"]
    assert [PUBLIC[0], 1] == [host.get(f"/webhooks/{made['id']}")[name] for name in ("url", "is_active")]


def test_listed_networks_may_be_reached(host: Host, db: Database, settings: Settings, clock: Clock) -> None:
    """
    Over https and over plain http; what lies beside them stays refused.
    """
    with allowing(host, db, settings, clock, "127.0.0.0/8", "::1/128", "10.1.0.0/16") as privileged:
        fine = [
            "http://127.0.0.1:9000/",
            "http://[::1]:9000/",
            "http://localhost:9000/",
            "http://10.1.2.3/",
            "http://2130706433/",
            "http://[::ffff:127.0.0.1]/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://example.com/",
        ]
        beside = [
            "http://10.2.0.1/",
            "https://10.2.0.1/",
            "http://192.168.1.1/",
            "http://[fd00::1]/",
            "http://93.184.215.14/",
            "http://no-such-name.invalid/",
            "https://169.254.169.254/",
        ]

        assert fine == accepted(privileged, fine)
        assert [] == accepted(privileged, beside)


def test_a_name_behind_http_has_to_lie_wholly_inside(
    host: Host, db: Database, settings: Settings, clock: Clock
) -> None:
    """
    ``localhost`` is 127.0.0.1, which another private network does not cover.
    """
    with allowing(host, db, settings, clock, "10.0.0.0/8") as privileged:
        assert [] == accepted(privileged, ["http://localhost:9000/", "http://127.0.0.1:9000/"])
