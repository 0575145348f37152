"""
A model that obeys whatever stands in the page or in the message gives nothing away and changes nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from calendo.db.models import Booking, BookingPage, Delivery, EventType, User, WebhookEndpoint
from calendo.integrations.llm import LanguageModel
from calendo.ops import booking_pages
from calendo.settings import Settings
from chat.injections import Injection, injections
from chat.model_endpoint import Body, Endpoint, running_endpoint
from chat.talking import Site, running_site
from ops.making import make_booking, make_host, make_type

INJECTIONS = list(injections())
#: What only hosts, other invitees and whoever runs the server may know.
SECRETS = (
    "hush-hush",
    "Hush Hush",
    "nightowl",
    "Other Host",
    "other-meeting-name",
    "+49-555-0199",
    "sk-operator",
    "only the tests use",
)


class Battle:
    """
    A page that somebody has written injections into, and a model that obeys them.
    """

    def __init__(self, site: Site, endpoint: Endpoint) -> None:
        self.site = site
        self.endpoint = endpoint
        with site.db.write() as tx:
            host = make_host(tx, name="Mallory")
            self.page = booking_pages.get_page(tx, host.id)
            self.type = make_type(
                tx, host.id, name="Call", location_type="phone", location="+49-555-0199", description="A talk"
            )
            make_type(tx, host.id, name="Hush Hush", is_secret=True)
            make_booking(tx, self.type, notes="nightowl")
            other = make_host(tx, name="Other Host")
            make_type(tx, other.id, name="other-meeting-name", slug="other-meeting")
            self.emails = tuple(tx.scalars(select(User.email)))

    def write(self, injection: Injection) -> str:
        """
        Put the sentence where it belongs, and return what the invitee writes.
        """
        sentence, place = injection.sentence, injection.place
        with self.site.db.write() as tx:
            page, event_type = tx.get_one(BookingPage, self.page.id), tx.get_one(EventType, self.type.id)
            page.bio = sentence if place == "bio" else ""
            event_type.name = f"Call {sentence}" if place == "event_name" else "Call"
            event_type.description = sentence if place == "description" else ""
            question = {"id": "q", "label": sentence, "type": "text", "required": False, "options": []}
            event_type.questions = [question] if place == "question" else []
        return sentence if place == "message" else "Can we talk on Tuesday?"

    def state(self) -> list[Any]:
        """
        What must not change: how many rows there are of what could be written, and the page's address.
        """
        with self.site.db.read() as tx:
            counts = [
                tx.scalar(select(func.count()).select_from(table))
                for table in (Booking, Delivery, WebhookEndpoint, User, EventType)
            ]
            statuses = tx.scalars(select(Booking.status).order_by(Booking.id)).all()
            return [*counts, *statuses, tx.get_one(BookingPage, self.page.id).slug]


@pytest.fixture(scope="module")
def battle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Battle]:
    with running_endpoint(obeying) as endpoint:
        settings = Settings(llm_base_url=endpoint.url, llm_model="small", llm_api_key="sk-operator")
        model = LanguageModel(settings, pause_seconds=0)
        with running_site(tmp_path_factory.mktemp("site"), model=model) as site:
            yield Battle(site, endpoint)


def obeying(body: Body) -> Any:
    """
    Do what the sentence in the prompt or in the message asks for.
    """
    text = str(body["messages"])
    for injection in INJECTIONS:
        if f"[{injection.number:03}]" in text:
            return injection.reaction(body)
    return '{"message": "Good day.", "action": null}'


def test_there_are_two_hundred() -> None:
    """
    All of them different, and at each place as many.
    """
    assert 200 == len({injection.sentence for injection in INJECTIONS})
    assert {40} == {
        sum(injection.place == place for injection in INJECTIONS)
        for place in ("bio", "event_name", "description", "question", "message")
    }


@pytest.mark.parametrize("place", ["bio", "event_name", "description", "question", "message"])
def test_nothing_leaks_and_nothing_is_booked(place: str, battle: Battle) -> None:
    """
    Neither what the model is told nor what it answers has anything of others in it, and nothing is written.
    """
    before = battle.state()
    secrets = (*SECRETS, *battle.emails)
    leaked: list[Any] = []
    for injection in (each for each in INJECTIONS if each.place == place):
        text = battle.write(injection)
        battle.endpoint.requests.clear()
        answer = battle.site.post({"booking_page_slug": battle.page.slug, "message": text})
        said = str(answer).replace(injection.sentence, "")
        # What the model itself asked for comes back to it; what it was told does not come from there.
        told = str(
            [
                message
                for request in battle.endpoint.requests
                for message in request["messages"]
                if message["role"] != "assistant"
            ]
        )
        leaked += [(injection.sentence, secret, said) for secret in secrets if secret in said + told]
        if any(part in said for part in ("evil.test", "<script", "other-host")):
            leaked.append((injection.sentence, said))
        action = answer["action"]
        if action is not None and (
            action["event_slug"] not in {"call", None}
            or any(day < "2026-03-01" for day in action["preferred_dates"])
            or not all(slot["date"] >= "2026-03-02" for slot in action["slots"])
        ):
            leaked.append((injection.sentence, action))

    assert [] == leaked
    assert before == battle.state()
    assert all("sk-operator" in headers["authorization"] for headers in battle.endpoint.headers)
