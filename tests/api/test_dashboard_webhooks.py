"""
Webhooks in the dashboard: endpoints, their secret shown once, and the log of what was sent.
"""

import re
from html import unescape
from typing import Any

import pytest
from browsers import Browser, browse, led_to, text_of
from sqlalchemy import select, update

from calendo.core.instants import DAY
from calendo.db.engine import Database
from calendo.db.models import Attempt, Delivery, WebhookEndpoint
from calendo.settings import Settings
from conftest import Clock

pytest_plugins = ["dashboard_fixtures"]

HOME = "/app/webhooks"
SECRET = "whsec_a_secret_of_my_own"
ENDPOINT = {
    "url": "https://your-app.com/hook",
    "topics": ["booking.created", "booking.cancelled"],
    "secret": SECRET,
}


@pytest.fixture
def engine_name() -> str:
    """
    What the database does about webhooks is tested with the API; pages need one of them only.
    """
    return "sqlite"


@pytest.fixture
def endpoint(jane: Browser) -> str:
    """
    The path of an endpoint's page.
    """
    return str(jane.send(f"{HOME}/new", ENDPOINT).headers["location"])


def found(db: Database) -> WebhookEndpoint:
    with db.read() as tx:
        return tx.scalars(select(WebhookEndpoint)).one()


def sent(db: Database) -> list[Delivery]:
    with db.read() as tx:
        return list(tx.scalars(select(Delivery).order_by(Delivery.id)))


def end(db: Database, now: int, **fields: Any) -> None:
    """
    Let all deliveries end, as the worker writes it down.
    """
    with db.write() as tx:
        tx.execute(update(Delivery).values(status="failed", finished_ts=now))
        for delivery in tx.scalars(select(Delivery)):
            attempt = {
                "status_code": 503,
                "error": "The endpoint answered 503.",
                "answer": "Later.",
                **fields,
            }
            tx.add(Attempt(delivery_id=delivery.id, started_ts=now, duration_ms=87, **attempt))


def test_a_secret_is_shown_once(jane: Browser, endpoint: str, db: Database) -> None:
    """
    To the page that follows, and after that only its end.
    """
    first, second = jane.open(endpoint), jane.open(endpoint)

    assert f'<code class="copied">{SECRET}</code>' in first.text
    assert SECRET not in second.text
    assert "…_own" in text_of(second)
    assert ["booking.created", "booking.cancelled"] == found(db).topics
    assert "https://your-app.com/hook" in text_of(jane.open(HOME))


def test_without_a_secret_a_strong_one_is_made(jane: Browser) -> None:
    path = jane.send(f"{HOME}/new", {**ENDPOINT, "secret": ""}).headers["location"]

    assert re.search(r'<code class="copied">whsec_[\w+/]{43}=</code>', jane.open(path).text)


def test_a_secret_is_shown_on_the_page_of_its_own_endpoint_only(jane: Browser) -> None:
    first = jane.send(f"{HOME}/new", ENDPOINT).headers["location"]
    jane.send(f"{HOME}/new", {**ENDPOINT, "secret": "another secret of mine"})

    assert 'class="copied"' not in jane.open(first).text


_NO_ENDPOINTS: list[tuple[dict[str, Any], str, str]] = [
    ({"url": "http://your-app.com/hook"}, "url", "Webhooks go to https addresses; plain http"),
    ({"url": "https://10.0.0.1/hook"}, "url", "Webhooks go to public https addresses only."),
    ({"url": "ftp://your-app.com"}, "url", "Give an address that begins with https://."),
    ({"url": ""}, "url", "Please fill this in."),
    ({"topics": []}, "topics", "Choose one at least."),
    ({"topics": ["booking.exploded"]}, "topics", "Use topics among"),
    ({"secret": "short"}, "secret", "Use 8 characters or more."),
]


