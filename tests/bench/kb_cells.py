"""Cells of real texts: the public sets' own, some of them asked of all the others.

Run: .venv/bin/python -m pytest tests/bench/kb_cells.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.loading import load_encoder
from kb.index.cells import Cells
from kb.index.cutting import write
from kb.index.nearest import NEAREST
from tests.bench.figures import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.encoding.encoder import Vectors

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/kb_cells.py -m bench -s"
BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"
ASKED = 500
LONGEST = 300
AT_ONCE = 8_192


def test_recall_of_real_texts(tmp_path: Path) -> None:
    """By how many cells are looked into; as many as were found right, half, twice, and all."""
    texts = _texts()
    if not texts:
        pytest.skip("../shared/bench is absent, skipped")
    vectors = load_encoder().encode(texts)
    order = np.random.default_rng(0).permutation(len(vectors))
    queries, base = vectors[order[:ASKED]], vectors[order[ASKED:]]

    def read(keys: Sequence[int]) -> Iterable[tuple[Sequence[int], Vectors]]:
        for first in range(0, len(keys), AT_ONCE):
            some = keys[first : first + AT_ONCE]
            yield some, base[list(some)]

    write(tmp_path, np.arange(len(base)), read)
    cells = Cells.mapped(tmp_path)
    right = np.argpartition(-(queries @ base.T), 10, axis=1)[:, :10]
    count = len(cells.starts) - 1
    print(f"\n{len(base)} texts in {count} cells, {ASKED} others asked")
    for probes in (cells.probes // 2, cells.probes, 2 * cells.probes, count):
        recalls, times = [], []
        for query, nearest in zip(queries, right, strict=True):
            started = time.perf_counter()
            rows, cosines = replace(cells, probes=probes).search(query, NEAREST)
            times.append(time.perf_counter() - started)
            found = rows[np.argsort(-cosines)[:10]]
            recalls.append(len(set(found.tolist()) & set(nearest.tolist())) / 10)
        print(
            f"{probes} cells: recall@10 {np.mean(recalls):.4f}, {np.median(times) * 1e3:.1f} ms"
            + (" (as measured when they were cut)" if probes == cells.probes else "")
        )
        if probes in {cells.probes, count}:
            which = "all cells" if probes == count else "the cells that a search looks into"
            spent = {
                "cells": probes, "recall@10": np.mean(recalls), "ms": np.median(times) * 1e3
            }  # fmt: skip
            what = f"{len(base):,} real texts, {ASKED} others asked: {which}"
            record("large bases", what, spent, command=COMMAND)


def _texts() -> list[str]:
    """Every text of the sets once, the long ones cut."""
    found = {
        str(next(row[name] for name in ("text", "question", "query", "title") if row.get(name)))
        for file in sorted(BENCH.glob("*.jsonl"))
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
    }
    return sorted({text[:LONGEST] for text in found})
