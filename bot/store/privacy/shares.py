"""A fair share a person: what one sends too fast waits, and nobody else waits for it.

Each thing that somebody sends uses some of their share, which comes back evenly. Once it is used
up, a row is held instead of waiting in the queue: it is out of everybody's way, on disk, and
joins the queue when its time has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.store.codec import stamp
from bot.store.database import reading, transaction

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

LATER = timedelta(hours=1)
"""So long after somebody's share was used last nothing is known of it any more."""


@dataclass(frozen=True)
class Share:
    """How much one may send: so many things a minute, half of them at once."""

    a_minute: int
    spared: frozenset[str] = frozenset()
    """Who has no share: Frontline itself, whose own messages come back to it."""
    sources: frozenset[str] = frozenset()
    """Apps that may ask; they have a share of their own."""
    a_source: int | None = None

    @property
    def each(self) -> timedelta:
        """So long one thing uses the share."""
        return timedelta(minutes=1) / self.a_minute

    @property
    def at_once(self) -> timedelta:
        """So far ahead the share may be used up before anything is held."""
        return self.each * max(1, self.a_minute // 2)

    def of(self, author: str) -> Share:
        """Give the share that somebody has."""
        if author in self.sources and self.a_source is not None:
            return Share(self.a_source)
        return self

    def used(self, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
        """Give until when the share is used with one thing more, and when that thing's turn is."""
        until = max(until or now, now) + self.each
        return until, max(now, until - self.at_once)


def take(db: Database, share: Share, author: str, now: datetime) -> datetime:
    """Use some of somebody's share; gives when the turn of what they sent is."""
    row = db.execute("SELECT used_until FROM shares WHERE user = ?", [author]).fetchone()
    until, turn = share.of(author).used(datetime.fromisoformat(row[0]) if row else None, now)
    db.execute(
        "INSERT INTO shares (user, used_until) VALUES (?, ?) "
        "ON CONFLICT (user) DO UPDATE SET used_until = excluded.used_until",
        [author, stamp(until)],
    )
    return turn


def begin_anew(db: Database, share: Share | None, now: datetime) -> None:
    """After a start: what is held waits its turn from now on, whatever the clock said before."""
    db.execute("UPDATE shares SET used_until = ?", [stamp(now)])
    held = db.execute(
        "SELECT id, author FROM inbox WHERE state = 'held' ORDER BY due, id"
    ).fetchall()
    for row in held:
        turn = take(db, share, row["author"], now) if share else now
        db.execute("UPDATE inbox SET due = ? WHERE id = ?", [stamp(turn), row["id"]])


def let_go(path: Path, now: datetime) -> None:
    """Remember nobody's share that was not used for long; looking takes no lock."""
    before = [stamp(now - LATER)]
    with reading(path) as db:
        if not db.execute("SELECT 1 FROM shares WHERE used_until < ? LIMIT 1", before).fetchone():
            return
    with transaction(path) as db:
        db.execute("DELETE FROM shares WHERE used_until < ?", before)
