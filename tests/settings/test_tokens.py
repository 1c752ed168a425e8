"""Wrong tokens are told rightly, in one line that shows no letter of them."""

from __future__ import annotations

import logging
import subprocess
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

from bot.bootstrap.apart import bring_in_apart, learn_apart
from bot.desk.errors import ConfigurationError, ShutOutError
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.settings.tokens import token_and_secret, tokens
from bot.slack.app import HARMLESS
from bot.slack.errors import translated
from tests.slack.web_api import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

BOT, APP, USER = "xoxb-1-not-shown", "xapp-1-not-shown", "xoxp-1-not-shown"


@pytest.mark.parametrize(
    ("bot", "app", "says"),
    [
        (APP, BOT, "are they swapped"),
        (APP, APP, "SLACK_BOT_TOKEN holds an app-level token"),
        (USER, APP, "SLACK_BOT_TOKEN holds a user token"),
        (BOT, BOT, "SLACK_APP_TOKEN holds no app-level token"),
        (BOT, USER, "SLACK_APP_TOKEN holds no app-level token"),
        (APP, "xoxe.xoxb-1-not-shown", "are they swapped"),
        ("", APP, "SLACK_BOT_TOKEN not set"),
    ],
)
def test_a_wrong_token_is_named(bot: str, app: str, says: str) -> None:
    """Which one it is, what it is instead, and where the right one is found."""
    secrets = Secrets(slack_bot_token=SecretStr(bot), slack_app_token=SecretStr(app))
    with pytest.raises(ConfigurationError, match=says) as refused:
        tokens(Settings(FileSettings(), secrets))
    assert "not-shown" not in str(refused.value)


@pytest.mark.parametrize(
    ("bot", "secret", "says"),
    [
        (BOT, "", "SLACK_SIGNING_SECRET not set"),
        ("", "", "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET not set"),
        (BOT, APP, "SLACK_SIGNING_SECRET holds a token"),
        (USER, "not-shown", "SLACK_BOT_TOKEN holds a user token"),
        (APP, "not-shown", "SLACK_BOT_TOKEN holds an app-level token"),
    ],
)
def test_what_requests_need_is_named(bot: str, secret: str, says: str) -> None:
    """The app's token is not asked for: nothing is opened."""
    secrets = Secrets(slack_bot_token=SecretStr(bot), slack_signing_secret=SecretStr(secret))
    with pytest.raises(ConfigurationError, match=says) as refused:
        token_and_secret(Settings(FileSettings(), secrets))
    assert "not-shown" not in str(refused.value)
    assert "SLACK_APP_TOKEN" not in str(refused.value)


@pytest.mark.parametrize(
    "code",
    ["invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "token_expired"],
)
def test_a_refused_app_token_is_not_called_the_bots(code: str) -> None:
    """Whoever reads it mends the right one."""
    with pytest.raises(ShutOutError) as refused, translated("connecting", by_app_token=True):
        raise refusal(code)
    assert "SLACK_APP_TOKEN" in str(refused.value)
    assert "SLACK_BOT_TOKEN" not in str(refused.value)


def test_a_start_does_not_warn_of_the_token_that_it_was_given() -> None:
    """Everything else that Bolt says is kept."""

    def kept(text: str) -> object:
        return HARMLESS.filter(logging.LogRecord("slack_bolt", 30, "", 1, text, None, None))

    assert not kept(warning_client_prioritized_and_token_skipped())
    assert kept("something else about the `token`")


@pytest.mark.parametrize("begin", [learn_apart, lambda given: bring_in_apart(given, ["wiki"])])
def test_no_child_is_given_what_opens_slack(
    begin: Callable[[Settings], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither tokens nor the signing secret; what a source needs stays for the one that asks it."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "not-shown")
    given: dict[str, str] = {}
    monkeypatch.setattr(subprocess, "Popen", lambda *_, env, **__: given.update(env))
    begin(Settings(FileSettings(), Secrets()))
    assert given
    assert "not-shown" not in given.values()
