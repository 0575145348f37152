"""
Schemathesis against a real server: no failure of ours, and no answer that is not described.

It makes its calls from the description: the examples, every bound and beyond it, random ones, and
chains of calls. Whoever calls has things to be found, since most of the code lies behind a 404.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

import parts
from calendo.db.engine import Database
from calendo.db.models import Booking
from calendo.integrations.links import Links, Purpose
from calendo.ops import accounts, resets
from calendo.settings import Settings
from calendo.web.gate import PUBLIC_PATHS

PROVE = bool(os.environ.get("CALENDO_PROVE"))
RUNS = [
    ("sqlite", "key"),
    ("postgresql", "key"),
    ("sqlite", "nobody"),
    ("postgresql", "nobody"),
    ("sqlite", "cookie"),
    ("postgresql", "cookie"),
]
#: To this webhook there are deliveries that failed, with the ids 1 to 3.
FAILING = 11
#: So many that a few may be changed and deleted.
KEPT = range(12, 20)
#: The booking whose time has passed.
MISSED = 16
#: No random bytes are a picture.
MADE_BY_HAND = {"PUT /api/auth/me/avatar"}
PASSWORD = "a password that no example has"
#: The times in the description's examples, which have passed or soon will have.
EXAMPLE_TIMES = ("2026-03-10T19:00:00Z", "2026-03-11T19:00:00Z")

# Whether an input is good often depends on more than its own form: an answer has to
# fit a question, a time has to be free. So 400 and 413 are fine for what looks valid.
CONFIG = """
headers = {caller}
generation.max-examples = {examples}
phases.stateful.generation.max-examples = {examples}

[checks]
positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 413]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 409, 413, 415]

[dictionaries]
zones.values = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]
emails.values = ["bob@example.com", "Ann.Lee+x@example.org", "jane@example.com"]
passwords.values = [{password}]
dates.values = {dates}
lately.values = {lately}
starts.values = {starts}
pages.values = ["jane-smith"]
events.values = ["30-minute-call", "asks"]
ids.values = [1, 2, 3]
kept.values = {kept}
failing.values = [{failing}]
to_cancel.values = [1, 2]
to_confirm.values = [3, 5, 7]
to_decline.values = [9, 11, 13]
to_move.values = [4, 6, 8, 10, 12]
managed.values = [{managed}]
to_give_up.values = [{to_give_up}]
missed.values = [{missed}]
resets.values = [{reset}]
sessions.values = {sessions}

[parameters]
"path.page" = {{ dictionary = "pages", probability = 0.8 }}
"path.slug" = {{ dictionary = "pages", probability = 0.8 }}
"path.event" = {{ dictionary = "events", probability = 0.8 }}
"path.booking_id" = {{ dictionary = "to_cancel", probability = 0.8 }}
"path.event_type_id" = {{ dictionary = "ids", probability = 0.8 }}
"path.schedule_id" = {{ dictionary = "ids", probability = 0.8 }}
"path.webhook_id" = {{ dictionary = "ids", probability = 0.8 }}
"path.delivery_id" = {{ dictionary = "ids", probability = 0.8 }}
"path.key_id" = {{ dictionary = "ids", probability = 0.8 }}
"path.token" = {{ dictionary = "managed", probability = 0.8 }}
"path.reset_token" = {{ dictionary = "resets", probability = 0.8 }}
"query.start" = {{ dictionary = "dates", probability = 0.5 }}
"query.end" = {{ dictionary = "dates", probability = 0.5 }}
"query.date" = {{ dictionary = "dates", probability = 0.8 }}
"query.since" = {{ dictionary = "lately", probability = 0.8 }}
"query.timezone" = {{ dictionary = "zones", probability = 0.8 }}
"body.timezone" = {{ dictionary = "zones", probability = 0.8 }}
"body.email" = {{ dictionary = "emails", probability = 0.8 }}
"body.password" = {{ dictionary = "passwords", probability = 0.5 }}
"body.current_password" = {{ dictionary = "passwords", probability = 0.8 }}
"body.new_password" = {{ dictionary = "passwords", probability = 1.0 }}
"body.start_time" = {{ dictionary = "starts", probability = 0.8 }}
"body.booking_page_slug" = {{ dictionary = "pages", probability = 0.8 }}

