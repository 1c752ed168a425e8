"""Tokens and secrets, from the environment: there, and each what its name says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.desk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings.settings import Settings


def tokens(settings: Settings) -> tuple[str, str]:
    """Give the bot's and the app's token.

    Raises:
        ConfigurationError: one is missing; the message says which, and how to get it.
    """
    secrets = settings.secrets
    given = {"SLACK_BOT_TOKEN": secrets.slack_bot_token, "SLACK_APP_TOKEN": secrets.slack_app_token}
    bot, app = _all_of(given, "`frontline serve` needs a Slack app.", "both tokens")
    _check_bot(bot, app)
    if app.startswith(("xox", "xoxe.")):
        raise ConfigurationError(
            "SLACK_APP_TOKEN holds no app-level token; it begins with xapp- and has the scope "
            "connections:write (Basic Information of the app)."
        )
    return bot, app


def token_and_secret(settings: Settings) -> tuple[str, str]:
    """Give the bot's token and the secret that Slack signs its requests with.

    Raises:
        ConfigurationError: one is missing; the message says which, and how to get it.
    """
    secrets = settings.secrets
    given = {
        "SLACK_BOT_TOKEN": secrets.slack_bot_token,
        "SLACK_SIGNING_SECRET": secrets.slack_signing_secret,
    }
    why = "`frontline serve --http` needs a Slack app whose requests go to this machine."
    bot, secret = _all_of(given, why, "both")
    _check_bot(bot)
    if secret.startswith(("xox", "xapp-")):
        raise ConfigurationError(
            "SLACK_SIGNING_SECRET holds a token; the signing secret stands in the app's Basic "
            "Information."
        )
    return bot, secret


@dataclass(frozen=True)
class AppSecrets:
    """What several workspaces have in common: the app, and what their tokens are sealed with."""

    client_id: str
    client_secret: str = field(repr=False)
    signing_secret: str = field(repr=False)
    tokens_key: str = field(repr=False)


def app_secrets(settings: Settings) -> AppSecrets:
    """Give what a process needs that serves several workspaces.

    Raises:
        ConfigurationError: something is missing; the message says what.
    """
    secrets = settings.secrets
    client_id = SecretStr(secrets.slack_client_id) if secrets.slack_client_id else None
    given = {
        "SLACK_CLIENT_ID": client_id,
        "SLACK_CLIENT_SECRET": secrets.slack_client_secret,
        "SLACK_SIGNING_SECRET": secrets.slack_signing_secret,
        "FRONTLINE_TOKENS_KEY": secrets.frontline_tokens_key,
    }
    plain = {name: secret.get_secret_value() if secret else "" for name, secret in given.items()}
    missing = [name for name, value in plain.items() if not value]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} not set: [workspaces] serves a Slack app that several "
            "workspaces install. The first three stand in the app's Basic Information; the key "
            "seals their tokens: docs/how-to/workspaces.md says how to make one."
        )
    return AppSecrets(*plain.values())


def tokens_key(settings: Settings) -> str:
    """Give what the tokens of several workspaces are sealed with.

    Raises:
        ConfigurationError: it is not set.
    """
    key = settings.secrets.frontline_tokens_key
    if key is None or not key.get_secret_value():
        raise ConfigurationError(
            "FRONTLINE_TOKENS_KEY not set: the tokens of the workspaces are sealed with it."
        )
    return key.get_secret_value()


def _all_of(given: Mapping[str, SecretStr | None], why: str, what: str) -> list[str]:
    plain = {name: secret.get_secret_value() if secret else "" for name, secret in given.items()}
    missing = [name for name, value in plain.items() if not value]
    if missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} not set: {why}\n"
            f"Create one from `frontline manifest` at Slack's app page, set {what} in the "
            "environment, then run `frontline doctor`; or try `frontline demo`, which needs none."
        )
    return list(plain.values())


def _check_bot(bot: str, app: str = "") -> None:
    """Refuse tokens that are surely others than their names say; of no token is a letter shown."""
    is_app, is_bot = bot.startswith("xapp-"), app.startswith(("xoxb-", "xoxe.xoxb-"))
    if is_app and is_bot:
        raise ConfigurationError(
            "SLACK_BOT_TOKEN begins with xoxb-, SLACK_APP_TOKEN with xapp-; are they swapped? "
            "Exchange them."
        )
    if is_app or bot.startswith(("xoxp-", "xoxe.xoxp-")):
        raise ConfigurationError(
            f"SLACK_BOT_TOKEN holds {'an app-level' if is_app else 'a user'} token; it has to be "
            "the bot token, which begins with xoxb- (OAuth & Permissions of the app)."
        )
