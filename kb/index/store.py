"""Articles, units and vectors in the desk's database file."""

# ruff: noqa: S608 (only names and question marks are put into the SQL)

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.articles import Article
from kb.collections import Collection
from kb.index.database import translated
from kb.index.units import ASKED_KINDS, KINDS, Unit, Units
from kb.index.vectors import VectorStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from sqlite_utils import Database

    from kb.shared.copy import Place

APPROXIMATE_FROM = 50_000
"""Units from which the index is approximate; exact search then takes as long as encoding."""

MARK_LENGTH = 16


@dataclass(frozen=True)
class UnitRow:
    """What a hit shows: a unit and its article."""

    heading: str
    text: str
    collection: str
    article: str
    title: str
    url: str | None


class Store(VectorStore):
    """Reads and writes articles and their units, beside the vectors of these."""

    def __init__(
        self,
        path: Path,
        *,
        approximate_from: int = APPROXIMATE_FROM,
        place: Place | None = None,
    ) -> None:
        """Open the database; from `approximate_from` units on, its search is approximate."""
        super().__init__(path, place)
        self.approximate_from = approximate_from

    def hashes(self, source: str | None = None) -> dict[tuple[str, str], str]:
        """Content hashes by (collection, id), of one source or of all."""
        where = "" if source is None else " where source = ?"
        sql = "select collection, id, hash from kb_articles" + where
        values = [] if source is None else [source]
        return {(row[0], row[1]): row[2] for row in self.rows(sql, values)}

    def collections(self) -> dict[str, Collection]:
        """What is said of each collection that something was said of."""
        rows = self.rows("select name, link, visible_to from kb_collections")
        return {row[0]: Collection(row[0], row[1], frozenset(json.loads(row[2]))) for row in rows}

    def put_collection(self, database: Database, collection: Collection) -> None:
        """Say something of a collection, inside the caller's transaction."""
        database.execute(
            "insert or replace into kb_collections values (?, ?, ?)",
            [collection.name, collection.link, json.dumps(sorted(collection.visible_to))],
        )

    def sources(self) -> dict[tuple[str, str], str]:
        """Where each article came from, by (collection, id)."""
        rows = self.rows("select collection, id, source from kb_articles")
        return {(row[0], row[1]): row[2] for row in rows}

    def count(self) -> int:
        """How many articles there are."""
        return int(self.rows("select count(*) from kb_articles")[0][0])

    def article(self, article_id: str, collection: str | None = None) -> Article | None:
        """The article with this id, or None."""
        found = self.articles("id = ?", [article_id], collection)
        return found[0] if found else None

    def articles(
        self, clause: str = "1", values: Sequence[object] = (), collection: str | None = None
    ) -> list[Article]:
        """The articles that satisfy an SQL condition, in the order they came."""
        if collection is not None:
            clause, values = f"{clause} and collection = ?", [*values, collection]
        rows = self.rows(
            "select id, title, area, owner, questions, body, url, collection"
            f" from kb_articles where {clause} order by pk",
            values,
        )
        return [_article(*row) for row in rows]

    def put(
        self,
        database: Database,
        article: Article,
        source: str,
        units: Sequence[Unit],
    ) -> None:
        """Insert or replace an article with its units and words."""
        # The same key again: articles keep their order.
        pk = self._clear(database, (article.collection, article.id))
        pk = database.execute(
            "insert into kb_articles(pk, collection, id, title, area, owner, questions, body, url,"
            " source, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                pk, article.collection, article.id, article.title, article.area, article.owner,
                json.dumps(article.questions), article.body, article.url, source,
                content_hash(article),
            ],
        ).lastrowid  # fmt: skip
        database.conn.executemany(
            "insert into kb_units(article, kind, heading, text, hash) values (?, ?, ?, ?, ?)",
            [(pk, unit.kind, unit.heading, unit.text, unit.hash) for unit in units],
        )
        questions = "\n".join(unit.text for unit in units if unit.kind in ASKED_KINDS)
        database.execute(
            "insert into kb_words(rowid, title, questions, body, area) values (?, ?, ?, ?, ?)",
            [pk, article.title, questions, article.body, article.area],
        )

    def remove(self, database: Database, keys: Iterable[tuple[str, str]]) -> None:
        """Remove articles by (collection, id), with what was learned for them."""
        for key in keys:
            self._clear(database, key)
            database.execute("delete from kb_learned where collection = ? and article = ?", key)

    def _clear(self, database: Database, key: tuple[str, str]) -> int | None:
        row = database.execute(
            "select pk from kb_articles where collection = ? and id = ?", key
        ).fetchone()
        if row is None:
            return None
        database.execute("delete from kb_words where rowid = ?", row)
        database.execute("delete from kb_articles where pk = ?", row)
        return int(row[0])

    def unembedded(self, model: str, *, after: int = 0) -> list[Article]:
        """Articles with a unit that this model has not embedded: after a change of model.

        Only units that were written after a key are looked at.
        """
        return self.articles(
            "pk in (select u.article from kb_units u where u.pk > ? and not exists"
            " (select 1 from kb_vectors v where v.model = ? and v.hash = u.hash))",
            [after, model],
        )

    def containing(self, text: str, pks: Sequence[int]) -> list[int]:
        """Which of these articles have a text letter for letter, but for its case."""
        marks = ",".join("?" * len(pks))
        rows = self.rows(
            f"select pk from kb_articles where pk in ({marks}) and"
            " instr(lower(title || char(10) || body || char(10) || questions), lower(?))",
            [*pks, text],
        )
        return [row[0] for row in rows]

    def having(self, text: str, most: int) -> int:
        """How many articles have the words of a text one after the other; counted up to `most`."""
        phrase = '"' + text.replace('"', '""') + '"'
        sql = "select count(*) from (select 1 from kb_words where kb_words match ? limit ?)"
        return int(self.rows(sql, [phrase, most])[0][0])

    def unit_hashes(self, keys: Iterable[tuple[str, str]]) -> list[str]:
        """The content hashes of the units of some articles by (collection, id)."""
        sql = (
            "select u.hash from kb_articles a join kb_units u on u.article = a.pk"
            " where a.collection = ? and a.id = ?"
        )
        return [row[0] for key in keys for row in self.rows(sql, key)]

    def learned_count(self) -> int:
        """How many learned questions there are."""
        return int(self.rows("select count(*) from kb_learned where not withdrawn")[0][0])

    def model(self, name: str, basis: str) -> bytes | None:
        """What was fitted under this name, if it was to this basis."""
        found = self.rows("select data from kb_models where name = ? and basis = ?", [name, basis])
        return found[0][0] if found else None

    def put_model(self, name: str, basis: str, data: bytes) -> None:
        """Keep what was fitted; no search changes by it, so it is no new generation."""
        with translated(self.path), self.database.atomic():
            self.database.execute(
                "insert or replace into kb_models values (?, ?, ?)", [name, basis, data]
            )

    def article_keys(self) -> NDArray[np.int64]:
        """The key of every article, rising."""
        rows = self.rows("select pk from kb_articles order by pk")
        return np.fromiter((row[0] for row in rows), np.int64, len(rows))

    def article_columns(self) -> tuple[NDArray[np.int64], NDArray[np.intp], list[str]]:
        """The key of every article, rising; for each the place of its collection; their names."""
        # From the index on these two alone: the texts beside them stay unread.
        rows = self.rows("select pk, collection from kb_articles order by collection, id")
        places: dict[str, int] = {}
        pks = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        found = (places.setdefault(row[1], len(places)) for row in rows)
        collections = np.fromiter(found, np.intp, len(rows))
        order = np.argsort(pks)
        return pks[order], collections[order], list(places)

    def article_ids(self, pks: Sequence[int]) -> dict[int, str]:
        """The ids of some articles by key."""
        marks = ",".join("?" * len(pks))
        return dict(self.rows(f"select pk, id from kb_articles where pk in ({marks})", pks))

    def last_unit(self) -> int:
        """The largest key that a unit ever had."""
        found = self.rows("select seq from sqlite_sequence where name = 'kb_units'")
        return int(found[0][0]) if found else 0

    def units(self, model: str, *, after: int = 0) -> Units:
        """Every unit that this model has embedded, article by article; or the ones since a key."""
        # Crossed: what came since a key is looked up, instead of all that the model embedded.
        rows = self.rows(
            "select u.pk, u.article, u.kind from kb_units u cross join kb_vectors v"
            " on v.model = ? and v.hash = u.hash where u.pk > ? order by u.article, u.pk",
            [model, after],
        )
        kinds = {kind: place for place, kind in enumerate(KINDS)}
        return Units(
            np.fromiter((row[0] for row in rows), np.int64, len(rows)),
            np.fromiter((row[1] for row in rows), np.int64, len(rows)),
            np.fromiter((kinds[row[2]] for row in rows), np.int8, len(rows)),
        )

    def unit_marks(self, pks: Sequence[int]) -> dict[int, str]:
        """The beginnings of the content hashes of some units by key, those that are there."""
        marks = ",".join("?" * len(pks))
        sql = f"select pk, substr(hash, 1, {MARK_LENGTH}) from kb_units where pk in ({marks})"
        return dict(self.rows(sql, pks))

    def is_large(self) -> bool:
        """Whether its search is approximate, by files beside the database."""
        return self.unit_count() >= self.approximate_from

    def unit_count(self) -> int:
        """How many units there are, embedded or not."""
        return int(self.rows("select count(*) from kb_units")[0][0])

    def unit_rows(self, pks: Sequence[int]) -> dict[int, UnitRow]:
        """What is shown of some units by key; those that are gone are left out."""
        marks = ",".join("?" * len(pks))
        rows = self.rows(
            "select u.pk, u.heading, u.text, a.collection, a.id, a.title, a.url"
            f" from kb_units u join kb_articles a on a.pk = u.article where u.pk in ({marks})",
            pks,
        )
        return {pk: UnitRow(*columns) for pk, *columns in rows}


def _article(*columns: Any) -> Article:
    key, title, area, owner, questions, body, url, collection = columns
    return Article(
        key, title, area, owner, tuple(json.loads(questions)), body, url=url, collection=collection
    )


def content_hash(article: Article) -> str:
    """A hash of everything of an article that search finds or shows."""
    fields = json.dumps(article.embedded_fields(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest()
