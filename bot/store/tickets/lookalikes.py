"""Tickets that look like one, by SQLite's full-text index over question, cause and fix."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.desk.ids import FIRST_TICKET, TicketId, UserId, parse_ticket_name
from bot.desk.privacy import UNQUOTED, is_direct
from bot.desk.tickets import GOOD, Alike, Similar, likeness, telling_words
from bot.desk.tiers import Tier
from bot.store.sealing import is_on, opened
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from sqlite_utils import Database

SHOWN = 3
LOOKED_AT = 30
MOST_ROWS = 20_000
"""Words are searched, the rarest first, until so many rows of the index would be read."""

FREQUENT = 1_000
MOST_WORDS = 50_000

SETTLED = f"""
SELECT w.rowid AS ticket, w.question, w.cause, w.fix, t.channel FROM ticket_words AS w
JOIN tickets AS t ON t.id = w.rowid
WHERE ticket_words MATCH ? AND t.id <> ? AND t.state IN ('resolved', 'closed') AND w.fix <> ''
AND t.{FOR_ALL}
ORDER BY rank LIMIT ?
"""

OPEN = f"""
SELECT w.rowid AS ticket, w.question, '' AS cause, '' AS fix, e.tier, e.assignee, t.channel
FROM ticket_words AS w
JOIN tickets AS t ON t.id = w.rowid AND t.{FOR_ALL}
JOIN escalations AS e ON e.ticket = w.rowid AND e.state IN ('pending', 'acknowledged')
WHERE ticket_words MATCH ? AND w.rowid <> ?
ORDER BY rank LIMIT ?
"""


FOUND = 20
MOST_TYPED = 8
WORD = re.compile(r"\w+")

NAMED = f"""
SELECT t.id AS ticket, t.question, t.channel,
  coalesce(e.tier, 'L1') AS tier, e.assignee, t.state
