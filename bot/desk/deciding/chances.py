"""Chances: what a message may turn out to be, from both kinds of evidence together.

The classifier alone does not know whether an article fits, and the search alone does not know
whether somebody has to look into it. Each outcome gets a weight; its share of all is its chance:

    article   exp(article + score * ln of its search score - sureness * ln of what it lacks to 1
              + agreement * share of parts that put it first + label * ln p(L1))
    no article exp(label * ln p(L1))
    L2         exp(l2 + label * ln p(L2)); L3 and chat alike

The constants are fitted (`frontline classifier gate`) on messages that neither the classifier
nor the search had learned: a conditional logit (McFadden 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import exp, log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OUTCOMES = ("no article", "L2", "L3", "chat")
"""Outcomes that every message may have; the articles that were found come after them."""

ARTICLES = 3
"""So many of the articles found count on their own; any other is as good as none."""

LEAST_CHANCE = 1e-6
LEAST_SCORE = 1e-3

UNKNOWN_AGREEMENT = 0.5


@dataclass(frozen=True)
class Candidate:
    """An article that may answer: its score in the search, and the chance that it answers.

    `agreed` names the parts of the search that put it first, `differed` those that did not.
    """

    article: str
    score: float
    title: str = ""
    passage: str = ""
    heading: str = ""
    agreed: tuple[str, ...] = ()
    differed: tuple[str, ...] = ()
    chance: float = 0.0

    @property
    def agreement(self) -> float:
        """The share of the search's parts that put this article first."""
        parts = len(self.agreed) + len(self.differed)
        return len(self.agreed) / parts if parts else UNKNOWN_AGREEMENT


@dataclass(frozen=True)
class Joint:
    """How both kinds of evidence weigh; the defaults were fitted on the sample desk."""

    article: float = 1.82
    score: float = 1.06
    agreement: float = 1.65
    label: float = 1.0
    l2: float = 1.69
    l3: float = 1.65
    chat: float = 1.57
    sureness: float = 0.0
    """How much a score near 1 says beyond its logarithm; as much as `score`: its odds."""

    @classmethod
    def from_mapping(cls, weights: Mapping[str, Any]) -> Joint:
        """Take the weights that a manifest names; others keep their default."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: float(value) for name, value in weights.items() if name in known})


UNLABELLED = Joint(
    article=0.98,
    score=1.22,
    agreement=0.78,
    label=0.87,
    l2=1.11,
    l3=0.37,
    chat=-1.53,
    sureness=0.59,
)
"""For a base that was calibrated on itself, where nothing was labelled: fitted on seventeen bases
whose questions are known, fourteen of them documentation of real organisations, and judged on each
by the others (`python -m tests.bench.unlabelled`). What needs a person counts three times: a call
that is missed costs more than one too many, and what the classifier learned elsewhere, it knows
less well here."""

UNLABELLED_THRESHOLDS = {"escalate_at": 0.04, "answer_at": 0.84, "in_vain": 3.5}
"""Those at which the default budget was kept on such bases. Which articles are offered is a guess
there: they are where it is likelier than not that one of them answers."""


@dataclass(frozen=True)
class Chances:
    """The chance of each outcome; together 1."""

    articles: tuple[float, ...]
    no_article: float
    l2: float
    l3: float
    chat: float

    @property
    def person(self) -> float:
        """Somebody has to look into it."""
        return self.l2 + self.l3

    @property
    def l1(self) -> float:
        """It is the front line's own, whether an article is there or not."""
        return sum(self.articles) + self.no_article


def terms(
    probabilities: Mapping[str, float], candidates: Sequence[Candidate]
) -> list[tuple[float, ...]]:
    """For each outcome, what each weight of `Joint` is multiplied with, in its order."""
    l1, l2, l3, chat = (
        log(max(LEAST_CHANCE, probabilities.get(label, 0.0)))
        for label in ("L1", "L2", "L3", "chat")
    )
    return [
        (0.0, 0.0, 0.0, l1, 0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, l2, 1.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, l3, 0.0, 1.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, chat, 0.0, 0.0, 1.0, 0.0),
        *(
            (1.0, _ln(c.score), c.agreement, l1, 0.0, 0.0, 0.0, -_ln(1.0 - c.score))
            for c in candidates[:ARTICLES]
        ),
    ]


def _ln(share: float) -> float:
    return log(max(LEAST_SCORE, share))


def join(
    probabilities: Mapping[str, float], candidates: Sequence[Candidate], joint: Joint
) -> Chances:
    """Give the chance of each outcome."""
    weights = vars(joint).values()
    heights = [
        sum(weight * term for weight, term in zip(weights, row, strict=True))
        for row in terms(probabilities, candidates)
    ]
    highest = max(heights)
    shares = [exp(height - highest) for height in heights]
    whole = sum(shares)
    no_article, l2, l3, chat, *articles = (share / whole for share in shares)
    return Chances(tuple(articles), no_article, l2, l3, chat)
