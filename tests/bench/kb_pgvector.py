"""A large base in PostgreSQL, by pgvector and tsvector, beside the files that the product searches.

Run: python -m tests.bench.kb_pgvector --units 100000 [--ways hnsw,ivfflat]

The same made-up vectors and texts as `kb_scale`, the same questions, one process and one
connection. Either way gives the nearest units, and the articles with the words; `whole` is both
and their ranks fused, and whether the article that was asked for is among the first five.
"""

# ruff: noqa: T201, PLR0917 (a benchmark prints its figures; what is compared is given to each)

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg

from kb.index.cells import Cells
from kb.index.cutting import write
from kb.index.nearest import NEAREST
from kb.index.postings import COLUMNS, Postings, by_number, collect
from kb.index.syncing import units
from kb.index.terms import TOKENIZER, telling_words
from kb.index.words import PROPOSALS, MappedWordIndex
from tests.bench.figures import record
from tests.bench.scale_corpus import DIMENSION, UNITS_OF_ARTICLE, Corpus, TopicEncoder
from tests.chaos.replicas import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kb.encoding.encoder import Vectors

COMMAND = "python -m tests.bench.kb_pgvector --units {units}"
ASKED, COMPARED, CHANGED = 200, 10, 10
AT_ONCE = 5_000
RANKS = 60
"""The constant of reciprocal rank fusion."""
SETTINGS = (
    "SET maintenance_work_mem = '4GB'; SET max_parallel_maintenance_workers = 1; SET jit = off"
)
WAYS = {
    "hnsw": "CREATE INDEX near ON units USING hnsw (vector halfvec_ip_ops)",
    "ivfflat": "CREATE INDEX near ON units USING ivfflat (vector halfvec_ip_ops) "
    "WITH (lists = {lists})",
}
TRIED = {"hnsw": ("hnsw.ef_search", (40, 100, 256)), "ivfflat": ("ivfflat.probes", (8, 32, 96))}
NEAR = "SELECT pk FROM units ORDER BY vector <#> %s::halfvec LIMIT %s"
WORDS = (
    "SELECT pk FROM articles, to_tsquery('english', %s) AS asked WHERE words @@ asked "
    "ORDER BY ts_rank_cd(words, asked) DESC LIMIT %s"
)


