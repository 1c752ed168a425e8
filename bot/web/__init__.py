"""What this machine serves over HTTP: the server, its paths, bounded bodies, and its health."""

from bot.web.bodies import Asgi, Receive, Scope, Send, answer, headers_of, whole
from bot.web.health import Check, Health
from bot.web.server import Paths, WebServer

__all__ = [
    "Asgi",
    "Check",
    "Health",
    "Paths",
    "Receive",
    "Scope",
    "Send",
    "WebServer",
    "answer",
    "headers_of",
    "whole",
]
