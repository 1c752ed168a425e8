"""Blocks of tickets as columns of numbers: each is read once, and kept until one of them moves.

Whatever is written of a ticket lets its whole block go (triggers of the step `m066_figure_blocks`),
so what is kept is what reading it anew would give: nothing is added up twice, by another rule.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.figures import First
from bot.store.figures.columns import Numbering, columns_of, places_in
from bot.store.learning.audits import STANDING
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray
    from sqlite_utils import Database

    from bot.store.figures.columns import Numbers

    Rows = NDArray[Any]

SIZE = 2048
"""So many numbers of tickets make a block; the triggers divide by it."""
LAYOUT = 1
"""Counts up with each change of what stands in a block: kept ones of before are read anew."""

BITS = {
    "by_article": "resolution = 'by article'",
    "by_l2": "resolution = 'by L2'",
    "by_l3": "resolution = 'by L3'",
    "silent": "resolution = 'no reply'",
    "reopened": "reopened > 0",
    "shown": "articles_shown <> '[]'",
    "settled": "state IN ('resolved', 'closed')",
    "confirmed": "confirmed",
    "standing": STANDING,
}
PRIORITY = 1 << len(BITS)
"""From this bit on stands the priority."""
ARTICLE = PRIORITY << 4
"""The first bit above the priority."""
PACKED = " + ".join(f"({sql} IS TRUE) * {1 << bit}" for bit, sql in enumerate(BITS.values()))
TICKETS = f"""
SELECT id, unixepoch(opened_at), CAST(asked_ts AS INTEGER), known_by(requester),
    {PACKED} + coalesce(CAST(substr(priority, 2) AS INTEGER), 0) * {PRIORITY},
    number_of(iif(articles_shown = '[]', '', json_extract(articles_shown, '$[#-1]')))
FROM tickets WHERE id BETWEEN ? AND ? AND {FOR_ALL} ORDER BY id
"""
FIRST = " ".join(f"WHEN '{each.value}' THEN {place}" for place, each in enumerate(First, start=1))
OPENED = (
    f"SELECT ticket, CASE details {FIRST} ELSE {[*First].index(First.ESCALATE) + 1} END FROM audit "
    "WHERE what = 'opened' AND ticket BETWEEN ? AND ? ORDER BY ticket"
)
ESCALATIONS = """
SELECT ticket, id, CAST(substr(tier, 2) AS INTEGER), number_of(group_name),
    unixepoch(opened_at), unixepoch(updated_at), number_of(coalesce(settled_by, assignee)),
    settled_by IS NOT NULL, state = 'pending'
