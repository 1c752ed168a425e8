"""How long a search and a sync take, and what each backend of the encoder costs.

Run: .venv/bin/python -m pytest tests/bench/kb_speed.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import itertools
import random
import statistics
import time
from typing import TYPE_CHECKING

import pytest

from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.bench

WORDS = [
    "printer",
    "password",
    "account",
    "network",
    "laptop",
    "screen",
    "error",
    "update",
    "access",
    "folder",
    "mail",
    "calendar",
    "meeting",
    "token",
    "server",
    "build",
    "deploy",
    "database",
    "backup",
    "license",
    "camera",
    "headset",
    "badge",
    "door",
    "connect",
    "reset",
    "install",
    "remove",
    "share",
    "request",
    "slow",
    "broken",
    "missing",
    "wrong",
    "new",
    "old",
    "remote",
]
QUERY = "how do I reset my password when it has expired?"
ARTICLES = 1_000
SPEED = "search speed"
COMMAND = ".venv/bin/python -m pytest tests/bench/kb_speed.py -m bench -s"


def test_one_search_in_a_thousand_articles(tmp_path: Path) -> None:
    """Encoding alone, and the whole search with it."""
    encoder = load_encoder()
    base = KnowledgeBase.open(tmp_path / "kb.db", encoder)
    base.sync([_articles(tmp_path / "a.jsonl", ARTICLES, 60)])
    # Never the same twice: vectors of queries are remembered.
    numbers = itertools.count()
    encoding = _median(lambda: encoder.encode([f"{QUERY} {next(numbers)}"]))
    whole = _median(lambda: base.search(f"{QUERY} {next(numbers)}"))
    again = _median(lambda: base.search(QUERY))
    print(f"\nsearch in {ARTICLES} articles: {whole:.2f} ms, of it encoding {encoding:.2f} ms")
    print(f"the same question again, its vector remembered: {again:.2f} ms")
    record(SPEED, "one search in 1,000 articles", whole, unit="ms", command=COMMAND)
    record(SPEED, "of it encoding", encoding, unit="ms", command=COMMAND)
    times = "the search as a multiple of the encoding"
    record(SPEED, times, whole / encoding, goal="≤ 1.25", command=COMMAND)
    record(SPEED, "a search, its vector remembered", again, unit="ms", command=COMMAND)
    base.close()


def test_sync_of_short_passages(tmp_path: Path) -> None:
    """The first time, and with nothing changed."""
    count = 2_000
    source = _articles(tmp_path / "a.jsonl", count, 8)
    base = KnowledgeBase.open(tmp_path / "kb.db", load_encoder())
    first = _seconds(lambda: base.sync([source]))
    again = _seconds(lambda: base.sync([source]))
    texts = 2 * count
    print(f"\nfirst sync: {texts / first:.0f} texts/s; {count} unchanged articles: {again:.2f} s")
    some = base.store.articles()[: count // 4]
    alone = [text for one in some for text in (one.title, f"{one.title}\n{one.body}")]
    torch = load_encoder(backend="torch")
    torch.encode(alone[:64])
    plain = _seconds(lambda: torch.encode(alone))
    print(f"torch, encoding alone: {len(alone) / plain:.0f} texts/s")
    each = {"unit": "texts/s", "command": COMMAND}
    record(SPEED, "first sync of short texts", texts / first, goal="≥ 1000", **each)
    record(SPEED, "torch alone on the same texts", len(alone) / plain, **each)
    record(SPEED, "2,000 unchanged articles of one file", again, unit="s", command=COMMAND)
    base.close()


@pytest.mark.parametrize("backend", ["int8", "onnx", "torch"])
def test_encoder_backend(backend: str) -> None:
    """One short question."""
    encoder = load_encoder(backend=backend)
    took = _median(lambda: encoder.encode([QUERY]))
    print(f"\nencoder {backend}: {took:.2f} ms a question")
    record("encoder", f"one question encoded by {backend}", took, unit="ms", command=COMMAND)


def _articles(file: Path, count: int, words: int) -> Path:
    chosen = random.Random(7)
    rows = [
        f'{{"id": "{i}", "title": "{" ".join(chosen.choices(WORDS, k=5))} {i}",'
        f' "body": "{" ".join(chosen.choices(WORDS, k=words))} {i}"}}'
        for i in range(count)
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def _median(act: Callable[[], object]) -> float:
    for _ in range(20):
        act()
    return statistics.median(_seconds(act) for _ in range(200)) * 1e3


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
