"""The Bolt app, and its Socket Mode connection."""

from __future__ import annotations

import logging
from time import time
from typing import TYPE_CHECKING, Any, TypeVar

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_bolt.error import BoltError
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.slack.errors import translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from bot.slack.door import Door
    from bot.slack.listeners import Listeners

Result = TypeVar("Result")

TIMEOUT_S = 10
OK = 200
SHOWN = 10_000
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
LOOK_AFTER_CONNECTION_S = 3.0
"""So often the connection is looked after: one that was lost is opened again within that time."""


def web_client(token: str, api_url: str) -> WebClient:
    """Build a client that never retries by itself: the outbox decides about that."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=[])


def build_app(client: WebClient, listeners: Listeners) -> App:
    """Build the Bolt app; it acknowledges an event only after its listener stored it.

    Raises:
        RetryableDeliveryError: it could not sign in.
    """
    try:
        # Signed in here, once: Bolt acknowledges, unheard, what comes while it cannot sign in.
        app = App(
            client=client,
            logger=_bolt_logger(),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,  # Socket Mode; HTTP mode signs its requests
        )
    except BoltError as failure:
        raise RetryableDeliveryError(f"Slack refused to sign Frontline in: {failure}.") from failure
    listeners.register(app)
    return app


class _Harmless(logging.Filter):
    """Takes out what Bolt says at each start where the environment holds the token as well."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep all but that."""
        return record.getMessage() != warning_client_prioritized_and_token_skipped()


HARMLESS = _Harmless()


def _bolt_logger() -> logging.Logger:
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(HARMLESS)
    return logger


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


def insist(
    doing: str,
    attempt: Callable[[], Result],
    wait: Callable[[float], bool],
    say: Callable[[str], None],
) -> Result:
    """Try until Slack does it, ever more rarely; each reason why not is said once.

    `wait` waits so many seconds, and tells whether to stop trying.

    Raises:
        DeliveryError: it was stopped before Slack did it.
    """
    pause, said = FIRST_PAUSE_S, ""
    while True:
        try:
            with translated(doing):
                result = attempt()
        except (DeliveryError, RetryableDeliveryError) as failure:
            reason = str(failure)
        else:
            if said:
                say(f"Slack answers again ({doing}).")
            return result
        if reason != said:
            said = reason
            say(f"{reason} Waiting; it is tried again every {LONGEST_PAUSE_S:.0f} s at least.")
        if wait(pause):
            raise DeliveryError(f"Stopped before Slack answered: {reason}")
        pause = min(2 * pause, LONGEST_PAUSE_S)


class SocketLine:
    """The Socket Mode connection, as what may be deaf and is then replaced."""

    def __init__(self, handler: SocketModeHandler, heard: Callable[[], None]) -> None:
        """Look after the connection of a handler; `heard` is called for all that it brings.

        That is more than the listeners see: Bolt keeps the app's own messages from them.
        """
        self._socket = handler.client
        self._socket.socket_mode_request_listeners.insert(0, lambda *_: heard())

    def session(self) -> str | None:
        """Name the connection that is open; None where none is."""
        return self._socket.session_id() if self._socket.is_connected() else None

    def reopen(self) -> None:
        """Open another in its place."""
        with translated("opening another connection", by_app_token=True):
            self._socket.connect_to_new_endpoint(force=True)


def socket_handler(app: App, app_token: str, door: Door) -> SocketModeHandler:
    """Build what opens the Socket Mode connection; it runs in threads of its own."""
    return GuardedHandler(app, app_token, door)
