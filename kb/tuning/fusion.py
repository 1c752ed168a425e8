"""Learning how to weigh the parts of the search from questions whose answer is known."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from kb.searching.ranking import Calibration, Profile, Weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.tuning.heldout import Trial

LEAST_TRIALS = 60
TOP = 5
STEPS = (2.0, 1.5, 1.25, 1.1)
UNANSWERED_SHARE = 0.12
"""How much questions whose article is missing count: some of what people ask has no article."""

_PARTS = tuple(field.name for field in fields(Weights))


@dataclass(frozen=True)
class Tuning:
    """A candidate, and whether questions it never saw speak for it."""

    profile: Profile
    before: float
    after: float
    """MRR at 5 on the held-out half."""
    gains: tuple[float, ...] = ()
    """Of each question of that half, how much its part of it rose."""
    articles: tuple[str, ...] = ()
    """What answers each of them."""

    @property
    def kept(self) -> bool:
        """Only a gain on the held-out half counts."""
        return self.after > self.before


@dataclass(frozen=True)
class _Table:
    parts: NDArray[np.float64]
    """(trials, candidates, parts); rows of zeros where there are fewer candidates."""
    present: NDArray[np.bool_]
    answers: NDArray[np.intp]
    """For each trial, the row of the right article; -1 where it was not found."""


def tune(trials: Sequence[Trial], current: Profile) -> Tuning | None:
    """Fit on half of the articles, judge on the other half.

    None with too few questions, or where the search finds what answers none of them.
    """
    answered = [trial for trial in trials if trial.article]
    if len(answered) < LEAST_TRIALS or all(trial.rank is None for trial in answered):
        return None
    fitting = _table([trial for trial in answered if _half(trial)])
    others = [trial for trial in answered if not _half(trial)]
    judging = _table(others)
    weights = _climb(fitting, _vector(current.weights))
    found = Weights(**dict(zip(_PARTS, weights.tolist(), strict=True)))
    before, after = (_ranks(judging, each) for each in (_vector(current.weights), weights))
    return Tuning(
        Profile(found, _calibrate(trials, _table(trials), weights)),
        before=_mean(before),
        after=_mean(after),
        gains=tuple((after - before).tolist()),
        articles=tuple(f"{trial.collection}/{trial.article}" for trial in others),
    )


def _half(trial: Trial) -> bool:
    """By article, so that no question of one article is on both sides."""
    return zlib.crc32(f"{trial.collection}/{trial.article}".encode()) % 2 == 0


def _vector(weights: Weights) -> NDArray[np.float64]:
    return np.array([getattr(weights, part) for part in _PARTS])


def _table(trials: Sequence[Trial]) -> _Table:
    longest = max((len(trial.found) for trial in trials), default=1) or 1
    parts = np.zeros((len(trials), longest, len(_PARTS)))
    present = np.zeros((len(trials), longest), np.bool_)
    answers = np.full(len(trials), -1, np.intp)
    for row, trial in enumerate(trials):
        for column, explanation in enumerate(trial.found):
            parts[row, column] = [explanation.parts[part] for part in _PARTS]
            present[row, column] = True
        if trial.rank is not None:
            answers[row] = trial.rank
    return _Table(parts, present, answers)


def _scores(table: _Table, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.where(table.present, table.parts @ weights, -np.inf))


def _mrr(table: _Table, weights: NDArray[np.float64]) -> float:
    return _mean(_ranks(table, weights))


def _mean(ranks: NDArray[np.float64]) -> float:
    return float(ranks.mean()) if len(ranks) else 0.0


def _ranks(table: _Table, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each question one by the rank of its article; 0 past the fifth."""
    if not len(table.answers):
        return np.zeros(0)
    scores = _scores(table, weights)
    rows = np.arange(len(scores))
    right = np.where(table.answers >= 0, scores[rows, table.answers], np.nan)
    ranks = (scores > right[:, None]).sum(axis=1)
    return np.asarray(np.where((table.answers >= 0) & (ranks < TOP), 1 / (ranks + 1), 0.0))


def _climb(table: _Table, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move one weight at a time as long as the MRR rises: there are five, and it has no slope."""
    best = _mrr(table, weights)
    for step in STEPS:
        improved = True
        while improved:
            improved = False
            for part in range(len(weights)):
                for value in (weights[part] * step, weights[part] / step, weights[part] + 0.03):
                    tried = weights.copy()
                    tried[part] = value
                    tried /= tried.sum()
                    score = _mrr(table, tried)
                    if score > best + 1e-6:
                        best, weights, improved = score, tried, True
    return weights


def _calibrate(trials: Sequence[Trial], table: _Table, weights: NDArray[np.float64]) -> Calibration:
    """Logistic regression on a score and its lead, with and without the right article."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (only tuning needs it)

    rows: list[tuple[float, float]] = []
    labels: list[bool] = []
    importance: list[float] = []
    # Messages that no article answers are better than questions whose article is left out.
    imagined = 0.0 if any(not one.article for one in trials) else UNANSWERED_SHARE
    for scores, answer in zip(_scores(table, weights), table.answers.tolist(), strict=True):
        for left_out, share in ((None, 1.0), (answer, imagined)):
            order = [i for i in np.argsort(-scores).tolist() if np.isfinite(scores[i])]
            order = [i for i in order if i != left_out]
            if not share:
                continue
            for rank, column in enumerate(order[:TOP]):
                rival = scores[order[0 if rank else min(1, len(order) - 1)]]
                rows.append((scores[column], scores[column] - rival))
                labels.append(column == answer)
                importance.append(share)
    fitted = LogisticRegression(C=1e3, max_iter=1_000).fit(rows, labels, importance)
    score, lead = fitted.coef_[0].tolist()
    return Calibration(float(fitted.intercept_[0]), score, lead)
