"""Asking an article's own sample questions while they are kept from the index."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.index.store import Store
from kb.index.syncing import write
from kb.late import TokenEncoder, TokenVectors
from kb.search import Explanation, KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.articles import Article
    from kb.encoder import Encoder, Vectors

FOLDS = 5
CANDIDATES = 12


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


def trials(articles: Sequence[Article], encoder: Encoder, *, folds: int = FOLDS) -> Iterator[Trial]:
    """Ask every sample question of a base that has all the articles but not that question."""
    remembering = RememberingEncoder(encoder) if isinstance(encoder, TokenEncoder) else encoder
    with tempfile.TemporaryDirectory(prefix="frontline-heldout-") as folder:
        for fold in range(folds):
            store = Store(Path(folder) / f"{fold}.db")
            kept = [(_without(article, fold, folds), "") for article in articles]
            write(store, remembering, kept)
            base = KnowledgeBase(store, remembering)
            for article in articles:
                for question in article.questions[fold::folds]:
                    found = base.explain(question, collection=article.collection, top=CANDIDATES)
                    yield Trial(question, article.id, article.collection, tuple(found))
            base.close()


def _without(article: Article, fold: int, folds: int) -> Article:
    questions = tuple(
        question for number, question in enumerate(article.questions) if number % folds != fold
    )
    return replace(article, questions=questions)
