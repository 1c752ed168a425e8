"""The outbox from the relay's side: what is taken in hand, and what became of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.ports.delivery import Way
from bot.store.codec import is_anothers, moment, stamp, why_unreadable
from bot.store.database import Glance, transaction
from bot.store.outbox.rows import (
    NOTHING_RESTS,
    UNSETTLED,
    place_of,
    place_under,
    placed,
    unreadable,
)
from bot.store.sealing import opened
from bot.store.serving.in_hand import ALONE, InHand

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ids import ChannelId, Ts
    from bot.desk.ports.time import Clock
    from bot.store.aside import UnreadableNotice
    from bot.store.outbox.rows import OutboxRow, Resting

LONGEST_WAIT = timedelta(hours=1)

OURS = "state = 'in_flight' AND holder = ?"
"""No other process took the row up meanwhile."""

FREE = f"""
NOT EXISTS (
  SELECT 1 FROM outbox AS earlier WHERE earlier.lane = row.lane
  AND earlier.id < row.id AND earlier.state IN {UNSETTLED}
  AND NOT (row.way = 'post' AND earlier.way IN ('edit', 'mark', 'whisper')
    AND earlier.state = 'pending' AND (earlier.due > ? OR earlier.way IN (?, ?, ?))))
AND NOT EXISTS (
  SELECT 1 FROM outbox AS above WHERE above.place = row.place AND row.place IS NOT NULL
  AND above.id < row.id AND above.state IN {UNSETTLED})
AND NOT EXISTS (
  SELECT 1 FROM outbox AS anchor WHERE anchor.id = coalesce(row.edits, row.under)
  AND anchor.state IN ('pending', 'in_flight', 'held'))
"""
"""First in its lane, first in its thread, and what it belongs to has settled.

