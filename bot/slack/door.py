"""The door: whatever comes is answered; what something fails on is stored and set aside."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackClientError

from bot.desk.errors import FrontlineError
from bot.slack.parsing.deliveries import delivery_of
from bot.slack.parsing.shapes import UnreadablePayloadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App
    from slack_bolt.request import BoltRequest

    from bot.desk.ports.delivery import Deliveries

log = structlog.get_logger(__name__)

PASSING = (FrontlineError, sqlite3.Error, OSError, SlackClientError)
"""What may go better when Slack delivers again, or when somebody presses again."""


class Door:
    """Answers for what Bolt, or a listener, fails on."""

    def __init__(
        self,
        deliveries: Deliveries,
        home: str | None = None,
        slipped: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Set aside into `deliveries`, as of the workspace of the installation.

        `slipped` hears why an event could not be stored.
        """
        self.own_bot: str | None = None
        """Frontline's own bot, as Slack names it; None before it has signed in."""
        self._home = home
        self._slipped = slipped
        self._deliveries = deliveries

    def let_in(
        self, app: App, payload: dict[str, Any], request: Callable[[], BoltRequest]
    ) -> BoltResponse:
        """Dispatch a request; Bolt fails on odd payloads while it builds one, too."""
        try:
            return app.dispatch(request())
        except Exception as failure:  # noqa: BLE001 - whatever came is answered
            return self.answer_error(failure, payload)

    def is_own_message(self, payload: dict[str, Any]) -> bool:
        """Tell whether an event is of what Frontline itself wrote: Bolt would pass it over."""
        event = payload.get("event")
        if self.own_bot is None or not isinstance(event, dict):
            return False
        return event.get("type") == "message" and event.get("bot_id") == self.own_bot

    def answer_error(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Leave unacknowledged only what may go better next time; the rest is set aside."""
        kind = str(body.get("type"))[:40]
        if isinstance(error, BoltUnhandledRequestError):
            log.info("payload_ignored", type=kind)
            return BoltResponse(status=200)
        reason = str(error) if isinstance(error, FrontlineError) else type(error).__name__
        log.error("listener_failed", type=kind, error=reason, exc_info=error)
        if isinstance(error, PASSING) and not isinstance(error, UnreadablePayloadError):
            if kind == "event_callback":
                self._slipped(str(error) or reason)
            return BoltResponse(status=500)
        return self._set_aside(body, f"It could not be taken in ({reason}).")

    def _set_aside(self, body: dict[str, Any], why: str) -> BoltResponse:
        try:
            self._deliveries.put(delivery_of(body, why, self._home))
        except Exception as failure:
            log.exception("not_set_aside", error=why, exc_info=failure)
            self._slipped(type(failure).__name__)
            return BoltResponse(status=500)
        return BoltResponse(status=200)
