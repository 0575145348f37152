"""
What the docs tell people to type works when typed.
"""

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
from commands import JANE, PASSWORD, Calendo

import parts
from calendo.db.engine import Database
from calendo.db.schema import SchemaState, schema_state
from parts import start_server

pytest_plugins = ["cli_fixtures"]

DOCS = Path(__file__).parents[2] / "docs"


def to_type(page: str) -> str:
    """
    Join the blocks of a page that are marked ``sh``.
    """
    blocks = re.findall(r"^```sh\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    return "echo\n".join(blocks)


def typed(script: str, folder: Path) -> str:
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=parts.environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == result.returncode, result.stderr
    return result.stdout


def json_in(shown: str) -> list[Any]:
    """
    Find the JSON among what a terminal shows.
    """
    decoder, found, place = json.JSONDecoder(), [], 0
    while (match := re.search(r"[{\[]", shown[place:])) is not None:
        value, length = decoder.raw_decode(shown[place + match.start() :])
        found.append(value)
        place += match.start() + length
    return found


def test_the_tutorial_leads_to_a_booking(calendo: Calendo) -> None:
    """
    All of the tutorial, typed from top to bottom, ends with a confirmed booking in the host's list.
    """
    server = start_server(calendo.with_settings(data_dir=str(calendo.folder / "data")).settings)
    script = to_type("tutorial.md")
    assert "BASE=http://127.0.0.1:8000\n" in script
    try:
        shown = typed(script.replace("http://127.0.0.1:8000", server.url), calendo.folder)
        registered, logged_in, event_type, listed, made, bookings = json_in(shown)
        wanted = {"name": "B", "email": "b@example.com", "answers": {"topic": "Notes"}}
        again = httpx2.post(
            f"{server.url}/api/book/ada-lovelace/engine-talk",
            json={**wanted, "start_time": made["booking"]["start_time"].replace(" ", "T") + "Z"},
        )
        page = httpx2.get(f"{server.url}/ada-lovelace")
    finally:
        server.kill()

    assert "ada-lovelace" == registered["bookingSlug"]
    assert registered["user"]["id"] == logged_in["user"]["id"]
    assert re.search(r"^cal_[0-9a-f]+$|}cal_[0-9a-f]+$", shown, re.MULTILINE)
    assert "engine-talk" == event_type["slug"]
    assert {"slots", "starts"} == set(listed)
    assert made["booking"]["start_time"].replace(" ", "T") + "Z" == next(iter(listed["starts"].values()))[0]
    assert "confirmed" == made["booking"]["status"]
    assert [made["booking"]["uid"]] == [booking["uid"] for booking in bookings]
    assert (409, "slot_unavailable") == (again.status_code, again.json()["code"])
    assert (200, True) == (page.status_code, "Engine talk" in page.text)


def test_the_backup_can_be_restored(calendo: Calendo) -> None:
    """
    The script for backing SQLite up copies a database in use, whole.
    """
    program = calendo.with_settings(data_dir=str(calendo.folder / "data"))
    server = start_server(program.settings)
    try:
        program.done(*JANE, *PASSWORD)
        script = to_type("how-to/back-up.md")
        assert script.startswith(".venv/bin/python - ")
        shown = typed(script.replace(".venv/bin/python", sys.executable), calendo.folder)
    finally:
        server.kill()

    assert "ok\n" == shown
    shutil.rmtree(calendo.folder / "data")
    with closing(Database(f"sqlite:///{calendo.folder / 'calendo-backup.db'}")) as copy:
        assert SchemaState.CURRENT is schema_state(copy)
    restored = calendo.with_settings(database_url="sqlite:///calendo-backup.db")
    assert "There is already an account" in restored.refused(*JANE, *PASSWORD)