Where Slack asks to wait with edits or marks, what is said in words does not wait for them.
"""
OVERDUE = "SELECT 1 FROM outbox WHERE state = 'in_flight' AND due <= ?"
PASSED = (Way.EDIT, Way.MARK, Way.WHISPER)
LONG_PAUSE = timedelta(minutes=1)


class Outbox:
    """The outbox table from the relay's side."""

    def __init__(
        self, path: Path, clock: Clock, glance: Glance | None = None, holder: int = ALONE
    ) -> None:
        """Work on a database file; what is taken is in the hands of the process `holder`."""
        self.in_hand = InHand(path, "outbox", holder, also=", uncertain = 1", leaves=True)
        self._path = path
        self._glance = glance or Glance(path)
        self._clock = clock

    def claim(self, resting: Resting = NOTHING_RESTS) -> OutboxRow | UnreadableNotice | None:
        """Take the most urgent row, of these the oldest, that is due and that nothing precedes.

        An edit that a later one makes pointless is skipped. A row is taken on a lease: one
        whose sending was never recorded, because the store itself failed in between, is taken
        again, as uncertain.
        """
        now = stamp(self._clock())
        sql, values = _next(now, resting)
        # Looked at without the write lock first: mostly there is nothing to do.
        overdue = f"SELECT EXISTS ({OVERDUE}), EXISTS ({sql})"
        ((is_late, is_due),) = self._glance.rows(overdue, [now, *values])
        if not (is_late or is_due or self.in_hand.some_fell):
            return None
        with self.in_hand.taking(self._clock()) as taking:
            db = taking.db
            if is_late:
                db.execute(
                    "UPDATE outbox SET state = 'pending', uncertain = 1 "
                    "WHERE state = 'in_flight' AND due <= ?",
                    [now],
                )
            while (row := db.execute(sql, values).fetchone()) is not None:
                if not _pointless(db, row):
                    break
                db.execute("UPDATE outbox SET state = 'skipped' WHERE id = ?", [row["id"]])
            if row is None:
                return None
            taking.take(row["id"])
            try:
                return placed(db, row, taking.lease)
            except sqlite3.Error:
                raise
            except Exception as failure:  # noqa: BLE001 - one row, however odd, stops no other
                return unreadable(row, why_unreadable(failure), is_anothers=is_anothers(failure))

    def sent(self, row: OutboxRow, channel: ChannelId, ts: Ts) -> None:
        """Record that Slack has the message, and the timestamp that it gave.

        After a power cut it may be in flight as before: then it is looked for.
        """
        with transaction(self._path, lasting=False) as db:
            db.execute(
                "UPDATE outbox SET state = 'sent', uncertain = 0, error = NULL, "
                "sent_at = ?, sent_channel = ?, sent_ts = ? WHERE id = ?",
                [stamp(self._clock()), channel, ts, row.id],
            )
            db.execute(
                f"UPDATE outbox SET place = ? WHERE place = ? AND state IN {UNSETTLED}",
                [place_of(channel, row.thread_ts or ts), place_under(row.id)],
            )

    def retry(self, row: OutboxRow, error: str, due: datetime, *, uncertain: bool) -> None:
        """Try again later; `uncertain` where the message may have arrived all the same."""
        with transaction(self._path, lasting=False) as db:
            db.execute(
                "UPDATE outbox SET state = 'pending', error = ?, due = ?, "
                f"uncertain = max(uncertain, ?) WHERE id = ? AND {OURS}",
                [error, stamp(due), int(uncertain), row.id, self.in_hand.holder],
            )

    def postpone(
        self, row: OutboxRow | UnreadableNotice, due: datetime, error: str | None = None
    ) -> None:
        """Wait for one's turn; counts as no attempt."""
        with transaction(self._path, lasting=False) as db:
            db.execute(
                "UPDATE outbox SET state = 'pending', due = ?, attempts = attempts - 1, "
                f"error = coalesce(?, error) WHERE id = ? AND {OURS}",
                [stamp(due), error, row.id, self.in_hand.holder],
            )

    def hold(self, row: OutboxRow, error: str) -> None:
        """Keep a row until its way is open again; what follows in its lane goes on without it."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE outbox SET state = 'held', error = ?, attempts = attempts - 1 "
                f"WHERE id = ? AND {OURS}",
                [error, row.id, self.in_hand.holder],
            )

    def let_go(self, way: Way | None = None) -> int:
        """Send what was held, of one way or of all."""
        with transaction(self._path) as db:
            return int(
                db.execute(
                    "UPDATE outbox SET state = 'pending', due = ? "
                    "WHERE state = 'held' AND coalesce(?, way) = way",
                    [stamp(self._clock()), way],
                ).rowcount
            )

    def recover(self, gone: Collection[int] = (ALONE,)) -> int:
        """After a start: what was in flight may or may not have arrived; what was held is tried.

        What was in flight is taken up where it was in the hands of processes that are no more.
        """
        self.let_go()
        with transaction(self._path) as db:
            # What is to wait for longer than Slack ever asks was put back by a clock that erred.
            db.execute(
                "UPDATE outbox SET due = ? WHERE state = 'pending' AND due > ?",
                [stamp(self._clock()), stamp(self._clock() + LONGEST_WAIT)],
            )
        return self.in_hand.take_up(gone, self._clock())

    def next_due(self) -> str | None:
        """Tell when the next waiting row falls due; what is due already waits for a turn."""
        ((due,),) = self._glance.rows(
            "SELECT min(due) FROM outbox WHERE state = 'pending' AND due > ?",
            [stamp(self._clock())],
        )
        return str(due) if due else None

    def is_any_pending(self, resting: Resting) -> bool:
        """Tell whether anything is due, and waits for something else than its channel's turn."""
        condition, values = resting.where()
        return bool(
            self._glance.rows(
                "SELECT 1 FROM outbox INDEXED BY outbox_next WHERE state = 'pending' "
                f"AND +due <= ? AND {condition} LIMIT 1",
                [stamp(self._clock()), *values],
            )
        )

    def dead_letters(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the latest notices that could not be delivered."""
        rows = self._glance.rows(
            "SELECT id, ticket, channel, error, created_at FROM outbox WHERE state = 'dead' "
            "ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [dict(row) for row in rows]


def _next(now: str, resting: Resting) -> tuple[str, list[Any]]:
    """Give what finds the row that is next, and what is bound to it."""
    condition, values = resting.where()
    later = stamp(moment(now) + LONG_PAUSE)
    passed = [way.value if way in resting.ways else "" for way in PASSED]
    sql = (
        "SELECT * FROM outbox AS row INDEXED BY outbox_next WHERE state = 'pending' "
        f"AND +due <= ? AND {condition} AND {FREE} ORDER BY urgency, id LIMIT 1"
    )
    return sql, [now, *values, later, *passed]


def _reminds(row: sqlite3.Row) -> bool:
    """Whether it is a reminder; what cannot be read is none, and is set aside by who reads it."""
    notice = opened(row["notice"])
    with suppress(ValueError, AttributeError):
        return '"reminder"' in notice and json.loads(notice).get("kind") == "reminder"
    return False


def _pointless(db: Database, row: sqlite3.Row) -> bool:
    """Whether a later edit of the same message waits already, or a later reminder under it."""
    later = None
    if row["edits"] is not None:
        later = db.execute(
            "SELECT 1 FROM outbox WHERE edits = ? AND id > ? AND state = 'pending' LIMIT 1",
            [row["edits"], row["id"]],
        ).fetchone()
    if later is None and row["place"] is not None and not row["uncertain"] and _reminds(row):
        later = db.execute(
            "SELECT 1 FROM outbox WHERE place = ? AND id > ? AND state = 'pending' "
            "AND json_extract(opened(notice), '$.kind') = 'reminder' LIMIT 1",
            [row["place"], row["id"]],
        ).fetchone()
    return later is not None
