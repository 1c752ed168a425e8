"""The only place with SQL: articles, passages and vectors in the desk's database file."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from kb.articles import Article
from kb.encoder import Vectors
from kb.errors import IndexUnavailableError
from kb.index.schema import migrations

BUSY_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Unit:
    """A text of an article that is embedded: its title, one question or one passage."""

    kind: str
    heading: str
    text: str
    embedded: str
    """The text with the context that goes into the encoder."""

    @property
    def vector_hash(self) -> str:
        return hashlib.sha256(self.embedded.encode()).hexdigest()


@dataclass(frozen=True)
class StoredUnit:
    """A unit as search reads it back."""

    article: int
    kind: str
    heading: str
    text: str


class Store:
    """Reads and writes the knowledge base; one connection for each thread."""

    def __init__(self, path: Path) -> None:
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
            except BaseException:
                database.rollback()
                raise
            database.execute(
                "update kb_state set value = value + 1 where name = 'generation'"
            )
            database.commit()

    def generation(self) -> int:
        """A number that changes with every write."""
        with translated(self.path):
            row = self.database.execute(
                "select value from kb_state where name = 'generation'"
            ).fetchone()
        return int(row[0])

    def hashes(self, source: str | None = None) -> dict[tuple[str, str], str]:
        """Content hashes by (collection, id), of one source or of all."""
        where = "" if source is None else " where source = ?"
        rows = self.database.execute(
            "select collection, id, hash from kb_articles" + where,
            [] if source is None else [source],
        )
        return {(collection, key): digest for collection, key, digest in rows}

    def count(self) -> int:
        """How many articles there are."""
        with translated(self.path):
            return int(self.database.execute("select count(*) from kb_articles").fetchone()[0])

    def article(self, article_id: str, collection: str | None = None) -> Article | None:
        """The article with this id, or None."""
        clause, values = "id = ?", [article_id]
        if collection is not None:
            clause, values = clause + " and collection = ?", [*values, collection]
        with translated(self.path):
            row = self.database.execute(
                "select id, title, area, owner, questions, body, url, collection"
                f" from kb_articles where {clause} order by pk limit 1",
                values,
            ).fetchone()
        if row is None:
            return None
        return Article(*row[:4], tuple(json.loads(row[4])), *row[5:])

    def put(self, database: Database, article: Article, source: str, units: Sequence[Unit]) -> None:
        """Insert or replace an article with its units and words."""
        self.remove(database, [(article.collection, article.id)])
        cursor = database.execute(
            "insert into kb_articles(collection, id, title, area, owner, questions, body, url,"
            " source, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                article.collection, article.id, article.title, article.area, article.owner,
                json.dumps(article.questions), article.body, article.url, source,
                content_hash(article),
            ],
        )  # fmt: skip
        pk = cursor.lastrowid
        database.conn.executemany(
            "insert into kb_passages(article, kind, heading, text, vector_hash)"
            " values (?, ?, ?, ?, ?)",
            [(pk, unit.kind, unit.heading, unit.text, unit.vector_hash) for unit in units],
        )
        database.execute(
            "insert into kb_words(rowid, title, questions, body) values (?, ?, ?, ?)",
            [pk, article.title, "\n".join(article.questions), article.body],
        )

    def remove(self, database: Database, keys: Iterable[tuple[str, str]]) -> None:
        """Remove articles by (collection, id)."""
        for key in keys:
            row = database.execute(
                "select pk from kb_articles where collection = ? and id = ?", key
            ).fetchone()
            if row is not None:
                database.execute("delete from kb_words where rowid = ?", row)
                database.execute("delete from kb_articles where pk = ?", row)

    def missing_vectors(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Which of these content hashes have no vector of this model yet."""
        wanted = set(hashes)
        rows = self.database.execute("select hash from kb_vectors where model = ?", [model])
        return wanted - {digest for (digest,) in rows}

    def put_vectors(self, model: str, hashes: Sequence[str], vectors: Vectors) -> None:
        """Store vectors by content hash; kept even if the sync that asked for them dies."""
        database = self.database
        with translated(self.path), database.atomic():
            database.conn.executemany(
                "insert or replace into kb_vectors(model, hash, vector) values (?, ?, ?)",
                [
                    (model, digest, vector.astype(np.float32).tobytes())
                    for digest, vector in zip(hashes, vectors, strict=True)
                ],
            )

    def drop_unused_vectors(self, database: Database) -> None:
        """Forget vectors of texts that no article has any more."""
        database.execute(
            "delete from kb_vectors where hash not in (select vector_hash from kb_passages)"
        )

    def units(self) -> Iterator[tuple[StoredUnit, str]]:
        """Every unit with its vector's hash, article by article."""
        rows = self.database.execute(
            "select article, kind, heading, text, vector_hash from kb_passages order by article, pk"
        )
        for article, kind, heading, text, digest in rows:
            yield StoredUnit(article, kind, heading, text), digest

    def vectors(self, model: str) -> dict[str, bytes]:
        """All vectors of a model by content hash."""
        return dict(
            self.database.execute("select hash, vector from kb_vectors where model = ?", [model])
        )

    def article_rows(self) -> list[tuple[int, str, str, str]]:
        """(pk, collection, id, title) of every article."""
        return list(
            self.database.execute("select pk, collection, id, title from kb_articles order by pk")
        )

    def word_scores(
        self, expression: str, weights: Sequence[float], limit: int
    ) -> list[tuple[int, float]]:
        """(article pk, BM25) of the articles that match an FTS5 expression, best first."""
        marks = ", ".join(str(float(weight)) for weight in weights)
        rows = self.database.execute(
            f"select rowid, -bm25(kb_words, {marks}) as score from kb_words"
            " where kb_words match ? order by score desc limit ?",
            [expression, limit],
        )
        return [(int(pk), float(score)) for pk, score in rows]


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
