"""Questions that were confirmed to be answered by an article, kept beside the articles."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.index.units import Unit
from kb.questions.hygiene import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from kb.index.store import Store

Key = tuple[str, str]
"""Collection and id of an article."""


@dataclass(frozen=True)
class LearnReport:
    """What became of the questions that were given."""

    added: int
    known: int
    unknown: tuple[str, ...]
    """Ids of articles that there are not, once for each question that named one."""


def learned(store: Store, keys: Iterable[Key] | None = None) -> dict[Key, list[str]]:
    """The learned questions of some articles, or of all, in the order they came.

    Those that are withheld are not among them.
    """
    if keys is None:
        rows = store.rows(
            "select collection, article, text from kb_learned where not withdrawn order by pk"
        )
    else:
        rows = [
            row
            for key in keys
            for row in store.rows(
                "select collection, article, text from kb_learned"
                " where collection = ? and article = ? and not withdrawn order by pk",
                key,
            )
        ]
    found: dict[Key, list[str]] = defaultdict(list)
    for collection, article, text in rows:
        found[collection, article].append(text)
    return found


def learned_units(texts: Sequence[str]) -> list[Unit]:
    """What is embedded of learned questions: what a search would make of them."""
    return [Unit("learned", "", text, text) for text in texts]


def sort_out(
    store: Store, pairs: Sequence[tuple[str, str]], collection: str | None
) -> tuple[dict[Key, list[str]], LearnReport]:
    """The new ones of (question, article id) pairs by article, and the count of all."""
    homes: dict[str, list[str]] = defaultdict(list)
    for home, article in store.rows("select collection, id from kb_articles order by pk"):
        if collection in (None, home):
            homes[article].append(home)
    kept: dict[Key, set[str]] = defaultdict(set)
    for home, article, text in store.rows("select collection, article, text from kb_learned"):
        kept[home, article].add(text)
    fresh: dict[Key, list[str]] = defaultdict(list)
    unknown: list[str] = []
    known = 0
    for text, article in pairs:
        question = clean(text).text.encode("utf-8", "replace").decode()
        if article not in homes:
            unknown.append(article)
            continue
        key = (homes[article][0], article)
        if not question or question in kept[key]:
            known += 1
            continue
        kept[key].add(question)
        fresh[key].append(question)
    added = sum(map(len, fresh.values()))
    return fresh, LearnReport(added, known, tuple(unknown))


def insert(database: Database, fresh: Mapping[Key, Sequence[str]], origin: str = "") -> None:
    """Write new questions, inside the caller's transaction."""
    rows = [
        (collection, article, text, hashlib.sha256(text.encode()).hexdigest(), origin)
        for (collection, article), texts in fresh.items()
        for text in texts
    ]
    database.conn.executemany(
        "insert or ignore into kb_learned(collection, article, text, hash, origin)"
        " values (?, ?, ?, ?, ?)",
        rows,
    )


def asked_texts(store: Store) -> list[tuple[int, str, str, str]]:
    """(article key, kind, text, hash) of titles and questions, the basis of the recogniser."""
    return store.rows(
        "select article, kind, text, hash from kb_units where kind != 'passage'"
        " order by article, pk"
    )


def basis(model: str, rows: Sequence[tuple[int, str, str, str]]) -> str:
    """A hash of everything that the recogniser is fitted to."""
    parts = json.dumps([model, [(row[0], row[1], row[3]) for row in rows]])
    return hashlib.sha256(parts.encode()).hexdigest()
