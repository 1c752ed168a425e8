"""Cutting vectors into cells: how many, where, and how many of them a search has to look into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numkong
import numpy as np
from numpy.lib.format import write_array_header_1_0

from kb.index.arrays import best, mapped
from kb.index.cells import Cells, Centres, array_file, quantised
from kb.index.units import Progress, unheard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors

CELLS_OF_ROOT = 4
"""Times the square root of the number of vectors: half the work finds the cell, half looks in."""

SAMPLED_OF_CELL = 32
"""Vectors for each cell that its centre is fitted to."""

FITTED_AT_ONCE = 16_384

FITTING_PASSES = 6

GROWN = 2.0
"""Times as many vectors, or times fewer that are still there, from which cells are cut anew."""

PROBED = 200
"""Vectors whose nearest are looked for to measure how many cells that takes."""

COMPARED = 10
"""Their nearest that are to be found..."""

COMPLETE = 0.995
"""...so many of them on average; then twice the cells are taken, as questions lie further off."""

FEWEST = 32
"""Cells that a search looks into at least."""

AT_ONCE = 8_192
"""Vectors that are compared or copied at a time."""

Reader = Callable[["Sequence[int]"], "Iterable[tuple[Sequence[int], Vectors]]"]
"""Reads vectors by key: (keys, vectors) in batches, in the order asked for."""


@dataclass(frozen=True)
class Older:
    """Cells that new ones are made from."""

    cells: Cells
    keys: NDArray[np.int64]
    """For each row its key."""


@dataclass(frozen=True)
class _Placed:
    """Vectors with their keys and cells."""

    keys: NDArray[np.int64]
    cells: NDArray[np.int32]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]


def write(
    folder: Path,
    keys: NDArray[np.int64],
    read: Reader,
    older: Older | None = None,
    progress: Progress = unheard,
) -> None:
    """Write the cells of the vectors of some keys; a key's place is its row.

    What `older` has is taken from there and only added to, as long as its cells suit; `progress`
    hears how many of the others are in their cells, of how many. Takes as much memory as all the
    vectors do as int8.
    """
    order = np.argsort(keys)
    rising = keys[order]
    kept = None if older is None else _kept(older, rising)
    if older is None or kept is None or not _suits(older.cells, len(rising), len(kept.keys)):
        progress(0, len(rising))
        centres = _fitted(rising, read)
        kept = _nothing(centres)
    else:
        centres = older.cells.centres
    new = _placed(centres, np.setdiff1d(rising, kept.keys, assume_unique=True), read, progress)
    cells = np.concatenate([kept.cells, new.cells])
    sources = np.argsort(cells, kind="stable")
    own = np.concatenate([kept.keys, new.keys])[sources]
    rows = order[np.searchsorted(rising, own)].astype(np.int32)
    scales = np.concatenate([kept.scales, new.scales])[sources]
    file = array_file(folder, "vectors")
    _save_vectors(file, kept.vectors, new.vectors, sources)
    del kept, new
    made = Cells(
        centres,
        np.searchsorted(cells[sources], np.arange(len(centres.vectors) + 1)),
        rows,
        np.argsort(rows).astype(np.int32),
        mapped(file),
        scales,
        probes=1,
    )
    arrays: dict[str, NDArray[Any]] = {
        "centres": centres.vectors,
        "starts": made.starts,
        "rows": rows,
        "slots": made.slots,
        "scales": scales,
        "numbers": np.array([centres.fitted, _probes(made)]),
    }
    for name, array in arrays.items():
        np.save(array_file(folder, name), array)


def _suits(cells: Cells, wanted: int, kept: int) -> bool:
    """Whether the centres are of about as many vectors, and of those that are still there."""
    return cells.centres.fitted / GROWN <= kept and wanted <= GROWN * cells.centres.fitted


def _kept(older: Older, wanted: NDArray[np.int64]) -> _Placed:
    """What there is already of these keys."""
    keys = older.keys[older.cells.rows]
    slots = np.flatnonzero(np.isin(keys, wanted))
    sizes = np.diff(older.cells.starts)
    cells = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    return _Placed(keys[slots], cells[slots], older.cells.vectors[slots], older.cells.scales[slots])


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
    centres = np.asarray(found.cluster_centers_ / np.maximum(lengths, 1e-6), np.float32)
    return Centres(centres, len(keys))


def _nothing(centres: Centres) -> _Placed:
    vectors = np.zeros((0, centres.vectors.shape[1]), np.int8)
    return _Placed(np.zeros(0, np.int64), np.zeros(0, np.int32), vectors, np.zeros(0, np.float32))


def _placed(centres: Centres, keys: NDArray[np.int64], read: Reader, progress: Progress) -> _Placed:
    """The vectors of some keys, read, each in its cell."""
    cells = np.zeros(len(keys), np.int32)
    vectors = np.zeros((len(keys), centres.vectors.shape[1]), np.int8)
    scales = np.zeros(len(keys), np.float32)
    first = 0
    for some, found in read(keys.tolist()):
        rows = slice(first, first + len(some))
        cells[rows] = np.argmax(found @ centres.vectors.T, axis=1)
        vectors[rows], scales[rows] = quantised(found)
        first += len(some)
        progress(first, len(keys))
    return _Placed(keys, cells, vectors, scales)


def _save_vectors(
    file: Path, kept: NDArray[np.int8], new: NDArray[np.int8], sources: NDArray[np.intp]
) -> None:
    """As `np.save` would save the rows at these places of both, one after the other.

    Never through a map: there a full disk would end the process.
    """
    with file.open("wb") as out:
        shape = (len(sources), new.shape[1])
        write_array_header_1_0(out, {"descr": "|i1", "fortran_order": False, "shape": shape})
        for first in range(0, len(sources), AT_ONCE):
            some = sources[first : first + AT_ONCE]
            part = np.empty((len(some), new.shape[1]), np.int8)
            is_new = some >= len(kept)
            part[is_new], part[~is_new] = new[some[is_new] - len(kept)], kept[some[~is_new]]
            out.write(part.data)


def _probes(cells: Cells) -> int:
    """How many cells a search is to look into."""
    size = len(cells.rows)
    slots = np.random.default_rng(1).permutation(size)[: min(PROBED, size)]
    queries = cells.vectors[slots]
    values = np.zeros((len(slots), 0))
    nearest = np.zeros((len(slots), 0), np.intp)
    for first in range(0, size, AT_ONCE):
        part = cells.vectors[first : first + AT_ONCE]
        products = np.asarray(numkong.cdist(queries, part, "dot"))
        values = np.hstack([values, products * cells.scales[first : first + len(part)]])
        places = np.arange(first, first + len(part))
        nearest = np.hstack([nearest, np.broadcast_to(places, (len(slots), len(part)))])
        kept = np.array([best(row, COMPARED + 1) for row in values])
        values = np.take_along_axis(values, kept, 1)
        nearest = np.take_along_axis(nearest, kept, 1)
    own = np.searchsorted(cells.starts, nearest, side="right") - 1
    order = np.argsort(-(cells.of(cells.rows[slots]) @ cells.centres.vectors.T), axis=1)
    needed = np.sort(np.take_along_axis(np.argsort(order, axis=1), own, 1), axis=None)
    probes = 2 * (1 + int(needed[int(COMPLETE * (len(needed) - 1))]))
    return min(max(probes, FEWEST), len(cells.starts) - 1)