def main() -> None:
    """Build both, ask both, print."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--units", type=int, default=100_000)
    given.add_argument("--ways", default="hnsw,ivfflat")
    options = given.parse_args()
    corpus = Corpus(options.units // UNITS_OF_ARTICLE)
    encoder = TopicEncoder(corpus)
    numbers = np.random.default_rng(5).integers(0, corpus.articles, ASKED)
    asked = [corpus.query(int(number)) for number in numbers]
    questions = encoder.encode(asked)
    with tempfile.TemporaryDirectory() as place:
        vectors = np.lib.format.open_memmap(
            Path(place) / "vectors.npy", "w+", np.float32, (options.units, DIMENSION)
        )
        texts = sqlite3.connect(Path(place) / "words.db")
        texts.execute(
            "CREATE VIRTUAL TABLE kb_words USING fts5("
            f"{', '.join(COLUMNS)}, tokenize='{TOKENIZER}')"
        )
        _made_up(corpus, encoder, vectors, texts)
        right = np.array([_nearest(vectors, question) for question in questions])
        told = Told(options.units, numbers, right)
        _files(Path(place), vectors, texts, told, asked, questions)
        cluster = Cluster()
        try:
            with psycopg.connect(cluster.address, autocommit=True) as on:
                _server(on, options.ways.split(","), corpus, vectors, texts, told, asked, questions)
        finally:
            cluster.close()


class Told:
    """Prints and records what a way is worth."""

    def __init__(self, units: int, numbers: Any, right: Any) -> None:
        """Know what is to be found."""
        self._units, self._numbers, self._right = units, numbers, right

    def built(self, way: str, seconds: float, size: int) -> None:
        """What it cost."""
        print(f"{way}: built in {seconds:.0f} s, {size / 2**20:.0f} MiB")
        self._record(f"{way}: building it", seconds, "s")
        self._record(f"{way}: size", size / 2**20, "MiB")

    def vectors(self, way: str, search: Callable[[int], Sequence[int]]) -> None:
        """How many of the nearest it finds, and how fast."""
        found, middle, high = _timed(search)
        recall = np.mean(
            [len({*some[:COMPARED]} & {*right}) / COMPARED
             for some, right in zip(found, self._right.tolist(), strict=True)]
        )  # fmt: skip
        print(f"{way}: nearest {middle:.1f} ms, p95 {high:.1f} ms, recall@10 {recall:.3f}")
        self._record(f"{way}: nearest, 95th percentile", high, "ms")
        self._record(f"{way}: recall@10 of exact", float(recall))

    def whole(self, way: str, near: Search, words: Search) -> None:
        """Both parts fused by their ranks: is the article asked for among the first five."""

        def search(place: int) -> list[int]:
            scores: dict[int, float] = {}
            for some in ([unit // UNITS_OF_ARTICLE for unit in near(place)], words(place)):
                for rank, article in enumerate(dict.fromkeys(some)):
                    scores[article] = scores.get(article, 0.0) + 1 / (RANKS + rank)
            return sorted(scores, key=scores.__getitem__, reverse=True)[:5]

        _, middle, high = _timed(words)
        print(f"{way}: words {middle:.1f} ms, p95 {high:.1f} ms")
        found, middle, high = _timed(search)
        share = np.mean([
            number in some for some, number in zip(found, self._numbers.tolist(), strict=True)
        ])  # fmt: skip
        print(f"{way}: whole {middle:.1f} ms, p95 {high:.1f} ms, among the first 5 {share:.3f}")
        self._record(f"{way}: whole, 95th percentile", high, "ms")
        self._record(f"{way}: asked for among the first 5", float(share))

    def fresh(self, way: str, written: float, seen: float) -> None:
        """How soon what changed is found."""
        print(f"{way}: {CHANGED} articles written in {written:.2f} s, found {seen:.2f} s later")
        self._record(f"{way}: {CHANGED} articles written", written, "s")
        self._record(f"{way}: found later", seen, "s")

    def _record(self, what: str, figure: float, unit: str = "") -> None:
        command = COMMAND.format(units=self._units)
        record("large bases", f"{self._units:,} units, {what}", figure, unit=unit, command=command)


Search = Any


def _made_up(
    corpus: Corpus, encoder: TopicEncoder, vectors: Any, texts: sqlite3.Connection
) -> None:
    for first in range(0, corpus.articles, AT_ONCE):
        some = [
            corpus.article(number) for number in range(first, min(first + AT_ONCE, corpus.articles))
        ]
        embedded = [unit.embedded for article in some for unit in units(article)]
        at = first * UNITS_OF_ARTICLE
        vectors[at : at + len(embedded)] = encoder.encode(embedded)
        texts.executemany(
            "INSERT INTO kb_words(rowid, title, questions, body, area) VALUES (?, ?, '', ?, '')",
            [(first + place, article.title, article.body) for place, article in enumerate(some)],
        )
    texts.commit()


def _nearest(vectors: Any, question: Any) -> Any:
    cosines = vectors @ question
    return np.argpartition(-cosines, COMPARED)[:COMPARED]


def _files(
    place: Path, vectors: Any, texts: sqlite3.Connection, told: Told, asked: list[str],
    questions: Vectors,
) -> None:  # fmt: skip
    """The product's own."""

    def read(keys: Sequence[int]) -> Iterable[tuple[Sequence[int], Vectors]]:
        for first in range(0, len(keys), AT_ONCE):
            some = list(keys[first : first + AT_ONCE])
            yield some, vectors[some]

    folder = place / "files"
    folder.mkdir()
    began = time.perf_counter()
    write(folder, np.arange(len(vectors)), read)
    articles = np.arange(len(vectors) // UNITS_OF_ARTICLE)
    by_number(*collect(texts, articles, kind=np.float16)).save(folder)
    took = time.perf_counter() - began
    told.built("files", took, sum(file.stat().st_size for file in folder.iterdir()))
    cells, postings = Cells.mapped(folder), Postings.mapped(folder)
    none = Postings(
        postings.numbers[:0], np.zeros(1, np.int64), postings.places[:0], postings.weights[:0],
        postings.average,
    )  # fmt: skip
    index = MappedWordIndex(postings, articles, none, len(articles))

    def near(at: int) -> list[int]:
        rows, cosines = cells.search(questions[at], NEAREST)
        return [int(row) for row in rows[np.argsort(-cosines)]]

    def words(at: int) -> list[int]:
        found = index.scores(asked[at], np.zeros(0, np.intp))
        best = np.argsort(-found.bm25)[:PROPOSALS]
        return [int(position) for position in found.positions[best]]

    told.vectors("files", near)
    told.whole("files", near, words)


def _server(
    on: psycopg.Connection[Any], ways: list[str], corpus: Corpus, vectors: Any,
    texts: sqlite3.Connection, told: Told, asked: list[str], questions: Vectors,
) -> None:  # fmt: skip
    """PostgreSQL."""
    on.execute(SETTINGS)
    on.execute("CREATE EXTENSION vector")
    on.execute(f"CREATE TABLE units (pk bigint PRIMARY KEY, vector halfvec({DIMENSION}) NOT NULL)")
    on.execute("CREATE TABLE articles (pk bigint PRIMARY KEY, words tsvector NOT NULL)")
    began = time.perf_counter()
    with on.cursor().copy("COPY units FROM STDIN") as out:
        for pk in range(len(vectors)):
            out.write_row((pk, _told(vectors[pk])))
    with on.pipeline():
        for pk, title, body in texts.execute("SELECT rowid, title, body FROM kb_words"):
            on.execute(
                "INSERT INTO articles VALUES (%s, setweight(to_tsvector('english', %s), 'A') || "
                "to_tsvector('english', %s))", [pk, title, body]
            )  # fmt: skip
    print(f"PostgreSQL: rows written in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    on.execute("CREATE INDEX ON articles USING gin (words)")
    on.execute("ANALYZE")
    took_words = time.perf_counter() - began
    wanted = [" | ".join(telling_words(query)) for query in asked]

    def near(at: int) -> list[int]:
        rows = on.execute(NEAR, [_told(questions[at]), NEAREST]).fetchall()
        return [int(row[0]) for row in rows]

    def words(at: int) -> list[int]:
        rows = on.execute(WORDS, [wanted[at], PROPOSALS]).fetchall()
        return [int(row[0]) for row in rows]

    for way in ways:
        on.execute("DROP INDEX IF EXISTS near")
        began = time.perf_counter()
        on.execute(WAYS[way].format(lists=int(4 * len(vectors) ** 0.5)).encode())
        took = time.perf_counter() - began + took_words
        told.built(way, took, _size(on))
        setting, values = TRIED[way]
        for value in values:
            on.execute(f"SET {setting} = {value}".encode())
            told.vectors(f"{way}, {setting} {value}", near)
        told.whole(way, near, words)
        told.fresh(way, *_changed(on, corpus, vectors))


def _changed(on: psycopg.Connection[Any], corpus: Corpus, vectors: Any) -> tuple[float, float]:
    """Write a word into some articles, and look for it."""
    began = time.perf_counter()
    with on.transaction():
        for number in range(CHANGED):
            body = f"{corpus.article(number).body} zzyzx"
            on.execute(
                "UPDATE articles SET words = to_tsvector('english', %s) WHERE pk = %s",
                [body, number],
            )
            for unit in range(number * UNITS_OF_ARTICLE, (number + 1) * UNITS_OF_ARTICLE):
                on.execute(
                    "UPDATE units SET vector = %s WHERE pk = %s", [_told(vectors[unit]), unit]
                )
    written = time.perf_counter()
    found = on.execute(WORDS, ["zzyzx", 50]).fetchall()
    assert len(found) == CHANGED
    return written - began, time.perf_counter() - written


def _told(vector: Any) -> str:
    return f"[{','.join(f'{each:.4g}' for each in vector.tolist())}]"


def _size(on: psycopg.Connection[Any]) -> int:
    found = on.execute(
        "SELECT pg_total_relation_size('units') + pg_total_relation_size('articles')"
    ).fetchone()
    return int(found[0]) if found else 0


def _timed(search: Callable[[int], Any]) -> tuple[list[Any], float, float]:
    """What was found for each question; median and 95th percentile, in ms."""
    found, times = [], []
    for at in range(ASKED):
        began = time.perf_counter()
        found.append(search(at))
        times.append(time.perf_counter() - began)
    middle, high = np.quantile(times, [0.5, 0.95]) * 1e3
    return found, float(middle), float(high)


if __name__ == "__main__":
    main()
