"""How the desk stands at one instant, in figures: for who watches it from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.store.codec import moment
from bot.store.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.desk.ports.time import Clock

WAITING = {
    "inbox": ("received_at", "inbox", "state IN ('pending', 'in_flight')"),
    "outbox": ("created_at", "outbox", "state IN ('pending', 'in_flight', 'held')"),
}
ASIDE = {
    "inbox": "inbox WHERE state = 'failed'",
    "outbox": "outbox WHERE state = 'dead'",
}


@dataclass(frozen=True)
class Queue:
    """What waits in a queue, and how long the oldest has, in seconds."""

    name: str
    waiting: int
    oldest_s: float
    set_aside: int


@dataclass(frozen=True)
class Called:
    """Escalations that are open, of a group, priority and state; and how old the oldest is."""

    group: str
    priority: str
    state: str
    count: int
    oldest_s: float


class Gauges:
    """Counts what is open; every count is answered by an index over what is open."""

    def __init__(self, path: Path, clock: Clock, steady: Clock) -> None:
        """Look into a database file; the queues go by `steady`."""
        self._path = path
        self._clock = clock
        self._steady = steady

    def queues(self) -> tuple[Queue, ...]:
        """Give the queues of what came from Slack, and of what goes there."""
        now = self._steady()
        found = []
        with reading(self._path) as db:
            for name, (since, table, waits) in WAITING.items():
                count, oldest = db.execute(
                    f"SELECT count(*), min({since}) FROM {table} WHERE {waits}"
                ).fetchone()
                aside = db.execute(f"SELECT count(*) FROM {ASIDE[name]}").fetchone()[0]
                age = (now - moment(oldest)) / timedelta(seconds=1) if oldest else 0.0
                found.append(Queue(name, int(count), max(0.0, age), int(aside)))
        return tuple(found)

    def called(self) -> tuple[Called, ...]:
        """Give what people were called for and have not settled."""
        return tuple(self._called())

    def _called(self) -> Iterator[Called]:
        now = self._clock()
        with reading(self._path) as db:
            rows = db.execute(
                "SELECT group_name, urgency, state, count(*) AS open, min(opened_at) AS since "
                "FROM escalations WHERE state IN ('pending', 'acknowledged') "
                "GROUP BY group_name, urgency, state"
            ).fetchall()
        for row in rows:
            age = (now - moment(row["since"])) / timedelta(seconds=1)
            state = "waits" if row["state"] == "pending" else "taken"
            yield Called(row["group_name"], f"P{row['urgency']}", state, row["open"], max(0.0, age))

    def incidents(self) -> int:
        """Count the incidents that are open."""
        with reading(self._path) as db:
            return int(
                db.execute("SELECT count(*) FROM incidents WHERE state = 'open'").fetchone()[0]
            )
