"""Which known texts have a term, and how much of it: a sparse table by its columns.

What all that is known says by a term is summed up once; one text then goes through its own terms
alone. scipy takes longer for one text, a twelfth of a second to load and 13 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW = 1 << 16
"""Up to here columns are put in order in one go through them, and not by comparing them."""


@dataclass(frozen=True)
class Columns:
    """The columns side by side; the rows of each are different ones, rising."""

    starts: NDArray[np.int64]
    """For each column its first entry, and at the end how many there are."""
    rows: NDArray[np.unsignedinteger[Any]]
    """In as few bytes as their count needs."""
    values: NDArray[np.floating[Any]]
    """In half precision where they were kept so."""
    count: int
    """How many rows there are."""

    @classmethod
    def turned(
        cls, values: NDArray[Any], columns: NDArray[Any], ends: NDArray[Any], width: int
    ) -> Columns:
        """From rows side by side: `ends` are where each begins, and where the last ends."""
        keys = columns.astype(np.uint16) if width <= NARROW else columns
        order = np.argsort(keys, kind="stable")
        numbers = np.arange(len(ends) - 1, dtype=np.min_scalar_type(max(0, len(ends) - 2)))
        rows = np.repeat(numbers, np.diff(ends))[order]
        starts = np.zeros(width + 1, np.int64)
        np.cumsum(np.bincount(columns, minlength=width), out=starts[1:])
        return cls(starts, rows, values[order], len(ends) - 1)

    def summed(self, weights: NDArray[np.float32]) -> NDArray[np.float16]:
        """What each column says by weights of the rows, (rows, labels): (columns, labels).

        In half precision, as a text asks for some hundred of many thousand.
        """
        filled = np.flatnonzero(np.diff(self.starts))
        found = np.zeros((len(self.starts) - 1, weights.shape[1]), np.float16)
        if len(filled):
            for label, each in enumerate(weights.T):
                said = self.values * np.ascontiguousarray(each)[self.rows]
                found[filled, label] = np.add.reduceat(said, self.starts[filled])
        return found

    def matrix(self) -> Any:
        """Give the table for many texts at once: (columns, rows), as scipy has it."""
        from scipy import sparse  # noqa: PLC0415 - one text needs none

        shape = (len(self.starts) - 1, self.count)
        values, rows = self.values.astype(np.float32), self.rows.astype(np.int32)
        return sparse.csr_matrix((values, rows, self.starts), shape=shape)
