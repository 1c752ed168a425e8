"""Answers that engineers look over, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.learning import Precision, Share
from bot.store.codec import stamp
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.time import Clock

STANDING = (
    "(articles_failed = '[]' OR EXISTS (SELECT 1 FROM json_each(articles_shown) "
    "WHERE value NOT IN (SELECT value FROM json_each(articles_failed))))"
)
"""Of what was shown something did not fail."""
SAID = f"""
SELECT coalesce(sum(iif(articles_failed = '[]', 0, json_array_length(articles_failed))), 0),
    coalesce(sum(resolution = 'by article' AND {STANDING}), 0),
    coalesce(sum(resolution = 'no reply' AND {STANDING}), 0)
FROM tickets WHERE opened_at >= ? AND articles_shown <> '[]' AND {FOR_ALL}
"""
"""How many answers failed, were confirmed, or had no word; SQLite counts, for there are many."""


class SqliteAudits:
    """The looked_over table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def ask(self, ticket: TicketId, article: str) -> None:
        """Write down that an answer is to be looked over."""
        self._db.execute(
            "INSERT INTO looked_over (ticket, article, asked_at) VALUES (?, ?, ?) "
            "ON CONFLICT (ticket, article) DO NOTHING",
            [ticket, article, stamp(self._clock())],
        )

    def say(self, ticket: TicketId, article: str, by: UserId, *, right: bool) -> None:
        """Write down what an engineer said of an answer; a later word replaces it."""
        self._db.execute(
            "UPDATE looked_over SET is_right = ?, looked_by = ?, at = ? "
            "WHERE ticket = ? AND article = ?",
            [int(right), by, stamp(self._clock()), ticket, article],
        )

    def answered(self, ticket: TicketId, article: str, chance: float) -> None:
        """Write down how sure the gate was of an automatic answer."""
        self._db.execute(
            "INSERT INTO chances (ticket, article, chance, at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (ticket, article) DO NOTHING",
            [ticket, article, chance, stamp(self._clock())],
        )

    def precision(self, since: datetime) -> Precision:
        """Tell how often answers since then were right."""
        failed, confirmed, silent = self._db.execute(SAID, [stamp(since)]).fetchone()
        said = Share(confirmed, confirmed + failed)
        return Precision(self.looked_over(since), said, silent)

    def looked_over(self, since: datetime) -> Share:
        """Tell how many answers since then engineers found right, of those they looked over."""
        visible = f"ticket IN (SELECT id FROM tickets WHERE id = ticket AND {FOR_ALL})"
        right, looked = self._db.execute(
            "SELECT coalesce(sum(is_right), 0), count(is_right) FROM looked_over "
            f"WHERE asked_at >= ? AND {visible}",
            [stamp(since)],
        ).fetchone()
        return Share(right, looked)
