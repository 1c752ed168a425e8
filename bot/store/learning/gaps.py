"""Gaps in SQLite: which questions belong together, and what is done about it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.deciding import KNOWLEDGE_GAP
from bot.desk.ids import TicketId, UserId
from bot.desk.learning import (
    Ended,
    Gap,
    GapId,
    GapState,
    Missed,
    Told,
    confirmed,
    is_asked_again,
    ranked,
    tells,
)
from bot.desk.tickets import ASKED_FOR_PERSON
from bot.store.codec import load_strings, moment, stamp
from bot.store.database import insert, marks_for
from bot.store.learning.grouping import Kept, had, pages, take_together
from bot.store.learning.outcomes import SqliteOutcomes
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from bot.desk.learning import Outcome
    from bot.desk.ports.time import Clock

QUOTABLE = (
    f"{FOR_ALL} AND matter IS NOT 'confidential' AND substr(channel, 1, 1) <> 'D' "
    "AND question NOT IN ('', '(expired)', '(deleted)', '(forgotten)')"
)
CALLED = (
    "EXISTS (SELECT 1 FROM escalations WHERE ticket = tickets.id AND "
    "(article_wanted OR instr(opened(reasons), ?) > 0 "
    "OR (settled_by IS NOT NULL AND instr(opened(reasons), ?) > 0)))"
)
"""For want of an article, or since what was offered did not do: a person was asked for, and did."""
NAMED = (
    "EXISTS (SELECT 1 FROM labels WHERE ticket = tickets.id AND label = 'L1' AND article IS NULL)"
)
MISSED = (
    f"{QUOTABLE} AND resolution IS NOT 'by article' AND resolution IS NOT 'withdrawn' "
    f"AND (articles_failed <> '[]' OR {CALLED} OR {NAMED})"
)
"""What an article should have answered: none was found, one failed, or an engineer said so."""

GAPS = Kept("gaps", "gap_questions", "gap")


class SqliteGaps:
    """The tables of gaps, their questions, and when it was last looked for them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def missed(self, since: datetime) -> tuple[Missed, ...]:
        """Give the questions since then that an article should have answered."""
        rows = self._db.execute(
            f"SELECT * FROM tickets WHERE opened_at >= ? AND {MISSED} ORDER BY id",
            [stamp(since), KNOWLEDGE_GAP, ASKED_FOR_PERSON],
        ).fetchall()
        return tuple(self._missed(rows))

    def ended(self, since: datetime) -> tuple[Ended, ...]:
        """Give the questions since then that were settled, but for those once offered to pages."""
        row = self._db.execute(
            "SELECT min(id) AS first FROM tickets WHERE opened_at >= ?", [stamp(since)]
        ).fetchone()
        if row["first"] is None:
            return ()
        offered = {int(each["ticket"]) for each in self._db.execute("SELECT * FROM words_offered")}
        found: list[Ended] = []
        for facts in SqliteOutcomes(self._db).by_ticket(after=row["first"] - 1):
            if facts[0].ticket not in offered:
                found += _ended(facts)
        return tuple(found)

    def offered(self, lines: Sequence[tuple[TicketId, str]]) -> None:
        """Note that (ticket, article) was offered, so that nobody is asked about it twice."""
        at = stamp(self._clock())
        for ticket, article in lines:
            self._db.execute(
                "INSERT INTO words_offered (ticket, article, at) VALUES (?, ?, ?) "
                "ON CONFLICT (ticket, article) DO NOTHING",
                [ticket, article, at],
            )

    def all(self) -> tuple[Gap, ...]:
        """Give every gap with its questions."""
        return self._gaps("true")

    def get(self, gap: GapId) -> Gap | None:
        """Find a gap by its number."""
        return next(iter(self._gaps("id = ?", [gap])), None)

    def of(self, tickets: Sequence[TicketId]) -> tuple[Gap, ...]:
        """Find the gaps that these tickets are questions of."""
        where = f"id IN (SELECT gap FROM gap_questions WHERE ticket IN ({marks_for(tickets)}))"
        return self._gaps(where, tickets)

    def regroup(
        self,
        clusters: Sequence[Sequence[TicketId]],
        typical: Sequence[TicketId],
        near: Sequence[str | None],
    ) -> None:
        """Take questions together anew; what was decided of a gap stays with most of them.

        What no longer counts, as it was settled or is long ago, is no question of an open gap.
        """
        heads = take_together(
            self._db, GAPS, clusters, lambda place: self._new(typical[place], clusters[place])
        )
        for gap, name, nearest in zip(heads, typical, near, strict=True):
            self._db.execute(
                "UPDATE gaps SET typical = ?, near = ? WHERE id = ?", [name, nearest, gap]
            )
        for each in self._gaps("true"):
            self._db.execute(
                "UPDATE gaps SET weight = ?, group_name = ? WHERE id = ?",
                [each.weight, each.group, each.id],
            )
            if is_asked_again(each):
                self.decide(each.id, GapState.OPEN, None)

    def dearest(self, of: Collection[str] | None, least: int, most: int) -> tuple[Gap, ...]:
        """Give the gaps of groups that cost most, open or in work, asked `least` times or more.

        As of the last look, the dearest first; of any group where `of` is None.
        """
        named = "true" if of is None else "group_name IN (SELECT value FROM json_each(?))"
        rows = self._db.execute(
            f"SELECT id FROM gaps WHERE state IN ('open', 'in work') AND {named} AND "
            "(SELECT count(*) FROM gap_questions WHERE gap = gaps.id) >= ? "
            "ORDER BY weight DESC, id LIMIT ?",
            [*([] if of is None else [json.dumps(list(of))]), least, most],
        ).fetchall()
        numbers = [row["id"] for row in rows]
        return ranked(self._gaps(f"id IN ({marks_for(numbers)})", numbers)) if numbers else ()

    def decide(self, gap: GapId, state: GapState, by: UserId | None) -> None:
        """Say what is done about a gap."""
        self._db.execute(
            "UPDATE gaps SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
            [state.value, by, stamp(self._clock()), gap],
        )

    def last_run(self, what: str) -> datetime | None:
        """Tell when something was last done; None where it never was."""
        row = self._db.execute("SELECT at FROM learning_runs WHERE what = ?", [what]).fetchone()
        return moment(row["at"]) if row else None

    def ran(self, what: str) -> None:
        """Note that something was done now."""
        self._db.execute(
            "INSERT INTO learning_runs (what, at) VALUES (?, ?) "
            "ON CONFLICT (what) DO UPDATE SET at = excluded.at",
            [what, stamp(self._clock())],
        )

    def _new(self, typical: TicketId, members: Sequence[TicketId]) -> GapId:
        row: dict[str, Any] = {"typical": typical, "made_at": stamp(self._clock())}
        return GapId(insert(self._db, "gaps", row | self._drafted(members)))

    def _drafted(self, members: Sequence[TicketId]) -> dict[str, Any]:
        """Say what a draft did about some of these questions before they were a gap."""
        drafts = self._db.execute(
            "SELECT state, decided_by, updated_at FROM drafts WHERE state <> 'dismissed' AND "
            f"EXISTS (SELECT 1 FROM json_each(sources) "
            f"WHERE CAST(value AS INTEGER) IN ({marks_for(members)})) "
            "ORDER BY id",
            list(members),
        ).fetchall()
        if not drafts:
            return {}
        last = drafts[-1]
        state = GapState.IN_WORK if last["state"] == "open" else GapState.DONE
        return {
            "state": state.value,
            "decided_by": last["decided_by"],
            "decided_at": last["updated_at"],
        }

    def _gaps(self, where: str, values: Sequence[object] = ()) -> tuple[Gap, ...]:
        heads = self._db.execute(
            f"SELECT * FROM gaps WHERE {where} ORDER BY id", list(values)
        ).fetchall()
        rows = self._db.execute(
            "SELECT tickets.*, gap_questions.gap AS gap FROM gap_questions "
            f"JOIN tickets ON tickets.id = gap_questions.ticket WHERE {QUOTABLE} "
            f"AND gap IN (SELECT id FROM gaps WHERE {where}) ORDER BY tickets.id",
            list(values),
        ).fetchall()
        members: dict[int, list[Missed]] = defaultdict(list)
        for row, missed in zip(rows, self._missed(rows), strict=True):
            members[row["gap"]].append(missed)
        return tuple(
            Gap(
                GapId(row["id"]),
                TicketId(row["typical"]),
                tuple(members[row["id"]]),
                GapState(row["state"]),
                UserId(row["decided_by"]) if row["decided_by"] else None,
                moment(row["decided_at"]) if row["decided_at"] else None,
                row["near"],
            )
            for row in heads
        )

    def _missed(self, rows: Sequence[Any]) -> Iterable[Missed]:
        numbers = [row["id"] for row in rows]
        hands, steps = had(self._db, numbers), failed_steps(self._db, numbers)
        ended = settled_by(self._db, numbers)
        for row in rows:
            failed = load_strings(row["articles_failed"])
            article = failed[-1] if failed else None
            group, tier, effort = hands.get(row["id"], ("", "", timedelta(0)))
            yield Missed(
                TicketId(row["id"]),
                UserId(row["requester"]),
                row["question"],
                moment(row["opened_at"]),
                group,
                tier,
                effort,
                article,
                steps.get((row["id"], article)) if article else None,
                ended.get(row["id"], ""),
                row["channel"],
            )


