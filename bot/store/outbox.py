"""The outbox: what is to be said, written with the state that it speaks of, sent once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Destination
from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts, UserId
from bot.desk.ports.delivery import Posted
from bot.store.codec import dump_notice, load_notice, stamp
from bot.store.database import LEASE, insert, transaction
from bot.store.tickets.tickets import ticket_lane

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.notices import Notice
    from bot.desk.ports.time import Clock


LOOKED_BACK = 12
"""So many notices of a ticket tell where its conversation stands."""


class OutboxRows:
    """The outbox table inside a unit of work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock
        self.written = 0

    def put(self, notice: Notice, to: Destination, ticket: TicketId | None = None) -> NoticeId:
        """Hand a notice over for sending."""
        now = stamp(self._clock())
        row: dict[str, Any] = {
            "lane": ticket_lane(ticket) if ticket else f"channel:{to.channel}",
            "ticket": ticket,
            "notice": dump_notice(notice),
            "channel": to.channel,
            "thread_ts": to.thread_ts,
            "under": to.under,
            "edits": to.edits,
            "only_for": to.only_for,
            "state": "pending",
            "due": now,
            "created_at": now,
        }
        self.written += 1
        return NoticeId(insert(self._db, "outbox", row))

    def posted_at(self, channel: ChannelId, ts: Ts) -> Posted | None:
        """Find the notice that a message in Slack came from, in its latest wording."""
        row = self._db.execute(
            "SELECT id FROM outbox WHERE sent_channel = ? AND sent_ts = ? AND edits IS NULL",
            [channel, ts],
        ).fetchone()
        return self.get(NoticeId(row["id"])) if row else None

    def latest_of(self, ticket: TicketId) -> tuple[Posted, ...]:
        """Give the last notices of a ticket, newest first, each in its latest wording."""
        rows = self._db.execute(
            "SELECT id FROM outbox WHERE ticket = ? AND edits IS NULL ORDER BY id DESC LIMIT ?",
            [ticket, LOOKED_BACK],
        ).fetchall()
        found = (self.get(NoticeId(row["id"])) for row in rows)
        return tuple(posted for posted in found if posted is not None)

    def get(self, notice: NoticeId) -> Posted | None:
        """Find a notice by its id, in its latest wording."""
        row = self._db.execute("SELECT * FROM outbox WHERE id = ?", [notice]).fetchone()
        if row is None:
            return None
        latest = self._db.execute(
            "SELECT notice FROM outbox WHERE edits = ? ORDER BY id DESC LIMIT 1", [notice]
        ).fetchone()
        wording = latest["notice"] if latest else row["notice"]
        return Posted(notice, load_notice(wording), _destination(row))


@dataclass(frozen=True)
class OutboxRow:
    """A notice that waits to be sent, its place in Slack worked out.

    `parent_lost` says that the message it belongs under, or would edit, was never sent.
    """

    id: NoticeId
    notice: Notice
    to: Destination
    ticket: TicketId | None
    attempts: int
    uncertain: bool
    created_at: str
    channel: str
    thread_ts: Ts | None
    edit_ts: Ts | None
    parent_lost: bool


