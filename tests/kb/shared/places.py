"""A place in memory where machines share a base, as the one on PostgreSQL is."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb.shared.copy import REMEMBERED, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kb.shared.rows import Row


class PlaceInMemory:
    """Rows by part and key, each with the generation it is of."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.rows: dict[tuple[str, str], tuple[int, Row]] = {}
        self.sent: list[Row] = []
        self._turn = threading.Lock()

    def stands(self) -> tuple[int, str]:
        """As any place."""
        return stands(
            (key, row.values or "[]")
            for (part, key), (_, row) in self.rows.items()
            if part == "kb_state" and key in {'["generation"]', '["identity"]'}
        )

    @contextmanager
    def since(self, generation: int) -> Iterator[Iterator[Row]]:
        """As any place."""
        found = sorted(
            ((of, part, key, row) for (part, key), (of, row) in self.rows.items()),
            key=lambda each: each[:3],
        )
        yield (row for of, _, _, row in found if of > generation)

    @contextmanager
    def turn(self) -> Iterator[TurnInMemory]:
        """As any place."""
        with self._turn:
            yield TurnInMemory(self)


class TurnInMemory:
    """One's turn there."""

    def __init__(self, place: PlaceInMemory) -> None:
        """See what stands there."""
        self._place = place
        self.generation = place.stands()[0]

    def keep(self, rows: Iterable[Row], generation: int) -> None:
        """As any turn."""
        self._place.sent = list(rows)
        for row in self._place.sent:
            self._place.rows[row.part, row.key] = generation, row
        gone = [
            key
            for key, (of, row) in self._place.rows.items()
            if row.values is None and of <= generation - REMEMBERED
        ]
        for key in gone:
            del self._place.rows[key]
