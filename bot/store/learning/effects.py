"""What published articles did, read from the tickets that they were shown on."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
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
PUBLISHED = (DraftState.PUBLISHED, DraftState.MERGED)


@dataclass(slots=True)
class _Tally:
    """Of tickets that are alike in what was shown and came of it: how many since an article was."""

    article: str
    begins: str
    counted: tuple[str, ...]
    count: int = 0


def _tallies(
    begins: Mapping[str, str], there: str, failures: str, by_article: object, called: object
) -> list[_Tally]:
    """Begin to count tickets of a kind, for each of the articles that is shown on it."""
    failed, shown = load_strings(failures), load_strings(there)
    standing = [each for each in shown if each not in failed][-1:]
    found = []
    for each in dict.fromkeys(shown):
        if each in begins:
            so = {
                "shown": True,
                "answered": by_article and [each] == standing,
                "failed": each in failed,
                "escalated": called,
            }
            found.append(_Tally(each, begins[each], tuple(name for name in so if so[name])))
    return found


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
        is the same on many tickets, so each list is read once for what came of it.
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
        tallies: dict[tuple[str, str, bool, bool], list[_Tally]] = {}
        for opened, *what in rows:
            kind = tuple(what)
            of_kind = tallies.get(kind)
            if of_kind is None:
                of_kind = tallies[kind] = _tallies(begins, *kind)
            for tally in of_kind:
                if opened >= tally.begins:
                    tally.count += 1
        for tally in itertools.chain.from_iterable(tallies.values()):
            for what in tally.counted:
                found[tally.article][what] += tally.count
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
