"""Encoders side by side: `python tests/bench/encoders.py [NAME ...]`, minutes each.

Search: questions about the sample articles in ten languages, and the articles of two public
bodies (skipped where ../shared/bench is absent). Classifier: tiers, follow-ups and matters, each
author left out in turn; the holdouts are not looked at. Cost: one message, all views.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from classifier.training.train import train
from kb.encoding.loading import ENGLISH, JOINED, MULTILINGUAL, load_encoder
from kb.encoding.once import WholeEncoder
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
BENCH = Path(os.environ.get("BENCH_DATA", ROOT.parent / "shared" / "bench"))
BODIES = BENCH / "bodies"
LANGUAGES = ROOT / "tests" / "bench" / "ten_languages.jsonl"
COMMAND = ".venv/bin/python tests/bench/encoders.py"
GOALS = {"ten languages: right article first": "≥ 0.75"}


def rows_of(file: Path) -> list[dict[str, object]]:
    """Read JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def searched(encoder: Encoder, source: Path, rows: Sequence[dict[str, object]]) -> dict[str, float]:
    """How often the right article is first, and among three, with nothing learned."""
    with tempfile.TemporaryDirectory() as folder:
        base = KnowledgeBase.open(Path(folder) / "kb.db", encoder)
        base.sync([source])
        asked = [row for row in rows if row["article"]]
        found = base.search_batch([str(row["text"]) for row in asked], top=3)
        base.close()
    ranks = []
    for row, hits in zip(asked, found, strict=True):
        also = row.get("also", [])
        right = {row["article"], *(also if isinstance(also, list) else [])}
        ranks.append(next((i for i, hit in enumerate(hits) if hit.article in right), 9))
    return {
        "right article first": float(np.mean([rank == 0 for rank in ranks])),
        "among three": float(np.mean([rank < 3 for rank in ranks])),
    }


def learned(encoder: Encoder) -> dict[str, dict[str, float]]:
    """What a model trained with this encoder says of itself, authors left out."""
    with tempfile.TemporaryDirectory() as folder:
        train(ROOT / "training_data", Path(folder) / "model", encoder)
        about = json.loads((Path(folder) / "model" / "manifest.json").read_text(encoding="utf-8"))
    taken = {
        f"{matter} taken": found["sure_at"]
        for matter, found in about["matters"]["left_out"].items()
    }
    names = ("macro_f1", "log_loss")
    return {
        "tiers": {name: about["metrics"][name] for name in names},
        "follow-ups": {name: about["followups"]["metrics"][name] for name in names},
        "matters": taken,
    }


def cost(encoder: Encoder, texts: Sequence[str]) -> float:
    """Milliseconds for all views of a message, one after the other."""
    if not isinstance(encoder, WholeEncoder):
        raise TypeError(encoder.name)
    times = []
    for text in texts:
        started = time.perf_counter()
        encoder.encode_whole(text)
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1_000


def main() -> None:
    """Measure the encoders that are named, or all."""
    languages = rows_of(LANGUAGES)
    for name in sys.argv[1:] or [ENGLISH, MULTILINGUAL, JOINED]:
        encoder = load_encoder(name)
        table = {"ten languages": searched(encoder, ROOT / "kb" / "articles", languages)}
        for body in ("nesi", "mojap"):
            if (BODIES / body).is_dir():
                rows = rows_of(BODIES / f"{body}_questions.jsonl")
                table[body] = searched(encoder, BODIES / body, rows)
            else:
                print(f"{body}: ../shared/bench is absent, skipped")
        table |= learned(encoder)
        messages = [str(row["text"]) for row in rows_of(ROOT / "training_data/messages/ops.jsonl")]
        table["cost"] = {"ms a message": cost(encoder, messages[:200])}
        for what, figures in table.items():
            print(f"{name}, {what}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()))
            for figure, value in figures.items():
                goal = GOALS.get(f"{what}: {figure}", "") if name != ENGLISH else ""
                said = f"{name}, {what}: {figure}"
                record("encoders", said, value, goal=goal, command=COMMAND)


if __name__ == "__main__":
    main()
