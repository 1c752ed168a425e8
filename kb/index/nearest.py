"""Finding the nearest units: exact while that is fast enough, approximate above a size.

The approximate index (usearch, HNSW over int8) is a file beside the database that is mapped, not
loaded. It is written whole under a new name, so a reader never sees half of one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from kb.errors import IndexUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoder import Vectors

    Batches = Callable[[Sequence[int]], Iterator[tuple[list[int], Vectors]]]

APPROXIMATE_FROM = 50_000
"""Units from which the approximate index takes over; exact search then needs 10 ms."""

CONNECTIVITY = 16
EXPANSION_ADD = 96
EXPANSION_SEARCH = 256
NEAREST = 400


@dataclass(frozen=True)
class Near:
    """Units by row, with their cosine to the query."""

    rows: NDArray[np.intp]
    cosines: NDArray[np.float32]


class NearestUnits(Protocol):
    """Finds the units nearest to a query among those of a snapshot."""

    def nearest(self, query: NDArray[np.float32]) -> Near:
        """The nearest units; an exact index gives all of them, in row order."""
        ...

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        ...


class ExactUnits:
    """All vectors in memory, compared one by one."""

    def __init__(self, vectors: Vectors) -> None:
        """Keep the vectors; a row's number is its place."""
        self._vectors = vectors
        self._rows = np.arange(len(vectors))

    def nearest(self, query: NDArray[np.float32]) -> Near:
        """Every unit."""
        if not len(self._rows):
            return Near(self._rows, np.zeros(0, np.float32))
        return Near(self._rows, self._vectors @ query)

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows."""
        return self._vectors[rows]


class ApproximateUnits:
    """A mapped HNSW graph; keys are those of the units, so that it outlives a snapshot."""

    def __init__(self, file: Path, keys: NDArray[np.int64]) -> None:
        """Map the file; `keys` are the units of the snapshot in row order, rising."""
        self._keys = keys
        self._index = _usearch().Index.restore(str(file), view=True)
        self._index.expansion_search = EXPANSION_SEARCH
        self._order = np.argsort(keys)

    def nearest(self, query: NDArray[np.float32]) -> Near:
        """About the NEAREST nearest."""
        found = self._index.search(query, NEAREST)
        rows = self._rows(np.asarray(found.keys, np.int64))
        return Near(rows, np.asarray(1.0 - found.distances, np.float32))

    def vectors(self, rows: NDArray[np.intp]) -> Vectors:
        """The vectors of some rows, as exact as the index keeps them."""
        if not len(rows):
            return np.zeros((0, self._index.ndim), np.float32)
        found = np.asarray(self._index.get(self._keys[rows].astype(np.uint64)), np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-6), np.float32)

    def _rows(self, keys: NDArray[np.int64]) -> NDArray[np.intp]:
        return self._order[np.searchsorted(self._keys, keys, sorter=self._order)]


def prepare(
    folder: Path, model: str, generation: str, keys: NDArray[np.int64], batches: Batches
) -> Path:
    """The index file of this generation: the last one with what is new added and the rest removed.

    `batches(keys)` yields (keys, vectors) of the units asked for.
    """
    stem = re.sub(r"[^\w.-]", "-", model)
    file = folder / f"{stem}-{generation}.usearch"
    if file.exists():
        return file
    older = sorted(folder.glob(f"{stem}-*.usearch"), key=lambda path: path.stat().st_mtime)
    index = _restored(older[-1]) if older else None
    missing = keys
    if index is not None:
        present = np.asarray(list(index.keys), np.int64)
        index.remove(np.setdiff1d(present, keys).astype(np.uint64))
        missing = np.setdiff1d(keys, present)
    for some, vectors in batches(missing.tolist()):
        if index is None:
            index = _empty(vectors.shape[1])
        index.add(np.array(some, np.uint64), vectors)
    if index is None:
        raise IndexUnavailableError(f"{file}: there is nothing to index; sync some articles first")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        index.save(str(part))
        part.replace(file)
        for old in older:
            # A process that has it mapped keeps it until it looks again.
            old.unlink(missing_ok=True)
    except OSError as error:
        raise IndexUnavailableError(f"{file}: {error.strerror}; free some space") from error
    return file


def _restored(file: Path) -> Any:
    try:
        return _usearch().Index.restore(str(file))
    except (RuntimeError, OSError, ValueError):
        return None


def _empty(dimension: int) -> Any:
    return _usearch().Index(
        ndim=dimension,
        metric="cos",
        dtype="i8",
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
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
