"""What is broken for many reaches engineers, whatever an article says of the same thing."""

from __future__ import annotations

import pytest

from bot.desk.deciding import (
    Action,
    Candidate,
    Evidence,
    Policy,
    decide,
    is_broad,
    plainly,
    with_breadth,
)
from bot.desk.tiers import Tier
from tests import builders as a

EASY = {"L1": 0.97, "L2": 0.01, "L3": 0.01, "chat": 0.01}
SURE = (Candidate(a.VPN, 0.95, agreed=("dense", "bm25", "late")),)


def seen(many: float, waits: float = 0.0, *, foreign: bool = False) -> Evidence:
    """A request that an article answers, of which many are affected with this chance."""
    return Evidence(
        EASY, SURE, foreign=foreign, impacts={"many": many, "one": 1 - many},
        urgencies={"can wait": waits, "stopped": 1 - waits},
    )  # fmt: skip


def test_what_many_are_affected_by_calls_engineers() -> None:
    """The reason says so first, and what would have been done."""
    before = decide(seen(0.9), Policy())
    assert before.action is Action.ANSWER
    called = with_breadth(before)
    assert (called.action, called.tier, called.article) == (Action.ESCALATE, Tier.L3, None)
    assert called.reasons[0] == (
        "Many seem to be affected: 90%, called from 60%; without that: answer."
    )
    assert plainly(called.reasons[0]) == "Many seem to be affected."
    assert called.confidence == pytest.approx(0.9)


@pytest.mark.parametrize("evidence", [seen(0.5), seen(0.9, 0.7)])
def test_what_one_person_has_or_what_can_wait_is_answered(evidence: Evidence) -> None:
    """As it was decided."""
    decided = decide(evidence, Policy())
    assert with_breadth(decided) == decided
    assert decided.action is Action.ANSWER


def test_what_cannot_be_read_says_nothing_of_many() -> None:
    """Another language than the classifier learned is noise to it."""
    assert not is_broad(seen(0.9, foreign=True))
    assert is_broad(seen(0.9))
    assert not is_broad(None)


def test_a_call_stays_as_it_is() -> None:
    """L2 may be called for it already."""
    likely = {"L1": 0.05, "L2": 0.9, "L3": 0.04, "chat": 0.01}
    decided = decide(Evidence(likely, (), impacts={"many": 0.9}), Policy())
    assert with_breadth(decided) == decided
