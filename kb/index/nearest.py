"""Finding the nearest units: exact while that is fast enough, approximate above a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numkong
import numpy as np

from kb.index.vectors import VECTOR_TYPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors
    from kb.index.cells import Cells

NEAREST = 256
"""Units that are asked for."""

WIDEST = 16
"""How many times as many are asked for where most of them may not be shown."""


@dataclass(frozen=True)
class Near:
    """Units by row, with their cosine to the query."""

    rows: NDArray[np.intp]
    cosines: NDArray[np.float32]


@dataclass(frozen=True)
class Places:
    """Where the units of the files are in a snapshot, and the other way round; -1 for nowhere."""

    rows: NDArray[np.intp]
    """For each unit of the files."""
    origins: NDArray[np.intp]
    """For each unit of the snapshot."""

    @property
    def changed(self) -> float:
        """How many units came or went since the files were made, as a share of theirs."""
        return float((self.origins < 0).sum() + (self.rows < 0).sum()) / len(self.rows)


class NearestUnits(Protocol):
    """Gives vectors of the units of a snapshot by row."""

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        ...


class ExactUnits:
    """All vectors in memory, as the database keeps them, compared one by one."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep the vectors; a row's number is its place."""
        self._vectors = vectors.astype(VECTOR_TYPE)

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of every unit."""
        if not len(self._vectors):
            return np.zeros(0, np.float32)
        # Half the memory to pass through: above some thousand units nothing else counts.
        found = numkong.cdist(self._vectors, query[np.newaxis].astype(VECTOR_TYPE), "dot")
        return np.asarray(found, np.float32)[:, 0]

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        return self._vectors[rows].astype(np.float32)


class ApproximateUnits:
    """Mapped cells, and what came since exactly and in memory."""

    def __init__(self, cells: Cells, places: Places, vectors: Vectors) -> None:
        """`vectors` are of the rows that are not in the cells, in their order."""
        self._cells = cells
        self._places = places
        self._recent = np.flatnonzero(places.origins < 0)
        self._since = ExactUnits(vectors)

    @property
    def changed(self) -> float:
        """How much is not as the files have it; see `Places`."""
        return self._places.changed

    def nearest(self, query: NDArray[np.float32], wider: int = 1) -> Near:
        """About `NEAREST` of the nearest, or `wider` times as many."""
        found, cosines = self._cells.search(query, NEAREST * wider, wider)
        rows = self._places.rows[found]
        there = rows >= 0
        if there.sum() < len(rows) / 2 and wider < WIDEST:
            # Around the query most of what the files have is gone.
            return self.nearest(query, min(WIDEST, 4 * wider))
        return Near(
            np.concatenate([rows[there], self._recent]),
            np.concatenate([cosines[there], self._since.cosines(query)]),
        )

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Of some rows, wherever they lie."""
        origins = self._places.origins[rows]
        mapped = origins >= 0
        found = np.empty(len(rows), np.float32)
        found[mapped] = self._cells.cosines(query, origins[mapped])
        found[~mapped] = self._since_at(rows[~mapped]) @ query
        return found

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows, as exact as the index keeps them."""
        origins = self._places.origins[rows]
        mapped = origins >= 0
        if mapped.all():
            return self._cells.of(origins)
        found = np.empty((len(rows), self._cells.dimension), np.float32)
        found[mapped] = self._cells.of(origins[mapped])
        found[~mapped] = self._since_at(rows[~mapped])
        return found

    def _since_at(self, rows: NDArray[np.intp]) -> Vectors:
        return self._since.vectors(np.searchsorted(self._recent, rows))
