"""The file of figures, and the page that is written from it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.bench.figures import TOPICS, read, record, render, write

WORDS = {"topic", "name", "unit", "goal", "command", "date", "machine"}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of figures with nothing in it yet, named as `make bench` names its own."""
    file = tmp_path / "results.json"
    write([], file)
    monkeypatch.setenv("BENCH_RESULTS", str(file))
    return file


def test_no_benchmark_stands_before_a_module_of_python() -> None:
    """Run as a file, a benchmark finds its own folder first: `secrets` there stopped them all."""
    names = {file.stem for file in Path(__file__).parent.glob("*.py")}
    assert not names & sys.stdlib_module_names


def test_every_figure_says_what_measured_it_and_where() -> None:
    """And is there once."""
    entries = read()
    assert all(entry.keys() == {*WORDS, "value"} for entry in entries)
    assert all(entry[key] for entry in entries for key in ("command", "date", "machine"))
    assert {entry["topic"] for entry in entries} <= TOPICS.keys()
    names = Counter((entry["topic"], entry["name"]) for entry in entries)
    assert [name for name, times in names.items() if times > 1] == []


def test_a_figure_measured_again_takes_the_place_of_the_former(results: Path) -> None:
    """With today's date; the others stay as they are."""
    record("search", "first", 0.5, command="ask")
    record("search", "second", 0.25, command="ask")
    record("search", "first", 0.751234567, command="ask")
    assert [(one["name"], one["value"]) for one in read(results)] == [
        ("first", 0.7512),
        ("second", 0.25),
    ]


def test_a_run_by_hand_changes_no_figure(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where the environment names the file is anything written."""
    monkeypatch.delenv("BENCH_RESULTS")
    record("search", "first", 0.5, command="ask")
    assert read(results) == []


def test_a_figure_of_no_known_topic_is_refused(results: Path) -> None:
    """It would stand nowhere on the page."""
    with pytest.raises(ValueError, match="no topic of the page"):
        record("weather", "rain", 1.0, command="look")


@pytest.mark.parametrize(
    ("value", "goal", "missed"),
    [
        (0.93, "≥ 0.92", False),
        (0.91, "≥ 0.92", True),
        (60.0, "≤ 50", True),
        ([40.0, 60.0], "≤ 50", True),
        ([0.93, 0.95], "≥ 0.92", False),
    ],
)
def test_a_goal_that_was_not_reached_says_so(
    results: Path, value: Any, goal: str, *, missed: bool
) -> None:
    """Of several runs the worst one counts."""
    record("search", "figure", value, goal=goal, command="ask")
    assert ("*missed*" in render(read(results)).split("## ")[1]) is missed


def test_rows_of_one_run_stand_in_one_table(results: Path) -> None:
    """With a column for each figure, under the command that printed them."""
    for name in ("ours", "theirs"):
        record("search", name, {"first": 0.5, "second": None}, command="ask them all")
    page = render(read(results))
    assert page.count("`ask them all`") == 1
    assert "| what | first | second |" in page
    assert "| theirs | 0.5 | not measured |" in page
