"""What settled tickets teach, read ticket by ticket from what is on record of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bot.desk.deciding import KNOWLEDGE_GAP
from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Ending, Facts, Looked, TriageLabel, Written, outcomes_of
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier
from bot.store.codec import load_strings, moment
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from bot.desk.learning import Outcome

PAGE = 500
TEACHES = "state IN ('resolved', 'closed') OR reopened > 0 OR articles_failed <> '[]'"
"""Tickets of which something is known; the others are still under way."""


class SqliteOutcomes:
    """The facts on record, over one connection that sees one instant.

    What is restricted or confidential teaches nobody. Nothing is stored of them: what is
    corrected, deleted or forgotten is so here at once.
    """

    def __init__(self, database: Database) -> None:
        """Read from a database whose transaction has begun."""
        self._db = database

    def by_ticket(self, *, direct: bool = False, after: int = 0) -> Iterator[tuple[Outcome, ...]]:
        """Give the facts of each ticket that teaches something, the oldest ticket first.

        `after` leaves out what is as old as that ticket.

        Without `direct`, what was asked in direct messages is left out: what is learned may be
        quoted.
        """
        last = after
        while True:
            rows = self._db.execute(
                "SELECT *, question AS asked FROM tickets WHERE id > ? AND "
                f"{FOR_ALL} AND matter IS NOT 'confidential' "
                "AND (? OR substr(channel, 1, 1) <> 'D') "
                "AND question NOT IN ('', '(expired)', '(deleted)', '(forgotten)') "
                f"AND ({TEACHES} OR id IN (SELECT ticket FROM labels) "
                "OR id IN (SELECT ticket FROM looked_over WHERE is_right IS NOT NULL)) "
                "ORDER BY id LIMIT ?",
                [last, direct, PAGE],
            ).fetchall()
            if not rows:
                return
            last = rows[-1]["id"]
            for facts in self._facts(rows):
                found = outcomes_of(facts)
                if found:
                    yield found

    def _facts(self, rows: Sequence[Any]) -> Iterator[Facts]:
        first, last = rows[0]["id"], rows[-1]["id"]
        endings, labels, stars, looked, written = (
            self._endings(first, last),
            self._labels(first, last),
            self._stars(first, last),
            self._looked(first, last),
            self._written(first, last),
        )
        for row in rows:
            number = row["id"]
            yield Facts(
                TicketId(number),
                row["asked"],
                UserId(row["requester"]),
                moment(row["updated_at"]),
                Resolution(row["resolution"]) if row["resolution"] else None,
                load_strings(row["articles_shown"]),
                load_strings(row["articles_failed"]),
                row["reopened"],
                tuple(endings[number]),
                tuple(labels[number]),
                stars.get(number),
                tuple(looked[number]),
                tuple(written[number]),
            )

    def _endings(self, first: int, last: int) -> dict[int, list[Ending]]:
        found: dict[int, list[Ending]] = defaultdict(list)
        for row in self._db.execute(
            "SELECT * FROM escalations WHERE ticket BETWEEN ? AND ? AND settled_by IS NOT NULL "
            "ORDER BY id",
            [first, last],
        ):
            right = Tier(row["right_tier"]) if row["right_tier"] else None
            found[row["ticket"]].append(
                Ending(
                    Tier(row["tier"]),
                    UserId(row["settled_by"]),
                    row["cause"] or "",
                    row["fix"] or "",
                    right,
                    moment(row["updated_at"]),
                    any(each.startswith(KNOWLEDGE_GAP) for each in load_strings(row["reasons"])),
                    bool(row["article_wanted"]),
                )
            )
        return found

    def _labels(self, first: int, last: int) -> dict[int, list[TriageLabel]]:
        found: dict[int, list[TriageLabel]] = defaultdict(list)
        for row in self._db.execute(
            "SELECT * FROM labels WHERE ticket BETWEEN ? AND ? AND text <> '' ORDER BY at, id",
            [first, last],
        ):
            found[row["ticket"]].append(
                TriageLabel(
                    TicketId(row["ticket"]),
                    row["text"],
                    row["label"],
                    row["article"],
                    UserId(row["labelled_by"]),
                    moment(row["at"]),
                )
            )
        return found

    def _looked(self, first: int, last: int) -> dict[int, list[Looked]]:
        found: dict[int, list[Looked]] = defaultdict(list)
        for row in self._db.execute(
            "SELECT * FROM looked_over WHERE ticket BETWEEN ? AND ? AND is_right IS NOT NULL",
            [first, last],
        ):
            look = Looked(
                row["article"],
                bool(row["is_right"]),
                UserId(row["looked_by"]),
                moment(row["at"]),
            )
            found[row["ticket"]].append(look)
        return found

    def _written(self, first: int, last: int) -> dict[int, list[Written]]:
        found: dict[int, list[Written]] = defaultdict(list)
        for row in self._db.execute(
            "SELECT CAST(of.value AS INTEGER) AS source, d.article, d.decided_by, d.updated_at "
            "FROM drafts d, json_each(d.sources) of WHERE d.state IN ('published', 'merged') "
            "AND d.decided_by IS NOT NULL AND CAST(of.value AS INTEGER) BETWEEN ? AND ? "
            "ORDER BY d.id",
            [first, last],
        ):
            page = Written(row["article"], UserId(row["decided_by"]), moment(row["updated_at"]))
            found[row["source"]].append(page)
        return found

    def _stars(self, first: int, last: int) -> dict[int, int]:
        rows = self._db.execute(
            "SELECT ticket, stars FROM ratings WHERE ticket BETWEEN ? AND ?", [first, last]
        )
        return {row["ticket"]: row["stars"] for row in rows}
