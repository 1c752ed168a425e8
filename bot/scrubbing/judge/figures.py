"""The figures of a candidate, most of them reckoned only where one of their group is asked for.

There are some three hundred, and for most of what people write the trees look at thirty.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bot.scrubbing.judge import farther, looks, parts, places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.scrubbing.judge.candidates import Candidate
    from bot.scrubbing.judge.places import Reading

LONGEST = 200
"""Characters of a candidate of which it is said how they look."""

NAMES = (*looks.NAMES, *places.NAMES)
"""What they are called; trees know them by their place here."""

_NUMBER = {name: number for number, name in enumerate(NAMES)}
_AT_ONCE = tuple(
    _NUMBER[name]
    for name in (
        *parts.NAMES,
        *places.KNOWN,
        *(f"{name}_within" for name in places.WITHIN),
        *(f"{name}_nearest_before" for name in farther.SOUGHT),
    )
)
"""What is asked of every candidate."""


def _later() -> dict[int, tuple[tuple[int, ...], Callable[[Figures], Sequence[float]]]]:
    groups: list[tuple[str, Callable[[Figures], Sequence[float]]]] = [
        *(
            (names, lambda of, f=found: f(of.where.looked[:LONGEST]))
            for names, found in looks.GROUPS
        ),
        *((names, lambda of, f=found: f(of.reading, of.where)) for names, found in places.GROUPS),
        *((names, lambda of, f=found: f(of.where.looked)) for names, found in farther.OF_ONE),
        *(
            (names, lambda of, f=found: f(of.reading.farther, of.where))
            for names, found in farther.GROUPS
        ),
    ]
    numbered = [(tuple(map(_NUMBER.__getitem__, each.split())), how) for each, how in groups]
    return {number: (numbers, how) for numbers, how in numbered for number in numbers}


_LATER = _later()
"""For each other figure all that are reckoned with it, and how."""


class Figures(dict[int, float]):
    """What trees ask of a candidate, by number."""

    def __init__(self, reading: Reading, what: Candidate) -> None:
        """Of a candidate in a text that was read."""
        self.reading = reading
        self.where = where = reading.standing(what)
        found = chain(
            parts.told(where.looked),
            reading.known(where),
            reading.within(where),
            reading.farther.before(where),
        )
        super().__init__(zip(_AT_ONCE, found, strict=True))

    def __missing__(self, figure: int) -> float:
        """Reckon the figure, and those that come with it."""
        numbers, how = _LATER[figure]
        self.update(zip(numbers, how(self), strict=True))
        return self[figure]

    def all(self) -> list[float]:
        """Give every figure, in the order of `NAMES`."""
        return [float(self[number]) for number in range(len(NAMES))]
