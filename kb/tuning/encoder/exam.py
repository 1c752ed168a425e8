"""Which questions train an encoder, and which judge it: a split that is honest about both."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.index.syncing import units
from kb.questions.hygiene import clean
from kb.tuning.heldout import Example, ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kb.articles import Article
    from kb.encoding.encoder import Encoder
    from kb.index.learning import Key

LEAST_ASKED = 50
LEAST_TRAINED = 100
LEAST_ARTICLES = 8
"""Fewer articles to train on, and there is too little to tell one from."""

TOP = 5
UNSEEN_EVERY = 5
"""One article in five is kept from training altogether."""

ASKED_EVERY = 5
ASKED_EVERY_UNSEEN = 2
"""One question in so many is kept from training and from the index, of a trained article and of
an unseen one; the unseen article keeps the other half in the index, as in life."""

FEWEST_WORDS = 5
"""A text with fewer words says too little for its title to be asked of it."""

SUBSTITUTE_WORDS = 8
MOST_ASKED = 1_000
MOST_ARTICLES = 3_000
"""Of a larger base a selection is judged by: all of it would be embedded twice."""

RESAMPLES = 2_000
SURE = 0.05

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Pair:
    """A question, the article that answers it, and what a search would compare it to there."""

    question: str
    article: str
    passages: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exam:
    """A base that lacks some questions, and these questions."""

    articles: tuple[Article, ...]
    learned: tuple[Example, ...]
    asked: tuple[Example, ...]
    unseen: frozenset[str]
    """Ids of the articles of which nothing was trained on."""
    state: Mapping[str, str] = field(default_factory=dict)
    """What was tuned for the base before."""

    def sit(self, encoder: Encoder) -> Marks:
        """Ask every question of the whole search with this encoder."""
        found = list(ask(self.articles, encoder, self.learned, self.asked, self.state))
        ranks = [trial.rank for trial in found]
        return Marks(
            np.array([TOP if rank is None else min(rank, TOP) for rank in ranks], np.intp),
            tuple(trial.article for trial in found),
            np.array([trial.article in self.unseen for trial in found]),
        )


@dataclass(frozen=True)
class Marks:
    """How the questions of an exam went; a rank of TOP is one that was not found."""

    ranks: NDArray[np.intp]
    articles: tuple[str, ...]
    unseen: NDArray[np.bool_]

    @property
    def gains(self) -> NDArray[np.float64]:
        """The reciprocal rank of each question, 0 beyond TOP."""
        return np.where(self.ranks < TOP, 1.0 / (self.ranks + 1), 0.0)

    @property
    def mrr(self) -> float:
        """Mean reciprocal rank at 5."""
        return float(self.gains.mean())

    @property
    def hit_rate(self) -> float:
        """Share of questions with the right article among the first 5."""
        return float((self.ranks < TOP).mean())

    @property
    def mrr_unseen(self) -> float:
        """The MRR over articles of which nothing was trained on."""
        return float(self.gains[self.unseen].mean()) if self.unseen.any() else 0.0

    @property
    def mrr_seen(self) -> float:
        """The MRR over unseen questions of articles that were trained on."""
        return float(self.gains[~self.unseen].mean()) if not self.unseen.all() else 0.0


def least_gain(before: Marks, after: Marks) -> float:
    """What the MRR surely gained: the 5th percentile of a bootstrap over articles.

    Questions of one article rise and fall together, so articles are drawn, not questions.
    """
    names = sorted(set(before.articles))
    rows = np.searchsorted(names, before.articles)
    sums = np.bincount(rows, after.gains - before.gains, minlength=len(names))
    counts = np.bincount(rows, minlength=len(names))
    drawn = np.random.default_rng(7).integers(0, len(names), (RESAMPLES, len(names)))
    return float(np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), SURE))


def divide(
    articles: Sequence[Article],
    learned: Mapping[Key, Sequence[str]],
    confirmed: Sequence[tuple[str, str]] = (),
    state: Mapping[str, str] | None = None,
) -> tuple[list[Pair], Exam] | None:
    """Pairs to train on and an exam without any of them; None where there is too little.

    The split follows from the words of questions and the ids of articles alone: training again,
    from the result as well, never sees what judges it.
    """
    unseen = frozenset(one.id for one in articles if _draw(f"article {one.id}", UNSEEN_EVERY))
    known = [Example(text, one.id) for one in articles for text in one.questions]
    kept = [Example(text, key[1]) for key, texts in learned.items() for text in texts]
    ids = {one.id for one in articles}
    extra = [Example(clean(text).text, key) for text, key in confirmed if key in ids]
    asked = [one for one in [*known, *kept, *extra] if _asked(one.text, one.article in unseen)]
    if len(asked) < LEAST_ASKED:
        return _divide_titles(articles, unseen, state or {})
    hidden = {_words(one.text) for one in asked}
    exam = Exam(
        tuple(
            replace(one, questions=tuple(q for q in one.questions if _words(q) not in hidden))
            for one in articles
        ),
        tuple(one for one in kept if _words(one.text) not in hidden),
        tuple({(_words(one.text), one.article): one for one in asked}.values()),
        unseen,
        state or {},
    )
    train = [one for one in [*known, *kept, *extra] if _words(one.text) not in hidden]
    return _enough(_pairs(articles, train, unseen), exam)


def _divide_titles(
    articles: Sequence[Article], unseen: frozenset[str], state: Mapping[str, str]
) -> tuple[list[Pair], Exam] | None:
    """Where next to no questions are known: titles, asked of articles that lack them."""
    telling = [one for one in articles if len(one.body.split()) >= FEWEST_WORDS]
    asked = [Example(one.title, one.id) for one in telling if one.id in unseen]
    if len(asked) < LEAST_ASKED:
        return None
    nameless = {one.article for one in asked}
    exam = Exam(
        tuple(
            replace(one, title=" ".join(one.body.split()[:SUBSTITUTE_WORDS]))
            if one.id in nameless
            else one
            for one in articles
        ),
        (),
        tuple(asked),
        unseen,
        state,
    )
    pairs = [
        Pair(one.title, one.id, tuple(unit.text for unit in units(one) if unit.kind == "passage"))
        for one in telling
        if one.id not in unseen
    ]
    return _enough([pair for pair in pairs if pair.passages], exam)


def _enough(pairs: list[Pair], exam: Exam) -> tuple[list[Pair], Exam] | None:
    few = len(pairs) < LEAST_TRAINED or len({pair.article for pair in pairs}) < LEAST_ARTICLES
    return None if few else (pairs, _selected(exam))


def _selected(exam: Exam) -> Exam:
    """As many questions and articles as can be asked in a minute or two, by their names alone."""
    asked = sorted(exam.asked, key=lambda one: _number(_words(one.text)))[:MOST_ASKED]
    wanted = {one.article for one in asked}
    # What is asked for comes first, the others are what it is to be told from.
    order = sorted(exam.articles, key=lambda one: (one.id not in wanted, _number(one.id)))
    chosen = {(one.collection, one.id) for one in order[:MOST_ARTICLES]}
    articles = tuple(one for one in exam.articles if (one.collection, one.id) in chosen)
    return replace(exam, articles=articles, asked=tuple(asked))


def _pairs(
    articles: Sequence[Article], train: Sequence[Example], unseen: frozenset[str]
) -> list[Pair]:
    """Each question with what a search compares it to: passages, and the article's questions."""
    questions: dict[str, list[str]] = {}
    for one in train:
        if one.article not in unseen:
            questions.setdefault(one.article, []).append(one.text)
    passages = {
        one.id: tuple(unit.embedded for unit in units(one) if unit.kind == "passage")
        for one in articles
    }
    return [
        Pair(text, article, passages[article], tuple(other for other in many if other != text))
        for article, many in questions.items()
        for text in dict.fromkeys(many)
        if len(many) > 1 or passages[article]
    ]


def _asked(text: str, unseen: bool) -> bool:  # noqa: FBT001 (one question, two shares)
    return _draw(_words(text), ASKED_EVERY_UNSEEN if unseen else ASKED_EVERY)


def _draw(name: str, every: int) -> bool:
    return _number(name) % every == 0


def _number(name: str) -> int:
    # Divided, because the lowest bits decide elsewhere: the halves of `kb tune`, the folds.
    return zlib.crc32(name.encode("utf-8", "replace")) // 7


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold())) or text
