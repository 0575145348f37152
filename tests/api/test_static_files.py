"""
Static files are a tree under its own hash: kept for ever, compressed, open to other sites.
"""

import gzip
import re

import pytest

from conftest import Api, Host


@pytest.fixture
def engine_name() -> str:
    """
    These answers do not depend on the database, so one engine will do.
    """
    return "sqlite"


def tree_of(api: Api) -> str:
    found = re.search(r"/static/(\w+)/", api.client.get("/").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("site.css", "text/css"),
        ("booker/booker.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
        ("texts/de.json", "application/json"),
    ],
)
def test_a_file_is_kept_for_ever_under_the_hash_of_its_tree(api: Api, name: str, media_type: str) -> None:
    """
    Under any other hash comes the same, and is not kept.
    """
    known = api.client.get(f"/static/{tree_of(api)}/{name}")
    other = api.client.get(f"/static/older/{name}")

    assert media_type == known.headers["content-type"].partition(";")[0]
    assert "public, max-age=31536000, immutable" == known.headers["cache-control"]
    assert "no-cache" == other.headers["cache-control"]
    assert known.content == other.content
    assert "*" == known.headers["access-control-allow-origin"]
    assert "nosniff" == known.headers["x-content-type-options"]


def test_files_come_compressed_to_those_who_can_read_that(api: Api) -> None:
    """
    The same bytes once unpacked; caches are told that there are two forms.
    """
    address = f"/static/{tree_of(api)}/booker/booker.js"
    plain = api.client.get(address, headers={"Accept-Encoding": "identity"})
    refused = api.client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    with api.client.stream("GET", address, headers={"Accept-Encoding": "br, gzip"}) as packed:
        raw = b"".join(packed.iter_raw())

    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert "gzip" == packed.headers["content-encoding"]
    assert plain.content == gzip.decompress(raw)
    assert len(raw) < len(plain.content) / 2
    assert "Accept-Encoding" == plain.headers["vary"] == packed.headers["vary"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nothing.js",
        "booker",
        "../static_files.py",
        "booker/../../app.py",
        "%2e%2e/app.py",
        "texts/en.json",
    ],
)
def test_what_is_not_in_the_tree_is_not_there(api: Api, name: str) -> None:
    """
    Nothing outside of it can be reached.
    """
    assert 404 == api.client.get(f"/static/{tree_of(api)}/{name}").status_code


def test_the_embed_brings_the_tree_that_is_there_now(api: Api) -> None:
    """
    Other sites keep its address in their pages, so it is short-lived, and what it brings is kept.
    """
    module = api.client.get("/embed.js")

    assert "text/javascript" == module.headers["content-type"].partition(";")[0]
    assert "public, max-age=300" == module.headers["cache-control"]
    found = re.search(r'from "\.(/static/\w+/booker/element\.js)"', module.text)
    assert found is not None
    assert "immutable" in api.client.get(found[1]).headers["cache-control"]


THEIRS = {"Origin": "https://theirs.example"}


@pytest.mark.parametrize(
    "path",
    [
        "/availability/{slug}/call?start=2026-03-02&end=2026-03-02",
        "/booking-pages/{slug}",
        "/booking-pages/{slug}/nothing",
    ],
)
def test_other_sites_may_read_what_everybody_may(host: Host, path: str) -> None:
    """
    Answers and refusals alike, without credentials.
    """
    host.post("/event-types", {"name": "Call"})

    answer = host.client.get(f"/api{path.format(slug=host.slug)}", headers=THEIRS)

    assert "*" == answer.headers["access-control-allow-origin"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


def test_a_preflight_is_answered_and_not_counted(host: Host) -> None:
    """
    For what the booker sends, and for nothing else.
    """
    asks = {**THEIRS, "Access-Control-Request-Method": "POST"}
    path = f"/api/book/{host.slug}/call"
    fine = host.client.options(
        path, headers={**asks, "Access-Control-Request-Headers": "content-type,idempotency-key"}
    )
    with_key = host.client.options(path, headers={**asks, "Access-Control-Request-Headers": "x-api-key"})

    assert 200 == fine.status_code
    assert "86400" == fine.headers["access-control-max-age"]
    assert "x-ratelimit-limit" not in fine.headers
    assert 400 == with_key.status_code


@pytest.mark.parametrize(
    "path", ["/event-types", "/bookings", "/auth/me", "/auth/login", "/ai/chat", "/webhooks"]
)
def test_all_else_stays_closed_to_other_sites(host: Host, path: str) -> None:
    """
    Neither a preflight nor an answer lets their scripts in.
    """
    asks = {**THEIRS, "Access-Control-Request-Method": "POST"}

    assert "access-control-allow-origin" not in host.client.options(f"/api{path}", headers=asks).headers
    assert "access-control-allow-origin" not in host.call("GET", path, headers=THEIRS).headers
