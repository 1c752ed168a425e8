"""Vectors by content hash, apart from the articles: unchanged text is never embedded again."""

# ruff: noqa: S608 (only names and question marks are put into the SQL)

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.encoding.late import SpannedTokens
from kb.index.database import DatabaseFile, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from sqlite_utils import Database

    from kb.encoding.encoder import Vectors
    from kb.encoding.late import TokenVectors

READ_BATCH = 8_192

VECTOR_TYPE = np.float16
"""How vectors are stored: half the size, and no ranking changes by it."""


class VectorStore(DatabaseFile):
    """Reads and writes the vectors of texts, of any model."""

    def missing_vectors(self, model: str, hashes: Iterable[str]) -> set[str]:
        """Which of these content hashes have no vector of this model yet."""
        wanted = list(set(hashes))
        found: set[str] = set()
        for start in range(0, len(wanted), READ_BATCH):
            batch = wanted[start : start + READ_BATCH]
            marks = ",".join("?" * len(batch))
            sql = f"select hash from kb_vectors where model = ? and hash in ({marks})"
            found.update(row[0] for row in self.rows(sql, [model, *batch]))
        return set(wanted) - found

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

    def drop_vectors(self, database: Database, model: str, hashes: Iterable[str]) -> None:
        """Forget the vectors of these texts where no article has them any more."""
        database.conn.executemany(
            "delete from kb_vectors where model = ? and hash = ?"
            " and not exists (select 1 from kb_units u where u.hash = kb_vectors.hash)",
            [(model, digest) for digest in set(hashes)],
        )

    def unused_vectors(self) -> list[str]:
        """The content hashes of texts that no article has any more; reads all of them."""
        sql = "select distinct hash from kb_vectors where hash not in (select hash from kb_units)"
        return [row[0] for row in self.rows(sql)]

    def drop_unused_vectors(self) -> None:
        """Forget vectors of texts that no article has any more; others write while it looks."""
        unused = [(digest,) for digest in self.unused_vectors()]
        if not unused:
            return
        with self.writing() as database:
            database.conn.executemany(
                "delete from kb_vectors where hash = ?"
                " and not exists (select 1 from kb_units u where u.hash = kb_vectors.hash)",
                unused,
            )

    def vectors(self, model: str, pks: Sequence[int]) -> Iterator[tuple[list[int], Vectors]]:
        """The vectors of some units, in batches of (keys, vectors) in the order asked for."""
        for start in range(0, len(pks), READ_BATCH):
            batch = list(pks[start : start + READ_BATCH])
            marks = ",".join("?" * len(batch))
            found = dict(
                # Crossed: the other way round, each vector would look through the whole batch.
                self.rows(
                    "select u.pk, v.vector from kb_units u cross join kb_vectors v"
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

    def token_vectors(self, model: str, articles: Sequence[int]) -> dict[int, SpannedTokens]:
        """For each article, the token vectors of its questions and passages, by unit."""
        marks = ",".join("?" * len(articles))
        rows = self.rows(
            "select u.article, u.pk, v.token_ids, v.token_vectors from kb_units u"
            " cross join kb_vectors v on v.model = ? and v.hash = u.hash"
            f" where u.article in ({marks}) and u.kind != 'title'"
            " and v.token_ids is not null",
            [model, *articles],
        )
        found: dict[int, dict[int, NDArray[np.int8]]] = {pk: {} for pk in articles}
        for article, unit, ids, vectors in rows:
            found[article][unit] = _tokens(ids, vectors)
        return {article: SpannedTokens.joined(units) for article, units in found.items()}

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


def _tokens(ids: bytes, vectors: bytes) -> NDArray[np.int8]:
    count = len(ids) // 4
    return np.frombuffer(vectors, np.int8).reshape(count, -1 if count else 1)