class Outbox:
    """The outbox table from the relay's side."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock

    def claim(self) -> OutboxRow | None:
        """Take the oldest row that is due and whose lane is free.

        A row is taken on a lease: one whose sending was never recorded, because the store
        itself failed in between, is taken again, as uncertain.
        """
        with transaction(self._path) as db:
            row = db.execute(
                "SELECT * FROM outbox AS row WHERE state IN ('pending', 'in_flight') AND due <= ? "
                "AND NOT EXISTS ("
                "  SELECT 1 FROM outbox AS earlier WHERE earlier.lane = row.lane "
                "  AND earlier.id < row.id AND earlier.state IN ('pending', 'in_flight')) "
                "ORDER BY id LIMIT 1",
                [stamp(self._clock())],
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE outbox SET state = 'in_flight', attempts = attempts + 1, due = ?, "
                "uncertain = max(uncertain, state = 'in_flight') WHERE id = ?",
                [stamp(self._clock() + LEASE), row["id"]],
            )
            return _placed(db, row)

    def sent(self, row: OutboxRow, channel: ChannelId, ts: Ts) -> None:
        """Record that Slack has the message, and the timestamp that it gave."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE outbox SET state = 'sent', uncertain = 0, error = NULL, "
                "sent_at = ?, sent_channel = ?, sent_ts = ? WHERE id = ?",
                [stamp(self._clock()), channel, ts, row.id],
            )

    def retry(self, row: OutboxRow, error: str, due: datetime, *, uncertain: bool) -> None:
        """Try again later; `uncertain` where the message may have arrived all the same."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE outbox SET state = 'pending', error = ?, due = ?, "
                "uncertain = max(uncertain, ?) WHERE id = ?",
                [error, stamp(due), int(uncertain), row.id],
            )

    def postpone(self, row: OutboxRow, due: datetime) -> None:
        """Wait for the channel's turn; counts as no attempt."""
        with transaction(self._path) as db:
            db.execute(
                "UPDATE outbox SET state = 'pending', due = ?, attempts = attempts - 1 "
                "WHERE id = ?",
                [stamp(due), row.id],
            )

    def recover(self) -> int:
        """After a start: what was in flight may or may not have arrived."""
        with transaction(self._path) as db:
            return int(
                db.execute(
                    "UPDATE outbox SET state = 'pending', uncertain = 1, due = ? "
                    "WHERE state = 'in_flight'",
                    [stamp(self._clock())],
                ).rowcount
            )

    def next_due(self) -> str | None:
        """Tell when the next waiting row falls due."""
        with transaction(self._path) as db:
            row = db.execute("SELECT min(due) FROM outbox WHERE state = 'pending'").fetchone()
        return str(row[0]) if row[0] else None

    def dead_letters(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the latest notices that could not be delivered."""
        with transaction(self._path) as db:
            rows = db.execute(
                "SELECT id, ticket, channel, error, created_at FROM outbox WHERE state = 'dead' "
                "ORDER BY id DESC LIMIT ?",
                [limit],
            ).fetchall()
        return [dict(row) for row in rows]


class DeadLetters:
    """Giving up on a notice, inside the unit of work that does something else instead."""

    def __init__(self, database: Database) -> None:
        """Work on the open transaction of a database."""
        self._db = database

    def bury(self, row: OutboxRow, error: str) -> None:
        """Give up on a notice; `frontline doctor` shows it."""
        self._db.execute(
            "UPDATE outbox SET state = 'dead', error = ? WHERE id = ?", [error, row.id]
        )


def _destination(row: sqlite3.Row) -> Destination:
    return Destination(
        channel=row["channel"],
        thread_ts=Ts(row["thread_ts"]) if row["thread_ts"] else None,
        under=row["under"],
        edits=row["edits"],
        only_for=UserId(row["only_for"]) if row["only_for"] else None,
    )


def _placed(db: Database, row: sqlite3.Row) -> OutboxRow:
    anchor_id = row["edits"] or row["under"]
    anchor = db.execute(
        "SELECT sent_channel, sent_ts, thread_ts FROM outbox WHERE id = ? AND sent_ts IS NOT NULL",
        [anchor_id],
    ).fetchone()
    channel, thread_ts, edit_ts = row["channel"], row["thread_ts"], None
    if anchor is not None:
        channel = anchor["sent_channel"]
        if row["edits"]:
            edit_ts = anchor["sent_ts"]
        else:
            thread_ts = anchor["thread_ts"] or anchor["sent_ts"]
    return OutboxRow(
        id=NoticeId(row["id"]),
        notice=load_notice(row["notice"]),
        to=_destination(row),
        ticket=TicketId(row["ticket"]) if row["ticket"] else None,
        attempts=row["attempts"] + 1,
        uncertain=bool(row["uncertain"]) or row["state"] == "in_flight",
        created_at=row["created_at"],
        channel=channel,
        thread_ts=Ts(thread_ts) if thread_ts else None,
        edit_ts=Ts(edit_ts) if edit_ts else None,
        parent_lost=anchor_id is not None and anchor is None,
    )
