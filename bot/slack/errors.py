"""Slack's errors in three classes: about this message, about us, and those that pass.

What is about a message ends it (`DeliveryError`); what is about us stops sending until an
admin has mended it (`ShutOutError`); what passes is tried again (`RetryableDeliveryError`).
"""

from __future__ import annotations

from contextlib import contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.desk.errors import (
    DeliveryError,
    RetryableDeliveryError,
    ShutOutError,
    UncertainDeliveryError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable"})
"""Refused before anything was done."""

INSTALL_AGAIN = "install the app again; where the token is set by hand, set the new one and restart"

ABOUT_US = {
    "invalid_auth": "check SLACK_BOT_TOKEN",
    "not_authed": "set SLACK_BOT_TOKEN",
    "not_allowed_token_type": "SLACK_BOT_TOKEN must be the token that begins with xoxb-",
    "token_revoked": INSTALL_AGAIN,
    "token_expired": INSTALL_AGAIN,
    "account_inactive": "the app was removed or switched off; install it again",
    "user_removed_from_team": "the app was removed from the workspace; install it again",
    "team_access_not_granted": "an owner of the organisation grants the app this workspace",
    "team_access_not_allowed": "an owner of the organisation grants the app this workspace",
    "two_factor_setup_required": "the app's owner sets up two-factor authentication",
    "accesslimited": "the workspace refuses this network; allow its addresses",
    "ekm_access_denied": "an administrator has suspended the app's access to messages",
    "org_login_required": "the workspace is being moved to an organisation; it passes",
    "team_added_to_org": "the workspace is being moved to an organisation; it passes",
    "invalid_app": "the app no longer exists; create it from `frontline manifest`",
}
"""Nothing goes out until this is mended; with what an admin does about it."""

ABOUT_THE_APP_TOKEN = {
    "invalid_auth": "check SLACK_APP_TOKEN, the app-level token that begins with xapp-",
    "not_authed": "set SLACK_APP_TOKEN",
    "not_allowed_token_type": "SLACK_APP_TOKEN must be the token that begins with xapp-",
    "token_revoked": "make another app-level token and set SLACK_APP_TOKEN",
    "token_expired": "make another app-level token and set SLACK_APP_TOKEN",
    "missing_scope": "SLACK_APP_TOKEN lacks connections:write; make another app-level token",
}
"""The same of opening a connection, which goes by the app's own token."""

ABOUT_OUR_RIGHTS = {
    "missing_scope": "install the app again with the scopes that `frontline manifest` prints",
    "no_permission": "install the app again with the scopes that `frontline manifest` prints",
    "enterprise_is_restricted": "an owner of the organisation allows this method to the app",
    "method_deprecated": "this version of Frontline is too old for Slack; update it",
    "deprecated_endpoint": "this version of Frontline is too old for Slack; update it",
}
"""One method is refused to us, whatever the message; the others work."""

UNCERTAIN = frozenset({"internal_error", "fatal_error", "request_timeout"})
"""Something was perhaps done, as Slack's own documentation of these codes says."""

NO_JSON = "Received a response in a non-JSON format:"
"""What the client puts in place of a code, before the beginning of what came."""

SERVER_ERROR = 500
TOO_MANY = 429
NO_ANSWER = (URLError, HTTPException, TimeoutError, ConnectionError, UnicodeDecodeError)

ADVICE = {
    "not_in_channel": "invite the app to the channel",
    "channel_not_found": "check the channel's name in frontline.toml, and invite the app to it",
    "is_archived": "the channel is archived; choose another in frontline.toml",
}


def code_of(failure: SlackApiError) -> str:
    """Give Slack's error code; empty where the answer was no JSON."""
    try:
        return str(failure.response.get("error") or "")
    except (AttributeError, ValueError):
        return ""


@contextmanager
def translated(doing: str, *, by_app_token: bool = False) -> Iterator[None]:
    """Turn what the Web API client raises into the desk's errors; `doing` names the attempt.

    `by_app_token` says that it is the app's token that Slack looks at, not the bot's.
    """
    try:
        yield
    except SlackApiError as failure:
        raise _translate(failure, doing, by_app_token=by_app_token) from failure
    except (*NO_ANSWER, SlackClientError) as failure:
        raise UncertainDeliveryError(
            f"No answer from Slack while {doing} ({type(failure).__name__})."
        ) from failure


def _translate(
    failure: SlackApiError, doing: str, *, by_app_token: bool
) -> DeliveryError | RetryableDeliveryError:
    code = code_of(failure)
    status = int(getattr(failure.response, "status_code", 0) or 0)
    if status == TOO_MANY or code in LATER:
        return RetryableDeliveryError(f"Slack asks to wait while {doing}.", _retry_after(failure))
    if status >= SERVER_ERROR or code in UNCERTAIN:
        return UncertainDeliveryError(f"Slack failed while {doing} ({code or status}).")
    if code.startswith(NO_JSON):
        begins = code.removeprefix(NO_JSON).strip()
        if not begins or begins.startswith("{"):
            # It was done, as likely as not: the proxy lost the rest of what Slack said.
            return UncertainDeliveryError(f"Slack's answer was cut off while {doing}.")
        code = ""
    if not code or code in ABOUT_US or code in ABOUT_OUR_RIGHTS:
        return _shut_out(failure, code or str(status), doing, by_app_token=by_app_token)
    advice = f"; {ADVICE[code]}" if code in ADVICE else ""
    return DeliveryError(f"Slack refused while {doing}: {code}{advice}.")


def _shut_out(failure: SlackApiError, code: str, doing: str, *, by_app_token: bool) -> ShutOutError:
    """Tell that it is about us; without any code of Slack's, something in between refused."""
    advice = {**ABOUT_US, **ABOUT_OUR_RIGHTS}.get(
        code, "this was no answer of Slack's; look at the proxy and at SLACK_API_URL"
    )
    if by_app_token:
        advice = ABOUT_THE_APP_TOKEN.get(code, advice)
    needed = str(failure.response.get("needed") or "") if code == "missing_scope" else ""
    scope = f" ({needed})" if needed else ""
    return ShutOutError(
        f"Slack refuses Frontline while {doing}: {code}{scope}; {advice}.",
        whole=code not in ABOUT_OUR_RIGHTS,
        needed=needed or None,
    )


def _retry_after(failure: SlackApiError) -> float | None:
    headers = getattr(failure.response, "headers", None) or {}
    value = headers.get("Retry-After") or headers.get("retry-after")
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None
