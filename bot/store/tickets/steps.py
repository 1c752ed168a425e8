"""Steps that requesters tried, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.articles import StepOutcome, TriedStep
from bot.store.codec import stamp
from bot.store.database import add

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import TicketId
    from bot.desk.ports.time import Clock


class SqliteSteps:
    """The steps_tried table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock
        self._known: dict[TicketId, tuple[TriedStep, ...]] = {}

    def add(self, ticket: TicketId, tried: TriedStep) -> None:
        """Record a step and what came of it."""
        self._known.pop(ticket, None)
        row = {
            "ticket": ticket,
            "article": tried.article,
            "number": tried.number,
            "text": tried.text,
            "outcome": tried.outcome.value,
            "at": stamp(self._clock()),
        }
        add(self._db, "steps_tried", row)

    def of(self, ticket: TicketId) -> tuple[TriedStep, ...]:
        """Give the steps that were tried on a ticket, in order; read once in a transaction."""
        if ticket not in self._known:
            self._known[ticket] = self._read(ticket)
        return self._known[ticket]

    def _read(self, ticket: TicketId) -> tuple[TriedStep, ...]:
        rows = self._db.execute(
            "SELECT article, number, text, outcome FROM steps_tried WHERE ticket = ? ORDER BY id",
            [ticket],
        ).fetchall()
        return tuple(
            TriedStep(row["article"], row["number"], row["text"], StepOutcome(row["outcome"]))
            for row in rows
        )
