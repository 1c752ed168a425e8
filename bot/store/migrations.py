"""The database's shape, as steps that are never edited once released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils.migrations import Migrations

from bot.desk.ids import FIRST_TICKET

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("desk")


@migrations()
def m001_tickets(db: Database) -> None:
    """Tickets, and what was said on them."""
    db.execute(
        """
        CREATE TABLE tickets (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team TEXT NOT NULL, channel TEXT NOT NULL, thread_ts TEXT NOT NULL,
            requester TEXT NOT NULL, question TEXT NOT NULL, asked_ts TEXT NOT NULL,
            opened_at TEXT NOT NULL, updated_at TEXT NOT NULL,
            state TEXT NOT NULL, resolution TEXT,
            articles_shown TEXT NOT NULL DEFAULT '[]',
            articles_failed TEXT NOT NULL DEFAULT '[]',
            reopened INTEGER NOT NULL DEFAULT 0,
            UNIQUE (team, channel, thread_ts)
        ) STRICT
        """
    )
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', ?)", [FIRST_TICKET - 1])
    db.execute(
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            team TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT,
            author TEXT, text TEXT NOT NULL,
            deleted INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL,
            UNIQUE (team, channel, ts)
        ) STRICT
        """
    )
    db.execute("CREATE INDEX conversation_ticket ON conversation (ticket, id)")


@migrations()
def m002_escalations(db: Database) -> None:
    """Escalations; a ticket has at most one that is open."""
    db.execute(
        """
        CREATE TABLE escalations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            tier TEXT NOT NULL, group_name TEXT NOT NULL,
            state TEXT NOT NULL, assignee TEXT, card INTEGER,
            reasons TEXT NOT NULL, findings TEXT NOT NULL DEFAULT '',
            settled_by TEXT, cause TEXT, fix TEXT,
            opened_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        "CREATE UNIQUE INDEX escalations_open ON escalations (ticket) "
        "WHERE state IN ('pending', 'acknowledged')"
    )
    db.execute("CREATE INDEX escalations_ticket ON escalations (ticket, id)")
    db.execute("CREATE INDEX escalations_card ON escalations (card)")


@migrations()
def m003_inbox(db: Database) -> None:
    """Events from Slack, stored before they are acknowledged."""
    db.execute(
        """
        CREATE TABLE inbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL UNIQUE, message_key TEXT UNIQUE,
            lane TEXT NOT NULL, payload TEXT NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL, received_at TEXT NOT NULL, finished_at TEXT, error TEXT
        ) STRICT
        """
    )
    db.execute(
        "CREATE INDEX inbox_waiting ON inbox (lane, id) WHERE state IN ('pending', 'in_flight')"
    )


@migrations()
def m004_outbox(db: Database) -> None:
    """Notices to people, written in the transaction of the state that they speak of."""
    db.execute(
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            lane TEXT NOT NULL, ticket INTEGER, notice TEXT NOT NULL,
            channel TEXT NOT NULL, thread_ts TEXT, under INTEGER, edits INTEGER, only_for TEXT,
            state TEXT NOT NULL, uncertain INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL,
            created_at TEXT NOT NULL, sent_at TEXT,
            sent_channel TEXT, sent_ts TEXT, error TEXT
        ) STRICT
        """
    )
    db.execute(
        "CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state IN ('pending', 'in_flight')"
    )
    db.execute("CREATE INDEX outbox_sent ON outbox (sent_channel, sent_ts)")
    db.execute("CREATE INDEX outbox_edits ON outbox (edits) WHERE edits IS NOT NULL")
    db.execute("CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead'")


@migrations()
def m005_audit(db: Database) -> None:
    """Who did what; rows are added and never changed."""
    db.execute(
        """
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL, at TEXT NOT NULL,
            actor TEXT, what TEXT NOT NULL, details TEXT NOT NULL DEFAULT ''
        ) STRICT
        """
    )
    db.execute("CREATE INDEX audit_ticket ON audit (ticket, id)")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
