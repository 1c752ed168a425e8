"""Impact, urgency and priority: multinomial logistic heads on what is known of a message already.

They read how a message is said (the encoder's layers), and what the other estimators say of it:
who has to settle it, and whether it is about danger, security or something confidential.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.estimators.calibration import softmax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.estimators.tier import MessageClassifier
    from classifier.features.embedding import Inputs

Floats = NDArray[np.float64]

HEADS = ("impact", "urgency", "priority")

HOW_WEIGHT = 4.0
"""How much the layers count beside the chances; chosen by leaving authors out."""

PENALTY = 0.1
"""Inverse strength of the ridge penalty; chosen by leaving authors out."""

LEAST = 1e-4


def features(how: NDArray[Any], tiers: Floats, matters: Floats) -> Floats:
    """Join unit vectors of how it is said with the log chances of tiers and matters."""
    chances = np.log(np.clip(np.hstack([tiers, matters]), LEAST, 1.0))
    return np.hstack([np.asarray(how, np.float64) * HOW_WEIGHT, chances])


def how_of(tiers: MessageClassifier, inputs: Inputs) -> NDArray[Any]:
    """Give how messages are said: their layers as the tiers see them, else their vectors."""
    layers = tiers.how(inputs)
    return inputs.vectors if layers is None else layers


@dataclass(frozen=True)
class Head:
    """One multinomial logistic regression: its labels, (labels, features) weights, starts."""

    labels: tuple[str, ...]
    weights: Floats
    starts: Floats

    @classmethod
    def fit(cls, given: Floats, wanted: Sequence[str]) -> Head:
        """Learn; two labels at least."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

        fitted = LogisticRegression(C=PENALTY, max_iter=1_000).fit(given, np.asarray(wanted))
        weights, starts = fitted.coef_, fitted.intercept_
        if len(fitted.classes_) == 2:  # noqa: PLR2004 - scikit-learn keeps one row for both
            weights, starts = np.vstack([-weights, weights]) / 2, np.array([-1, 1]) * starts / 2
        return cls(tuple(fitted.classes_.tolist()), weights, starts)

    def probabilities(self, given: Floats) -> Floats:
        """Give the chance of each label."""
        return softmax(given @ self.weights.T + self.starts)


@dataclass(frozen=True)
class PriorityModel:
    """The three heads; the priority is read off all of them."""

    heads: Mapping[str, Head]
    matrix: Mapping[tuple[str, str], str]
    """The priority of each pair of impact and urgency."""

    @classmethod
    def fit(
        cls, given: Floats, pairs: Sequence[tuple[str, str]], matrix: Mapping[tuple[str, str], str]
    ) -> PriorityModel:
        """Learn from messages labelled with impact and urgency."""
        wanted = ([p[0] for p in pairs], [p[1] for p in pairs], [matrix[p] for p in pairs])
        heads = {name: Head.fit(given, said) for name, said in zip(HEADS, wanted, strict=True)}
        return cls(heads, matrix)

    def chances(self, given: Floats) -> list[dict[str, dict[str, float]]]:
        """Give, for each message, the chances by head.

        The priority's are the geometric mean of what its own head says and of what impact and
        urgency lead to: the one knows better what is dire, the other keeps the order.
        """
        said = {name: head.probabilities(given) for name, head in self.heads.items()}
        pairs = said["impact"][:, :, np.newaxis] * said["urgency"][:, np.newaxis, :]
        joint = pairs.reshape(len(given), -1) @ self._led_to
        both = np.sqrt(joint * said["priority"])
        said["priority"] = both / np.maximum(both.sum(axis=1, keepdims=True), LEAST)
        return [
            {
                name: dict(zip(self.heads[name].labels, rows[row].tolist(), strict=True))
                for name, rows in said.items()
            }
            for row in range(len(given))
        ]

    @cached_property
    def _led_to(self) -> Floats:
        """For each pair of impact and urgency, in their order, a 1 at the priority it leads to."""
        levels = self.heads["priority"].labels
        return np.array(
            [
                [float(self.matrix[impact, urgency] == level) for level in levels]
                for impact in self.heads["impact"].labels
                for urgency in self.heads["urgency"].labels
            ]
        )
