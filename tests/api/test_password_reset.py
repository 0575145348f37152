"""
A forgotten password: a link by mail sets a new one, for an hour and once.
"""

import pytest
from accounts_of import assert_problem, log_in, make_key, register, try_login
from sqlalchemy import func, select

from calendo.core.instants import HOUR
from calendo.db.engine import Database
from calendo.db.models import Delivery, Message, PasswordReset
from calendo.integrations.links import Links, Purpose
from calendo.settings import Settings
from conftest import Api, Clock

NEW = "an even better one"


@pytest.fixture
def links(settings: Settings) -> Links:
    return Links(settings.signing_key())


def forget(api: Api, email: str = "jane@example.com") -> None:
    assert {"ok": True} == api.expect(200, "POST", "/auth/password-reset", {"email": email})


def mailed(db: Database, links: Links) -> list[str]:
    """
    Make the tokens that the mails written so far will have.
    """
    with db.read() as tx:
        rows = tx.scalars(
            select(Message.facts).where(Message.topic == "account.password_reset").order_by(Message.id)
        )
        return [links.token(Purpose.RESET, facts["uid"], 0) for facts in rows if facts]


def test_a_link_sets_a_new_password(api: Api, db: Database, links: Links) -> None:
    """
    From then on the new one counts, every session has ended, and API keys go on.
    """
    register(api)
    cookie = log_in(api)
    key = {"X-API-Key": make_key(api, cookie)["key"]}
    forget(api, "JANE@example.com")
    (token,) = mailed(db, links)
    api.expect(200, "POST", f"/auth/password-reset/{token}", {"password": NEW})

    assert_problem(try_login(api), 401, "wrong_credentials")
    assert 200 == try_login(api, password=NEW).status_code
    assert 401 == api.call("GET", "/auth/me", headers=cookie).status_code
    assert 200 == api.call("GET", "/auth/me", headers=key).status_code


def test_the_mail_goes_to_the_host(api: Api, db: Database, links: Links) -> None:
    """
    It is written to the outbox, with everything but the token.
    """
    register(api)
    forget(api)
    with db.read() as tx:
        (message,) = tx.scalars(select(Message))
        (delivery,) = tx.scalars(select(Delivery))

    assert ("account.password_reset", "host") == (message.topic, delivery.recipient)
    assert "jane@example.com" == message.facts["host"]["email"]
    assert mailed(db, links)[0] not in f"{message.payload}{message.facts}"


def test_an_unknown_address_is_answered_alike(api: Api, db: Database) -> None:
    """
    The same answer, and no mail; what is no address at all is no different.
    """
    register(api)
    for email in ("nobody@example.com", "not an address", ""):
        forget(api, email)

    with db.read() as tx:
        assert 0 == tx.scalar(select(func.count()).select_from(Message))


def test_a_link_works_once(api: Api, db: Database, links: Links) -> None:
    """
    The second time it is not found, and the first password stays.
    """
    register(api)
    forget(api)
    path = f"/auth/password-reset/{mailed(db, links)[0]}"
    api.expect(200, "POST", path, {"password": NEW})

    assert_problem(api.call("POST", path, {"password": "another one"}), 404, "not_found")
    assert 200 == try_login(api, password=NEW).status_code


def test_a_link_works_for_an_hour(api: Api, db: Database, links: Links, clock: Clock) -> None:
    """
    Until the second before it ends.
    """
    register(api)
    forget(api)
    clock.forward(1)
    forget(api)
    first, second = (f"/auth/password-reset/{token}" for token in mailed(db, links))
    clock.forward(HOUR - 1)

    assert_problem(api.call("POST", first, {"password": NEW}), 404, "not_found")
    api.expect(200, "POST", second, {"password": NEW})


def test_what_ends_the_links_of_a_host(api: Api, db: Database, links: Links) -> None:
    """
    A password that was changed, by link or otherwise, and another e-mail address.
    """
    register(api)
    cookie = log_in(api)
    changes = [
        ("POST", "/auth/password", {"current_password": "securepass123", "new_password": "securepass123"}),
        ("PUT", "/auth/me", {"email": "jane2@example.com", "password": "securepass123"}),
    ]
    email = "jane@example.com"
    for method, path, body in changes:
        forget(api, email)
        token = mailed(db, links)[-1]
        api.expect(200, method, path, body, headers=cookie)
        email = body.get("email", email)
        assert_problem(api.call("POST", f"/auth/password-reset/{token}", {"password": NEW}), 404)
    forget(api, email)
    forget(api, email)
    one, other = mailed(db, links)[-2:]
    api.expect(200, "POST", f"/auth/password-reset/{one}", {"password": NEW})
    assert_problem(api.call("POST", f"/auth/password-reset/{other}", {"password": NEW}), 404)


def test_other_tokens_open_nothing(api: Api, db: Database, links: Links) -> None:
    """
    Mistyped ones, those for something else, and the uid itself are all answered alike.
    """
    register(api)
    forget(api)
    with db.read() as tx:
        uid = tx.scalars(select(PasswordReset.uid)).one()
    wrong = [uid, "x", "x" * 48, links.token(Purpose.RESET, uid, 0).swapcase()]
    wrong += [links.token(Purpose.MANAGE, uid, 0), links.token(Purpose.RESET, uid, 1)]
    said = {
        assert_problem(api.call("POST", f"/auth/password-reset/{token}", {"password": NEW}), 404, "not_found")
        for token in wrong
    }

    assert 1 == len(said)
    token = mailed(db, links)[0]
    assert (
        "password" in api.expect(400, "POST", f"/auth/password-reset/{token}", {"password": "short"})["error"]
    )
    assert 200 == try_login(api).status_code


def test_nobody_is_mailed_without_end(api: Api, db: Database, links: Links, clock: Clock) -> None:
    """
    Three links are good at a time; after their hour there can be others.
    """
    register(api)
    for _ in range(5):
        forget(api)
    assert 3 == len(mailed(db, links))
    clock.forward(HOUR)
    forget(api)

    assert 4 == len(mailed(db, links))
    with db.read() as tx:
        assert 1 == tx.scalar(select(func.count()).select_from(PasswordReset))
