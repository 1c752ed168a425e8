"""What is other where several processes serve one desk: it is on a server, and they share it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.bootstrap.carrying import ModelCarrier
from bot.bootstrap.lessons import versions_of
from bot.store.database import borrowed, server_of
from bot.store.holding import Holding
from bot.store.serving.model import SharedModel
from bot.worker import ArticleKeeper, Clocks
from bot.worker.pacing import Pacer

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ports.time import Clock
    from bot.settings.settings import Settings
    from bot.store.postgresql.replica import Replica
    from kb.searching.base import KnowledgeBase

    Serving = Holding | Replica


def serving(path: Path, clock: Clock) -> Serving:
    """Give what makes this process one that serves; nothing is taken yet."""
    server = server_of(path)
    if server is None:
        return Holding(path, clock)
    from bot.store.postgresql.replica import Replica

    return Replica(server)


def clocks_of(settings: Settings) -> Clocks:
    """Give this machine's clocks, or where several machines serve, that of their server."""
    server = server_of(settings.db)
    return Clocks() if server is None else Clocks(server.clock)


def pacer_of(settings: Settings) -> Pacer:
    """Give Slack's pace, which replicas keep together."""
    if server_of(settings.db) is None:
        return Pacer()
    from bot.store.postgresql.paces import SharedPaces

    return Pacer(paces=SharedPaces(partial(borrowed, settings.db)))


def article_keeper(settings: Settings, base: KnowledgeBase) -> ArticleKeeper | None:
    """Start what takes up articles that other machines wrote, and what they learned."""
    if server_of(settings.db) is None:
        return None
    carrier = ModelCarrier(versions_of(settings), SharedModel(settings.db))
    keeper = ArticleKeeper(base.catch_up, carrier.step)
    keeper.start()
    return keeper
