"""
The limit: a bare ASGI application under uvicorn that answers bytes it was given.

Nothing runs per call but uvicorn itself, with the options that ``calendo serve`` has.
"""

import json
import socket
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import uvicorn

Answer = tuple[dict[str, Any], dict[str, Any]]


class Bare:
    """
    Answers each known address with what is kept for it.
    """

    def __init__(self, answers: dict[tuple[str, bytes], Answer]) -> None:
        self._answers = answers

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """
        Take the body in, if there is one to come, and answer.
        """
        if scope["type"] != "http":
            raise NotImplementedError
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        start, body = self._answers[scope["path"], scope["query_string"]]
        await send(start)
        await send(body)


def read_answers(file: Path) -> dict[tuple[str, bytes], Answer]:
    """
    Read what ``servers.bare_server`` wrote.
    """
    answers: dict[tuple[str, bytes], Answer] = {}
    for kept in json.loads(file.read_text()):
        path, _, query = kept["target"].partition("?")
        headers = [(name.encode(), value.encode()) for name, value in kept["headers"]]
        answers[path, query.encode()] = (
            {"type": "http.response.start", "status": kept["status"], "headers": headers},
            {"type": "http.response.body", "body": b64decode(kept["body"])},
        )
    return answers


def main() -> None:
    """
    Serve the answers of a file on a free port, and print the address.
    """
    app = Bare(read_answers(Path(sys.argv[1])))
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
