"""Calibration: from scores to probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

FEW_LABELS = 20
"""With at most so many labels each pair has its own slope; with more, one slope for all."""

_HOLD_BACK = 2.0


def softmax(rows: Floats) -> Floats:
    """Turn each row of (n, labels) heights into chances.

    scipy's own asks which array library it was given; for one message that takes longest.
    """
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Calibration:
    """A linear map of scores, then softmax: slopes (columns, labels) or one, and starts."""

    slopes: Floats
    starts: Floats

    def probabilities(self, scores: NDArray[Any]) -> Floats:
        """Turn (n, columns) scores, and what else was learned from, into probabilities."""
        mapped = scores @ self.slopes if self.slopes.ndim else scores * self.slopes
        return softmax(mapped + self.starts)


def calibrate(
    scores: NDArray[Any],
    codes: Codes,
    weights: NDArray[Any] | None = None,
    *,
    labels: int | None = None,
) -> Calibration:
    """Fit the map on scores of messages that were left out: the least log-loss.

    `weights` are how much each counts; None: all the same. Of (n, columns) scores the first
    `labels` are one a label, the others whatever else bears on it; None: all are one a label.
    """
    from scipy import optimize  # noqa: PLC0415 - only training needs it

    count = labels or scores.shape[1]
    scores = np.asarray(scores, np.float64)
    parts = np.ones(len(codes)) if weights is None else np.asarray(weights, np.float64)
    sharp = float(
        optimize.minimize_scalar(
            lambda log: _log_loss(scores[:, :count] * np.exp(log), codes, parts),
            bounds=(-3, 5),
            method="bounded",
        ).x
    )
    single = Calibration(np.asarray(np.exp(sharp)), np.zeros(count))
    if count > FEW_LABELS:
        return single
    start = np.eye(scores.shape[1], count) * float(single.slopes)
    return _full(scores, codes, start, parts)


def _log_loss(mapped: Floats, codes: Codes, parts: Floats) -> float:
    height = mapped.max(axis=1, keepdims=True)
    log_p = mapped - height - np.log(np.exp(mapped - height).sum(axis=1, keepdims=True))
    return float(-(log_p[np.arange(len(codes)), codes] @ parts) / parts.sum())


def _full(scores: Floats, codes: Codes, start: Floats, parts: Floats) -> Calibration:
    from scipy import optimize  # noqa: PLC0415 - only training needs it

    size, count = start.size, start.shape[1]
    wanted = np.eye(count)[codes]
    whole = float(parts.sum())

    def loss(flat: Floats) -> tuple[float, Floats]:
        moved, starts = flat[:size].reshape(start.shape), flat[size:]
        mapped = scores @ (start + moved) + starts
        surplus = (softmax(mapped) - wanted) * parts[:, None]
        slope = np.concatenate([(scores.T @ surplus).ravel(), surplus.sum(axis=0)]) / whole
        held = _HOLD_BACK / whole
        return (
            _log_loss(mapped, codes, parts) + held * float(flat @ flat) / 2,
            slope + held * flat,
        )

    found = optimize.minimize(loss, np.zeros(size + count), jac=True, method="L-BFGS-B").x
    return Calibration(start + found[:size].reshape(start.shape), found[size:])
