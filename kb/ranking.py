"""From what each part of the search found to one order, and to a probability."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]


@dataclass(frozen=True)
class Evidence:
    """For the candidates of one query, what each part of the search says, 0 to 1."""

    dense: Column
    """Cosine of the question and the article's nearest title, question or passage."""
    bm25: Column
    coverage: Column
    late: Column
    """Late interaction; zeros where the encoder or the size of the base rules it out."""
    exact: Column
    """Share of the query's identifiers that the article has, letter for letter."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts; a convex combination."""

    dense: float
    bm25: float
    coverage: float
    late: float
    exact: float

    def without_late(self) -> Weights:
        """The same balance where late interaction is not to be had."""
        rest = max(1.0 - self.late, 1e-6)
        shares = {field.name: getattr(self, field.name) / rest for field in fields(self)}
        return Weights(**{**shares, "late": 0.0})


@dataclass(frozen=True)
class Calibration:
    """A logistic curve from a fused score and its lead over the next article to a probability."""

    intercept: float
    score: float
    lead: float


@dataclass(frozen=True)
class Profile:
    """How to rank one kind of base, and what its scores mean."""

    weights: Weights
    calibration: Calibration

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """Read what `to_json` wrote."""
        kept = json.loads(text)
        return cls(Weights(**kept["weights"]), Calibration(**kept["calibration"]))

    def to_json(self) -> str:
        """A stable text for the database."""
        return json.dumps(asdict(self), sort_keys=True)


PLAIN = Profile(
    Weights(dense=0.15, bm25=0.32, coverage=0.12, late=0.37, exact=0.04),
    Calibration(intercept=-4.03, score=5.27, lead=25.1),
)
"""Articles with a title and a text: fitted on half of the course FAQ's articles."""

ASKED = Profile(
    Weights(dense=0.40, bm25=0.02, coverage=0.05, late=0.40, exact=0.13),
    Calibration(intercept=-3.56, score=6.39, lead=25.2),
)
"""Articles with sample questions as people ask them: fitted on the sample base, held out."""


def profile(asked_share: float) -> Profile:
    """The default for a base of which this share has sample questions."""

    def between(
        plain: object, asked: object, kind: type[Weights | Calibration]
    ) -> dict[str, float]:
        return {
            field.name: (1 - asked_share) * getattr(plain, field.name)
            + asked_share * getattr(asked, field.name)
            for field in fields(kind)
        }

    return Profile(
        Weights(**between(PLAIN.weights, ASKED.weights, Weights)),
        Calibration(**between(PLAIN.calibration, ASKED.calibration, Calibration)),
    )


def fuse(evidence: Evidence, weights: Weights) -> Column:
    """The weighted sum; the larger, the better."""
    total = np.zeros_like(evidence.dense)
    for field in fields(weights):
        total = total + getattr(weights, field.name) * getattr(evidence, field.name)
    return np.asarray(total, np.float32)


def probabilities(fused: Column, calibration: Calibration) -> Column:
    """For scores in falling order, the probability that each article answers."""
    if len(fused) == 0:
        return fused
    rival = np.full_like(fused, fused[0])
    rival[0] = fused[1] if len(fused) > 1 else fused[0] - 0.1
    logit = calibration.intercept + calibration.score * fused + calibration.lead * (fused - rival)
    return np.asarray(1.0 / (1.0 + np.exp(-logit)), np.float32)
