"""
Reads a curl command and makes the call it stands for, with no header of our own added.
"""

import json
import shlex
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """
    What came back: status, headers, and the body as text and read as JSON.
    """

    status: int
    headers: HTTPMessage
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


def run(command: str) -> Answer:
    """
    Make the call of a command such as ``curl -X PUT <url> -H '<name>: <value>' -d '<body>'``.
    """
    program, *words = shlex.split(command.replace("\\\n", " "))
    assert "curl" == program
    method, url, body = None, "", None
    # What curl itself adds; -H replaces it.
    headers = {"user-agent": "curl/8.5.0", "accept": "*/*"}
    given = iter(words)
    for word in given:
        if word == "-X":
            method = next(given)
        elif word == "-H":
            name, _, value = next(given).partition(":")
            headers[name.lower()] = value.strip()
        elif word == "-d":
            body = next(given)
            headers.setdefault("content-type", "application/x-www-form-urlencoded")
        else:
            assert not url, f"this option is not known: {word}"
            url = word
    return _call(method or ("GET" if body is None else "POST"), url, headers, body)


def _call(method: str, url: str, headers: dict[str, str], body: str | None) -> Answer:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, None if body is None else body.encode(), headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()
