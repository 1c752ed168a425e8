"""From what each part of the search found to one order, and to a probability."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]


@dataclass(frozen=True)
class PartScores:
    """For the candidates of one query, what each part of the search says, 0 to 1."""

    dense: Column
    """Cosine of the question and the article's nearest title, question or passage."""
    bm25: Column
    coverage: Column
    late: Column
    """Late interaction; zeros where the encoder or the size of the base rules it out."""
    exact: Column
    """Share of the query's identifiers that the article has, letter for letter."""
    learned: Column
    """How probable learned questions make the article; zeros where there are too few."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts; a convex combination."""

    dense: float
    bm25: float
    coverage: float
    late: float
    exact: float
    learned: float = 0.0

    @lru_cache(maxsize=64)  # noqa: B019 (a few small values, asked for by every search)
    def without(self, part: str) -> Weights:
        """The same balance where a part is not to be had."""
        rest = max(1.0 - float(getattr(self, part)), 1e-6)
        shares = {field.name: getattr(self, field.name) / rest for field in fields(self)}
        return Weights(**{**shares, part: 0.0})


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
"""Short articles with a title and a text: fitted on half of the course FAQ's articles."""

PAGES = Profile(
    Weights(dense=0.385, bm25=0.137, coverage=0.0, late=0.41, exact=0.068),
    Calibration(intercept=-6.85, score=11.61, lead=11.02),
)
"""Long pages that share their vocabulary: fitted on two organisations' documentation, and judged
on each by the other alone; the curve with what no page answers."""

FOREIGN = Profile(
    Weights(dense=0.75, bm25=0.2, coverage=0.0, late=0.0, exact=0.05),
    Calibration(intercept=-4.71, score=14.15, lead=43.02),
)
"""For questions in another language than English, with an encoder that reads both: what was learned
and what words say is English. The curve is that of openings of threads in fifteen languages, with
messages that go to people; of tests/bench/ten_languages.jsonl nothing was fitted."""

SHORT, LONG = 1.5, 4.0
"""Passages an article, in the mean: up to here a base is one of short articles, from there on one
of pages; the course FAQ has 1.2, the two documentations 7.5 and 10."""

ASKED = Profile(
    Weights(dense=0.40, bm25=0.02, coverage=0.05, late=0.40, exact=0.13),
    Calibration(intercept=-5.93, score=9.38, lead=16.6),
)
"""Articles with sample questions as people ask them: weights fitted on the sample base, held out;
the curve on the sample desk's messages, with those that no article answers."""


LEARNED = Profile(
    Weights(dense=0.056, bm25=0.008, coverage=0.039, late=0.148, exact=0.039, learned=0.71),
    Calibration(intercept=-4.83, score=7.15, lead=2.32),
)
"""Articles with learned questions: fitted on the sample desk's messages, each asked of a base
that had learned none of its scenario, with those that no article answers."""


def profile(
    asked_share: float, learned_share: float = 0.0, passages_an_article: float = 1.0
) -> Profile:
    """The default for a base of which these shares have sample and learned questions."""
    plain = _between(PLAIN, PAGES, paged_share(passages_an_article))
    return _between(_between(plain, ASKED, asked_share), LEARNED, learned_share)


def paged_share(passages_an_article: float) -> float:
    """How far a base is one of long pages, 0 to 1."""
    return min(1.0, max(0.0, (passages_an_article - SHORT) / (LONG - SHORT)))


def _between(one: Profile, other: Profile, share: float) -> Profile:
    def blend(these: object, those: object, kind: type[Weights | Calibration]) -> dict[str, float]:
        return {
            field.name: (1 - share) * getattr(these, field.name)
            + share * getattr(those, field.name)
            for field in fields(kind)
        }

    return Profile(
        Weights(**blend(one.weights, other.weights, Weights)),
        Calibration(**blend(one.calibration, other.calibration, Calibration)),
    )


def fuse(parts: PartScores, weights: Weights) -> Column:
    """The weighted sum; the larger, the better."""
    total = np.zeros_like(parts.dense)
    for part, weight in vars(weights).items():
        if weight:
            total = total + weight * getattr(parts, part)
    return np.asarray(total, np.float32)


FARTHEST = 50.0
"""Beyond these odds a number in single precision says nothing more."""


def probabilities(fused: Column, calibration: Calibration) -> Column:
    """For scores in falling order, the probability that each article answers."""
    if len(fused) == 0:
        return fused
    rival = np.full_like(fused, fused[0])
    rival[0] = fused[1] if len(fused) > 1 else fused[0] - 0.1
    logit = calibration.intercept + calibration.score * fused + calibration.lead * (fused - rival)
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -FARTHEST, FARTHEST))), np.float32)
