"""The one place where things are built and wired."""

from bot.bootstrap.deciding import build_encoder, build_knowledge, build_policy, build_triager
from bot.bootstrap.parts import Waiting
from bot.bootstrap.renewing import Renewal
from bot.bootstrap.running import Application, means_of, start, start_with

__all__ = [
    "Application",
    "Renewal",
    "Waiting",
    "build_encoder",
    "build_knowledge",
    "build_policy",
    "build_triager",
    "means_of",
    "start",
    "start_with",
]
