"""Tickets and their conversations in SQLite."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.privacy import NoScrubber
from bot.desk.promises import Priority
from bot.desk.tickets import File, Line, Resolution, Ticket, TicketState
from bot.store.codec import dump_strings, load_strings, moment, stamp
from bot.store.database import update
from bot.store.sealing import opened, seal
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber
    from bot.store.privacy.copies import Copies


SETTLED = ("resolved", "closed")

LATEST = 50
"""So many tickets are looked at for what came before."""

OPEN = """
INSERT INTO tickets (team, channel, thread_ts, root_ts, requester, question, asked_ts, opened_at,
  updated_at, state)
SELECT ?1, ?2, CASE WHEN beside.so THEN ?4 ELSE ?3 END, CASE WHEN beside.so THEN ?3 END,
  ?5, ?6, ?4, ?7, ?7, ?8
FROM (SELECT EXISTS (SELECT 1 FROM tickets WHERE team = ?1 AND channel = ?2 AND thread_ts = ?3)
  OR EXISTS (SELECT 1 FROM tickets WHERE team = ?1 AND channel = ?2 AND root_ts = ?3) AS so)
  AS beside
RETURNING id
"""
"""One that begins inside a thread is kept under its own first message."""

NUMBERED = "id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))"
"""However many are read, it is one statement, which is prepared once."""
LATELY = 200
"""So many of the last minutes are looked at for reports of the same."""


def unheard(*_: object) -> None:
    """Stand for somebody who listens to what moves."""


class SqliteTickets:
    """The tickets table."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        scrubber: Scrubber | None = None,
        moved: Callable[[Ticket, TicketState | None], None] = unheard,
    ) -> None:
        """Work on the open transaction of a database; secrets are not written down here.

        `moved` is told of a ticket and of the state that it was in, None where it is new.
        """
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()
        self._moved = moved

    def open(self, thread: Thread, requester: UserId, question: str, ts: Ts) -> Ticket:
        """Open a ticket for the first message of a thread, or for a later one that asks anew.

        The message as it was written stands in the conversation alone; its question is without
        secrets.
        """
        now = self._clock()
        question = self._scrubber.scrub(question).text
        row = self._db.execute(
            OPEN,
            [
                *(thread.team, thread.channel, thread.ts, ts),
                *(requester, seal(question), stamp(now), TicketState.OPEN.value),
            ],
        ).fetchall()[0]
        number = TicketId(row["id"])
        # The thread has a ticket now: rows that wait for the thread wait for the ticket, and
        # what came before the question belongs to it.
        self._db.execute(
            "UPDATE inbox SET lane = ? WHERE lane = ? AND state IN ('pending', 'in_flight')",
            [ticket_lane(number), thread_lane(thread)],
        )
        self._db.execute(
            "UPDATE inbox SET lane = ?, state = 'pending', due = ? "
            "WHERE lane = ? AND state = 'early'",
            [ticket_lane(number), stamp(now), thread_lane(thread)],
        )
        opened_ticket = Ticket(number, thread, requester, question, ts, now)
        self._moved(opened_ticket, None)
        return opened_ticket

    def get(self, ticket: TicketId) -> Ticket | None:
        """Find a ticket by its number."""
        row = self._db.execute("SELECT * FROM tickets WHERE id = ?", [ticket]).fetchone()
        return _ticket(row) if row else None

    def those(self, numbers: Sequence[TicketId]) -> tuple[Ticket, ...]:
        """Find tickets by their numbers, in one look and this order; what is gone is left out."""
        rows = self._db.execute(f"SELECT * FROM tickets WHERE {NUMBERED}", [json.dumps(numbers)])
        found = {ticket.id: ticket for ticket in map(_ticket, rows.fetchall())}
        return tuple(found[number] for number in numbers if number in found)

    def in_thread(self, thread: Thread) -> Ticket | None:
        """Find the ticket whose requester's thread this is: the newest one that is not settled."""
        # Apart: by one condition or another, all tickets of the channel would be gone through.
        one = "SELECT * FROM tickets WHERE team = ? AND channel = ? AND"
        rows = self._db.execute(
            f"{one} thread_ts = ? UNION ALL {one} root_ts = ? AND thread_ts <> root_ts",
            [*(thread.team, thread.channel, thread.ts), *(thread.team, thread.channel, thread.ts)],
        ).fetchall()
        # A thread holds one ticket, or a few: the newest that is not settled comes first.
        row = min(rows, key=lambda each: (each["state"] in SETTLED, -each["id"]), default=None)
        return _ticket(row) if row else None

    def duplicates_of(self, original: TicketId, limit: int = sys.maxsize) -> tuple[Ticket, ...]:
        """Give the tickets that were settled as the same as another, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM tickets WHERE duplicate_of = ? ORDER BY id LIMIT ?", [original, limit]
        ).fetchall()
        return tuple(_ticket(row) for row in rows)

    def told_of_end(self, original: TicketId) -> tuple[Ticket, ...]:
        """Mark all that follow a ticket as told of its end; gives those that were not yet."""
        rows = self._db.execute(
            "UPDATE tickets SET told_of_end = 1, updated_at = ? WHERE duplicate_of = ? "
            "AND state = 'resolved' AND told_of_end = 0 RETURNING *",
            [stamp(self._clock()), original],
        ).fetchall()
        return tuple(sorted((_ticket(row) for row in rows), key=lambda each: each.id))

    def others_with(self, original: TicketId, requester: UserId) -> int:
        """Count the people, besides one, whose tickets were settled as the same."""
        row = self._db.execute(
            "SELECT count(DISTINCT requester) FROM tickets "
            "WHERE duplicate_of = ? AND requester <> ?",
            [original, requester],
        ).fetchone()
        return int(row[0])

    def opened_since(
        self,
        since: datetime,
        after: TicketId | None = None,
        *,
        saying: Callable[[str], bool] | None = None,
    ) -> tuple[Ticket, ...]:
        """Give the latest tickets that anybody may see, of all or of those after one.

        None that is restricted: what these lead to is told to others. With `saying`, of the latest
        those alone whose words this holds for: to read the rest of a ticket takes longer.
        """
        newer = [] if after is None else [after]
        where = f"opened_at >= ? AND {FOR_ALL}{' AND id > ?' * len(newer)}"
        return self._listed(where, [stamp(since), *newer], LATELY, saying)

    def reopened_since(self, since: datetime) -> tuple[Ticket, ...]:
        """Give the tickets that people work on again, of those that anybody may see."""
        return self._listed(
            f"state = 'escalated' AND reopened > 0 AND updated_at >= ? AND {FOR_ALL}",
            [stamp(since)],
        )

    def of_requester(
        self, requester: UserId, since: datetime, *, saying: Callable[[str], bool] | None = None
    ) -> tuple[Ticket, ...]:
        """Give somebody's latest tickets, newest first; with `saying`, as above."""
        where, values = "requester = ? AND opened_at >= ?", [requester, stamp(since)]
        return self._listed(where, values, saying=saying)

    def _listed(
        self,
        where: str,
        values: list[Any],
        most: int = LATEST,
        saying: Callable[[str], bool] | None = None,
    ) -> tuple[Ticket, ...]:
        newest = f"ORDER BY opened_at DESC, id DESC LIMIT {most}"
        if saying is not None:
            sql = f"SELECT id, question FROM tickets WHERE {where} {newest}"
            said = self._db.execute(sql, values).fetchall()
            numbers = [row["id"] for row in said if saying(opened(row["question"]))]
            if not numbers:
                return ()
            where, values = NUMBERED, [json.dumps(numbers)]
        rows = self._db.execute(f"SELECT * FROM tickets WHERE {where} {newest}", values).fetchall()
        return tuple(_ticket(row) for row in rows)

    def save(self, ticket: Ticket) -> None:
        """Write a ticket's state."""
        before = None if self._moved is unheard else self._state_of(ticket.id)
        update(
            self._db,
            "tickets",
            ticket.id,
            {
                "question": seal(self._scrubber.scrub(ticket.question).text),
                "state": ticket.state.value,
                "resolution": ticket.resolution.value if ticket.resolution else None,
                "articles_shown": dump_strings(ticket.articles_shown),
                "articles_failed": dump_strings(ticket.articles_failed),
                "reopened": ticket.reopened,
                "priority": ticket.priority.value if ticket.priority else None,
                "waiting_since": stamp(ticket.waiting_since) if ticket.waiting_since else None,
                "muted": int(ticket.muted),
                "duplicate_of": ticket.duplicate_of,
                "told_of_end": int(ticket.told_of_end),
                "confirmed": int(ticket.confirmed),
                "priority_why": ticket.priority_why,
                "matter": ticket.matter,
                "restricted_to": ticket.restricted_to,
                "updated_at": stamp(self._clock()),
            },
        )
        self._moved(ticket, before)

    def _state_of(self, ticket: TicketId) -> TicketState | None:
        row = self._db.execute("SELECT state FROM tickets WHERE id = ?", [ticket]).fetchone()
        return TicketState(row["state"]) if row else None


