"""
Webhooks as their host steers them: the log of deliveries, sending again, tests, another secret.
"""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from steps import book, offer

from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database
from calendo.db.models import Attempt, Delivery, WebhookEndpoint
from calendo.integrations.vault import Vault
from calendo.settings import Settings
from conftest import Clock, Host

SignUp = Callable[..., Host]
WRITTEN = "2026-03-01 12:00:00"


def subscribe(host: Host) -> str:
    """
    Register an endpoint for new bookings, and return its address in the API.
    """
    body = {"url": "https://example.com/", "events": ["booking.created"], "secret": "whsec_your_secret"}
    return f"/webhooks/{host.post('/webhooks', body)['id']}"


def fail(db: Database, delivery: dict[str, Any], at: int, **attempt: Any) -> None:
    """
    Let a delivery fail as the worker would, with one attempt in its log.
    """
    with db.write() as tx:
        row = tx.get_one(Delivery, delivery["id"])
        row.status, row.finished_ts, row.attempts = "failed", at, 4
        tx.add(Attempt(delivery_id=row.id, started_ts=at, duration_ms=87, **attempt))


def test_a_host_sees_what_became_of_a_booking_s_message(host: Host, db: Database, clock: Clock) -> None:
    """
    First it waits; after an attempt the log says when, how long, and what came back.
    """
    address = subscribe(host)
    offer(host)
    booking = book(host, "09:00")

    (waiting,) = host.get(f"{address}/deliveries")
    assert {
        "id": waiting["id"],
        "event": "booking.created",
        "message_id": waiting["message_id"],
        "status": "pending",
        "created_at": WRITTEN,
        "next_attempt_at": WRITTEN,
        "attempts": [],
    } == waiting

    fail(db, waiting, clock.now + 1, status_code=503, error="It answered 503.", answer="Back soon.")
    (failed,) = host.get(f"{address}/deliveries")
    tried = {
        "at": "2026-03-01 12:00:01",
        "duration_ms": 87,
        "status_code": 503,
        "error": "It answered 503.",
        "answer": "Back soon.",
    }
    assert {**waiting, "status": "failed", "next_attempt_at": None, "attempts": [tried]} == failed
    whole = host.get(f"{address}/deliveries/{failed['id']}")
    assert booking["uid"] == json.loads(whole.pop("payload"))["data"]["booking"]["uid"]
    assert failed == whole


def test_deliveries_come_in_pages(host: Host, db: Database, clock: Clock) -> None:
    """
    Newest first, filtered by status; the ``Link`` header leads on, and nothing shifts meanwhile.
    """
    address = subscribe(host)
    made = [host.post(f"{address}/test") for _ in range(5)]
    for delivery in made[:2]:
        fail(db, delivery, clock.now)
    path, seen = f"{address}/deliveries?limit=2", []
    while path:
        response = host.call("GET", path)
        seen.append([row["id"] for row in response.json()])
        host.post(f"{address}/test")
        link = re.match(r'<http://calendo.test/api(.+)>; rel="next"$', response.headers.get("Link", ""))
        path = link[1] if link else ""

    ids = [row["id"] for row in made]
    assert [ids[:2:-1], ids[2:0:-1], ids[:1]] == seen
    assert ids[1::-1] == [row["id"] for row in host.get(f"{address}/deliveries", status="failed")]
    assert 8 == len(host.get(f"{address}/deliveries", status="failed,pending"))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("status", ["done", "", "pending;failed"]),
        ("limit", ["0", "201", "many"]),
        ("cursor", ["nonsense", "W10", "WyJhIl0", "WzEsMl0", "é", "WzFlOTld"]),
    ],
)
def test_wrong_filters_are_refused(host: Host, field: str, values: list[str]) -> None:
    """
    With an error that names the parameter.
    """
    address = subscribe(host)
    for value in values:
        answer = host.expect(400, "GET", f"{address}/deliveries", params={field: value})
        assert answer["error"].startswith(f"{field}: "), value


def test_a_delivery_is_sent_again(host: Host, db: Database, clock: Clock) -> None:
    """
    The same message, due at once; the log keeps what was tried. While it is on its way that is a conflict.
    """
    address = subscribe(host)
    made = host.post(f"{address}/test")
    again = f"{address}/deliveries/{made['id']}/redeliver"
    assert "delivery_state" == host.expect(409, "POST", again)["code"]
    fail(db, made, clock.now)
    clock.forward(HOUR)

    answer = host.expect(200, "POST", again)

    assert answer["ok"] is True
    assert ("pending", "2026-03-01 13:00:00", made["message_id"], made["payload"], 1) == (
        answer["delivery"]["status"],
        answer["delivery"]["next_attempt_at"],
        answer["delivery"]["message_id"],
        answer["delivery"]["payload"],
        len(answer["delivery"]["attempts"]),
    )
    assert "delivery_state" == host.expect(409, "POST", again)["code"]


