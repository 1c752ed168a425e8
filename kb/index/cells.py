"""Unit vectors in cells: a search looks only into the cells whose centres are nearest to the query.

The inverted file of Jégou, Douze, Schmid, "Product Quantization for Nearest Neighbor Search"
(2011), without the product quantizer: the vectors of a cell lie one after the other as int8, so
that comparing with all of them is one pass over a few kilobytes. `kb.index.cutting` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numkong
import numpy as np

from kb.index.arrays import best, mapped, ranges

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors

LARGEST = 127.0
"""The largest int8, which the largest number of each vector becomes.

With one scale for all vectors, three times as many of the ten nearest are others.
"""


@dataclass(frozen=True)
class Centres:
    """Where the cells lie."""

    vectors: Vectors
    """Of length 1, one for each cell."""
    fitted: int
    """How many vectors there were when they were fitted."""


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
    scales: NDArray[np.float32]
    """For each slot what its vector is to be multiplied by to be of length 1."""
    probes: int
    """How many cells a search looks into."""

    @classmethod
    def mapped(cls, folder: Path) -> Cells:
        """What `kb.index.cutting.write` wrote, without reading it."""
        centres, starts, rows, slots, vectors, scales, numbers = (
            mapped(array_file(folder, name))
            for name in ("centres", "starts", "rows", "slots", "vectors", "scales", "numbers")
        )
        fitted, probes = numbers.tolist()
        return cls(Centres(centres, fitted), starts, rows, slots, vectors, scales, probes)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.vectors.shape[1])

    def search(
        self, query: NDArray[np.float32], count: int, wider: int = 1
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """(rows, cosines) of about `count` of the nearest; looks into `wider` times the cells."""
        chosen = best(self.centres.vectors @ query, self.probes * wider)
        firsts, ends = self.starts[chosen], self.starts[chosen + 1]
        approximate, _ = quantised(query[np.newaxis])
        products = [
            np.asarray(numkong.cdist(self.vectors[first:end], approximate, "dot"))[:, 0]
            * self.scales[first:end]
            for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
            if end > first
        ]
        if not products:
            return self.rows[:0], np.zeros(0, np.float32)
        nearest = best(np.concatenate(products), count)
        sizes = ends - firsts
        rows = self.rows[ranges(firsts, sizes)[nearest]]
        # The best once more with the query as it is: half of what int8 blurs is gone again.
        return rows, self.of(rows) @ query

    def cosines(
        self, query: NDArray[np.float32], rows: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """Of some rows, wherever they lie."""
        if not len(rows):
            return np.zeros(0, np.float32)
        slots = self.slots[rows]
        approximate, scale = quantised(query[np.newaxis])
        products = numkong.cdist(self.vectors[slots], approximate, "dot")
        return np.asarray(np.asarray(products)[:, 0] * self.scales[slots] * scale, np.float32)

    def of(self, rows: NDArray[np.integer[Any]]) -> Vectors:
        """The vectors of some rows, as exact as the cells keep them."""
        slots = self.slots[rows]
        return np.asarray(self.vectors[slots] * self.scales[slots, np.newaxis], np.float32)


def quantised(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Vectors as the cells keep them, and what makes them again what they were."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.float32(1e-6)) / np.float32(LARGEST)
    return np.rint(vectors / scales[:, np.newaxis]).astype(np.int8), scales


def array_file(folder: Path, name: str) -> Path:
    """Where an array of the cells is kept."""
    return folder / f"cells-{name}.npy"
