"""Which known texts have a term, and how much of it: a sparse table by its columns.

One text is compared with all that is known by going through its own terms alone. scipy does the
same, and takes longer for one text, a twelfth of a second to load and 13 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.features.views import Terms

NARROW = 1 << 16
"""Up to here columns are put in order in one go through them, and not by comparing them."""


@dataclass(frozen=True)
class Columns:
    """The columns side by side; the rows of each are different ones, rising."""

    starts: NDArray[np.int64]
    """For each column its first entry, and at the end how many there are."""
    rows: NDArray[np.intp]
    values: NDArray[np.float32]
    count: int
    """How many rows there are."""

    @classmethod
    def turned(
        cls, values: NDArray[Any], columns: NDArray[Any], ends: NDArray[Any], width: int
    ) -> Columns:
        """From rows side by side: `ends` are where each begins, and where the last ends."""
        keys = columns.astype(np.uint16) if width <= NARROW else columns
        order = np.argsort(keys, kind="stable")
        rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))[order]
        starts = np.zeros(width + 1, np.int64)
        np.cumsum(np.bincount(columns, minlength=width), out=starts[1:])
        return cls(starts, rows, values[order].astype(np.float32), len(ends) - 1)

    def products(self, terms: Terms) -> NDArray[np.float32]:
        """Inner products of a text with every row: (1, rows); summed up term after term."""
        begin, end = self.starts[terms.indices], self.starts[terms.indices + 1]
        found = np.zeros((1, self.count), np.float32)
        own = [slice(*each) for each in zip(begin.tolist(), end.tolist(), strict=True)]
        if own:
            weighed = np.concatenate([self.values[each] for each in own])
            weighed *= np.repeat(terms.data, end - begin)
            np.add.at(found[0], np.concatenate([self.rows[each] for each in own]), weighed)
        return found

    def matrix(self) -> Any:
        """Give the table for many texts at once: (columns, rows), as scipy has it."""
        from scipy import sparse  # noqa: PLC0415 - one text needs none

        shape = (len(self.starts) - 1, self.count)
        return sparse.csr_matrix((self.values, self.rows, self.starts), shape=shape)
