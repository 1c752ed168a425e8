"""Tickets and their conversations in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.promises import Priority
from bot.desk.tickets import Line, Resolution, Ticket, TicketState
from bot.store.codec import dump_strings, load_strings, moment, stamp
from bot.store.database import insert

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock


LATEST = 50
"""So many tickets are looked at for what came before."""


class SqliteTickets:
    """The tickets table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def open(self, thread: Thread, requester: UserId, question: str, ts: Ts) -> Ticket:
        """Open a ticket for the first message of a thread, or for a later one that asks anew."""
        now = self._clock()
        beside = self.in_thread(thread) is not None
        row: dict[str, Any] = {
            "team": thread.team,
            "channel": thread.channel,
            # One that begins inside a thread is kept under its own first message.
            "thread_ts": ts if beside else thread.ts,
            "root_ts": thread.ts if beside else None,
            "requester": requester,
            "question": question,
            "asked_ts": ts,
            "opened_at": stamp(now),
            "updated_at": stamp(now),
            "state": TicketState.OPEN.value,
        }
        number = TicketId(insert(self._db, "tickets", row))
        # The thread has a ticket now: rows that wait for the thread wait for the ticket.
        self._db.execute(
            "UPDATE inbox SET lane = ? WHERE lane = ? AND state IN ('pending', 'in_flight')",
            [ticket_lane(number), thread_lane(thread)],
        )
        return Ticket(number, thread, requester, question, ts, now)

    def get(self, ticket: TicketId) -> Ticket | None:
        """Find a ticket by its number."""
        row = self._db.execute("SELECT * FROM tickets WHERE id = ?", [ticket]).fetchone()
        return _ticket(row) if row else None

    def in_thread(self, thread: Thread) -> Ticket | None:
        """Find the ticket whose requester's thread this is: the newest one that is not settled."""
        row = self._db.execute(
            "SELECT * FROM tickets WHERE team = ? AND channel = ? AND "
            "(thread_ts = ? OR root_ts = ?) "
            "ORDER BY state IN ('resolved', 'closed'), id DESC LIMIT 1",
            [thread.team, thread.channel, thread.ts, thread.ts],
        ).fetchone()
        return _ticket(row) if row else None

    def duplicates_of(self, original: TicketId) -> tuple[Ticket, ...]:
        """Give the tickets that were settled as the same as another, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM tickets WHERE duplicate_of = ? ORDER BY id", [original]
        ).fetchall()
        return tuple(_ticket(row) for row in rows)

    def escalated_since(self, since: datetime) -> tuple[Ticket, ...]:
        """Give the latest tickets that people work on, or that joined one of these."""
        return self._listed(
            "opened_at >= ? AND (state = 'escalated' OR duplicate_of IS NOT NULL)", [stamp(since)]
        )

    def of_requester(self, requester: UserId, since: datetime) -> tuple[Ticket, ...]:
        """Give somebody's latest tickets, newest first."""
        return self._listed("requester = ? AND opened_at >= ?", [requester, stamp(since)])

    def _listed(self, where: str, values: list[str]) -> tuple[Ticket, ...]:
        rows = self._db.execute(
            f"SELECT * FROM tickets WHERE {where} ORDER BY id DESC LIMIT {LATEST}",
            values,
        ).fetchall()
        return tuple(_ticket(row) for row in rows)

    def save(self, ticket: Ticket) -> None:
        """Write a ticket's state."""
        self._db.table("tickets").update(
            ticket.id,
            {
                "question": ticket.question,
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
                "updated_at": stamp(self._clock()),
            },
        )


def _ticket(row: sqlite3.Row) -> Ticket:
    return Ticket(
        id=TicketId(row["id"]),
        thread=Thread(
            TeamId(row["team"]), ChannelId(row["channel"]), Ts(row["root_ts"] or row["thread_ts"])
        ),
        requester=UserId(row["requester"]),
        question=row["question"],
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
    )


def thread_lane(thread: Thread) -> str:
    """Name the lane of a thread that has no ticket yet."""
    return f"thread:{thread.team}:{thread.channel}:{thread.ts}"


def ticket_lane(ticket: TicketId) -> str:
    """Name the lane of a ticket: what is in one lane is handled in order."""
    return f"ticket:{ticket}"


class SqliteConversation:
    """The conversation table."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def add(self, ticket: TicketId, author: UserId | None, text: str, ts: Ts | None) -> None:
        """Add a message; None as author is Frontline."""
        self._db.execute(
            "INSERT INTO conversation (ticket, team, channel, ts, author, text, at) "
            "SELECT id, team, channel, ?, ?, ?, ? FROM tickets WHERE id = ? "
            "ON CONFLICT DO NOTHING",
            [ts, author, text, stamp(self._clock()), ticket],
        )

    def edit(self, thread: Thread, ts: Ts, text: str) -> bool:
        """Replace a message's text; False where it is not on record or says the same."""
        changed = self._db.execute(
            "UPDATE conversation SET text = ? "
            "WHERE team = ? AND channel = ? AND ts = ? AND text <> ?",
            [text, thread.team, thread.channel, ts, text],
        )
        return changed.rowcount > 0

    def delete(self, thread: Thread, ts: Ts) -> bool:
        """Mark a message as deleted; False where it is not on record."""
        changed = self._db.execute(
            "UPDATE conversation SET deleted = 1 "
            "WHERE team = ? AND channel = ? AND ts = ? AND deleted = 0",
            [thread.team, thread.channel, ts],
        )
        return changed.rowcount > 0

    def of(self, ticket: TicketId) -> tuple[Line, ...]:
        """Give all messages, oldest first."""
        rows = self._db.execute(
            "SELECT author, text, deleted FROM conversation WHERE ticket = ? ORDER BY id", [ticket]
        ).fetchall()
        return tuple(
            Line(
                UserId(row["author"]) if row["author"] else None, row["text"], bool(row["deleted"])
            )
            for row in rows
        )
