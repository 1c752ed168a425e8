"""Unit vectors in cells: a search looks only into the cells whose centres are nearest to the query.

The inverted file of Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search"
(2011), without the product quantizer: the vectors of a cell lie one after the other as int8, so
that comparing with all of them is one pass over a few hundred kilobytes. How many cells a search
looks into is measured when the cells are made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numkong
import numpy as np
from numpy.lib.format import write_array_header_1_0

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoder import Vectors

CELLS_OF_ROOT = 4
"""Times the square root of the number of vectors: half the work finds the cell, half looks in."""

SAMPLED_OF_CELL = 32
"""Vectors for each cell that its centre is fitted to."""

FITTED_AT_ONCE = 16_384

FITTING_PASSES = 6

GROWN = 2.0
"""Times as many vectors from which cells are cut anew."""

LONGEST = 127.0
"""The largest int8."""

OUTLIERS = 1e-4
"""Share of the numbers in vectors that may be cut to the range that int8 is stretched over.

Without the stretching a unit vector of 384 numbers uses a tenth of the range, and every twelfth of
the ten nearest is another one.
"""

PROBED = 200
"""Vectors whose nearest are looked for to measure how many cells that takes."""

COMPARED = 10
"""Their nearest that are to be found..."""

COMPLETE = 0.995
"""...so many of them on average; then twice the cells are taken, as questions lie further off."""

FEWEST = 16
"""Cells that a search looks into at least."""

COPIED_AT_ONCE = 65_536


Reader = Callable[["Sequence[int]"], "Iterable[tuple[Sequence[int], Vectors]]"]
"""Reads vectors by key: (keys, vectors) in batches, in the order asked for."""


@dataclass(frozen=True)
class Centres:
    """Where the cells lie."""

    vectors: Vectors
    """Of length 1, one for each cell."""
    scale: float
    """What a number of a vector is multiplied by to make it an int8."""
    fitted: int
    """How many vectors there were when they were fitted."""

    def nearest(self, vectors: Vectors) -> NDArray[np.int32]:
        """The cell of each vector."""
        return np.asarray(np.argmax(vectors @ self.vectors.T, axis=1), np.int32)

    def quantised(self, vectors: Vectors) -> NDArray[np.int8]:
        """Vectors as the cells keep them."""
        scaled = np.rint(vectors * np.float32(self.scale))
        return np.asarray(np.clip(scaled, -LONGEST, LONGEST), np.int8)


@dataclass(frozen=True)
class Cells:
    """Vectors by row, as the caller numbers them; a slot is a place in `vectors`."""

    centres: Centres
    starts: NDArray[np.int64]
    """For each cell its first slot, and at the end how many there are."""
    rows: NDArray[np.int32]
    """For each slot its row."""
    slots: NDArray[np.int32]
    """For each row its slot."""
    vectors: NDArray[np.int8]
    probes: int
    """How many cells a search looks into."""

    @classmethod
    def mapped(cls, folder: Path) -> Cells:
        """What `write` wrote, without reading it."""
        centres, starts, rows, slots, vectors, numbers = (
            # Plain arrays over the mapped file: indexing numpy's own memmap costs ten times more.
            np.asarray(np.load(_file(folder, name), mmap_mode="r"))
            for name in ("centres", "starts", "rows", "slots", "vectors", "numbers")
        )
        scale, fitted, probes = numbers.tolist()
        return cls(Centres(centres, scale, int(fitted)), starts, rows, slots, vectors, int(probes))

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.vectors.shape[1])

    def search(
        self, query: NDArray[np.float32], count: int, wider: int = 1
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """(rows, cosines) of about `count` of the nearest; looks into `wider` times the cells."""
        chosen = _best(self.centres.vectors @ query, self.probes * wider)
        firsts, ends = self.starts[chosen], self.starts[chosen + 1]
        quantised = self.centres.quantised(query[np.newaxis])
        products = [
            np.asarray(numkong.cdist(self.vectors[first:end], quantised, "dot"))
            for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
            if end > first
        ]
        if not products:
            return self.rows[:0], np.zeros(0, np.float32)
        best = _best(np.concatenate(products)[:, 0], count)
        sizes = ends - firsts
        slots = np.repeat(firsts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        rows = self.rows[slots[best]]
        # The best once more with the query as it is: half of what int8 blurs is gone again.
        return rows, self.of(rows) @ query

    def of(self, rows: NDArray[np.integer[Any]]) -> Vectors:
        """The vectors of some rows, as exact as the cells keep them."""
        kept = self.vectors[self.slots[rows]]
        return np.asarray(kept / np.float32(self.centres.scale), np.float32)


def write(folder: Path, keys: NDArray[np.int64], read: Reader, older: Older | None = None) -> None:
    """Write the cells of the vectors of some keys; a key's place is its row.

    What `older` has is taken from there and only added to, until there are GROWN times as many.
    Takes as much memory as the new vectors do as int8.
    """
    if older is not None and len(keys) > GROWN * older.cells.centres.fitted:
        older = None
    order = np.argsort(keys)
    rising = keys[order]
    if older is None:
        centres, cells, kept = _fitted(rising, read), np.zeros(0, np.int32), np.zeros(0, np.intp)
        before = rising[:0]
    else:
        centres = older.cells.centres
        before = older.keys[older.cells.rows]
        kept = np.flatnonzero(np.isin(before, rising))
        sizes = np.diff(older.cells.starts)
        before, cells = before[kept], np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[kept]
    added = np.setdiff1d(rising, before, assume_unique=True)
    found, new = _assigned(centres, added, read)
    cells = np.concatenate([cells, found])
    sources = np.argsort(cells, kind="stable")
    both = np.concatenate([before, added])[sources]
    rows = order[np.searchsorted(rising, both)].astype(np.int32)
    slots = np.empty_like(rows)
    slots[rows] = np.arange(len(rows), dtype=np.int32)
    parts = (
        _gathered(part, new, older.cells.vectors if older is not None else new[:0], kept)
        for part in np.array_split(sources, 1 + len(sources) // COPIED_AT_ONCE)
    )
    _save_parts(_file(folder, "vectors"), parts, (len(keys), new.shape[1]))
    np.save(_file(folder, "centres"), centres.vectors)
    starts = np.searchsorted(cells[sources], np.arange(len(centres.vectors) + 1))
    np.save(_file(folder, "starts"), starts)
    np.save(_file(folder, "rows"), rows)
    np.save(_file(folder, "slots"), slots)
    np.save(_file(folder, "numbers"), np.array([centres.scale, centres.fitted, 1]))
    probes = _probes(Cells.mapped(folder))
    np.save(_file(folder, "numbers"), np.array([centres.scale, centres.fitted, probes]))


@dataclass(frozen=True)
class Older:
    """Cells that new ones are made from."""

    cells: Cells
    keys: NDArray[np.int64]
    """For each row its key."""


def _fitted(keys: NDArray[np.int64], read: Reader) -> Centres:
    """Centres of so many cells as are good for so many vectors, by k-means on a sample."""
    from sklearn.cluster import MiniBatchKMeans  # noqa: PLC0415 (only large bases need it)

    count = max(1, int(CELLS_OF_ROOT * len(keys) ** 0.5))
    chosen = np.random.default_rng(0)
    some = chosen.permutation(keys)[: count * SAMPLED_OF_CELL]
    vectors = np.concatenate([part for _, part in read(np.sort(some).tolist())])
    chosen.shuffle(vectors)
    count = min(count, len(vectors))
    found = MiniBatchKMeans(
        count,
        init=vectors[:count],
        n_init=1,
        batch_size=FITTED_AT_ONCE,
        max_iter=FITTING_PASSES,
        reassignment_ratio=0,
        compute_labels=False,
        random_state=0,
    ).fit(vectors)
    lengths = np.linalg.norm(found.cluster_centers_, axis=1, keepdims=True)
    scale = LONGEST / max(float(np.quantile(np.abs(vectors[:COPIED_AT_ONCE]), 1 - OUTLIERS)), 1e-6)
    centres = np.asarray(found.cluster_centers_ / np.maximum(lengths, 1e-6), np.float32)
    return Centres(centres, scale, len(keys))


def _assigned(
    centres: Centres, keys: NDArray[np.int64], read: Reader
) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """For some keys their cells, and their vectors as the cells keep them."""
    cells = np.zeros(len(keys), np.int32)
    kept = np.zeros((len(keys), centres.vectors.shape[1]), np.int8)
    first = 0
    for some, vectors in read(keys.tolist()):
        rows = slice(first, first + len(some))
        cells[rows], kept[rows] = centres.nearest(vectors), centres.quantised(vectors)
        first += len(some)
    return cells, kept


def _gathered(
    sources: NDArray[np.intp],
    new: NDArray[np.int8],
    old: NDArray[np.int8],
    kept: NDArray[np.intp],
) -> NDArray[np.int8]:
    """Vectors by their places in what is kept of the old ones, and the new ones after it."""
    vectors = np.empty((len(sources), new.shape[1]), np.int8)
    is_new = sources >= len(kept)
    vectors[is_new] = new[sources[is_new] - len(kept)]
    vectors[~is_new] = old[kept[sources[~is_new]]]
    return vectors


def _save_parts(file: Path, parts: Iterable[NDArray[np.int8]], shape: tuple[int, int]) -> None:
    """As `np.save` would; never through a map, where a full disk would end the process."""
    with file.open("wb") as out:
        described = {"descr": "|i1", "fortran_order": False, "shape": shape}
        write_array_header_1_0(out, described)
        for part in parts:
            out.write(part.data)


def _probes(cells: Cells) -> int:
    """How many cells a search is to look into."""
    size = len(cells.rows)
    slots = np.random.default_rng(1).permutation(size)[: min(PROBED, size)]
    queries = cells.vectors[slots]
    values = np.zeros((len(slots), 0))
    nearest = np.zeros((len(slots), 0), np.intp)
    for first in range(0, size, COPIED_AT_ONCE):
        part = cells.vectors[first : first + COPIED_AT_ONCE]
        values = np.hstack([values, np.asarray(numkong.cdist(queries, part, "dot"))])
        places = np.arange(first, first + len(part))
        nearest = np.hstack([nearest, np.broadcast_to(places, (len(slots), len(part)))])
        best = np.argsort(-values, axis=1)[:, : COMPARED + 1]
        values = np.take_along_axis(values, best, 1)
        nearest = np.take_along_axis(nearest, best, 1)
    own = np.searchsorted(cells.starts, nearest, side="right") - 1
    order = np.argsort(-(cells.of(cells.rows[slots]) @ cells.centres.vectors.T), axis=1)
    needed = np.sort(np.take_along_axis(np.argsort(order, axis=1), own, 1), axis=None)
    probes = 2 * (1 + int(needed[int(COMPLETE * (len(needed) - 1))]))
    return min(max(probes, FEWEST), len(cells.starts) - 1)


def _file(folder: Path, name: str) -> Path:
    return folder / f"cells-{name}.npy"


def _best(scores: NDArray[np.floating[Any]], count: int) -> NDArray[np.intp]:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
