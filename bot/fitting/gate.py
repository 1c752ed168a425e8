"""The gate: fitted on messages that neither classifier nor search had learned."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, astuple, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.deciding import ARTICLES, OUTCOMES, Evidence, Joint, decide, join, terms
from bot.desk.errors import FrontlineError
from bot.fitting.judging import Judged
from bot.service.deciding.candidates import CANDIDATES, weighed
from bot.service.deciding.triaging import LONGEST_TEXT
from classifier.data.labels import LABELS, MUST_ESCALATE
from classifier.judging.thresholds import fit_weights
from kb.tuning.heldout import Example, ask, fold_of, remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from bot.desk.deciding import Chances, Costs, Policy, Triage
    from bot.fitting.judging import Figures
    from classifier.data.dataset import Message
    from classifier.judging.metrics import Floats
    from kb.articles import Article
    from kb.encoding.encoder import Encoder

FOLDS = 5
LEAST_MESSAGES = 200
"""Fewer tell too little: then the defaults hold."""

LEAST_ANSWERED = 30
"""So many messages that an article of the base answers have to be there."""

LEAST_SHARE, LEAST_RECALL = 0.02, 0.5
"""A gate that answers less of what articles answer, or calls for less of what needs a person, has
learned to do always the same."""

SHOWN_THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True)
class Budget:
    """The errors that are allowed, as shares of answers and of what needs a person."""

    wrong_answers: float = 0.08
    missed_escalations: float = 0.015


@dataclass(frozen=True)
class Point:
    """Risk and coverage of answers at one threshold."""

    answer_at: float
    answered: float
    """Of the L1 messages that an article answers."""
    wrong: float
    """Of all answers given, whoever asked."""


@dataclass(frozen=True)
class Gate:
    """What was fitted: weights, the thresholds that the budget allows, and the table."""

    joint: Joint
    thresholds: dict[str, float]
    table: tuple[Point, ...]


@dataclass(frozen=True)
class OfBase:
    """The messages that a gate can learn from over one base, and what was left out."""

    messages: list[Message]
    lost: Counter[str]
    """How many name each article that is not in the base."""

    @property
    def answered(self) -> int:
        """So many have an article that answers them."""
        return sum(bool(message.article) for message in self.messages)


def of_base(messages: Sequence[Message], ids: Collection[str]) -> OfBase:
    """Leave out the messages whose article is not in the base: there nothing could answer them."""
    lost = Counter(m.article for m in messages if m.article and m.article not in ids)
    return OfBase([m for m in messages if not m.article or m.article in ids], lost)


def too_little(kept: OfBase) -> str:
    """Say why a gate fitted to this could not help; empty where it can."""
    return wanting([message.label for message in kept.messages], kept.answered)


def wanting(labels: Sequence[str], answered: int) -> str:
    """Say what a gate lacks of messages with these labels, of which so many have an article."""
    if answered < LEAST_ANSWERED:
        return (
            f"{answered} messages name an article of this base, and {LEAST_ANSWERED} are "
            "needed: fitted to fewer it would learn to answer nothing. Label messages of your own "
            "with the `article` that answers them"
        )
    missing = [label for label in LABELS if label not in labels]
    if missing:
        return f"no message is labelled {' or '.join(missing)}; label some"
    if len(labels) < LEAST_MESSAGES:
        return f"{len(labels)} labelled messages, and {LEAST_MESSAGES} are needed"
    return ""


def objection(figures: Figures, judged: Sequence[Judged]) -> str:
    """Say why a fitted gate must not serve; empty where it may."""
    answerable = sum(bool(one.article) for one in judged)
    if figures.answered < LEAST_SHARE:
        found = sum(one.outcome >= len(OUTCOMES) for one in judged)
        return (
            f"this gate would answer nothing: {figures.answered:.0%} of {answerable} messages that "
            f"an article answers. The search has the right article among the first {ARTICLES} for "
            f"{found} of them, and answers may be wrong only as often as `wrong_answers` under "
            "[classifier.budget] says"
        )
    if figures.must_escalate_recall < LEAST_RECALL:
        return (
            "this gate would answer nearly everything: it calls somebody for only "
            f"{figures.must_escalate_recall:.0%} of what needs a person. Look for wrong labels "
            "with `frontline classifier audit`"
        )
    return ""


def leave_out(  # noqa: PLR0913 - all that there is to know, by keyword
    *,
    messages: Sequence[Message],
    proba: Floats,
    groups: Sequence[str] | None,
    articles: Sequence[Article],
    encoder: Encoder,
    progress: Callable[[str, int, int], None],
    state: Mapping[str, str] | None = None,
) -> list[Judged]:
    """Search for every message in a base that learned the others, but none of its group.

    Args:
        messages: those that the classifier learned.
        proba: (messages, labels) what it said of each when its group was left out.
        groups: what is left out together, as the classifier did it; None for each alone.
        articles: all that there are.
        encoder: the embedding model.
        progress: told how many messages have been asked.
        state: what the base keeps of its search, where it learned no question; then none is
            learned here, so that scores mean what they mean when it serves. None: it learned.
    """
    names = list(groups) if groups is not None else [message.text for message in messages]
    few = len(set(names)) <= FOLDS
    folds = [name if few else str(fold_of(name, FOLDS)) for name in names]
    examples = [Example(m.text[:LONGEST_TEXT], m.article or "") for m in messages]
    remembering = remembered(encoder)
    judged: list[Judged | None] = [None] * len(messages)
    done = 0
    progress("searching", 0, len(messages))
    for fold in sorted(set(folds)):
        asked = [row for row, its in enumerate(folds) if its == fold]
        learned = [one for one, its in zip(examples, folds, strict=True) if its != fold]
        others = learned if state is None else []
        trials = ask(articles, remembering, others, [examples[row] for row in asked], state)
        for row, trial in zip(asked, trials, strict=True):
            evidence = Evidence(
                dict(zip(LABELS, proba[row].tolist(), strict=True)),
                weighed(trial.found[:CANDIDATES]),
            )
            judged[row] = Judged(messages[row].label, messages[row].article or "", fold, evidence)
            done += 1
            progress("searching", done, len(messages))
    return [one for one in judged if one is not None]


def fit_gate(judged: Sequence[Judged], costs: Costs, budget: Budget) -> Gate:
    """Fit the weights on all, and read the thresholds off chances that left each group out."""
    labels = {one.label for one in judged}
    if len(judged) < LEAST_MESSAGES or labels != set(LABELS):
        raise FrontlineError(
            f"{len(judged)} messages with the labels {', '.join(sorted(labels))} are too few to "
            f"fit the gate; {LEAST_MESSAGES} with all of {', '.join(LABELS)} are needed. Until "
            "then the defaults hold."
        )
    joints = crossed_joints(judged)
    crossed = [
        join(one.evidence.probabilities, one.evidence.candidates, joints[one.group])
        for one in judged
    ]
    escalate_at = _escalate_at(judged, crossed, costs, budget)
    ranked = _ranked_answers(judged, crossed, escalate_at)
    wrong = np.cumsum([not right for _, right, _ in ranked]) / np.arange(1, len(ranked) + 1)
    within = np.flatnonzero(wrong <= budget.wrong_answers)
    answer_at = ranked[int(within[-1])][0] if len(within) else 1.0
    answerable = max(1, sum(bool(one.article) for one in judged))
    table = []
    for threshold in SHOWN_THRESHOLDS:
        given = [one for one in ranked if one[0] >= threshold]
        errors = sum(not right for _, right, _ in given) / max(1, len(given))
        covered = sum(answer for *_, answer in given) / answerable
        table.append(Point(threshold, round(covered, 4), round(errors, 4)))
    return Gate(
        fit_joint(judged),
        {"escalate_at": round(escalate_at, 4), "answer_at": round(answer_at, 4)},
        tuple(table),
    )


def fit_joint(judged: Sequence[Judged]) -> Joint:
    """Fit how both kinds of evidence weigh."""
    rows = [terms(one.evidence.probabilities, one.evidence.candidates) for one in judged]
    weights = fit_weights(rows, [one.outcome for one in judged])
    return Joint(*weights)


def crossed_joints(judged: Sequence[Judged]) -> dict[str, Joint]:
    """For each group, the weights that are fitted to the others."""
    groups = {one.group for one in judged}
    return {
        group: fit_joint([one for one in judged if one.group != group] or judged)
        for group in groups
    }


def _escalate_at(
    judged: Sequence[Judged], chances: Sequence[Chances], costs: Costs, budget: Budget
) -> float:
    pays = costs.needless_page / (costs.needless_page + costs.missed_escalation)
    needing = [
        its.person for one, its in zip(judged, chances, strict=True) if one.label in MUST_ESCALATE
    ]
    return min(pays, float(np.quantile(needing, budget.missed_escalations)))


def _ranked_answers(
    judged: Sequence[Judged], chances: Sequence[Chances], escalate_at: float
) -> list[tuple[float, bool, bool]]:
    """The surest first: chance of the best article, is it right, is there one at all."""
    ranked = []
    for one, its in zip(judged, chances, strict=True):
        if its.person < escalate_at and its.articles:
            best = max(range(len(its.articles)), key=lambda place: its.articles[place])
            right = one.outcome == len(OUTCOMES) + best
            ranked.append((its.articles[best], right, bool(one.article)))
    return sorted(ranked, reverse=True)


def decide_crossed(judged: Sequence[Judged], policy: Policy) -> list[Triage]:
    """Decide by one policy, but each message by weights that were fitted to the other groups."""
    joints = crossed_joints(judged)
    return [decide(one.evidence, replace(policy, joint=joints[one.group])) for one in judged]


def as_manifest(gate: Gate, budget: Budget, figures: Figures, messages: int) -> dict[str, object]:
    """What a model's manifest keeps of its gate."""
    return {
        "joint": dict(zip(Joint.__dataclass_fields__, astuple(gate.joint), strict=True)),
        "thresholds": gate.thresholds,
        "budget": asdict(budget),
        "risk_coverage": [asdict(point) for point in gate.table],
        "messages": messages,
        "figures": figures.as_json(),
    }
