"""BM25 and coverage: over all articles of a small base, over the best of a large one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.index.postings import K1, Postings, collect
from kb.index.terms import Stemmer

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

MOST_POSTINGS = 20_000
"""Of a large base, the rarest words of a query are looked up until they have so many articles."""

PROPOSALS = 150
"""The best of these are then scored with all words of the query."""


@dataclass(frozen=True)
class WordScores:
    """For some articles by position: BM25 and coverage, both as shares of what is possible."""

    positions: NDArray[np.intp]
    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]
    """How much of the query, weighed by rarity, occurs in the article at all."""


class MemoryWordIndex:
    """Every term's articles and weights as arrays: microseconds a query, some megabytes."""

    def __init__(self, connection: sqlite3.Connection, articles: NDArray[np.int64]) -> None:
        """Read the whole full-text table; `articles` are its keys, rising."""
        terms, found = collect(connection, articles)
        self._stemmer = Stemmer()
        self._documents = len(articles)
        ends = found.starts.tolist()
        self._rarest = idf(self._documents, 0)
        rarities = [idf(self._documents, end - start) for start, end in pairwise(ends)]
        weighed = found.weights * np.repeat(np.asarray(rarities, np.float32), np.diff(found.starts))
        self._postings = {
            term: (
                found.places[ends[row] : ends[row + 1]],
                weighed[ends[row] : ends[row + 1]],
                rarities[row],
            )
            for row, term in enumerate(terms)
        }

    def scores(self, query: str) -> WordScores:
        """Score every article, also those that have no word of the query."""
        terms = self._stemmer.query_terms(query)
        known = [found for term in terms if (found := self._postings.get(term)) is not None]
        everywhere = np.arange(self._documents)
        if not known:
            nothing = np.zeros(self._documents, np.float32)
            return WordScores(everywhere, nothing, nothing)
        places = np.concatenate([found[0] for found in known])
        weighed = np.concatenate([found[1] for found in known])
        having = np.repeat([found[2] for found in known], [len(found[0]) for found in known])
        total = sum(found[2] for found in known) + self._rarest * (len(terms) - len(known))
        bm25 = np.bincount(places, weighed, self._documents) / (total * (K1 + 1))
        coverage = np.bincount(places, having, self._documents) / total
        return WordScores(everywhere, bm25.astype(np.float32), coverage.astype(np.float32))


class MappedWordIndex:
    """Postings in mapped files, and those of the articles that changed since, in memory."""

    def __init__(
        self, base: Postings, positions: NDArray[np.int64], recent: Postings, articles: int
    ) -> None:
        """`positions` are those of the files' articles, -1 for one that changed or is gone.

        The documents of `recent` are numbered by position.
        """
        self._base, self._recent = base, recent
        self._positions = positions
        self._articles = articles
        self._places = np.full(articles, -1, np.int32)
        alive = np.flatnonzero(positions >= 0)
        self._places[positions[alive]] = alive
        self._stemmer = Stemmer()

    def scores(self, query: str, also: NDArray[np.intp]) -> WordScores:
        """Score the best of those that share a rare word with the query, and some others."""
        terms = [
            (self._base.of(term), self._recent.of(term))
            for term in self._stemmer.query_terms(query)
        ]
        rarities = [idf(self._articles, len(base[0]) + len(new[0])) for base, new in terms]
        total = sum(rarities)
        chosen = np.union1d(self._best(terms, rarities), also).astype(np.intp)
        bm25 = np.zeros(len(chosen), np.float32)
        coverage = np.zeros(len(chosen), np.float32)
        places = self._places[chosen]
        # In the type of the documents: otherwise all of these would be copied to that of the rest.
        chosen_places = chosen.astype(np.int32)
        for rarity, (base, recent) in zip(rarities, terms, strict=True):
            for wanted, (documents, weights) in ((places, base), (chosen_places, recent)):
                if not len(documents):
                    continue
                rows = np.minimum(np.searchsorted(documents, wanted), len(documents) - 1)
                has = documents[rows] == wanted
                bm25[has] += rarity * weights[rows[has]].astype(np.float32)
                coverage[has] += rarity
        if total:
            bm25 /= total * (K1 + 1)
            coverage /= total
        return WordScores(chosen, bm25, coverage)

    def _best(self, terms: list[_Found], rarities: list[float]) -> NDArray[np.intp]:
        """Positions of the best by the rarest words alone."""
        # One place more, for articles of the files that are no more.
        sums = np.zeros(self._articles + 1, np.float32)
        touched: list[NDArray[np.integer[Any]]] = []
        left = MOST_POSTINGS
        for row in sorted(range(len(terms)), key=lambda row: -rarities[row]):
            base, recent = terms[row]
            left -= len(base[0]) + len(recent[0])
            if left < 0 and touched:
                break
            for positions, weights in ((self._positions[base[0]], base[1]), recent):
                sums[positions] += np.multiply(weights, rarities[row], dtype=np.float32)
                touched.append(positions)
        if not touched:
            return np.zeros(0, np.intp)
        found = np.concatenate(touched)
        found = found[found >= 0]
        if len(found) > PROPOSALS:
            # An article stands here once for each of its words: that many more are kept.
            wanted = min(len(found) - 1, PROPOSALS * min(len(touched), 4))
            found = found[np.argpartition(-sums[found], wanted)[:wanted]]
        return np.asarray(found, np.intp)


_Posted = tuple["NDArray[np.int32]", "NDArray[np.float32]"]
_Found = tuple[_Posted, _Posted]
"""What the files and what came since say of a term."""


def idf(documents: int, having: int) -> float:
    """SQLite's inverse document frequency, never quite zero."""
    return max(float(np.log((documents - having + 0.5) / (having + 0.5))), 1e-6)
