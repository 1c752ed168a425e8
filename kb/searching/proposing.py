"""Which articles may answer, by meaning and by words: one interface, two indexes.

Exact for small bases, where every article is scored; for large ones only those are that the
approximate index or a rare word brings up, and the cost of a search does not grow with the base.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kb.index.arrays import best, ranges
from kb.index.nearest import WIDEST, Near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors
    from kb.index.nearest import ApproximateUnits, ExactUnits
    from kb.index.words import MappedWordIndex, MemoryWordIndex

PROPOSED = 60
"""Articles that dense and lexical search propose, each."""

PROPOSED_BY_WORDS = 30
"""In a large base: what words alone bring up has its vectors fetched one by one."""

FEW_UNITS = 20_000
"""Of a scope so small all units are compared: in the cells there may be next to none of them."""


@dataclass(frozen=True)
class Layout:
    """Which units belong to which article; units are in the order of their articles."""

    owners: NDArray[np.intp]
    """For each unit, the position of its article."""
    starts: NDArray[np.intp]
    """For each article its first unit, and at the end how many there are."""

    def rows_of(self, position: int) -> slice:
        """The rows of an article's units."""
        return slice(int(self.starts[position]), int(self.starts[position + 1]))

    def sizes(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """How many units each of some articles has."""
        return self.starts[positions + 1] - self.starts[positions]


@dataclass(frozen=True)
class Proposals:
    """Articles by position, rising, and what meaning and words say of each."""

    positions: NDArray[np.intp]
    dense: NDArray[np.float32]
    bm25: NDArray[np.float32]
    coverage: NDArray[np.float32]
    cosines: NDArray[np.float32] | None = None
    """Of every unit, where all were compared."""


class Proposer(Protocol):
    """Proposes articles for a query."""

    def propose(
        self, text: str, vector: NDArray[np.float32], allowed: NDArray[np.intp] | None
    ) -> Proposals:
        """The best by meaning and by words; `allowed` are positions, None allows all."""
        ...


@dataclass(frozen=True)
class ExactProposer:
    """Scores every article."""

    nearest: ExactUnits
    words: MemoryWordIndex
    layout: Layout
    gists: Vectors
    """For each article, the direction of the mean of its units."""
    breadth: NDArray[np.float32]
    """For each article, how much its gist counts beside its nearest unit."""

    def propose(
        self, text: str, vector: NDArray[np.float32], allowed: NDArray[np.intp] | None
    ) -> Proposals:
        """As the interface says."""
        cosines = self.nearest.cosines(vector)
        dense = self.dense(vector, cosines)
        words = self.words.scores(text)
        positions = _union(_best(dense, allowed), _best(words.bm25, allowed), len(dense))
        return Proposals(
            positions, dense[positions], words.bm25[positions], words.coverage[positions], cosines
        )

    def dense(
        self, query: NDArray[np.float32], cosines: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """For each article, the cosine of its nearest unit, blended with that of its gist."""
        nearest = np.full(len(self.breadth), -1.0, np.float32)
        if not len(self.layout.owners):
            return nearest
        present, firsts = self._present
        nearest[present] = np.maximum.reduceat(cosines, firsts)
        broad, breadth, gists = self._broad
        if len(broad):
            nearest[broad] += breadth * (gists @ query - nearest[broad])
        return nearest

    @cached_property
    def _present(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The articles that have units, and the first unit of each."""
        present = np.flatnonzero(np.diff(self.layout.starts))
        return present, self.layout.starts[present]

    @cached_property
    def _broad(self) -> tuple[NDArray[np.intp], NDArray[np.float32], Vectors]:
        """The articles whose gist counts, how much, and the gists."""
        broad = np.flatnonzero(self.breadth)
        gists = self.gists if len(broad) == len(self.breadth) else self.gists[broad]
        return broad, self.breadth[broad], gists


@dataclass(frozen=True)
class ApproximateProposer:
    """Scores what the approximate index and the rare words of the query bring up."""

    nearest: ApproximateUnits
    words: MappedWordIndex
    layout: Layout

    def propose(
        self, text: str, vector: NDArray[np.float32], allowed: NDArray[np.intp] | None
    ) -> Proposals:
        """As the interface says."""
        near = self._near(vector, allowed)
        owners, rows = np.unique(self.layout.owners[near.rows], return_inverse=True)
        cosines = np.full(len(owners), -1.0, np.float32)
        np.maximum.at(cosines, rows, near.cosines)
        first = _within(owners, allowed)
        first = owners[first[best(cosines[first], PROPOSED)]]
        words = self.words.scores(text, first)
        second = _within(words.positions, allowed)
        second = words.positions[second[best(words.bm25[second], PROPOSED_BY_WORDS)]]
        positions = np.union1d(first, second).astype(np.intp)
        rows = np.searchsorted(words.positions, positions)
        dense = _scattered(owners, cosines, positions)
        return Proposals(
            positions,
            self._completed(dense, positions, vector),
            words.bm25[rows],
            words.coverage[rows],
        )

    def _near(self, vector: NDArray[np.float32], allowed: NDArray[np.intp] | None) -> Near:
        """The nearest units, so many that enough of them may be shown."""
        if allowed is None:
            return self.nearest.nearest(vector)
        if self.layout.sizes(allowed).sum() <= FEW_UNITS:
            rows = self._rows(allowed)
            return Near(rows, self.nearest.cosines(vector, rows))
        articles = len(self.layout.starts) - 1
        return self.nearest.nearest(vector, min(WIDEST, -(-articles // len(allowed))))

    def _rows(self, positions: NDArray[np.intp]) -> NDArray[np.intp]:
        """The rows of the units of some articles, one article's after the other's."""
        return ranges(self.layout.starts[positions], self.layout.sizes(positions))

    def _completed(
        self, dense: NDArray[np.float32], positions: NDArray[np.intp], query: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Cosines also of those articles that the index did not come to."""
        missing = np.flatnonzero(np.isnan(dense))
        if not len(missing):
            return dense
        sizes = self.layout.sizes(positions[missing])
        missing, sizes = missing[sizes > 0], sizes[sizes > 0]
        if len(missing):
            rows = self._rows(positions[missing])
            cosines = self.nearest.vectors(rows) @ query
            dense[missing] = np.maximum.reduceat(cosines, np.cumsum(sizes) - sizes)
        return np.nan_to_num(dense, nan=-1.0)


def _best(scores: NDArray[np.float32], allowed: NDArray[np.intp] | None) -> NDArray[np.intp]:
    if allowed is None:
        return best(scores, PROPOSED)
    return np.asarray(allowed[best(scores[allowed], PROPOSED)], np.intp)


def _union(ones: NDArray[np.intp], others: NDArray[np.intp], articles: int) -> NDArray[np.intp]:
    """All positions of both, rising."""
    chosen = np.zeros(articles, np.bool_)
    chosen[ones] = chosen[others] = True
    return np.flatnonzero(chosen)


def _within(positions: NDArray[np.intp], allowed: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """Which rows of rising positions are allowed."""
    if allowed is None:
        return np.arange(len(positions))
    if not len(allowed):
        return np.zeros(0, np.intp)
    places = np.minimum(np.searchsorted(allowed, positions), len(allowed) - 1)
    return np.flatnonzero(allowed[places] == positions)


def _scattered(
    known: NDArray[np.intp], values: NDArray[np.float32], wanted: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The values at some positions, out of those at rising known ones; NaN where there is none."""
    found = np.full(len(wanted), np.nan, np.float32)
    if len(known):
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        has = known[places] == wanted
        found[has] = values[places[has]]
    return found
