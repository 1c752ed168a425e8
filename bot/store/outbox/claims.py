"""The outbox from the relay's side: what is taken in hand, and what became of it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.desk.ids import HOME
from bot.desk.ports.delivery import Way
from bot.store.codec import is_anothers, moment, stamp, why_unreadable
from bot.store.database import Glance, transaction
from bot.store.outbox.rows import (
    NOTHING_RESTS,
    READ,
    UNSETTLED,
    place_of,
    place_under,
    placed,
    unreadable,
)
from bot.store.sealing import opened
from bot.store.serving.in_hand import ALONE, InHand, Look
from bot.store.views.languages import LANGUAGE_OF, LANGUAGE_ON

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from pathlib import Path

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
BESIDES = f"""
EXISTS (SELECT 1 FROM outbox AS later WHERE later.edits = next.edits AND later.id > next.id
  AND later.state = 'pending') AS overtaken,
EXISTS (SELECT 1 FROM outbox AS later WHERE later.lane = next.lane AND later.id > next.id
  AND later.state IN ('pending', 'in_flight') AND later.state = 'pending') AS followed,
{LANGUAGE_OF.format(f"coalesce(next.only_for, replace(next.channel, '{HOME}', ''))")} AS language,
{LANGUAGE_ON.format("next.ticket")} AS spoken,
EXISTS ({OVERDUE}) AS is_late,
(SELECT min(due) FROM outbox WHERE state = 'pending' AND due > ?) AS next_due
"""
"""Of the row: whether a later edit of the same message waits already, whether others of its lane
wait for it, and who reads it. Of all others: whether any was taken and forgotten, when the next
falls due, and whether any of another lane is due whose channel has its turn."""
PASSED = (Way.EDIT, Way.MARK, Way.WHISPER)
LONG_PAUSE = timedelta(minutes=1)


ANCHOR = "SELECT state, sent_channel, sent_ts, thread_ts FROM all_outbox WHERE id = ?"
REMINDED_AGAIN = """
SELECT 1 FROM outbox WHERE place = ? AND id > ? AND state = 'pending'
AND json_extract(opened(notice), '$.kind') = 'reminder' LIMIT 1
"""


class Outbox:
    """The outbox table from the relay's side."""

    def __init__(
        self, path: Path, clock: Clock, glance: Glance | None = None, holder: int = ALONE
    ) -> None:
        """Work on a database file; what is taken is in the hands of the process `holder`."""
        self._path = path
        self._glance = glance or Glance(path)
        self._clock = clock
        self.in_hand = InHand(
            path, "outbox", holder, also=", uncertain = 1", glance=self._glance, leaves=True
        )

    def claim(self, resting: Resting = NOTHING_RESTS) -> OutboxRow | UnreadableNotice | None:
        """Take the most urgent row, of these the oldest, that is due and that nothing precedes.

        An edit that a later one makes pointless is skipped. A row is taken on a lease: one
        whose sending was never recorded, because the store itself failed in between, is taken
        again, as uncertain.
        """
        while True:
            found, lease = self._next(resting)
            with self.in_hand.handed_on(found["id"], lease):
                if found["is_late"] or self.in_hand.some_fell:
                    self._take_up_late()
                    if found["id"] is None:
                        continue
                if found["id"] is None:
                    return None
                if not self._is_pointless(found):
                    return self._placed(found, lease)
                self._skip(found)
            self.in_hand.done(found["id"], lease)

    def _next(self, resting: Resting) -> tuple[Any, str]:
        now = self._clock()
        return self.in_hand.next(_look(stamp(now), resting), now)

    def _take_up_late(self) -> None:
        """Put back what fell, and what was taken so long ago that nobody carries it any more."""
        now = self._clock()
        with self.in_hand.clearing_up(now) as db:
            db.execute(
                "UPDATE outbox SET state = 'pending', uncertain = 1 "
                "WHERE state = 'in_flight' AND due <= ?",
                [stamp(now)],
            )

    def _placed(self, row: Any, lease: str) -> OutboxRow | UnreadableNotice:
        """Work out where a row goes; one row, however odd, stops no other."""
        anchor = None
        if (above := row["edits"] or row["under"]) is not None:
            anchor = next(iter(self._glance.rows(ANCHOR, [above])), None)
        try:
            return placed(row, anchor, lease)
        except Exception as failure:  # noqa: BLE001 - see above
            return unreadable(row, why_unreadable(failure), lease, is_anothers=is_anothers(failure))

    def _is_pointless(self, row: Any) -> bool:
        """Whether a later edit of the same message waits already, or a later reminder under it."""
        if row["overtaken"]:
            return True
        if row["place"] is None or row["uncertain"] or not _reminds(row):
            return False
        return bool(self._glance.rows(REMINDED_AGAIN, [row["place"], row["id"]]))

    def _skip(self, row: Any) -> None:
        """Let a row be, and each edit of the same message but the last."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE outbox SET state = 'skipped' WHERE id = ? OR edits = ? "
                "AND state = 'pending' AND id < (SELECT max(id) FROM outbox AS later "
                "WHERE later.edits = outbox.edits AND later.state = 'pending')",
                [row["id"], row["edits"]],
            )

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

    def dead_letters(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the latest notices that could not be delivered."""
        rows = self._glance.rows(
            "SELECT id, ticket, channel, error, created_at FROM outbox WHERE state = 'dead' "
            "ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return [dict(row) for row in rows]


def _look(now: str, resting: Resting) -> Look:
    """Say which row is next, and what is to be known besides."""
    condition, values = resting.where()
    later = stamp(moment(now) + LONG_PAUSE)
    passed = [way.value if way in resting.ways else "" for way in PASSED]
    due = "FROM outbox AS row INDEXED BY outbox_next WHERE state = 'pending' AND +due <= ?"
    any_condition, any_values = resting.however_little_urgent.where()
    return Look(
        f"SELECT {', '.join(READ)} {due} AND {condition} AND {FREE} ORDER BY urgency, id LIMIT 1",
        [now, *values, later, *passed],
        READ,
        f"{BESIDES}, EXISTS (SELECT 1 {due} AND {any_condition} "
        "AND lane <> coalesce((SELECT lane FROM next), '')) AS others",
        [now, now, now, *any_values],
    )


def _reminds(row: Any) -> bool:
    """Whether it is a reminder; what cannot be read is none, and is set aside by who reads it."""
    notice = opened(row["notice"])
    with suppress(ValueError, AttributeError):
        return '"reminder"' in notice and json.loads(notice).get("kind") == "reminder"
    return False
