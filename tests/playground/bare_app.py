"""An app without Bolt, so that a test can do what Bolt would not."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect as connect_websocket

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from websockets.sync.client import ClientConnection


class RawApp:
    """An app that is only a Socket Mode connection: it sees envelopes and acknowledges at will."""

    def __init__(self, client: WebClient, app_token: str) -> None:
        """With what it needs to connect."""
        self._client, self._app_token = client, app_token
        self.socket: ClientConnection | None = None
        self.hello: dict[str, Any] = {}

    def open(self) -> RawApp:
        """Connect and take the greeting."""
        address = self._client.apps_connections_open(app_token=self._app_token)["url"]
        self._leave = contextlib.ExitStack()
        self.socket = self._leave.enter_context(
            connect_websocket(address, max_size=None, max_queue=None)
        )
        self.hello = self.receive()
        return self

    def receive(self, timeout: float = 5) -> dict[str, Any]:
        """The next message, whatever it is."""
        assert self.socket is not None
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        return message

    def ack(self, envelope: dict[str, Any], payload: Any = None) -> None:
        """Acknowledge an envelope, with an answer if there is one."""
        assert self.socket is not None
        answer = {"envelope_id": envelope["envelope_id"]}
        if payload is not None:
            answer["payload"] = payload
        self.socket.send(json.dumps(answer))

    def take(self, timeout: float = 5) -> dict[str, Any]:
        """The payload of the next envelope, acknowledged."""
        envelope = self.receive(timeout)
        self.ack(envelope)
        payload: dict[str, Any] = envelope["payload"]
        return payload

    def event(self, kind: str) -> dict[str, Any]:
        """The next event of a type; earlier ones are acknowledged and passed over."""
        while True:
            payload = self.take()
            if payload.get("event", {}).get("type") == kind:
                event: dict[str, Any] = payload["event"]
                return event

    def close(self) -> None:
        """Go away."""
        if self.socket is not None:
            self._leave.close()
