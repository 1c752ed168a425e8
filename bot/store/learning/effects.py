"""What published articles did, read from the tickets that they were shown on."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import Changed, DraftState, Effect
from bot.store.codec import load_strings, moment, stamp
from bot.store.database import marks_for
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.learning import Draft
    from bot.desk.ports.time import Clock

BEFORE = timedelta(days=90)
A_FEW = 20
"""So many articles are looked for by their names."""
MOST_LISTS = 10_000
NEVER = "~"
"""After every time as it is written."""
PUBLISHED = (DraftState.PUBLISHED, DraftState.MERGED)


def _read(there: str, failures: str) -> tuple[tuple[str, bool, bool], ...]:
    """Give each article that was shown, whether it failed, and whether it is what stands."""
    failed = load_strings(failures)
    shown = load_strings(there)
    standing = [each for each in shown if each not in failed][-1:]
    return tuple((each, each in failed, [each] == standing) for each in dict.fromkeys(shown))


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
        shown = self._shown(since)
        return tuple(
            self._changed(each, at, sources[each], shown[each]) for each, at in since.items()
        )

    def _shown(self, since: Mapping[str, datetime]) -> dict[str, Counter[str]]:
        """Count, in one go, what became of the tickets that articles were shown on.

        Few are looked for by name; of many it is quicker to read all that was shown. What was shown
        is the same on many tickets, so each list is read once, and only so often as it has to be.
        """
        begins = {name: stamp(at) for name, at in since.items()}
        found: dict[str, Counter[str]] = {name: Counter() for name in since}
        if not since:
            return found
        few = since if len(since) <= A_FEW else ()
        named = " OR ".join(["instr(articles_shown, ?) > 0"] * len(few)) or "articles_shown <> '[]'"
        rows = self._db.execute(
            "SELECT opened_at, articles_shown, articles_failed, resolution = 'by article', EXISTS "
            "(SELECT 1 FROM escalations WHERE ticket = tickets.id) FROM tickets "
            f"WHERE opened_at >= ? AND ({named}) AND {FOR_ALL}",
            [min(begins.values()), *map(json.dumps, few)],
        )
        lists = lru_cache(MOST_LISTS)(_read)
        for opened, there, failures, by_article, called in rows:
            for article, fails, stands in lists(there, failures):
                if opened >= begins.get(article, NEVER):
                    told = found[article]
                    told["shown"] += 1
                    told["answered"] += bool(by_article and stands)
                    told["failed"] += fails
                    told["escalated"] += bool(called)
        return found

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
