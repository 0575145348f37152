"""
An endpoint that speaks the OpenAI chat API, on this machine, and answers what a test tells it to.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Raw:
    """
    An answer that is none: any bytes with any status, after a while.
    """

    content: bytes = b""
    status: int = 200
    wait_seconds: float = 0


#: Gives what the model says to a request: its text, its tool calls, or something that is no answer.
Answers = Callable[[Body], "str | list[tuple[str, Any]] | Raw"]


@dataclass
class Endpoint:
    """
    The endpoint: ``requests`` are the bodies that came, ``headers`` what came along.
    """

    url: str
    answers: Answers
    requests: list[Body] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@contextmanager
def running_endpoint(answers: Answers) -> Iterator[Endpoint]:
    """
    Run an endpoint until the block ends.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.requests.append(body)
            endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
            said = endpoint.answers(body)
            raw = said if isinstance(said, Raw) else Raw(json.dumps(completion(said)).encode())
            if raw.wait_seconds:
                endpoint.stopped.wait(raw.wait_seconds)
            try:
                self.send_response(raw.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw.content)))
                self.end_headers()
                self.wfile.write(raw.content)
            except OSError:
                self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # As many as ask at once have to find a place to wait for their thread.
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1", answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()


def completion(said: str | list[tuple[str, Any]]) -> Body:
    """
    An answer as the API has it.
    """
    message: Body = {"role": "assistant", "content": said if isinstance(said, str) else None}
    if not isinstance(said, str):
        message["tool_calls"] = [
            {
                "id": f"call_{number}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for number, (name, given) in enumerate(said)
        ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": "small",
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "stop" if isinstance(said, str) else "tool_calls",
            }
        ],
    }


def said_last(body: Body) -> str:
    """
    The invitee's message that a request is about.
    """
    return str([message["content"] for message in body["messages"] if message["role"] == "user"][-1])


def told(body: Body) -> list[str]:
    """
    What the tools told the model, in this request.
    """
    return [str(message["content"]) for message in body["messages"] if message["role"] == "tool"]
