"""The course FAQ: search within a collection, over all at once, and what peers find.

Run: .venv/bin/python -m pytest tests/bench/kb_course_faq.py -m bench -s
Peers that are not installed are skipped, and said so; `make bench-peers` installs them.
Each peer has an index for each collection, and of an article its title and its text.
"""

# ruff: noqa: PLC0415, T201 (peers load where they are used; a benchmark prints its figures)

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kb.encoding.loading import load_encoder, model_directory
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record

pytestmark = pytest.mark.bench

os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# torch's threads wait for each other at each step: on a busy machine fewer are faster.
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))

BENCH = Path(os.environ.get("BENCH_DATA", Path(__file__).resolve().parents[3] / "shared" / "bench"))
TOP = 5
STEP = int(os.environ.get("BENCH_STEP", "1"))
"""Ask every STEP-th question only, for a quick look."""

Finder = Callable[[str, str], Sequence[str]]
"""From a query and its collection to article ids."""


@dataclass(frozen=True)
class Faq:
    """The public articles, and questions with the article that answers each."""

    articles: list[dict[str, str]]
    queries: list[dict[str, str]]


@pytest.fixture(scope="module")
def faq() -> Faq:
    """The public data, where it is."""
    file = BENCH / "course_faq_articles.jsonl"
    if not file.exists():
        pytest.skip("course FAQ: ../shared/bench is absent, skipped")
    return Faq(_lines(file), _lines(BENCH / "course_faq_queries.jsonl")[::STEP])


