"""A connection that is open on this side alone: how soon it is noticed, and what came is answered.

`python -m tests.bench.half_open [TIMES]`: the other side keeps its end open, and hears and says
nothing more; somebody asks at that instant, by the workspace's page.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from tests.scenarios.office import Office

LONGEST_S = 180.0


class Between:
    """Passes on what goes to a port and comes from there, until it is frozen: then nothing."""

    def __init__(self, port: int) -> None:
        """Listen on a port of its own."""
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._moves: list[threading.Event] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        """Let every connection that is open now stay open, and bring nothing any more."""
        for each in self._moves:
            each.clear()

    def _accept(self) -> None:
        while True:
            ours, _ = self._server.accept()
            theirs = socket.create_connection(("127.0.0.1", self._to))
            moves = threading.Event()
            moves.set()
            self._moves.append(moves)
            for one, other in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=_pass, args=(one, other, moves), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket, moves: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while content := one.recv(65536):
            moves.wait()
            other.sendall(content)


def through(office: Office) -> Between:
    """Let the bot connect through something that can be frozen."""
    client: Any = office._working().line.client
    asked = client.issue_new_wss_url
    between = Between(urlsplit(asked()).port or 0)

    def elsewhere() -> str:
        there = urlsplit(asked())
        return there._replace(netloc=f"{there.hostname}:{between.port}").geturl()

    client.issue_new_wss_url = elsewhere
    office._working().line.reopen()
    return between


def measured(office: Office, between: Between, number: int) -> tuple[float, float]:
    """Give the seconds until another connection stood, and until the question was answered."""
    line = office._working().line
    before = line.session()
    between.freeze()
    begun = time.monotonic()
    asked = office.ask(office.ana, f"my password, on a line that is half open, {number}")
    office.ana.wait_for(lambda: line.session() not in {before, None}, LONGEST_S)
    noticed = time.monotonic() - begun
    office.ana.wait_for(lambda: asked.replies, LONGEST_S)
    answered = time.monotonic() - begun
    if len(asked.replies) != 1:
        raise AssertionError(asked.replies)
    return noticed, answered


def main() -> None:
    """Print the longest of some."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder, Office(Path(folder)) as office:
        office.ask(office.ana, "my password, heard").waits_for("Reset your password")
        office.settle()
        between = through(office)
        office.ask(office.ana, "my password, heard again").waits_for("Reset your password")
        found = [measured(office, between, number) for number in range(times)]
        # What is frozen never closes: the workspace ends it.
        office.playground.control("drop")
    for name, place in (("noticed and replaced", 0), ("answered", 1)):
        told = ", ".join(f"{each[place]:.1f}" for each in sorted(found))
        click.echo(f"{name}: {told} s")


if __name__ == "__main__":
    main()
