"""Fitting the gate: what is learned from messages that were left out, and what it costs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.desk.deciding import Action, Candidate, Costs, Evidence, Policy, join
from bot.desk.errors import FrontlineError
from bot.desk.tiers import Tier
from bot.fitting.gate import (
    Budget,
    as_manifest,
    decide_crossed,
    fit_gate,
    fit_joint,
    objection,
    of_base,
    too_little,
)
from bot.fitting.judging import Judged, cost_of, measure
from bot.service.deciding.candidates import weighed
from classifier.data.dataset import Message
from classifier.judging.thresholds import fit_weights
from kb.searching.base import Explanation
from tests import builders as a

COSTS = Costs()
LABELS = ("L1", "L2", "L3", "chat")


def messages(count: int = 600, seed: int = 1) -> list[Judged]:
    """Draw messages of which the classifier is as often right as it says, and the search mostly."""
    chance = random.Random(seed)
    judged = []
    for number in range(count):
        label = chance.choices(LABELS, (8, 4, 2, 2))[0]
        article = "right" if label == "L1" and chance.random() < 0.8 else ""
        sure = chance.uniform(0.6, 0.99)
        others = [each for each in LABELS if each != label]
        believed = label if chance.random() < sure else chance.choice(others)
        probabilities = dict.fromkeys(LABELS, (1 - sure) / 3) | {believed: sure}
        score = chance.uniform(0.5, 1.0) if article else chance.uniform(0.01, 0.4)
        rival = Candidate("rival", score * chance.random(), differed=("dense",))
        best = Candidate("right", score, agreed=("dense",))
        evidence = Evidence(probabilities, (best, rival))
        judged.append(Judged(label, article, "abc"[number % 3], evidence))
    return judged


def test_the_weights_under_which_what_happened_is_likeliest_are_found() -> None:
    """A feature that tells the outcome gets weight; one that is noise gets next to none."""
    chance = random.Random(3)
    terms, outcomes = [], []
    for _ in range(400):
        rows = [[chance.gauss(0, 1), chance.gauss(0, 1)] for _ in range(chance.choice((2, 3, 4)))]
        terms.append(rows)
        outcomes.append(max(range(len(rows)), key=lambda place: rows[place][0]))
    telling, noise = fit_weights(terms, outcomes)
    assert telling > 3
    assert abs(noise) < telling / 5


def test_fitted_chances_mean_what_they_say() -> None:
    """Of what gets a chance of about so much, so much comes true."""
    judged = messages(3_000)
    joint = fit_joint(judged)
    chances = [join(one.evidence.probabilities, one.evidence.candidates, joint) for one in judged]
    for low, high in ((0.0, 0.2), (0.2, 0.8), (0.8, 1.01)):
        inside = [
            (its.person, one.label in {"L2", "L3"})
            for one, its in zip(judged, chances, strict=True)
            if low <= its.person < high
        ]
        said = sum(person for person, _ in inside) / len(inside)
        came_true = sum(needed for _, needed in inside) / len(inside)
        assert said == pytest.approx(came_true, abs=0.08)


def test_a_tighter_budget_gives_fewer_wrong_answers_and_fewer_answers() -> None:
    """The thresholds follow from the errors that are allowed."""
    judged = messages()
    tight = fit_gate(judged, COSTS, Budget(wrong_answers=0.01, missed_escalations=0.005))
    loose = fit_gate(judged, COSTS, Budget(wrong_answers=0.2, missed_escalations=0.1))
    assert tight.thresholds["answer_at"] > loose.thresholds["answer_at"]
    assert tight.thresholds["escalate_at"] < loose.thresholds["escalate_at"]
    done = [
        measure(judged, decide_crossed(judged, Policy.from_thresholds(gate.thresholds)), COSTS)
        for gate in (tight, loose)
    ]
    assert done[0].wrong_of_answers <= 0.01
    assert done[0].answered <= done[1].answered
    assert done[0].must_escalate_recall >= done[1].must_escalate_recall


def test_the_table_trades_risk_for_coverage() -> None:
    """A higher threshold answers less."""
    table = fit_gate(messages(), COSTS, Budget()).table
    covered = [point.answered for point in table]
    assert covered == sorted(covered, reverse=True)


def test_what_the_manifest_keeps_gives_the_same_policy_again() -> None:
    """Weights and thresholds come back by their names."""
    judged = messages()
    gate = fit_gate(judged, COSTS, Budget())
    policy = Policy.from_thresholds(gate.thresholds)
    figures = measure(judged, decide_crossed(judged, policy), COSTS)
    kept = as_manifest(gate, Budget(), figures, len(judged))
    assert type(gate.joint).from_mapping(kept["joint"]) == gate.joint  # type: ignore[arg-type]
    assert kept["thresholds"] == gate.thresholds


def test_too_few_messages_are_refused_in_one_line() -> None:
    """The defaults hold until there is enough to fit to."""
    with pytest.raises(FrontlineError, match="too few to fit the gate"):
        fit_gate(messages(50), COSTS, Budget())


def _messages(**of_label: int) -> list[Message]:
    named = ["here", "there", "gone"]
    return [
        Message(
            f"{label} {number}",
            label,
            Path("own.jsonl"),
            number,
            article=named[number % 3] if label == "L1" else None,
        )
        for label, many in of_label.items()
        for number in range(many)
    ]


@pytest.mark.parametrize(
    ("counts", "ids", "said"),
    [
        ({"L1": 150, "L2": 60, "L3": 30, "chat": 20}, {"here", "there"}, ""),
        ({"L1": 150, "L2": 60, "L3": 30, "chat": 20}, set(), "0 messages name an article"),
        ({"L1": 60, "L2": 60, "L3": 60, "chat": 60}, {"here"}, "20 messages name an article"),
        ({"L1": 150, "L2": 60, "L3": 30}, {"here"}, "no message is labelled chat"),
        ({"L1": 150, "L2": 60, "chat": 30}, {"here"}, "no message is labelled L3"),
        ({"L1": 200, "L3": 60}, {"here", "there"}, "no message is labelled L2 or chat"),
        ({"L1": 99, "L2": 30, "L3": 20, "chat": 10}, {"here"}, "93 labelled messages, and 200"),
    ],
)
def test_what_a_gate_cannot_learn_from_is_said(
    counts: dict[str, int], ids: set[str], said: str
) -> None:
    """Messages whose article is not in the base do not count, and are counted apart."""
    kept = of_base(_messages(**counts), ids)
    assert too_little(kept).startswith(said)
    assert bool(too_little(kept)) == bool(said)
    assert set(kept.lost) == {"here", "there", "gone"} - ids
    assert len(kept.messages) + kept.lost.total() == sum(counts.values())


def test_a_gate_that_always_does_the_same_is_refused() -> None:
    """One that answers nothing, since its search finds nothing; one that calls nobody."""
    judged = messages()
    figures = measure(judged, [a.triage(Action.ESCALATE, Tier.L2)] * len(judged), COSTS)
    assert "would answer nothing: 0% of" in objection(figures, judged)
    figures = measure(judged, [a.triage(Action.ANSWER, Tier.L1)] * len(judged), COSTS)
    assert "would answer nearly everything" in objection(figures, judged)
    gate = fit_gate(judged, COSTS, Budget())
    policy = Policy.from_thresholds(gate.thresholds)
    assert objection(measure(judged, decide_crossed(judged, policy), COSTS), judged) == ""


@pytest.mark.parametrize(
    ("label", "article", "action", "tier", "cost"),
    [
        ("L2", "", Action.ESCALATE, Tier.L2, 0.0),
        ("L3", "", Action.ESCALATE, Tier.L2, COSTS.wrong_tier),
        ("L3", "", Action.ANSWER, Tier.L1, COSTS.missed_escalation),
        ("L1", a.VPN, Action.ANSWER, Tier.L1, 0.0),
        ("L1", "other", Action.ANSWER, Tier.L1, COSTS.wrong_answer),
        ("L1", a.VPN, Action.CLARIFY, Tier.L1, COSTS.clarifying_question),
        ("L1", "", Action.CLARIFY, Tier.L1, 3 * COSTS.clarifying_question),
        ("L1", a.VPN, Action.ESCALATE, Tier.L2, COSTS.needless_page),
        ("L1", "", Action.ESCALATE, Tier.L2, 0.0),
        ("L1", a.VPN, Action.COURTESY, Tier.L1, COSTS.wrong_courtesy),
        ("chat", "", Action.COURTESY, Tier.L1, 0.0),
        ("chat", "", Action.ANSWER, Tier.L1, COSTS.needless_answer),
        ("chat", "", Action.ESCALATE, Tier.L2, COSTS.needless_page),
    ],
)
def test_each_mistake_costs_what_the_configuration_says(
    label: str, article: str, action: Action, tier: Tier, cost: float
) -> None:
    """A person called for what no article answers is no mistake."""
    one = Judged(label, article, "", Evidence({}))
    assert cost_of(one, a.triage(action, tier), COSTS) == pytest.approx(cost)


def test_the_parts_of_the_search_that_agree_are_named() -> None:
    """Parts that found nothing at all have no say."""
    found = [
        Explanation("one", 0.8, 0.8, {"dense": 0.9, "bm25": 0.2, "late": 0.0, "exact": 0.0}),
        Explanation("two", 0.3, 0.3, {"dense": 0.4, "bm25": 0.7, "late": 0.0, "exact": 0.0}),
    ]
    first, second = weighed(found)
    assert (first.agreed, first.differed) == (("dense",), ("bm25",))
    assert (second.agreed, second.differed) == (("bm25",), ("dense",))
    assert weighed([]) == ()