# Those that others change and delete would mostly be off, or gone.
[[operations]]
include-operation-id = ["redeliver_failed", "send_test"]
parameters."path.webhook_id" = {{ dictionary = "kept", probability = 0.8 }}

[[operations]]
include-operation-id = ["list_deliveries", "read_delivery", "redeliver"]
parameters."path.webhook_id" = {{ dictionary = "failing", probability = 0.8 }}

[[operations]]
include-operation-id = "confirm_booking"
parameters."path.booking_id" = {{ dictionary = "to_confirm", probability = 0.8 }}

[[operations]]
include-operation-id = "decline_booking"
parameters."path.booking_id" = {{ dictionary = "to_decline", probability = 0.8 }}

[[operations]]
include-operation-id = ["reschedule_booking", "list_moves"]
parameters."path.booking_id" = {{ dictionary = "to_move", probability = 0.8 }}

[[operations]]
include-operation-id = "mark_no_show"
parameters."path.booking_id" = {{ dictionary = "missed", probability = 0.8 }}

[[operations]]
include-operation-id = "reschedule_managed"
parameters."path.token" = {{ dictionary = "managed", probability = 1.0 }}
parameters."body.start_time" = {{ dictionary = "starts", probability = 1.0 }}

[[operations]]
include-operation-id = "cancel_managed"
parameters."path.token" = {{ dictionary = "to_give_up", probability = 0.8 }}

# DELETE only switches an event type off: it can still be read, and switched on again.
[[operations]]
include-path = "/api/event-types/{{event_type_id}}"
checks.use_after_free.enabled = false

# These end what the others are called with, so somebody else calls them.
[[operations]]
include-operation-id = ["revoke_key", "change_password", "change_page"]
headers = {spare}

[[operations]]
include-operation-id = "end_session"
headers = {wandering}
parameters."path.session_id" = {{ dictionary = "sessions", probability = 1.0 }}

[[operations]]
include-operation-id = "delete_account"
headers = {doomed}
parameters."body.password" = {{ dictionary = "passwords", probability = 1.0 }}

