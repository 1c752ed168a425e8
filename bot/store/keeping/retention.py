"""What is older than it may be goes, in small steps; tickets and their figures stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.store.codec import stamp
from bot.store.database import marks_for, reading, transaction
from bot.store.privacy.columns import nothing_in, tables_with, words_in
from bot.store.privacy.erasing import NOTICES, erasing

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Keeping

STEP = 200
"""So many rows go in one transaction: nobody waits for long."""

EXPIRED = "(expired)"
SETTLED = "('resolved', 'closed')"


@dataclass(frozen=True)
class Expired:
    """Rows of one table that are too old: which, and what becomes of them."""

    kind: str
    table: str
    where: str
    """Written with one mark for the instant before which it is too old."""
    delete: bool = True


class Retention:
    """Finds what is too old, and lets it go."""

    def __init__(self, path: Path, clock: Clock, keeping: Keeping) -> None:
        """Name the database and how long each kind is kept."""
        self._path = path
        self._clock = clock
        self._keeping = keeping

    def counts(self) -> dict[str, int]:
        """Count what is too old, by kind, and change nothing."""
        found: dict[str, int] = {}
        with reading(self._path) as db:
            for rule in rules(db):
                query = f'SELECT count(*) FROM "{rule.table}" WHERE {rule.where}'
                count = int(db.execute(query, [self._before(rule)]).fetchone()[0])
                found[rule.kind] = found.get(rule.kind, 0) + count
        return found

    def step(self) -> dict[str, int]:
        """Let some of it go, by kind; nothing is left once it gives nothing."""
        # Looking takes no lock; only the few rows that were found are written.
        with reading(self._path) as db:
            due = [(rule, self._some(db, rule)) for rule in rules(db)]
        gone: dict[str, int] = {}
        for rule, rows in due:
            if rows:
                with transaction(self._path) as db, erasing(db):
                    _let_go(db, rule, rows)
                gone[rule.kind] = gone.get(rule.kind, 0) + len(rows)
        return gone

    def _some(self, db: Database, rule: Expired) -> list[int]:
        query = f'SELECT id FROM "{rule.table}" WHERE {rule.where} ORDER BY id LIMIT {STEP}'
        return [int(row[0]) for row in db.execute(query, [self._before(rule)]).fetchall()]

    def _before(self, rule: Expired) -> str:
        kept: timedelta = getattr(self._keeping, rule.kind)
        cutoff: datetime = self._clock() - kept
        return stamp(cutoff)


def rules(db: Database) -> tuple[Expired, ...]:
    """Give what is too old when, table by table, archives included."""
    settled = f"IN (SELECT id FROM tickets WHERE state IN {SETTLED})"
    notices = [
        Expired(
            "messages",
            table,
            "created_at < ? AND state IN ('sent', 'dead', 'skipped', 'dropped', 'aside') "
            f"AND (ticket IS NULL OR ticket {settled})",
        )
        for table in tables_with(db, *NOTICES)
    ]
    inboxes = [
        Expired("inbox", table, "finished_at < ? AND state IN ('done', 'failed')")
        for table in tables_with(db, "payload", "event_id", "finished_at")
    ]
    return (
        Expired("messages", "conversation", "at < ?"),
        *notices,
        Expired(
            "conversations",
            "tickets",
            f"updated_at < ? AND state IN {SETTLED} AND question <> '{EXPIRED}'",
            delete=False,
        ),
        *inboxes,
        Expired("audit", "audit", "at < ?"),
    )


def _let_go(db: Database, rule: Expired, rows: list[int]) -> None:
    marks = marks_for(rows)
    if rule.delete:
        db.execute(f'DELETE FROM "{rule.table}" WHERE id IN ({marks})', list(rows))
        return
    spared = {"audit", "conversation", *tables_with(db, *NOTICES)}
    for table in set(tables_with(db, "ticket")) - spared:
        for column in words_in(db, table):
            db.execute(
                f'UPDATE "{table}" SET "{column}" = {nothing_in(column)} WHERE ticket IN ({marks})',
                list(rows),
            )
    db.execute(f"DELETE FROM labels WHERE text = '' AND ticket IN ({marks})", list(rows))
    db.execute(f"UPDATE tickets SET question = ? WHERE id IN ({marks})", [EXPIRED, *rows])
