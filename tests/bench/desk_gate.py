"""The article side of the gate: what a threshold costs, on messages that the base has not learned.

Run: .venv/bin/python tests/bench/desk_gate.py

Each L1 message of the training part is asked of a base that learned the others but none of its
scenario; the policy's thresholds are read off the table. The holdout is left out.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.triage import Action, Candidate, Evidence, Policy, decide
from kb.encoder import load_encoder
from kb.heldout import Example, learned_trials
from kb.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
PAGE, WRONG_ANSWER, ASKING, ASKING_IN_VAIN = 5.0, 4.0, 1.0, 1.5
"""What is lost by a needless page, a wrong article, a question back, and one in vain."""


@dataclass(frozen=True)
class Asked:
    """A message that L1 settles, and what the search found for it; "" where no article answers."""

    article: str
    candidates: tuple[Candidate, ...]


def messages() -> list[Example]:
    """Read the L1 messages of the training part."""
    held = set(json.loads((ROOT / "training_data/holdout.json").read_text())["scenarios"])
    rows = [
        json.loads(line)
        for file in sorted((ROOT / "training_data/messages").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Example(row["text"], row["article"] or "", row["scenario"])
        for row in rows
        if row["label"] == "L1" and row["scenario"] not in held
    ]


def ask_all() -> list[Asked]:
    """Ask every message of a base that has not learned its scenario."""
    source = read_source(ROOT / "kb/articles", collection="default")
    articles = [item.article for item in source if item.article]
    return [
        Asked(trial.article, tuple(Candidate(e.article, e.score) for e in trial.found[:5]))
        for trial in learned_trials(articles, load_encoder(), messages())
    ]


def figures(asked: Sequence[Asked], policy: Policy) -> tuple[float, float, float, float, float]:
    """Give mean cost, and the shares answered, wrong among these, asked back, and passed on."""
    cost, answered, wrong, back, passed = 0.0, 0, 0, 0, 0
    likely = {"L1": 1.0, "L2": 0.0, "L3": 0.0, "chat": 0.0}
    for one in asked:
        triage = decide(Evidence(likely, one.candidates), policy)
        offered = {choice.article for choice in triage.choices}
        if triage.action is Action.ANSWER:
            answered += 1
            wrong += triage.article != one.article
            cost += WRONG_ANSWER * (triage.article != one.article)
        elif triage.action is Action.CLARIFY:
            back += 1
            helped = one.article in offered
            cost += ASKING if helped else ASKING_IN_VAIN + PAGE * bool(one.article)
        else:
            passed += 1
            cost += PAGE * bool(one.article)
    n = len(asked)
    return cost / n, answered / n, wrong / max(1, answered), back / n, passed / n


def main() -> None:
    """Print the table, cheapest first, and the policy as it is."""
    asked = ask_all()
    print(f"{len(asked)} L1 messages, {sum(bool(one.article) for one in asked)} with an article")
    print("answer_at candidate_at margin | cost answered wrong asked_back passed_on")
    rows = []
    for answer, candidate, margin in product(
        (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.45), (0.03, 0.04, 0.06, 0.1, 0.25), (0.0, 0.05, 0.1)
    ):
        policy = replace(Policy(), answer_at=answer, candidate_at=candidate, clear_margin=margin)
        rows.append((figures(asked, policy), (answer, candidate, margin)))
    now = Policy()
    rows.sort()
    chosen = (figures(asked, now), (now.answer_at, now.candidate_at, now.clear_margin))
    for found, thresholds in [*rows[:15], chosen]:
        print(*(f"{t:.2f}" for t in thresholds), "|", *(f"{value:.3f}" for value in found))
    print("(the last line is the policy as it stands)")


if __name__ == "__main__":
    main()
