"""The gate's thresholds: from costs and an error budget, on messages left out of training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from classifier.labels import CHAT, L1, L2, L3, LABELS
from classifier.metrics import person_chance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.metrics import Floats


@dataclass(frozen=True)
class Costs:
    """What each mistake costs, in units of one needless page."""

    needless_page: float = 1.0
    missed_escalation: float = 5.0
    wrong_tier: float = 0.5
    wrong_courtesy: float = 1.0
    needless_answer: float = 0.2


MISSED_BUDGET = 0.015
"""At most this share of what needs a person may be answered away, on left-out messages.

Below the 2% that are promised, because the next author writes differently again."""


def is_desk(classes: Sequence[str]) -> bool:
    """Tell whether the labels are the desk's own."""
    return set(classes) == set(LABELS)


def escalate_at(
    labels: Sequence[str], proba: Floats, classes: Sequence[str], costs: Costs
) -> float:
    """The chance of needing a person from which one is called.

    Calling pays from needless / (needless + missed) on, if probabilities are honest; the
    error budget lowers that where too much would still be missed.
    """
    pays = costs.needless_page / (costs.needless_page + costs.missed_escalation)
    must = np.isin(np.asarray(labels), (L2, L3))
    if not must.any():
        return pays
    within = float(np.quantile(person_chance(proba, classes)[must], MISSED_BUDGET))
    return min(pays, within)


def expected_cost(
    labels: Sequence[str],
    proba: Floats,
    classes: Sequence[str],
    threshold: float,
    costs: Costs | None = None,
) -> float:
    """Mean cost of a message under the gate; articles are taken to answer what is L1."""
    costs = costs or Costs()
    names = list(classes)
    called = person_chance(proba, names) >= threshold
    chatty = proba[:, names.index(CHAT)] > proba[:, names.index(L1)]
    tier_3 = proba[:, names.index(L3)] > proba[:, names.index(L2)]
    total = 0.0
    for label, person, chat, third in zip(labels, called, chatty, tier_3, strict=True):
        total += _cost(label, bool(person), bool(chat), bool(third), costs)
    return total / max(1, len(labels))


def _cost(label: str, person: bool, chat: bool, third: bool, costs: Costs) -> float:  # noqa: FBT001
    if label in {L2, L3}:
        if not person:
            return costs.missed_escalation
        return costs.wrong_tier if third != (label == L3) else 0.0
    if person:
        return costs.needless_page
    if label == L1:
        return costs.wrong_courtesy if chat else 0.0
    return 0.0 if chat else costs.needless_answer
