"""A Slack workspace on this machine: Web API, Socket Mode, Events API and a page in the browser."""

from bot.playground.person import Person
from bot.playground.server import Playground
from bot.playground.state.seed import Seed

__all__ = ["Person", "Playground", "Seed"]
