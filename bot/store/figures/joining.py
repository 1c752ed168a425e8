"""Blocks put behind each other as the columns of one period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.store.figures.blocks import PARTS
from bot.store.figures.columns import Names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from bot.store.figures.blocks import Block
    from bot.store.figures.columns import Flags, Numbers

    Column = NDArray[Any]


class Joined:
    """Columns of several blocks; what is of another period is in none of them."""

    def __init__(self, found: Sequence[Block], since_s: int, until_s: int) -> None:
        """Join blocks; a period is from one second up to another."""
        self._parts = {part: [getattr(of, part) for of in found] for part in PARTS}
        self.names = Names()
        self._numbers = [np.array([self.names[each] for each in of.names], "i4") for of in found]
        opened = self._whole("tickets", "opened", "i8")
        kept = (opened >= since_s) & (opened < until_s)
        self._place: Column = np.cumsum(kept, dtype="i4") - np.int32(1)
        self._starts: Column = np.cumsum([0, *(len(of.tickets) for of in found)], dtype="i4")
        self._known = {"tickets": kept}

    def at(self, part: str) -> Numbers:
        """Give the place of its ticket for each row of a part; comes before the part's columns."""
        columns = [
            start + rows["at"]
            for start, rows in zip(self._starts, self._parts[part], strict=False)
        ]  # fmt: skip
        at = _behind(columns, "i4")
        self._known[part] = self._known["tickets"][at]
        found: Numbers = self._place[at[self._known[part]]]
        return found

    def column(self, part: str, name: str, kind: str = "i8") -> Column:
        """Give a column of a part."""
        found: Column = self._whole(part, name, kind)[self._known[part]]
        return found

    def flags(self, part: str, name: str) -> Flags:
        """Give a column of what is or is not."""
        return self.column(part, name, "?")

    def numbered(self, part: str, name: str) -> Numbers:
        """Give a column of names, by their numbers in `names`."""
        columns = [
            numbers[rows[name]]
            for numbers, rows in zip(self._numbers, self._parts[part], strict=True)
        ]
        found: Numbers = _behind(columns, "i4")[self._known[part]]
        return found

    def drop(self, part: str) -> None:
        """Let a part go that was read: of a million tickets it is some tens of megabytes."""
        self._parts[part].clear()

    def _whole(self, part: str, name: str, kind: str) -> Column:
        return _behind([rows[name] for rows in self._parts[part]], kind)


def _behind(columns: Sequence[Column], kind: str) -> Column:
    return np.concatenate(columns) if columns else np.empty(0, kind)
