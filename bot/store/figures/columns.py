"""Columns of many rows, read as numbers: a million tickets in some tens of megabytes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.figures import EXAMPLES, Count
from bot.desk.ids import TicketId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlite_utils import Database

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

AT_ONCE = 50_000


def columns_of(
    database: Database, query: str, values: Sequence[object], kinds: Sequence[str]
) -> list[Numbers]:
    """Read the columns of a query that gives whole numbers alone, each in a type that is enough."""
    # Rows as such are not looked at: the plain tuples of the cursor are quicker.
    cursor = database.conn.cursor()
    cursor.row_factory = None
    cursor.execute(query, list(values))
    parts: list[list[Numbers]] = [[] for _ in kinds]
    while rows := cursor.fetchmany(AT_ONCE):
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * len(kinds))
        block = flat.reshape(len(rows), len(kinds))
        for place, kind in enumerate(kinds):
            parts[place].append(block[:, place].astype(kind))
    return [
        np.concatenate(part) if part else np.empty(0, kind)
        for part, kind in zip(parts, kinds, strict=True)
    ]


class Names(dict[str | None, int]):
    """Numbers for names, in the order in which they come; no name and the empty one are 0."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__({"": 0, None: 0})
        self._names = [""]

    def __missing__(self, name: str | None) -> int:
        """Number a name that is new."""
        self[name] = len(self._names)
        self._names.append(name or "")
        return self[name]

    @property
    def names(self) -> list[str]:
        """The names by their numbers."""
        return self._names


class Numbering(Names):
    """Numbers for names that SQL comes upon; it calls it as `number_of`."""

    def __init__(self, database: Database) -> None:
        """Let the database ask."""
        super().__init__()
        # What is known is found without a call of Python's.
        database.conn.create_function("number_of", 1, self.__getitem__, deterministic=True)


def latest(tickets: Numbers, which: Flags) -> tuple[TicketId, ...]:
    """Give the latest of the tickets that are marked."""
    found = tickets[np.flatnonzero(which)[-EXAMPLES:]]
    return tuple(TicketId(int(each)) for each in found[::-1])


def counts_by(keys: Numbers, tickets: Numbers) -> dict[int, Count]:
    """Count the tickets by their keys, with the latest of each."""
    order = np.argsort(keys, kind="stable")
    there, starts = np.unique(keys[order], return_index=True)
    ends = [*starts.tolist(), len(keys)][1:]
    found = {}
    for key, start, end in zip(there.tolist(), starts.tolist(), ends, strict=True):
        last = tickets[order[max(start, end - EXAMPLES) : end]]
        examples = tuple(TicketId(int(each)) for each in last[::-1])
        found[int(key)] = Count(end - start, examples)
    return found


def places_in(sorted_numbers: Numbers, wanted: Numbers) -> tuple[Numbers, Flags]:
    """Find numbers among sorted ones: where each stands, and whether it is there."""
    if not len(sorted_numbers):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    places = np.minimum(np.searchsorted(sorted_numbers, wanted), len(sorted_numbers) - 1)
    return places, sorted_numbers[places] == wanted
