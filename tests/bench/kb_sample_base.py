"""The sample articles: questions that the base has never seen, with and without learned ones.

Run: .venv/bin/python -m pytest tests/bench/kb_sample_base.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.loading import load_encoder
from kb.sources import read_source
from kb.tuning.heldout import Example, Trial, ask, remembered, trials
from tests.bench.figures import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.articles import Article
    from kb.encoding.encoder import Encoder

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/kb_sample_base.py -m bench -s"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """A labelled message."""

    example: Example
    author: str
    held: bool


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """The sample articles."""
    entries = read_source(ROOT / "kb" / "articles", collection="default")
    return [entry.article for entry in entries if entry.article]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    """Each text is embedded once."""
    return remembered(load_encoder())


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """The sample desk's messages; the holdout is that of the classifier."""
    held = set(json.loads((ROOT / "training_data/holdout.json").read_text())["scenarios"])
    lines = [
        json.loads(line)
        for file in sorted((ROOT / "training_data/messages").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Row(
            Example(line["text"], line["article"] or "", line["scenario"]),
            line["author"],
            line["scenario"] in held,
        )
        for line in lines
    ]


def test_unseen_sample_questions_find_their_article(
    articles: list[Article], encoder: Encoder
) -> None:
    """Each kept from the index in turn, over five folds; nothing is learned."""
    found = list(trials(articles, encoder))
    shown = _ranks(f"{len(found)} sample questions, each kept from the index", found)
    print(f"\nsample questions, none learned: {shown}")


def test_the_holdout_finds_its_articles(
    articles: list[Article], encoder: Encoder, rows: list[Row]
) -> None:
    """Before and after learning; with what no article answers, for what the scores mean."""
    held = [row.example for row in rows if row.held]
    train = [row.example for row in rows if not row.held]
    for name, learned in (("nothing learned", []), ("learned", train)):
        found = list(ask(articles, encoder, learned, held))
        shown = _ranks(f"holdout, {name}", [one for one in found if one.article])
        print(f"\nholdout, {name}: {shown}")
        _reliability(name, found)


def test_an_unseen_author_finds_the_articles(
    articles: list[Article], encoder: Encoder, rows: list[Row]
) -> None:
    """Learned from the other authors alone; the holdout is in neither."""
    every: list[Trial] = []
    for author in sorted({row.author for row in rows}):
        learned = [row.example for row in rows if row.author != author and not row.held]
        asked = [
            row.example
            for row in rows
            if row.author == author and not row.held and row.example.article
        ]
        if not asked:  # `secondlook` wrote none that an article answers
            continue
        found = list(ask(articles, encoder, learned, asked))
        print(f"\nunseen author {author}: {_ranks(f'author {author}, unseen', found)}")
        every += found
    print(f"\nunseen authors together: {_ranks('each author unseen, together', every)}")


def _ranks(name: str, found: Sequence[Trial]) -> str:
    ranks = [trial.rank for trial in found]
    first = sum(rank == 0 for rank in ranks) / len(ranks)
    third = sum(rank is not None and rank < 3 for rank in ranks) / len(ranks)
    record("search", name, {"first": first, "among three": third}, command=COMMAND)
    return f"{len(ranks)} questions, rank 1 {first:.4f}, in 3 {third:.4f}"


def _reliability(name: str, found: Sequence[Trial]) -> None:
    """Of the best hits given a probability, that share should be right."""
    scores = np.array([trial.found[0].score for trial in found])
    right = np.array([trial.found[0].article == trial.article for trial in found])
    bins = np.minimum((scores * 10).astype(int), 9)
    error = 0.0
    for number in range(10):
        inside = bins == number
        if inside.any():
            said, was = scores[inside].mean(), right[inside].mean()
            error += abs(said - was) * inside.mean()
            print(f"  said {said:.2f}, was {was:.2f} ({inside.sum()} best hits)")
    unanswered = scores[[not trial.article for trial in found]]
    median = float(np.median(unanswered))
    print(
        f"  expected calibration error {error:.3f}; median score of what no article answers "
        f"{median:.2f}"
    )
    record("search", f"calibration error of the best hit, {name}", error, command=COMMAND)
    record("search", f"median score of what no article answers, {name}", median, command=COMMAND)
