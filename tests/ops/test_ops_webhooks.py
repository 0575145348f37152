"""
Webhook endpoints: their secrets are kept encrypted and never shown whole.
"""

import base64

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import select

from calendo.core.instants import DAY, HOUR
from calendo.db.engine import Database
from calendo.db.models import Attempt, Delivery
from calendo.errors import NotFound
from calendo.integrations.vault import Vault
from calendo.ops import outbox, webhooks
from ops.making import NOW, make_host

VAULT = Vault(b"a key that only the tests use")
URL = "https://example.com/hook"


def test_a_secret_is_kept_encrypted(db: Database) -> None:
    """
    What is in the database shows the secret to nobody without the key.
    """
    with db.write() as tx:
        made = webhooks.create(
            tx, make_host(tx).id, URL, ["booking.created"], "whsec_0123456789abcdef", VAULT, NOW
        )

    assert "0123456789" not in made.secret_encrypted
    assert "whsec_0123456789abcdef" == VAULT.decrypt(made.secret_encrypted)
    assert "…cdef" == made.secret_hint
    with pytest.raises(InvalidToken):
        Vault(b"another key").decrypt(made.secret_encrypted)


def test_a_hint_never_shows_most_of_a_secret(db: Database) -> None:
    """
    The last characters tell two secrets apart; of a short one nothing is shown.
    """
    with db.write() as tx:
        host = make_host(tx)
        hints = [
            webhooks.create(tx, host.id, URL, [], secret, VAULT, NOW).secret_hint
            for secret in ("0123456789abcdef", "0123456789abcde", "abc", "")
        ]

    assert ["…cdef", "…", "…", "…"] == hints


def test_a_new_secret_is_long_and_standard() -> None:
    """
    It is ``whsec_`` and 32 random bytes in base64.
    """
    one, other = webhooks.new_secret(), webhooks.new_secret()

    assert one.startswith("whsec_")
    assert 32 == len(base64.b64decode(one.removeprefix("whsec_"), validate=True))
    assert one != other


def test_an_endpoint_changes(db: Database) -> None:
    """
    What is not named stays; a new secret replaces the former and its hint.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = webhooks.create(tx, host.id, URL, ["booking.created"], "0123456789abcdef", VAULT, NOW)
        former = made.secret_encrypted
        webhooks.change(tx, host.id, made.id, {"url": "https://example.org/", "is_active": False}, VAULT, NOW)
        assert former == made.secret_encrypted
        webhooks.change(
            tx,
            host.id,
            made.id,
            {"topics": ["booking.cancelled"], "secret": "another secret, long"},
            VAULT,
            NOW,
        )

    with db.read() as tx:
        (kept,) = webhooks.list_endpoints(tx, host.id)
        assert ("https://example.org/", False, ["booking.cancelled"]) == (
            kept.url,
            kept.is_active,
            kept.topics,
        )
        assert ("another secret, long", "…long") == (VAULT.decrypt(kept.secret_encrypted), kept.secret_hint)


def test_the_former_secret_is_good_for_a_day(db: Database) -> None:
    """
    After a change of the secret, in either way; after two, the one in between is.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = webhooks.create(tx, host.id, URL, [], "the first secret", VAULT, NOW)
        assert (None, None) == (made.former_secret_encrypted, made.former_secret_until_ts)

        webhooks.rotate_secret(tx, host.id, made.id, "the second secret", VAULT, NOW + 5)
        assert "the second secret" == VAULT.decrypt(made.secret_encrypted)
        assert "the first secret" == VAULT.decrypt(str(made.former_secret_encrypted))
        assert NOW + 5 + DAY == made.former_secret_until_ts

        webhooks.change(tx, host.id, made.id, {"secret": "the third secret"}, VAULT, NOW + 7)
        assert "the third secret" == VAULT.decrypt(made.secret_encrypted)
        assert "the second secret" == VAULT.decrypt(str(made.former_secret_encrypted))
        assert NOW + 7 + DAY == made.former_secret_until_ts


def test_the_same_secret_begins_no_rotation(db: Database) -> None:
    """
    Sending again what holds already must not push out the former secret that is still needed.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = webhooks.create(tx, host.id, URL, [], "the first secret", VAULT, NOW)
        webhooks.rotate_secret(tx, host.id, made.id, "the second secret", VAULT, NOW)
        webhooks.change(tx, host.id, made.id, {"secret": "the second secret"}, VAULT, NOW + HOUR)

        assert "the first secret" == VAULT.decrypt(str(made.former_secret_encrypted))
        assert NOW + DAY == made.former_secret_until_ts


def test_a_secret_can_be_replaced_under_another_key(db: Database) -> None:
    """
    Where the server's key was lost a new secret mends it, though the former one can no longer be read.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = webhooks.create(tx, host.id, URL, [], "the first secret", Vault(b"a key that was lost"), NOW)
        webhooks.change(tx, host.id, made.id, {"secret": "the first secret"}, VAULT, NOW)

        assert "the first secret" == VAULT.decrypt(made.secret_encrypted)


