"""What people see where they look, read from SQLite at one instant; each query has its index."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.desk.promises import Promise
from bot.desk.tickets import ANYBODY, Resolution
from bot.desk.views import MANY, Health, Overdue, Queue, TicketSummary, Volumes
from bot.store.aside import TIMER_TROUBLE
from bot.store.codec import moment, stamp
from bot.store.database import marks_for
from bot.store.incidents.lines import lines_of, roots_running
from bot.store.live import ill_sources
from bot.store.sealing import is_on
from bot.store.tickets.seeing import visible_to
from bot.store.views.homes import choices_of
from bot.store.views.queues import chosen_of, conditions
from bot.store.views.summaries import SUMMARY, summary_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ids import TicketId, UserId
    from bot.desk.tickets import Viewer
    from bot.desk.views import HomeChoices, Sought

LIVE = (
    "(state IN ('open', 'answered', 'escalated') "
    "OR (state = 'resolved' AND duplicate_of IS NOT NULL AND told_of_end = 0))"
)
"""What is under way for its requester; the index `tickets_live` has these words too."""

ANSWERS = 2_000
"""So many of the latest answers tell what others ask; a Home does not count a whole year's."""

HOUR = len("2026-11-29T08")

OPEN = "state IN ('pending', 'acknowledged')"
"""Escalations that somebody still has to act on; as in their indexes."""

DEADLINES = (
    "((kind = 'call next' AND promise = 'acknowledge') "
    "OR (kind = 'remind group' AND promise IN ('first_response', 'resolve')))"
)
"""The rungs of a ladder that stand at a promise's own deadline."""


