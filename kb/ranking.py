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
    """How much each part counts; a convex combination, fitted by `frontline kb tune`."""

    dense: float = 0.16
    bm25: float = 0.24
    coverage: float = 0.12
    late: float = 0.44
    exact: float = 0.04

    @classmethod
    def from_json(cls, text: str) -> Weights:
        """Read what `to_json` wrote."""
        return cls(**{name: float(value) for name, value in json.loads(text).items()})

    def to_json(self) -> str:
        """A stable text for the database."""
        return json.dumps(asdict(self), sort_keys=True)

    def without_late(self) -> Weights:
        """The same balance where late interaction is not to be had."""
        rest = 1.0 - self.late
        shares = {field.name: getattr(self, field.name) / rest for field in fields(self)}
        return Weights(**{**shares, "late": 0.0})


@dataclass(frozen=True)
class Calibration:
    """A logistic curve from a fused score and its lead over the next article to a probability."""

    intercept: float = -7.0
    score: float = 13.0
    lead: float = 10.0


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
