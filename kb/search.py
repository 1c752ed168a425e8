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

PROPOSED = 60
"""Articles that dense and lexical search propose, each."""

BROAD = 3
"""Units of an article with sample questions that count together in late interaction."""

RERANKED = 12
"""The best of these go through late interaction."""


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


@dataclass(frozen=True)
class _Ranked:
    """Articles of one query in their final order."""

    positions: NDArray[np.intp]
    fused: NDArray[np.float32]
    scores: NDArray[np.float32]
    evidence: Evidence
    order: NDArray[np.intp]


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

    def _rank(  # noqa: PLR0913, PLR0917 (one query in all its forms)
        self,
        snapshot: Snapshot,
        query: Query,
        vector: NDArray[np.float32],
        tokens: TokenVectors | None,
        collection: str | None,
        top: int,
    ) -> _Ranked:
        positions, evidence = self._propose(snapshot, query, vector, collection)
        first = fuse(evidence, self._tuned.weights.without_late())
        kept = np.argsort(-first, kind="stable")[: max(RERANKED, top)]
        positions, evidence = positions[kept], _narrowed(evidence, kept)
        late = self._late(snapshot, tokens, positions)
        if late is not None:
            evidence = Evidence(
                evidence.dense, evidence.bm25, evidence.coverage, late, evidence.exact
            )
        weights = self._tuned.weights if late is not None else self._tuned.weights.without_late()
        fused = fuse(evidence, weights)
        order = np.argsort(-fused, kind="stable")
        scores = probabilities(fused[order], self._tuned.calibration)
        return _Ranked(positions[order], fused[order], scores, evidence, order)

    def _propose(
        self,
        snapshot: Snapshot,
        query: Query,
        vector: NDArray[np.float32],
        collection: str | None,
    ) -> tuple[NDArray[np.intp], Evidence]:
        count = len(snapshot.articles)
        dense = snapshot.dense(vector)
        words = snapshot.words.scores(query.text)
        bm25 = np.zeros(count, np.float32)
        coverage = np.zeros(count, np.float32)
        bm25[words.positions] = words.bm25
        coverage[words.positions] = words.coverage
        allowed = np.arange(count)
        if collection is not None:
            allowed = np.flatnonzero(snapshot.collections == collection)
        proposed = np.union1d(_best(dense, allowed), _best(bm25, allowed)).astype(np.intp)
        return proposed, Evidence(
            np.maximum(snapshot.completed(dense, proposed, vector), 0.0),
            bm25[proposed],
            coverage[proposed],
            np.zeros(len(proposed), np.float32),
            self._exact(snapshot, query, proposed),
        )

    def _exact(
        self, snapshot: Snapshot, query: Query, positions: NDArray[np.intp]
    ) -> NDArray[np.float32]:
        share = np.zeros(len(positions), np.float32)
        if not query.identifiers or not len(positions):
            return share
        pks = [snapshot.articles[position].pk for position in positions.tolist()]
        rows = {pk: row for row, pk in enumerate(pks)}
        for identifier in query.identifiers:
            for pk in self.store.containing(identifier, pks):
                share[rows[pk]] += 1 / len(query.identifiers)
        return share

    def _late(
        self, snapshot: Snapshot, query: TokenVectors | None, positions: NDArray[np.intp]
    ) -> NDArray[np.float32] | None:
        if query is None or not len(query.ids) or not len(positions):
            return None
        groups = snapshot.tokens(self.store, positions.tolist())
        sizes = [len(group) for group in groups]
        if not all(sizes):
            return None
        ids = np.minimum(query.ids, len(snapshot.rarity) - 1)
        weights = np.where(
            query.ids < len(snapshot.rarity), snapshot.rarity[ids], snapshot.rarity.max()
        )
        scores = interaction(query, weights, [tokens for group in groups for _, tokens in group])
        groups_of_scores = np.split(scores, np.cumsum(sizes)[:-1])
        return np.array(
            [
                _blended(found, float(snapshot.breadth[position]))
                for found, position in zip(groups_of_scores, positions.tolist(), strict=True)
            ],
            np.float32,
        )

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


def _best(scores: NDArray[np.float32], allowed: NDArray[np.intp]) -> NDArray[np.intp]:
    if len(allowed) <= PROPOSED:
        return allowed
    best = np.argpartition(-scores[allowed], PROPOSED)[:PROPOSED]
    return np.asarray(allowed[best], np.intp)


def _narrowed(evidence: Evidence, rows: NDArray[np.intp]) -> Evidence:
    return Evidence(
        evidence.dense[rows],
        evidence.bm25[rows],
        evidence.coverage[rows],
        evidence.late[rows],
        evidence.exact[rows],
    )


def _blended(scores: NDArray[np.float32], breadth: float) -> float:
    """The best of an article's units, blended with the mean of its BROAD best."""
    best = float(scores.max())
    if not breadth:
        return best
    broad = np.sort(scores)[-BROAD:]
    return best + breadth * (float(broad.mean()) - best)


def _nearest_passage(snapshot: Snapshot, position: int, vector: NDArray[np.float32]) -> int:
    """The key of the article's passage nearest to the query; of its title where it has none."""
    rows = snapshot.units_of(position)
    passages = rows[snapshot.kinds[rows] == "passage"]
    rows = passages if len(passages) else rows[:1]
    return int(snapshot.units[rows[int(np.argmax(snapshot.nearest.vectors(rows) @ vector))]])
