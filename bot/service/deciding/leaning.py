"""The gate as it leans now: kept beside the articles, and for no other gate than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.deciding import gate_of

if TYPE_CHECKING:
    from bot.desk.deciding import Policy
    from kb.searching.base import KnowledgeBase

NAME = "leaning"


def leant(policy: Policy, model: str, base: KnowledgeBase) -> Policy:
    """Give a policy with what was found for it; as it is, where that was another gate's."""
    by, _, gate = (base.store.state(NAME) or "").partition(" ")
    if not by or gate != gate_of(model, policy.gate):
        return policy
    return policy.leant(float(by))


def keep_leaning(by: float, gate: str, base: KnowledgeBase) -> None:
    """Lean so far from now on."""
    said = f"{by} {gate}"
    if base.store.state(NAME) != said:
        base.store.set_state(NAME, said)
