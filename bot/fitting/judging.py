"""Judging: what a policy does with messages whose label and article are known, and its cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.desk.deciding import ARTICLES, IN_VAIN, OUTCOMES, Action
from bot.desk.tiers import Tier
from classifier.data.labels import CHAT, L1, MUST_ESCALATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.deciding import Costs, Evidence, Triage


@dataclass(frozen=True)
class Judged:
    """A message whose label and article are known, with evidence that left it out."""

    label: str
    article: str
    """What answers it; "" for none."""
    group: str
    evidence: Evidence

    @property
    def outcome(self) -> int:
        """Which of the outcomes of `bot.desk.deciding.chances` came true."""
        if self.label != L1:
            return OUTCOMES.index(self.label)
        found = [c.article for c in self.evidence.candidates[:ARTICLES]]
        return len(OUTCOMES) + found.index(self.article) if self.article in found else 0


@dataclass(frozen=True)
class Figures:
    """What a policy does with messages whose label is known; shares of 1."""

    must_escalate_recall: float
    """L2 and L3 messages that called a person at once."""
    answered: float
    """L1 messages with an article: answered at once; rightly; asked back, with the right choice."""
    answered_right: float
    asked: float
    asked_right: float
    passed_on: float
    without_person: float
    """Answered, or asked back with the right article among the choices."""
    settled: float
    """Answered rightly, or asked back with the right article among the choices."""
    wrong_of_answers: float
    """Of all answers, those to whom another article, none, or a person was due."""
    gaps_passed_on: float
    """L1 messages without an article: passed on; answered all the same."""
    gaps_answered: float
    chat_courtesy: float
    chat_paged: float
    right_tier: float
    """Of L2 and L3 messages that called a person, those that called the right ones."""
    cost: float
    """Mean over all messages, in needless pages."""

    def as_json(self) -> dict[str, float]:
        """Give plain values."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def measure(judged: Sequence[Judged], decisions: Sequence[Triage], costs: Costs) -> Figures:
    """Count what was decided about messages whose label is known, and what it cost."""
    seen: Counter[str] = Counter()
    total = 0.0
    for one, triage in zip(judged, decisions, strict=True):
        kind = _kind(one)
        right = is_right(one, triage)
        seen.update((kind, f"{kind} {triage.action}"))
        seen.update((f"all {triage.action}",))
        if right:
            seen.update((f"{kind} {triage.action} right", f"all {triage.action} right"))
        total += cost_of(one, triage, costs)

    def share(part: str, of: str) -> float:
        return seen[part] / max(1, seen[of])

    answered, asked = share("L1 answer", "L1"), share("L1 clarify right", "L1")
    return Figures(
        must_escalate_recall=share("must escalate", "must"),
        answered=answered,
        answered_right=share("L1 answer right", "L1"),
        asked=share("L1 clarify", "L1"),
        asked_right=asked,
        passed_on=share("L1 escalate", "L1"),
        without_person=answered + asked,
        settled=share("L1 answer right", "L1") + asked,
        wrong_of_answers=1 - share("all answer right", "all answer") if seen["all answer"] else 0.0,
        gaps_passed_on=share("gap escalate", "gap"),
        gaps_answered=share("gap answer", "gap"),
        chat_courtesy=share("chat courtesy", "chat"),
        chat_paged=share("chat escalate", "chat"),
        right_tier=share("must escalate right", "must escalate"),
        cost=total / max(1, len(judged)),
    )


def _kind(one: Judged) -> str:
    if one.label in MUST_ESCALATE:
        return "must"
    if one.label == CHAT:
        return "chat"
    return "L1" if one.article else "gap"


def is_right(one: Judged, triage: Triage) -> bool:
    """Tell whether a decision was what the message needed."""
    match triage.action:
        case Action.ANSWER:
            return one.label == L1 and triage.article == one.article
        case Action.CLARIFY:
            return one.label == L1 and one.article in {c.article for c in triage.choices}
        case Action.ESCALATE:
            return triage.tier == one.label or _kind(one) == "gap"
        case _:
            return one.label == CHAT


def cost_of(one: Judged, triage: Triage, costs: Costs) -> float:
    """What a decision cost, by the label: as `expected_costs` reckons it when it is not known."""
    right, kind = is_right(one, triage), _kind(one)
    if triage.action is Action.ESCALATE:
        if kind == "must":
            return 0.0 if right else costs.wrong_tier
        if kind == "gap":
            return costs.wrong_tier if triage.tier is Tier.L3 else 0.0
        return costs.needless_page
    if kind == "must":
        asked = costs.clarifying_question if triage.action is Action.CLARIFY else 0.0
        return costs.missed_escalation + asked
    if triage.action is Action.COURTESY:
        return 0.0 if right else costs.wrong_courtesy
    needless = costs.needless_answer if kind == "chat" else 0.0
    if triage.action is Action.CLARIFY:
        vain = not right and kind != "chat"
        return needless + costs.clarifying_question * (1 + IN_VAIN * vain)
    return needless + (costs.wrong_answer if not right and kind != "chat" else 0.0)
