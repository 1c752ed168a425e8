"""The receiver of hooks, over a real connection: what it takes, and what it turns away."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

import pytest

from bot.beyond.hooks import Hook
from bot.beyond.receiving import PREFIX, HookApplication
from bot.beyond.signing import HEADER, signature
from bot.desk.beyond import Deed
from bot.desk.errors import ConfigurationError
from bot.web import Paths, WebServer
from tests import builders as a
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.ports.delivery import Delivery

SECRET = b"what only two know"
SAID = json.dumps({"id": "7", "what": "acknowledged", "page": "p", "by": "Mei"}).encode()


class Inbox:
    """Stores what comes, or fails to."""

    def __init__(self) -> None:
        """Be empty, and sound."""
        self.stored: list[Delivery] = []
        self.fails = False

    def put(self, delivery: Delivery) -> bool:
        """Store it, once."""
        if self.fails:
            raise OSError("the disk is full")
        known = delivery.event_id in {each.event_id for each in self.stored}
        self.stored += [] if known else [delivery]
        return not known


@pytest.fixture(scope="module")
def inbox() -> Inbox:
    """What was stored."""
    return Inbox()


@pytest.fixture(scope="module")
def listening(inbox: Inbox) -> Iterator[WebServer]:
    """A receiver on this machine."""
    hook = Hook("pd", "json", "pager", SECRET, frozenset({Deed.TAKE}), {})
    running = WebServer(
        Paths({PREFIX: HookApplication({"pd": hook}, inbox, TurnableClock(a.NOON))}),
        "127.0.0.1:0",
    )
    running.start()
    yield running
    running.stop()


def post(
    listening: WebServer, body: bytes, path: str = "/hooks/pd", method: str = "POST",
    header: str | None = None,
) -> int:  # fmt: skip
    """Send something, signed unless a header is given; gives the status."""
    signed = header if header is not None else signature(SECRET, body, int(a.NOON.timestamp()))
    connection = http.client.HTTPConnection("127.0.0.1", listening.port, timeout=10)
    try:
        connection.request(method, path, body, {HEADER: signed})
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_signed_is_stored_once(listening: WebServer, inbox: Inbox) -> None:
    """However often it is told."""
    inbox.stored.clear()
    assert [post(listening, SAID) for _ in range(3)] == [200, 200, 200]
    assert [each.event_id for each in inbox.stored] == ["hook:pd:7"]


@pytest.mark.parametrize(
    ("status", "body", "how"),
    [
        (401, SAID, {"header": ""}),
        (401, SAID, {"header": signature(b"another", SAID, int(a.NOON.timestamp()))}),
        (401, SAID, {"header": signature(SECRET, SAID, int(a.NOON.timestamp()) - 301)}),
        (401, SAID + b" ", {"header": signature(SECRET, SAID, int(a.NOON.timestamp()))}),
        (400, b"{}x", {}),
        (400, b'{"id": "7", "what": "acknowledged"}', {}),
        (404, SAID, {"path": "/hooks/other"}),
        (404, SAID, {"path": "/"}),
        (404, SAID, {"path": "/hooks/../pd"}),
        (405, SAID, {"method": "PUT"}),
        (413, b"x" * 70_000, {}),
        (200, b'{"id": "8", "what": "seen"}', {}),
    ],
)
def test_what_is_not_to_be_acted_on_is_not_stored(
    listening: WebServer, inbox: Inbox, status: int, body: bytes, how: dict[str, str]
) -> None:
    """And the answer says which it is."""
    inbox.stored.clear()
    assert post(listening, body, **how) == status
    assert inbox.stored == []


def test_what_could_not_be_stored_is_not_acknowledged(listening: WebServer, inbox: Inbox) -> None:
    """So that it is told again."""
    inbox.stored.clear()
    inbox.fails = True
    assert post(listening, SAID) == 503
    inbox.fails = False
    assert post(listening, SAID) == 200
    assert len(inbox.stored) == 1


def test_an_address_that_is_taken_is_said(
    listening: WebServer, inbox: Inbox, clock: TurnableClock
) -> None:
    """In a line, and at once."""
    other = WebServer(HookApplication({}, inbox, clock), f"127.0.0.1:{listening.port}")
    with pytest.raises(ConfigurationError, match=r"Cannot listen at 127\.0\.0\.1"):
        other.start()
