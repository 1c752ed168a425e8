"""Which messages say the same, and which are about the same: by the cosine of their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

COPY = 0.97
"""From this cosine on two messages are one said twice."""
NEAR = 0.75
"""From this one on they are about the same thing."""

MOST = 300
"""So many of those about the same are looked at, the latest: a thousand more tell nothing new."""

_BLOCK = 1_000


def neighbours(
    vectors: Vectors, others: Vectors, least: float, most: int | None = None
) -> list[list[int]]:
    """For each vector, the places of the others that are so near: the last ones, if too many."""
    found: list[list[int]] = []
    for start in range(0, len(vectors), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ others.T
        found += [
            np.flatnonzero(row >= least)[-(most or len(row) or 1) :].tolist() for row in cosines
        ]
    return found


def among(vectors: Vectors, least: float, most: int = MOST) -> list[list[int]]:
    """For each vector, the places of the others among them that are so near, but not its own."""
    return [
        [other for other in near if other != place]
        for place, near in enumerate(neighbours(vectors, vectors, least, most + 1))
    ]
