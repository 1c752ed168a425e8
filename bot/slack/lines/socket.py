"""The Socket Mode connection: opened by us, looked after, and replaced where it is deaf."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from bot.slack.door import Door

OK = 200
SHOWN = 10_000
LOOK_AFTER_CONNECTION_S = 1.8
"""So often the connection is looked after: one that was lost is opened again within that time.

One that is open on this side alone is lost after more than four pings that nobody answered.
"""


class GuardedHandler(SocketModeHandler):
    """Socket Mode in which an odd payload is answered like any other."""

    def __init__(self, app: App, app_token: str, door: Door) -> None:
        """Take envelopes in through a door."""
        super().__init__(app, app_token, ping_interval=LOOK_AFTER_CONNECTION_S)
        self._door = door
        self.client.message_listeners.append(self._take_shapeless)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer one envelope."""
        started = time()
        if isinstance(req.payload, dict) and self._door.is_own_message(req.payload):
            # One for each thing that we say: Bolt would build a request of it to pass it over.
            send_response(client, req, BoltResponse(status=OK), started)
            return

        def request() -> BoltRequest:
            headers = build_headers(req)
            return BoltRequest(mode="socket_mode", body=req.payload, headers=headers)

        send_response(client, req, self._door.let_in(self.app, req.payload, request), started)

    def _take_shapeless(
        self, socket: BaseSocketModeClient, envelope: dict[str, Any], raw: str | None
    ) -> None:
        """Answer an envelope that the client itself refuses to hand over."""
        number, payload = envelope.get("envelope_id"), envelope.get("payload")
        if not isinstance(number, str) or isinstance(payload, dict | str):
            return
        failure = TypeError("an envelope without a payload")
        if self._door.answer_error(failure, {"envelope": str(raw)[:SHOWN]}).status == OK:
            socket.send_socket_mode_response(SocketModeResponse(envelope_id=number))


class SocketLine:
    """The Socket Mode connection, as what may be deaf and is then replaced."""

    def __init__(self, handler: SocketModeHandler, heard: Callable[[], None]) -> None:
        """Look after the connection of a handler; `heard` is called for all that it brings.

        That is more than the listeners see: Bolt keeps the app's own messages from them.
        """
        self._handler = handler
        self._socket = handler.client
        self._socket.socket_mode_request_listeners.insert(0, lambda *_: heard())
        self._answered_at = time()

    def silent_s(self) -> float:
        """Tell for how long Slack has answered none of our pings: where nobody writes it does."""
        connection = getattr(self._socket, "current_session", None)
        answered_at = getattr(connection, "last_ping_pong_time", None)
        self._answered_at = max(self._answered_at, answered_at or 0.0)
        return max(0.0, time() - self._answered_at)

    def session(self) -> str | None:
        """Name the connection that is open; None where none is."""
        return self._socket.session_id() if self._socket.is_connected() else None

    def reopen(self) -> None:
        """Open another in its place."""
        with translated("opening another connection", by_app_token=True):
            self._socket.connect_to_new_endpoint(force=True)

    @property
    def client(self) -> BaseSocketModeClient:
        """What holds the connection."""
        return self._socket

    def close(self) -> None:
        """Close the connection, so that nothing new comes in."""
        self._handler.close()  # type: ignore[no-untyped-call]


def socket_handler(app: App, app_token: str, door: Door) -> SocketModeHandler:
    """Build what opens the Socket Mode connection; it runs in threads of its own."""
    return GuardedHandler(app, app_token, door)
