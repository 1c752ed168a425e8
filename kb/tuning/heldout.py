"""Asking an article's own sample questions while they are kept from the index."""

from __future__ import annotations

import tempfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.late import TokenEncoder, TokenVectors
from kb.index.store import Store
from kb.index.syncing import write
from kb.searching.base import Explanation, KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kb.articles import Article
    from kb.encoding.encoder import Encoder, Vectors
    from kb.index.units import Progress

FOLDS = 5
CANDIDATES = 12
MOST_RIVALS = 5_000
"""Up to so many articles, those without questions are searched as well: it embeds them anew."""


@dataclass(frozen=True)
class Example:
    """A message, the article that answers it ("" for none), and what it must not be parted from."""

    text: str
    article: str
    group: str = ""


@dataclass(frozen=True)
class Trial:
    """One question, the article that answers it, and what the search found without it."""

    question: str
    article: str
    collection: str
    found: tuple[Explanation, ...]

    @property
    def rank(self) -> int | None:
        """0 where the right article came first; None where it was not among the candidates."""
        for rank, explanation in enumerate(self.found):
            if explanation.article == self.article:
                return rank
        return None


class RememberingEncoder:
    """Embeds each text once, however many folds ask for it."""

    def __init__(self, encoder: TokenEncoder) -> None:
        """Wrap an encoder."""
        self.name = encoder.name
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._known: dict[str, tuple[Vectors, TokenVectors]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder itself."""
        return self.encode_tokens(texts)[0]

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """As the encoder itself."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        vectors, tokens = self._encoder.encode_tokens(new)
        self._known.update({text: (vectors[i : i + 1], tokens[i]) for i, text in enumerate(new)})
        if not texts:
            return np.zeros((0, self.dimension), np.float32), []
        found = [self._known[text] for text in texts]
        return np.concatenate([vector for vector, _ in found]), [token for _, token in found]


def rivals(articles: Sequence[Article]) -> list[Article]:
    """What sample questions are asked of: every article, or in a large base those that have any."""
    asked = [article for article in articles if article.questions]
    return list(articles) if asked and len(articles) <= MOST_RIVALS else asked


def trials(articles: Sequence[Article], encoder: Encoder, *, folds: int = FOLDS) -> Iterator[Trial]:
    """Ask every sample question of a base that has all the articles but not that question."""
    remembering = remembered(encoder)
    for fold in range(folds):
        kept = [_without(article, fold, folds) for article in articles]
        with _base(kept, remembering) as base:
            for article in articles:
                for question in article.questions[fold::folds]:
                    found = base.explain(question, collection=article.collection, top=CANDIDATES)
                    yield Trial(question, article.id, article.collection, tuple(found))


def learned_trials(
    articles: Sequence[Article],
    encoder: Encoder,
    examples: Sequence[Example],
    *,
    folds: int = FOLDS,
) -> Iterator[Trial]:
    """Ask every example of a base that has learned the others, but none of its own group."""
    remembering = remembered(encoder)
    for fold in range(folds):
        asked = [one for one in examples if fold_of(one.group or one.text, folds) == fold]
        others = [one for one in examples if fold_of(one.group or one.text, folds) != fold]
        yield from ask(articles, remembering, others, asked)


def ask(
    articles: Sequence[Article],
    encoder: Encoder,
    learned: Sequence[Example],
    asked: Sequence[Example],
    state: Mapping[str, str] | None = None,
) -> Iterator[Trial]:
    """Ask some examples of a base that has learned others; `state` is what was tuned for it."""
    homes = {article.id: article.collection for article in reversed(articles)}
    with _base(articles, encoder) as base:
        for name, value in (state or {}).items():
            base.store.set_state(name, value)
        base.learn([(one.text, one.article) for one in learned if one.article])
        for one in asked:
            found = base.explain(one.text, top=CANDIDATES)
            yield Trial(one.text, one.article, homes.get(one.article, ""), tuple(found))


def counted(
    asked: Iterable[Trial], total: int, progress: Progress | None = None
) -> Iterator[Trial]:
    """The trials, and word of each that is done."""
    for done, trial in enumerate(asked, start=1):
        if progress is not None:
            progress(done, total)
        yield trial


def remembered(encoder: Encoder) -> Encoder:
    """The encoder, embedding each text only once however many bases ask for it."""
    known = isinstance(encoder, RememberingEncoder)
    return (
        RememberingEncoder(encoder) if isinstance(encoder, TokenEncoder) and not known else encoder
    )


def fold_of(group: str, folds: int) -> int:
    """Where a group belongs, by its name alone."""
    return zlib.crc32(group.encode("utf-8", "replace")) % folds


@contextmanager
def _base(articles: Sequence[Article], encoder: Encoder) -> Iterator[KnowledgeBase]:
    with tempfile.TemporaryDirectory(prefix="frontline-heldout-") as folder:
        store = Store(Path(folder) / "kb.db")
        write(store, encoder, [(article, "") for article in articles])
        base = KnowledgeBase(store, encoder)
        try:
            yield base
        finally:
            base.close()


def _without(article: Article, fold: int, folds: int) -> Article:
    questions = tuple(
        question for number, question in enumerate(article.questions) if number % folds != fold
    )
    return replace(article, questions=questions)
