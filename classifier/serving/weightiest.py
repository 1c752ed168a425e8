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
    columns = columns[telling]
    return weightiest([names[each] for each in columns], values[telling], weights[columns], label)


def weightiest(names: Sequence[str], values: Any, said: Any, label: int) -> tuple[str, ...]:
    """The same of terms by name: (terms,) how much of each, (terms, labels) what each says."""
    others = (said.sum(axis=1) - said[:, label]) / max(1, said.shape[1] - 1)
    spoke = values * (said[:, label] - others)
    chosen: list[str] = []
    for place in np.argsort(-spoke, kind="stable").tolist():
        name = names[place]
        if spoke[place] <= 0 or len(chosen) == SHOWN:
            break
        # A pair that holds a word already shown says nothing new.
        if not any(name in known or known in name for known in chosen):
            chosen.append(name)
    return tuple(chosen)
