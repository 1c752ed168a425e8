"""How near messages are to those that are known: inner products with many rows in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numkong
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

Matrix = NDArray[np.float32]

_BLOCK = 1_000

FEW = 4
"""Rows that are compared one by one: more are worth a conversion of all that is known."""

_SCALES = "_scales"
"""How the name of what scales some rows ends."""

MOST = 127.0
"""The largest of eight bits, both ways."""


@dataclass(frozen=True)
class Packed:
    """Rows in eight bits, each with a scale of its own: what is known, as it lies in memory.

    A single message waits for memory and for nothing else: this is a quarter of single precision.
    A row is packed alike wherever it stands, so what two estimators know can be compared.
    """

    numbers: NDArray[np.int8]
    """(rows, dimension)."""
    scales: Matrix
    """(rows,) what one of the numbers stands for."""

    @classmethod
    def of(cls, rows: NDArray[Any]) -> Packed:
        """Pack rows of numbers."""
        rows = np.ascontiguousarray(rows, np.float32)
        scales = np.maximum(rows.max(axis=1, initial=0), -rows.min(axis=1, initial=0))
        scales /= np.float32(MOST)
        scales[scales == 0] = 1
        return cls(np.rint(rows / scales[:, np.newaxis]).astype(np.int8), scales)

    @classmethod
    def stored(cls, name: str, arrays: Mapping[str, NDArray[Any]]) -> Packed:
        """Read what `arrays` gave under a name."""
        return cls(arrays[name], arrays[name + _SCALES])

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Give the rows for storing, under a name."""
        return {name: self.numbers, name + _SCALES: self.scales}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    def floats(self) -> Matrix:
        """Give the rows as they were, but for what rounding lost."""
        return np.asarray(self.numbers * self.scales[:, np.newaxis])

    def take(self, rows: NDArray[Any]) -> Packed:
        """Choose some of the rows."""
        return Packed(self.numbers[rows], self.scales[rows])

    def products(self, asked: NDArray[Any]) -> Matrix:
        """Inner products with rows that are packed alike first, alone or among others."""
        ours = Packed.of(asked)
        if 0 < len(ours) <= FEW:
            # Row after row as they lie: what arranges them first waits for memory twice as long.
            whole = numkong.cdist(self.numbers, ours.numbers, "dot", out_dtype="float32")
            found = np.asarray(whole).T
        else:
            # Whole numbers, and small enough to be exact in single precision.
            found = np.empty((len(ours), len(self)), np.float32)
            plain = ours.numbers.astype(np.float32)
            for start in range(0, len(self), _BLOCK):
                part = slice(start, start + _BLOCK)
                found[:, part] = plain @ self.numbers[part].astype(np.float32).T
        found *= self.scales
        found *= ours.scales[:, np.newaxis]
        return found


Known = Matrix | Packed
"""What is known: as it was learned, or as it was loaded."""


def rounded(rows: NDArray[Any]) -> Matrix:
    """Give rows as packing leaves them: what is learned from these is what is served."""
    return Packed.of(rows).floats()


def packed(known: Known) -> Packed:
    """Give what is known in eight bits."""
    return known if isinstance(known, Packed) else Packed.of(known)


def unpacked(known: Known) -> Matrix:
    """Give what is known as numbers in single precision."""
    return known.floats() if isinstance(known, Packed) else known


def products(asked: NDArray[Any], known: NDArray[Any] | Packed) -> Matrix:
    """Inner products of all rows asked with all rows known: (asked, known).

    Rows in half precision are those of a projection. The products are summed up in single
    precision.
    """
    if isinstance(known, Packed):
        return known.products(asked)
    if known.dtype != np.float16:
        return np.asarray(asked @ known.T)
    if 0 < len(asked) <= FEW:
        ours = np.ascontiguousarray(asked, np.float16)
        return np.asarray(numkong.cdist(known, ours, "dot", out_dtype="float32")).T
    result = np.empty((len(asked), len(known)), np.float32)
    for start in range(0, len(known), _BLOCK):
        part = slice(start, start + _BLOCK)
        result[:, part] = asked @ known[part].astype(np.float32).T
    return result
