"""BM25 over the full-text table: in memory for small bases, by SQLite for large ones."""

# ruff: noqa: S608 (only names, numbers and question marks are put into the SQL)

from __future__ import annotations

import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.index.store import Store

K1, B = 1.2, 0.75
"""The constants of SQLite's own bm25(), so that both indexes give the same scores."""

COLUMN_WEIGHTS = (2.0, 2.0, 1.0, 0.5)
"""Of title, questions, body and area; measured on the course FAQ."""

TOKENIZER = "porter unicode61 remove_diacritics 2"

LONGEST_QUERY = 48
PROPOSALS = 200

_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "please",
        "should",
        "so",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class WordScores:
    """For some articles by position: BM25 and coverage, both as shares of what is possible."""

    positions: NDArray[np.intp]
    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]
    """How much of the query, weighed by rarity, occurs in the article at all."""


class WordIndex(Protocol):
    """Finds the articles that share words with a query."""

    def scores(self, query: str) -> WordScores:
        """Score the articles that share a word with the query."""
        ...


NOTHING = WordScores(np.zeros(0, np.intp), np.zeros(0, np.float32), np.zeros(0, np.float32))


def telling_words(query: str) -> list[str]:
    """The query's distinct words without the grammar between them; all of them if only that."""
    words = list(dict.fromkeys(_WORD.findall(query.lower())))
    return [word for word in words if word not in _STOP_WORDS] or words


class Stemmer:
    """Gives a word's terms exactly as the full-text table does, by asking its tokenizer."""

    def __init__(self) -> None:
        """Set up a tokenizer like that of the full-text table."""
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(f"create virtual table words using fts5(x, tokenize='{TOKENIZER}')")
        self._database.execute("create virtual table terms using fts5vocab(words, 'row')")
        self.terms = lru_cache(maxsize=20_000)(self._terms)

    def _terms(self, word: str) -> tuple[str, ...]:
        with self._lock:
            self._database.execute("insert into words(rowid, x) values (1, ?)", [word])
            found = [row[0] for row in self._database.execute("select term from terms")]
            self._database.execute("delete from words")
        return tuple(found)


class MemoryWordIndex:
    """Every term's articles and weights as arrays: microseconds a query, some megabytes."""

    def __init__(self, store: Store, positions: dict[int, int]) -> None:
        """Read the whole full-text table; `positions` are by article key."""
        self._stemmer = Stemmer()
        self._documents = len(positions)
        self._postings = _postings(store, positions)

    def scores(self, query: str) -> WordScores:
        """Score every article that has a word of the query."""
        terms = _query_terms(self._stemmer, query)
        if not terms or not self._documents:
            return NOTHING
        bm25 = np.zeros(self._documents, np.float32)
        coverage = np.zeros(self._documents, np.float32)
        total = 0.0
        for term in terms:
            found = self._postings.get(term)
            rarity = idf(self._documents, 0 if found is None else len(found[0]))
            total += rarity
            if found is not None:
                bm25[found[0]] += rarity * found[1]
                coverage[found[0]] += rarity
        positions = np.flatnonzero(coverage)
        return WordScores(
            positions, bm25[positions] / (total * (K1 + 1)), coverage[positions] / total
        )


class StoredWordIndex:
    """SQLite does the work: nothing in memory, only the rarest words of a long query are asked."""

    RAREST = 12
    COMMON_SHARE = 0.05

    def __init__(self, store: Store, positions: dict[int, int]) -> None:
        """Keep only `positions`, by article key."""
        self._store = store
        self._stemmer = Stemmer()
        self._positions = positions

    def scores(self, query: str) -> WordScores:
        """Score the articles with the rarest words of the query, the best PROPOSALS of them."""
        documents = len(self._positions)
        terms = _query_terms(self._stemmer, query)
        counts = self._counts(terms)
        rarities = {term: idf(documents, counts.get(term, 0)) for term in terms}
        known = sorted((term for term in terms if term in counts), key=lambda t: counts[t])
        asked = [t for t in known if counts[t] <= self.COMMON_SHARE * documents] or known[:1]
        asked = asked[: self.RAREST]
        total = sum(rarities.values())
        if not asked or total <= 0:
            return NOTHING
        rows = self._store.rows(
            f"select rowid, -bm25(kb_words, {', '.join(map(str, COLUMN_WEIGHTS))}) as score"
            " from kb_words where kb_words match ? order by score desc limit ?",
            [" OR ".join(f'"{term}"' for term in asked), PROPOSALS],
        )
        positions = np.array([self._positions[row[0]] for row in rows], np.intp)
        bm25 = np.array([row[1] for row in rows], np.float32) / (total * (K1 + 1))
        # Without the terms of each article, its score bounds how much of the query it can cover.
        return WordScores(positions, bm25, np.minimum(1.0, bm25 * (K1 + 1) / K1))

    def _counts(self, terms: list[str]) -> dict[str, int]:
        database = self._store.database
        database.execute(
            "create virtual table if not exists temp.kb_terms using fts5vocab(main, kb_words, row)"
        )
        marks = ",".join("?" * len(terms))
        rows = self._store.rows(
            f"select term, doc from temp.kb_terms where term in ({marks})", terms
        )
        return dict(rows)


def idf(documents: int, having: int) -> float:
    """SQLite's inverse document frequency, never quite zero."""
    return max(float(np.log((documents - having + 0.5) / (having + 0.5))), 1e-6)


def _query_terms(stemmer: Stemmer, query: str) -> list[str]:
    terms = [term for word in telling_words(query) for term in stemmer.terms(word)]
    return list(dict.fromkeys(terms))[:LONGEST_QUERY]


def _postings(
    store: Store, positions: dict[int, int]
) -> dict[str, tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """For each term: positions of its articles, and BM25 there but for the rarity."""
    store.database.execute(
        "create virtual table if not exists temp.kb_places"
        " using fts5vocab(main, kb_words, instance)"
    )
    weights = dict(zip(("title", "questions", "body", "area"), COLUMN_WEIGHTS, strict=True))
    frequencies: dict[str, dict[int, float]] = {}
    lengths = np.zeros(len(positions), np.float32)
    for term, doc, column, times in store.rows(
        "select term, doc, col, count(*) from temp.kb_places group by term, doc, col"
    ):
        position = positions[doc]
        lengths[position] += times
        found = frequencies.setdefault(term, {})
        found[position] = found.get(position, 0.0) + weights[column] * times
    average = max(float(lengths.mean()) if len(lengths) else 1.0, 1e-6)
    postings = {}
    for term, found in frequencies.items():
        where = np.fromiter(found.keys(), np.intp, len(found))
        often = np.fromiter(found.values(), np.float32, len(found))
        dampened = often + K1 * (1 - B + B * lengths[where] / average)
        postings[term] = (where, (often * (K1 + 1) / dampened).astype(np.float32))
    return postings
