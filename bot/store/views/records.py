"""Tickets for the command line: lists, and everything on record about one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import TicketId, UserId
from bot.desk.learning import TriageLabel
from bot.desk.tickets import ANYBODY, EscalationState
from bot.desk.tiers import Tier
from bot.desk.views import AuditLine, Passage, Said, TicketRecord
from bot.store.codec import load_strings, moment, stamp
from bot.store.sealing import opened
from bot.store.tickets.seeing import FOR_ALL
from bot.store.views.readings import SqliteReadings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from bot.desk.tickets import Viewer
    from bot.desk.views import TicketSummary, Wanted

PAGE = 500
UNSETTLED = ("open", "answered", "escalated")


class SqliteRecords:
    """The tickets on record, over one connection that sees one instant."""

    def __init__(self, database: Database, viewer: Viewer = ANYBODY) -> None:
        """Read, for somebody, from a database whose transaction has begun."""
        self._db = database
        self._readings = SqliteReadings(database, viewer)

    def listed(self, wanted: Wanted) -> tuple[TicketSummary, ...]:
        """Give the tickets that are wanted, the newest first."""
        states = [state.value for state in wanted.states] or list(UNSETTLED)
        where = [f"state IN ({', '.join('?' * len(states))})"]
        values: list[str | int] = [*states]
        if wanted.requester is not None:
            where.append("requester = ?")
            values.append(wanted.requester)
        if wanted.since is not None:
            where.append("opened_at >= ?")
            values.append(stamp(wanted.since))
        if wanted.tier is not None:
            where.append("(SELECT tier FROM escalations WHERE ticket = tickets.id "
                         "ORDER BY id DESC LIMIT 1) = ?")  # fmt: skip
            values.append(wanted.tier.value)
        rows = self._db.execute(
            f"SELECT id FROM tickets WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
            [*values, wanted.limit],
        ).fetchall()
        return self._readings.summaries([row["id"] for row in rows])

    def all(self) -> Iterator[TicketRecord]:
        """Give every ticket with everything on record, the oldest first, page by page."""
        last = 0
        while True:
            rows = self._db.execute(
                "SELECT id FROM tickets WHERE id > ? ORDER BY id LIMIT ?", [last, PAGE]
            ).fetchall()
            if not rows:
                return
            last = rows[-1]["id"]
            for summary in self._readings.summaries([row["id"] for row in rows]):
                yield self._record(summary)

    def restricted(self) -> int:
        """Count the tickets that lists and exports leave out."""
        query = "SELECT count(*) FROM tickets WHERE restricted_to IS NOT NULL"
        return int(self._db.execute(query).fetchone()[0])

    def record(self, ticket: TicketId) -> TicketRecord | None:
        """Give everything on record about a ticket."""
        summary = self._readings.summary(ticket)
        return self._record(summary) if summary is not None else None

    def labels(self, *, direct: bool = True) -> Iterator[TriageLabel]:
        """Give what engineers said triage should have said, oldest first.

        Without `direct`, those of direct messages are left out: what is learned may be quoted.
        """
        for row in self._db.execute(
            "SELECT labels.* FROM labels JOIN tickets ON tickets.id = labels.ticket "
            "WHERE (? OR substr(tickets.channel, 1, 1) <> 'D') "
            f"AND text <> '' AND tickets.{FOR_ALL} ORDER BY at, labels.id",
            [direct],
        ):
            yield TriageLabel(
                TicketId(row["ticket"]),
                opened(row["text"]),
                row["label"],
                row["article"],
                UserId(row["labelled_by"]),
                moment(row["at"]),
            )

    def _record(self, summary: TicketSummary) -> TicketRecord:
        rated = self._db.execute(
            "SELECT stars, remark FROM ratings WHERE ticket = ?", [summary.id]
        ).fetchone()
        return TicketRecord(
            summary,
            self._conversation(summary.id),
            self._passages(summary.id),
            self._audit(summary.id),
            rated["stars"] if rated else None,
            rated["remark"] if rated else "",
        )

    def _conversation(self, ticket: TicketId) -> tuple[Said, ...]:
        rows = self._db.execute(
            "SELECT at, author, opened(text) AS text, deleted FROM conversation "
            "WHERE ticket = ? ORDER BY id",
            [ticket],
        ).fetchall()
        return tuple(
            Said(moment(row["at"]), _user(row["author"]), row["text"], bool(row["deleted"]))
            for row in rows
        )

    def _passages(self, ticket: TicketId) -> tuple[Passage, ...]:
        rows = self._db.execute(
            "SELECT * FROM escalations WHERE ticket = ? ORDER BY id", [ticket]
        ).fetchall()
        return tuple(
            Passage(
                Tier(row["tier"]),
                row["group_name"],
                EscalationState(row["state"]),
                moment(row["opened_at"]),
                moment(row["updated_at"]),
                _user(row["assignee"]),
                load_strings(row["reasons"]),
                row["findings"],
                row["cause"] or "",
                row["fix"] or "",
                row["prevention"],
                Tier(row["right_tier"]) if row["right_tier"] else None,
                bool(row["article_wanted"]),
                row["article_words"],
            )
            for row in rows
        )

    def _audit(self, ticket: TicketId) -> tuple[AuditLine, ...]:
        rows = self._db.execute(
            "SELECT at, actor, what, details FROM audit WHERE ticket = ? ORDER BY id", [ticket]
        ).fetchall()
        return tuple(
            AuditLine(moment(row["at"]), _user(row["actor"]), row["what"], row["details"])
            for row in rows
        )


def _user(value: str | None) -> UserId | None:
    return UserId(value) if value else None
