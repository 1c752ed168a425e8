"""Ranking one query against one snapshot of the index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, chain
from math import log
from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.late import matched
from kb.index.units import KINDS
from kb.searching.ranking import FOREIGN, PartScores, Profile, Weights, fuse, probabilities
from kb.searching.turning import handed_over, level, padded, with_followers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.encoding.late import TokenVectors
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

RARE = 20
"""An identifier that one article in so many has counts in full, one that all have for nothing: an
organisation's own domain stood in 45 of its 126 articles, and proved whichever came first."""

HAIR = 1e-3
"""So much the cosines of half-precision vectors may be off."""

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
    cosines: NDArray[np.float32] | None = None
    """Of the question to every unit, where all were compared."""


@dataclass(frozen=True)
class Retriever:
    """One generation of the index, with the weights that hold for it."""

    store: Store
    snapshot: Snapshot
    profile: Profile
    by_scale: bool = False
    """Whether scores mean what they say by the base's own scale."""
    turned: tuple[tuple[int, int], ...] = ()
    """Positions of articles whose topic another one answers now, and of those others."""

    def rank(self, question: Question, scope: Scope, top: int) -> Ranked:
        """Propose by meaning and words, then put the best in order."""
        positions, parts, cosines = self._propose(question, scope)
        profile = FOREIGN if question.meant_alone else self.profile
        weights = profile.weights
        if self.snapshot.recogniser is None:
            weights = weights.without("learned")
        parts = self._learned(question, positions, parts, weights.without("late"))
        first = fuse(parts, weights.without("late"))
        first = level(positions, first, self.turned) if self.turned else first
        kept = np.argsort(-first, kind="stable")[: max(RERANKED, top)]
        positions, parts = positions[kept], _narrowed(parts, kept)
        late = self._late(question, positions, cosines)
        if late is not None:
            parts = replace(parts, late=late)
        else:
            weights = weights.without("late")
        parts = handed_over(positions, parts, self.turned) if self.turned else parts
        fused = fuse(parts, weights)
        order = np.argsort(-fused, kind="stable")
        scores = probabilities(fused[order], profile.calibration)
        return Ranked(positions[order], fused[order], scores, parts, order, cosines)

    def _propose(
        self, question: Question, scope: Scope
    ) -> tuple[NDArray[np.intp], PartScores, NDArray[np.float32] | None]:
        allowed = self.snapshot.allowed(scope.collection, scope.viewer_groups)
        found = self.snapshot.proposer.propose(question.query.text, question.vector, allowed)
        nothing = np.zeros(len(found.positions), np.float32)
        parts = PartScores(
            np.maximum(found.dense, 0.0),
            found.bm25,
            found.coverage,
            nothing,
            self._exact(question.query, found.positions),
            nothing,
        )
        positions = found.positions
        if self.turned:
            positions = with_followers(positions, self.turned, allowed)
            parts = padded(parts, len(positions))
        return positions, parts, found.cosines

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
            found = self.store.containing(identifier, pks)
            telling = self._telling(identifier) / len(query.identifiers) if found else 0.0
            for pk in found:
                share[rows[pk]] += telling
        return share

    def _telling(self, identifier: str) -> float:
        """How much it says that an article has this, 0 to 1: what many have is common talk."""
        articles = len(self.snapshot.articles)
        having = self.store.having(identifier, articles)
        rarity = log(articles / max(1, having)) / log(RARE)
        return min(1.0, max(0.0, rarity))

    def _late(
        self,
        question: Question,
        positions: NDArray[np.intp],
        cosines: NDArray[np.float32] | None,
    ) -> NDArray[np.float32] | None:
        query = question.tokens
        if query is None or not len(query.ids) or not len(positions):
            return None
        blocks, groups = self._closest(question.vector, positions.tolist(), cosines)
        sizes = [len(group) for group in groups]
        if not all(sizes):
            return None
        rarity = self.snapshot.rarity
        ids = np.minimum(query.ids, len(rarity) - 1)
        weights = np.where(query.ids < len(rarity), rarity[ids], self.snapshot.rarest)
        scores = matched(query, weights, blocks, [*chain.from_iterable(groups)]).tolist()
        ends = accumulate(sizes)
        breadths = self.snapshot.breadth[positions].tolist()
        return np.array(
            [
                _blended(scores[end - size : end], breadth)
                for size, end, breadth in zip(sizes, ends, breadths, strict=True)
            ],
            np.float32,
        )

    def _closest(
        self,
        vector: NDArray[np.float32],
        positions: Sequence[int],
        cosines: NDArray[np.float32] | None,
    ) -> tuple[list[NDArray[np.int8]], list[list[int]]]:
        """The tokens of each article's units, and how many each unit has.

        Of an article with many units, those of the nearest.
        """
        blocks: list[NDArray[np.int8]] = []
        groups: list[list[int]] = []
        found = self.snapshot.tokens(self.store, list(positions))
        for position, told in zip(positions, found, strict=True):
            parts = told.parts
            if len(parts) <= CLOSEST:
                blocks += parts
                groups.append(told.sizes)
                continue
            rows = self.snapshot.layout.rows_of(position)
            near = self._cosines(rows, vector, cosines)[told.rows]
            nearest = [parts[each] for each in np.argpartition(-near, CLOSEST)[:CLOSEST].tolist()]
            blocks += nearest
            groups.append([len(each) for each in nearest])
        return blocks, groups

    def _cosines(
        self,
        rows: slice,
        vector: NDArray[np.float32],
        cosines: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:
        """Of units that stand side by side, where they were compared already; else now."""
        if cosines is not None:
            return cosines[rows]
        return self.snapshot.nearest.vectors(np.arange(rows.start, rows.stop)) @ vector

    def nearest_passages(self, ranked: Ranked, top: int, vector: NDArray[np.float32]) -> list[int]:
        """For each of the best articles, the key of its nearest passage, or of its title.

        NO_UNIT where it has none: another process stored it and has not embedded it yet.
        """
        units, found = self.snapshot.units, []
        for position in ranked.positions[:top].tolist():
            rows = self.snapshot.layout.rows_of(position)
            pks = units.pks[rows]
            passages = np.flatnonzero(units.kinds[rows] == _PASSAGE)
            if not len(pks):
                found.append(NO_UNIT)
            elif len(passages):
                best = self._nearest(rows, passages, vector, ranked.cosines)
                found.append(int(pks[best]))
            else:
                found.append(int(pks[0]))
        return found

    def _nearest(
        self,
        rows: slice,
        passages: NDArray[np.intp],
        vector: NDArray[np.float32],
        cosines: NDArray[np.float32] | None,
    ) -> int:
        """Which of some rows of a slice is nearest; where a hair decides, by exact vectors."""
        near = self._cosines(rows, vector, cosines)[passages]
        close = passages[near >= near.max() - HAIR]
        if len(close) > 1 and cosines is not None:
            exact = self.snapshot.nearest.vectors(rows.start + close) @ vector
            return int(close[exact.argmax()])
        return int(passages[near.argmax()])


def _narrowed(parts: PartScores, rows: NDArray[np.intp]) -> PartScores:
    return PartScores(
        parts.dense[rows],
        parts.bm25[rows],
        parts.coverage[rows],
        parts.late[rows],
        parts.exact[rows],
        parts.learned[rows],
    )


def _blended(scores: Sequence[float], breadth: float) -> float:
    """The best of an article's units, blended with the mean of its BROAD best."""
    best = max(scores)
    if not breadth:
        return best
    broad = sorted(scores)[-BROAD:]
    return best + breadth * (sum(broad) / len(broad) - best)
