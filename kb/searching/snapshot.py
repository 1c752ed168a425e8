"""The index as search reads it: replaced whole when the database changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from kb.collections import Collection
from kb.index.mapped import FOLD_FROM, fold, opened
from kb.index.nearest import ApproximateUnits, ExactUnits, NearestUnits, Places
from kb.index.postings import collect_some
from kb.index.units import ASKED_KINDS, KINDS, Progress, Units, unheard
from kb.index.words import MappedWordIndex, MemoryWordIndex
from kb.searching.fitting import recogniser
from kb.searching.proposing import ApproximateProposer, ExactProposer, Layout, Proposer
from kb.searching.ranking import paged_share
from kb.searching.remembered import Remembered
from kb.searching.replacing import hidden

if TYPE_CHECKING:
    from collections.abc import Collection as Groups

    from numpy.typing import NDArray

    from kb.encoding.encoder import Vectors
    from kb.encoding.late import SpannedTokens
    from kb.index.mapped import Mapped
    from kb.index.store import Store, UnitRow
    from kb.questions.recogniser import Recogniser

GIST_SHARE = 0.6
"""How much an article's gist counts beside its nearest unit, where it has sample questions, or
where none was written in a base of long pages: of many passages one is always near."""

GIST_QUESTIONS = 4
"""From so many sample questions on, an article's gist is known well."""

LEARNED_WELL = 10
"""Learned questions of an article from which on the recogniser is as good as where it was fitted:
of a few in each it ranks better already, and makes every score too low."""

CACHED_ARTICLES = 2_000
"""Token vectors of this many articles stay decoded, about 30 MB, and the texts of as many units."""

REMEMBERED_SCOPES = 32


@dataclass(frozen=True)
class Told:
    """The tokens of an article's units, as late interaction reads them."""

    parts: list[NDArray[np.int8]]
    """Those of each unit."""
    sizes: list[int]
    rows: NDArray[np.intp]
    """For each of these units, which of the article's units it is."""

    @classmethod
    def of(cls, tokens: SpannedTokens, pks: NDArray[np.int64]) -> Told:
        """Of the units with these keys; what was stored since the index was read is left out."""
        places = {pk: at for at, pk in enumerate(pks.tolist())}
        there = [pk for pk in tokens.spans if pk in places]
        parts = tokens.of(there)
        rows = np.array([places[pk] for pk in there], np.intp)
        return cls(parts, [len(part) for part in parts], rows)


