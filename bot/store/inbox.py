"""The inbox: what Slack delivered, stored before it is acknowledged, handled in order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.ids import TicketId
from bot.store.codec import moment, stamp, why_unreadable
from bot.store.database import LEASE, Glance, expect, transaction
from bot.store.privacy.shares import begin_anew, take
from bot.store.sealing import opened, seal
from bot.store.serving.in_hand import ALONE, InHand, Look, TakenUpError
from bot.store.tickets.tickets import message_key, thread_lane, ticket_lane

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ids import Thread
    from bot.desk.ports.delivery import Delivery
    from bot.desk.ports.time import Clock
    from bot.store.privacy.shares import Share


COLUMNS = ("id", "lane", "payload", "attempts", "trouble", "slowed", "overlong", "received_at")
FREE = """
FROM inbox AS row INDEXED BY inbox_queue
WHERE state IN ('pending', 'in_flight') AND due <= ? AND NOT EXISTS (
  SELECT 1 FROM inbox AS earlier WHERE earlier.lane = row.lane
  AND earlier.id < row.id AND earlier.state IN ('pending', 'in_flight'))
"""
"""What is due and whose lane is free, among what waits."""
CLAIM = f"SELECT {', '.join(COLUMNS)} {FREE} ORDER BY id LIMIT 1"
BESIDES = f"""
EXISTS (SELECT 1 {FREE} AND id > (SELECT id FROM next)) AS others,
EXISTS (SELECT 1 FROM inbox WHERE state = 'held' AND due <= ?)
OR EXISTS (SELECT 1 FROM inbox WHERE state = 'early' AND due <= ?) AS held,
(SELECT min(due) FROM (
  SELECT min(due) AS due FROM inbox
  WHERE state = 'pending' AND due > ?
  UNION ALL SELECT min(due) FROM inbox WHERE state = 'held'
  UNION ALL SELECT min(due) FROM inbox WHERE state = 'early') AS waiting) AS next_due
"""
"""Whether another could be taken too, whether anything was held until now, and when the next of
those that wait falls due. What is due and was not taken waits for its lane: whoever has that in
hand looks again afterwards."""

OURS = "holder = ? AND finished_at IS NULL"
"""No other process took a row up, and it was not finished by one of whose end nobody heard."""

LANE = f"""
coalesce((SELECT '{ticket_lane(TicketId(0)).removesuffix("0")}' || id FROM (
  SELECT id FROM tickets WHERE team = ?9 AND channel = ?10 AND thread_ts = ?11
  UNION ALL SELECT ticket FROM all_outbox WHERE sent_channel = ?10 AND sent_ts = ?11
  AND ticket IS NOT NULL) AS known LIMIT 1), ?3)
"""
"""That of the ticket whose thread it is, the engineers' thread too; else of the thread."""

LONGEST_WAIT = timedelta(minutes=10)
"""Of two that name each other as what they are under, neither waits for ever."""
IN_A_MOMENT = timedelta(seconds=5)
"""What waits for a row that is here looks again as soon as this."""
HANDLED = """
SELECT 1 FROM inbox WHERE message_key = ?1 AND state IN ('done', 'failed')
UNION ALL SELECT 1 FROM inbox_history WHERE message_key = ?1
"""


@dataclass(frozen=True)
class InboxRow:
    """A delivery that waits to be handled.

    `trouble` is what is wrong with it, where it was set aside at the door or cannot be read;
    `slowed` and `overlong` are what its author is to be told.
    """

    id: int
    lane: str
    payload: dict[str, Any]
    attempts: int
    trouble: str | None = None
    slowed: bool = False
    overlong: bool = False
    lease: str = ""
    """Until when it is in hand."""
    received_at: str = ""


A_LOOK = 500
"""So many waiting rows are read at once: whatever waits, memory stays as it is."""


