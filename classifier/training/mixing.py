"""Shipped and own messages together: how far the shipped ones count is read off the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classifier.estimators.calibration import calibrate
from classifier.estimators.tier import MessageClassifier
from classifier.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.dataset import Message
    from classifier.features.embedding import Inputs

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

SHARES = (1.0, 0.3, 0.1, 0.03, 0.01, 0.001)
"""How far a shipped message may be believed beside an own one; the last is next to not at all."""

FEWEST_OWN = 30
"""With fewer own messages there is no telling; shipped ones count as much as they do."""

FOLDS = 5
SURELY = 1.0
"""So many standard errors of the difference shipped messages must cost before they fade."""

LEAST = 1e-6


@dataclass(frozen=True)
class Mixed:
    """A classifier of shipped and own messages, and what that rests on."""

    estimator: MessageClassifier
    share: float = 1.0
    losses: tuple[float, ...] = ()
    """Of each share that was tried: log-loss of own messages that were left out."""


def is_own(messages: Sequence[Message], own: Sequence[Path]) -> Flags:
    """Tell which messages stand in these files and folders."""
    return np.array(
        [any(message.file.is_relative_to(path) for path in own) for message in messages], bool
    )


def fit_mixed(
    inputs: Inputs,
    labels: Sequence[str],
    groups: Sequence[str] | None,
    own: Flags,
    told: Progress = silent,
) -> Mixed:
    """Learn both kinds, and let the shipped ones fade as far as own ones that are left out gain.

    Each share is judged by own messages, with their group left out of learning and their fold out
    of calibration. Nothing fades unless it gains by more than its standard error.
    """
    first = MessageClassifier().fit(inputs, labels, groups, told)
    mine = own[first.rows_]
    if mine.sum() < FEWEST_OWN or mine.all():
        return Mixed(first)
    tried = [(first, _losses(first, labels, mine, 1.0))]
    for share in SHARES[1:]:
        estimator = MessageClassifier(shape=first.shape_, layer_features=first.layer_features_)
        estimator.fit(inputs, labels, groups, told, trust=np.where(own, 1.0, share))
        tried.append((estimator, _losses(estimator, labels, mine, share)))
    place = _best([losses for _, losses in tried])
    chosen, share = tried[place][0], SHARES[place]
    if place:
        chosen.calibration_ = calibrate(
            chosen.left_out_, _codes(chosen, labels), np.where(mine, 1.0, share)
        )
    return Mixed(chosen, share, tuple(float(losses.mean()) for _, losses in tried))


def _best(losses: Sequence[Floats]) -> int:
    """Give the share that loses least; the first unless another gains beyond its error."""
    place = int(np.argmin([each.mean() for each in losses]))
    gain = losses[0] - losses[place]
    error = gain.std(ddof=1) / np.sqrt(len(gain))
    return place if gain.mean() > SURELY * error else 0


def _losses(
    estimator: MessageClassifier, labels: Sequence[str], mine: Flags, share: float
) -> Floats:
    """Log-loss of each own message, left out; calibrated on the shipped ones and other folds."""
    codes, scores = _codes(estimator, labels), estimator.left_out_
    places = np.flatnonzero(mine)
    losses = np.empty(len(places))
    trust = np.where(mine, 1.0, share)
    for fold in range(FOLDS):
        inside = np.arange(len(places)) % FOLDS == fold
        kept = np.ones(len(codes), bool)
        kept[places[inside]] = False
        found = calibrate(scores[kept], codes[kept], trust[kept])
        asked = places[inside]
        proba = found.probabilities(scores[asked])
        losses[inside] = -np.log(np.maximum(LEAST, proba[np.arange(len(asked)), codes[asked]]))
    return losses


def _codes(estimator: MessageClassifier, labels: Sequence[str]) -> NDArray[np.intp]:
    found = np.searchsorted(estimator.classes_, np.asarray(labels)[estimator.rows_])
    return np.asarray(found, np.intp)
