"""A base's own scale: what the search finds there for questions that it cannot answer.

Fused scores of one base say little about those of another: where all pages share their words, a
page that does not answer scores as high as one that does elsewhere. So a base is asked its own
sentences, in half of their words, without the article that they are from (`kb.tuning.calibrating`),
and a score counts by how far above these it stands.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from kb.searching.ranking import Calibration

START, HEIGHT, LEAD = -0.724, 0.686, 1.404
"""Logistic regression of "this article answers" on height above the middle of the unanswerable and
lead over the next, both in spreads; on the best three for messages to the sample base with and
without its questions, to a course FAQ and to fourteen organisations' documentation, and judged on
each by the others (`python -m tests.bench.unlabelled`)."""


MIDDLE, SPREAD = 0.45, 0.1
"""Those of fourteen organisations' documentation lay from 0.405 to 0.528, and 0.093 to 0.125.
Taken where a base is too small to tell."""

FORM = 2
"""Of today's search and questions: a scale of others says nothing of its scores."""


@dataclass(frozen=True)
class Scale:
    """The middle and the spread of the best score of what cannot be answered."""

    middle: float
    spread: float
    asked: int
    """By how many questions it was found; 0: it is the usual one."""
    encoder: str
    marks: tuple[str, ...] = ()
    """The beginnings of the hashes of the articles that it was found on."""
    form: int = 0
    """How the search reckoned when it was found."""

    def told(self) -> str:
        """Say by what scores are measured, in one line."""
        if self.asked:
            return f"scores are measured by {self.asked} of the articles' own sentences"
        return (
            "these are too few articles to measure scores by: only what stands in one of them "
            "almost word for word is answered"
        )

    def curve(self) -> Calibration:
        """From a fused score and its lead to the chance that the article answers.

        Among a few articles the first leads by far whatever is asked: there its lead says nothing.
        """
        lead = LEAD / self.spread if self.asked else 0.0
        return Calibration(START - HEIGHT * self.middle / self.spread, HEIGHT / self.spread, lead)

    @classmethod
    def from_json(cls, text: str) -> Scale:
        """Read what `to_json` wrote."""
        kept = json.loads(text)
        return cls(**{**kept, "marks": tuple(kept["marks"])})

    def to_json(self) -> str:
        """A stable text for the database."""
        return json.dumps(asdict(self), sort_keys=True)
