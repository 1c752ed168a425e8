"""Slack's latency: each call takes a while, drawn by a seed, each method from its own dice."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

from bot.playground.errors import Refused

MEDIAN_S = 0.15
P99_S = 1.2
Z_99 = 2.326
"""So many standard deviations above the middle lies the 99th percentile."""

LONGEST_S = 10.0


@dataclass(frozen=True)
class Spread:
    """How long calls take: half of them at most `median` seconds, 99 of 100 at most `p99`."""

    median: float = MEDIAN_S
    p99: float = P99_S

    def draw(self, dice: random.Random) -> float:
        """Draw seconds from a log-normal distribution; the same each time if both are equal."""
        if self.median <= 0:
            return 0.0
        sigma = math.log(max(self.p99, self.median) / self.median) / Z_99
        return min(dice.lognormvariate(math.log(self.median), sigma), LONGEST_S)


class Latency:
    """Switched off at first: a workspace to try things in answers at once."""

    def __init__(self, seed: int = 0) -> None:
        """With the seed of the dice."""
        self._seed = seed
        self._usual: Spread | None = None
        self._methods: dict[str, Spread] = {}
        self._dice: dict[str, random.Random] = {}

    def set(self, **spec: Any) -> None:
        """Switch on, with `median` and `p99` in seconds, a `seed`, and `methods` of their own.

        Raises:
            Refused: it cannot have that.
        """
        methods = spec.pop("methods", None) or {}
        seed = int(spec.pop("seed", self._seed))
        try:
            usual = Spread(**spec)
            own = {str(name): Spread(**given) for name, given in methods.items()}
        except (TypeError, AttributeError) as error:
            raise Refused(f"latency cannot have that: {error}") from error
        self._seed, self._usual, self._methods = seed, usual, own
        self._dice.clear()

    def off(self) -> None:
        """Answer at once again."""
        self._usual = None
        self._methods.clear()

    def draw(self, method: str) -> float:
        """Give the seconds that this call takes."""
        spread = self._methods.get(method, self._usual)
        if spread is None:
            return 0.0
        dice = self._dice.get(method)
        if dice is None:
            dice = self._dice[method] = random.Random(f"{self._seed}/{method}")  # noqa: S311  (chance that a test can repeat)
        return spread.draw(dice)
