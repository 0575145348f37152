"""
The pages of ``conversations.yaml`` in one database, and an invitee who writes to their assistants.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from fastapi.testclient import TestClient

from calendo.app import create_app
from calendo.core.instants import wall_to_instant
from calendo.db.engine import Database
from calendo.db.schema import migrate
from calendo.integrations.llm import LanguageModel
from calendo.ops import schedules
from calendo.settings import Settings
from conftest import Clock
from ops.making import make_booking, make_host, make_type

_DATA = yaml.safe_load((Path(__file__).parent / "conversations.yaml").read_text())
PAGES: dict[str, Any] = _DATA["pages"]
CONVERSATIONS: list[dict[str, Any]] = _DATA["conversations"]
START = "2026-03-01T12:00:00+00:00"
_ALWAYS = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]


class Site:
    """
    A server with all the pages, and a model or none.
    """

    def __init__(self, client: TestClient, clock: Clock, db: Database) -> None:
        self.client = client
        self.clock = clock
        self.db = db

    def post(self, body: Mapping[str, Any]) -> Any:
        """
        Write to an assistant.
        """
        response = self.client.post("/api/ai/chat", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def labels(self, page: str, event: str, dates: set[str], zone: str) -> set[str]:
        """
        The UTC starts that the API lists on some dates.
        """
        found: set[str] = set()
        for day in dates:
            response = self.client.get(
                f"/api/availability/{page}/{event}", params={"start": day, "end": day, "timezone": zone}
            )
            found.update(start for starts in response.json()["starts"].values() for start in starts)
        return found


@contextmanager
def running_site(folder: Path, *, model: LanguageModel | None = None, **more: Any) -> Iterator[Site]:
    """
    Make the pages and serve them.
    """
    db = Database(f"sqlite:///{folder / 'calendo.db'}")
    migrate(db)
    make_pages(db)
    clock = Clock(0)
    clock.set(START)
    settings = Settings(
        data_dir=folder,
        secret_key="a key that only the tests use",
        rate_limit_public="1000000/minute",
        **more,
    )
    app = create_app(settings, db, clock)
    if model is not None:
        app.state.model = model
    with TestClient(app, base_url="http://calendo.test") as client:
        yield Site(client, clock, db)


def make_pages(db: Database) -> None:
    """
    Make a host for each page, with event types, hours and bookings.
    """
    with db.write() as tx:
        for slug, page in PAGES.items():
            host = make_host(tx, name=slug, timezone=page["zone"])
            host.max_bookings_per_invitee = 1000
            made = [make_type(tx, host.id, **fields) for fields in page["types"]]
            rules = _ALWAYS if page.get("always") else page.get("hours")
            if rules is not None:
                (default,) = schedules.list_schedules(tx, host.id)
                schedules.change(tx, host.id, default.id, {"rules": rules})
            for start in page.get("booked", ()):
                moment = datetime.fromisoformat(start)
                at = wall_to_instant(moment.date(), moment.time(), ZoneInfo(page["zone"]))
                make_booking(tx, made[0], at)


def turns(conversation: Mapping[str, Any], site: Site) -> Iterator[tuple[dict[str, Any], Any]]:
    """
    Hold a conversation, and yield each turn with its answer.
    """
    site.clock.set(str(conversation.get("clock", START)))
    given = {name: conversation[name] for name in ("timezone", "locale") if name in conversation}
    session: dict[str, Any] = {}
    for turn in conversation["turns"]:
        text = (
            turn["say"] * turn["repeat"]
            if len(turn["say"]) == 1
            else " ".join([turn["say"]] * turn.get("repeat", 1))
        )
        answer = site.post({"booking_page_slug": conversation["page"], "message": text, **given, **session})
        session = {"session_id": answer["session_id"]}
        yield turn, answer


def problems(conversation: Mapping[str, Any], turn: Mapping[str, Any], answer: Any, site: Site) -> list[str]:
    """
    Say what is wrong with an answer: against the turn's own expectations, and against what always holds.
    """
    action = answer["action"] or {}
    found: list[str] = []

    def see(name: str, expected: Any, actual: Any) -> None:
        if expected != actual:
            found.append(f"{turn['say'][:60]!r}: {name} should be {expected!r} and is {actual!r}")

    if "type" in turn:
        see("type", None if turn["type"] == "none" else turn["type"], action.get("type"))
    for name, field in (("event", "event_slug"), ("dates", "preferred_dates"), ("time", "preferred_time")):
        if name in turn:
            see(name, [str(day) for day in turn[name]] if name == "dates" else turn[name], action.get(field))
    local = [f"{slot['date']} {slot['time']}" for slot in action.get("slots", [])]
    if "slots" in turn:
        see("slots", [str(slot) for slot in turn["slots"]], local)
    missing = [str(slot) for slot in turn.get("offers", []) if str(slot) not in local]
    see(f"offered of {local}", [], missing)
    for part in turn.get("says", []):
        see(f"{part!r} in {answer['message']!r}", True, part in answer["message"])
    for part in turn.get("never", []):
        see(f"{part!r} in the answer", False, part in f"{answer['message']} {action}")
    return found + [f"{turn['say'][:60]!r}: {each}" for each in _always(conversation, answer, action, site)]


def _always(
    conversation: Mapping[str, Any], answer: Any, action: Mapping[str, Any], site: Site
) -> Iterator[str]:
    if not answer["message"].strip() or len(answer["message"]) > 1500:
        yield f"a message of {len(answer['message'])} letters"
    slots = action.get("slots", [])
    if len(slots) > 5 or [slot["start_time"] for slot in slots] != sorted(
        slot["start_time"] for slot in slots
    ):
        yield f"slots that are too many or out of order: {slots}"
    if slots:
        dates = {slot["date"] for slot in slots}
        known = site.labels(conversation["page"], action["event_slug"], dates, action["timezone"])
        unknown = {slot["start_time"] for slot in slots} - known
        if unknown:
            yield f"slots that are not on offer: {unknown}"
    shown = {slot["label"] for slot in slots}
    times = {time for label in shown for time in re.findall(r"\d{1,2}[:.h]\d\d", label)}
    named = set(re.findall(r"\d{1,2}[:.]\d\d", answer["message"]))
    if slots and not times <= named:
        yield f"the message {answer['message']!r} does not name {times - named}"
