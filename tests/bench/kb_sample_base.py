"""The sample articles: each sample question, asked while it is kept from the index.

Run: .venv/bin/python -m pytest tests/bench/kb_sample_base.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

from pathlib import Path

import pytest

from kb.encoder import load_encoder
from kb.heldout import trials
from kb.sources import read_source

pytestmark = pytest.mark.bench

ARTICLES = Path(__file__).resolve().parents[2] / "kb" / "articles"


def test_unseen_questions_find_their_article() -> None:
    """Rank 1, and within 3, over five folds."""
    readings = read_source(ARTICLES, collection="default")
    articles = [reading.article for reading in readings if reading.article]
    ranks = [trial.rank for trial in trials(articles, load_encoder())]
    first = sum(rank == 0 for rank in ranks) / len(ranks)
    third = sum(rank is not None and rank < 3 for rank in ranks) / len(ranks)
    print(f"\nsample base, {len(ranks)} held-out questions: rank 1 {first:.4f}, in 3 {third:.4f}")
