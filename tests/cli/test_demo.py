"""
The demo, as ``make run`` starts it: what it prints can be pasted.
"""

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from commands import Calendo

import parts
from parts import Server, start_server

pytest_plugins = ["cli_fixtures"]

README = (Path(__file__).parents[2] / "README.md").read_text()


@pytest.fixture
def program(calendo: Calendo) -> Calendo:
    """
    The demo with a data directory of its own, and a database that it must leave alone.
    """
    other = f"sqlite:///{calendo.folder / 'other.db'}"
    return calendo.with_settings(data_dir=str(calendo.folder / "data"), database_url=other)


def start_demo(program: Calendo) -> tuple[Server, str]:
    """
    Start the demo and return what it prints, once that is whole.
    """
    server = start_server(program.settings, "--demo")
    for _ in range(600):
        shown = "".join(server.output)
        if "Ctrl+C stops it." in shown:
            return server, shown
        time.sleep(0.1)
    server.kill()
    raise AssertionError("".join(server.output))


def pasted(command: str) -> Any:
    """
    Run a line in a shell, as somebody would who pastes it.
    """
    result = subprocess.run(
        ["bash", "-c", command], env=parts.environment({}), capture_output=True, text=True, check=True
    )
    return json.loads(result.stdout)


def calls_in(shown: str) -> list[str]:
    return [line.strip() for line in shown.splitlines() if line.strip().startswith("curl ")]


def starts_in(answer: Any) -> list[str]:
    return [start for starts in answer["starts"].values() for start in starts]


def printed(what: str, shown: str) -> tuple[str, ...]:
    """
    Find a line of the printed block: its words without those between.
    """
    found = re.search(rf"^ *({what}) +(\S+)(?: with password (\S+))?$", shown, re.MULTILINE)
    assert found
    return found.groups()


def key_in(shown: str) -> str:
    return printed("API key", shown)[1]


def test_the_printed_calls_work_when_pasted(program: Calendo) -> None:
    """
    Three calls list slots, book one of them and list the bookings; docs, page and password are right too.

    The README shows the same calls, with a port, dates and a key of its own.
    """
    server, shown = start_demo(program)
    try:
        listing, booking, bookings = calls_in(shown)
        listed = pasted(listing)
        made = pasted(booking)["booking"]
        again = pasted(booking)
        after = pasted(listing)
        mine = pasted(bookings)
        docs = httpx2.get(printed("API docs", shown)[1])
        page = httpx2.get(printed("Booking page", shown)[1])
        _, email, password = printed("Log in", shown)
        login = httpx2.post(
            printed("Dashboard", shown)[1] + "/login", data={"email": email, "password": password}
        )
    finally:
        server.kill()

    start = made["start_time"].replace(" ", "T") + "Z"
    assert start in starts_in(listed)
    assert start not in starts_in(after)
    assert "confirmed" == made["status"]
    assert "slot_unavailable" == again["code"]
    assert made["uid"] in {booking["uid"] for booking in mine}
    assert {"confirmed", "pending"} == {booking["status"] for booking in mine}
    assert (200, 200, 303) == (docs.status_code, page.status_code, login.status_code)
    assert "session" in login.cookies
    assert "Jane Smith" in page.text
    assert ["data"] == [path.name for path in program.folder.iterdir()]
    assert [typical(call) for call in calls_in(README)] == [typical(call) for call in calls_in(shown)]


def typical(call: str) -> str:
    call = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", call)
    call = re.sub(r"\d{4}-\d\d-\d\d", "2026-03-10", call)
    return re.sub(r"T\d\d:\d\d:00Z", "T17:00:00Z", re.sub(r"cal_\w+", "cal_your_api_key", call))


def test_a_restart_replaces_key_and_password_and_nothing_else(program: Calendo) -> None:
    """
    Each start prints new ones and the old ones are dead; bookings do not pile up.
    """
    first, shown = start_demo(program)
    old_key = key_in(shown)
    _, email, old_password = printed("Log in", shown)
    before = pasted(calls_in(shown)[2])
    taken = program.refused("serve", "--demo", "--port", first.url.rpartition(":")[2])
    after_refusal = pasted(calls_in(shown)[2])
    assert 0 == first.stop()

    second, shown = start_demo(program)
    try:
        refusal = httpx2.get(f"{second.url}/api/bookings", headers={"X-API-Key": old_key})
        login = httpx2.post(f"{second.url}/api/auth/login", json={"email": email, "password": old_password})
        after = pasted(calls_in(shown)[2])
        labels = [
            key["label"]
            for key in httpx2.get(f"{second.url}/api/api-keys", headers={"X-API-Key": key_in(shown)}).json()
        ]
    finally:
        second.kill()

    assert "Address already in use" in taken
    assert before == after_refusal
    assert old_key != key_in(shown)
    assert (401, "wrong_credentials") == (login.status_code, login.json()["code"])
    assert (401, "unauthenticated") == (refusal.status_code, refusal.json()["code"])
    assert before == after
    assert ["Demo"] == labels