def test_an_endpoint_that_cannot_be_is_refused(jane: Browser, db: Database) -> None:
    """
    With the problem beside its field, and what was chosen still chosen.
    """
    for fields, field, said in _NO_ENDPOINTS:
        refused = jane.send(f"{HOME}/new", {**ENDPOINT, **fields})
        assert 400 == refused.status_code, fields
        assert f'id="{field}-error">{said}' in unescape(refused.text)
        assert ("topics" in fields) is not ('value="booking.created" checked' in refused.text)
    with db.read() as tx:
        assert [] == list(tx.scalars(select(WebhookEndpoint)))


def test_address_and_topics_are_changed(jane: Browser, endpoint: str, db: Database) -> None:
    assert 'value="https://your-app.com/hook"' in jane.open(f"{endpoint}/change").text

    changes = {"url": "https://your-app.com/other", "topics": ["booking.declined"]}
    changed = jane.send(f"{endpoint}/change", changes)

    assert (303, endpoint) == led_to(changed)
    assert ("https://your-app.com/other", ["booking.declined"]) == (found(db).url, found(db).topics)
    assert 400 == jane.send(f"{endpoint}/change", {**changes, "topics": []}).status_code


def test_a_secret_is_replaced_and_the_former_one_signs_for_a_day(
    jane: Browser, endpoint: str, clock: Clock
) -> None:
    """
    The page says until when; the new one is shown once.
    """
    assert 200 == jane.open(f"{endpoint}/secret").status_code
    jane.send(f"{endpoint}/secret", {"secret": "my new secret 123456"})
    page = jane.open(endpoint)

    assert '<code class="copied">my new secret 123456</code>' in page.text
    assert "The former one signs as well until" in text_of(page)
    clock.forward(DAY)
    assert "The former one" not in text_of(jane.open(endpoint))
    assert 400 == jane.send(f"{endpoint}/secret", {"secret": "short"}).status_code


def test_an_endpoint_is_switched_off_and_on(jane: Browser, endpoint: str, db: Database) -> None:
    """
    The page says why it is off where the worker did it, and a test is not sent then.
    """
    jane.send(f"{endpoint}/off")
    assert "This webhook is off." in text_of(jane.open(endpoint))
    refused = jane.send(f"{endpoint}/test")
    assert 409 == refused.status_code
    assert "This webhook is switched off." in text_of(refused)
    assert 409 == jane.send(f"{endpoint}/redeliver", {"since": "2026-03-01"}).status_code
    with db.write() as tx:
        tx.execute(update(WebhookEndpoint).values(switched_off_reason="It answered 410 Gone."))
    assert "This webhook was switched off. It answered 410 Gone." in text_of(jane.open(endpoint))
    assert "Er hat mit 410 Gone geantwortet." in text_of(jane.open(f"{HOME}?lang=de"))

    jane.send(f"{endpoint}/on")
    assert found(db).is_active
    assert found(db).switched_off_reason is None


def test_a_test_is_sent_and_shown(jane: Browser, endpoint: str, db: Database, clock: Clock) -> None:
    """
    First on its way, then with its attempt, what came back and the payload.
    """
    led = jane.send(f"{endpoint}/test")
    path = led.headers["location"]
    waiting = jane.open(path)
    end(db, clock(), answer="<b>Later.</b>")
    page = jane.open(path)

    assert "data-waits" in waiting.text
    assert "data-waits" not in page.text
    assert "Failed" in text_of(page)
    assert "The endpoint answered 503." in text_of(page)
    assert "&lt;b&gt;Later.&lt;/b&gt;" in page.text
    assert '"event": "webhook.test"' in unescape(page.text)
    assert "Der Endpunkt antwortete mit 503." in text_of(jane.open(f"{path}?lang=de"))


def test_why_it_failed_is_said_in_the_hosts_language(
    jane: Browser, endpoint: str, db: Database, clock: Clock
) -> None:
    """
    On the page alone: the log and the API have it in English.
    """
    path = jane.send(f"{endpoint}/test").headers["location"]
    written = "10.0.0.1 is a private address."
    end(db, clock.now, status_code=None, answer=None, error=written)

    assert "10.0.0.1 ist eine private Adresse." in text_of(jane.open(f"{path}?lang=de"))
    assert written in text_of(jane.open(path))
    (row,) = jane.client.get(f"/api/webhooks/{found(db).id}/deliveries").json()
    assert written == row["attempts"][0]["error"]


