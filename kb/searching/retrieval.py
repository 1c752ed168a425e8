"""Ranking one query against one snapshot of the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.late import TokenVectors, interaction
from kb.index.units import KINDS
from kb.searching.ranking import FOREIGN, PartScores, Profile, Weights, fuse, probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.index.store import Store
    from kb.questions.hygiene import Query
    from kb.searching.snapshot import Snapshot

BROAD = 3
"""Units of an article with sample questions that count together in late interaction."""

RERANKED = 12
"""The best of these go through late interaction."""

CLOSEST = 12
"""Of an article with many units, so many go through late interaction: the nearest by meaning.

Of 210 openings of threads on the sample base, all found the same article first as with every
unit, and its score moved by 0.001; with 8 units one of them did not.
"""

NO_UNIT = -1

_PASSAGE = KINDS.index("passage")


@dataclass(frozen=True)
class Question:
    """A query in all the forms that the parts of the search need."""

    query: Query
    vector: NDArray[np.float32]
    tokens: TokenVectors | None

    @property
    def meant_alone(self) -> bool:
        """Whether its words say nothing to the encoder, as those of another language do."""
        return bool(self.query.text) and self.tokens is not None and not len(self.tokens.ids)


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
    parts: PartScores
    order: NDArray[np.intp]


@dataclass(frozen=True)
class Retriever:
    """One generation of the index, with the weights that hold for it."""

    store: Store
    snapshot: Snapshot
    profile: Profile
    by_scale: bool = False
    """Whether scores mean what they say by the base's own scale."""

    def rank(self, question: Question, scope: Scope, top: int) -> Ranked:
        """Propose by meaning and words, then put the best in order."""
        positions, parts = self._propose(question, scope)
        profile = FOREIGN if question.meant_alone else self.profile
        weights = profile.weights
        if self.snapshot.recogniser is None:
            weights = weights.without("learned")
        parts = self._learned(question, positions, parts, weights.without("late"))
        first = fuse(parts, weights.without("late"))
        kept = np.argsort(-first, kind="stable")[: max(RERANKED, top)]
        positions, parts = positions[kept], _narrowed(parts, kept)
        late = self._late(question, positions)
        if late is not None:
            parts = replace(parts, late=late)
        else:
            weights = weights.without("late")
        fused = fuse(parts, weights)
        order = np.argsort(-fused, kind="stable")
        scores = probabilities(fused[order], profile.calibration)
        return Ranked(positions[order], fused[order], scores, parts, order)

    def _propose(self, question: Question, scope: Scope) -> tuple[NDArray[np.intp], PartScores]:
        allowed = self.snapshot.allowed(scope.collection, scope.viewer_groups)
        found = self.snapshot.proposer.propose(question.query.text, question.vector, allowed)
        nothing = np.zeros(len(found.positions), np.float32)
        return found.positions, PartScores(
            np.maximum(found.dense, 0.0),
            found.bm25,
            found.coverage,
            nothing,
            self._exact(question.query, found.positions),
            nothing,
        )

    def _learned(
        self,
        question: Question,
        positions: NDArray[np.intp],
        parts: PartScores,
        weights: Weights,
    ) -> PartScores:
        recogniser, classes = self.snapshot.recogniser, self.snapshot.classes
        if recogniser is None or classes is None or not len(positions):
            return parts
        found = recogniser.probabilities(question.query.text, question.vector)
        own = classes[positions]
        # An article without questions is neither raised nor lowered by those of the others.
        neutral = fuse(parts, weights.without("learned"))
        return replace(parts, learned=np.where(own >= 0, found[own], neutral))

    def _exact(self, query: Query, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        share = np.zeros(len(positions), np.float32)
        if not query.identifiers or not len(positions):
            return share
        pks = self.snapshot.articles[positions].tolist()
        rows = {pk: row for row, pk in enumerate(pks)}
        for identifier in query.identifiers:
            for pk in self.store.containing(identifier, pks):
                share[rows[pk]] += 1 / len(query.identifiers)
        return share

    def _late(self, question: Question, positions: NDArray[np.intp]) -> NDArray[np.float32] | None:
        query = question.tokens
        if query is None or not len(query.ids) or not len(positions):
            return None
        groups = self._closest(question.vector, positions.tolist())
        sizes = [len(group) for group in groups]
        if not all(sizes):
            return None
        ids = np.minimum(query.ids, len(self.snapshot.rarity) - 1)
        weights = np.where(
            query.ids < len(self.snapshot.rarity),
            self.snapshot.rarity[ids],
            self.snapshot.rarity.max(),
        )
        scores = interaction(query, weights, [tokens for group in groups for tokens in group])
        ends = list(accumulate(sizes))
        breadths = self.snapshot.breadth[positions].tolist()
        return np.array(
            [
                _blended(scores[end - size : end], breadth)
                for size, end, breadth in zip(sizes, ends, breadths, strict=True)
            ],
            np.float32,
        )

    def _closest(
        self, vector: NDArray[np.float32], positions: Sequence[int]
    ) -> list[list[TokenVectors]]:
        """The tokens of each article's units; of those with many, of the nearest."""
        groups = self.snapshot.tokens(self.store, list(positions))
        many = [place for place, group in enumerate(groups) if len(group) > CLOSEST]
        rows = [self.snapshot.layout.units_of(positions[place]) for place in many]
        closest = [list(group.values()) for group in groups]
        if not many:
            return closest
        cosines = self.snapshot.nearest.vectors(np.concatenate(rows)) @ vector
        start = 0
        for place, own in zip(many, rows, strict=True):
            order = np.argsort(-cosines[start : start + len(own)], kind="stable")
            start += len(own)
            there = groups[place]
            pks = self.snapshot.units.pks[own[order]].tolist()
            closest[place] = [there[pk] for pk in pks if pk in there][:CLOSEST]
        return closest

    def nearest_passages(self, positions: Sequence[int], vector: NDArray[np.float32]) -> list[int]:
        """For each article the key of its passage nearest to the query, or of its title.

        NO_UNIT where it has none: another process stored it and has not embedded it yet.
        """
        found: list[NDArray[np.intp]] = []
        for position in positions:
            rows = self.snapshot.layout.units_of(position)
            passages = rows[self.snapshot.units.kinds[rows] == _PASSAGE]
            found.append(passages if len(passages) else rows[:1])
        if not found:
            return []
        cosines = self.snapshot.nearest.vectors(np.concatenate(found)) @ vector
        ends = accumulate(len(rows) for rows in found)
        return [
            int(self.snapshot.units.pks[rows[np.argmax(cosines[end - len(rows) : end])]])
            if len(rows)
            else NO_UNIT
            for rows, end in zip(found, ends, strict=True)
        ]


def _narrowed(parts: PartScores, rows: NDArray[np.intp]) -> PartScores:
    return PartScores(
        parts.dense[rows],
        parts.bm25[rows],
        parts.coverage[rows],
        parts.late[rows],
        parts.exact[rows],
        parts.learned[rows],
    )


def _blended(scores: NDArray[np.float32], breadth: float) -> float:
    """The best of an article's units, blended with the mean of its BROAD best."""
    best = float(scores.max())
    if not breadth:
        return best
    broad = np.sort(scores)[-BROAD:]
    return best + breadth * (float(broad.mean()) - best)
