"""What the index does with arrays over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def best(scores: NDArray[np.floating[Any]], count: int) -> NDArray[np.intp]:
    """The places of the `count` largest, in no order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]


def ranges(firsts: NDArray[np.integer[Any]], sizes: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """`sizes` whole numbers from each of `firsts` on, one range after the other."""
    rows = np.repeat(firsts - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    return np.asarray(rows, np.intp)


def mapped(file: Path) -> NDArray[Any]:
    """A saved array, mapped and not read.

    A plain array over the mapped file: indexing numpy's own memmap costs ten times as much.
    """
    return np.asarray(np.load(file, mmap_mode="r"))
