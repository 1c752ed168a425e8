"""Tokens and secrets, from the environment: there, and each what its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

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
