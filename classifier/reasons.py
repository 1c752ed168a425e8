"""Reasons: the words that weighed most, exact for the linear part that reads words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from classifier.estimator import Linear

SHOWN = 5


def weightiest_words(row: Any, words: Linear, names: Sequence[str], label: int) -> tuple[str, ...]:
    """Name what in one message spoke most for a label, against the mean of the others."""
    columns = row.indices
    if not len(columns):
        return ()
    weights = words.weights[:, columns]
    others = np.delete(weights, label, axis=0).mean(axis=0) if len(weights) > 1 else 0.0
    spoke = row.data * (weights[label] - others)
    chosen: list[str] = []
    for place in np.argsort(-spoke):
        name = names[columns[place]]
        if spoke[place] <= 0 or len(chosen) == SHOWN:
            break
        # A pair that holds a word already shown says nothing new, nor do bare characters.
        if name and not any(name in known or known in name for known in chosen):
            chosen.append(name)
    return tuple(chosen)
