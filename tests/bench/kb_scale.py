"""A large base: a store that the product built, searched without the cost of an encoder.

Run: BENCH_UNITS=1000000 .venv/bin/python -m pytest tests/bench/kb_scale.py -m bench -s
BENCH_FOLDER keeps the base there and measures it again; BENCH_SECONDS stops writing it after so
long, to go on in another run.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.index.mapped import newest
from kb.index.store import APPROXIMATE_FROM
from kb.index.syncing import write
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record
from tests.bench.scale_corpus import UNITS_OF_ARTICLE, Corpus, TopicEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kb.encoding.encoder import Vectors

pytestmark = pytest.mark.bench

UNITS = int(os.environ.get("BENCH_UNITS", "100000"))
FOLDER = os.environ.get("BENCH_FOLDER")
SECONDS = float(os.environ.get("BENCH_SECONDS", "inf"))
QUERIES = 1_000
COMPARED = 200
AT_ONCE = 5_000
CHANGED = 10
LARGE = min(UNITS, APPROXIMATE_FROM)

CORPUS = Corpus(UNITS // UNITS_OF_ARTICLE)


@pytest.fixture(scope="module")
def encoder() -> TopicEncoder:
    """Vectors without a model."""
    return TopicEncoder(CORPUS)


@pytest.fixture(scope="module")
def path(encoder: TopicEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all the articles and its index."""
    folder = Path(FOLDER) if FOLDER else tmp_path_factory.mktemp("scale")
    base = KnowledgeBase.open(folder / "kb.db", encoder, approximate_from=LARGE)
    started = time.perf_counter()
    before = done = base.count()
    while done < CORPUS.articles:
        if time.perf_counter() - started > SECONDS:
            pytest.skip(f"{done} of {CORPUS.articles} articles are written; run it again")
        some = range(done, min(done + AT_ONCE, CORPUS.articles))
        write(base.store, encoder, [(CORPUS.article(number), "made up") for number in some])
        done = some.stop
    seconds = time.perf_counter() - started
    if done > before:
        print(f"\n{UNITS_OF_ARTICLE * (done - before)} units written in {seconds:.0f} s")
    print(f"\n{UNITS} units in {done} articles, database {_mebibytes(base.store.path):.0f} MiB")
    if newest(base.store, encoder.name) is None:
        building = _seconds(base.prepare)
        print(f"index built in {building:.0f} s")
        _record("building it", building, "s")
    base.close()
    return folder / "kb.db"


@pytest.fixture
def base(path: Path, encoder: TopicEncoder) -> Iterator[KnowledgeBase]:
    """The knowledge base, opened anew."""
    opened = KnowledgeBase.open(path, encoder, approximate_from=LARGE)
    yield opened
    opened.close()


def test_opening(base: KnowledgeBase) -> None:
    """Nothing is rebuilt: files are mapped, and the keys of the articles read."""
    opening = _seconds(lambda: base.search("x"))
    print(f"\nopened, with the first search, in {opening:.2f} s")
    _record("opening it with the first search", opening, "s")
    folder = newest(base.store, base.encoder.name)
    assert folder is not None
    for file in sorted(folder.path.iterdir()):
        print(f"  {file.name}: {_mebibytes(file):.0f} MiB")
    size = sum(_mebibytes(file) for file in folder.path.iterdir())
    print(f"index {size:.0f} MiB")
    _record("files of the index", size, "MiB")


def test_search_without_encoding(base: KnowledgeBase, encoder: TopicEncoder) -> None:
    """The whole search, from the cleaned question and its vector to hits with their passages."""
    chosen = np.random.default_rng(5)
    numbers = chosen.integers(0, CORPUS.articles, QUERIES)
    queries = [CORPUS.query(int(number)) for number in numbers]
    base.search(queries[0])
    found, times = 0, []
    for number, query in zip(numbers.tolist(), queries, strict=True):
        started = time.perf_counter()
        hits = base.search(query)
        times.append(time.perf_counter() - started)
        found += f"a{number}" in {hit.article for hit in hits}
    stood_in = _seconds(lambda: [encoder.encode([query]) for query in queries]) / len(queries)
    print(f"\nwhole search: {_spread(times)}, of it the stand-in encoder {stood_in * 1e3:.2f} ms;")
    print(f"  the article that was asked for is among the first 5 of {found / QUERIES:.3f}")
    middle, high = np.quantile(times, [0.5, 0.95]) * 1e3
    _record("whole search without encoding, median", middle, "ms")
    _record("whole search without encoding, 95th percentile", high, "ms")