def _ticket(row: sqlite3.Row) -> Ticket:
    return Ticket(
        id=TicketId(row["id"]),
        thread=Thread(
            TeamId(row["team"]), ChannelId(row["channel"]), Ts(row["root_ts"] or row["thread_ts"])
        ),
        requester=UserId(row["requester"]),
        question=opened(row["question"]),
        asked_ts=Ts(row["asked_ts"]),
        opened_at=moment(row["opened_at"]),
        state=TicketState(row["state"]),
        resolution=Resolution(row["resolution"]) if row["resolution"] else None,
        articles_shown=load_strings(row["articles_shown"]),
        articles_failed=load_strings(row["articles_failed"]),
        reopened=row["reopened"],
        priority=Priority(row["priority"]) if row["priority"] else None,
        waiting_since=moment(row["waiting_since"]) if row["waiting_since"] else None,
        muted=bool(row["muted"]),
        duplicate_of=TicketId(row["duplicate_of"]) if row["duplicate_of"] else None,
        told_of_end=bool(row["told_of_end"]),
        confirmed=bool(row["confirmed"]),
        priority_why=row["priority_why"],
        matter=row["matter"],
        restricted_to=row["restricted_to"],
    )


def message_key(thread: Thread) -> str:
    """Name the message that a thread hangs on, as its delivery was named at the door."""
    return f"{thread.team}:{thread.channel}:{thread.ts}"