class Inbox:
    """The inbox table, from the listener's and the worker's side."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        notify: Callable[[], None],
        glance: Glance | None = None,
        share: Share | None = None,
        *,
        holder: int = ALONE,
    ) -> None:
        """Work on a database file; `notify` is called once there is something to do.

        What somebody sends beyond a share is held until its turn comes. What is taken in hand is
        in the hands of the process with the number `holder`.
        """
        self._glance = glance or Glance(path)
        self.in_hand = InHand(path, "inbox", holder, glance=self._glance)
        self._share = share
        self._path = path
        self._began: datetime | None = None
        self._clock = clock
        self._notify = notify

    def put(self, delivery: Delivery) -> bool:
        """Store a delivery and commit; False where it was stored before.

        It is handled while it is brought to the disk: nothing is sent before it is there.
        """
        now, thread = self._clock(), delivery.thread
        lane = thread_lane(thread) if thread else f"event:{delivery.event_id}"

        def committed() -> None:
            if stored.rowcount:
                self._notify()

        with transaction(self._path, committed=committed) as db:
            stored = db.execute(
                "INSERT INTO inbox (event_id, message_key, lane, payload, state, due, "
                "received_at, trouble, author, overlong) "
                f"SELECT ?1, ?2, {LANE}, ?4, 'pending', ?5, ?5, ?6, ?7, ?8 "
                "WHERE NOT EXISTS (SELECT 1 FROM inbox_history WHERE event_id = ?1) "
                "AND NOT EXISTS (SELECT 1 FROM inbox_history WHERE message_key = ?2) "
                "ON CONFLICT DO NOTHING",
                [
                    delivery.event_id,
                    delivery.message_key,
                    lane,
                    # Escaped, since half an emoji is no UTF-8 and SQLite would refuse it.
                    seal(json.dumps(delivery.payload)),
                    stamp(now),
                    delivery.trouble,
                    delivery.author,
                    delivery.overlong,
                    *((thread.team, thread.channel, thread.ts) if thread else (None, None, None)),
                ],
            )
            self._hold(db, delivery, stored, now)
        return bool(stored.rowcount)

    def _hold(
        self, db: Database, delivery: Delivery, stored: sqlite3.Cursor, now: datetime
    ) -> None:
        """Hold what is beyond its author's share."""
        share, author = self._share, delivery.author
        if share is None or author is None or author in share.spared or not stored.rowcount:
            return
        turn = take(db, share, author, now)
        if turn > now:
            db.execute(
                "UPDATE inbox SET state = 'held', slowed = 1, due = ? WHERE event_id = ?",
                [stamp(turn), delivery.event_id],
            )

    def claim(self) -> InboxRow | None:
        """Take the oldest row that is due and whose lane is free.

        A row is taken on a lease: one that was neither finished nor put back within it,
        because the store itself failed in between, is taken again.
        """
        now = self._clock()
        look = Look(CLAIM, [stamp(now)], COLUMNS, BESIDES, [stamp(now)] * 4)
        while True:
            found, lease = self.in_hand.next(look, now)
            with self.in_hand.handed_on(found["id"], lease):
                if found["held"] or self.in_hand.some_fell:
                    self._let_go(now)
                    if found["id"] is None:
                        continue
                if found["id"] is None:
                    return None
                if self.in_hand.besides().is_any_due:
                    # Another thread finds work in another lane.
                    self._notify()
                return _row(found, lease)

    def _let_go(self, now: datetime) -> None:
        """Put back what fell, and let wait no longer what was held until now."""
        with self.in_hand.clearing_up(now) as db:
            for state in ("held", "early"):
                db.execute(
                    f"UPDATE inbox SET state = 'pending' WHERE state = '{state}' AND due <= ?",
                    [stamp(now)],
                )

    def unheard(self, since: datetime, after: int) -> tuple[int, list[tuple[InboxRow, datetime]]]:
        """How many rows wait that came before then, and those after a row, with when they came."""
        with self._glance.now() as db:
            came = "FROM inbox WHERE state = 'pending' AND attempts = 0 AND received_at <= ?"
            count = db.execute(f"SELECT count(*) {came}", [stamp(since)]).fetchone()[0]
            rows = db.execute(
                f"SELECT * {came} AND id > ? ORDER BY id LIMIT {A_LOOK}", [stamp(since), after]
            ).fetchall()
        return int(count), [(_row(row), moment(row["received_at"])) for row in rows]

    def is_any_unheard(self) -> bool:
        """Tell whether anything waits that nobody has begun with."""
        sql = "SELECT 1 FROM inbox WHERE state = 'pending' AND attempts = 0 LIMIT 1"
        return bool(self._glance.rows(sql))

    def retry(self, row: InboxRow, error: str, due: datetime) -> None:
        """Put a row back to be handled again later; its lane waits for it."""
        with transaction(self._path) as db:
            db.execute(
                f"UPDATE inbox SET state = 'pending', error = ?, due = ? WHERE id = ? AND {OURS}",
                [error, stamp(due), row.id, self.in_hand.holder],
            )

    def keep_for(self, row: InboxRow, thread: Thread, patience: timedelta) -> bool:
        """Keep what came before the message that it is under, until a ticket begins with that.

        False where that was handled meanwhile, or did not come within this patience.
        """
        key = [message_key(thread)]
        if self._glance.rows(HANDLED, key):
            return False
        with transaction(self._path) as db:
            now = self._clock()
            came = db.execute("SELECT received_at FROM inbox WHERE id = ?", [row.id]).fetchone()
            root = db.execute("SELECT state FROM inbox WHERE message_key = ?", key).fetchone()
            # Before this process nobody may have looked, however long the row lies here.
            received = moment(came[0])
            here_since = min(max(received, self._began or received), now)
            until = here_since + patience
            in_turn = root is not None and root["state"] != "early"
            if in_turn or (root is not None and now < here_since + LONGEST_WAIT):
                until = now + IN_A_MOMENT
            if until <= now or db.execute(HANDLED, key).fetchone():
                return False
            db.execute(
                "UPDATE inbox SET state = 'early', attempts = attempts - 1, due = ? "
                f"WHERE id = ? AND {OURS}",
                [stamp(until), row.id, self.in_hand.holder],
            )
        return True

    def recover(self, gone: Collection[int] = (ALONE,)) -> int:
        """After a start: take up again what processes had in hand that are no more."""
        self._began = self._clock()
        with transaction(self._path) as db:
            begin_anew(db, self._share, self._clock())
            db.execute(
                "UPDATE inbox SET state = 'pending', due = ? WHERE state = 'early'",
                [stamp(self._clock())],
            )
            # What is to wait for longer than any pause was put back by a clock that erred.
            db.execute(
                "UPDATE inbox SET due = ? WHERE state = 'pending' AND due > ?",
                [stamp(self._clock()), stamp(self._clock() + LEASE)],
            )
        return self.in_hand.take_up(gone, self._clock())

    def next_due(self) -> str | None:
        """Tell when the next waiting row falls due, as this thread saw it when it claimed last."""
        return self.in_hand.besides().next_due

    def failures(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the latest deliveries that ended in an apology, or that still fail."""
        rows = self._glance.rows(
            "SELECT event_id, error, received_at FROM inbox WHERE error IS NOT NULL "
            "AND state <> 'done' ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [dict(row) for row in rows]


class InboxRows:
    """The inbox table inside a unit of work."""

    def __init__(self, database: Database, clock: Clock, holder: int = ALONE) -> None:
        """Work on the open transaction of a database; what is finished is in these hands."""
        self._db = database
        self._clock = clock
        self._holder = holder

    def finish(self, row: int, error: str | None = None) -> None:
        """Mark a row as handled; `error` where it was handled by an apology.

        What was handled is known again by its ids. Its words stand in the conversation, if they
        were Frontline's business, and nowhere if they were not; only what failed is kept, for
        whoever looks into it.

        Raises:
            TakenUpError: it is in other hands, or was finished: all of this is to be undone.
        """
        state = "failed" if error else "done"
        finished = self._db.execute(
            "UPDATE inbox SET state = ?, error = ?, finished_at = ?, "
            f"payload = iif(? = 'done', '{{}}', payload) WHERE id = ? AND {OURS}",
            [state, error, stamp(self._clock()), state, row, self._holder],
        )
        words = f"The delivery {row} is handled already, or by another process."
        expect(self._db, finished, TakenUpError(words))


def _row(row: sqlite3.Row, lease: str = "") -> InboxRow:
    payload: Any = {}
    trouble = row["trouble"]
    try:
        payload = json.loads(opened(row["payload"]))
    except (ValueError, RecursionError) as failure:
        trouble = why_unreadable(failure)
    if not isinstance(payload, dict):
        payload, trouble = {}, "It cannot be read (it is no JSON object)."
    return InboxRow(
        row["id"],
        row["lane"],
        payload,
        row["attempts"] + 1,
        trouble,
        bool(row["slowed"]),
        bool(row["overlong"]),
        lease,
        row["received_at"],
    )
