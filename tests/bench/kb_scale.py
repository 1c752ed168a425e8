"""A large base: how fast and how faithful the approximate index is, and how big.

Run: BENCH_UNITS=1000000 .venv/bin/python -m pytest tests/bench/kb_scale.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.index.nearest import ApproximateUnits, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kb.encoder import Vectors

pytestmark = pytest.mark.bench

UNITS = int(os.environ.get("BENCH_UNITS", "50000"))
DIMENSION = 384
QUERIES = 200
BATCH = 8_192
SPREAD = 0.05
"""Noise in each direction around a topic: about as close as passages of one topic are."""


def test_search_in_many_units(tmp_path: Path) -> None:
    """Recall is against exact search over the same vectors."""
    if find_spec("usearch") is None:  # importing it here, before ONNX Runtime, would crash that
        pytest.skip("usearch is not installed, skipped")
    chosen = np.random.default_rng(7)
    topics = _unit(chosen.normal(size=(UNITS // 20, DIMENSION)))
    vectors = np.zeros((UNITS, DIMENSION), np.float16)
    for start in range(0, UNITS, BATCH):
        own = topics[chosen.integers(0, len(topics), min(BATCH, UNITS - start))]
        noise = SPREAD * chosen.normal(size=own.shape)
        vectors[start : start + BATCH] = _unit(own + noise)

    def batches(keys: Sequence[int]) -> Iterator[tuple[list[int], Vectors]]:
        for start in range(0, len(keys), BATCH):
            some = list(keys[start : start + BATCH])
            yield some, vectors[some].astype(np.float32)

    started = time.perf_counter()
    file = prepare(tmp_path / "kb", "model", "1", np.arange(UNITS), batches)
    built = time.perf_counter() - started
    index = ApproximateUnits(file, np.arange(UNITS))
    times, recalls = [], []
    for row in chosen.integers(0, UNITS, QUERIES):
        query = _unit(vectors[row].astype(np.float32) + SPREAD * chosen.normal(size=DIMENSION))
        started = time.perf_counter()
        near = index.nearest(query)
        times.append(time.perf_counter() - started)
        found = near.rows[np.argsort(-(vectors[near.rows].astype(np.float32) @ query))[:10]]
        exact = np.argpartition(-(vectors.astype(np.float32) @ query), 10)[:10]
        recalls.append(len(set(found.tolist()) & set(exact.tolist())) / 10)
    print(
        f"\n{UNITS} units: built in {built:.0f} s, {file.stat().st_size / 2**20:.0f} MiB, "
        f"median {np.median(times) * 1e3:.1f} ms, p95 {np.quantile(times, 0.95) * 1e3:.1f} ms, "
        f"recall@10 {np.mean(recalls):.3f}"
    )


def _unit(vectors: np.ndarray) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)
