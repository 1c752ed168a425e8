"""What this machine serves over HTTP: the server, its paths, bounded bodies, health and metrics."""

from bot.web.bodies import Asgi, Receive, Scope, Send, answer, headers_of, whole
from bot.web.health import Check, Health
from bot.web.metrics import Gauge, Look, Metrics, Together
from bot.web.server import Paths, WebServer

__all__ = [
    "Asgi",
    "Check",
    "Gauge",
    "Health",
    "Look",
    "Metrics",
    "Paths",
    "Receive",
    "Scope",
    "Send",
    "Together",
    "WebServer",
    "answer",
    "headers_of",
    "whole",
]
