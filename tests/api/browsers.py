"""
A browser without a screen: what tests of the dashboard open and send.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from calendo.app import create_app
from calendo.db.engine import Database
from calendo.settings import Settings
from conftest import Clock

ACCOUNT = {"name": "Jane Smith", "email": "jane@example.com", "password": "securepass123"}


class Browser:
    """
    A browser in which the dashboard is open: it keeps cookies and says where its forms come from.
    """

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def send(self, path: str, fields: dict[str, Any] | None = None, **headers: str) -> Response:
        sent = {"Sec-Fetch-Site": "same-origin", **headers}
        return self.client.post(path, data=fields or {}, headers=sent, follow_redirects=False)

    def sign_up(self, **fields: str) -> Response:
        return self.send("/app/signup", {**ACCOUNT, **fields})

    def log_in(self, path: str = "/app/login", **fields: str) -> Response:
        known = {"email": ACCOUNT["email"], "password": ACCOUNT["password"]}
        return self.send(path, {**known, **fields})


@contextmanager
def browse(settings: Settings, db: Database, clock: Clock) -> Iterator[Browser]:
    """
    Open a browser on a server of these settings.
    """
    with TestClient(create_app(settings, db, clock), base_url="http://calendo.test") as client:
        yield Browser(client)


def text_of(response: Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def led_to(response: Response) -> tuple[int, str]:
    return response.status_code, response.headers.get("location", "")
