"""The append-only audit trail in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.privacy import NoScrubber
from bot.store.codec import stamp
from bot.store.sealing import OWN_WORDS, seal

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber


class SqliteAudit:
    """The audit table."""

    def __init__(self, database: Database, clock: Clock, scrubber: Scrubber | None = None) -> None:
        """Work on the open transaction of a database; secrets are not written down here."""
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()

    def note(self, ticket: TicketId, actor: UserId | None, what: str, details: str = "") -> None:
        """Add a line; None as actor is Frontline."""
        said = self._scrubber.scrub(details).text
        self._db.execute(
            "INSERT INTO audit (ticket, at, actor, what, details) VALUES (?, ?, ?, ?, ?)",
            [
                ticket,
                stamp(self._clock()),
                actor,
                what,
                said if what in OWN_WORDS else seal(said),
            ],
        )
