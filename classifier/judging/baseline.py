"""Baselines: figures that a change must not make worse, each with its tolerance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from classifier.errors import ClassifierError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TOLERANCES: Mapping[str, float] = {
    "accuracy": -0.01,
    "macro_f1": -0.01,
    "calibration_error": 0.01,
    "must_escalate_recall": -0.005,
    "answered": -0.02,
    "in_scope_accuracy": -0.005,
    "out_of_scope_recall": -0.03,
    "out_of_scope_auroc": -0.005,
    "auroc": -0.01,
}
"""How far each figure may move: negative where more is better, positive where less is."""


def figures_of(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """Pick the figures that baselines watch from an evaluation as JSON."""
    figures = dict(evaluation["figures"])
    for name in ("must_escalate_recall", "answered"):
        if evaluation.get("gate"):
            figures[name] = evaluation["gate"][name]["value"]
    return {name: round(figures[name], 4) for name in TOLERANCES if name in figures}


def regressions(figures: Mapping[str, float], baseline: Mapping[str, float]) -> list[str]:
    """Say in words which figures became worse than the baseline allows."""
    found = []
    for name, was in baseline.items():
        allowed, now = TOLERANCES.get(name), figures.get(name)
        if allowed is None or now is None:
            continue
        worse = now < was + allowed if allowed < 0 else now > was + allowed
        if worse:
            found.append(f"{name} is {now:.4f}; the baseline is {was:.4f} (allowed {allowed:+})")
    return found


def read(file: Path, name: str) -> dict[str, float]:
    """Read one set's baseline."""
    try:
        return {key: float(value) for key, value in json.loads(file.read_text())[name].items()}
    except FileNotFoundError as error:
        raise ClassifierError(f"{file}: no baseline file; write it with --update") from error
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ClassifierError(f"{file}: no baseline for {name}; write it with --update") from error


def update(file: Path, name: str, figures: Mapping[str, float]) -> None:
    """Write one set's baseline, leaving the others as they are."""
    known = json.loads(file.read_text()) if file.is_file() else {}
    known[name] = dict(figures)
    file.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
