"""Calibrating a base on itself: half of its sentences' words, without the article they are from.

Whole sentences, titles and headings are found better than what people ask: in half of its words a
sentence is found about as well, in bases of long pages and of short articles alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.passages import split
from kb.searching.scale import FORM, MIDDLE, SPREAD, Scale
from kb.spans import LINK
from kb.tuning.heldout import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.articles import Article
    from kb.index.units import Progress
    from kb.searching.base import KnowledgeBase

MOST_ARTICLES = 120
"""So many are asked about, by two sentences each: more move the middle by less than a tenth of the
spread."""

FEWEST_ARTICLES, FEWEST_QUESTIONS = 8, 20
"""In a smaller base there is no telling; the usual scale holds."""

LEAST_SPREAD = 0.02
CHANGED_SHARE = 0.05
"""With so many articles changed since, the scale is found anew."""

MARK = 8
MOST_MARKS = 4_000
SHORTEST, LONGEST = 6, 40
OF_EACH = 2
AT_ONCE = 32

_MARKS = re.compile(r"[`*_>#|{}]")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_WORDS = re.compile(r"\w[\w'-]*")


@dataclass(frozen=True)
class _OfArticle:
    """A question that an article's own words make."""

    article: str
    text: str


def calibrate(base: KnowledgeBase, progress: Progress | None = None) -> Scale:
    """Find the base's own scale and keep it with the index; the usual one of a base that is small.

    Nothing is done where the articles are nearly those that it was found on.
    """
    hashes = base.store.hashes()
    marks = sorted(digest[:MARK] for digest in hashes.values())[:MOST_MARKS]
    before = base.scale
    if before is not None and _is_much_the_same(before, base.encoder.name, marks):
        return before
    chosen = sorted(hashes, key=lambda key: hashes[key])[:MOST_ARTICLES]
    articles = [found for name, key in chosen if (found := base.store.article(key, name))]
    questions = [each for article in articles for each in _questions(article)]
    if len(hashes) < FEWEST_ARTICLES or len(questions) < FEWEST_QUESTIONS:
        scale = Scale(MIDDLE, SPREAD, 0, base.encoder.name, tuple(marks), FORM)
        base.measure_by(scale)
        return scale
    best = _best_of_others(base, questions, progress)
    low, middle, high = np.quantile(best, (0.16, 0.5, 0.84)).tolist()
    spread = max(LEAST_SPREAD, (high - low) / 2)
    scale = Scale(middle, spread, len(best), base.encoder.name, tuple(marks), FORM)
    base.measure_by(scale)
    return scale


def _is_much_the_same(before: Scale, encoder: str, marks: Sequence[str]) -> bool:
    changed = len(set(before.marks) ^ set(marks))
    is_of_today = before.encoder == encoder and before.form == FORM
    return is_of_today and changed <= 2 * CHANGED_SHARE * max(1, len(marks))


def _best_of_others(
    base: KnowledgeBase, questions: Sequence[_OfArticle], progress: Progress | None
) -> list[float]:
    """The best score of an article that is not the one that a question is from."""
    best: list[float] = []
    for start in range(0, len(questions), AT_ONCE):
        some = questions[start : start + AT_ONCE]
        found = base.explain_batch([each.text for each in some], top=CANDIDATES)
        for own, hits in zip(some, found, strict=True):
            others = [hit.fused for hit in hits if hit.article != own.article]
            best += [max(others)] if others else []
        if progress is not None:
            progress(min(start + AT_ONCE, len(questions)), len(questions))
    return best


def _questions(article: Article) -> Iterator[_OfArticle]:
    """Some of its sentences, evenly spread, each in every second word of it."""
    sentences = [
        said
        for each in split(article.body)
        for said in map(_plain, _SENTENCES.split(each.text))
        if SHORTEST <= len(said.split()) <= LONGEST
    ]
    step = max(1, len(sentences) // OF_EACH)
    # Not from the first on: first sentences greet.
    for said in dict.fromkeys(sentences[step // 2 :: step][:OF_EACH]):
        yield _OfArticle(article.id, " ".join(_WORDS.findall(said.lower())[::2]))


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub(" ", LINK.sub(r"\1", text)).split())
