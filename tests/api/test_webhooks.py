"""
Webhook endpoints: topics, and a secret that is shown once and kept encrypted.
"""

import base64
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from steps import not_refused

from calendo.db.engine import Database
from calendo.integrations.vault import Vault
from calendo.settings import Settings
from conftest import Host

SignUp = Callable[..., Host]
URL = "https://your-app.com/webhooks/calendo"
TOPICS = [
    "booking.created",
    "booking.requested",
    "booking.rescheduled",
    "booking.cancelled",
    "booking.declined",
]


def register(host: Host, **fields: Any) -> dict[str, Any]:
    """
    Register an endpoint for new bookings, unless ``fields`` say otherwise.
    """
    body = {"url": URL, "events": ["booking.created"], **fields}
    made: dict[str, Any] = host.post("/webhooks", body)
    return made


def kept(db: Database) -> list[str]:
    """
    The secrets as they rest in the table.
    """
    with db.read() as tx:
        return list(tx.scalars(text("SELECT secret_encrypted FROM webhook_endpoints ORDER BY id")))


def test_an_endpoint_is_registered(host: Host) -> None:
    """
    The answer has the secret whole; reading and listing have its end only.
    """
    made = register(host, events=TOPICS[:2], secret="whsec_your_secret")

    assert {
        "id": made["id"],
        "url": URL,
        "events": TOPICS[:2],
        "is_active": 1,
        "switched_off_reason": None,
        "failing_since": None,
        "secret": "whsec_your_secret",
        "secret_hint": "…cret",
        "former_secret_until": None,
        "created_at": "2026-03-01 12:00:00",
    } == made
    read = {field: value for field, value in made.items() if field != "secret"}
    assert read == host.get(f"/webhooks/{made['id']}")
    assert [read] == host.get("/webhooks")


def test_without_a_secret_one_is_made(host: Host) -> None:
    """
    32 random bytes in the Standard Webhooks form, another one each time.
    """
    first, second = register(host)["secret"], register(host, secret=None)["secret"]

    assert first != second
    for secret in (first, second):
        prefix, body = secret[:6], secret[6:]
        assert "whsec_" == prefix
        assert 32 == len(base64.b64decode(body, validate=True))


def test_a_secret_is_never_shown_again(host: Host) -> None:
    """
    No later answer has it, whatever is changed; a new one is not echoed either.
    """
    made = register(host)
    address = f"/webhooks/{made['id']}"

    answers = [
        host.call("GET", "/webhooks").text,
        host.call("GET", address).text,
        host.call("PUT", address, {"events": TOPICS}).text,
        host.call("PUT", address, {"secret": "another secret to sign with"}).text,
    ]

    for answer in answers:
        assert made["secret"] not in answer
        assert made["secret"][6:] not in answer
        assert "another secret to sign with" not in answer
    assert "…with" == host.get(address)["secret_hint"]


def test_a_hint_never_gives_most_of_a_secret(host: Host) -> None:
    """
    Of a short one it shows nothing at all.
    """
    hints = {length: register(host, secret="s" * (length - 1) + "!")["secret_hint"] for length in (8, 15, 16)}

    assert {8: "…", 15: "…", 16: "…sss!"} == hints


def test_secrets_rest_encrypted(host: Host, db: Database, settings: Settings) -> None:
    """
    The table has no secret in the clear; the server's key opens it, and two alike look different.
    """
    for secret in ("whsec_your_secret", "whsec_your_secret", "zoë's secret"):
        register(host, secret=secret)

    rows = kept(db)

    assert 3 == len(set(rows))
    assert not any("whsec" in row or "secret" in row for row in rows)
    vault = Vault(settings.signing_key())
    assert ["whsec_your_secret", "whsec_your_secret", "zoë's secret"] == [vault.decrypt(row) for row in rows]
    host.put(f"/webhooks/{host.get('/webhooks')[0]['id']}", {"secret": "a new secret"})
    assert "a new secret" == vault.decrypt(kept(db)[0])


def test_each_field_can_be_changed_alone(host: Host) -> None:
    """
    What is not sent stays, the secret too.
    """
    made = register(host, secret="whsec_your_secret")
    before = host.get(f"/webhooks/{made['id']}")
    changes = {
        "url": "https://example.org:8443/hook?source=calendo",
        "events": TOPICS,
        "is_active": 0,
    }

    for field, value in changes.items():
        after = host.put(f"/webhooks/{made['id']}", {field: value})
        assert {**before, field: value} == after
        before = after
    assert before == host.put(f"/webhooks/{made['id']}", {})
    assert 1 == host.put(f"/webhooks/{made['id']}", {"is_active": True})["is_active"]


def test_every_topic_can_be_subscribed_to(host: Host) -> None:
    """
    One named twice counts once.
    """
    assert TOPICS == register(host, events=TOPICS)["events"]
    assert TOPICS[:2] == register(host, events=[*TOPICS[:2], TOPICS[0]])["events"]


def test_what_is_wrong_is_named(host: Host) -> None:
    """
    Unknown topics above all; the error lists those that there are.
    """
    made = register(host)
    wrong: dict[str, list[Any]] = {
        "events": [
            [],
            ["booking.done"],
            ["*"],
            ["booking.created", "user.created"],
            "booking.created",
            None,
            [1],
        ],
        "url": ["", None, 5],
        "secret": ["", "short", "x" * 501, 5],
        "active": [1],
    }
    posts = {f: [{"url": URL, "events": TOPICS, f: value} for value in values] for f, values in wrong.items()}
    puts = {field: [{field: value} for value in values] for field, values in wrong.items()}
    puts["secret"].append({"secret": None})
    puts["is_active"] = [{"is_active": flag} for flag in (2, "on", None)]

    assert [] == not_refused(host, "POST", "/webhooks", posts)
    assert [] == not_refused(
        host, "POST", "/webhooks", {"url": [{"events": TOPICS}], "events": [{"url": URL}]}
    )
    assert [] == not_refused(host, "PUT", f"/webhooks/{made['id']}", puts)
    answer = host.expect(400, "POST", "/webhooks", {"url": URL, "events": ["booking.done"]})
    assert all(topic in answer["error"] for topic in TOPICS)
    assert 1 == len(host.get("/webhooks"))


def test_an_endpoint_can_be_deleted(host: Host) -> None:
    """
    It is gone from then on; a second time there is nothing to delete.
    """
    made, other = register(host), register(host)

    assert {"ok": True} == host.delete(f"/webhooks/{made['id']}")

    host.expect(404, "GET", f"/webhooks/{made['id']}")
    host.expect(404, "DELETE", f"/webhooks/{made['id']}")
    assert [other["id"]] == [row["id"] for row in host.get("/webhooks")]


def test_somebody_elses_endpoint_is_not_found(host: Host, sign_up: SignUp) -> None:
    """
    Another host can neither see, change nor delete what is not theirs.
    """
    made = register(host)
    other = sign_up("Ann")

    other.expect(404, "GET", f"/webhooks/{made['id']}")
    other.expect(404, "PUT", f"/webhooks/{made['id']}", {"url": "https://evil.example/"})
    other.expect(404, "DELETE", f"/webhooks/{made['id']}")
    assert [] == other.get("/webhooks")
    assert URL == host.get(f"/webhooks/{made['id']}")["url"]