@pytest.fixture(scope="module")
def base(faq: Faq, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The articles, synced as anyone would."""
    opened = KnowledgeBase.open(tmp_path_factory.mktemp("faq") / "kb.db", load_encoder())
    opened.sync([BENCH / "course_faq_articles.jsonl"])
    yield opened
    opened.close()


def test_within_the_collection(faq: Faq, base: KnowledgeBase) -> None:
    """The figure that others publish."""

    def find(query: str, collection: str) -> list[str]:
        return [hit.article for hit in base.search(query, collection=collection, top=TOP)]

    hit_rate, mrr = _report("frontline, within the collection", faq, find)
    if STEP == 1:
        assert hit_rate > 0.96
        assert mrr > 0.92


def test_over_all_collections(faq: Faq, base: KnowledgeBase) -> None:
    """The same questions without saying where to look."""
    _report(
        "frontline, all collections",
        faq,
        lambda query, _: [hit.article for hit in base.search(query, top=TOP)],
    )


def test_in_the_way_of_a_large_base(faq: Faq, tmp_path: Path) -> None:
    """Approximate, without late interaction: what a base above the limit loses."""
    base = KnowledgeBase.open(tmp_path / "kb.db", load_encoder(), approximate_from=1)
    base.sync([BENCH / "course_faq_articles.jsonl"])

    def find(query: str, collection: str) -> list[str]:
        return [hit.article for hit in base.search(query, collection=collection, top=TOP)]

    _report("frontline, as a large base, within the collection", faq, find)
    base.close()


def test_scores_mean_what_they_say(faq: Faq, base: KnowledgeBase) -> None:
    """Of the answers given a probability, that share is right."""
    scores, right = [], []
    for asked in faq.queries:
        best = base.search(asked["query"], collection=asked["collection"], top=1)[0]
        scores.append(best.score)
        right.append(best.article == asked["article"])
    bins = np.minimum((np.array(scores) * 10).astype(int), 9)
    gaps = [
        abs(np.mean(np.array(scores)[bins == b]) - np.mean(np.array(right)[bins == b]))
        * np.mean(bins == b)
        for b in range(10)
        if np.any(bins == b)
    ]
    print(f"\ncalibration: expected error {sum(gaps):.3f} over the best hit of each question")


def test_peer_bm25s(faq: Faq) -> None:
    """Plain BM25 with stemming off, as the package does by itself."""
    bm25s = pytest.importorskip("bm25s", reason="peer bm25s is not installed, skipped")
    finders: dict[str, Finder] = {}
    for collection, own in _by_collection(faq).items():
        index = bm25s.BM25()
        texts = [f"{article['title']} {article['body']}" for article in own]
        index.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)

        def find(query: str, _: str, index: object = index, own: object = own) -> list[str]:
            tokens = bm25s.tokenize(query, show_progress=False)
            rows, _scores = index.retrieve(tokens, k=TOP, show_progress=False)  # type: ignore[attr-defined]
            return [own[row]["id"] for row in rows[0]]  # type: ignore[index]

        finders[collection] = find
    _report("bm25s", faq, lambda query, collection: finders[collection](query, collection))


def test_peer_txtai(faq: Faq) -> None:
    """Hybrid search as its documentation shows it, on the same model."""
    embeddings = pytest.importorskip(
        "txtai.embeddings", reason="peer txtai is not installed, skipped"
    )
    finders: dict[str, Finder] = {}
    for collection, own in _by_collection(faq).items():
        index = embeddings.Embeddings(path=str(model_directory()), hybrid=True)
        index.index([(a["id"], f"{a['title']}\n{a['body']}", None) for a in own])
        finders[collection] = lambda query, _, index=index: [
            key for key, _score in index.search(query, TOP)
        ]
    _report("txtai hybrid", faq, lambda query, collection: finders[collection](query, collection))


def test_peer_haystack(faq: Faq) -> None:
    """Its in-memory retrievers: BM25, vectors, and both joined by reciprocal ranks."""
    pytest.importorskip("haystack", reason="peer haystack-ai is not installed, skipped")
    embedders = pytest.importorskip(
        "haystack_integrations.components.embedders.sentence_transformers",
        reason="peer haystack: sentence-transformers-haystack is not installed, skipped",
    )
    options = {"model": str(model_directory()), "progress_bar": False, "local_files_only": True}
    to_index = embedders.SentenceTransformersDocumentEmbedder(**options)
    to_ask = embedders.SentenceTransformersTextEmbedder(**options)
    to_index.warm_up()
    to_ask.warm_up()
    lines = {
        collection: HaystackLine(own, to_index, to_ask)
        for collection, own in _by_collection(faq).items()
    }
    for way in ("bm25", "embedding", "hybrid"):
        _report(
            f"haystack in memory, {way}",
            faq,
            lambda query, collection, way=way: getattr(lines[collection], way)(query),
        )


class HaystackLine:
    """One collection in Haystack's in-memory store, with the parts of a hybrid search."""

    def __init__(self, articles: Sequence[dict[str, str]], to_index: Any, to_ask: Any) -> None:
        """Write the articles with their vectors."""
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import (
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.document_stores.types import DuplicatePolicy

        store = InMemoryDocumentStore(shared=False)
        written = [Document(id=a["id"], content=f"{a['title']}\n{a['body']}") for a in articles]
        # Two articles have the same id.
        store.write_documents(
            to_index.run(documents=written)["documents"], policy=DuplicatePolicy.OVERWRITE
        )
        self._to_ask = to_ask
        self._words = InMemoryBM25Retriever(store)
        self._meaning = InMemoryEmbeddingRetriever(store)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def bm25(self, query: str) -> list[str]:
        """Find by words alone."""
        return _ids(self._by_words(query))

    def embedding(self, query: str) -> list[str]:
        """Find by meaning alone."""
        return _ids(self._by_meaning(query))

    def hybrid(self, query: str) -> list[str]:
        """Find by both."""
        both = [self._by_words(query), self._by_meaning(query)]
        return _ids(self._joiner.run(documents=both)["documents"])

    def _by_words(self, query: str) -> list[Any]:
        return list(self._words.run(query=query)["documents"])

    def _by_meaning(self, query: str) -> list[Any]:
        vector = self._to_ask.run(text=query)["embedding"]
        return list(self._meaning.run(query_embedding=vector)["documents"])


def _ids(documents: Sequence[Any]) -> list[str]:
    return [document.id for document in documents[:TOP]]


def _by_collection(faq: Faq) -> dict[str, list[dict[str, str]]]:
    parts: dict[str, list[dict[str, str]]] = {}
    for article in faq.articles:
        parts.setdefault(article["collection"], []).append(article)
    return parts


def test_peer_plain_dense(faq: Faq) -> None:
    """One vector for an article's title and text: what most bots do."""
    encoder = load_encoder()
    vectors = encoder.encode([f"{a['title']}\n{a['body']}" for a in faq.articles])
    collections = np.array([article["collection"] for article in faq.articles])

    def find(query: str, collection: str) -> list[str]:
        scores = np.where(collections == collection, vectors @ encoder.encode([query])[0], -1)
        return [faq.articles[row]["id"] for row in np.argsort(-scores)[:TOP]]

    _report("plain dense", faq, find)


def _report(name: str, faq: Faq, find: Finder) -> tuple[float, float]:
    hits, gains = 0, 0.0
    started = time.perf_counter()
    for asked in faq.queries:
        found = list(find(asked["query"], asked["collection"]))
        if asked["article"] in found:
            hits += 1
            gains += 1 / (found.index(asked["article"]) + 1)
    total = len(faq.queries)
    each = (time.perf_counter() - started) / total * 1e3
    print(f"\n{name}: hit@5 {hits / total:.4f}  MRR@5 {gains / total:.4f}  {each:.1f} ms a query")
    if STEP == 1:
        beside = {"hit rate at 5": hits / total, "MRR at 5": gains / total, "ms a query": each}
        record("search beside others", name, beside, command="BENCH_STEP=1 make bench-peers")
    return hits / total, gains / total


def _lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
