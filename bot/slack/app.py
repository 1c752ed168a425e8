"""The Bolt app, and its Socket Mode connection."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

if TYPE_CHECKING:
    from bot.slack.listeners import Listeners

TIMEOUT_S = 10
LOOK_AFTER_CONNECTION_S = 3.0
"""So often the connection is looked after: one that was lost is opened again within that time."""


def web_client(token: str, api_url: str) -> WebClient:
    """Build a client that never retries by itself: the outbox decides about that."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=[])


def build_app(client: WebClient, listeners: Listeners) -> App:
    """Build the Bolt app; it acknowledges an event only after its listener stored it."""
    app = App(
        client=client,
        logger=logging.getLogger("slack_bolt"),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,  # Socket Mode; HTTP mode signs its requests
    )
    listeners.register(app)
    return app


def connect(app: App, app_token: str) -> SocketModeHandler:
    """Open the Socket Mode connection; the handler runs in threads of its own."""
    handler = SocketModeHandler(app, app_token, ping_interval=LOOK_AFTER_CONNECTION_S)
    handler.connect()  # type: ignore[no-untyped-call]
    return handler