class SqliteReadings:
    """The read models, over one connection that sees one instant.

    Whatever shows a ticket goes through `summaries`, which leaves out what the viewer may not see.
    """

    def __init__(self, database: Database, viewer: Viewer = ANYBODY) -> None:
        """Read, for somebody, from a database whose transaction has begun."""
        self._db = database
        self._viewer = viewer

    # --- one ticket, and somebody's

    def summary(self, ticket: TicketId) -> TicketSummary | None:
        """Give one ticket on a line."""
        found = self.summaries([ticket])
        return found[0] if found else None

    def open_of(self, requester: UserId, limit: int, offset: int = 0) -> tuple[TicketSummary, ...]:
        """Give somebody's requests that are under way, the newest first."""
        return self.summaries(self._numbers(
            f"SELECT id FROM tickets WHERE requester = ? AND {LIVE} "
            "ORDER BY id DESC LIMIT ? OFFSET ?",
            requester, limit, offset,
        ))  # fmt: skip

    def settled_of(
        self, requester: UserId, limit: int, offset: int = 0
    ) -> tuple[TicketSummary, ...]:
        """Give somebody's latest requests that were settled."""
        return self.summaries(self._numbers(
            "SELECT id FROM tickets WHERE requester = ? AND state IN ('resolved', 'closed') "
            f"AND NOT {LIVE} ORDER BY opened_at DESC LIMIT ? OFFSET ?",
            requester, limit, offset,
        ))  # fmt: skip

    # --- an engineer's

    def choices_of(self, user: UserId) -> HomeChoices:
        """Give what somebody wants to see on their Home."""
        return choices_of(self._db, user)

    def sought(self, sought: Sought) -> tuple[TicketSummary, ...]:
        """Give open escalations, P1 first, then the oldest."""
        found: list[tuple[int, int, int]] = []
        for condition, values in conditions(sought):
            rows = self._db.execute(
                f"SELECT e.urgency, e.id, e.ticket FROM escalations AS e WHERE {condition} "
                "ORDER BY e.urgency, e.id LIMIT ?",
                [*values, sought.offset + sought.limit],
            ).fetchall()
            found += [(int(row[0]), int(row[1]), int(row[2])) for row in rows]
        page = sorted(found)[sought.offset : sought.offset + sought.limit]
        return self.summaries([ticket for _, _, ticket in page])

    def count(self, sought: Sought) -> int:
        """Count them, on all pages, up to a hundred."""
        query = "SELECT count(*) FROM (SELECT 1 FROM escalations AS e WHERE {} LIMIT ?)"
        found = sum(
            self._count(query.format(condition), *values, MANY)
            for condition, values in conditions(sought)
        )
        return min(found, MANY)

    def due_before(self, until: datetime, sought: Sought) -> tuple[TicketSummary, ...]:
        """Give the tickets of groups whose next promise falls due before an instant."""
        marks = marks_for(sought.groups)
        chosen, values = chosen_of(sought)
        return self.summaries(self._numbers(
            "SELECT DISTINCT w.ticket FROM timers AS w CROSS JOIN escalations AS e "
            f"ON e.id = w.escalation WHERE w.state = 'set' AND w.due <= ? AND {DEADLINES} "
            f"AND e.{OPEN} AND e.group_name IN ({marks}){chosen} ORDER BY w.due LIMIT ? OFFSET ?",
            stamp(until), *sought.groups, *values, sought.limit, sought.offset,
        ))  # fmt: skip

    # --- the desk's

    def popular(self, since: datetime, limit: int) -> tuple[tuple[str, int], ...]:
        """Give the articles that were shown most among the latest answers, and how often."""
        rows = self._db.execute(
            "SELECT details, count(*) FROM (SELECT details FROM audit WHERE what = 'answered' "
            "AND at >= ? ORDER BY at DESC LIMIT ?) GROUP BY details ORDER BY 2 DESC, 1 LIMIT ?",
            [stamp(since), ANSWERS, limit],
        ).fetchall()
        return tuple((str(row[0]), int(row[1])) for row in rows)

    def volumes(self, day: datetime, week: datetime) -> Volumes:
        """Count what came since two instants, what is open, and how it ended."""
        lately = self._came_since(day)
        ended = self._came_since(week)
        return Volumes(
            sum(lately.values()),
            sum(ended.values()),
            self._count("SELECT coalesce(sum(live), 0) FROM ticket_hours WHERE live > 0"),
            tuple(
                (Resolution(how), count)
                for how, count in sorted(ended.items(), key=lambda each: (-each[1], each[0]))
                if how and count
            ),
        )

    def _came_since(self, since: datetime) -> Counter[str]:
        """Count the tickets since an instant by their end: whole hours as counted, a part anew."""
        first = stamp(since)
        hour = first[:HOUR]
        found = Counter[str]()
        for query, values in (
            (
                (
                    "SELECT coalesce(resolution, ''), count(*) FROM tickets "
                    "WHERE opened_at >= ? AND opened_at < ? GROUP BY 1"
                ),
                # Nothing that is written in the hour sorts behind this.
                [first, f"{hour}~"],
            ),
            ("SELECT resolution, sum(tickets) FROM ticket_hours WHERE hour > ? GROUP BY 1", [hour]),
        ):
            found.update({row[0]: int(row[1]) for row in self._db.execute(query, values)})
        return found

    def queues(self) -> tuple[Queue, ...]:
        """Count what each group has to do."""
        rows = self._db.execute(
            "SELECT group_name, sum(state = 'pending'), sum(state = 'acknowledged') "
            f"FROM escalations INDEXED BY escalations_queue WHERE {OPEN} GROUP BY group_name"
        ).fetchall()
        return tuple(Queue(str(row[0]), int(row[1]), int(row[2])) for row in rows)

    def overdue(self, limit: int) -> Overdue:
        """Find broken promises that are still open: nobody took it, or it is not resolved."""
        rows = self._db.execute(
            "SELECT e.ticket FROM escalations AS e INDEXED BY escalations_queue "
            f"WHERE e.{OPEN} AND EXISTS (SELECT 1 FROM timers AS w WHERE w.escalation = e.id "
            f"AND w.state = 'fired' AND {DEADLINES} AND (w.promise = 'resolve' "
            "OR (w.promise = 'acknowledge' AND e.state = 'pending')))"
        ).fetchall()
        broken = sorted(int(row[0]) for row in rows)
        return Overdue(len(broken), self.summaries(broken[:limit]))

    def health(self) -> Health:
        """Count what could not be done."""
        rotas = self._db.execute(
            "SELECT group_name FROM rota_states WHERE trouble <> '' ORDER BY group_name"
        ).fetchall()
        return Health(
            self._count("SELECT count(*) FROM outbox WHERE state = 'dead'"),
            self._count("SELECT count(*) FROM inbox WHERE state = 'failed'"),
            self._count("SELECT count(*) FROM inbox WHERE state IN ('pending', 'in_flight')")
            + self._count("SELECT count(*) FROM inbox WHERE state = 'held'")
            + self._count("SELECT count(*) FROM inbox WHERE state = 'early'"),
            tuple(str(row[0]) for row in rotas),
            self._count("SELECT count(*) FROM outbox WHERE state = 'aside'")
            + self._count(f"SELECT count(*) FROM timers WHERE {TIMER_TROUBLE}"),
            ill_sources(self._db),
        )

    def incidents(self, limit: int) -> tuple[TicketSummary, ...]:
        """Give the open incidents by their roots, the newest first."""
        return self.summaries(roots_running(self._db, limit))

    # --- looking for something

    @property
    def searchable(self) -> bool:
        """Whether words are found: not where conversations are sealed."""
        return not is_on()

    def search(
        self, words: tuple[str, ...], requester: UserId | None, limit: int
    ) -> tuple[TicketSummary, ...]:
        """Find tickets with all these words, the newest first; of one requester, or of all.

        Gives nothing where conversations are sealed: there is no index of their words.
        """
        if is_on():
            return ()
        match = " ".join(f'"{word}"*' for word in words)
        if requester is None:
            query = (
                "SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? "
                "ORDER BY rowid DESC LIMIT ?"
            )
            return self.summaries(self._numbers(query, match, limit))
        query = (
            "SELECT t.id FROM tickets AS t CROSS JOIN ticket_words AS words ON words.rowid = t.id "
            "WHERE t.requester = ? AND ticket_words MATCH ? ORDER BY t.opened_at DESC LIMIT ?"
        )
        return self.summaries(self._numbers(query, requester, match, limit))

    # --- what they are made of

    def summaries(self, numbers: Sequence[int]) -> tuple[TicketSummary, ...]:
        """Give these tickets, in this order, as far as the viewer may see them."""
        if not numbers:
            return ()
        marks = marks_for(numbers)
        visible, values = visible_to(self._viewer, "t")
        rows = self._db.execute(
            f"{SUMMARY} WHERE t.id IN ({marks}) AND {visible}", [*numbers, *values]
        ).fetchall()
        due, broken = self._due(numbers, marks), self._broken(numbers, marks)
        found = {
            row["id"]: replace(
                summary_of(row, *due.get(row["id"], (None, None))), overdue=broken.get(row["id"])
            )
            for row in rows
        }
        lines = lines_of(self._db, {each.duplicate_of or each.id for each in found.values()})
        for number, each in found.items():
            if (line := lines.get(each.duplicate_of or each.id)) is not None:
                found[number] = replace(each, incident=line)
        return tuple(found[number] for number in numbers if number in found)

    def _due(
        self, numbers: Sequence[int], marks: str
    ) -> dict[int, tuple[datetime | None, Promise | None]]:
        rows = self._db.execute(
            "SELECT ticket, due, promise FROM timers WHERE ticket "
            f"IN ({marks}) AND state IN ('set', 'paused') AND state = 'set' "
            f"AND ({DEADLINES} OR kind = 'close silent') ORDER BY due DESC",
            list(numbers),
        ).fetchall()
        return {
            row["ticket"]: (
                moment(row["due"]),
                Promise(row["promise"]) if row["promise"] else None,
            )
            for row in rows
        }

    def _broken(self, numbers: Sequence[int], marks: str) -> dict[int, Promise]:
        """Find the promises that are broken and still to be kept: as in `overdue`."""
        rows = self._db.execute(
            "SELECT e.ticket, max(w.promise) FROM escalations AS e CROSS JOIN timers AS w "
            f"ON w.escalation = e.id WHERE e.ticket IN ({marks}) AND e.{OPEN} "
            f"AND w.state = 'fired' AND {DEADLINES} AND (w.promise = 'resolve' "
            "OR (w.promise = 'acknowledge' AND e.state = 'pending')) GROUP BY e.ticket",
            list(numbers),
        ).fetchall()
        return {int(row[0]): Promise(row[1]) for row in rows}

    def _numbers(self, query: str, *values: Any) -> list[int]:
        return [int(row[0]) for row in self._db.execute(query, list(values)).fetchall()]

    def _count(self, query: str, *values: Any) -> int:
        return int(self._db.execute(query, list(values)).fetchone()[0])
