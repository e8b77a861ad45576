"""A real HTTP server on this machine that answers as told and keeps a list of what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest


@dataclass
class Answer:
    """What the server sends: `length` may lie about the body's."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass
class Service:
    """The server under test's control. `answers` maps a call (path, parameters, number from 1) to its answer."""

    url: str
    answers: Callable[[str, dict[str, str], int], Answer]
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0


@pytest.fixture
def service() -> Iterator[Service]:
    """A running server; set `service.answers`."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                served.at_once += 1
                served.most_at_once = max(served.most_at_once, served.at_once)
                served.times.append(time.monotonic())
                split = urlsplit(self.path)
                call = (split.path, dict(parse_qsl(split.query)))
                served.calls.append(call)
                served.agents.append(self.headers["User-Agent"])
                answer = served.answers(*call, len(served.calls))
                served.at_once -= 1
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = answer.length is not None

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Say nothing where the client has seen enough."""

    server = Server(("127.0.0.1", 0), Handler)
    served = Service(f"http://127.0.0.1:{server.server_address[1]}", lambda *_: Answer(status=404))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()
