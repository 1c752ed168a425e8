"""Triage: the decision on a message, as values; `deciding` makes it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.desk.deciding.chances import (
    ARTICLES,
    UNLABELLED,
    UNLABELLED_THRESHOLDS,
    Candidate,
    Chances,
    Joint,
)
from bot.desk.deciding.routes import Limits, Suspicion

if TYPE_CHECKING:
    from collections.abc import Mapping
from bot.desk.tiers import Tier

__all__ = ["Action", "Candidate", "Costs", "Evidence", "Policy", "Tier", "Triage"]


class Action(StrEnum):
    """What Frontline does with a message."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    ESCALATE = "escalate"
    COURTESY = "courtesy"


@dataclass(frozen=True)
class Evidence:
    """All that a decision rests on.

    `probabilities` has one entry for each of L1, L2, L3 and chat, summing to 1;
    `candidates` come best first, one for each article; `nearest` are labelled messages.
    `matters` has the chance of each matter that does not go the usual way, `impacts` and
    `urgencies` those of how many are affected and what it does to their work.
    """

    probabilities: dict[str, float]
    candidates: tuple[Candidate, ...] = ()
    abstain: bool = False
    foreign: bool = False
    """Written in another language than the tiers learned: what they say of it is no proof."""
    unread: bool = False
    """In a language that the encoder does not read at all: what is made of it is noise."""
    verbatim: str = ""
    """The candidate that is asked in these very words, in whatever language; "" for none."""
    nearest: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    model: str = ""
    matters: Mapping[str, float] = field(default_factory=dict)
    impacts: Mapping[str, float] = field(default_factory=dict)
    urgencies: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Costs:
    """What each mistake costs, in units of one needless page."""

    needless_page: float = 1.0
    missed_escalation: float = 5.0
    wrong_answer: float = 1.0
    clarifying_question: float = 0.2
    wrong_tier: float = 0.5
    wrong_courtesy: float = 1.0
    needless_answer: float = 0.2


IN_VAIN = 2.0
"""What a question in vain is paid for again, where the gate was fitted to labels."""


@dataclass(frozen=True)
class Policy:
    """What turns evidence into a decision: weights, costs, and limits that costs cannot pass.

    `escalate_at`, `answer_at` and `chat_at` are chances, `candidate_at` the least chance of an
    article that is offered to choose. `strong_at` is a search score, asked of an article that
    is shown while people have been called.
    """

    costs: Costs = field(default_factory=Costs)
    joint: Joint = field(default_factory=Joint)
    escalate_at: float = 0.15
    answer_at: float = 0.7
    candidate_at: float = 0.05
    chat_at: float = 0.5
    strong_at: float = 0.45
    choices: int = ARTICLES
    in_vain: float = IN_VAIN
    """So many times again a question is paid where none of its choices is right."""
    leaning: float = 0.0
    """So much of the weight of an article this desk's own outcomes added; `joint` has it."""
    limits: Mapping[str, Limits] = field(default_factory=dict)
    """From which chance a matter is one, by its name."""
    unread_limits: Mapping[str, Limits] = field(default_factory=dict)
    """The same for messages in a language that is not read; those above where there are none."""
    first_limits: Mapping[str, Limits] = field(default_factory=dict)
    """The same for first words in such a language: what is added in a thread sounds graver."""

    def leant(self, by: float) -> Policy:
        """Give an article more weight, or less; what was given before is taken back."""
        joint = replace(self.joint, article=self.joint.article + by - self.leaning)
        return replace(self, joint=joint, leaning=by)

    @property
    def gate(self) -> str:
        """Name the weights and limits, without any leaning."""
        weights = vars(self.leant(0.0).joint).values()
        told = (*weights, self.escalate_at, self.answer_at)
        return ",".join(f"{each:.3f}" for each in told)

    def for_first_words(self) -> Policy:
        """Give the policy for words that nothing stands before."""
        return replace(self, unread_limits=self.first_limits) if self.first_limits else self

    def abroad(self) -> Policy:
        """Give the policy for another language than English: that of a base without labels.

        Search has a curve of its own there, and what the tiers say counts least by these weights.
        Where anything that is found is to be shown, it is; and who wants to be surer, is.
        """
        limits: dict[str, Any] = {**UNLABELLED_THRESHOLDS}
        limits["answer_at"] = self.answer_at and max(self.answer_at, limits["answer_at"])
        return replace(self, joint=UNLABELLED, leaning=0.0, **limits)

    def limits_of(self, *, foreign: bool) -> Mapping[str, Limits]:
        """Give the limits for a message."""
        return (foreign and self.unread_limits) or self.limits

    @classmethod
    def from_thresholds(cls, thresholds: Mapping[str, float]) -> Policy:
        """Take the thresholds that are named; others keep their default."""
        known = {each.name for each in fields(cls)} - {
            "choices",
            "costs",
            "first_limits",
            "joint",
            "leaning",
            "limits",
            "unread_limits",
        }
        chosen: dict[str, Any] = {k: v for k, v in thresholds.items() if k in known}
        return replace(cls(), **chosen)


@dataclass(frozen=True)
class Triage:
    """A decision, what it was weighed against, and why it was made."""

    action: Action
    tier: Tier
    confidence: float
    probabilities: dict[str, float]
    article: str | None = None
    candidates: tuple[Candidate, ...] = ()
    reasons: tuple[str, ...] = ()
    meanwhile: str | None = None
    unknown: bool = False
    """Unlike anything known, or in a language that is not read: it is asked back."""
    gap: bool = False
    """A person is called because no article fits."""
    chances: Chances | None = None
    costs: Mapping[Action, float] = field(default_factory=dict)
    evidence: Evidence | None = None
    policy: Policy | None = None
    suspicion: Suspicion | None = None
    """The matter that this may be about, where it is one that does not go the usual way."""

    @property
    def unproven(self) -> bool:
        """Whether the tiers know too little of it to tell small talk from a request.

        What people are called for asks for something.
        """
        foreign = self.evidence is not None and self.evidence.foreign
        return self.unknown or (foreign and self.action is not Action.ESCALATE)

    @property
    def choices(self) -> tuple[Candidate, ...]:
        """The candidates to offer when asking back."""
        return self.candidates if self.action is Action.CLARIFY else ()
