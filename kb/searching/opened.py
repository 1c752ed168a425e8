"""Articles that were read of the database, with what was found in their text, until it changes.

Each answer shows an article, and to find its steps is to read its Markdown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb.articles import Article
    from kb.collections import Collection
    from kb.index.store import Store

KEPT = 512
"""Articles that are kept, some 5 KB each."""


@dataclass(frozen=True)
class _Generation:
    """What holds as long as nobody writes."""

    generation: str
    collections: Mapping[str, Collection]
    articles: dict[str, tuple[Article, ...]] = field(default_factory=dict)
    """By id, those of all collections."""


class Opened:
    """What is said of collections, and the articles asked for last; usable from several threads."""

    def __init__(self, store: Store) -> None:
        """Read of this store; nothing is read yet."""
        self._store = store
        self._lock = Lock()
        self._now: _Generation | None = None

    def collections(self) -> Mapping[str, Collection]:
        """What is said of each collection that something was said of."""
        return self._current().collections

    def articles(self, article_id: str, collection: str | None = None) -> tuple[Article, ...]:
        """The articles with this id, in one collection or in all."""
        now = self._current()
        found = now.articles.get(article_id)
        if found is None:
            found = tuple(self._store.articles("id = ?", [article_id]))
            with self._lock:
                if len(now.articles) >= KEPT:
                    del now.articles[next(iter(now.articles))]
                now.articles[article_id] = found
        return tuple(each for each in found if collection in {None, each.collection})

    def take(self, most: int = KEPT) -> tuple[Article, ...]:
        """Read the first articles in one go, as if each had been asked for."""
        now = self._current()
        kept: dict[str, tuple[Article, ...]] = {}
        # By their ids: another collection may have one of the same id.
        first = "id in (select id from kb_articles order by pk limit ?)"
        for article in self._store.articles(first, [most]):
            kept[article.id] = (*kept.get(article.id, ()), article)
        with self._lock:
            now.articles.update(kept)
        return tuple(chain.from_iterable(kept.values()))

    def _current(self) -> _Generation:
        # First: what is written meanwhile is of a later generation, and read again.
        generation = self._store.generation()
        now = self._now
        if now is None or now.generation != generation:
            now = self._now = _Generation(generation, self._store.collections())
        return now
