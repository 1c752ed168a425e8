"""What fine-tuning the encoder gains: on the sample base, and on the course FAQ.

Run: .venv/bin/python -m pytest tests/bench/kb_encoder_tuning.py -m bench -s

The sample base learns the training messages, never the holdout. Of the course FAQ only titles and
texts are trained on; its questions are asked before and after, and decide nothing.
BENCH_STEPS sets how long it is trained.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from kb.tuning.encoder.trainer import MOST_STEPS, Course, train
from kb.tuning.encoder.tuning import EncoderTuning, tune_encoder
from tests.bench.figures import record

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/kb_encoder_tuning.py -m bench -s"
ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench"
STEPS = int(os.environ.get("BENCH_STEPS", str(MOST_STEPS)))
TOP = 5


class KeepingTrainer:
    """Trains as always, and keeps a copy of what came out, good or bad."""

    def __init__(self, folder: Path) -> None:
        """Keep it in this folder."""
        self.folder = folder
        self.seconds = 0.0

    def __call__(self, source: Path, course: Course, folder: Path, progress: object) -> None:
        """As any trainer."""
        started = time.perf_counter()
        train(source, course, folder, lambda *_: None)
        self.seconds = time.perf_counter() - started
        shutil.copytree(folder, self.folder)


@pytest.fixture(autouse=True)
def _installed() -> None:
    pytest.importorskip("datasets", reason="datasets is not installed, skipped")
    pytest.importorskip("accelerate", reason="accelerate is not installed, skipped")


def test_the_sample_base(tmp_path: Path) -> None:
    """Sample questions and training messages."""
    held = set(json.loads((ROOT / "training_data/holdout.json").read_text())["scenarios"])
    base = KnowledgeBase.open(tmp_path / "kb.db", load_encoder())
    base.sync([ROOT / "kb" / "articles"])
    rows = [
        json.loads(line)
        for file in sorted((ROOT / "training_data/messages").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    base.learn(
        [(r["text"], r["article"]) for r in rows if r["article"] and r["scenario"] not in held]
    )
    trainer = KeepingTrainer(tmp_path / "tuned")
    tuning = tune_encoder(base.store, None, tmp_path / "out", most_steps=STEPS, trainer=trainer)
    base.close()
    _report("sample base", tuning, trainer)


def test_the_course_faq(tmp_path: Path) -> None:
    """Trained on titles and texts; its questions are only asked."""
    file = BENCH / "course_faq_articles.jsonl"
    if not file.exists():
        pytest.skip("course FAQ: ../shared/bench is absent, skipped")
    base = KnowledgeBase.open(tmp_path / "kb.db", load_encoder())
    base.sync([file])
    trainer = KeepingTrainer(tmp_path / "tuned")
    tuning = tune_encoder(base.store, None, tmp_path / "out", most_steps=STEPS, trainer=trainer)
    base.close()
    _report("course FAQ, titles and texts", tuning, trainer)
    for name, encoder in (
        ("before", load_encoder()),
        ("after", load_encoder(str(trainer.folder), cache=tmp_path)),
    ):
        print(f"  its questions, {name}: {_asked(tmp_path / f'{name}.db', file, encoder)}")


def _report(name: str, tuning: EncoderTuning | None, trainer: KeepingTrainer) -> None:
    assert tuning is not None
    before, after = tuning.before, tuning.after
    for what, was, now in (
        ("MRR at 5", before.mrr, after.mrr),
        ("hit rate", before.hit_rate, after.hit_rate),
        ("MRR of articles that were not trained on", before.mrr_unseen, after.mrr_unseen),
    ):
        gain = {"before": was, "after": now}
        record("encoder", f"{name}, {STEPS} steps: {what}", gain, command=COMMAND)
    print(
        f"\n{name}: {tuning.pairs} pairs, {tuning.steps} steps in {trainer.seconds:.0f} s; "
        f"{len(before.ranks)} questions held out\n"
        f"  MRR {before.mrr:.4f} -> {after.mrr:.4f} (surely {tuning.least_gain:+.4f}), "
        f"hit {before.hit_rate:.4f} -> {after.hit_rate:.4f}, "
        f"trained articles {before.mrr_seen:.4f} -> {after.mrr_seen:.4f}, "
        f"unseen articles {before.mrr_unseen:.4f} -> {after.mrr_unseen:.4f}\n"
        f"  kept: {tuning.kept} {'; '.join(tuning.objections)}"
    )


def _asked(path: Path, articles: Path, encoder: Encoder) -> str:
    lines = (BENCH / "course_faq_queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    base = KnowledgeBase.open(path, encoder)
    base.sync([articles])
    hits, gains = 0, 0.0
    for asked in queries:
        found = base.search(asked["query"], collection=asked["collection"], top=TOP)
        ids = [hit.article for hit in found]
        if asked["article"] in ids:
            hits += 1
            gains += 1 / (ids.index(asked["article"]) + 1)
    base.close()
    return f"hit@5 {hits / len(queries):.4f}, MRR@5 {gains / len(queries):.4f}"