@dataclass(frozen=True)
class Snapshot:
    """Everything of one generation; units are in the order of their articles."""

    generation: str
    model: str
    articles: NDArray[np.int64]
    """Their keys, rising; a position is a place here."""
    collections: NDArray[np.intp]
    """For each article, the place of its collection in `names`."""
    names: list[str]
    units: Units
    layout: Layout
    nearest: NearestUnits
    proposer: Proposer
    breadth: NDArray[np.float32]
    """For each article, how much what several of its units say counts beside the nearest one."""
    rarity: NDArray[np.float32]
    """For each token id, its inverse document frequency."""
    described: dict[str, Collection] = field(default_factory=dict)
    """What is said of the collections."""
    replaced: frozenset[int] = frozenset()
    """Keys of articles that others stand in for: these are not searched."""
    recogniser: Recogniser | None = None
    classes: NDArray[np.intp] | None = None
    """For each article, its class in the recogniser; -1 for none."""
    _tokens: Remembered[Told] = field(default_factory=lambda: Remembered(CACHED_ARTICLES))
    _rows: Remembered[UnitRow] = field(default_factory=lambda: Remembered(CACHED_ARTICLES))
    _allowed: dict[object, NDArray[np.intp] | None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def collection(self, name: str) -> Collection:
        """A collection's links and viewers."""
        return self.described.get(name) or Collection(name)

    def allowed(
        self, collection: str | None, groups: frozenset[str] | None
    ) -> NDArray[np.intp] | None:
        """Positions of the articles of a collection, or of all, that these groups may see.

        None where that is every article.
        """
        everywhere = collection is None and (groups is None or not self.described)
        if everywhere and not self.replaced:
            return None
        asked = (collection, groups)
        with self._lock:
            if asked not in self._allowed:
                if len(self._allowed) >= REMEMBERED_SCOPES:
                    self._allowed.clear()
                self._allowed[asked] = self._shown(collection, groups)
            return self._allowed[asked]

    def _shown(self, collection: str | None, groups: Groups[str] | None) -> NDArray[np.intp] | None:
        shown = [
            place
            for place, name in enumerate(self.names)
            if collection in (None, name) and self.collection(name).shown_to(groups)
        ]
        if len(shown) == len(self.names) and not self.replaced:
            return None
        is_shown = np.isin(self.collections, shown)
        return np.flatnonzero(is_shown & ~np.isin(self.articles, sorted(self.replaced)))

    @cached_property
    def rarest(self) -> float:
        """What a token counts that no article has."""
        return float(self.rarity.max())

    @property
    def large(self) -> bool:
        """Whether the files beside the database are searched."""
        return isinstance(self.nearest, ApproximateUnits)

    @property
    def outdated(self) -> bool:
        """Whether so much has changed since that these files are worth writing anew."""
        return isinstance(self.nearest, ApproximateUnits) and self.nearest.changed > FOLD_FROM

    @property
    def asked_share(self) -> float:
        """Which share of the articles has enough sample questions."""
        return float(self.breadth.mean()) / GIST_SHARE if len(self.breadth) else 0.0

    @property
    def passages_an_article(self) -> float:
        """How many passages an article has, in the mean."""
        return _passages_an_article(self.units, self.articles)

    @property
    def learned_share(self) -> float:
        """Which share of the articles the recogniser knows well: by enough learned questions."""
        if self.classes is None or not len(self.classes):
            return 0.0
        owners = self.layout.owners[self.units.kinds == KINDS.index("learned")]
        learned = np.bincount(owners, minlength=len(self.articles))
        return float((np.minimum(1.0, learned / LEARNED_WELL) * (self.classes >= 0)).mean())

    def tokens(self, store: Store, positions: list[int]) -> list[Told]:
        """For each article, the token vectors of its units; read once, then kept."""
        pks = self.articles[positions].tolist()
        found = self._tokens.get(pks, lambda some: self._told(store, some))
        return [found[pk] for pk in pks]

    def _told(self, store: Store, pks: list[int]) -> dict[int, Told]:
        found = store.token_vectors(self.model, pks)
        positions = np.searchsorted(self.articles, pks).tolist()
        return {
            pk: Told.of(found[pk], self.units.pks[self.layout.rows_of(position)])
            for pk, position in zip(pks, positions, strict=True)
        }

    def unit_rows(self, store: Store, pks: list[int]) -> dict[int, UnitRow]:
        """What is shown of some units by key; read once, then kept."""
        return self._rows.get(pks, store.unit_rows)


def load(
    store: Store, model: str, progress: Progress = unheard, *, folding: bool = False
) -> Snapshot:
    """Read the index of this model from the database, and fit what is to be fitted to it.

    `folding` takes the time to write the files of a large base anew; `progress` hears how far
    that is. Raises NotEmbeddedError where something has to be embedded
    before the files can be written.
    """
    with store.reading():
        if store.is_large():
            snapshot = _load_large(store, model, progress, folding=folding)
        else:
            snapshot = _load_small(store, model)
    # Afterwards: it may have to write. If others wrote meanwhile, the next search loads again.
    recognising = recogniser(store, model)
    if recognising is None:
        return snapshot
    return replace(
        snapshot, recogniser=recognising, classes=_classes(recognising, snapshot.articles)
    )


def _load_small(store: Store, model: str) -> Snapshot:
    articles, collections, names = store.article_columns()
    units = store.units(model)
    layout = _layout(articles, units)
    asked = np.isin(units.kinds, [KINDS.index(kind) for kind in ASKED_KINDS])
    questions = np.bincount(layout.owners[asked], minlength=len(articles))
    parts = [vectors for _, vectors in store.vectors(model, units.pks.tolist())]
    vectors = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)
    breadth = (GIST_SHARE * np.minimum(1.0, questions / GIST_QUESTIONS)).astype(np.float32)
    nearest = ExactUnits(vectors)
    words = MemoryWordIndex(store.database.conn, articles)
    gists = _gists(vectors, layout.owners, len(articles))
    paged = paged_share(_passages_an_article(units, articles))
    by_gist = np.where(questions, breadth, GIST_SHARE * paged).astype(np.float32)
    return Snapshot(
        generation=store.generation(),
        model=model,
        articles=articles,
        collections=collections,
        names=names,
        units=units,
        layout=layout,
        nearest=nearest,
        proposer=ExactProposer(nearest, words, layout, gists, by_gist),
        breadth=breadth,
        rarity=_rarity(store, model, len(articles)),
        described=store.collections(),
        replaced=hidden(store),
    )


