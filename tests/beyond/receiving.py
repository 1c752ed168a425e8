"""A receiver on this machine, which takes what it is told, fails, is slow, or breaks off."""

from __future__ import annotations

import json
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON in it."""
        return dict(json.loads(self.raw))

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.headers["idempotency-key"]


@dataclass(frozen=True)
class Reply:
    """How the receiver answers: with what, after whom it waited, or by breaking off."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    breaks: bool = False
    waits: threading.Event | None = None


class Receiver:
    """What came, and how the next requests are answered; those after them are taken."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.got: list[Got] = []
        self.replies: deque[Reply] = deque()
        self.usually = Reply()
        self.port = 0
        self.came = threading.Condition()

    @property
    def url(self) -> str:
        """Its address, with what has to stay secret in it."""
        return f"http://127.0.0.1:{self.port}/secret-path"

    def heard(self, got: Got) -> Reply:
        """Take a request, and say how it is answered."""
        with self.came:
            self.got.append(got)
            self.came.notify_all()
            return self.replies.popleft() if self.replies else self.usually

    def wait_for(self, count: int, within_s: float = 20.0) -> list[Got]:
        """Wait until so many requests came."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.got) >= count, within_s), self.types()
            return list(self.got)

    def types(self) -> list[str]:
        """Name what came, in order."""
        return [each.body["type"] for each in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Stand at the other end of a target."""
    at = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            raw = self.rfile.read(length)
            if len(raw) < length:  # The sender was killed in the middle of its words.
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = at.heard(Got(self.path, headers, raw))
            if reply.waits is not None:
                reply.waits.wait(20)
            if reply.breaks:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    at.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield at
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
