"""Abstaining: telling when a message is unlike anything known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

NOVEL_SHARE = 0.01
"""Without examples of what to refuse, the strangest one in a hundred known messages is."""

_BLOCK = 2_000


@dataclass(frozen=True)
class Neighbours:
    """Known messages near to each of some messages, nearest first."""

    rows: NDArray[np.intp]
    similarity: Floats


def neighbours(
    known: Vectors,
    asked: Vectors,
    count: int,
    *,
    groups: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None,
) -> Neighbours:
    """Find the nearest known messages; those of the same group are passed over."""
    count = min(count, len(known))
    rows = np.empty((len(asked), count), np.intp)
    similarity = np.empty((len(asked), count))
    for start in range(0, len(asked), _BLOCK):
        part = slice(start, start + _BLOCK)
        cosines = asked[part] @ known.T
        if groups is not None:
            cosines[groups[1][part][:, None] == groups[0][None, :]] = -1
        near = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        values = np.take_along_axis(cosines, near, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        rows[part] = np.take_along_axis(near, order, axis=1)
        similarity[part] = np.take_along_axis(values, order, axis=1)
    return Neighbours(rows, similarity)


def novelty_threshold(vectors: Vectors, groups: Sequence[str] | None) -> float:
    """Choose how near the nearest known message must be, from the known ones themselves."""
    names = list(groups) if groups is not None else [str(row) for row in range(len(vectors))]
    _, codes = np.unique(np.asarray(names), return_inverse=True)
    nearest = neighbours(vectors, vectors, 1, groups=(codes, codes)).similarity[:, 0]
    return float(np.quantile(nearest, NOVEL_SHARE))


def refusal_threshold(chance: Floats, refused: NDArray[np.bool_], dearness: float) -> float:
    """Choose the chance at which to refuse, from messages outside the fold.

    The least of (known messages refused) + `dearness` * (strange messages let through),
    both as shares, so that the mix of the training data does not matter.
    """
    order = np.argsort(-chance, kind="stable")
    caught = np.cumsum(refused[order]) / max(1, refused.sum())
    lost = np.cumsum(~refused[order]) / max(1, (~refused).sum())
    cost = lost + dearness * (1 - caught)
    best = int(np.argmin(cost))
    after = chance[order[best + 1]] if best + 1 < len(order) else 0.0
    return float((chance[order[best]] + after) / 2)
