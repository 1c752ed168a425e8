"""Trees that were fitted, read from numbers: a chance from figures, and no code in the file."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EVERY = 24
"""After so many trees it is asked whether the rest may still change anything."""
HOPELESS = -4.0
"""Below this (a chance of 0.02) the rest is spared: most of what people write ends here."""
FARTHEST = 50.0


@dataclass(frozen=True)
class Trees:
    """Boosted trees: a node is a figure, its limit, and where to go; a leaf is a number."""

    start: float
    limits: dict[str, float]
    """From which chance on it is so, by how it looks."""
    stages: tuple[tuple[Any, ...], ...]

    def chance(self, figures: Mapping[int, float]) -> float:
        """Give the chance of a case with these figures."""
        total = self.start
        for stage in self.stages:
            for tree in stage:
                node = tree
                while node.__class__ is tuple:
                    figure, limit, left, right = node
                    node = left if figures[figure] <= limit else right
                total += node
            if total < HOPELESS:
                break
        return 1 / (1 + math.exp(-max(min(total, FARTHEST), -FARTHEST)))


def read(path: Path) -> Trees:
    """Read trees from a file of numbers."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    trees = [_tree(*each) for each in stored["trees"]]
    stages = tuple(tuple(trees[at : at + EVERY]) for at in range(0, len(trees), EVERY))
    return Trees(float(stored["start"]), stored["limits"], stages)


def _tree(figures: list[int], limits: list[float], left: list[int], right: list[int]) -> Any:
    """Join nodes, which stand before those below them, from the last to the first."""
    nodes: list[Any] = [None] * len(figures)
    for at in reversed(range(len(figures))):
        leaf = figures[at] < 0
        nodes[at] = (
            limits[at] if leaf else (figures[at], limits[at], nodes[left[at]], nodes[right[at]])
        )
    return nodes[0]
