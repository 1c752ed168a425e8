"""Dead letters: what was set aside, why, and what an admin does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.codec import stamp

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.store.outbox.rows import OutboxRow


class DeadLetters:
    """Giving up on a notice, inside the unit of work that does something else instead."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def bury(self, row: OutboxRow, error: str) -> None:
        """Give up on a notice; `frontline outbox list` shows it."""
        self._db.execute(
            "UPDATE outbox SET state = 'dead', error = ?, set_aside_at = ? WHERE id = ?",
            [error, stamp(self._clock()), row.id],
        )
