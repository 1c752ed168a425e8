"""Answers that engineers look over, in SQLite."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from bot.desk.deciding import Odds, Seen
from bot.desk.learning import Precision, Share, came_of
from bot.store.codec import stamp
from bot.store.learning.outcomes import SqliteOutcomes
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

    def weighed(self, ticket: TicketId, odds: Odds) -> None:
        """Write down what the gate gave a message."""
        self._db.execute(
            "INSERT INTO odds (ticket, article, best, articles, no_article, person, gate, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (ticket) DO NOTHING",
            [ticket, *astuple(odds), stamp(self._clock())],
        )

    def seen(self, since: datetime, gate: str) -> tuple[Seen, ...]:
        """Give what a gate gave since then, beside what came of it, the oldest first."""
        rows = self._db.execute(
            "SELECT * FROM odds WHERE at >= ? AND gate = ? ORDER BY ticket", [stamp(since), gate]
        ).fetchall()
        if not rows:
            return ()
        known = {
            row["ticket"]: Odds(
                row["article"], row["best"], row["articles"], row["no_article"], row["person"], gate
            )
            for row in rows
        }
        found = []
        for outcomes in SqliteOutcomes(self._db).by_ticket(direct=True, after=min(known) - 1):
            odds = known.get(outcomes[0].ticket)
            came = came_of(outcomes, odds.article) if odds is not None else None
            asker = outcomes[0].asker
            if odds is not None and came is not None and asker is not None:
                found.append(Seen(odds, came, asker))
        return tuple(found)

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
