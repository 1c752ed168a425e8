"""Ranking one query against one snapshot of the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.late import TokenVectors, interaction
from kb.ranking import Evidence, Profile, Weights, fuse, probabilities

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.hygiene import Query
    from kb.index.snapshot import Snapshot
    from kb.index.store import Store

PROPOSED = 60
"""Articles that dense and lexical search propose, each."""

BROAD = 3
"""Units of an article with sample questions that count together in late interaction."""

RERANKED = 12
"""The best of these go through late interaction."""


@dataclass(frozen=True)
class Question:
    """A query in all the forms that the parts of the search need."""

    query: Query
    vector: NDArray[np.float32]
    tokens: TokenVectors | None


@dataclass(frozen=True)
class Scope:
    """Where to search: one collection or all, and what the viewer's groups may see of it."""

    collection: str | None = None
    viewer_groups: frozenset[str] | None = None
    """None: nobody in particular asks, and everything counts."""


@dataclass(frozen=True)
class Ranked:
    """Articles of one query in their final order."""

    positions: NDArray[np.intp]
    fused: NDArray[np.float32]
    scores: NDArray[np.float32]
    evidence: Evidence
    order: NDArray[np.intp]


@dataclass(frozen=True)
class Retriever:
    """One generation of the index, with the weights that hold for it."""

    store: Store
    snapshot: Snapshot
    profile: Profile

    def rank(self, question: Question, scope: Scope, top: int) -> Ranked:
        """Propose by meaning and words, then put the best in order."""
        positions, evidence = self._propose(question, scope)
        weights = self.profile.weights
        if self.snapshot.recogniser is None:
            weights = weights.without("learned")
        evidence = self._learned(question, positions, evidence, weights.without("late"))
        first = fuse(evidence, weights.without("late"))
        kept = np.argsort(-first, kind="stable")[: max(RERANKED, top)]
        positions, evidence = positions[kept], _narrowed(evidence, kept)
        late = self._late(question.tokens, positions)
        if late is not None:
            evidence = replace(evidence, late=late)
        else:
            weights = weights.without("late")
        fused = fuse(evidence, weights)
        order = np.argsort(-fused, kind="stable")
        scores = probabilities(fused[order], self.profile.calibration)
        return Ranked(positions[order], fused[order], scores, evidence, order)

    def _propose(self, question: Question, scope: Scope) -> tuple[NDArray[np.intp], Evidence]:
        count = len(self.snapshot.articles)
        dense = self.snapshot.dense(question.vector)
        words = self.snapshot.words.scores(question.query.text)
        bm25 = np.zeros(count, np.float32)
        coverage = np.zeros(count, np.float32)
        bm25[words.positions] = words.bm25
        coverage[words.positions] = words.coverage
        allowed = self.snapshot.allowed(scope.collection, scope.viewer_groups)
        proposed = np.union1d(_best(dense, allowed), _best(bm25, allowed)).astype(np.intp)
        return proposed, Evidence(
            np.maximum(self.snapshot.completed(dense, proposed, question.vector), 0.0),
            bm25[proposed],
            coverage[proposed],
            np.zeros(len(proposed), np.float32),
            self._exact(question.query, proposed),
            np.zeros(len(proposed), np.float32),
        )

    def _learned(
        self,
        question: Question,
        positions: NDArray[np.intp],
        evidence: Evidence,
        weights: Weights,
    ) -> Evidence:
        recogniser, classes = self.snapshot.recogniser, self.snapshot.classes
        if recogniser is None or classes is None or not len(positions):
            return evidence
        found = recogniser.probabilities(question.query.text, question.vector)
        own = classes[positions]
        # An article without questions is neither raised nor lowered by those of the others.
        neutral = fuse(evidence, weights.without("learned"))
        return replace(evidence, learned=np.where(own >= 0, found[own], neutral))

    def _exact(self, query: Query, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        share = np.zeros(len(positions), np.float32)
        if not query.identifiers or not len(positions):
            return share
        pks = [self.snapshot.articles[position].pk for position in positions.tolist()]
        rows = {pk: row for row, pk in enumerate(pks)}
        for identifier in query.identifiers:
            for pk in self.store.containing(identifier, pks):
                share[rows[pk]] += 1 / len(query.identifiers)
        return share

    def _late(
        self, query: TokenVectors | None, positions: NDArray[np.intp]
    ) -> NDArray[np.float32] | None:
        if query is None or not len(query.ids) or not len(positions):
            return None
        groups = self.snapshot.tokens(self.store, positions.tolist())
        sizes = [len(group) for group in groups]
        if not all(sizes):
            return None
        ids = np.minimum(query.ids, len(self.snapshot.rarity) - 1)
        weights = np.where(
            query.ids < len(self.snapshot.rarity),
            self.snapshot.rarity[ids],
            self.snapshot.rarity.max(),
        )
        scores = interaction(query, weights, [tokens for group in groups for _, tokens in group])
        groups_of_scores = np.split(scores, np.cumsum(sizes)[:-1])
        return np.array(
            [
                _blended(found, float(self.snapshot.breadth[position]))
                for found, position in zip(groups_of_scores, positions.tolist(), strict=True)
            ],
            np.float32,
        )

    def nearest_passage(self, position: int, vector: NDArray[np.float32]) -> int:
        """The key of an article's passage nearest to the query; of its title if it has none."""
        rows = self.snapshot.units_of(position)
        passages = rows[self.snapshot.kinds[rows] == "passage"]
        rows = passages if len(passages) else rows[:1]
        cosines = self.snapshot.nearest.vectors(rows) @ vector
        return int(self.snapshot.units[rows[int(np.argmax(cosines))]])


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
        evidence.learned[rows],
    )


def _blended(scores: NDArray[np.float32], breadth: float) -> float:
    """The best of an article's units, blended with the mean of its BROAD best."""
    best = float(scores.max())
    if not breadth:
        return best
    broad = np.sort(scores)[-BROAD:]
    return best + breadth * (float(broad.mean()) - best)
