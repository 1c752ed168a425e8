"""Slack's errors: what can be tried again, what cannot, what is uncertain."""

from __future__ import annotations

from http.client import IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web import SlackResponse
from slack_sdk.web.internal_utils import _build_unexpected_body_error_message

from bot.desk.errors import (
    DeliveryError,
    RetryableDeliveryError,
    ShutOutError,
    UncertainDeliveryError,
)
from bot.slack.errors import translated


def refusal(
    code: str, status: int = 200, headers: dict[str, Any] | None = None, data: object = None
) -> SlackApiError:
    """Build what the Web API client raises."""
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": code} if data is None else data,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("The request to the Slack API failed.", response)


def without_json(body: str, status: int = 200) -> SlackApiError:
    """Build what the client raises for an answer that is no JSON, or only its beginning."""
    message = _build_unexpected_body_error_message(body)
    return refusal(message, status)


def outcome(failure: Exception) -> Exception:
    """Translate a failure."""
    with pytest.raises((DeliveryError, RetryableDeliveryError)) as caught, translated("testing"):
        raise failure
    return caught.value


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (refusal("ratelimited", 429), RetryableDeliveryError),
        (refusal("", 429, data={}), RetryableDeliveryError),
        (refusal("ratelimited"), RetryableDeliveryError),
        (refusal("service_unavailable", 503), RetryableDeliveryError),
        (refusal("internal_error"), UncertainDeliveryError),
        (refusal("fatal_error", 500), UncertainDeliveryError),
        (refusal("request_timeout"), UncertainDeliveryError),
        (refusal("", 502, data="<html>Bad gateway</html>"), UncertainDeliveryError),
        (URLError("connection refused"), UncertainDeliveryError),
        (TimeoutError(), UncertainDeliveryError),
        (ConnectionResetError(), UncertainDeliveryError),
        (RemoteDisconnected(), UncertainDeliveryError),
        (IncompleteRead(b""), UncertainDeliveryError),
        (SlackRequestError("broken"), UncertainDeliveryError),
        (refusal("channel_not_found"), DeliveryError),
        (refusal("not_in_channel"), DeliveryError),
        (refusal("is_archived"), DeliveryError),
        (refusal("invalid_auth"), ShutOutError),
        (refusal("missing_scope"), ShutOutError),
        (refusal("token_revoked"), ShutOutError),
        (refusal("token_expired"), ShutOutError),
        (refusal("account_inactive"), ShutOutError),
        (refusal("not_authed"), ShutOutError),
        (refusal("team_access_not_granted"), ShutOutError),
        (refusal("org_login_required"), ShutOutError),
        (refusal("ekm_access_denied"), ShutOutError),
        (refusal("team_added_to_org"), ShutOutError),
        (refusal("msg_too_long"), DeliveryError),
        (refusal("a_code_of_2027"), DeliveryError),
        (refusal("", 403, data="<html>proxy</html>"), ShutOutError),
        (without_json('{"ok": true, "channel": "C0'), UncertainDeliveryError),
        (without_json(""), UncertainDeliveryError),
        (without_json('{"ok'), UncertainDeliveryError),
        (without_json("<html>Please sign in to the network</html>"), ShutOutError),
        (without_json("upstream connect error"), ShutOutError),
        (without_json('{"ok": true', 500), UncertainDeliveryError),
        (UnicodeDecodeError("utf-8", b"\xe2", 0, 1, "cut"), UncertainDeliveryError),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_each_failure_has_its_meaning(failure: Exception, kind: type[Exception]) -> None:
    """Exactly that kind: an uncertain failure is looked into, a plain one is not."""
    assert type(outcome(failure)) is kind


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "7"}, 7.0),
        ({}, None),
        ({"Retry-After": "soon"}, None),
    ],
)
def test_slacks_wish_for_a_pause_is_passed_on(
    headers: dict[str, Any], seconds: float | None
) -> None:
    """Where it gives one that can be read."""
    translated_failure = outcome(refusal("ratelimited", 429, headers))
    assert isinstance(translated_failure, RetryableDeliveryError)
    assert translated_failure.retry_after == seconds


def test_a_refusal_says_what_was_tried_and_what_to_do() -> None:
    """The admin reads it in the doctor's report."""
    told = str(outcome(refusal("not_in_channel")))
    assert "testing" in told
    assert "not_in_channel" in told
    assert "invite the app" in told


@pytest.mark.parametrize(
    ("code", "whole"),
    [("invalid_auth", True), ("team_added_to_org", True), ("missing_scope", False)],
)
def test_what_is_about_us_says_how_far_it_reaches(code: str, whole: bool) -> None:
    """A scope that is missing stops what needs it; a token that is refused stops all."""
    failure = outcome(refusal(code))
    assert isinstance(failure, ShutOutError)
    assert failure.whole is whole


def test_a_missing_scope_is_named() -> None:
    """The admin reads which, and the probe looks for it."""
    data = {"ok": False, "error": "missing_scope", "needed": "reactions:write"}
    failure = outcome(refusal("missing_scope", data=data))
    assert isinstance(failure, ShutOutError)
    assert failure.needed == "reactions:write"
    assert "reactions:write" in str(failure)


def test_other_failures_are_left_as_they_are() -> None:
    """A defect of ours is not blamed on Slack."""
    with pytest.raises(KeyError), translated("testing"):
        raise KeyError