def test_recall(base: KnowledgeBase, encoder: TopicEncoder) -> None:
    """The ten nearest units, against comparing with all of the stored vectors."""
    chosen = np.random.default_rng(6)
    numbers = chosen.integers(0, CORPUS.articles, COMPARED)
    queries = encoder.encode([CORPUS.query(int(number)) for number in numbers])
    base.search("x")
    snapshot = base._current().snapshot
    exact = _exact(base, snapshot.units.pks, queries)
    recalls, times = [], []
    for query, right in zip(queries, exact, strict=True):
        started = time.perf_counter()
        near = snapshot.nearest.nearest(query)  # type: ignore[attr-defined]
        times.append(time.perf_counter() - started)
        # As the index orders them: its cosines are of int8 vectors.
        rows = near.rows[np.argsort(-near.cosines)[:10]]
        recalls.append(len(set(rows.tolist()) & set(right.tolist())) / 10)
    print(f"\nvectors alone: {_spread(times)}; recall@10 {np.mean(recalls):.4f}")
    _record("recall@10 of exact", float(np.mean(recalls)))


def test_changing_a_few_articles(path: Path, base: KnowledgeBase, encoder: TopicEncoder) -> None:
    """Written by another connection while this one goes on searching."""
    queries = [CORPUS.query(number) for number in range(1, 2_000, 7)]
    base.search(queries[0])
    writer = KnowledgeBase.open(path, encoder, approximate_from=LARGE)
    mark = f"zzyzx{time.time_ns()}"
    some = [CORPUS.article(number) for number in range(CHANGED)]
    changed = [(replace(one, body=f"{one.body}\n\n{mark}"), "made up") for one in some]
    times: list[float] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            times.append(_seconds(lambda: base.search(queries[len(times) % len(queries)])))

    reader = threading.Thread(target=search)
    reader.start()
    written = _seconds(lambda: write(writer.store, encoder, changed))
    seen = _seconds(lambda: writer.search(mark))
    done.set()
    reader.join()
    hits = [hit.article for hit in base.search(mark, top=CHANGED)]
    print(f"\n{CHANGED} articles changed in {written:.2f} s, found after {seen:.2f} s more")
    _record(f"{CHANGED} articles changed by another process: written", written, "s")
    _record(f"{CHANGED} articles changed by another process: found later", seen, "s")
    print(f"  meanwhile {len(times)} searches of another connection: {_spread(times)}")
    assert set(hits) == {one.id for one in some}
    write(writer.store, encoder, [(one, "made up") for one in some])
    writer.close()


def _exact(base: KnowledgeBase, pks: np.ndarray, queries: Vectors) -> list[np.ndarray]:
    best = np.full((len(queries), 10), -2.0, np.float32)
    rows = np.zeros((len(queries), 10), np.int64)
    first = 0
    for some, vectors in base.store.vectors(base.encoder.name, pks.tolist()):
        cosines = np.hstack([best, queries @ vectors.T])
        numbers = np.hstack([rows, np.tile(np.arange(first, first + len(some)), (len(queries), 1))])
        kept = np.argpartition(-cosines, 10, axis=1)[:, :10]
        best = np.take_along_axis(cosines, kept, axis=1)
        rows = np.take_along_axis(numbers, kept, axis=1)
        first += len(some)
    return list(rows)


def _spread(times: list[float]) -> str:
    middle, high = np.quantile(times, [0.5, 0.95]) * 1e3
    return f"median {middle:.1f} ms, p95 {high:.1f} ms"


def _record(what: str, figure: float, unit: str = "") -> None:
    command = f"BENCH_UNITS={UNITS} .venv/bin/python -m pytest tests/bench/kb_scale.py -m bench -s"
    record("large bases", f"{UNITS:,} units: {what}", figure, unit=unit, command=command)


def _mebibytes(file: Path) -> float:
    return file.stat().st_size / 2**20


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
