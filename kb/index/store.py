"""The only place with SQL: articles, units and vectors in the desk's database file."""

# ruff: noqa: S608 (only names and question marks are put into the SQL)

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlite_utils import Database

from kb.articles import Article
from kb.collections import Collection
from kb.errors import IndexUnavailableError
from kb.index.schema import migrations
from kb.late import TokenVectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.encoder import Vectors

BUSY_TIMEOUT_SECONDS = 10.0

READ_BATCH = 8_192

VECTOR_TYPE = np.float16
"""How vectors are stored: half the size, and no ranking changes by it."""


ASKED_KINDS = ("question", "learned")
"""Units that are questions as people ask them: written with the article, or learned."""


@dataclass(frozen=True)
class Unit:
    """A text of an article that is embedded: its title, a question or a passage."""

    kind: str
    heading: str
    text: str
    embedded: str
    """The text with the context that goes into the encoder."""

    @property
    def hash(self) -> str:
        """The content hash that its vector is stored under."""
        return hashlib.sha256(self.embedded.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class ArticleRow:
    """What search needs to know of every article."""

    pk: int
    collection: str
    id: str
    title: str
    url: str | None


@dataclass(frozen=True)
class Units:
    """All units that have a vector, as columns in the same order."""

    pks: NDArray[np.int64]
    articles: NDArray[np.int64]
    kinds: NDArray[np.str_]


class Store:
    """Reads and writes the knowledge base; one connection for each thread."""

    def __init__(self, path: Path) -> None:
        """Open the database file and bring its tables up to date."""
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            migrations.apply(self.database)

    @property
    def database(self) -> Database:
        """This thread's connection."""
        existing: Database | None = getattr(self._local, "database", None)
        if existing is None:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_SECONDS, check_same_thread=False
            )
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute("pragma foreign_keys = on")
            existing = self._local.database = Database(connection)
            with self._lock:
                self._open.append(connection)
        return existing

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction that has the write lock from its start; rolled back on any error."""
        database = self.database
        with translated(self.path):
            database.execute("begin immediate")
            try:
                yield database
                database.execute("update kb_state set value = value + 1 where name = 'generation'")
            except BaseException:
                database.rollback()
                raise
            database.conn.commit()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever others write meanwhile."""
        database = self.database
        with translated(self.path):
            database.execute("begin")
            try:
                yield
            finally:
                database.rollback()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row of a query."""
        with translated(self.path):
            return list(self.database.execute(sql, list(values)))

    def state(self, name: str) -> str | None:
        """A named value kept beside the articles."""
        found = self.rows("select value from kb_state where name = ?", [name])
        return found[0][0] if found else None

    def set_state(self, name: str, value: str) -> None:
        """Keep a named value; searches notice it like any other write."""
        with self.writing() as database:
            database.execute("insert or replace into kb_state values (?, ?)", [name, value])

    def generation(self) -> str:
        """A value that changes with every write."""
        return self.state("generation") or "0"

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

    def unembedded(self, model: str) -> list[Article]:
        """Articles with a unit that this model has not embedded: after a change of model."""
        return self.articles(
            "pk in (select article from kb_units where hash not in"
            " (select hash from kb_vectors where model = ?))",
            [model],
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

    def missing_vectors(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Which of these content hashes have no vector of this model yet."""
        wanted = set(hashes)
        if not wanted:
            return wanted
        rows = self.rows("select hash from kb_vectors where model = ?", [model])
        return wanted - {row[0] for row in rows}

    def put_vectors(
        self,
        model: str,
        hashes: Sequence[str],
        vectors: Vectors,
        tokens: Sequence[TokenVectors] | None,
    ) -> None:
        """Store vectors by content hash; kept even if the sync that asked for them dies."""
        kept: Iterable[TokenVectors | None] = tokens or [None] * len(hashes)
        rows = [
            (
                model,
                digest,
                vector.astype(VECTOR_TYPE).tobytes(),
                token.ids.astype("<i4").tobytes() if token else None,
                token.vectors.tobytes() if token else None,
            )
            for digest, vector, token in zip(hashes, vectors, kept, strict=True)
        ]
        with translated(self.path), self.database.atomic():
            self.database.conn.executemany(
                "insert or replace into kb_vectors(model, hash, vector, token_ids, token_vectors)"
                " values (?, ?, ?, ?, ?)",
                rows,
            )

    def drop_unused_vectors(self, database: Database) -> None:
        """Forget vectors of texts that no article has any more."""
        database.execute("delete from kb_vectors where hash not in (select hash from kb_units)")

    def learned_count(self) -> int:
        """How many learned questions there are."""
        return int(self.rows("select count(*) from kb_learned")[0][0])

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

    def article_rows(self) -> list[ArticleRow]:
        """Every article, in the order that positions refer to."""
        rows = self.rows("select pk, collection, id, title, url from kb_articles order by pk")
        return [ArticleRow(*row) for row in rows]

    def units(self, model: str) -> Units:
        """Every unit that this model has embedded, article by article."""
        rows = self.rows(
            "select u.pk, u.article, u.kind from kb_units u join kb_vectors v"
            " on v.model = ? and v.hash = u.hash order by u.article, u.pk",
            [model],
        )
        return Units(
            np.array([row[0] for row in rows], np.int64),
            np.array([row[1] for row in rows], np.int64),
            np.array([row[2] for row in rows], dtype="U8"),
        )

    def vectors(self, model: str, pks: Sequence[int]) -> Iterator[tuple[list[int], Vectors]]:
        """The vectors of some units, in batches of (keys, vectors) in the order asked for."""
        for start in range(0, len(pks), READ_BATCH):
            batch = list(pks[start : start + READ_BATCH])
            marks = ",".join("?" * len(batch))
            found = dict(
                self.rows(
                    "select u.pk, v.vector from kb_units u join kb_vectors v"
                    f" on v.model = ? and v.hash = u.hash where u.pk in ({marks})",
                    [model, *batch],
                )
            )
            data = b"".join(found[pk] for pk in batch)
            vectors = np.frombuffer(data, VECTOR_TYPE).astype(np.float32)
            yield batch, vectors.reshape(len(batch), -1)

    def vectors_by_hash(self, model: str, hashes: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of these content hashes, where there are any."""
        wanted = set(hashes)
        rows = self.rows("select hash, vector from kb_vectors where model = ?", [model])
        return {
            digest: np.frombuffer(data, VECTOR_TYPE).astype(np.float32)
            for digest, data in rows
            if digest in wanted
        }

    def unit_count(self) -> int:
        """How many units there are, embedded or not."""
        return int(self.rows("select count(*) from kb_units")[0][0])

    def token_vectors(
        self, model: str, articles: Sequence[int]
    ) -> dict[int, list[tuple[int, TokenVectors]]]:
        """For each article, its questions and passages as (unit pk, token vectors)."""
        marks = ",".join("?" * len(articles))
        rows = self.rows(
            "select u.article, u.pk, v.token_ids, v.token_vectors from kb_units u"
            " join kb_vectors v on v.model = ? and v.hash = u.hash"
            f" where u.article in ({marks}) and u.kind != 'title'"
            " and v.token_ids is not null",
            [model, *articles],
        )
        found: dict[int, list[tuple[int, TokenVectors]]] = {pk: [] for pk in articles}
        for article, unit, ids, vectors in rows:
            found[article].append((unit, _tokens(ids, vectors)))
        return found

    def token_ids(self, model: str) -> Iterator[tuple[int, np.ndarray]]:
        """(article pk, token ids) of every unit, to count in how many articles a token occurs."""
        rows = self.rows(
            "select u.article, v.token_ids from kb_units u join kb_vectors v"
            " on v.model = ? and v.hash = u.hash where v.token_ids is not null"
            " order by u.article",
            [model],
        )
        for article, ids in rows:
            yield article, np.frombuffer(ids, "<i4")

    def unit_texts(self, pks: Sequence[int]) -> dict[int, tuple[str, str]]:
        """(heading, text) of each unit."""
        marks = ",".join("?" * len(pks))
        rows = self.rows(f"select pk, heading, text from kb_units where pk in ({marks})", pks)
        return {pk: (heading, text) for pk, heading, text in rows}


def _article(*columns: Any) -> Article:
    key, title, area, owner, questions, body, url, collection = columns
    return Article(
        key, title, area, owner, tuple(json.loads(questions)), body, url=url, collection=collection
    )


def _tokens(ids: bytes, vectors: bytes) -> TokenVectors:
    numbers = np.frombuffer(ids, "<i4").astype(np.int32)
    return TokenVectors(
        numbers,
        np.frombuffer(vectors, np.int8).reshape(len(numbers), -1)
        if len(numbers)
        else np.zeros((0, 1), np.int8),
    )


def content_hash(article: Article) -> str:
    """A hash of everything of an article that search finds or shows."""
    fields = json.dumps(article.embedded_fields(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(fields.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors into one that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            remedy = "another program is writing to it; try again in a moment"
        elif "full" in str(error):
            remedy = "the disk is full; free some space and try again, nothing was changed"
        else:
            remedy = "check the path and its permissions"
        raise IndexUnavailableError(f"{path}: {error}; {remedy}") from error
    except sqlite3.DatabaseError as error:
        raise IndexUnavailableError(
            f"{path}: {error}; it is not a Frontline database, choose another path"
        ) from error
    except OSError as error:
        raise IndexUnavailableError(f"{path}: {error.strerror or error}") from error
