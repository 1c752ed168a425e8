"""The façade: sync articles, search them, read one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.articles import DEFAULT_COLLECTION, Article
from kb.encoder import Encoder, Vectors
from kb.index.store import Store, StoredUnit
from kb.index.syncing import Progress, SyncReport
from kb.index.syncing import sync as sync_index
from kb.lexical import expression

__all__ = ["Hit", "KnowledgeBase", "SyncReport"]


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
class _Snapshot:
    generation: int
    articles: list[tuple[int, str, str, str]]
    units: list[StoredUnit]
    vectors: Vectors
    owner: np.ndarray
    """For each vector, the position of its article."""
    collections: np.ndarray


class KnowledgeBase:
    """Articles in a database, and the search over them; usable from several threads."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._snapshot: _Snapshot | None = None
        self._lock = threading.Lock()

    @classmethod
    def open(cls, db_path: Path, encoder: Encoder) -> KnowledgeBase:
        """Open the knowledge base in this database file, making its tables if need be."""
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
            self._store,
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
        if not snapshot.articles:
            return [[] for _ in queries]
        vectors = self._encoder.encode(list(queries))
        return [
            self._search_one(snapshot, query, vector, collection, top)
            for query, vector in zip(queries, vectors, strict=True)
        ]

    def article(self, article_id: str, collection: str | None = None) -> Article | None:
        """The article with this id, or None."""
        return self._store.article(article_id, collection)

    def count(self) -> int:
        """How many articles there are."""
        return self._store.count()

    def close(self) -> None:
        """Close the database connections."""
        self._store.close()

    def _search_one(
        self,
        snapshot: _Snapshot,
        query: str,
        vector: np.ndarray,
        collection: str | None,
        top: int,
    ) -> list[Hit]:
        similarity = snapshot.vectors @ vector
        dense = np.full(len(snapshot.articles), -1.0, np.float32)
        np.maximum.at(dense, snapshot.owner, similarity)
        words = np.zeros(len(snapshot.articles), np.float32)
        match = expression(query)
        if match:
            positions = {pk: i for i, (pk, *_rest) in enumerate(snapshot.articles)}
            for pk, score in self._store.word_scores(match, (2.0, 2.0, 1.0), 200):
                words[positions[pk]] = score
            words /= max(float(words.max()), 1e-6)
        fused = 0.7 * dense + 0.3 * words
        if collection is not None:
            fused = np.where(snapshot.collections == collection, fused, -np.inf)
        best = [int(i) for i in np.argsort(-fused)[:top] if np.isfinite(fused[i])]
        return [self._hit(snapshot, i, similarity, float(fused[i])) for i in best]

    def _hit(
        self, snapshot: _Snapshot, position: int, similarity: np.ndarray, fused: float
    ) -> Hit:
        _pk, collection, article_id, title = snapshot.articles[position]
        rows = np.flatnonzero(snapshot.owner == position)
        passages = [row for row in rows if snapshot.units[row].kind == "passage"]
        best = max(passages, key=lambda row: similarity[row], default=rows[0])
        unit = snapshot.units[best]
        score = float(1.0 / (1.0 + np.exp(-12.0 * (fused - 0.55))))
        return Hit(article_id, score, unit.text, title, unit.heading, collection)

    def _current(self) -> _Snapshot:
        generation = self._store.generation()
        snapshot = self._snapshot
        if snapshot is None or snapshot.generation != generation:
            with self._lock:
                snapshot = self._snapshot = self._load(generation)
        return snapshot

    def _load(self, generation: int) -> _Snapshot:
        articles = self._store.article_rows()
        positions = {pk: i for i, (pk, *_rest) in enumerate(articles)}
        stored = self._store.vectors(self._encoder.name)
        pairs = [(unit, stored[key]) for unit, key in self._store.units() if key in stored]
        vectors = np.frombuffer(b"".join(data for _, data in pairs), np.float32)
        return _Snapshot(
            generation,
            articles,
            [unit for unit, _ in pairs],
            vectors.reshape(len(pairs), -1) if pairs else np.zeros((0, 1), np.float32),
            np.array([positions[unit.article] for unit, _ in pairs], np.intp),
            np.array([collection for _, collection, *_rest in articles], dtype=object),
        )
