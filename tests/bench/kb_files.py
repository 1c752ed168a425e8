"""Seconds to sync a folder of 1,200 small Markdown files, again unchanged, and to read it apart."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from kb.sources.apart import ReaderApart
from kb.sources.kinds import reader_of
from tests.bench.figures import record

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = ".venv/bin/python -m pytest tests/bench/kb_files.py -m bench -s"
FILES = 1_200
RUNS = 5
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


def _written(tmp_path: Path, chosen: random.Random) -> tuple[Path, Path]:
    folder = tmp_path / "articles"
    for number in range(FILES):
        file = folder / f"topic-{number % 40}" / f"page-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(article(chosen, number), encoding="utf-8")
    return folder, file


@pytest.mark.bench
def test_reading_in_a_process_apart(tmp_path: Path) -> None:
    """What it costs that a file which does harm ends its reader alone: reading, and no encoding."""
    folder, _ = _written(tmp_path, random.Random(5))
    files = sorted(folder.rglob("*.md"))

    def here() -> None:
        for file in files:
            list(reader_of(file)(file, folder, "own"))

    def apart() -> None:
        reader = ReaderApart()
        for file in files:
            reader.read(file, folder, "own")
        reader.close()

    took: dict[str, list[float]] = {"in this process": [], "in a process apart": []}
    for _ in range(RUNS):
        for name, read in zip(took, (here, apart), strict=True):
            began = time.perf_counter()
            read()
            took[name].append(time.perf_counter() - began)
    for name, times in took.items():
        print(f"{name}: {sorted(times)[RUNS // 2]:.2f} s, {min(times):.2f} to {max(times):.2f}")  # noqa: T201
        shown = f"1,200 Markdown files read {name}"
        record("search speed", shown, sorted(times)[RUNS // 2], unit="s", command=COMMAND)


@pytest.mark.bench
def test_syncing_a_folder_of_small_files(tmp_path: Path) -> None:
    """First, again with nothing changed, and again with one file changed."""
    chosen = random.Random(5)
    folder, file = _written(tmp_path, chosen)
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
