"""Slack's errors to the desk's: what can be tried again, what cannot, what is uncertain."""

from __future__ import annotations

from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.desk.errors import DeliveryError, RetryableDeliveryError, UncertainDeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"})
"""Refused before anything was done."""

UNCERTAIN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Something was perhaps done, as Slack's own documentation of these codes says."""

SERVER_ERROR = 500
TOO_MANY = 429

ADVICE = {
    "not_in_channel": "invite the app to the channel",
    "channel_not_found": "check the channel's name in frontline.toml, and invite the app to it",
    "is_archived": "the channel is archived; choose another in frontline.toml",
    "invalid_auth": "check SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set SLACK_BOT_TOKEN",
    "missing_scope": "install the app again with the scopes that `frontline manifest` prints",
}


def code_of(failure: SlackApiError) -> str:
    """Give Slack's error code; empty where the answer was no JSON."""
    try:
        return str(failure.response.get("error") or "")
    except (AttributeError, ValueError):
        return ""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what the Web API client raises into the desk's errors; `doing` names the attempt."""
    try:
        yield
    except SlackApiError as failure:
        raise _translate(failure, doing) from failure
    except (URLError, HTTPException, TimeoutError, ConnectionError, SlackClientError) as failure:
        raise UncertainDeliveryError(
            f"No answer from Slack while {doing} ({type(failure).__name__})."
        ) from failure


def _translate(failure: SlackApiError, doing: str) -> DeliveryError | RetryableDeliveryError:
    code = code_of(failure)
    status = int(getattr(failure.response, "status_code", 0) or 0)
    if status == TOO_MANY or code in LATER:
        return RetryableDeliveryError(f"Slack asks to wait while {doing}.", _retry_after(failure))
    if status >= SERVER_ERROR or code in UNCERTAIN:
        return UncertainDeliveryError(f"Slack failed while {doing} ({code or status}).")
    advice = f"; {ADVICE[code]}" if code in ADVICE else ""
    return DeliveryError(f"Slack refused while {doing}: {code or status}{advice}.")


def _retry_after(failure: SlackApiError) -> float | None:
    headers = getattr(failure.response, "headers", None) or {}
    value = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None
