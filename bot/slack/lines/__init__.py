"""The lines over which Slack delivers: Socket Mode, which we open, and HTTP, which Slack does."""

from bot.slack.lines.http import SlackRequests, WebLine
from bot.slack.lines.shared import Doors, Entrance, SharedLine
from bot.slack.lines.socket import GuardedHandler, SocketLine, socket_handler

__all__ = [
    "Doors",
    "Entrance",
    "GuardedHandler",
    "SharedLine",
    "SlackRequests",
    "SocketLine",
    "WebLine",
    "socket_handler",
]