def test_after_an_outage_all_that_failed_is_sent_again(host: Host, db: Database, clock: Clock) -> None:
    """
    ``since`` is a date in UTC, or an instant with any offset, at most 30 days back.
    """
    address = subscribe(host)
    made = [host.post(f"{address}/test") for _ in range(3)]
    for late, delivery in enumerate(made):
        fail(db, delivery, clock.now + late * HOUR)
    clock.forward(DAY)

    for since, count in (
        ("2026-03-02", 0),
        ("2026-03-01T14:00:00Z", 1),
        ("2026-03-01T14:00:00+01:00", 1),
        ("2026-03-01", 1),
        ("2026-01-31T12:00:00Z", 0),
    ):
        path = f"{address}/redeliver"
        assert {"ok": True, "count": count} == host.expect(200, "POST", path, params={"since": since}), since
    for since in (None, "", "yesterday", "2026-01-30", "2026-01-31T11:59:59Z", "2026-02-30"):
        params = {} if since is None else {"since": since}
        assert "since: " in host.expect(400, "POST", f"{address}/redeliver", params=params)["error"], since


def test_a_test_can_be_sent(host: Host) -> None:
    """
    Its delivery is the answer; it looks like a booking's and says that it is none by its topic.
    """
    address = subscribe(host)

    made = host.expect(201, "POST", f"{address}/test")

    payload = json.loads(made.pop("payload"))
    assert ("webhook.test", "pending", []) == (made["event"], made["status"], made["attempts"])
    assert ("webhook.test", "2026-03-01T12:00:00Z") == (payload["event"], payload["created_at"])
    assert [made] == host.get(f"{address}/deliveries")


def test_a_webhook_that_is_off_gets_nothing(host: Host) -> None:
    """
    Switching it off ends what is on its way, visibly; nothing can be sent until it is on again.
    """
    address = subscribe(host)
    made = host.post(f"{address}/test")
    one = f"{address}/deliveries/{made['id']}"
    host.put(address, {"is_active": 0})

    (line,) = host.get(one)["attempts"]
    assert WRITTEN == line["at"]
    assert "switched off" in line["error"]
    assert "failed" == host.get(one)["status"]
    for path in (f"{one}/redeliver", f"{address}/redeliver?since=2026-03-01", f"{address}/test"):
        assert "endpoint_state" == host.expect(409, "POST", path)["code"]

    host.put(address, {"is_active": 1})
    assert "pending" == host.post(f"{one}/redeliver")["delivery"]["status"]


def test_why_a_webhook_is_off_is_told_until_it_is_on(host: Host, db: Database, clock: Clock) -> None:
    """
    And since when its attempts have failed.
    """
    address = subscribe(host)
    off = {
        "is_active": False,
        "switched_off_reason": "It answered 410.",
        "failing_since_ts": clock.now - DAY,
    }
    with db.write() as tx:
        tx.execute(update(WebhookEndpoint).values(off))

    seen = host.get(address)
    assert (0, "It answered 410.", "2026-02-28 12:00:00") == (
        seen["is_active"],
        seen["switched_off_reason"],
        seen["failing_since"],
    )
    on = host.put(address, {"is_active": 1})
    assert (1, None, None) == (on["is_active"], on["switched_off_reason"], on["failing_since"])


def test_a_secret_is_replaced_without_a_gap(
    host: Host, db: Database, settings: Settings, clock: Clock
) -> None:
    """
    The new one is shown this once; the former one is good for a day, and then nothing tells of it.
    """
    address = subscribe(host)
    before = host.get(address)

    made = host.post(f"{address}/rotate-secret")

    secret = made.pop("secret")
    assert 32 == len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    expected = {
        **before,
        "secret_hint": f"…{secret[-4:]}",
        "former_secret_until": "2026-03-02 12:00:00",
    }
    assert expected == made == host.get(address)
    with db.read() as tx:
        (row,) = tx.query(WebhookEndpoint)
    vault = Vault(settings.signing_key())
    assert [secret, "whsec_your_secret"] == [
        vault.decrypt(row.secret_encrypted),
        vault.decrypt(str(row.former_secret_encrypted)),
    ]
    clock.forward(DAY)
    assert {**expected, "former_secret_until": None} == host.get(address)


def test_a_secret_of_ones_own_can_replace_it(host: Host) -> None:
    """
    By its own call, which shows it, or with the other fields, which does not.
    """
    address = subscribe(host)

    made = host.post(f"{address}/rotate-secret", {"secret": "a secret of one's own"})
    assert "a secret of one's own" == made["secret"]
    changed = host.put(address, {"secret": "and yet another one"})
    assert ("… one", "2026-03-02 12:00:00") == (changed["secret_hint"], changed["former_secret_until"])
    for wrong in ({"secret": "short"}, {"secret": 5}, {"key": "a secret of one's own"}):
        host.expect(400, "POST", f"{address}/rotate-secret", wrong)


def test_deliveries_of_others_are_not_found(host: Host, db: Database, clock: Clock, sign_up: SignUp) -> None:
    """
    Of another host, or of another webhook of one's own: a 404, and nothing is sent.
    """
    address, own_other = subscribe(host), subscribe(host)
    made = host.post(f"{address}/test")
    fail(db, made, clock.now)
    other = sign_up("Ann")
    theirs = subscribe(other)

    for caller, webhook in ((other, address), (other, theirs), (host, own_other)):
        caller.expect(404, "GET", f"{webhook}/deliveries/{made['id']}")
        caller.expect(404, "POST", f"{webhook}/deliveries/{made['id']}/redeliver")
    other.expect(404, "GET", f"{address}/deliveries")
    other.expect(404, "POST", f"{address}/redeliver?since=2026-03-01")
    other.expect(404, "POST", f"{address}/test")
    other.expect(404, "POST", f"{address}/rotate-secret")
    assert ["failed"] == [row["status"] for row in host.get(f"{address}/deliveries")]
    assert host.get(address)["former_secret_until"] is None
