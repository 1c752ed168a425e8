"""Thresholds: from costs and an error budget; and what the gate is fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from classifier.data.labels import CHAT, L1, L2, L3, LABELS
from classifier.errors import ModelError
from classifier.judging.metrics import person_chance
from classifier.registry import artifact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.dataset import Message
    from classifier.judging.metrics import Floats


@dataclass(frozen=True)
class Costs:
    """What each mistake of the classifier alone costs, in units of one needless page."""

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
    """Mean cost of a message, calling from here; articles are taken to answer what is L1."""
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


_HOLD_BACK = 1.0
"""The weights are held back a little, so that few messages do not carry them away."""


def left_out(
    directory: Path,
    messages: Sequence[Message],
    unseen: Callable[[Sequence[str]], Floats] | None = None,
) -> tuple[list[Message], Floats]:
    """What each message got when its group was left out: (messages, labels).

    Args:
        directory: a model of the desk's labels.
        messages: labelled ones, among them some that it learned.
        unseen: asks the model for texts that it did not learn; None leaves those out.
    """
    stored = artifact.load(directory)
    if not is_desk(stored.manifest["labels"]):
        raise ModelError(f"{directory}: is no model of the desk's labels, so it has no gate")
    if "left_out" not in stored.arrays or "learned_keys" not in stored.tables:
        raise ModelError(f"{directory}: keeps nothing to fit a gate on; train the model again")
    kept = np.asarray(stored.arrays["left_out"], np.float64)
    places = {key: place for place, key in enumerate(stored.tables["learned_keys"])}
    rows = [places.get(message.mark, -1) for message in messages]
    if unseen is None:
        messages = [m for m, row in zip(messages, rows, strict=True) if row >= 0]
        return messages, kept[[row for row in rows if row >= 0]]
    new = [place for place, row in enumerate(rows) if row < 0]
    proba = kept[rows]
    if new:
        proba[new] = unseen([messages[place].text for place in new])
    return list(messages), proba


def fit_weights(terms: Sequence[Sequence[Sequence[float]]], outcomes: Sequence[int]) -> list[float]:
    """Fit a conditional logit: the weights under which what happened is likeliest.

    Args:
        terms: for each case, for each of its outcomes, what each weight is multiplied with.
        outcomes: for each case, which outcome came true.
    """
    most, width = max(map(len, terms)), len(terms[0][0])
    table = np.zeros((len(terms), most, width))
    absent = np.zeros((len(terms), most))
    for row, case in enumerate(terms):
        table[row, : len(case)] = case
        absent[row, len(case) :] = -np.inf
    happened = table[np.arange(len(terms)), outcomes]

    def loss(weights: Floats) -> tuple[float, Floats]:
        chances = special.log_softmax(table @ weights + absent, axis=1)
        expected = np.einsum("nk,nkw->nw", np.exp(chances), table)
        missing = -chances[np.arange(len(terms)), outcomes].sum()
        slope = (expected - happened).sum(axis=0) + _HOLD_BACK * weights
        return float(missing + _HOLD_BACK * weights @ weights / 2), slope

    found = optimize.minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B")
    return [round(float(weight), 4) for weight in found.x]


PARTS = 14
"""In so many parts the alarms that are allowed are shared out."""


def shared_thresholds(ordinary: Floats, share: float, wanted: Sequence[Floats]) -> list[float]:
    """Give a threshold for each matter, so that `share` of ordinary messages reach any of them.

    Where alarms buy most, they are spent: of all ways to share them out the one is taken that
    finds the most of each matter's own messages, on average.

    Args:
        ordinary: (messages, matters) chances of ordinary messages, at least one.
        share: of them so many may alarm.
        wanted: for each matter, its chances of the messages that are about it.
    """
    ranked = -np.sort(-np.asarray(ordinary, np.float64), axis=0)
    allowed = int(share * len(ranked))
    step = max(1, allowed // PARTS)
    places = [min(place, len(ranked) - 1) for place in range(0, allowed + 1, step)]
    limits = np.nextafter(ranked[places], 2.0)
    alarms = [ordinary[:, at, None] >= limits[:, at] for at in range(len(wanted))]
    found = [
        (np.asarray(own)[:, None] >= limits[:, at]).mean(axis=0)
        if len(own)
        else np.zeros(len(places))
        for at, own in enumerate(wanted)
    ]
    best = max(
        (
            ways
            for ways in product(range(len(places)), repeat=len(wanted))
            if _fits(ways, alarms, allowed)
        ),
        key=lambda ways: sum(found[at][way] for at, way in enumerate(ways)),
    )
    return [float(limits[way, at]) for at, way in enumerate(best)]


def _fits(ways: Sequence[int], alarms: Sequence[NDArray[np.bool_]], allowed: int) -> bool:
    raised = np.zeros(len(alarms[0]), bool)
    for way, each in zip(ways, alarms, strict=True):
        raised |= each[:, way]
    return int(raised.sum()) <= allowed