[[operations]]
include-operation-id = ["logout", "logout_everywhere"]
headers = {leaving}
"""


class Client:
    """
    Calls the server to set up what has to be there.
    """

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: Any = None, **params: Any) -> Any:
        response = self._http.request(method, f"/api{path}", json=body, params=params, headers=self.headers)
        assert response.status_code in {200, 201}, f"{path}: {response.status_code}: {response.text}"
        return response.json()

    def sign_up(self, name: str, email: str) -> None:
        """
        Make a host and log in; from here on calls carry the cookie.
        """
        self.headers = {}
        self("POST", "/auth/register", {"email": email, "password": PASSWORD, "name": name})
        self.headers = self.log_in(email)

    def log_in(self, email: str) -> dict[str, str]:
        """
        Open a session, and return the header that carries its cookie.
        """
        self("POST", "/auth/login", {"email": email, "password": PASSWORD})
        cookie = {"Cookie": f"session={self._http.cookies['session']}"}
        self._http.cookies.clear()
        return cookie

    def new_key(self) -> dict[str, str]:
        """
        Make an API key, and return the header that carries it.
        """
        return {"X-API-Key": self("POST", "/api-keys", {"label": "tests"})["key"]}


Credentials = dict[str, dict[str, str]]


def set_up(call: Client) -> tuple[dict[str, Credentials], list[str], list[str], list[int]]:
    """
    Make Jane, whom everybody can book, a spare host, and one who may go.

    Returns credentials for the calls, free starts, the tokens of two bookings that nobody else changes,
    and the ids of sessions that may end.

    Schemathesis tries the id 1 first, so what has it may be changed and deleted; what
    invitees need comes later.
    """
    call.sign_up("Jane Smith", "jane@example.com")
    call("PUT", "/auth/me", {"max_bookings_per_invitee": 1000})
    for number in range(3):
        call("POST", "/availability-schedules", {"name": f"Spare {number}"})
        call("POST", "/event-types", {"name": f"Spare {number}"})
    for number in range(1, KEPT.stop):
        webhook = {"url": "https://example.com/", "events": ["booking.created"]}
        assert number == call("POST", "/webhooks", webhook)["id"]
    for _ in range(3):
        call("POST", f"/webhooks/{FAILING}/test")
    for is_active in (0, 1):
        call("PUT", f"/webhooks/{FAILING}", {"is_active": is_active})
    always = [{"day": day, "start": "00:00", "end": "24:00"} for day in range(7)]
    hours = call("POST", "/availability-schedules", {"name": "Always", "rules": always})["id"]
    call("POST", "/event-types", {"name": "30 Minute Call", "schedule_id": hours})
    call("POST", "/event-types", {"name": "Asks", "schedule_id": hours, "requires_confirmation": True})
    first, last = (datetime.now(UTC) + timedelta(days=days) for days in (2, 30))
    found = call("GET", "/availability/jane-smith/asks", start=f"{first:%F}", end=f"{last:%F}")
    starts = [start for day in found["starts"].values() for start in day]
    for number in range(16):
        invitee = {"name": "Bob", "email": "bob@example.com", "start_time": starts.pop(0)}
        call("POST", f"/book/jane-smith/{('asks', '30-minute-call')[number % 2]}", invitee)
    jane = call.headers
    # Of a host as whom nobody calls, so that the times to move to stay on offer.
    call.sign_up("Kept Host", "kept@example.com")
    hours = call("POST", "/availability-schedules", {"name": "Always", "rules": always})["id"]
    call("POST", "/event-types", {"name": "Kept", "schedule_id": hours})
    made = [
        call("POST", "/book/kept-host/kept", {"name": "Bob", "email": "bob@example.com", "start_time": start})
        for start in starts[-2:]
    ]
    tokens = [answer["booking"]["manage_url"].rpartition("/")[2] for answer in made]
    call.sign_up("Spare Host", "spare@example.com")
    for _ in range(12):
        call.new_key()
    spare, spare_key = call.headers, call.new_key()
    # Whoever logs out everywhere ends all sessions of theirs.
    call.sign_up("Leaving Host", "leaving@example.com")
    leaving, leaving_key = call.headers, call.new_key()
    call.sign_up("Wandering Host", "wandering@example.com")
    for _ in range(4):
        call.log_in("wandering@example.com")
    sessions = [each["id"] for each in call("GET", "/auth/sessions") if not each["is_current"]]
    wandering, wandering_key = call.headers, call.new_key()
    call.sign_up("Forgetful Host", "forgetful@example.com")
    call.sign_up("Doomed Host", "doomed@example.com")
    doomed, doomed_key = call.headers, call.new_key()
    call.headers = jane
    credentials = {
        "cookie": {
            "caller": jane,
            "spare": spare,
            "leaving": leaving,
            "doomed": doomed,
            "wandering": wandering,
        },
        "key": {
            "caller": call.new_key(),
            "spare": spare_key,
            "leaving": leaving_key,
            "doomed": doomed_key,
            "wandering": wandering_key,
        },
        "nobody": {"caller": {}, "spare": {}, "leaving": {}, "doomed": {}, "wandering": {}},
    }
    return credentials, starts, tokens, sessions


def forget_password(database_url: str, folder: Path) -> str:
    """
    Return the token in the mail that Forgetful Host would get.
    """
    db = Database(database_url)
    with db.write() as tx:
        user = accounts.find_by_email(tx, "forgetful@example.com")
        reset = resets.request(tx, user.id, int(datetime.now(UTC).timestamp()))
    db.close()
    links = Links(Settings(data_dir=folder).signing_key())
    return links.token(Purpose.RESET, reset.uid, 0)


def let_pass(database_url: str, booking_id: int) -> None:
    """
    Move a booking's time into the past, which no call can.
    """
    start = int(datetime.now(UTC).timestamp()) - 7200
    end = start + 1800
    times = {"start_ts": start, "end_ts": end, "blocked_start_ts": start, "blocked_end_ts": end}
    db = Database(database_url)
    with db.write() as tx:
        tx.execute(update(Booking).where(Booking.id == booking_id).values(**times))
    db.close()


def table(values: Mapping[str, str]) -> str:
    """
    Write a TOML table on one line.
    """
    return "{" + ", ".join(f"{json.dumps(name)} = {json.dumps(text)}" for name, text in values.items()) + "}"


def shortened(output: str) -> str:
    """
    Leave out most of what makes a report of schemathesis unreadable: whole bodies.
    """
    return "\n".join(line[:400] for line in output.splitlines())[-20_000:]


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[parts.Server]:
    """
    A server in a process of its own that limits nobody.
    """
    settings = {
        "CALENDO_DATA_DIR": str(tmp_path),
        "CALENDO_DATABASE_URL": database_url,
        "CALENDO_RATE_LIMIT_PUBLIC": "1000000/minute",
        "CALENDO_RATE_LIMIT_USER": "1000000/minute",
    }
    with parts.running_servers(1, settings) as servers:
        yield servers[0]


def prepare(call: Client, who: str, database_url: str, folder: Path) -> set[str]:
    """
    Write the description and the settings of schemathesis into a folder; return what the caller may do.
    """
    credentials, starts, tokens, sessions = set_up(call)
    document = json.dumps(call("GET", "/openapi.json"))
    for time in EXAMPLE_TIMES:
        assert time in document
        document = document.replace(time, starts.pop(0))
    (folder / "openapi.json").write_text(document)
    (folder / "schemathesis.toml").write_text(
        CONFIG.format(
            **{name: table(header) for name, header in credentials[who].items()},
            examples=50 if PROVE else 5,
            password=json.dumps(PASSWORD),
            dates=json.dumps(sorted({start[:10] for start in starts})[:5]),
            kept=json.dumps([*KEPT]),
            failing=FAILING,
            missed=MISSED,
            reset=json.dumps(forget_password(database_url, folder)),
            sessions=json.dumps(sessions),
            managed=json.dumps(tokens[0]),
            to_give_up=json.dumps(tokens[1]),
            lately=json.dumps([f"{datetime.now(UTC) - timedelta(days=days):%F}" for days in (1, 9)]),
            starts=json.dumps(starts[:500]),
        )
    )
    call.headers = credentials[who]["caller"]
    return {
        f"{method.upper()} {path}"
        for path, methods in json.loads(document)["paths"].items()
        for method, operation in methods.items()
        if who != "nobody" or "security" not in operation
    }


@pytest.mark.prove
@pytest.mark.parametrize(("engine_name", "who"), RUNS if PROVE else RUNS[:3], indirect=["engine_name"])
def test_every_call_is_answered_as_described(
    server: parts.Server, database_url: str, tmp_path: Path, who: str
) -> None:
    """
    Nothing that a caller can send makes the server fail or answer what the description does not say.
    """
    report = tmp_path / "report.json"
    options = ["--url", server.url, "--generation-database", "none", "--report-json-path", str(report)]
    if not PROVE:
        # The ordinary run always makes the same calls; each long one makes others.
        options += ["--seed", "1"]
        if who == "nobody":
            options += ["--include-path-regex", "|".join(PUBLIC_PATHS)]
    with httpx2.Client(base_url=server.url) as http:
        call = Client(http)
        permitted = prepare(call, who, database_url, tmp_path)
        let_pass(database_url, MISSED)
        caller = None if who == "nobody" else call("GET", "/auth/me")["id"]
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "--no-color", "run", *options, "openapi.json"],
            cwd=tmp_path,
            env=parts.environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, shortened(done.stdout)
        told = json.loads(report.read_text())
        print(
            f"schemathesis as {who}: {told['operations']['tested']} operations, "
            f"{told['test_cases']['generated']} calls, seed {told['seed']}"
        )
        # Whatever is only ever refused would not have been tested.
        accepted = {
            operation
            for operation, phases in told["valid_rates"].items()
            if any(rate["accepted"] for rate in phases.values())
        }
        refused = permitted - accepted - MADE_BY_HAND
        assert set() == refused, {operation: told["valid_rates"].get(operation) for operation in refused}
        if who != "nobody":
            assert caller == call("GET", "/auth/me")["id"]
