"""How a process comes to serve a desk: alone on its file, or beside others on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.database import server_of
from bot.store.holding import Holding

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ports.time import Clock
    from bot.store.postgresql.replica import Replica

    Serving = Holding | Replica


def serving(path: Path, clock: Clock) -> Serving:
    """Give what makes this process one that serves; nothing is taken yet."""
    server = server_of(path)
    if server is None:
        return Holding(path, clock)
    from bot.store.postgresql.replica import Replica  # noqa: PLC0415 - where its library is

    return Replica(server)