FROM tickets AS t
LEFT JOIN escalations AS e ON e.ticket = t.id AND e.state IN ('pending', 'acknowledged')
WHERE t.{FOR_ALL} AND t.id <> :besides AND (e.id IS NOT NULL OR t.state = 'resolved')
"""
BY_NUMBER = f"{NAMED} AND t.id = :number"
BY_WORDS = f"""
{NAMED} AND t.id IN (
  SELECT rowid FROM ticket_words WHERE ticket_words MATCH :words ORDER BY rowid DESC LIMIT 200
) ORDER BY e.id IS NULL, t.id DESC LIMIT :limit
"""
LATEST = f"""
SELECT t.id AS ticket, t.question, t.channel, e.tier, e.assignee, t.state
FROM escalations AS e INDEXED BY escalations_open
CROSS JOIN tickets AS t ON t.id = e.ticket AND t.{FOR_ALL}
WHERE e.state IN ('pending', 'acknowledged') AND e.ticket <> :besides
ORDER BY e.ticket DESC LIMIT :limit
"""
"""The latest with people, read off the index of open escalations."""


COUNTED = "SELECT term, doc FROM ticket_vocabulary WHERE term IN (SELECT value FROM json_each(?))"


class WordCounts:
    """In how many tickets words occur, kept for a while: of a frequent word that takes long.

    What is kept holds until there are a hundredth more tickets.
    """

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._kept: dict[str, tuple[int, int]] = {}

    def of(
        self, words: Sequence[str], last: int, look: Callable[[Sequence[str]], dict[str, int]]
    ) -> dict[str, int]:
        """Give the counts of words, where `last` is the number of the latest ticket."""
        counts, unknown = {}, []
        for word in words:
            counts[word], until = self._kept.get(word, (0, 0))
            if last > until:
                unknown.append(word)
        for word, count in (look(unknown) if unknown else {}).items():
            counts[word] = count
            if count >= FREQUENT:
                if len(self._kept) >= MOST_WORDS:
                    self._kept.clear()
                self._kept[word] = (count, last + (last - FIRST_TICKET) // 100)
        return counts


class SqliteLookalikes:
    """The full-text index over tickets."""

    def __init__(self, database: Database, counts: WordCounts | None = None) -> None:
        """Work on the open transaction of a database; `counts` outlives it."""
        self._db = database
        self._counts = counts or WordCounts()

    def of(self, ticket: TicketId, question: str) -> tuple[tuple[Similar, ...], tuple[Alike, ...]]:
        """Give the tickets that look most like a question.

        First those that are settled, with what fixed them, then those that people have in hand.
        """
        settled, open_ = self._best((SETTLED, OPEN), ticket, question)
        return tuple(
            Similar(TicketId(row["ticket"]), _quoted(row), row["cause"], row["fix"])
            for row in settled
        ), tuple(_alike(row) for row in open_)

    def found(self, typed: str, besides: TicketId) -> tuple[Alike, ...]:
        """Find tickets by number or the beginnings of words, those with people first."""
        given: dict[str, Any] = {"besides": besides, "limit": FOUND}
        number = parse_ticket_name(typed)
        words = [] if is_on() else [f'"{word}"*' for word in WORD.findall(typed)[:MOST_TYPED]]
        if number is not None:
            query, given["number"] = BY_NUMBER, number
        elif words:
            query, given["words"] = BY_WORDS, " AND ".join(words)
        else:
            query = LATEST
        rows = self._db.execute(query, given).fetchall()
        return tuple(replace(_alike(row), is_settled=row["state"] == "resolved") for row in rows)

    def _best(
        self, queries: Sequence[str], ticket: TicketId, question: str
    ) -> list[list[sqlite3.Row]]:
        """Give what each of these finds, best first; all are asked before any is waited for."""
        if is_on():  # sealed conversations are in no index
            return [[] for _ in queries]
        frequencies, weights = self._frequencies(telling_words(question))
        wanted = _affordable(frequencies)
        if not wanted:
            return [[] for _ in queries]
        match = " OR ".join(f'"{word}"' for word in wanted)
        asked = [self._db.execute(query, [match, ticket, LOOKED_AT]) for query in queries]
        return [_likest(found.fetchall(), weights) for found in asked]

    def _frequencies(self, words: tuple[str, ...]) -> tuple[dict[str, int], dict[str, float]]:
        """Count the tickets that each word occurs in, and weigh it by its rarity.

        The weight is the inverse document frequency.
        """
        last = self._last()
        counts = self._counts.of(words, last, self._count)
        tickets = max(1, last - FIRST_TICKET + 1)
        weights = {word: math.log(1 + tickets / max(1, count)) for word, count in counts.items()}
        return counts, weights

    def _count(self, words: Sequence[str]) -> dict[str, int]:
        rows = self._db.execute(COUNTED, [json.dumps(words)]).fetchall()
        return dict.fromkeys(words, 0) | {str(row["term"]): int(row["doc"]) for row in rows}

    def _last(self) -> int:
        return int(self._db.execute("SELECT max(id) FROM tickets").fetchone()[0] or FIRST_TICKET)


def _likest(rows: list[sqlite3.Row], weights: Mapping[str, float]) -> list[sqlite3.Row]:
    scored = [(likeness(weights, _words_of(row)), row) for row in rows]
    scored = [pair for pair in scored if pair[0] >= GOOD]
    scored.sort(key=lambda pair: (-pair[0], -pair[1]["ticket"]))
    return [row for _, row in scored[:SHOWN]]


def _affordable(frequencies: Mapping[str, int]) -> list[str]:
    wanted: list[str] = []
    rows = 0
    for word, count in sorted(frequencies.items(), key=lambda pair: pair[1]):
        rows += count
        if rows > MOST_ROWS:
            break
        if count:
            wanted.append(word)
    return wanted


def _alike(row: sqlite3.Row) -> Alike:
    assignee = UserId(row["assignee"]) if row["assignee"] else None
    return Alike(TicketId(row["ticket"]), _quoted(row), Tier(row["tier"]), assignee)


def _quoted(row: sqlite3.Row) -> str:
    return UNQUOTED if is_direct(row["channel"]) else opened(str(row["question"]))


def _words_of(row: sqlite3.Row) -> frozenset[str]:
    whole = (row["question"], row["cause"], row["fix"])
    return frozenset(word for text in whole for word in telling_words(text))