FROM escalations WHERE ticket BETWEEN ? AND ? ORDER BY ticket, id
"""
MOVES = (
    "resolved", "taken", "replied to the requester", "sent to the requester", "asked the requester",
)  # fmt: skip
_NAMED = ", ".join(f"'{each}'" for each in MOVES)
MOVED = (
    "SELECT ticket, unixepoch(at), CASE what "
    + " ".join(f"WHEN '{what}' THEN {place}" for place, what in enumerate(MOVES))
    + f" END FROM audit WHERE what IN ({_NAMED}) AND ticket BETWEEN ? AND ? "
    "ORDER BY what, ticket, at"
)
"""The index `audit_moves` holds these, by these very words."""
FAILED = (
    "SELECT tickets.id, number_of(failed.value) FROM tickets, "
    "json_each(tickets.articles_failed) AS failed "
    f"WHERE tickets.articles_failed <> '[]' AND tickets.id BETWEEN ? AND ? AND tickets.{FOR_ALL}"
)

TICKET = np.dtype([
    ("id", "<i8"), ("opened", "<i8"), ("asked", "<i8"), ("requester", "<i8"), ("article", "<i4"),
    ("bits", "<i2"), ("first", "i1"),
])  # fmt: skip
CALL = np.dtype([
    ("at", "<i4"), ("id", "<i8"), ("tier", "i1"), ("group", "<i4"), ("opened", "<i8"),
    ("updated", "<i8"), ("person", "<i4"), ("settled", "?"), ("pending", "?"),
])  # fmt: skip
MOVE = np.dtype([("at", "<i4"), ("seconds", "<i8"), ("what", "i1")])
FAILURE = np.dtype([("at", "<i4"), ("article", "<i4")])
"""`at` is the place of the ticket among those of its block."""
PARTS = {"tickets": TICKET, "calls": CALL, "moves": MOVE, "failures": FAILURE}
RENEWED = ", ".join(f"{each} = excluded.{each}" for each in ("layout", "names", *PARTS))
KEPT = f"SELECT names, {', '.join(PARTS)} FROM figure_blocks WHERE block = ?"


@dataclass(frozen=True)
class Block:
    """What is counted of some tickets; restricted ones are in nothing of it."""

    names: Sequence[str]
    """Of articles, groups and people, by the numbers that stand for them here."""
    tickets: Rows
    calls: Rows
    moves: Rows
    failures: Rows


class _Known(dict[str, int]):
    """People as numbers that tell whether two are one, and nothing else."""

    def __missing__(self, user: str) -> int:
        digest = blake2b(user.encode(), digest_size=8).digest()
        self[user] = int.from_bytes(digest, "big", signed=True)
        return self[user]


def blocks(database: Database, low: int, high: int) -> Iterator[Block]:
    """Give the blocks in which tickets of these numbers are, in order; kept ones as they are."""
    there = kept(database)
    for is_kept, some in groupby(_with_tickets(database, low, high), there.__contains__):
        numbers = list(some)
        if is_kept:
            yield from (_load(database, each) for each in numbers)
        else:
            yield read(database, numbers[0] * SIZE, (numbers[-1] + 1) * SIZE - 1)


def kept(database: Database) -> frozenset[int]:
    """Give the numbers of the blocks that are kept."""
    rows = database.execute("SELECT block FROM figure_blocks WHERE layout = ?", [LAYOUT])
    return frozenset(int(row[0]) for row in rows.fetchall())


def missing(database: Database) -> list[int]:
    """Give the blocks that are not kept and might be: the newest moves all the time."""
    low, high = database.execute("SELECT min(id), max(id) FROM tickets").fetchone()
    if low is None:
        return []
    there = kept(database)
    newest = int(high) // SIZE
    found = _with_tickets(database, int(low), int(high))
    return [each for each in found if each not in there and each != newest]


def _with_tickets(database: Database, low: int, high: int) -> Iterator[int]:
    """Give the blocks in which there is a ticket; numbers that were passed over cost nothing."""
    start = low - low % SIZE
    while True:
        (found,) = database.execute(
            "SELECT min(id) FROM tickets WHERE id BETWEEN ? AND ?", [start, high]
        ).fetchone()
        if found is None:
            return
        yield int(found) // SIZE
        start = (int(found) // SIZE + 1) * SIZE


def keep(database: Database, block: int) -> None:
    """Read a block and keep it, in a transaction that nobody else writes in."""
    found = read(database, block * SIZE, (block + 1) * SIZE - 1)
    marks = ", ".join("?" * (3 + len(PARTS)))
    database.execute(
        f"INSERT INTO figure_blocks (block, layout, names, {', '.join(PARTS)}) VALUES ({marks}) "
        f"ON CONFLICT (block) DO UPDATE SET {RENEWED}",
        [
            block,
            LAYOUT,
            json.dumps(list(found.names), ensure_ascii=False),
            *(getattr(found, part).tobytes() for part in PARTS),
        ],
    )


def _load(database: Database, block: int) -> Block:
    names, *parts = database.execute(KEPT, [block]).fetchone()
    return Block(
        json.loads(names),
        *(np.frombuffer(part, kind) for part, kind in zip(parts, PARTS.values(), strict=True)),
    )


def read(database: Database, low: int, high: int) -> Block:
    """Read what is counted of the tickets from one number to another."""
    names = Numbering(database)
    database.conn.create_function("known_by", 1, _Known().__getitem__, deterministic=True)
    span = (low, high)
    number, opened, asked, requester, bits, article = columns_of(
        database, TICKETS, span, ("i8", "i8", "i8", "i8", "i2", "i4")
    )
    first = np.zeros(len(number), "i1")
    ticket, how = columns_of(database, OPENED, span, ("i8", "i1"))
    at, known = places_in(number, ticket)
    first[at[known]] = how[known]
    tickets = _rows(TICKET, number, opened, asked, requester, article, bits, first)
    kinds = ("i8", "i8", "i1", "i4", "i8", "i8", "i4", "?", "?")
    calls = _placed(CALL, number, columns_of(database, ESCALATIONS, span, kinds))
    moves = _placed(MOVE, number, columns_of(database, MOVED, span, ("i8", "i8", "i1")))
    failures = _placed(FAILURE, number, columns_of(database, FAILED, span, ("i8", "i4")))
    return Block(names.names, tickets, calls, moves, failures)


def _placed(kind: np.dtype[Any], numbers: Numbers, columns: Sequence[Rows]) -> Rows:
    """Put the place of each ticket in the stead of its number; what is of no ticket goes."""
    ticket, *rest = columns
    at, known = places_in(numbers, ticket)
    return _rows(kind, at[known], *(each[known] for each in rest))


def _rows(kind: np.dtype[Any], *columns: Rows) -> Rows:
    found = np.empty(len(columns[0]), kind)
    for name, column in zip(kind.names or (), columns, strict=True):
        found[name] = column
    return found
