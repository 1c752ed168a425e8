"""Installing the app: Bolt's OAuth flow, tokens that rotate, the installer's welcome."""

from bot.slack.installing.credentials import AppCredentials
from bot.slack.installing.flow import INSTALL_PATH, REDIRECT_PATH, Installing
from bot.slack.installing.rotating import is_due, is_refused, revoke, rotate
from bot.slack.installing.welcoming import welcome

__all__ = [
    "INSTALL_PATH",
    "REDIRECT_PATH",
    "AppCredentials",
    "Installing",
    "is_due",
    "is_refused",
    "revoke",
    "rotate",
    "welcome",
]
