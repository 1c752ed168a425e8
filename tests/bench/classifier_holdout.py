"""The serving model on the frozen holdout: `python tests/bench/classifier_holdout.py`.

Asks `frontline classifier evaluate`, once for the whole holdout and once for the authors whom
no training has met. Every look is written into the model's journal, as always.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import subprocess
import sys

from figures import record

UNSEEN = ("outsider1", "outsider2")
COMMAND = "frontline classifier evaluate"


def main() -> None:
    """Print and record what the gate of the classifier alone does on both."""
    files = [f"training_data/messages/{author}.jsonl" for author in UNSEEN]
    given = [part for file in files for part in ("--data", file)]
    measured("whole holdout", [])
    measured("unseen authors", given)


def measured(whose: str, given: list[str]) -> None:
    """Evaluate one part of the holdout."""
    command = [sys.executable, "-m", "bot", "classifier", "evaluate", "--json", *given]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found = json.loads(told)
    figures, gate = found["figures"], found["gate"]
    for what, figure, goal in (
        ("macro-F1", figures["macro_f1"], "≥ 0.92"),
        ("must-escalate recall", gate["must_escalate_recall"]["value"], "≥ 0.98"),
        ("L1 left to articles", gate["answered"]["value"], "≥ 0.8"),
        ("expected calibration error", figures["calibration_error"], "≤ 0.03"),
    ):
        print(f"{whose}: {what} {figure:.4f}")
        shown = " ".join([COMMAND, *given])
        record("classifier", f"{what}, {whose}", figure, goal=goal, command=shown)


if __name__ == "__main__":
    main()
