"""
``calendo serve`` as a process: what it makes, how it starts beside others, how it ends.
"""

import json
import signal
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx2
import pytest
from commands import JANE, PASSWORD, Calendo, at_once

from calendo.settings import Settings
from parts import Server, start_server


@contextmanager
def serving(program: Calendo, *arguments: str) -> Iterator[Server]:
    server = start_server(program.settings, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def test_serve_makes_its_data_directory(calendo: Calendo) -> None:
    """
    A missing data directory is made for its owner alone, whatever its name, with database and secret key.
    """
    folder = calendo.folder / "deep" / "it's 100%ce ü 日本?#&=+"

    with serving(calendo.with_settings(data_dir=str(folder))) as server:
        ready = httpx2.get(f"{server.url}/readyz")
        lives = httpx2.get(f"{server.url}/healthz")

    assert (200, 200) == (ready.status_code, lives.status_code)
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
    assert 0o600 == stat.S_IMODE((folder / "secret_key").stat().st_mode)
    assert {"calendo.db", "secret_key"} <= {path.name for path in folder.iterdir()}
    assert [folder] == list(folder.parent.iterdir())


def test_servers_that_start_at_once_set_one_database_up(calendo: Calendo, empty_url: str) -> None:
    """
    Three processes that meet one empty database all serve it, under one secret key.
    """
    program = calendo.with_settings(database_url=empty_url, data_dir=str(calendo.folder / "data"))

    servers = at_once({number: lambda: start_server(program.settings) for number in range(3)})
    try:
        answers = [httpx2.get(f"{server.url}/readyz").status_code for server in servers.values()]
    finally:
        for server in servers.values():
            server.kill()

    assert [200, 200, 200] == answers
    kept = [path.name for path in (calendo.folder / "data").iterdir()]
    assert ["secret_key"] == kept
    assert 64 == len(Settings(data_dir=calendo.folder / "data").signing_key())


def test_openapi_is_the_one_that_is_served(calendo: Calendo) -> None:
    """
    ``calendo openapi`` prints, and writes to a file, what ``/api/openapi.json`` answers; it needs no data.
    """
    printed = calendo.done("openapi")
    assert "" == calendo.done("openapi", "--output", "api.json")
    assert printed == (calendo.folder / "api.json").read_text()
    assert ["api.json"] == [path.name for path in calendo.folder.iterdir()]

    with serving(calendo.with_settings(data_dir=str(calendo.folder / "data"))) as server:
        served = httpx2.get(f"{server.url}/api/openapi.json").json()

    assert served == json.loads(printed)


def test_a_closed_server_lets_in_whom_its_keeper_made(calendo: Calendo) -> None:
    """
    ``/api/auth/register`` answers 403 where registration is closed; ``calendo user create`` still works.
    """
    program = calendo.with_settings(data_dir=str(calendo.folder / "data"), registration="closed")
    program.done(*JANE, *PASSWORD)

    with serving(program) as server:
        account = {"email": "bob@example.com", "password": "securepass123"}
        refusal = httpx2.post(f"{server.url}/api/auth/register", json={**account, "name": "Bob"})
        login = httpx2.post(f"{server.url}/api/auth/login", json={**account, "email": "jane@example.com"})

    assert (403, "registration_closed") == (refusal.status_code, refusal.json()["code"])
    assert (200, "Jane Smith") == (login.status_code, login.json()["user"]["name"])


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_asked_to_end_finishes_first(calendo: Calendo, asked: signal.Signals) -> None:
    """
    A request in flight is answered, an idle connection does not hold things up, and the exit code is 0.
    """
    body = json.dumps({"email": "nobody@example.com", "password": "securepass123"}).encode()
    head = (
        "POST /api/auth/login HTTP/1.1\r\nHost: calendo.test\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    with serving(calendo.with_settings(data_dir=str(calendo.folder / "data"))) as server:
        with connected(server) as idle, connected(server) as busy:
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: calendo.test\r\n\r\n")
            assert idle.recv(9000).startswith(b"HTTP/1.1 200")
            busy.sendall(head + body[:10])
            time.sleep(0.5)
            begun = time.monotonic()
            server.process.send_signal(asked)
            time.sleep(0.5)
            busy.sendall(body[10:])
            answer = busy.recv(9000)
            code = server.process.wait(timeout=20)
        took = time.monotonic() - begun

    assert answer.startswith(b"HTTP/1.1 401")
    assert 0 == code
    assert took < 8
    assert 1 == len(server.output), server.output


def test_a_request_that_never_ends_does_not_hold_the_server(calendo: Calendo) -> None:
    """
    Whoever keeps a request open is cut off, so that the server has ended within 15 seconds.

    The log says so, without the variables of the functions it was in.
    """
    with serving(calendo.with_settings(data_dir=str(calendo.folder / "data"))) as server:
        with connected(server) as stuck:
            stuck.sendall(
                b"POST /api/auth/login HTTP/1.1\r\nHost: calendo.test\r\nX-Secret: do not log this\r\n"
                b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            time.sleep(0.5)
            begun = time.monotonic()
            code = server.stop()
        took = time.monotonic() - begun

    log = whole_log(server, "CancelledError")
    assert 0 == code
    assert took < 15
    assert "Cancel 1 running task" in log
    assert "CancelledError" in log
    assert "do not log this" not in log


def whole_log(server: Server, last: str) -> str:
    """
    Wait until the log of a server that has ended was read up to its last words.
    """
    for _ in range(50):
        log = "".join(server.output)
        if last in log:
            return log
        time.sleep(0.1)
    return log


def connected(server: Server) -> socket.socket:
    where = urlsplit(server.url)
    return socket.create_connection((where.hostname, where.port), timeout=10)
