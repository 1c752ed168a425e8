"""What Frontline itself wrote comes back as an event: it is acknowledged, and no more."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.door import Door
from bot.slack.lines.socket import GuardedHandler
from tests import builders as a
from tests.slack import payloads
from tests.slack.test_listeners import Watch

OWN_BOT = "B0FRONT001"


class Acknowledged:
    """A line that keeps what it was told to send."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self.sent: list[str] = []
        self.logger = self
        self.level = 50

    def send_socket_mode_response(self, response: Any) -> None:
        """Keep it."""
        self.sent.append(response.envelope_id)


class Bolt:
    """Counts what it is given."""

    def __init__(self) -> None:
        """Begin."""
        self.dispatched = 0

    def dispatch(self, _: Any) -> Any:
        """Count."""
        self.dispatched += 1
        raise AssertionError


@pytest.mark.parametrize(("by", "dispatched"), [(OWN_BOT, 0), ("B0OTHER001", 1), (None, 1)])
def test_its_own_messages_never_reach_bolt(by: str | None, dispatched: int) -> None:
    """There is one for each thing that it says; those of others go the usual way."""
    door, bolt, line = Door(Watch()), Bolt(), Acknowledged()
    door.own_bot = OWN_BOT
    handler = GuardedHandler.__new__(GuardedHandler)
    handler.app, handler._door = bolt, door  # type: ignore[assignment]
    event = payloads.message("said", user=a.BOT) | ({"bot_id": by} if by else {})
    request = SocketModeRequest("events_api", "E1", payloads.callback(event, "Ev1"))
    handler.handle(line, request)  # type: ignore[arg-type]
    assert bolt.dispatched == dispatched
    assert line.sent == ["E1"]


def test_before_it_signed_in_nothing_is_its_own() -> None:
    """An event without a bot is nobody's."""
    assert not Door(Watch()).is_own_message({"event": {"type": "message", "bot_id": None}})
    assert not Door(Watch()).is_own_message({})
