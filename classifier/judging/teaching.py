"""Which messages teach most: what the model is unsure of, unlike what it knows, and each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from classifier.judging.metrics import Floats
    from kb.encoding.encoder import Vectors

ALIKE = 0.5
"""How much a message loses that means the same as one chosen before."""


def most_telling(proba: Floats, vectors: Vectors, most: int) -> list[int]:
    """Choose rows, the most telling first: unsure by the entropy of their label, then apart.

    Args:
        proba: (messages, labels) what the model says of each.
        vectors: unit vectors of the messages.
        most: so many at most.
    """
    unsure = -(proba * np.log(np.clip(proba, 1e-9, 1))).sum(axis=1) / np.log(proba.shape[1])
    nearest = np.zeros(len(proba))
    chosen: list[int] = []
    left = np.ones(len(proba), np.bool_)
    while left.any() and len(chosen) < most:
        worth = np.where(left, unsure - ALIKE * nearest, -np.inf)
        best = int(worth.argmax())
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen
