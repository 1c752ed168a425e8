"""Where a repeat comes from: why a person was called for what somebody had settled already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.bench.quarters.fixes import CHANGED, TERSE
from tests.bench.quarters.truth import CHANGE_WEEK

if TYPE_CHECKING:
    from bot.desk.deciding import Triage
    from tests.bench.quarters.requesters import Case
    from tests.bench.quarters.truth import Truth
    from tests.bench.quarters.workplace import Workplace

DRAFTED = "SELECT t.thread_ts, d.state FROM drafts d JOIN tickets t ON t.id = d.ticket"
SHOWN = 3


@dataclass(frozen=True)
class Trace:
    """What the desk had when it called a person, and what it made of it."""

    kind: str
    """Of the topic: its article was taken away, its answer changed, or it is as it was."""
    why: str
    """What stood in the way, in a few words."""
    told: dict[str, object] = field(default_factory=dict)


def kind_of(topic: str, week: int) -> str:
    """Tell what happened to the article of a topic."""
    if topic in TERSE:
        return "taken away"
    return "changed" if topic in CHANGED and week >= CHANGE_WEEK else "there"


@dataclass
class Tracer:
    """Looks at the desk as it is, and changes nothing."""

    place: Workplace
    truth: Truth
    cases: dict[str, Case]

    def trace(self, case: Case) -> Trace:
        """Tell why a person was called."""
        asked = case.question
        right = self._right(asked.topic, asked.week)
        triage = self.place.office.triager.triage(asked.text, readers=None)
        found = triage.evidence.candidates if triage.evidence else ()
        places = [at for at, each in enumerate(found) if each.article in right]
        return Trace(
            kind_of(asked.topic, asked.week),
            self._why(case, triage, right, places[0] if places else None),
            {
                "action": str(triage.action),
                "right": sorted(right),
                "found": [
                    (c.article, round(c.score, 3), round(c.agreement, 2)) for c in found[:SHOWN]
                ],
                "chances": _chances(triage),
                "drafts": self._drafts(asked.topic),
            },
        )

    def _why(self, case: Case, triage: Triage, right: set[str], at: int | None) -> str:
        if not right:
            states = self._drafts(case.question.topic)
            return f"no page; drafts {', '.join(states) or 'none'}"
        if case.wrong:
            return "wrong answers first"
        if at is None:
            return "page not found"
        place = "first" if at == 0 else f"at {at + 1}"
        chances = triage.chances
        if triage.suspicion is not None:
            return f"page {place}, routed"
        if triage.action == "escalate" and chances is not None and triage.policy is not None:
            person = chances.person >= triage.policy.escalate_at
            return f"page {place}, gate: {'a person' if person else 'unsure'}"
        return f"page {place}, {triage.action}, called all the same"

    def _right(self, topic: str, week: int) -> set[str]:
        """Give the articles that settle a topic, of those that are found."""
        base = self.place.knowledge
        return {
            each.id
            for each in base.store.articles()
            if self.truth.helps(topic, week, each.id, each.body)
        }

    def _drafts(self, topic: str) -> list[str]:
        return sorted(
            state
            for root, state in self.place.rows(DRAFTED)
            if root in self.cases and self.cases[root].question.topic == topic
        )


def _chances(triage: Triage) -> dict[str, float]:
    if triage.chances is None:
        return {}
    found = {"L2": triage.chances.l2, "L3": triage.chances.l3, "chat": triage.chances.chat}
    found["no article"] = triage.chances.no_article
    found |= {f"article {n}": each for n, each in enumerate(triage.chances.articles, start=1)}
    return {name: round(chance, 3) for name, chance in found.items()}
