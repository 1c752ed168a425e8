"""Abstaining: telling when a message is unlike anything known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.estimators.calibration import softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.estimators.tier import MessageClassifier

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

NOVEL_SHARE = 0.01
"""Without examples of what to refuse, the strangest one in a hundred known messages is."""

LETTING_THROUGH = 0.005
"""What letting all strange messages through costs, next to refusing all known ones.

Chosen on CLINC150's validation part, where strange messages are rare and known ones are
what people came for: 0.005 keeps 96.4% of those right and refuses 78% of the strange,
0.01 keeps 96.0% and refuses 90%.
"""

ABSTAIN_AT = 0.5
"""The chance of being strange is scaled so that this is where refusing pays."""

_BLOCK = 2_000


def nearest_known(vectors: Vectors, groups: Sequence[str] | None) -> Floats:
    """Give each message's cosine to the nearest one of another group."""
    names = np.arange(len(vectors)) if groups is None else np.asarray(groups)
    codes = np.unique(names, return_inverse=True)[1]
    nearest = np.empty(len(vectors))
    for start in range(0, len(vectors), _BLOCK):
        part = slice(start, start + _BLOCK)
        cosines = vectors[part] @ vectors.T
        cosines[codes[part][:, None] == codes[None, :]] = -1
        nearest[part] = cosines.max(axis=1)
    return nearest


def novelty_threshold(nearest: Floats) -> float:
    """Choose how near the nearest known message must be, from the known ones themselves."""
    return float(np.quantile(nearest, NOVEL_SHARE))


@dataclass(frozen=True)
class OutsideModel:
    """The chance that a message belongs to no label, from scores and nearness.

    It has labelled examples of what to refuse, but they are few and unlike each other, so
    it reads little more than how well the best label fits and how near anything known is.
    """

    column: int
    weights: Floats
    start: float
    slope: float

    def probabilities(self, scores: NDArray[Any], nearest: NDArray[Any]) -> Floats:
        """Give (n, labels) probabilities, the abstain label's among them."""
        height = _signs(scores, nearest, self.column) @ self.weights + self.start
        outside = 1 / (1 + np.exp(-np.clip(height, -500, 500)))
        sharp = np.asarray(scores, np.float64) * self.slope
        sharp[:, self.column] = -np.inf
        chances = softmax(sharp) * (1 - outside)[:, None]
        chances[:, self.column] = outside
        return np.asarray(chances)


def fit_outside(
    estimator: MessageClassifier, codes: NDArray[np.intp], label: str, nearest: Floats
) -> OutsideModel:
    """Learn to refuse, from scores of messages that were left out of training."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

    column = int(np.flatnonzero(estimator.classes_ == label)[0])
    strange = codes == column
    signs = _signs(estimator.left_out_, nearest, column)
    model = LogisticRegression(class_weight="balanced", C=1.0).fit(signs, strange)
    weights, start = model.coef_[0].astype(np.float64), float(model.intercept_[0])
    scores = estimator.left_out_.copy()
    scores[:, column] = -np.inf
    right = scores.argmax(axis=1) == codes
    at = _refusal_point(signs @ weights + start, strange, right)
    slope = float(estimator.calibration_.slopes.max())
    return OutsideModel(column, weights, start - at, slope)


def _signs(scores: NDArray[Any], nearest: NDArray[Any], column: int) -> Floats:
    others = np.delete(scores, column, axis=1).astype(np.float64)
    ranked = -np.partition(-others, min(1, others.shape[1] - 1), axis=1)
    best, second = ranked[:, 0], ranked[:, min(1, others.shape[1] - 1)]
    return np.column_stack([scores[:, column], best, best - second, nearest]) * 4


def _refusal_point(chance: Floats, strange: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Where to refuse: the least of right answers lost and strange messages let through.

    Both count as shares, so that the mix of the training data does not matter.
    """
    order = np.argsort(-chance, kind="stable")
    lost = np.cumsum((right & ~strange)[order]) / max(1, (~strange).sum())
    missed = 1 - np.cumsum(strange[order]) / max(1, strange.sum())
    best = int(np.argmin(lost + LETTING_THROUGH * missed))
    following = chance[order[min(best + 1, len(order) - 1)]]
    return float((chance[order[best]] + following) / 2)
