"""What published articles did, read from the tickets that they were shown on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.learning import DraftState, Effect
from bot.store.codec import load_strings, moment, stamp
from bot.store.learning.grouping import marks
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import TicketId
    from bot.desk.learning import Draft
    from bot.desk.ports.time import Clock

BEFORE = timedelta(days=90)
PUBLISHED = (DraftState.PUBLISHED, DraftState.MERGED)


class Effects:
    """Reads what became of what a draft was about."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def of(self, draft: Draft) -> Effect | None:
        """Tell what a draft's article did; None where there is none yet."""
        if draft.state not in PUBLISHED or draft.decided_at is None:
            return None
        at, now = draft.decided_at, self._clock()
        shown = answered = failed = escalated = 0
        rows = self._db.execute(
            "SELECT articles_shown, articles_failed, resolution, EXISTS (SELECT 1 FROM "
            "escalations WHERE ticket = tickets.id) AS called FROM tickets "
            f"WHERE opened_at >= ? AND instr(articles_shown, ?) > 0 AND {FOR_ALL}",
            [stamp(at), json.dumps(draft.article)],
        )
        for row in rows.fetchall():
            failures = load_strings(row["articles_failed"])
            standing = [e for e in load_strings(row["articles_shown"]) if e not in failures]
            settled = row["resolution"] == "by article" and standing[-1:] == [draft.article]
            shown += 1
            answered += settled
            failed += draft.article in failures
            escalated += bool(row["called"])
        asked = self._asked(draft.sources)
        before = sum(at - BEFORE <= each < at for each in asked)
        days = max((now - at).days, 0)
        missed = sum(each >= at for each in asked)
        return Effect(before, days, shown, answered, failed, escalated, missed)

    def _asked(self, sources: tuple[TicketId, ...]) -> list[datetime]:
        """Give when people had to settle it: the draft's own tickets, and those of its gaps."""
        wanted = marks(sources)
        rows = self._db.execute(
            f"SELECT opened_at FROM tickets WHERE {FOR_ALL} AND (id IN ({wanted}) "
            "OR id IN (SELECT ticket FROM gap_questions WHERE gap IN "
            f"(SELECT gap FROM gap_questions WHERE ticket IN ({wanted}))))",
            [*sources, *sources],
        )
        return [moment(row["opened_at"]) for row in rows.fetchall()]