def test_switching_off_ends_what_waits(db: Database) -> None:
    """
    With a line in the log that says so. What is being sent ends with its attempt, the rest is not touched.
    """
    with db.write() as tx:
        host = make_host(tx)
        doomed, other = (webhooks.create(tx, host.id, URL, [], "secret", VAULT, NOW) for _ in range(2))
        ends = [outbox.emit_test(tx, doomed, NOW + HOUR), outbox.emit_test(tx, doomed, NOW)]
        # The worker that took this one was not heard of again.
        ends[1].status = "sending"
        stay = [outbox.emit_test(tx, doomed, NOW + 30) for _ in range(3)] + [outbox.emit_test(tx, other, NOW)]
        for row, status in zip(stay, ("sending", "delivered", "failed", "pending"), strict=True):
            row.status = status
        tx.flush()
        before = [row.status for row in stay]
        webhooks.change(tx, host.id, doomed.id, {"url": "https://example.org/"}, VAULT, NOW)
        assert [] == tx.scalars(select(Attempt)).all()
        webhooks.change(tx, host.id, doomed.id, {"is_active": False}, VAULT, NOW + 9)
        # A second time there is nothing left to end.
        webhooks.change(tx, host.id, doomed.id, {"is_active": False}, VAULT, NOW + 10)

    with db.read() as tx:
        ended = [tx.get_one(Delivery, row.id) for row in ends]
        attempts = tx.scalars(select(Attempt).order_by(Attempt.delivery_id)).all()
        assert before == [tx.get_one(Delivery, row.id).status for row in stay]
    assert [("failed", NOW + 9)] * 2 == [(row.status, row.finished_ts) for row in ended]
    assert [(row.id, NOW + 9, 0, None) for row in ended] == [
        (one.delivery_id, one.started_ts, one.duration_ms, one.status_code) for one in attempts
    ]
    assert all("switched off" in str(one.error) for one in attempts)


def test_switching_on_forgets_why_it_was_off(db: Database) -> None:
    """
    And since when it failed: it gets its five days anew. Other changes leave that alone.
    """
    with db.write() as tx:
        host = make_host(tx)
        made = webhooks.create(tx, host.id, URL, [], "secret", VAULT, NOW)
        made.is_active, made.switched_off_reason, made.failing_since_ts = False, "It answered 410.", NOW - DAY
        tx.flush()
        webhooks.change(tx, host.id, made.id, {"topics": ["booking.created"]}, VAULT, NOW)
        webhooks.change(tx, host.id, made.id, {"is_active": False}, VAULT, NOW)
        assert ("It answered 410.", NOW - DAY) == (made.switched_off_reason, made.failing_since_ts)

        webhooks.change(tx, host.id, made.id, {"is_active": True}, VAULT, NOW)
        assert (True, None, None) == (made.is_active, made.switched_off_reason, made.failing_since_ts)


def test_endpoints_are_listed_oldest_first(db: Database) -> None:
    """
    A list has a host's own endpoints only, and a deleted one is gone.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = [
            webhooks.create(tx, owner.id, f"{URL}/{number}", [], "secret", VAULT, NOW)
            for number, owner in enumerate((host, other, host, host))
        ]
        webhooks.delete(tx, host.id, made[2].id)

        assert [f"{URL}/0", f"{URL}/3"] == [row.url for row in webhooks.list_endpoints(tx, host.id)]


def test_endpoints_of_somebody_else_are_not_found(db: Database) -> None:
    """
    Reading, changing and deleting look like they were not there.
    """
    with db.write() as tx:
        host, other = make_host(tx), make_host(tx)
        made = webhooks.create(tx, host.id, URL, [], "secret", VAULT, NOW)
        for act in (
            lambda: webhooks.get_endpoint(tx, other.id, made.id),
            lambda: webhooks.change(tx, other.id, made.id, {"is_active": False}, VAULT, NOW),
            lambda: webhooks.delete(tx, other.id, made.id),
        ):
            with pytest.raises(NotFound):
                act()
        assert webhooks.get_endpoint(tx, host.id, made.id).is_active


@pytest.mark.parametrize("text", ["", "secret", "sécrèt ☃", "x" * 10_000])
def test_the_vault_gives_back_what_was_put_in(text: str) -> None:
    """
    Encrypting the same text twice looks different, and both are read.
    """
    one, other = VAULT.encrypt(text), VAULT.encrypt(text)

    assert one != other
    assert [text, text] == [Vault(b"a key that only the tests use").decrypt(token) for token in (one, other)]


def test_the_vault_notices_tampering() -> None:
    """
    A changed token is refused, not misread.
    """
    token = VAULT.encrypt("secret")
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]

    for wrong in (changed, token[:-4], "", "nonsense"):
        with pytest.raises(InvalidToken):
            VAULT.decrypt(wrong)
