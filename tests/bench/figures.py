"""Every measured figure in one file, and the page that is written from it.

`record` is called by the benchmarks beside what they print. It writes only where the
environment says to which file (`BENCH_RESULTS`), as `make bench` does: a run by hand, or of
a smaller size, changes no figure. `python tests/bench/figures.py` writes docs/figures.md.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "tests" / "bench" / "results.json"
PAGE = ROOT / "docs" / "figures.md"
DIGITS = 4
"""What is kept of a figure: more would only be noise."""

Number = float | int
Value = Number | Sequence[Number] | Mapping[str, Number | None]
"""One figure, the lowest and highest of several runs, or a row of figures by column."""

TOPICS = {
    "decision": "The decision",
    "a base of one's own": "A base of one's own",
    "classifier": "The classifier",
    "classifier beside others": "The classifier beside others",
    "follow-ups": "Follow-ups",
    "matters": "Matters",
    "ways": "The right part of an article",
    "priority": "Priority",
    "search": "Search",
    "search beside others": "Search beside others",
    "gaps": "Gaps",
    "learning": "Learning from outcomes",
    "encoder": "The encoder",
    "encoders": "Encoders side by side",
    "search speed": "Speed of search and sync",
    "large bases": "Large bases",
    "desk speed": "Speed and size of the desk",
    "faults": "What goes wrong",
    "privacy": "Privacy",
    "workspace": "The local workspace",
}
"""The topics in the order of the page, each with its heading."""

INTRODUCTION = """\
# Figures

Written by `make bench` from `tests/bench/results.json`; other pages link here instead of
repeating a number. Each table has the command that printed it, the day and the machine. A
goal that was not reached says *missed*. Compare within a table: two machines, or one machine
at two loads, give two figures. Times of a machine that others use too are upper bounds.
"""


def record(
    topic: str, name: str, value: Value, *, command: str, unit: str = "", goal: str = ""
) -> None:
    """Keep a figure of today and of this machine; `goal` is like `≥ 0.92` or `≤ 50`."""
    file = os.environ.get("BENCH_RESULTS")
    if not file:
        return
    if topic not in TOPICS:
        raise ValueError(f"{topic!r} is no topic of the page; add it to TOPICS in figures.py")
    entry = {
        "topic": topic,
        "name": name,
        "value": _rounded(value),
        "unit": unit,
        "goal": goal,
        "command": command,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine(),
    }
    entries = read(Path(file))
    same = [n for n, one in enumerate(entries) if (one["topic"], one["name"]) == (topic, name)]
    if same:
        entries[same[0]] = entry
    else:
        entries.append(entry)
    write(entries, Path(file))


def machine() -> str:
    """Say what a figure was measured on, as far as that can be told."""
    return f"{os.cpu_count()} cores ({_processor()})"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.is_file():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def read(file: Path = RESULTS) -> list[dict[str, Any]]:
    """Read all figures, in the order of the page."""
    entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return entries


def write(entries: Sequence[Mapping[str, Any]], file: Path = RESULTS) -> None:
    """Write all figures, one a line, so that a change shows as one."""
    lines = ",\n".join(" " + json.dumps(one, ensure_ascii=False) for one in entries)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def render(entries: Sequence[Mapping[str, Any]]) -> str:
    """Give the page: a heading for each topic, a table for each run."""
    parts = [INTRODUCTION]
    for topic, heading in TOPICS.items():
        runs: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for one in entries:
            if one["topic"] == topic:
                columns = tuple(one["value"]) if isinstance(one["value"], dict) else ()
                key = (one["command"], one["date"], one["machine"], columns)
                runs.setdefault(key, []).append(one)
        if runs:
            parts.append(f"## {heading}\n")
            parts += [_run(key, found) for key, found in runs.items()]
    return "\n".join(parts)


def _run(key: tuple[Any, ...], entries: Sequence[Mapping[str, Any]]) -> str:
    command, date, where, columns = key
    heads = ["what", *(columns or ("figure",))]
    with_goals = any(one["goal"] for one in entries)
    if with_goals:
        heads.append("goal")
    lines = [_row(heads), "|---" * len(heads) + "|"]
    for one in entries:
        value = one["value"]
        shown = [value[name] for name in columns] if columns else [value]
        cells = [one["name"], *(_shown(each, one["unit"]) for each in shown)]
        lines.append(_row([*cells, _goal(one)] if with_goals else cells))
    return f"{date}, {where}: `{command}`\n\n" + "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _goal(entry: Mapping[str, Any]) -> str:
    goal, value = str(entry["goal"]), entry["value"]
    if not goal:
        return ""
    sign, _, limit = goal.partition(" ")
    worst = value
    if isinstance(value, list):
        worst = max(value) if sign == "≤" else min(value)
    reached = worst <= float(limit) if sign == "≤" else worst >= float(limit)
    text = f"{goal} {entry['unit']}".strip()
    return text if reached else f"{text}, *missed*"


def _shown(value: Any, unit: str) -> str:
    if value is None:
        return "not measured"
    text = " to ".join(_number(each) for each in value) if isinstance(value, list) else ""
    return f"{text or _number(value)} {unit}".strip()


def _number(value: Number) -> str:
    return f"{value:,}"


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_rounded(each) for each in value]
    if value is None or isinstance(value, int):
        return value
    rounded = float(f"{float(value):.{DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


if __name__ == "__main__":
    PAGE.write_text(render(read()), encoding="utf-8")