def test_a_delivery_is_sent_again(jane: Browser, endpoint: str, db: Database, clock: Clock) -> None:
    """
    Not while it is on its way; then it is said why not.
    """
    path = jane.send(f"{endpoint}/test").headers["location"]
    early = jane.send(f"{path}/redeliver")
    end(db, clock())
    again = jane.send(f"{path}/redeliver")

    assert 409 == early.status_code
    assert "This delivery is still on its way." in text_of(early)
    assert (303, path) == led_to(again)
    assert ["pending"] == [delivery.status for delivery in sent(db)]


def test_what_failed_since_a_date_is_sent_again(
    jane: Browser, endpoint: str, db: Database, clock: Clock
) -> None:
    """
    And no more than that; a date that is none is refused.
    """
    for _ in range(2):
        jane.send(f"{endpoint}/test")
    end(db, clock())

    jane.send(f"{endpoint}/redeliver", {"since": "2026-03-02"})
    assert "Nothing has failed since then." in text_of(jane.open(endpoint))
    jane.send(f"{endpoint}/redeliver", {"since": "2026-03-01"})
    assert "2 deliveries are sent again." in text_of(jane.open(endpoint))
    assert ["pending"] * 2 == [delivery.status for delivery in sent(db)]
    assert 400 == jane.send(f"{endpoint}/redeliver", {"since": "x"}).status_code


def test_the_log_comes_in_pages_and_by_status(
    jane: Browser, endpoint: str, db: Database, clock: Clock
) -> None:
    for _ in range(22):
        jane.send(f"{endpoint}/test")
    with db.write() as tx:
        tx.execute(update(Delivery).where(Delivery.id == 1).values(status="delivered"))

    first = jane.open(f"{endpoint}?status=waiting")
    older = unescape(re.search(r'rel="next" href="([^"]+)"', first.text)[1])  # type: ignore[index] # it is there
    second = jane.open(older)
    delivered = jane.open(f"{endpoint}?status=delivered")

    assert [20, 1, 1] == [page.text.count("/deliveries/") for page in (first, second, delivered)]
    assert 'rel="next"' not in second.text
    assert "Nothing here" in text_of(jane.open(f"{endpoint}?status=failed"))
    for query in ("status=x", "before=x", "before=-1", f"before={'9' * 30}"):
        assert 200 == jane.open(f"{endpoint}?{query}").status_code


def test_an_endpoint_is_deleted(jane: Browser, endpoint: str) -> None:
    assert (303, HOME) == led_to(jane.send(f"{endpoint}/delete"))
    assert "No webhook yet" in text_of(jane.open(HOME))
    assert 404 == jane.open(endpoint).status_code


def test_webhooks_of_others_are_not_there(
    jane: Browser, endpoint: str, settings: Settings, db: Database, clock: Clock
) -> None:
    """
    Neither to be seen nor to be changed.
    """
    delivery = jane.send(f"{endpoint}/test").headers["location"]
    with browse(settings, db, clock) as other:
        other.sign_up(email="other@example.com")
        for path in (endpoint, f"{endpoint}/change", f"{endpoint}/secret", delivery):
            assert 404 == other.open(path).status_code, path
        for path, fields in (
            ("/change", {"url": "https://evil.example", "topics": ["booking.created"]}),
            ("/secret", {}),
            ("/on", {}),
            ("/off", {}),
            ("/test", {}),
            ("/redeliver", {"since": "2026-03-01"}),
            ("/delete", {}),
        ):
            assert 404 == other.send(f"{endpoint}{path}", fields).status_code, path
        assert 404 == other.send(f"{delivery}/redeliver").status_code
    assert (True, "https://your-app.com/hook") == (found(db).is_active, found(db).url)
