"""What published articles did, read from the tickets that they were shown on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import Changed, DraftState, Effect
from bot.store.codec import load_strings, moment, stamp
from bot.store.database import marks_for
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from bot.desk.learning import Draft
    from bot.desk.ports.time import Clock

BEFORE = timedelta(days=90)
AT_ONCE = 100
"""So many articles are looked for in one go through the tickets."""
PUBLISHED = (DraftState.PUBLISHED, DraftState.MERGED)


class Effects:
    """Reads what became of what a draft was about."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def of(self, draft: Draft) -> Effect | None:
        """Tell what a draft's article did; None where there is none yet."""
        return next((each.effect for each in self.of_all([draft])), None)

    def of_all(self, drafts: Iterable[Draft]) -> tuple[Changed, ...]:
        """Tell what the articles of some drafts did, each once, whichever drafts are in it.

        Where several are, from the first of them on.
        """
        since: dict[str, datetime] = {}
        sources: dict[str, set[TicketId]] = defaultdict(set)
        for draft in drafts:
            if draft.state in PUBLISHED and draft.decided_at is not None:
                at = since.get(draft.article, draft.decided_at)
                since[draft.article] = min(at, draft.decided_at)
                sources[draft.article] |= set(draft.sources)
        shown: dict[str, Counter[str]] = defaultdict(Counter)
        names = sorted(since)
        for first in range(0, len(names), AT_ONCE):
            self._look({name: since[name] for name in names[first : first + AT_ONCE]}, shown)
        return tuple(
            self._changed(each, at, sources[each], shown[each]) for each, at in since.items()
        )

    def _look(self, since: Mapping[str, datetime], shown: dict[str, Counter[str]]) -> None:
        """Count, in one go, what became of the tickets that articles were shown on."""
        named = " OR ".join(["instr(articles_shown, ?) > 0"] * len(since))
        rows = self._db.execute(
            "SELECT opened_at, articles_shown, articles_failed, resolution, EXISTS (SELECT 1 FROM "
            "escalations WHERE ticket = tickets.id) AS called FROM tickets "
            f"WHERE opened_at >= ? AND ({named}) AND {FOR_ALL}",
            [stamp(min(since.values())), *map(json.dumps, since)],
        )
        for row in rows:
            failures = load_strings(row["articles_failed"])
            there = load_strings(row["articles_shown"])
            standing = [each for each in there if each not in failures]
            opened = moment(row["opened_at"])
            for article in set(there) & since.keys():
                if opened >= since[article]:
                    settled = row["resolution"] == "by article" and standing[-1:] == [article]
                    shown[article] += Counter(
                        shown=1,
                        answered=settled,
                        failed=article in failures,
                        escalated=bool(row["called"]),
                    )

    def _changed(
        self, article: str, at: datetime, sources: set[TicketId], shown: Counter[str]
    ) -> Changed:
        asked = self._asked(sorted(sources))
        before = frozenset(each for each, when in asked.items() if at - BEFORE <= when < at)
        missed = frozenset(each for each, when in asked.items() if when >= at)
        effect = Effect(
            len(before),
            max((self._clock() - at).days, 0),
            shown["shown"],
            shown["answered"],
            shown["failed"],
            shown["escalated"],
            len(missed),
        )
        return Changed(article, tuple(sorted(sources)), effect, before, missed)

    def _asked(self, sources: Sequence[TicketId]) -> dict[TicketId, datetime]:
        """Give when people had to settle it: the drafts' own tickets, and those of their gaps."""
        wanted = marks_for(sources)
        rows = self._db.execute(
            f"SELECT id, opened_at FROM tickets WHERE {FOR_ALL} AND (id IN ({wanted}) "
            "OR id IN (SELECT ticket FROM gap_questions WHERE gap IN "
            f"(SELECT gap FROM gap_questions WHERE ticket IN ({wanted}))))",
            [*sources, *sources],
        )
        return {TicketId(row["id"]): moment(row["opened_at"]) for row in rows.fetchall()}
