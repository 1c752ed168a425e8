"""Recurring problems and wishes in SQLite: which tickets belong together, and what is decided."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Met, Problem, ProblemId, ProblemKind, ProblemState, is_back
from bot.store.codec import moment, stamp
from bot.store.database import insert, marks_for
from bot.store.learning.gaps import QUOTABLE
from bot.store.learning.grouping import Kept, had, pages, take_together
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

CAME_BACK = (
    "tickets.reopened > 0 AND EXISTS (SELECT 1 FROM escalations AS later WHERE "
    "later.ticket = tickets.id AND later.id > (SELECT min(id) FROM escalations AS first "
    "WHERE first.ticket = tickets.id AND first.settled_by IS NOT NULL))"
)
"""It was settled, and then somebody was called for it again."""
LAST_WORD = (
    "ended.id = (SELECT max(id) FROM escalations WHERE ticket = tickets.id "
    "AND settled_by IS NOT NULL)"
)
MET = (
    f"SELECT tickets.*, ended.updated_at AS settled_at, ended.cause AS cause, ended.fix AS fix, "
    f"ended.prevention AS prevention, {CAME_BACK} AS came_back "
    f"FROM tickets LEFT JOIN escalations AS ended ON {LAST_WORD}"
)


class SqliteProblems:
    """The tables of problems, their tickets, and what was read for wishes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def settled(self, since: datetime) -> tuple[Met, ...]:
        """Give the tickets since then whose cause somebody wrote down, oldest first."""
        return self._met(f"ended.updated_at >= ? AND {QUOTABLE}", [stamp(since)])

    def wished(self, since: datetime) -> tuple[Met, ...]:
        """Give the tickets since then in which somebody wishes for something, oldest first.

        What an article settled was there already.
        """
        where = (
            f"tickets.opened_at >= ? AND {QUOTABLE} "
            "AND tickets.resolution IS NOT 'by article' "
            "AND tickets.id IN (SELECT ticket FROM wishes WHERE wished)"
        )
        return self._met(where, [stamp(since)], uttered=True)

    def unread(self, since: datetime, most: int) -> tuple[Met, ...]:
        """Give tickets since then of which nobody has told yet whether they are wishes."""
        where = (
            f"tickets.opened_at >= ? AND {QUOTABLE} "
            "AND tickets.id NOT IN (SELECT ticket FROM wishes) ORDER BY tickets.id LIMIT ?"
        )
        return self._met(where, [stamp(since), most], uttered=True)

    def read(self, wishes: Iterable[tuple[TicketId, bool]]) -> None:
        """Write down which tickets hold a wish."""
        for ticket, wished in wishes:
            self._db.execute(
                "INSERT INTO wishes (ticket, wished) VALUES (?, ?) "
                "ON CONFLICT (ticket) DO UPDATE SET wished = excluded.wished",
                [ticket, int(wished)],
            )

    def regroup(
        self,
        kind: ProblemKind,
        clusters: Sequence[Sequence[TicketId]],
        typical: Sequence[TicketId],
    ) -> tuple[ProblemId, ...]:
        """Take tickets together anew; what was decided stays with most of them. Gives the new.

        What was closed and is met again later than what was on its way is open again.
        """
        fresh: list[ProblemId] = []

        def make(place: int) -> int:
            row = {"kind": kind.value, "typical": typical[place], "made_at": stamp(self._clock())}
            fresh.append(ProblemId(insert(self._db, "problems", row)))
            return fresh[-1]

        kept = Kept("problems", "problem_tickets", "problem", f"kind = '{kind.value}'")
        for problem, name in zip(
            take_together(self._db, kept, clusters, make), typical, strict=True
        ):
            self._db.execute("UPDATE problems SET typical = ? WHERE id = ?", [name, problem])
        for each in self._problems("state = 'closed' AND kind = ?", [kind.value]):
            if is_back(each):
                self.decide(each.id, ProblemState.OPEN, None)
                fresh.append(each.id)
        return tuple(fresh)

    def all(self) -> tuple[Problem, ...]:
        """Give every problem with its tickets."""
        return self._problems("true")

    def get(self, problem: ProblemId) -> Problem | None:
        """Find a problem by its number."""
        return next(iter(self._problems("id = ?", [problem])), None)

    def linked_to(self, link: str) -> Problem | None:
        """Find the problem that an issue elsewhere is about."""
        return next(iter(self._problems("link = ?", [link])), None)

    def decide(
        self, problem: ProblemId, state: ProblemState, by: UserId | None, link: str | None = None
    ) -> None:
        """Say what is done about a problem; without a link the one that it has stays."""
        self._db.execute(
            "UPDATE problems SET state = ?, decided_by = ?, decided_at = ?, "
            "link = coalesce(?, link) WHERE id = ?",
            [state.value, by, stamp(self._clock()), link, problem],
        )

    def _problems(self, where: str, values: Sequence[object] = ()) -> tuple[Problem, ...]:
        heads = self._db.execute(
            f"SELECT * FROM problems WHERE {where} ORDER BY id", list(values)
        ).fetchall()
        members: dict[int, list[Met]] = defaultdict(list)
        for uttered in (True, False):
            kind = ProblemKind.WISH if uttered else ProblemKind.CAUSE
            numbers = [row["id"] for row in heads if row["kind"] == kind.value]
            for some in pages(numbers):
                rows = self._db.execute(
                    "SELECT ticket, problem FROM problem_tickets "
                    f"WHERE problem IN ({marks_for(some)}) ORDER BY ticket",
                    some,
                ).fetchall()
                of = {row["ticket"]: row["problem"] for row in rows}
                for page in pages(list(of)):
                    where_met = f"tickets.id IN ({marks_for(page)}) AND {QUOTABLE}"
                    for each in self._met(where_met, page, uttered=uttered):
                        members[of[each.ticket]].append(each)
        return tuple(
            Problem(
                ProblemId(row["id"]),
                ProblemKind(row["kind"]),
                TicketId(row["typical"]),
                tuple(sorted(members[row["id"]], key=lambda each: (each.at, each.ticket))),
                ProblemState(row["state"]),
                row["link"] or "",
                UserId(row["decided_by"]) if row["decided_by"] else None,
                moment(row["decided_at"]) if row["decided_at"] else None,
            )
            for row in heads
        )

    def _met(
        self, where: str, values: Sequence[object], *, uttered: bool = False
    ) -> tuple[Met, ...]:
        rows = self._db.execute(f"{MET} WHERE {where}", list(values)).fetchall()
        numbers = [row["id"] for row in rows]
        hands, also = had(self._db, numbers), self._also(numbers)
        found = [_met(row, hands, also, uttered=uttered) for row in rows]
        return tuple(sorted(found, key=lambda each: (each.at, each.ticket)))

    def _also(self, numbers: Sequence[int]) -> dict[int, frozenset[UserId]]:
        """Give who reported the same as these tickets."""
        found: dict[int, set[UserId]] = defaultdict(set)
        for some in pages(numbers):
            for row in self._db.execute(
                "SELECT duplicate_of, requester FROM tickets "
                f"WHERE duplicate_of IN ({marks_for(some)}) AND {FOR_ALL}",
                some,
            ):
                found[row["duplicate_of"]].add(UserId(row["requester"]))
        return {number: frozenset(people) for number, people in found.items()}


def _met(
    row: Any,
    hands: dict[int, tuple[str, str, Any]],
    also: dict[int, frozenset[UserId]],
    *,
    uttered: bool,
) -> Met:
    group, tier, effort = hands.get(row["id"], ("", "", timedelta(0)))
    return Met(
        TicketId(row["id"]),
        UserId(row["requester"]),
        moment(row["opened_at"] if uttered else row["settled_at"] or row["opened_at"]),
        row["question"],
        group,
        tier,
        "" if uttered else row["cause"] or "",
        "" if uttered else row["fix"] or "",
        "" if uttered else row["prevention"] or "",
        effort,
        bool(row["came_back"]) and not uttered,
        also.get(row["id"], frozenset()),
    )
