"""The two tokens, from the environment: there, and each what its name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.settings.settings import Settings


def tokens(settings: Settings) -> tuple[str, str]:
    """Give the bot's and the app's token.

    Raises:
        ConfigurationError: one is missing; the message says which, and how to get it.
    """
    bot, app = settings.secrets.slack_bot_token, settings.secrets.slack_app_token
    missing = [
        name
        for name, token in (("SLACK_BOT_TOKEN", bot), ("SLACK_APP_TOKEN", app))
        if token is None or not token.get_secret_value()
    ]
    if bot is None or app is None or missing:
        raise ConfigurationError(
            f"{' and '.join(missing)} not set: `frontline serve` needs a Slack app.\n"
            "Create one from `frontline manifest` at Slack's app page, set both tokens in the "
            "environment, then run `frontline doctor`; or try `frontline demo`, which needs none."
        )
    return _checked(bot.get_secret_value(), app.get_secret_value())


def _checked(bot: str, app: str) -> tuple[str, str]:
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
    if app.startswith(("xox", "xoxe.")):
        raise ConfigurationError(
            "SLACK_APP_TOKEN holds no app-level token; it begins with xapp- and has the scope "
            "connections:write (Basic Information of the app)."
        )
    return bot, app
