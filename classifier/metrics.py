"""Figures: how good and how honest the probabilities are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

Floats = NDArray[np.float64]

BINS = 15


def summary(labels: Sequence[str], proba: Floats, classes: NDArray[Any]) -> dict[str, float]:
    """Accuracy, macro-F1, expected calibration error and log-loss."""
    truth = np.asarray(labels)
    guessed = classes[proba.argmax(axis=1)]
    columns = np.searchsorted(classes, truth)
    chance = np.clip(proba[np.arange(len(truth)), columns], 1e-12, 1)
    return {
        "accuracy": float((guessed == truth).mean()),
        "macro_f1": float(f1_score(truth, guessed, average="macro")),
        "calibration_error": calibration_error(proba.max(axis=1), guessed == truth),
        "log_loss": float(-np.log(chance).mean()),
    }


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015; Guo et al. 2017)."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(error)
