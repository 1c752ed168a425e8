"""Tokens of installations: another in time, taken back, and whether Slack still takes one."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.desk.errors import RetryableDeliveryError
from bot.slack.app import web_client
from bot.slack.errors import NO_ANSWER, code_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ports.time import Clock
    from bot.desk.workspaces import Installation
    from bot.slack.installing.credentials import AppCredentials

log = structlog.get_logger(__name__)

AHEAD = timedelta(hours=2)
"""So long before its end a token is replaced: it serves for twelve hours."""
ENDED = ("invalid_auth", "account_inactive", "token_revoked")
"""What Slack says of a token that nothing brings back; one that expired is replaced."""


def is_due(installation: Installation, now: datetime) -> bool:
    """Tell whether it is time to replace a token."""
    until = installation.expires_at
    return until is not None and bool(installation.refresh_token) and until - now <= AHEAD


def end_by(clock: Clock, expires_at: float) -> datetime:
    """Give when a token ends by our clock.

    slack_sdk says it in seconds by the machine's, to which it adds the time that Slack named.
    """
    return clock() + timedelta(seconds=expires_at - time.time())


def rotate(
    installation: Installation, app: AppCredentials, clock: Clock
) -> tuple[str, str | None, datetime]:
    """Get another token; gives it, what the next one is got with, and until when it serves.

    Raises:
        RetryableDeliveryError: Slack gave none.
    """
    rotator = TokenRotator(
        client_id=app.client_id,
        client_secret=app.client_secret,
        client=web_client("", app.api_url),
    )
    held = Bot(
        bot_token=installation.token,
        bot_refresh_token=installation.refresh_token,
        bot_token_expires_at=0,  # whether it is time was asked by our own clock
        bot_id="",
        bot_user_id=installation.bot_user,
        installed_at=0.0,
    )
    try:
        got = rotator.perform_bot_token_rotation(bot=held)
    except (SlackTokenRotationError, SlackClientError, *NO_ANSWER) as failure:
        raise RetryableDeliveryError(f"Slack gave no other token ({failure}).") from failure
    if got is None or not got.bot_token or not got.bot_token_expires_at:
        raise RetryableDeliveryError("Slack gave no other token.")
    until = end_by(clock, float(got.bot_token_expires_at))
    return got.bot_token, got.bot_refresh_token, until


def is_refused(token: str, api_url: str) -> bool | None:
    """Ask Slack whether a token has ended; None where it does not answer."""
    try:
        web_client(token, api_url).auth_test()
    except SlackApiError as failure:
        return True if code_of(failure) in ENDED else None
    except (SlackClientError, *NO_ANSWER):
        return None
    return False


def revoke(token: str, api_url: str) -> None:
    """Give a token back; where Slack does not take it, that is noted."""
    try:
        web_client(token, api_url).auth_revoke()
    except (SlackClientError, *NO_ANSWER) as failure:
        log.warning("not_revoked", why=type(failure).__name__)
