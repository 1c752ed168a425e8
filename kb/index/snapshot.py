"""The index as search reads it: arrays in memory, replaced whole when the database changes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from kb.collections import Collection
from kb.index.fitting import recogniser
from kb.index.nearest import (
    APPROXIMATE_FROM,
    ApproximateUnits,
    ExactUnits,
    NearestUnits,
    prepare,
)
from kb.index.store import ASKED_KINDS
from kb.index.words import MemoryWordIndex, StoredWordIndex, WordIndex

if TYPE_CHECKING:
    from collections.abc import Collection as Groups

    from numpy.typing import NDArray

    from kb.encoder import Vectors
    from kb.index.store import ArticleRow, Store
    from kb.late import TokenVectors
    from kb.recogniser import Recogniser

MEMORY_WORDS_LIMIT = 20_000
"""Articles up to which words are kept in memory as well."""

GIST_SHARE = 0.6
"""How much an article's gist counts beside its nearest unit, where it has sample questions."""

GIST_QUESTIONS = 4
"""From so many sample questions on, an article's gist is known well."""

CACHED_ARTICLES = 2_000
"""Token vectors of this many articles stay decoded: about 30 MB."""


@dataclass(frozen=True)
class Snapshot:
    """Everything of one generation; units are in the order of their articles."""

    generation: str
    model: str
    articles: list[ArticleRow]
    collections: NDArray[np.str_]
    units: NDArray[np.int64]
    kinds: NDArray[np.str_]
    nearest: NearestUnits
    owners: NDArray[np.intp]
    """For each unit, the position of its article."""
    starts: NDArray[np.intp]
    """For each article, its first unit."""
    gists: Vectors
    """For each article, the direction of the mean of its units."""
    breadth: NDArray[np.float32]
    """For each article, how much what several of its units say counts beside the nearest one."""
    words: WordIndex
    rarity: NDArray[np.float32]
    """For each token id, its inverse document frequency."""
    described: dict[str, Collection] = field(default_factory=dict)
    """What is said of the collections."""
    recogniser: Recogniser | None = None
    classes: NDArray[np.intp] | None = None
    """For each article, its class in the recogniser; -1 for none."""
    _tokens: OrderedDict[int, list[tuple[int, TokenVectors]]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def collection(self, name: str) -> Collection:
        """A collection's links and viewers."""
        return self.described.get(name) or Collection(name)

    def allowed(self, collection: str | None, groups: Groups[str] | None) -> NDArray[np.intp]:
        """Positions of the articles of a collection, or of all, that these groups may see."""
        if collection is None and (groups is None or not self.described):
            return np.arange(len(self.articles))
        names = [collection] if collection is not None else np.unique(self.collections).tolist()
        shown = [name for name in names if self.collection(name).shown_to(groups)]
        return np.flatnonzero(np.isin(self.collections, shown))

    @property
    def asked_share(self) -> float:
        """Which share of the articles has enough sample questions."""
        return float(self.breadth.mean()) / GIST_SHARE if len(self.breadth) else 0.0

    @property
    def learned_share(self) -> float:
        """Which share of the articles the recogniser knows."""
        return float((self.classes >= 0).mean()) if self.classes is not None else 0.0

    def dense(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each article, the cosine of its nearest unit, blended with that of its gist."""
        nearest = np.full(len(self.articles), -1.0, np.float32)
        near = self.nearest.nearest(query)
        if len(near.rows) == len(self.owners) > 0:
            present = np.flatnonzero(np.diff(self.starts, append=len(self.owners)))
            nearest[present] = np.maximum.reduceat(near.cosines, self.starts[present])
        else:
            np.maximum.at(nearest, self.owners[near.rows], near.cosines)
        broad = np.flatnonzero(self.breadth)
        if len(broad):
            gist = self.gists[broad] @ query if len(broad) < len(nearest) else self.gists @ query
            nearest[broad] += self.breadth[broad] * (gist - nearest[broad])
        return nearest

    def completed(
        self, dense: NDArray[np.float32], positions: NDArray[np.intp], query: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Cosines of these articles, also where the approximate index did not come to them."""
        found = dense[positions]
        if isinstance(self.nearest, ExactUnits):
            return found
        for row in np.flatnonzero(found < 0).tolist():
            units = self.units_of(int(positions[row]))
            if len(units):
                found[row] = float((self.nearest.vectors(units) @ query).max())
        return found

    def units_of(self, position: int) -> NDArray[np.intp]:
        """The rows of an article's units."""
        last = position + 1
        end = self.starts[last] if last < len(self.starts) else len(self.owners)
        return np.arange(self.starts[position], end)

    def tokens(self, store: Store, positions: list[int]) -> list[list[tuple[int, TokenVectors]]]:
        """For each article, its (unit, token vectors); read once, then kept."""
        with self._lock:
            known = {position: self._tokens.get(position) for position in positions}
        missing = [position for position, found in known.items() if found is None]
        if missing:
            pks = [self.articles[position].pk for position in missing]
            read = store.token_vectors(self.model, pks)
            with self._lock:
                for position, pk in zip(missing, pks, strict=True):
                    known[position] = self._tokens[position] = read[pk]
                while len(self._tokens) > CACHED_ARTICLES:
                    self._tokens.popitem(last=False)
        return [known[position] or [] for position in positions]


def load(store: Store, model: str) -> Snapshot:
    """Read the index of this model from the database, and fit what is to be fitted to it."""
    with store.reading():
        snapshot = _load(store, model, store.generation())
    # Afterwards: it may have to write. If others wrote meanwhile, the next search loads again.
    recognising = recogniser(store, model)
    if recognising is None:
        return snapshot
    return replace(
        snapshot, recogniser=recognising, classes=_classes(recognising, snapshot.articles)
    )


def _load(store: Store, model: str, generation: str) -> Snapshot:
    articles = store.article_rows()
    positions = {article.pk: position for position, article in enumerate(articles)}
    found = store.units(model)
    owners = np.array([positions[pk] for pk in found.articles.tolist()], np.intp)
    starts = np.searchsorted(owners, np.arange(len(articles))).astype(np.intp)
    questions = np.bincount(owners[np.isin(found.kinds, ASKED_KINDS)], minlength=len(articles))
    index = MemoryWordIndex if len(articles) <= MEMORY_WORDS_LIMIT else StoredWordIndex
    nearest = _nearest(store, model, generation, found.pks)
    breadth = (GIST_SHARE * np.minimum(1.0, questions / GIST_QUESTIONS)).astype(np.float32)
    if isinstance(nearest, ExactUnits):
        gists = _gists(nearest.vectors(np.arange(len(owners))), owners, len(articles))
        rarity = _rarity(store, model, len(articles))
    else:
        # Above this size only what is mapped or asked for by key stays affordable.
        breadth, gists = np.zeros_like(breadth), np.zeros((0, 1), np.float32)
        rarity = np.ones(1, np.float32)
    return Snapshot(
        generation=generation,
        model=model,
        articles=articles,
        collections=np.array([article.collection for article in articles], dtype=np.str_),
        units=found.pks,
        kinds=found.kinds,
        nearest=nearest,
        owners=owners,
        starts=starts,
        gists=gists,
        breadth=breadth,
        words=index(store, positions),
        rarity=rarity,
        described=store.collections(),
    )


def _classes(recogniser: Recogniser, articles: list[ArticleRow]) -> NDArray[np.intp]:
    numbers = {pk: number for number, pk in enumerate(recogniser.articles.tolist())}
    return np.array([numbers.get(article.pk, -1) for article in articles], np.intp)


def _nearest(store: Store, model: str, generation: str, pks: NDArray[np.int64]) -> NearestUnits:
    if len(pks) < APPROXIMATE_FROM:
        parts = [vectors for _, vectors in store.vectors(model, pks.tolist())]
        return ExactUnits(np.concatenate(parts) if parts else np.zeros((0, 1), np.float32))
    folder = store.path.with_name(store.path.name + "-kb")
    file = prepare(folder, model, generation, pks, lambda some: store.vectors(model, some))
    return ApproximateUnits(file, pks)


def _gists(vectors: Vectors, owners: NDArray[np.intp], articles: int) -> Vectors:
    sums = np.zeros((articles, vectors.shape[1]), np.float32)
    np.add.at(sums, owners, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-6), np.float32)


def _rarity(store: Store, model: str, articles: int) -> NDArray[np.float32]:
    """BM25's inverse document frequency of every token id, over articles."""
    counts = np.zeros(1, np.int64)
    seen: set[int] = set()
    current = -1

    def count() -> None:
        nonlocal counts
        if seen:
            if max(seen) >= len(counts):
                counts = np.pad(counts, (0, max(seen) + 1 - len(counts)))
            counts[list(seen)] += 1

    for article, ids in store.token_ids(model):
        if article != current:
            count()
            seen, current = set(), article
        seen.update(ids.tolist())
    count()
    return np.asarray(np.log(1 + (articles - counts + 0.5) / (counts + 0.5)), np.float32)
