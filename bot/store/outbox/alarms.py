"""Alarms for the admin: written down first, then told by every way but Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.beyond import OUT
from bot.desk.ids import ticket_name
from bot.store.codec import stamp
from bot.store.database import Glance, reading, transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

KEPT = timedelta(days=90)


@dataclass(frozen=True)
class AlarmRow:
    """An alarm, and since when it is to be told."""

    id: int
    says: str
    raised_at: str
    attempts: int


def sound(db: Database, clock: Clock, key: str, says: str) -> None:
    """Write an alarm down, once for each key."""
    now = stamp(clock())
    db.execute(
        "INSERT INTO alarms (key, says, raised_at, due) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [key, says, now, now],
    )
    db.execute(
        "DELETE FROM alarms WHERE heard_at IS NOT NULL AND raised_at < ?", [stamp(clock() - KEPT)]
    )


class AlarmRows:
    """The alarms inside a unit of work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def sound(self, key: str, says: str) -> None:
        """Alarm the admin by every way but Slack; once for each key."""
        sound(self._db, self._clock, key, says)


class Alarms:
    """The alarms from the side of what tells them."""

    def __init__(self, path: Path, clock: Clock, glance: Glance | None = None) -> None:
        """Work on a database file."""
        self._path = path
        self._glance = glance or Glance(path)
        self._clock = clock

    def next(self) -> AlarmRow | None:
        """Give the oldest alarm that has yet to be told; None where all were."""
        rows = self._glance.rows(
            "SELECT id, says, raised_at, attempts FROM alarms "
            "WHERE heard_at IS NULL AND due <= ? ORDER BY id LIMIT 1",
            [stamp(self._clock())],
        )
        return AlarmRow(*rows[0]) if rows else None

    def next_due(self) -> str | None:
        """Tell when the next alarm is to be told."""
        ((due,),) = self._glance.rows("SELECT min(due) FROM alarms WHERE heard_at IS NULL")
        return str(due) if due else None

    def heard(self, alarm: AlarmRow) -> None:
        """Record that somebody could hear it."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE alarms SET heard_at = ? WHERE id = ?", [stamp(self._clock()), alarm.id]
            )

    def later(self, alarm: AlarmRow, due: datetime) -> None:
        """Tell it again later."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE alarms SET attempts = attempts + 1, due = ? WHERE id = ?",
                [stamp(due), alarm.id],
            )

    def watch_cards(self, patience: timedelta) -> int:
        """Sound the alarm for cards of the first priority that Slack has not taken in time."""
        since = stamp(self._clock() - patience)
        return self._watch(since, LATE_CARDS, _late_card) + self._watch(
            since, LATE_PAGES, _late_page
        )

    def _watch(self, since: str, late_ones: str, in_words: Callable[[Any], str]) -> int:
        with reading(self._path) as db:
            late = db.execute(late_ones, [since]).fetchall()
        if not late:
            return 0
        with transaction(self._path) as db:
            for row in late:
                sound(db, self._clock, f"card:{row['id']}", in_words(row))
        return len(late)


UNALARMED = (
    "AND state IN ('pending', 'in_flight') AND created_at <= ? "
    "AND NOT EXISTS (SELECT 1 FROM alarms WHERE key = 'card:' || outbox.id)"
)
LATE_CARDS = (
    "SELECT id, ticket, channel, created_at, json_extract(opened(notice), '$.tier') AS tier "
    f"FROM outbox WHERE urgency = 1 AND edits IS NULL AND under IS NULL {UNALARMED}"
)
LATE_PAGES = (
    "SELECT id, ticket, channel, created_at FROM outbox "
    f"WHERE urgency = 4 AND json_extract(opened(notice), '$.what') = 'page.raised' {UNALARMED}"
)


def _late_card(row: Any) -> str:
    return (
        f"{_case(row)}, P1, has called nobody yet: its card for {row['tier']} "
        f"({row['channel']}) waits since {row['created_at'][:16]} UTC, because Slack "
        "does not take it. Call somebody by another way."
    )


def _late_page(row: Any) -> str:
    return (
        f"{_case(row)} pages nobody yet: the target {row['channel'].removeprefix(OUT)} does not "
        f"take its page since {row['created_at'][:16]} UTC. Call somebody by another way."
    )


def _case(row: Any) -> str:
    return ticket_name(row["ticket"]) if row["ticket"] else "A case"
