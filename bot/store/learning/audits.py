"""Answers that engineers look over, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.learning import Precision, Share
from bot.store.codec import load_strings, stamp
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.time import Clock


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
        right, looked = self._db.execute(
            "SELECT coalesce(sum(is_right), 0), count(is_right) FROM looked_over "
            "WHERE asked_at >= ?",
            [stamp(since)],
        ).fetchone()
        confirmed = failed = silent = 0
        for row in self._db.execute(
            "SELECT articles_shown, articles_failed, resolution FROM tickets "
            f"WHERE opened_at >= ? AND articles_shown <> '[]' AND {FOR_ALL}",
            [stamp(since)],
        ):
            failures = load_strings(row["articles_failed"])
            failed += len(failures)
            standing = set(load_strings(row["articles_shown"])) - set(failures)
            confirmed += bool(standing) and row["resolution"] == "by article"
            silent += bool(standing) and row["resolution"] == "no reply"
        return Precision(Share(right, looked), Share(confirmed, confirmed + failed), silent)
