"""The façade: sync articles, search them, read one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from kb.articles import DEFAULT_COLLECTION, Article
from kb.hygiene import Query, clean
from kb.index.snapshot import load
from kb.index.store import Store
from kb.index.syncing import Progress, SyncReport, embed_stored
from kb.index.syncing import sync as sync_index
from kb.late import TokenEncoder, TokenVectors
from kb.ranking import Profile, profile
from kb.retrieval import RERANKED, Question, Ranked, Retriever

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.encoder import Encoder
    from kb.lint import Finding
    from kb.tuning import Tuning

__all__ = ["Explanation", "Hit", "KnowledgeBase", "SyncReport"]

REMEMBERED = 1_000
"""Queries whose vectors are kept."""


@dataclass(frozen=True)
class Hit:
    """An article that may answer, with the passage that matched best."""

    article: str
    score: float
    """Calibrated: the probability that this article answers, 0 to 1."""
    passage: str
    title: str
    heading: str
    collection: str


@dataclass(frozen=True)
class Explanation:
    """What each part of the search said about an article, 0 to 1 each."""

    article: str
    score: float
    fused: float
    parts: dict[str, float]


class KnowledgeBase:
    """Articles in a database, and the search over them; usable from several threads."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        """Search this store with this encoder; see `open`."""
        self.store = store
        self._encoder = encoder
        self._token_encoder = encoder if isinstance(encoder, TokenEncoder) else None
        self._retriever: Retriever | None = None
        self._remembered: dict[Query, Question] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, db_path: Path, encoder: Encoder) -> KnowledgeBase:
        """Open the knowledge base in this database file, making its tables if need be."""
        # A search multiplies small matrices: there BLAS's own threads only wait for each other.
        threadpool_limits(1, user_api="blas")
        return cls(Store(Path(db_path)), encoder)

    def sync(
        self,
        sources: Sequence[Path],
        *,
        collection: str = DEFAULT_COLLECTION,
        dry_run: bool = False,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Bring the index to what the sources say; unchanged text is not embedded again."""
        return sync_index(
            self.store,
            self._encoder,
            [Path(source) for source in sources],
            collection=collection,
            dry_run=dry_run,
            prune=prune,
            progress=progress,
        )

    def search(self, query: str, *, collection: str | None = None, top: int = 5) -> list[Hit]:
        """The articles that most probably answer, best first; one hit an article."""
        return self.search_batch([query], collection=collection, top=top)[0]

    def search_batch(
        self, queries: Sequence[str], *, collection: str | None = None, top: int = 5
    ) -> list[list[Hit]]:
        """Search many queries at once; results in the same order."""
        retriever = self._current()
        asked = self._encode([clean(query) for query in queries])
        return [
            self._hits(retriever, question, retriever.rank(question, collection, top), top)
            for question in asked
        ]

    def explain(
        self, query: str, *, collection: str | None = None, top: int = 5
    ) -> list[Explanation]:
        """What each part of the search contributed to the best articles."""
        retriever = self._current()
        (question,) = self._encode([clean(query)])
        ranked = retriever.rank(question, collection, top)
        names = ("dense", "bm25", "coverage", "late", "exact")
        return [
            Explanation(
                retriever.snapshot.articles[position].id,
                float(ranked.scores[row]),
                float(ranked.fused[row]),
                {name: float(getattr(ranked.evidence, name)[ranked.order[row]]) for name in names},
            )
            for row, position in enumerate(ranked.positions[:top].tolist())
        ]

    def article(self, article_id: str, collection: str | None = None) -> Article | None:
        """The article with this id, or None."""
        return self.store.article(article_id, collection)

    def count(self) -> int:
        """How many articles there are."""
        return self.store.count()

    def lint(self) -> list[Finding]:
        """What is wrong with the stored articles, in their order."""
        from kb.lint import lint  # noqa: PLC0415 (it searches, so it imports this module)

        return lint(self.store.articles(), self._encoder)

    def tune(self, confirmed: Sequence[tuple[str, str, str | None]] = ()) -> Tuning | None:
        """Fit the weights to sample questions and (query, article, collection) confirmed answers.

        Kept if a held-out half of the articles gains by it; None if there are too few questions.
        """
        from kb.heldout import Trial, trials  # noqa: PLC0415 (it searches, so it imports this)
        from kb.tuning import tune  # noqa: PLC0415

        asked = [article for article in self.store.articles() if article.questions]
        known = list(trials(asked, self._encoder))
        for query, article, collection in confirmed:
            found = tuple(self.explain(query, collection=collection, top=RERANKED))
            known.append(Trial(query, article, collection or "", found))
        tuning = tune(known, self._current().profile)
        if tuning is not None and tuning.kept:
            self.store.set_state("profile", tuning.profile.to_json())
        return tuning

    def close(self) -> None:
        """Close the database connections."""
        self.store.close()

    def _encode(self, queries: Sequence[Query]) -> list[Question]:
        """Embed what was not asked just before."""
        remembered = self._remembered
        new = list(dict.fromkeys(query for query in queries if query not in remembered))
        texts = [query.text for query in new]
        tokens: Sequence[TokenVectors | None] = [None] * len(texts)
        if self._token_encoder is not None:
            vectors, tokens = self._token_encoder.encode_tokens(texts)
        else:
            vectors = self._encoder.encode(texts)
        fresh = {
            query: Question(query, vector, token)
            for query, vector, token in zip(new, vectors, tokens, strict=True)
        }
        known = {**remembered, **fresh}
        # Replaced, not changed: other threads may be reading it.
        self._remembered = known if len(known) <= REMEMBERED else {}
        return [known[query] for query in queries]

    def _hits(
        self, retriever: Retriever, question: Question, ranked: Ranked, top: int
    ) -> list[Hit]:
        positions = ranked.positions[:top].tolist()
        units = [retriever.nearest_passage(position, question.vector) for position in positions]
        texts = self.store.unit_texts(units)
        hits = []
        for position, unit, score in zip(positions, units, ranked.scores, strict=False):
            article = retriever.snapshot.articles[position]
            heading, text = texts.get(unit, ("", ""))
            hits.append(
                Hit(article.id, float(score), text, article.title, heading, article.collection)
            )
        return hits

    def _current(self) -> Retriever:
        generation = self.store.generation()
        retriever = self._retriever
        if retriever is not None and retriever.snapshot.generation == generation:
            return retriever
        with self._lock:
            # Another thread may have loaded it while this one waited.
            retriever = self._retriever
            if retriever is None or retriever.snapshot.generation != generation:
                embed_stored(self.store, self._encoder)
                snapshot = load(self.store, self._encoder.name, generation)
                kept = self.store.state("profile")
                tuned = Profile.from_json(kept) if kept else profile(snapshot.asked_share)
                retriever = self._retriever = Retriever(self.store, snapshot, tuned)
            return retriever
