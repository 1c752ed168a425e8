"""The first desk: tickets, calls, boxes, rotas, threads, timers, Homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import FIRST_TICKET
from bot.store.migrations.registry import migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


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


@migrations()
def m006_oncall(db: Database) -> None:
    """Who stands in for whom; who was on call when last looked."""
    db.execute(
        """
        CREATE TABLE overrides (
            id INTEGER PRIMARY KEY AUTOINCREMENT, group_name TEXT NOT NULL,
            starts_at TEXT NOT NULL, ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
            member TEXT NOT NULL, replaces TEXT, reason TEXT NOT NULL DEFAULT '',
            made_by TEXT, made_at TEXT NOT NULL, cancelled_by TEXT, cancelled_at TEXT
        ) STRICT
        """
    )
    db.execute(
        "CREATE INDEX overrides_standing ON overrides (group_name, ends_at) "
        "WHERE cancelled_at IS NULL"
    )
    db.execute(
        """
        CREATE TABLE rota_states (
            group_name TEXT PRIMARY KEY, members TEXT NOT NULL,
            trouble TEXT NOT NULL DEFAULT '', synced TEXT NOT NULL DEFAULT '[]',
            at TEXT NOT NULL
        ) STRICT
        """
    )


@migrations()
def m007_threads(db: Database) -> None:
    """What engineers do from their thread, what requesters say at the end, what looks alike."""
    for column in (
        "priority TEXT",
        "waiting_since TEXT",
        "muted INTEGER NOT NULL DEFAULT 0",
        "duplicate_of INTEGER REFERENCES tickets (id)",
        "told_of_end INTEGER NOT NULL DEFAULT 0",
        "confirmed INTEGER NOT NULL DEFAULT 0",
    ):
        db.execute(f"ALTER TABLE tickets ADD COLUMN {column}")
    db.execute(
        "CREATE INDEX tickets_duplicates ON tickets (duplicate_of) WHERE duplicate_of IS NOT NULL"
    )
    for column in (
        "prevention TEXT NOT NULL DEFAULT ''",
        "right_tier TEXT",
        "article_wanted INTEGER NOT NULL DEFAULT 0",
        "article_words TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(f"ALTER TABLE escalations ADD COLUMN {column}")
    db.execute(
        """
        CREATE TABLE labels (
            id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (id),
            text TEXT NOT NULL, label TEXT NOT NULL, article TEXT,
            labelled_by TEXT NOT NULL, at TEXT NOT NULL,
            UNIQUE (ticket, labelled_by)
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE ratings (
            ticket INTEGER PRIMARY KEY REFERENCES tickets (id),
            stars INTEGER NOT NULL, remark TEXT NOT NULL DEFAULT '',
            rated_by TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        "CREATE VIRTUAL TABLE ticket_words USING fts5 ("
        "question, cause, fix, tokenize = 'unicode61 remove_diacritics 2')"
    )
    db.execute("CREATE VIRTUAL TABLE ticket_vocabulary USING fts5vocab (ticket_words, 'row')")
    db.execute(
        "INSERT INTO ticket_words (rowid, question, cause, fix) "
        "SELECT t.id, t.question, coalesce(e.cause, ''), coalesce(e.fix, '') FROM tickets AS t "
        "LEFT JOIN escalations AS e ON e.id = (SELECT max(id) FROM escalations "
        "WHERE ticket = t.id AND cause IS NOT NULL)"
    )
    opened = (
        "INSERT INTO ticket_words (rowid, question, cause, fix) "
        "VALUES (new.id, new.question, '', '')"
    )
    reworded = "UPDATE ticket_words SET question = new.question WHERE rowid = new.id"
    settled = (
        "UPDATE ticket_words SET cause = new.cause, fix = coalesce(new.fix, '') "
        "WHERE rowid = new.ticket"
    )
    for trigger, event, write in (
        ("opened", "INSERT ON tickets", opened),
        (
            "reworded",
            "UPDATE OF question ON tickets WHEN new.question <> old.question",
            reworded,
        ),
        (
            "settled",
            "UPDATE OF cause, fix ON escalations WHEN new.cause IS NOT NULL",
            settled,
        ),
    ):
        db.execute(f"CREATE TRIGGER ticket_words_{trigger} AFTER {event} BEGIN {write}; END")


@migrations()
def m008_timers(db: Database) -> None:
    """What happens if nobody does anything until then."""
    db.execute(
        """
        CREATE TABLE timers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ticket INTEGER NOT NULL REFERENCES tickets (id), escalation INTEGER,
            kind TEXT NOT NULL, promise TEXT, always INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL, left_s REAL,
            state TEXT NOT NULL, ended_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE INDEX timers_due ON timers (due) WHERE state = 'set'")
    db.execute("CREATE INDEX timers_ticket ON timers (ticket) WHERE state IN ('set', 'paused')")


@migrations()
def m010_steps(db: Database) -> None:
    """What requesters tried of an article's steps, and how it ended."""
    db.execute(
        """
        CREATE TABLE steps_tried (
            id INTEGER PRIMARY KEY, ticket INTEGER NOT NULL REFERENCES tickets (id),
            article TEXT NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL,
            outcome TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX steps_tried_ticket ON steps_tried (ticket, id)")


@migrations()
def m009_places(db: Database) -> None:
    """What people see where they look: an index for each question, and who looks at their Home."""
    for name, on in (
        (
            "tickets_live",
            (
                "tickets (requester, id) WHERE (state IN ('open', 'answered', 'escalated') "
                "OR (state = 'resolved' AND duplicate_of IS NOT NULL AND told_of_end = 0))"
            ),
        ),
        ("tickets_state", "tickets (state, id)"),
        ("tickets_volumes", "tickets (opened_at, resolution)"),
        (
            "escalations_assignee",
            "escalations (assignee, id) WHERE state IN ('pending', 'acknowledged')",
        ),
        (
            "escalations_queue",
            (
                "escalations (group_name, state, assignee, id, ticket) "
                "WHERE state IN ('pending', 'acknowledged')"
            ),
        ),
        ("timers_fired", "timers (escalation, kind, promise) WHERE state = 'fired'"),
        ("audit_answered", "audit (at, details) WHERE what = 'answered'"),
        ("inbox_failed", "inbox (id) WHERE state = 'failed'"),
    ):
        db.execute(f"CREATE INDEX {name} ON {on}")
    db.execute(
        """
        CREATE TABLE home_viewers (
            user TEXT PRIMARY KEY, opened_at TEXT NOT NULL, stale INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """
    )
    db.execute("CREATE INDEX home_viewers_stale ON home_viewers (user) WHERE stale > 0")
    requester = "SELECT requester FROM tickets WHERE id = new.ticket"
    for name, event, whose in (
        ("asked", "INSERT ON tickets", "new.requester"),
        ("moved", "UPDATE ON tickets", "new.requester"),
        ("called", "INSERT ON escalations", f"new.assignee, ({requester})"),
        ("handled", "UPDATE ON escalations", f"old.assignee, new.assignee, ({requester})"),
    ):
        db.execute(
            f"CREATE TRIGGER home_viewers_{name} AFTER {event} BEGIN "
            f"UPDATE home_viewers SET stale = stale + 1 WHERE user IN ({whose}); END"
        )


@migrations()
def m011_precedents(db: Database) -> None:
    """What came before a request is found by index."""
    db.execute("CREATE INDEX tickets_opened ON tickets (opened_at)")
    db.execute("CREATE INDEX tickets_requester ON tickets (requester, opened_at)")
