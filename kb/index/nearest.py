"""Finding the nearest units: exact while that is fast enough, approximate above a size."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kb.errors import IndexUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoder import Vectors

CONNECTIVITY = 32
"""With half of it, groups of forty near texts are cut off: of 200,000 units, recall@10 is 0.97
instead of 0.996."""

EXPANSION_ADD = 96

LONGEST = 127.0
"""The largest int8."""

OUTLIERS = 1e-4
"""Share of the numbers in vectors that may be cut to the range that int8 is stretched over.

Without the stretching a unit vector of 384 numbers uses a tenth of the range, and every twelfth of
the ten nearest is another one.
"""

NEAREST = 256
"""Units that are asked for; the search through the graph is as wide."""


@dataclass(frozen=True)
class Near:
    """Units by row, with their cosine to the query."""

    rows: NDArray[np.intp]
    cosines: NDArray[np.float32]


class NearestUnits(Protocol):
    """Gives vectors of the units of a snapshot by row."""

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        ...


class ExactUnits:
    """All vectors in memory, compared one by one."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep the vectors; a row's number is its place."""
        self._vectors = vectors

    def cosines(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of every unit."""
        found: NDArray[np.float32] = self._vectors @ query
        return found

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        return self._vectors[rows]


@dataclass(frozen=True)
class Graph:
    """The nearest neighbours of vectors by key (usearch, HNSW over int8)."""

    index: Any
    scale: float
    """What a number of a vector is multiplied by to make it an int8."""

    @classmethod
    def mapped(cls, file: Path) -> Graph:
        """One that was saved, mapped and not read."""
        return cls(_usearch().Index.restore(str(file), view=True), _kept_scale(file))

    @classmethod
    def grown(
        cls,
        older: Path | None,
        gone: NDArray[np.int64],
        batches: Iterator[tuple[Sequence[int], Vectors]],
    ) -> Graph | None:
        """That of an older file without some keys and with some more; or a new one."""
        graph = None
        if older is not None:
            graph = cls(_usearch().Index.restore(str(older)), _kept_scale(older))
            if len(gone):
                graph.index.remove(gone.astype(np.uint64))
        for keys, vectors in batches:
            if graph is None:
                scale = LONGEST / max(float(np.quantile(np.abs(vectors), 1 - OUTLIERS)), 1e-6)
                graph = cls(_empty(vectors.shape[1]), scale)
            graph.index.add(np.array(keys, np.uint64), graph.quantised(vectors))
        return graph

    def save(self, file: Path) -> None:
        """Write it, and the scale beside it."""
        np.save(_scale_file(file), np.array(self.scale))
        self.index.save(str(file))

    def quantised(self, vectors: Vectors) -> NDArray[np.int8]:
        """Vectors as the graph keeps them."""
        scaled = np.rint(vectors * np.float32(self.scale))
        return np.asarray(np.clip(scaled, -LONGEST, LONGEST), np.int8)

    def search(
        self, query: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(keys, cosines) of about the nearest."""
        found = self.index.search(self.quantised(query), count)
        products = 1.0 - np.asarray(found.distances, np.float32)
        return np.asarray(found.keys, np.int64), products / np.float32(self.scale**2)

    def vectors(self, keys: NDArray[np.int64]) -> Vectors:
        """Unit vectors by key, as exact as the graph keeps them."""
        kept = np.asarray(self.index.get(keys.astype(np.uint64)), np.float32)
        lengths = np.linalg.norm(kept, axis=1, keepdims=True)
        return np.asarray(kept / np.maximum(lengths, 1e-6), np.float32)


class ApproximateUnits:
    """A mapped graph, and what came since exactly and in memory.

    Units are known by key, so that the graph outlives a snapshot: what is in it but not in the
    snapshot is passed over.
    """

    def __init__(
        self, graph: Graph, keys: NDArray[np.int64], recent: NDArray[np.intp], vectors: Vectors
    ) -> None:
        """`keys` are the units of the snapshot by row; `recent` the rows that `vectors` are of."""
        self._graph = graph
        self._keys = keys
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]
        self._recent = recent
        self._vectors = vectors

    def nearest(self, query: NDArray[np.float32], count: int = NEAREST) -> Near:
        """About `count` of the nearest."""
        keys, cosines = self._graph.search(query, count)
        places = np.minimum(
            np.searchsorted(self._keys, keys, sorter=self._order), len(self._keys) - 1
        )
        rows = self._order[places]
        there = self._keys[rows] == keys
        if not len(self._recent):
            return Near(rows[there], cosines[there])
        return Near(
            np.concatenate([rows[there], self._recent]),
            np.concatenate([cosines[there], self._vectors @ query]),
        )

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows, as exact as the index keeps them."""
        found = np.zeros((len(rows), self._vectors.shape[1]), np.float32)
        places = np.searchsorted(self._recent, rows)
        new = places < len(self._recent)
        new[new] = self._recent[places[new]] == rows[new]
        found[new] = self._vectors[places[new]]
        if not new.all():
            found[~new] = self._graph.vectors(self._keys[rows[~new]])
        return found


def _scale_file(file: Path) -> Path:
    return file.with_name(f"{file.stem}-scale.npy")


def _kept_scale(file: Path) -> float:
    return float(np.load(_scale_file(file)))


def _empty(dimension: int) -> Any:
    return _usearch().Index(
        ndim=dimension,
        metric="ip",
        dtype="i8",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=NEAREST,
    )


def _usearch() -> Any:
    # ONNX Runtime crashes when it is loaded after usearch: load it first, where it is installed.
    with suppress(ImportError):
        import onnxruntime  # noqa: F401, PLC0415
    try:
        from usearch import index  # noqa: PLC0415 (only large bases need it)
    except ImportError as error:
        raise IndexUnavailableError(
            "a base of this size needs usearch; install frontline-desk[scale]"
        ) from error
    return index
