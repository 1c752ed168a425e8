"""Labels and ratings in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Rating, TriageLabel
from bot.desk.privacy import NoScrubber
from bot.store.codec import moment, stamp
from bot.store.sealing import opened, seal
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber


class SqliteFeedback:
    """The tables of labels and ratings."""

    def __init__(self, database: Database, clock: Clock, scrubber: Scrubber | None = None) -> None:
        """Work on the open transaction of a database; secrets are not written down here."""
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()

    def label(
        self, ticket: TicketId, text: str, label: str, article: str | None, by: UserId
    ) -> None:
        """Write down what triage should have said; the same person's later word replaces it."""
        said = seal(self._scrubber.scrub(text).text)
        self._db.execute(
            "INSERT INTO labels (ticket, text, label, article, labelled_by, at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (ticket, labelled_by) DO UPDATE SET "
            "text = excluded.text, label = excluded.label, article = excluded.article, "
            "at = excluded.at",
            [
                ticket,
                said,
                label,
                article,
                by,
                stamp(self._clock()),
            ],
        )

    def labelled(self, ticket: TicketId, by: UserId) -> bool:
        """Tell whether somebody said before what triage should have said of a ticket."""
        query = "SELECT 1 FROM labels WHERE ticket = ? AND labelled_by = ?"
        return self._db.execute(query, [ticket, by]).fetchone() is not None

    def labels(self) -> tuple[TriageLabel, ...]:
        """Give all labels, oldest first; those of restricted tickets teach nobody."""
        rows = self._db.execute(
            "SELECT labels.* FROM labels JOIN tickets ON tickets.id = labels.ticket "
            f"WHERE tickets.{FOR_ALL} ORDER BY labels.at, labels.id"
        ).fetchall()
        return tuple(
            TriageLabel(
                ticket=TicketId(row["ticket"]),
                text=opened(row["text"]),
                label=row["label"],
                article=row["article"],
                by=UserId(row["labelled_by"]),
                at=moment(row["at"]),
            )
            for row in rows
        )

    def rate(self, ticket: TicketId, stars: int, by: UserId) -> None:
        """Write down a rating; a later one replaces it and keeps the remark."""
        self._db.execute(
            "INSERT INTO ratings (ticket, stars, rated_by, at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (ticket) DO UPDATE SET stars = excluded.stars, "
            "rated_by = excluded.rated_by, at = excluded.at",
            [ticket, stars, by, stamp(self._clock())],
        )

    def remark(self, ticket: TicketId, text: str) -> bool:
        """Add a remark to a rating; False where the ticket has none."""
        said = self._scrubber.scrub(text).text
        changed = self._db.execute("UPDATE ratings SET remark = ? WHERE ticket = ?", [said, ticket])
        return changed.rowcount > 0

    def rating(self, ticket: TicketId) -> Rating | None:
        """Find the rating of a ticket."""
        row = self._db.execute("SELECT * FROM ratings WHERE ticket = ?", [ticket]).fetchone()
        if row is None:
            return None
        by, at = UserId(row["rated_by"]), moment(row["at"])
        return Rating(TicketId(row["ticket"]), row["stars"], row["remark"], by, at)
