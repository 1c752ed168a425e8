"""The Bolt app, and insisting until Slack signs it in."""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_bolt.logger.messages import (
    warning_client_prioritized_and_token_skipped,
    warning_token_skipped,
)
from slack_sdk.errors import SlackApiError

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.slack.errors import code_of, translated
from bot.slack.organisation import Organisation
from bot.slack.sending.connections import KeptClient

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

    from bot.slack.listeners import Listeners

    Told = Callable[[str, str, float], None]

Result = TypeVar("Result")

TIMEOUT_S = 10
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


class CountedClient(KeptClient):
    """Tells of each call its method, what Slack answered, and the seconds that it took."""

    told: Told | None = None
    waiting: Callable[[], AbstractContextManager[None]] = staticmethod(nullcontext)
    """Entered while a call is under way."""
    organisation: Organisation | None = None

    def of_organisation(self) -> None:
        """Read lists of every workspace from now on: the token is of an organisation."""
        self.organisation = Organisation(self._called)

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:
        """Call, in each workspace of an organisation where that is needed."""
        if self.organisation is not None:
            return self.organisation.call(api_method, **given)
        return self._called(api_method, **given)

    def _called(self, api_method: str, **given: Any) -> SlackResponse:
        """Call, and tell: `ok`, Slack's own code of an error, or `network`."""
        began, answered = time.perf_counter(), "network"
        try:
            with self.waiting():
                answer = super().api_call(api_method, **given)
            answered = "ok"
        except SlackApiError as failure:
            answered = code_of(failure) or f"http_{getattr(failure.response, 'status_code', 0)}"
            raise
        else:
            return answer
        finally:
            if self.told is not None:
                self.told(api_method, answered, time.perf_counter() - began)


def web_client(token: str, api_url: str, told: Told | None = None) -> CountedClient:
    """Build a client that never retries by itself: the outbox decides about that."""
    client = CountedClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=[])
    client.told = told
    return client


def build_app(client: WebClient, listeners: Listeners) -> App:
    """Build the Bolt app; it acknowledges an event only after its listener stored it.

    Raises:
        RetryableDeliveryError: it could not sign in.
    """
    try:
        # Signed in here, once: Bolt acknowledges, unheard, what comes while it cannot sign in.
        who = client.auth_test()
        app = App(
            client=client,
            # Asked at each request: a token that is rotated is another one tomorrow.
            authorize=lambda: AuthorizeResult.from_auth_test_response(
                auth_test_response=who, bot_token=client.token
            ),
            logger=_bolt_logger(),
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,  # the line has done it, on the raw body
        )
    except BoltError as failure:
        raise RetryableDeliveryError(f"Slack refused to sign Frontline in: {failure}.") from failure
    listeners.register(app)
    listeners.door.own_bot = who.get("bot_id")
    return app


class _Harmless(logging.Filter):
    """Takes out what Bolt says at each start of tokens, which it asks us for at each request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep all but that."""
        return record.getMessage() not in {
            warning_client_prioritized_and_token_skipped(),
            warning_token_skipped(),
        }


HARMLESS = _Harmless()


def _bolt_logger() -> logging.Logger:
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(HARMLESS)
    return logger


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
