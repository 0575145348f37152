"""
Pages beside the booker: facts for programs that read, languages, and what only the demo has.
"""

import json
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.i18n import LANGUAGES
from calendo.ops.slugs import RESERVED
from calendo.settings import Settings
from conftest import Api, Clock, Host


@pytest.fixture
def engine_name() -> str:
    """
    These answers do not depend on the database, so one engine will do.
    """
    return "sqlite"


def read(host: Host, path: str) -> str:
    answer = host.client.get(path)
    assert 200 == answer.status_code, answer.text
    assert "text/markdown; charset=utf-8" == answer.headers["content-type"]
    return str(answer.text)


def test_a_page_has_its_facts_as_markdown(host: Host) -> None:
    """
    Host, zone and the event types on show, each with its own address.
    """
    host.put("/booking-page", {"bio": "Likes\n# tea", "welcome_message": "Come in"})
    host.post(
        "/event-types", {"name": "Call [x](javascript:y)", "slug": "call", "description": "<b>Short</b>"}
    )
    host.post("/event-types", {"name": "Hidden", "is_secret": True})

    text = read(host, f"/{host.slug}.md")

    assert text.startswith("# Jane Smith\n\n> Likes \\# tea\n\nCome in\n")
    assert f"http://calendo.test/{host.slug}/call.md): 30 minutes. \\<b\\>Short\\</b\\>" in text
    assert "Call \\[x\\](javascript:y)" in text
    assert "Hidden" not in text


def test_an_event_type_has_its_facts_as_markdown(host: Host) -> None:
    """
    Length, place, questions, and the calls that list times and book one; secret ones too, for those who know.
    """
    question = {"id": "stage", "label": "Stage", "type": "select", "options": ["A", "B"], "required": True}
    fields = {"location_type": "phone", "requires_confirmation": True, "questions": [question]}
    host.post("/event-types", {"name": "Call", "is_secret": True, **fields})

    text = read(host, f"/{host.slug}/call.md")

    assert text.startswith("# Call with Jane Smith\n")
    for fact in (
        "- Length: 30 minutes\n- Place: phone call\n- Confirmation: the host confirms each booking by hand\n",
        f"GET http://calendo.test/api/availability/{host.slug}/call?start=",
        f"POST http://calendo.test/api/book/{host.slug}/call with",
        "- `answers.stage` (required): Stage (select: A, B)\n",
    ):
        assert fact in text
    assert 404 == host.client.get(f"/{host.slug}/nothing.md").status_code
    assert 404 == host.client.get("/nobody.md").status_code


def test_the_server_says_how_to_book_on_it(host: Host) -> None:
    """
    Addresses are those of this server; no host is listed.
    """
    text = read(host, "/llms.txt")

    assert "`POST http://calendo.test/api/book/{page}/{event}`" in text
    assert host.slug not in text


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        ("", "nl, fr;q=0.5, en;q=0.4", "fr"),
        ("", "en;q=0.3, es;q=0.7", "es"),
        ("", "ja;q=0, pt-BR;q=0.1", "pt-BR"),
        ("", "xx-!!, ;q=, de;q=much", "en"),
        ("ja", "de", "ja"),
        ("tlh", "de", "de"),
        ('"><script>', "de", "de"),
    ],
)
def test_a_page_speaks_the_language_that_is_liked_best(
    host: Host, asked: str, accepted: str, spoken: str
) -> None:
    """
    The one in the address, else the first of the browser's that there is, else English.
    """
    page = host.client.get(f"/{host.slug}", params={"lang": asked}, headers={"Accept-Language": accepted})

    assert f'<html lang="{spoken}" dir="ltr">' in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plain_pages_speak_every_language(host: Host, language: str) -> None:
    """
    A language that was asked for stays from the page to the booking, which remembers it.
    """
    host.post("/event-types", {"name": "Call"})
    page = host.client.get(f"/{host.slug}", params={"lang": language}).text
    link = re.search(r'class="choice" href="([^"]+)"', page)
    assert link is not None
    times = host.client.get(link[1]).text
    form = host.client.get(link[1] + "&time=2026-03-02T09:00:00Z").text
    action = re.search(r'method="post" action="([^"]+)"', form)
    assert action is not None
    body = {"start_time": "2026-03-02T09:00:00Z", "name": "Ann", "email": "ann@example.com"}
    booked = host.client.post(action[1], data=body)

    assert 201 == booked.status_code
    assert all(f'lang="{language}"' in text for text in (page, times, form, booked.text))
    assert language == host.get("/bookings")[0]["locale"]
    assert ("It is booked" in booked.text) == (language == "en")


def test_the_booker_is_told_what_it_would_ask_for(host: Host) -> None:
    """
    Host and event type are in the page as the API has them; markup in them cannot end the block.
    """
    name = "</script><script>alert(1)</script>"
    host.put("/booking-page", {"display_name": name})
    host.post("/event-types", {"name": name, "slug": "call"})
    page = host.client.get(f"/{host.slug}/call", params={"lang": "de"}).text

    block = re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    known = json.loads(block[1])

    public = Api(host.client).get(f"/booking-pages/{host.slug}")
    assert {**known["host"], "event_types": [known["event_type"]]} == public
    assert "Ihr Name" == known["texts"]["Your name"]
    assert name not in page


def test_a_brand_colour_is_mended_and_allowed_by_its_hash(host: Host) -> None:
    """
    Inline styles are allowed by their hash alone, and scripts not at all where there are none.
    """
    host.put("/booking-page", {"brand_color": "#ffff00"})
    host.post("/event-types", {"name": "Call"})
    page, booker = host.client.get(f"/{host.slug}"), host.client.get(f"/{host.slug}/call")
    plain = host.client.get("/")

    assert "--brand-light:#707000;--brand-dark:#ffff00" in page.text
    assert "style-src 'self' 'sha256-" in page.headers["content-security-policy"]
    assert "script-src" not in plain.headers["content-security-policy"]
    for open_page in (page, booker):
        assert "script-src 'self'; connect-src 'self'" in open_page.headers["content-security-policy"]
    assert "style=" not in page.text + booker.text


def test_pages_come_compressed(host: Host) -> None:
    """
    With the headers that caches need.
    """
    host.post("/event-types", {"name": "Call"})

    page = host.client.get(f"/{host.slug}/call", headers={"Accept-Encoding": "gzip"})

    assert "gzip" == page.headers["content-encoding"]
    assert "Accept-Language, Accept-Encoding" == page.headers["vary"]
    assert int(page.headers["content-length"]) < len(page.text) / 2


def test_reserved_slugs_never_become_pages(sign_up: Callable[..., Host]) -> None:
    """
    Neither by a host's name nor by changing the slug.
    """
    host = sign_up("Embed")
    taken = [slug for slug in RESERVED if re.fullmatch("[a-z0-9-]+", slug)]

    assert "embed-2" == host.slug
    for slug in taken:
        assert "slug_taken" == host.expect(409, "PUT", "/booking-page", {"slug": slug})["code"]


@pytest.mark.parametrize("path", ["/dev/gallery", "/dev/embed"])
def test_pages_for_builders_are_in_the_demo_only(
    api: Api, db: Database, settings: Settings, clock: Clock, path: str
) -> None:
    """
    A server for everybody does not have them.
    """
    assert 404 == api.client.get(path).status_code
    with TestClient(create_app(settings, db, clock, demo_mode=True)) as client:
        assert 200 == client.get(path).status_code