def failed_steps(db: Database, numbers: Sequence[int]) -> dict[tuple[int, str], int]:
    """Give the step at which an article failed, by ticket and article."""
    found: dict[tuple[int, str], int] = {}
    for some in pages(numbers):
        for row in db.execute(
            f"SELECT ticket, article, number FROM steps_tried WHERE ticket IN ({marks_for(some)}) "
            "AND outcome = 'did not work' ORDER BY id",
            some,
        ):
            found[row["ticket"], row["article"]] = row["number"]
    return found


def settled_by(db: Database, numbers: Sequence[int]) -> dict[int, str]:
    """Give what settled tickets at last: fix and cause, as far as they say something."""
    found: dict[int, str] = {}
    for some in pages(numbers):
        for row in db.execute(
            f"SELECT ticket, cause, fix FROM escalations WHERE ticket IN ({marks_for(some)}) "
            "AND settled_by IS NOT NULL ORDER BY id",
            some,
        ):
            words = (row["fix"] or "", row["cause"] or "")
            found[row["ticket"]] = "\n".join(each for each in words if tells(each))
    return found


def _ended(facts: tuple[Outcome, ...]) -> Iterator[Ended]:
    """Give how a ticket was settled; what a reviewer wrote into a page is there already."""
    one = facts[0]
    written = {each.article for each in facts if each.told is Told.WRITTEN}
    pairs = [(text, name) for text, name in confirmed(facts) if name not in written]
    for text, article in pairs:
        yield Ended(one.ticket, one.asker or UserId(""), text, article)
    settled = [each for each in facts if each.told in {Told.SETTLED, Told.CORRECTED}]
    is_back = any(each.told is Told.REOPENED for each in facts)
    if settled and tells(settled[-1].fix) and not (pairs or written or is_back):
        yield Ended(one.ticket, one.asker or UserId(""), one.text, fix=settled[-1].fix)
