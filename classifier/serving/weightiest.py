"""Reasons: the words that weighed most, exact for the linear part that reads words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 5


def weightiest_words(
    columns: Any, values: Any, weights: Any, names: Sequence[str], label: int
) -> tuple[str, ...]:
    """Name what in one message spoke most for a label, against the mean of the others.

    Args:
        columns: (terms,) features that the message has.
        values: (terms,) how much of each.
        weights: (features, labels) weights of the linear part.
        names: what each feature is called; those without a name are not shown.
        label: column of the label that was chosen.
    """
    telling = [place for place, column in enumerate(columns.tolist()) if names[column]]
    columns, values = columns[telling], values[telling]
    mine = weights[columns]
    others = (mine.sum(axis=1) - mine[:, label]) / max(1, mine.shape[1] - 1)
    spoke = values * (mine[:, label] - others)
    chosen: list[str] = []
    for place in np.argsort(-spoke, kind="stable").tolist():
        name = names[columns[place]]
        if spoke[place] <= 0 or len(chosen) == SHOWN:
            break
        # A pair that holds a word already shown says nothing new.
        if not any(name in known or known in name for known in chosen):
            chosen.append(name)
    return tuple(chosen)
