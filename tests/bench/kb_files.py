"""Seconds to sync a folder of 1,200 small Markdown files, and to sync it again unchanged."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = ".venv/bin/python -m pytest tests/bench/kb_files.py -m bench -s"
FILES = 1_200
TEXT = (
    "printer password tunnel badge laptop screen update folder token portal invoice ticket choose "
    "open press confirm restart settings account network office request approve manager device"
)
WORDS = TEXT.split()


def article(chosen: random.Random, number: int) -> str:
    """Eight passages under headings, about 70 words each."""
    parts = [f"---\ntitle: How to {' '.join(chosen.choices(WORDS, k=4))} {number}\n---\n"]
    for part in range(8):
        parts.append(f"## {' '.join(chosen.choices(WORDS, k=3))} {part}\n")
        parts.append(" ".join(chosen.choices(WORDS, k=70)).capitalize() + ".\n")
    return "\n".join(parts)


@pytest.mark.bench
def test_syncing_a_folder_of_small_files(tmp_path: Path) -> None:
    """First, again with nothing changed, and again with one file changed."""
    chosen = random.Random(5)
    folder = tmp_path / "articles"
    for number in range(FILES):
        file = folder / f"topic-{number % 40}" / f"page-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article(chosen, number), encoding="utf-8")
    base = KnowledgeBase.open(tmp_path / "base.db", load_encoder())
    took = {}
    for name in ("first", "unchanged", "one changed"):
        if name == "one changed":
            file.write_text(article(chosen, FILES), encoding="utf-8")
        began = time.perf_counter()
        report = base.sync([folder])
        took[name] = time.perf_counter() - began
        print(f"{name}: {took[name]:.2f} s, {report.added} added, {report.changed} changed")  # noqa: T201
    print(f"{base.store.unit_count()} titles, questions and passages")  # noqa: T201
    names = {"unchanged": "1,200 unchanged Markdown files", "one changed": "one of these changed"}
    for name, shown in names.items():
        record("search speed", shown, took[name], unit="s", command=COMMAND)
    assert took["unchanged"] < 1
