"""Figures: how good and how honest the probabilities are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from classifier.data.labels import CHAT, L1, MUST_ESCALATE

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BINS = 15
ERROR_BUDGET = 0.05
"""The share of errors at which coverage is stated: how much can be decided at that."""

_Z = 1.96


@dataclass(frozen=True)
class Share:
    """A share with its 95% interval."""

    value: float
    low: float
    high: float
    of: int


def wilson(hits: int, of: int) -> Share:
    """A share with Wilson's score interval (Wilson 1927), sound for few cases too."""
    if of == 0:
        return Share(0.0, 0.0, 1.0, 0)
    p = hits / of
    middle = (p + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * np.sqrt(p * (1 - p) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    return Share(p, max(0.0, float(middle - half)), min(1.0, float(middle + half)), of)


def summary(labels: Sequence[str], proba: Floats, classes: NDArray[Any]) -> dict[str, float]:
    """Accuracy, macro-F1, expected calibration error, log-loss, coverage at the budget."""
    truth = np.asarray(labels)
    guessed = classes[proba.argmax(axis=1)]
    right = guessed == truth
    columns = np.searchsorted(classes, truth)
    known = (columns < len(classes)) & (classes[np.minimum(columns, len(classes) - 1)] == truth)
    chance = np.full(len(truth), 1e-12)
    chance[known] = proba[np.flatnonzero(known), columns[known]]
    figures = {
        "accuracy": float(right.mean()),
        "macro_f1": float(f1_score(truth, guessed, average="macro", zero_division=0)),
        "calibration_error": calibration_error(proba.max(axis=1), right),
        "log_loss": float(-np.log(np.clip(chance, 1e-12, 1)).mean()),
        f"coverage_at_{ERROR_BUDGET:.0%}_error": coverage_at(proba.max(axis=1), right),
    }
    if len(classes) == 2 and len(set(truth)) == 2:  # noqa: PLR2004 - the curve needs two labels
        figures["auroc"] = float(roc_auc_score(truth == classes[1], proba[:, 1]))
    return figures


def calibration_error(confidence: Floats, right: Flags, bins: int = BINS) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015; Guo et al. 2017)."""
    return sum(
        abs(point.confidence - point.right) * point.share
        for point in reliability(confidence, right, bins)
    )


@dataclass(frozen=True)
class ReliabilityPoint:
    """Messages of much the same confidence: how sure, how often right, how many."""

    confidence: float
    right: float
    share: float
    count: int


def reliability(confidence: Floats, right: Flags, bins: int = BINS) -> list[ReliabilityPoint]:
    """Part messages by confidence and compare it with how often they are right."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    points = []
    for place in np.unique(places):
        inside = places == place
        points.append(
            ReliabilityPoint(
                float(confidence[inside].mean()),
                float(right[inside].mean()),
                float(inside.mean()),
                int(inside.sum()),
            )
        )
    return points


def risk_coverage(confidence: Floats, right: Flags) -> list[tuple[float, float]]:
    """For each share of messages decided, the surest first: the share that is wrong."""
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    risks = np.cumsum(~right[order]) / counts
    picked = np.unique(np.linspace(0, len(order) - 1, min(len(order), 200)).astype(int))
    return [(float(counts[i] / len(order)), float(risks[i])) for i in picked]


def coverage_at(confidence: Floats, right: Flags, budget: float = ERROR_BUDGET) -> float:
    """The largest share of messages, surest first, that is decided within the error budget."""
    order = np.argsort(-confidence, kind="stable")
    risks = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    within = np.flatnonzero(risks <= budget)
    return float((within[-1] + 1) / len(order)) if len(within) else 0.0


@dataclass(frozen=True)
class CallingFigures:
    """What calling by the classifier alone does with messages whose label is known."""

    must_escalate_recall: Share
    answered: Share
    paged_chat: Share


def calling_figures(
    labels: Sequence[str], proba: Floats, classes: Sequence[str], escalate_at: float
) -> CallingFigures:
    """Count escalations of what must be, and L1 messages left to articles."""
    names = list(classes)
    truth = np.asarray(labels)
    called = person_chance(proba, names) >= escalate_at
    chatty = proba[:, names.index(CHAT)] > proba[:, names.index(L1)]
    must, easy, chat = np.isin(truth, MUST_ESCALATE), truth == L1, truth == CHAT
    return CallingFigures(
        wilson(int((called & must).sum()), int(must.sum())),
        wilson(int((~called & ~chatty & easy).sum()), int(easy.sum())),
        wilson(int((called & chat).sum()), int(chat.sum())),
    )


def person_chance(proba: Floats, classes: Sequence[str]) -> Floats:
    """The chance that a person is needed: L2 and L3 together."""
    names = list(classes)
    return np.asarray(sum(proba[:, names.index(label)] for label in MUST_ESCALATE))
