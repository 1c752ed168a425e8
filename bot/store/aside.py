"""What is set aside: rows that cannot be read, kept with the reason until they can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.store.codec import load_written, stamp
from bot.store.database import reading, transaction
from bot.store.timers import is_readable as is_readable_timer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.addresses import Destination
    from bot.desk.ids import NoticeId, TicketId
    from bot.desk.ports.time import Clock
    from bot.store.timers import UnreadableTimer

LEFT_FOR, LOOK_AGAIN = timedelta(minutes=10), timedelta(seconds=1)
"""So long a row is left to others; whoever waits for it is told then."""
LEAD_AGAIN = timedelta(minutes=1)
"""Timers are left for so long at once: as long as this process leads, no other looks at them."""
TIMER_TROUBLE = "state IN ('set', 'aside') AND error IS NOT NULL"
"""As in the index `timers_trouble`."""


@dataclass(frozen=True)
class UnreadableNotice:
    """A notice that cannot be sent as it stands: damaged, or written by another version.

    `follows` says that it can be read, and that the message it belongs to is set aside;
    `is_anothers` that another version wrote it, which may live.
    """

    id: NoticeId
    to: Destination
    ticket: TicketId | None
    reason: str
    follows: bool = False
    is_anothers: bool = False
    lease: str = ""
    """Until when it is in hand."""


class LeftToOthers:
    """Rows that a process of another version wrote, which lives and reads them better.

    While replicas are updated one after the other, each claims the notices that the others wrote.
    Timers are the leader's alone: what an older one leaves is fired once a newer one leads.
    """

    def __init__(
        self, are_there: Callable[[], bool], clock: Clock, again: timedelta = LOOK_AGAIN
    ) -> None:
        """Ask whether others `are_there`; what is left is looked at `again` after so long."""
        self._are_there = are_there
        self._clock = clock
        self._again = again
        self._since: dict[int, datetime] = {}

    def until(self, row: int) -> datetime | None:
        """Give when a row is looked at again; None where nobody took it, and it is set aside."""
        now = self._clock()
        self._since = {each: at for each, at in self._since.items() if now - at < 2 * LEFT_FOR}
        if not self._are_there() or now - self._since.setdefault(row, now) >= LEFT_FOR:
            return None
        return now + self._again


class AsideRows:
    """Setting aside, inside the unit of work that tells whom it concerns."""

    def __init__(self, database: Database) -> None:
        """Work on the open transaction of a database."""
        self._db = database

    def notice(self, notice: UnreadableNotice) -> None:
        """Keep a notice out of the way of those that can be sent."""
        self._db.execute(
            "UPDATE outbox SET state = 'aside', error = ? WHERE id = ?", [notice.reason, notice.id]
        )

    def timer(self, timer: UnreadableTimer) -> None:
        """Keep a timer out of the way of those that can be fired."""
        self._db.execute(
            "UPDATE timers SET state = 'aside', error = ? WHERE id = ? AND state = 'set'",
            [timer.reason, timer.id],
        )


class Aside:
    """What is set aside, as the admin and the worker see it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock

    def notices(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the latest notices that are set aside."""
        return self._listed(
            "SELECT id, ticket, channel, error, created_at FROM outbox WHERE state = 'aside' "
            "ORDER BY id DESC LIMIT ?",
            limit,
        )

    def timers(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the timers that are set aside, and those whose firing failed and is tried again."""
        return self._listed(
            f"SELECT id, ticket, kind, due, error FROM timers WHERE {TIMER_TROUBLE} "
            "ORDER BY id DESC LIMIT ?",
            limit,
        )

    def take_up(self) -> int:
        """Take up what can be read now, as by the version that wrote it; gives how much."""
        with reading(self._path) as db:
            notices = db.execute(
                "SELECT id, notice FROM outbox AS row WHERE state = 'aside' AND NOT EXISTS ("
                "  SELECT 1 FROM outbox AS parent WHERE parent.state = 'aside' "
                "  AND parent.id = coalesce(row.edits, row.under)) ORDER BY id"
            ).fetchall()
            timers = db.execute(
                f"SELECT * FROM timers WHERE {TIMER_TROUBLE} AND state = 'aside'"
            ).fetchall()
        to_send = [row["id"] for row in notices if _is_readable(row["notice"])]
        to_fire = [row["id"] for row in timers if is_readable_timer(row)]
        if to_send or to_fire:
            self._set_again(to_send, to_fire)
        return len(to_send) + len(to_fire)

    def _set_again(self, notices: list[int], timers: list[int]) -> None:
        with transaction(self._path) as db:
            for number in notices:
                db.execute(
                    "UPDATE outbox SET state = 'pending', error = NULL, due = ? "
                    "WHERE id = ? AND state = 'aside'",
                    [stamp(self._clock()), number],
                )
            for number in timers:
                db.execute(
                    "UPDATE timers SET state = 'set', error = NULL "
                    "WHERE id = ? AND state = 'aside'",
                    [number],
                )

    def _listed(self, query: str, limit: int) -> list[dict[str, Any]]:
        with reading(self._path) as db:
            return [dict(row) for row in db.execute(query, [limit]).fetchall()]


def _is_readable(notice: str) -> bool:
    try:
        load_written(notice)
    except (ValueError, RecursionError):
        return False
    return True
