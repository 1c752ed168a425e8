"""The gate with and without its parts, on messages that neither classifier nor search had learned.

Run: .venv/bin/python tests/bench/desk_gate.py [MODEL]

Each message of the training part is judged by a classifier that had not learned its author, and
asked of a base that had not either; weights and thresholds are fitted to the other authors. The
holdout is not touched. MODEL is what `frontline classifier train` made of training_data/.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from figures import record

from bot.desk.deciding import OUTCOMES, Action, Costs, Policy, Triage, decide, join
from bot.desk.tiers import Tier
from bot.fitting.gate import Budget, crossed_joints, fit_gate, leave_out
from bot.fitting.judging import measure
from classifier.judging.metrics import calibration_error
from classifier.judging.thresholds import left_out
from classifier.registry.artifact import read_manifest
from classifier.training.train import groups_of, load_training_data
from kb.encoding.loading import load_encoder
from kb.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.deciding import Joint
    from bot.fitting.judging import Judged

ROOT = Path(__file__).resolve().parents[2]
BUDGETS = (0.05, 0.08, 0.12)
SHOWN = {
    "must_escalate_recall": "recall",
    "answered": "answered",
    "answered_right": "rightly",
    "asked": "asked",
    "asked_right": "rightly",
    "without_person": "no person",
    "settled": "settled",
    "passed_on": "passed on",
    "wrong_of_answers": "wrong",
    "gaps_passed_on": "gap:passed",
    "gaps_answered": "gap:answered",
    "chat_paged": "chat:paged",
    "cost": "cost",
}
ON_THE_PAGE = {
    "must_escalate_recall": "must-escalate recall",
    "answered": "answered",
    "answered_right": "rightly",
    "asked": "asked back",
    "asked_right": "right choice",
    "without_person": "no person",
    "settled": "settled rightly",
    "passed_on": "passed on",
    "wrong_of_answers": "wrong answers",
    "cost": "cost",
}
COMMAND = ".venv/bin/python tests/bench/desk_gate.py"


def apart(one: Judged, escalate_at: float) -> Triage:
    """Decide as before: the classifier calls a person, else the search's scores decide."""
    likely, found = one.evidence.probabilities, one.evidence.candidates
    triage = Triage(Action.ESCALATE, Tier.L2, 1.0, likely)
    if likely["L2"] + likely["L3"] >= escalate_at:
        return replace(triage, tier=Tier.L3 if likely["L3"] > likely["L2"] else Tier.L2)
    if likely["chat"] >= 0.5:
        return replace(triage, action=Action.COURTESY, tier=Tier.L1)
    close = [c for c in found if c.score >= 0.10]
    if not close:
        return triage
    ahead = close[0].score - (close[1].score if len(close) > 1 else 0.0)
    if close[0].score >= 0.20 and ahead >= 0.05:
        answer = close[0].article
        return replace(triage, action=Action.ANSWER, tier=Tier.L1, article=answer)
    return replace(triage, action=Action.CLARIFY, tier=Tier.L1, candidates=tuple(close[:3]))


def nested(judged: Sequence[Judged], costs: Costs, budget: Budget) -> list[Triage]:
    """Decide on each author by weights and thresholds that are fitted to the others."""
    policies = {}
    for group in sorted({one.group for one in judged}):
        gate = fit_gate([one for one in judged if one.group != group], costs, budget)
        policies[group] = replace(Policy.from_thresholds(gate.thresholds), joint=gate.joint)
    return [decide(one.evidence, replace(policies[one.group], costs=costs)) for one in judged]


def calibration(judged: Sequence[Judged], joints: dict[str, Joint]) -> tuple[float, float, float]:
    """Calibration error of "the best article answers" and "needs a person", joined and alone."""
    best, answers, person, alone, needed = [], [], [], [], []
    for one in judged:
        likely = one.evidence.probabilities
        its = join(likely, one.evidence.candidates, joints[one.group])
        chance = max(its.articles, default=0.0)
        best.append(chance)
        answers.append(
            bool(its.articles) and one.outcome == len(OUTCOMES) + its.articles.index(chance)
        )
        person.append(its.person)
        alone.append(likely["L2"] + likely["L3"])
        needed.append(one.label in {"L2", "L3"})
    flags = np.array(needed)
    return (
        calibration_error(np.array(best), np.array(answers)),
        calibration_error(np.array(person), flags),
        calibration_error(np.array(alone), flags),
    )


def main() -> None:
    """Print what each way to decide does with the same messages."""
    model = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var/model"
    messages, proba = left_out(model, load_training_data(ROOT / "training_data")[0])
    source = read_source(ROOT / "kb/articles", collection="default")
    judged = leave_out(
        messages=messages,
        proba=proba,
        groups=groups_of(messages),
        articles=[item.article for item in source if item.article],
        encoder=load_encoder(),
        progress=lambda *_: None,
    )
    easy = [one for one in judged if one.label == "L1"]
    print(
        f"{len(judged)} messages; {sum(bool(one.article) for one in easy)} of L1 that an article "
        f"answers (the shares of the first columns are of these), {len(easy)} of L1 in all"
    )
    costs = Costs()
    joints = crossed_joints(judged)
    free = Policy(answer_at=0.0, escalate_at=1.1, chat_at=0.0)
    escalate_at = float(read_manifest(model)["thresholds"]["escalate_at"])
    ways = {
        "classifier and search apart": [apart(one, escalate_at) for one in judged],
        "joined, defaults in code": [decide(one.evidence, Policy()) for one in judged],
        "joined, fitted, costs alone": [
            decide(one.evidence, replace(free, joint=joints[one.group])) for one in judged
        ],
    }
    for wrong in BUDGETS:
        budget = Budget(wrong_answers=wrong)
        ways[f"fitted, {wrong:.0%} wrong answers"] = nested(judged, costs, budget)
    article, person, alone = calibration(judged, joints)
    print(
        f"calibration error: the best article answers {article:.4f}; needs a person {person:.4f} "
        f"(classifier alone {alone:.4f})"
    )
    for what, error in (
        ("the best article answers", article),
        ("needs a person", person),
        ("needs a person, by the classifier alone", alone),
    ):
        record("decision", f"calibration error: {what}", error, command=COMMAND)
    print(f"{'':28}" + "".join(f"{name:>13}" for name in SHOWN.values()))
    for name, decisions in ways.items():
        figures = measure(judged, decisions, costs).as_json()
        print(f"{name:28}" + "".join(f"{figures[each]:13.3f}" for each in SHOWN))
        columns = {column: figures[each] for each, column in ON_THE_PAGE.items()}
        record("decision", name, columns, command=COMMAND)


if __name__ == "__main__":
    main()
