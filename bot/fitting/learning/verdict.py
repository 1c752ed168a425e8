"""Whether a candidate takes the present's place: better beyond chance, and nowhere worse.

Gains are costs of whole decisions, compared message by message. Their interval is a paired
bootstrap over the people who asked (2,000 draws, 95%): what one person asked often counts once.
Losses are tested by McNemar's exact test, one-sided.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import f1_score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DRAWS, SEED = 2_000, 7
CHANCE = 0.05
"""How likely a gain may be one by chance, both ends of the interval together."""
LEAST_MESSAGES = 30
LEAST_PEOPLE = 5
LEAST_OF_SLICE = 20
"""Slices of fewer messages tell nothing."""
F1_MARGIN = 0.005
WORSE = 0.05
WORSE_SLICE = 0.01
"""A loss less likely than this by chance is one; slices are many, and each is looked at."""


@dataclass(frozen=True)
class Scene:
    """A message whose right treatment is known, and where it belongs."""

    text: str
    label: str
    article: str
    person: str
    slices: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """What one model did with each scene: what it cost, whether it was right, what it called it."""

    costs: Sequence[float]
    right: Sequence[bool]
    labels: Sequence[str]


@dataclass(frozen=True)
class Compared:
    """A candidate beside the present, on one set of messages."""

    messages: int
    people: int
    f1_before: float
    f1_after: float
    right_before: float
    right_after: float
    cost_before: float
    cost_after: float
    gain: tuple[float, float]
    """What a message costs less, with 95% certainty: from, to."""
    chance_of_loss: float
    """How likely so many decisions turn wrong, and so few right, if neither is better."""
    slices: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """Of each slice: messages, turned right, turned wrong."""
    worse: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Give plain values."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True)
class Verdict:
    """Whether a candidate is taken, and why."""

    accepted: bool
    reasons: tuple[str, ...]
    objections: tuple[str, ...] = ()
    """Those of the reasons that speak against it."""


def compare(
    scenes: Sequence[Scene], before: Taken, after: Taken, chance: float = CHANCE
) -> Compared:
    """Compare two models on the same messages."""
    truth = [scene.label for scene in scenes]
    slices = _slices(scenes, before, after)
    turned = _turned(before.right, after.right)
    return Compared(
        len(scenes),
        len({scene.person for scene in scenes}),
        _f1(truth, before.labels),
        _f1(truth, after.labels),
        _mean(before.right),
        _mean(after.right),
        _mean(before.costs),
        _mean(after.costs),
        gain_of(before.costs, after.costs, [scene.person for scene in scenes], chance),
        chance_of(*turned),
        slices,
        tuple(
            name
            for name, (count, better, worse) in slices.items()
            if count >= LEAST_OF_SLICE and chance_of(better, worse) < WORSE_SLICE
        ),
    )


def decide_on(frozen: Compared, month: Compared) -> Verdict:
    """Say whether a candidate takes the present's place."""
    checks = (*_on_month(month), *harm(frozen, "the frozen holdout"), *harm(month, "the month"))
    against = tuple(reason for fine, reason in checks if not fine)
    return Verdict(not against, tuple(reason for _, reason in checks), against)


def _on_month(month: Compared) -> list[tuple[bool, str]]:
    enough = month.messages >= LEAST_MESSAGES and month.people >= LEAST_PEOPLE
    if not enough:
        return [
            (
                False,
                (
                    f"too little to judge by: the latest month has {month.messages} settled "
                    f"tickets of {month.people} people that tell; {LEAST_MESSAGES} of "
                    f"{LEAST_PEOPLE} are needed"
                ),
            )
        ]
    low, high = month.gain
    return [
        (
            low > 0,
            f"on the latest month a message costs {month.cost_before:.3f} before and "
            f"{month.cost_after:.3f} after (less by {low:.3f} to {high:.3f}): "
            + ("better beyond chance" if low > 0 else "not better beyond chance"),
        )
    ]


def harm(compared: Compared, where: str) -> list[tuple[bool, str]]:
    """Say whether a candidate does harm on a set of messages, by each measure."""
    if not compared.messages:
        return []
    loss = compared.f1_before - compared.f1_after
    # A month has too few messages of some labels for a mean over labels to hold still.
    checks = [
        (
            loss <= F1_MARGIN or where == "the month",
            f"macro-F1 on {where} {compared.f1_before:.4f} before, {compared.f1_after:.4f} after",
        ),
        (
            compared.chance_of_loss >= WORSE,
            (
                f"right on {where} {compared.right_before:.4f} before, {compared.right_after:.4f} "
                f"after (a loss with p = {compared.chance_of_loss:.3f})"
            ),
        ),
    ]
    for name in compared.worse:
        _, better, worse = compared.slices[name]
        checks.append((False, f"worse on {where} for {name}: {worse} wrong, {better} right"))
    return checks


def gain_of(
    before: Sequence[float], after: Sequence[float], people: Sequence[str], chance: float = CHANCE
) -> tuple[float, float]:
    """Give the interval of what a message costs less, drawing people with replacement."""
    if not before:
        return 0.0, 0.0
    places: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        places[person].append(place)
    gains = np.asarray(before, np.float64) - np.asarray(after, np.float64)
    sums = np.array([gains[rows].sum() for rows in places.values()])
    counts = np.array([len(rows) for rows in places.values()])
    drawn = np.random.default_rng(SEED).integers(len(sums), size=(DRAWS, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [chance / 2, 1 - chance / 2])
    return float(low), float(high)


def chance_of(better: int, worse: int) -> float:
    """McNemar's exact test: how likely so many of those that turned, turned wrong by chance."""
    turned = better + worse
    ways = sum(comb(turned, count) for count in range(worse, turned + 1))
    return float(ways / 2**turned)


def _slices(
    scenes: Sequence[Scene], before: Taken, after: Taken
) -> dict[str, tuple[int, int, int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for place, scene in enumerate(scenes):
        for way, name in scene.slices.items():
            if name:
                rows[f"{way} {name}"].append(place)
    return {
        name: (
            len(places),
            *_turned([before.right[p] for p in places], [after.right[p] for p in places]),
        )
        for name, places in sorted(rows.items())
    }


def _turned(before: Sequence[bool], after: Sequence[bool]) -> tuple[int, int]:
    pairs = list(zip(before, after, strict=True))
    return pairs.count((False, True)), pairs.count((True, False))


def _f1(truth: Sequence[str], said: Sequence[str]) -> float:
    if not truth:
        return 0.0
    return float(f1_score(truth, said, average="macro", zero_division=0))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