def thread_lane(thread: Thread) -> str:
    """Name the lane of a thread that has no ticket yet."""
    return f"thread:{thread.team}:{thread.channel}:{thread.ts}"


def ticket_lane(ticket: TicketId) -> str:
    """Name the lane of a ticket: what is in one lane is handled in order."""
    return f"ticket:{ticket}"


class SqliteConversation:
    """The conversation table."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        copies: Copies,
        said: Callable[[TicketId, UserId, str], None] = unheard,
    ) -> None:
        """Work on the open transaction of a database; what changes here changes in all copies.

        `said` is told of each message of a person.
        """
        self._said = said
        self._db = database
        self._clock = clock
        self._copies = copies

    def add(
        self,
        ticket: TicketId,
        author: UserId | None,
        text: str,
        ts: Ts | None,
        files: tuple[File, ...] = (),
        *,
        channel: ChannelId | None = None,
    ) -> None:
        """Add a message and what came with it; None as author is Frontline.

        `channel` is where it was written, if that is not where its ticket stands.
        """
        added = self._db.execute(
            "INSERT INTO conversation (ticket, team, channel, ts, author, text, files, at) "
            "SELECT id, team, COALESCE(?, channel), ?, ?, ?, ?, ? FROM tickets WHERE id = ? "
            "ON CONFLICT DO NOTHING",
            [channel, ts, author, seal(text), _listed(files), stamp(self._clock()), ticket],
        )
        if author is not None and self._said is not unheard and added.rowcount:
            self._said(ticket, author, text)

    def edit(self, thread: Thread, ts: Ts, text: str) -> bool:
        """Replace a message's text; False where it is not on record or says the same."""
        before = self._at(thread, ts)
        if before is None or before["text"] == text or before["deleted"]:
            return False
        self._db.execute(
            "UPDATE conversation SET text = ? WHERE id = ?", [seal(text), before["id"]]
        )
        self._copies.replace(
            TicketId(before["ticket"]), before["text"], text, _files(before["files"])
        )
        return True

    def delete(self, thread: Thread, ts: Ts) -> bool:
        """Take a message's words out of every copy; False where it is not on record."""
        before = self._at(thread, ts)
        if before is None or before["deleted"]:
            return False
        self._db.execute(
            "UPDATE conversation SET deleted = 1, text = '', files = '[]' WHERE id = ?",
            [before["id"]],
        )
        self._copies.replace(
            TicketId(before["ticket"]), before["text"], None, _files(before["files"])
        )
        key = message_key(Thread(thread.team, thread.channel, ts))
        self._db.execute(
            "UPDATE inbox SET payload = '{}' WHERE message_key = ? AND state = 'failed'", [key]
        )
        return True

    def holds(self, thread: Thread, ts: Ts) -> bool:
        """Tell whether a message is on record, or was until it was deleted."""
        return self._at(thread, ts) is not None

    def ticket_of(self, thread: Thread, ts: Ts) -> TicketId | None:
        """Give the ticket on whose record a message is, wherever it was written."""
        found = self._at(thread, ts)
        return TicketId(found["ticket"]) if found else None

    def _at(self, thread: Thread, ts: Ts) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute(
            "SELECT id, ticket, opened(text) AS text, deleted, files FROM conversation "
            "WHERE team = ? AND channel = ? AND ts = ?",
            [thread.team, thread.channel, ts],
        ).fetchone()
        return found

    def of(self, ticket: TicketId) -> tuple[Line, ...]:
        """Give all messages, oldest first."""
        rows = self._db.execute(
            "SELECT author, opened(text) AS text, deleted, files FROM conversation "
            "WHERE ticket = ? ORDER BY id",
            [ticket],
        ).fetchall()
        return tuple(
            Line(
                UserId(row["author"]) if row["author"] else None,
                row["text"],
                bool(row["deleted"]),
                _files(row["files"]),
            )
            for row in rows
        )


def _listed(files: tuple[File, ...]) -> str:
    return json.dumps([[file.name, file.url] for file in files])


def _files(listed: str) -> tuple[File, ...]:
    return tuple(File(name, url) for name, url in json.loads(listed))
