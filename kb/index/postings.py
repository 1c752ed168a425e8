"""For each term of a full-text table, the documents that have it and how much it counts there.

Flat arrays: in memory for small bases, mapped from files for large ones.
"""

# ruff: noqa: S608 (only names and question marks are put into the SQL)

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.index.arrays import mapped, ranges
from kb.index.terms import TOKENIZER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

K1, B = 1.2, 0.75
"""The constants of SQLite's own bm25(), so that both give the same scores."""

COLUMNS = ("title", "questions", "body", "area")
COLUMN_WEIGHTS = (2.0, 2.0, 1.0, 0.5)
"""Measured on the course FAQ."""

READ_AT_ONCE = 4_000_000
"""Occurrences that are read before they are summed up: about 100 MB."""


@dataclass(frozen=True)
class Postings:
    """Documents are numbered by the caller."""

    numbers: NDArray[np.uint64]
    """The terms by number, rising; see `number`."""
    starts: NDArray[np.int64]
    """For each term its first place, and at the end how many there are."""
    places: NDArray[np.int32]
    """The documents of each term, rising."""
    weights: NDArray[np.float32]
    """BM25 there, but for the term's rarity."""
    average: NDArray[np.float32]
    """The mean length of a document, which the weights were made with."""

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The documents that have a term, and its weights there."""
        wanted = number(term)
        row = int(np.searchsorted(self.numbers, wanted))
        if row == len(self.numbers) or self.numbers[row] != wanted:
            return self.places[:0], self.weights[:0]
        part = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return self.places[part], self.weights[part]

    def save(self, folder: Path) -> None:
        """Write every array to a file of its own."""
        for field in fields(self):
            np.save(folder / f"words-{field.name}.npy", getattr(self, field.name))

    @classmethod
    def mapped(cls, folder: Path) -> Postings:
        """What `save` wrote, without reading it."""
        return cls(*(mapped(folder / f"words-{field.name}.npy") for field in fields(cls)))


def number(term: str) -> np.uint64:
    """A term as 64 bits of its hash: among a million terms, one chance in 40 million to clash."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def collect(
    connection: sqlite3.Connection,
    documents: NDArray[np.int64],
    average: float | None = None,
    *,
    kind: type[np.floating[Any]] = np.float32,
) -> tuple[list[str], Postings]:
    """The terms of a database's `kb_words` in rising order, and their postings in that order.

    `documents` are all its rows, rising; their places in it become their numbers.
    """
    for table in ("row", "instance"):
        connection.execute(
            f"create virtual table if not exists temp.kb_{table}s"
            f" using fts5vocab(main, kb_words, {table})"
        )
    counted = connection.execute("select term, cnt from temp.kb_rows").fetchall()
    lengths = np.zeros(len(documents), np.float64)
    starts, places, amounts = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)], [_NO_AMOUNTS]
    weights = np.array(COLUMN_WEIGHTS, np.float32)
    for term, document, column in _occurrences(connection, [count for _, count in counted]):
        place = np.searchsorted(documents, document)
        lengths += np.bincount(place, minlength=len(documents))
        first = np.flatnonzero(np.diff(place, prepend=-1) | np.diff(term, prepend=-1))
        places.append(place[first].astype(np.int32))
        amounts.append(np.add.reduceat(weights[column], first))
        starts.append(starts[-1][-1] + np.cumsum(np.bincount(term[first]), dtype=np.int64))
    mean = max(float(lengths.mean()) if len(lengths) else 1.0, 1e-6) if average is None else average
    owners, amount = np.concatenate(places), np.concatenate(amounts)
    dampened = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
    weight = (amount * (K1 + 1) / (amount + dampened[owners])).astype(kind)
    return [term for term, _ in counted], Postings(
        np.zeros(0, np.uint64), np.concatenate(starts), owners, weight, np.array(mean, np.float32)
    )


def by_number(terms: Sequence[str], found: Postings) -> Postings:
    """The same, in the order of the terms' numbers, to be found without the terms themselves."""
    numbers = np.array([number(term) for term in terms], np.uint64)
    order = np.argsort(numbers)
    sizes = np.diff(found.starts)[order]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    rows = ranges(found.starts[:-1][order], sizes)
    return Postings(numbers[order], starts, found.places[rows], found.weights[rows], found.average)


def collect_some(
    connection: sqlite3.Connection, documents: NDArray[np.int64], average: float
) -> Postings:
    """Those of some documents only, which are tokenized again for it; in order of number."""
    columns = ", ".join(COLUMNS)
    with closing(sqlite3.connect(":memory:")) as own:
        own.execute(f"create virtual table kb_words using fts5({columns}, tokenize='{TOKENIZER}')")
        for document in documents.tolist():
            sql = f"select rowid, {columns} from kb_words where rowid = ?"
            own.executemany(
                f"insert into kb_words(rowid, {columns}) values (?, ?, ?, ?, ?)",
                connection.execute(sql, [document]),
            )
        return by_number(*collect(own, documents, average))


_NO_AMOUNTS = np.zeros(0, np.float32)

_Columns = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def _occurrences(connection: sqlite3.Connection, counts: Sequence[int]) -> Iterator[_Columns]:
    """(term, document, column) of each occurrence, many terms at once; terms count from 0 anew."""
    numbers = " ".join(f"when '{name}' then {number}" for number, name in enumerate(COLUMNS))
    rows = connection.execute(f"select doc * 4 + case col {numbers} end from temp.kb_instances")
    flat = (row[0] for row in rows)
    first = 0
    while first < len(counts):
        last, total = first, 0
        while last < len(counts) and (total < READ_AT_ONCE or last == first):
            total += counts[last]
            last += 1
        codes = np.fromiter(islice(flat, total), np.int64, total)
        yield np.repeat(np.arange(last - first), counts[first:last]), codes >> 2, codes & 3
        first = last
