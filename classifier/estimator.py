"""The estimator: linear members over meaning and words, pooled so that it is calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold

from classifier.features import WordFeatures

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]

MEANING_SCALE = 8.0
"""Unit vectors have entries near 0.05; scaled, so that one C suits any encoder."""


@dataclass(frozen=True)
class Inputs:
    """Messages as the estimator takes them: their texts and their sentence vectors."""

    texts: Sequence[str]
    vectors: Vectors

    def __len__(self) -> int:
        """Count the messages."""
        return len(self.texts)

    def take(self, rows: NDArray[np.intp]) -> Inputs:
        """Choose some of the messages."""
        return Inputs([self.texts[row] for row in rows], self.vectors[rows])


@dataclass(frozen=True)
class Linear:
    """A linear member: one row of weights for each label, and what it starts from."""

    weights: NDArray[np.float32]
    start: NDArray[np.float32]

    def scores(self, matrix: Any) -> Floats:
        """Score each message for each label."""
        return np.asarray(matrix @ self.weights.T + self.start, dtype=np.float64)


@dataclass(frozen=True)
class Fold:
    """What is learned from one part of the data; folds are thrown away, the last one kept."""

    features: WordFeatures
    meaning: Linear
    words: Linear

    def scores(self, inputs: Inputs) -> list[Floats]:
        return [
            self.meaning.scores(inputs.vectors * MEANING_SCALE),
            self.words.scores(self.features.transform(inputs.texts)),
        ]


class MessageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Labels with calibrated probabilities, from meaning and from words.

    Each member is a multinomial logistic regression. How much each counts, and how sharp
    the result is, is fitted on predictions for messages outside the fold: by group where
    groups are given, so that confidence holds for authors and scenarios never seen.
    """

    def __init__(
        self,
        *,
        meaning_c: float = 1.0,
        words_c: float = 10.0,
        folds: int = 5,
        min_count: int = 2,
        random_state: int = 7,
    ) -> None:
        self.meaning_c = meaning_c
        self.words_c = words_c
        self.folds = folds
        self.min_count = min_count
        self.random_state = random_state

    def fit(
        self,
        inputs: Inputs,
        labels: Sequence[str],
        groups: Sequence[str] | None = None,
        progress: Any = None,
    ) -> Self:
        """Learn from labelled messages; `groups` must not be parted when calibrating."""
        self.classes_, codes = np.unique(np.asarray(labels), return_inverse=True)
        parts = folds_for(codes, groups, self.folds, self.random_state)
        outside = [np.zeros((len(inputs), len(self.classes_))) for _ in range(2)]
        for number, (seen, unseen) in enumerate(parts, start=1):
            fold = self._fit_fold(inputs.take(seen), codes[seen])
            for kept, scores in zip(outside, fold.scores(inputs.take(unseen)), strict=True):
                kept[unseen] = scores
            if progress is not None:
                progress(number, len(parts) + 1)
        self.shares_ = pool_shares(outside, codes)
        self.outside_proba_ = pooled(outside, self.shares_)
        self.fold_ = self._fit_fold(inputs, codes)
        if progress is not None:
            progress(len(parts) + 1, len(parts) + 1)
        return self

    def predict_proba(self, inputs: Inputs) -> Floats:
        """Give the probability of each label, in the order of `classes_`."""
        return pooled(self.fold_.scores(inputs), self.shares_)

    def predict(self, inputs: Inputs) -> NDArray[Any]:
        """Give the likeliest label of each message."""
        return np.asarray(self.classes_[self.predict_proba(inputs).argmax(axis=1)])

    def _fit_fold(self, inputs: Inputs, codes: NDArray[np.intp]) -> Fold:
        features = WordFeatures(min_count=self.min_count).fit(inputs.texts)
        count = len(self.classes_)
        return Fold(
            features,
            fit_linear(inputs.vectors * MEANING_SCALE, codes, count, self.meaning_c),
            fit_linear(features.transform(inputs.texts), codes, count, self.words_c),
        )


def fit_linear(matrix: Any, codes: NDArray[np.intp], count: int, c: float) -> Linear:
    """Fit a logistic regression, and give every label its row even where a fold lacks it."""
    present = np.unique(codes)
    weights = np.zeros((count, matrix.shape[1]), np.float32)
    start = np.full(count, -20.0, np.float32)
    if len(present) == 1:
        start[present] = 0
        return Linear(weights, start)
    model = LogisticRegression(C=c, max_iter=300, tol=1e-3).fit(matrix, codes)
    if len(present) == 2:  # noqa: PLR2004 - scikit-learn folds two labels into one row
        weights[present] = np.vstack([-model.coef_[0], model.coef_[0]]) / 2
        start[present] = np.array([-model.intercept_[0], model.intercept_[0]]) / 2
    else:
        weights[present] = model.coef_
        start[present] = model.intercept_
    return Linear(weights, start)


def folds_for(
    codes: NDArray[np.intp], groups: Sequence[str] | None, folds: int, seed: int
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Part rows for cross-validation, groups kept whole; fewer folds where data is thin."""
    rows = np.zeros(len(codes))
    if groups is not None and len(set(groups)) > 1:
        parts = min(folds, len(set(groups)))
        return list(GroupKFold(parts, shuffle=True, random_state=seed).split(rows, codes, groups))
    parts = min(folds, max(2, int(np.bincount(codes).min())))
    return list(StratifiedKFold(parts, shuffle=True, random_state=seed).split(rows, codes))


def pooled(scores: Sequence[Floats], shares: Floats) -> Floats:
    """Join the members' scores to probabilities."""
    joined = sum(share * part for share, part in zip(shares, scores, strict=True))
    return np.asarray(special.softmax(joined, axis=1))


def pool_shares(scores: Sequence[Floats], codes: NDArray[np.intp]) -> Floats:
    """Find how much each member counts: the least log-loss on messages outside the fold."""
    rows = np.arange(len(codes))

    def loss(shares: Floats) -> tuple[float, Floats]:
        joined = sum(share * part for share, part in zip(shares, scores, strict=True))
        log_p = special.log_softmax(joined, axis=1)
        surplus = np.exp(log_p)
        surplus[rows, codes] -= 1
        slope = np.array([(surplus * part).sum() for part in scores]) / len(codes)
        return float(-log_p[rows, codes].mean()), slope

    start = np.full(len(scores), 1.0 / len(scores))
    bounds = [(0.0, 20.0)] * len(scores)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x)