def _load_large(store: Store, model: str, progress: Progress, *, folding: bool) -> Snapshot:
    """Only what is mapped or asked for by key stays affordable: no gists, no late interaction."""
    if folding:
        fold(store, model, progress)
    files = opened(store, model, progress)
    recent = store.units(model, after=files.last)
    articles, collections, names = store.article_columns()
    units, places = _together(files.units, recent, articles)
    layout = _layout(articles, units)
    added = units.pks[places.origins < 0].tolist()
    vectors = [np.zeros((0, files.cells.dimension), np.float32)]
    vectors += [part for _, part in store.vectors(model, added)]
    nearest = ApproximateUnits(files.cells, places, np.concatenate(vectors))
    words = _words(store, files, articles, np.unique(recent.articles))
    return Snapshot(
        generation=store.generation(),
        model=model,
        articles=articles,
        collections=collections,
        names=names,
        units=units,
        layout=layout,
        nearest=nearest,
        proposer=ApproximateProposer(nearest, words, layout),
        breadth=np.zeros(len(articles), np.float32),
        rarity=np.ones(1, np.float32),
        described=store.collections(),
        replaced=hidden(store),
    )


def _together(base: Units, recent: Units, articles: NDArray[np.int64]) -> tuple[Units, Places]:
    """The units of the files that still hold, and those that came since.

    An article that was written since has no unit in the files that holds.
    """
    there = np.isin(base.articles, articles)
    there &= ~np.isin(base.articles, np.unique(recent.articles))
    columns = [
        np.concatenate([old[there], new])
        for old, new in zip(vars(base).values(), vars(recent).values(), strict=True)
    ]
    order = np.argsort(columns[1], kind="stable")
    kept = np.flatnonzero(there)
    origins = np.concatenate([kept, np.full(len(recent.pks), -1)])[order]
    rows = np.full(len(base.pks), -1)
    rows[origins[origins >= 0]] = np.flatnonzero(origins >= 0)
    return Units(*(column[order] for column in columns)), Places(rows, origins)


def _words(
    store: Store, files: Mapped, articles: NDArray[np.int64], changed: NDArray[np.int64]
) -> MappedWordIndex:
    keys, base = files.articles, files.postings
    positions = np.searchsorted(articles, keys)
    there = articles[np.minimum(positions, len(articles) - 1)] == keys
    there &= ~np.isin(keys, changed)
    recent = collect_some(store.database.conn, changed, float(base.average))
    own = np.searchsorted(articles, changed)
    return MappedWordIndex(
        base,
        np.where(there, positions, -1),
        replace(recent, places=own[recent.places].astype(np.int32)),
        len(articles),
    )


def _layout(articles: NDArray[np.int64], units: Units) -> Layout:
    owners = np.searchsorted(articles, units.articles)
    starts = np.searchsorted(owners, np.arange(len(articles) + 1))
    return Layout(owners, starts)


def _passages_an_article(units: Units, articles: NDArray[np.int64]) -> float:
    return int((units.kinds == KINDS.index("passage")).sum()) / max(len(articles), 1)


def _classes(recogniser: Recogniser, articles: NDArray[np.int64]) -> NDArray[np.intp]:
    numbers = {pk: number for number, pk in enumerate(recogniser.articles.tolist())}
    return np.array([numbers.get(pk, -1) for pk in articles.tolist()], np.intp)


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
