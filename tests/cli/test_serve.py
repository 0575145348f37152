"""
``calendo serve`` as a process: what it makes, whom it lets in, how it ends, what it logs.
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
from commands import JANE, PASSWORD, Calendo
from sqlalchemy import text

from calendo.db.engine import Database
from parts import Server, start_server

pytest_plugins = ["cli_fixtures"]


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


def test_ctrl_c_lets_the_server_finish(calendo: Calendo) -> None:
    """
    A request in flight is answered, an idle connection does not hold things up, and the exit code is 0.
    """
    body = b'{"email": "nobody@example.com", "password": "securepass123"}'
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: calendo.test\r\nContent-Type: application/json\r\n"
    program = calendo.with_settings(data_dir=str(calendo.folder / "data"))
    with serving(program) as server, connected(server) as idle, connected(server) as busy:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: calendo.test\r\n\r\n")
        assert idle.recv(9000).startswith(b"HTTP/1.1 200")
        busy.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body[:10])
        time.sleep(0.5)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        busy.sendall(body[10:])
        answer = busy.recv(9000)
        code = server.process.wait(timeout=20)

    assert answer.startswith(b"HTTP/1.1 401")
    assert 0 == code
    assert ["Calendo listens on"] == [line.partition(" http")[0] for line in server.output]


def test_the_log_has_no_secrets(calendo: Calendo) -> None:
    """
    What was not foreseen is a 500 that says little, and a traceback in the log without any variables.
    """
    program = calendo.with_settings(data_dir=str(calendo.folder / "data"))
    program.done(*JANE, *PASSWORD)
    db = Database(f"sqlite:///{calendo.folder / 'data' / 'calendo.db'}")
    with db.write() as tx:
        tx.execute(text("UPDATE users SET locale = 'hidden'"))
        tx.execute(text("UPDATE availability_schedules SET timezone = 'Mars/Phobos'"))
    db.close()

    with serving(program) as server:
        body = {"booking_page_slug": "jane-smith", "message": "hidden"}
        answer = httpx2.post(f"{server.url}/api/ai/chat", json=body, headers={"X-Hidden": "hidden"})
        server.stop()
        log = whole_log(server, "UnknownZone")

    assert (500, "internal_error") == (answer.status_code, answer.json()["code"])
    assert "Traceback (most recent call last)" in log
    assert "UnknownZone: Mars/Phobos" in log
    assert "hidden" not in log
    assert "hidden" not in answer.text


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
