"""Triage: the decision on a message, from the classifier's and the search's evidence."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Tier(StrEnum):
    """Who settles a request."""

    L1 = "L1"
    L2 = "L2"
    L3 = "L3"

    @property
    def rank(self) -> int:
        """The tier's place in the order of escalation, from 1."""
        return int(self.value[1])


class Action(StrEnum):
    """What Frontline does with a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    ESCALATE = "escalate"
    COURTESY = "courtesy"


@dataclass(frozen=True)
class Candidate:
    """An article that may answer, with the probability that it does."""

    article: str
    score: float
    title: str = ""
    passage: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Evidence:
    """All that a decision rests on.

    `probabilities` has one entry for each of L1, L2, L3 and chat, summing to 1;
    `candidates` come best first, one for each article.
    """

    probabilities: dict[str, float]
    candidates: tuple[Candidate, ...] = ()
    abstain: bool = False
    nearest: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """The thresholds that turn evidence into a decision.

    The articles' scores are probabilities over all messages; these are read where a message
    is L1 already, so that they stand low: `tests/bench/desk_gate.py` prints what they cost.
    At these, 74% of L1 messages are answered (6% of these wrongly).
    `strong_at` is asked of an article that is shown while people have been called.
    """

    chat_at: float = 0.5
    escalate_at: float = 0.5
    answer_at: float = 0.20
    candidate_at: float = 0.10
    clear_margin: float = 0.05
    strong_at: float = 0.45
    choices: int = 3

    @classmethod
    def from_thresholds(cls, thresholds: Mapping[str, float]) -> Policy:
        """Take from a model's manifest the thresholds that it names; others keep their default."""
        known = {each.name for each in fields(cls)} - {"choices"}
        chosen: dict[str, Any] = {k: v for k, v in thresholds.items() if k in known}
        return replace(cls(), **chosen)


@dataclass(frozen=True)
class Triage:
    """A decision and why it was made."""

    action: Action
    tier: Tier
    confidence: float
    probabilities: dict[str, float]
    article: str | None = None
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...] = ()
    meanwhile: str | None = None

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """The candidates to offer when asking back."""
        return self.candidates if self.action is Action.CLARIFY else ()


def decide(evidence: Evidence, policy: Policy) -> Triage:
    """Decide on a message.

    A person is called when the classifier wants one, or when nothing in the knowledge
    base fits; otherwise the article answers, or the requester chooses among a few.
    """
    likely = evidence.probabilities
    person = likely.get("L2", 0.0) + likely.get("L3", 0.0)
    # People first: passing over an outage that reads like a remark costs the most.
    if person >= policy.escalate_at:
        return _call_a_person(evidence, policy, person)
    if likely.get("chat", 0.0) >= policy.chat_at:
        return _courtesy(evidence, policy)
    return _from_articles(evidence, policy, person)


def _courtesy(evidence: Evidence, policy: Policy) -> Triage:
    chat = evidence.probabilities["chat"]
    return Triage(
        action=Action.COURTESY,
        tier=Tier.L1,
        confidence=chat,
        probabilities=evidence.probabilities,
        candidates=evidence.candidates,
        reasons=(f"Asks for nothing: chat {chat:.2f}, threshold {policy.chat_at:.2f}.",),
    )


def _call_a_person(evidence: Evidence, policy: Policy, person: float) -> Triage:
    likely = evidence.probabilities
    tier = Tier.L3 if likely.get("L3", 0.0) > likely.get("L2", 0.0) else Tier.L2
    best = evidence.candidates[0] if evidence.candidates else None
    strong = best is not None and best.score >= policy.strong_at
    why = f"Needs a person: L2 {likely.get('L2', 0):.2f} and L3 {likely.get('L3', 0):.2f} together"
    return Triage(
        action=Action.ESCALATE,
        tier=tier,
        confidence=person,
        probabilities=likely,
        article=best.article if best and strong else None,
        candidates=evidence.candidates,
        reasons=(f"{why} {person:.2f}, threshold {policy.escalate_at:.2f}.", *_traces(evidence)),
        meanwhile=best.article if best and strong else None,
    )


def _from_articles(evidence: Evidence, policy: Policy, person: float) -> Triage:
    likely = evidence.probabilities
    close = [c for c in evidence.candidates if c.score >= policy.candidate_at]
    settled = f"An article can settle it: L1 {likely.get('L1', 0):.2f}, a person {person:.2f}."
    if not close:
        found = f"{evidence.candidates[0].score:.2f}" if evidence.candidates else "none"
        return Triage(
            action=Action.ESCALATE,
            tier=Tier.L2,
            confidence=likely.get("L1", 0.0),
            probabilities=likely,
            candidates=evidence.candidates,
            reasons=(
                f"Knowledge gap: no article fits (best {found}, {policy.candidate_at:.2f} needed).",
                *_traces(evidence),
            ),
        )
    best = close[0]
    ahead = best.score - (close[1].score if len(close) > 1 else 0.0)
    if best.score >= policy.answer_at and ahead >= policy.clear_margin:
        return Triage(
            action=Action.ANSWER,
            tier=Tier.L1,
            confidence=best.score,
            probabilities=likely,
            article=best.article,
            candidates=evidence.candidates,
            reasons=(settled, f"Best article {best.score:.2f}, {ahead:.2f} ahead of the next."),
        )
    return Triage(
        action=Action.CLARIFY,
        tier=Tier.L1,
        confidence=sum(c.score for c in close[: policy.choices]) / policy.choices,
        probabilities=likely,
        article=None,
        candidates=tuple(close[: policy.choices]),
        reasons=(settled, f"{len(close)} article(s) fit, none clearly: best {best.score:.2f}."),
    )


def _traces(evidence: Evidence) -> tuple[str, ...]:
    traces = []
    if evidence.abstain:
        traces.append("Unlike anything that the classifier was trained on.")
    if evidence.words:
        traces.append("Words that weighed most: " + ", ".join(evidence.words) + ".")
    if evidence.nearest:
        traces.append("Nearest labelled message: " + evidence.nearest[0])
    return tuple(traces)
