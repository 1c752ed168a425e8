"""Where many wait, each conversation gets a sign that it was heard: cheap, and once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.service.asking.hearing import HEARD, where_heard

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.addresses import Destination
    from bot.desk.commands import Command
    from bot.service.context import Desk
    from bot.store.inbox import InboxRow
    from bot.store.unit_of_work import Store

log = structlog.get_logger(__name__)

LONG = timedelta(seconds=1)
"""What waits so long was not answered at once."""

MANY = 20
"""So many have to wait, or the answer is there before the sign."""


class Hearing:
    """Looks once a second whether the queue is long, and says so where people wait."""

    def __init__(
        self, store: Store, desk: Desk, parse: Callable[[dict[str, Any]], Command | None]
    ) -> None:
        """Join the store, the use cases and the reading of payloads."""
        self._store = store
        self._desk = desk
        self._parse = parse
        self._seen = 0
        self._told: set[Destination] = set()

    def step(self) -> bool:
        """Look; True where more waits than was looked at."""
        waiting, rows = self._store.inbox.unheard(self._store.steady() - LONG, self._seen)
        if waiting < MANY:
            if not waiting:
                self._told.clear()
            return False
        if not rows:
            return False
        fresh = dict.fromkeys(to for row in rows if (to := self._where(row)) is not None)
        untold = [to for to in fresh if to not in self._told]
        if untold:
            with self._store.unit_of_work() as uow:
                for to in untold:
                    uow.outbox.put(HEARD, to)
            self._told.update(untold)
        self._seen = rows[-1].id
        return True

    def next_due(self) -> str | None:
        """Nothing falls due: it looks again in a second."""
        return None

    def _where(self, row: InboxRow) -> Destination | None:
        try:
            return where_heard(self._parse(row.payload), self._desk)
        except Exception as failure:  # noqa: BLE001 - whoever handles the row says what is wrong
            log.info("not_heard", row=row.id, why=type(failure).__name__)
            return None
