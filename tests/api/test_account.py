"""
A host takes everything along, and leaves.
"""

import pytest
from accounts_of import PASSWORD, assert_problem, log_in, register, try_login
from sqlalchemy import select
from steps import MONDAY

from calendo.db.engine import Database
from calendo.db.models import Delivery, Message
from conftest import Api

Cookie = dict[str, str]


@pytest.fixture
def cookie(api: Api) -> Cookie:
    """
    Log in as a host whom Bob has booked.
    """
    slug = register(api, timezone="UTC")["bookingSlug"]
    made = log_in(api)
    api.expect(201, "POST", "/event-types", {"name": "Call"}, headers=made)
    body = {"name": "Bob", "email": "bob@example.com", "start_time": f"{MONDAY}T09:00:00Z"}
    api.expect(201, "POST", f"/book/{slug}/call", body)
    return made


def test_all_data_can_be_taken_along(api: Api, cookie: Cookie) -> None:
    """
    As one file of JSON, for its host only.
    """
    response = api.call("GET", "/auth/me/export", headers=cookie)
    found = response.json()

    assert "application/json" == response.headers["Content-Type"]
    assert 'attachment; filename="calendo.json"' == response.headers["Content-Disposition"]
    assert "jane@example.com" == found["profile"]["email"]
    assert ["Bob"] == [row["invitee_name"] for row in found["bookings"]]
    assert "password" not in response.text
    assert_problem(api.call("GET", "/auth/me/export"), 401, "unauthenticated")


def test_an_account_is_deleted(api: Api, db: Database, cookie: Cookie) -> None:
    """
    With the password; then nothing answers any more, and the invitee gets a mail.
    """
    for wrong in ("", "not it"):
        refused = api.call("DELETE", "/auth/me", {"password": wrong}, headers=cookie)
        assert_problem(refused, 401, "wrong_credentials")
    assert_problem(api.call("DELETE", "/auth/me", headers=cookie), 400, "invalid_input")
    response = api.call("DELETE", "/auth/me", {"password": PASSWORD}, headers=cookie)

    assert {"ok": True} == response.json()
    assert 'session=""' in response.headers["Set-Cookie"]
    assert_problem(api.call("GET", "/auth/me", headers=cookie), 401, "unauthenticated")
    assert_problem(try_login(api), 401, "wrong_credentials")
    assert_problem(api.call("GET", "/booking-pages/jane-smith"), 404, "not_found")
    look_up = f"/availability/jane-smith/call?start={MONDAY}&end={MONDAY}"
    assert_problem(api.call("GET", look_up), 404, "not_found")
    with db.read() as tx:
        rows = tx.execute(
            select(Message.topic, Delivery.recipient).join(Delivery, Delivery.message_id == Message.id)
        ).all()
    assert [("booking.created", "invitee"), ("booking.cancelled", "invitee")] == list(map(tuple, rows))


def test_the_address_and_the_page_are_free_again(api: Api, cookie: Cookie) -> None:
    """
    Whoever signs up next can have them.
    """
    api.expect(200, "DELETE", "/auth/me", {"password": PASSWORD}, headers=cookie)

    assert "jane-smith" == register(api)["bookingSlug"]
