"""The façade: sync articles, search them, read one."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from kb.articles import DEFAULT_COLLECTION, Article
from kb.hygiene import Query, clean
from kb.index.snapshot import Snapshot, load
from kb.index.store import Store
from kb.index.syncing import Progress, SyncReport, embed_stored
from kb.index.syncing import sync as sync_index
from kb.late import TokenEncoder, TokenVectors, interaction
from kb.ranking import Evidence, Profile, fuse, probabilities, profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.encoder import Encoder, Vectors
    from kb.lint import Finding
    from kb.tuning import Tuning

__all__ = ["Explanation", "Hit", "KnowledgeBase", "SyncReport"]

REMEMBERED = 1_000
"""Queries whose vectors are kept."""

Encoded = "tuple[NDArray[np.float32], TokenVectors | None]"


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
        self._snapshot: Snapshot | None = None
        self._tuned = profile(0.0)
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
        snapshot = self._current()
        cleaned = [clean(query) for query in queries]
        vectors, tokens = self._encode(cleaned)
        return [
            self._hits(snapshot, ranked, vector, top)
            for vector, ranked in (
                (vector, self._rank(snapshot, query, vector, token, collection, top))
                for query, vector, token in zip(cleaned, vectors, tokens, strict=True)
            )
        ]

    def explain(
        self, query: str, *, collection: str | None = None, top: int = 5
    ) -> list[Explanation]:
        """What each part of the search contributed to the best articles."""
        snapshot = self._current()
        cleaned = clean(query)
        vectors, tokens = self._encode([cleaned])
        ranked = self._rank(snapshot, cleaned, vectors[0], tokens[0], collection, top)
        names = ("dense", "bm25", "coverage", "late", "exact")
        return [
            Explanation(
                snapshot.articles[position].id,
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
        self._current()
        tuning = tune(known, self._tuned)
        if tuning is not None and tuning.kept:
            self.store.set_state("profile", tuning.profile.to_json())
        return tuning

    def close(self) -> None:
        """Close the database connections."""
        self.store.close()

    def _encode(self, queries: Sequence[Query]) -> tuple[Vectors, list[TokenVectors | None]]:
        texts = [query.text for query in queries]
        if self._token_encoder is not None:
            vectors, tokens = self._token_encoder.encode_tokens(texts)
            return vectors, list(tokens)
        return self._encoder.encode(texts), [None] * len(texts)

    def _hits(
        self, snapshot: Snapshot, ranked: _Ranked, vector: NDArray[np.float32], top: int
    ) -> list[Hit]:
        positions = ranked.positions[:top].tolist()
        units = [_nearest_passage(snapshot, position, vector) for position in positions]
        texts = self.store.unit_texts(units)
        hits = []
        for position, unit, score in zip(positions, units, ranked.scores, strict=False):
            article = snapshot.articles[position]
            heading, text = texts.get(unit, ("", ""))
            hits.append(
                Hit(article.id, float(score), text, article.title, heading, article.collection)
            )
        return hits

    def _current(self) -> Snapshot:
        generation = self.store.generation()
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != generation:
            with self._lock:
                # Another thread may have loaded it while this one waited.
                if self._snapshot is None or self._snapshot.generation != generation:
                    embed_stored(self.store, self._encoder)
                    loaded = load(self.store, self._encoder.name, generation)
                    self._tuned = self._profile(loaded)
                    self._snapshot = loaded
                snapshot = self._snapshot
        return snapshot

    def _profile(self, snapshot: Snapshot) -> Profile:
        """What `frontline kb tune` found for this base, or else the default for its kind."""
        kept = self.store.state("profile")
        return Profile.from_json(kept) if kept else profile(snapshot.asked_share)
