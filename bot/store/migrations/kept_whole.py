"""What keeps it whole: refusals, secrets, history, shares, what comes in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.migrations.registry import migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


@migrations()
def m020_sending(db: Database) -> None:
    """The outbox sends side by side: by which way, how urgent, in which thread."""
    for column in (
        "way TEXT NOT NULL DEFAULT 'post'",
        "urgency INTEGER NOT NULL DEFAULT 0",
        "place TEXT",
        "set_aside_at TEXT",
    ):
        db.execute(f"ALTER TABLE outbox ADD COLUMN {column}")
    db.execute(
        "UPDATE outbox SET way = CASE WHEN channel LIKE 'home:%' THEN 'home' "
        "WHEN edits IS NOT NULL THEN 'edit' WHEN only_for IS NOT NULL THEN 'whisper' "
        "WHEN json_extract(notice, '$.kind') = 'seen' THEN 'mark' ELSE 'post' END, "
        "urgency = CASE WHEN channel LIKE 'home:%' THEN 3 "
        "WHEN json_extract(notice, '$.kind') IN ('card', 'handoff', 'thread_note', 'reminder') "
        "THEN 2 ELSE 0 END WHERE state IN ('pending', 'in_flight')"
    )
    unsettled = "state IN ('pending', 'in_flight')"
    for name, on in (
        ("next", "(urgency, id) WHERE state = 'pending'"),
        ("place", f"(place, id) WHERE place IS NOT NULL AND {unsettled}"),
        ("due", "(due) WHERE state = 'pending'"),
        ("in_hand", "(due) WHERE state = 'in_flight'"),
        ("held", "(way) WHERE state = 'held'"),
        ("refused", "(ticket) WHERE state = 'dead'"),
    ):
        db.execute(f"CREATE INDEX outbox_{name} ON outbox {on}")


@migrations()
def m021_stops(db: Database) -> None:
    """What is stopped because Slack refuses Frontline itself."""
    db.execute(
        "CREATE TABLE sending_stops (scope TEXT PRIMARY KEY, says TEXT NOT NULL, "
        "since TEXT NOT NULL) STRICT"
    )


@migrations()
def m022_alarms(db: Database) -> None:
    """What the admin is told by every way but Slack."""
    db.execute(
        """
        CREATE TABLE alarms (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, says TEXT NOT NULL,
            raised_at TEXT NOT NULL, heard_at TEXT,
            attempts INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX alarms_waiting ON alarms (id) WHERE heard_at IS NULL")
    db.execute(
        "CREATE INDEX outbox_alarming ON outbox (created_at) "
        "WHERE urgency = 1 AND state IN ('pending', 'in_flight')"
    )


@migrations()
def m023_set_aside(db: Database) -> None:
    """What cannot be read, planned or sent is set aside with its reason, and found by index."""
    db.execute("ALTER TABLE timers ADD COLUMN error TEXT")
    db.execute("ALTER TABLE inbox ADD COLUMN trouble TEXT")
    db.execute(
        "CREATE INDEX timers_trouble ON timers (id) "
        "WHERE state IN ('set', 'aside') AND error IS NOT NULL"
    )
    db.execute("CREATE INDEX outbox_aside ON outbox (id) WHERE state = 'aside'")
    db.execute(
        "CREATE INDEX inbox_trouble ON inbox (id) WHERE state <> 'done' AND error IS NOT NULL"
    )


@migrations()
def m033_privacy(db: Database) -> None:
    """Who was told what once, what quotes which ticket, and where exports went."""
    db.execute(
        "CREATE TABLE secrets_told (ticket INTEGER NOT NULL, user TEXT NOT NULL, "
        "PRIMARY KEY (ticket, user)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE TABLE turned_away (user TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")
    db.execute(
        "CREATE TABLE quotes (ticket INTEGER NOT NULL, notice INTEGER NOT NULL, "
        "PRIMARY KEY (ticket, notice)) STRICT, WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE exports (path TEXT PRIMARY KEY, what TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX outbox_ticket ON outbox (ticket) WHERE ticket IS NOT NULL")


@migrations()
def m034_erasing(db: Database) -> None:
    """The audit trail stays append-only, except while words are erased as somebody may ask."""
    db.execute("CREATE TABLE erasing (since TEXT NOT NULL) STRICT")
    for verb in ("UPDATE", "DELETE"):
        db.execute(f"DROP TRIGGER audit_no_{verb.lower()}")
        db.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "WHEN NOT EXISTS (SELECT 1 FROM erasing) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


@migrations()
def m030_routes(db: Database) -> None:
    """What went on a route, who alone may see it, and why a ticket has its priority."""
    for column in ("matter TEXT", "restricted_to TEXT", "priority_why TEXT NOT NULL DEFAULT ''"):
        db.execute(f"ALTER TABLE tickets ADD COLUMN {column}")
    db.execute("CREATE INDEX tickets_restricted ON tickets (id) WHERE restricted_to IS NOT NULL")


@migrations()
def m039_presence(db: Database) -> None:
    """Until when all that was written has been heard, and what two clocks showed at one instant."""
    db.execute(
        """
        CREATE TABLE presence (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            heard_until TEXT, own_time TEXT, slack_time TEXT
        ) STRICT
        """
    )
    # Whoever upgrades was away since the last event at the earliest.
    db.execute(
        "INSERT INTO presence (id, heard_until) VALUES (1, (SELECT max(received_at) FROM inbox))"
    )


@migrations()
def m040_holder(db: Database) -> None:
    """Which process works on this database, and that it is alive."""
    db.execute(
        """
        CREATE TABLE holder (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            token TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
            since TEXT NOT NULL, beats INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """
    )


@migrations()
def m037_files_beside_the_text(db: Database) -> None:
    """What came with a message, as `[name, address]`; its words are never read for it."""
    db.execute("ALTER TABLE conversation ADD COLUMN files TEXT NOT NULL DEFAULT '[]'")


@migrations()
def m024_queues(db: Database) -> None:
    """What waits, what falls due next and what is settled is found without looking at the rest."""
    # What waits in the outbox has indexes of its own, as by its ways of sending.
    db.execute(
        "CREATE INDEX inbox_queue ON inbox (id, due, lane) WHERE state IN ('pending', 'in_flight')"
    )
    db.execute("CREATE INDEX inbox_due ON inbox (due) WHERE state = 'pending'")
    db.execute("CREATE INDEX inbox_settled ON inbox (finished_at) WHERE state = 'done'")
    db.execute("CREATE INDEX timers_of ON timers (ticket)")
    db.execute("CREATE INDEX outbox_settled ON outbox (sent_at) WHERE state = 'sent'")
    db.execute(
        "CREATE INDEX tickets_called ON tickets (opened_at) "
        "WHERE (state = 'escalated' OR duplicate_of IS NOT NULL)"
    )
    db.execute(
        "CREATE INDEX escalations_unsettled ON escalations (ticket) "
        "WHERE state IN ('pending', 'acknowledged')"
    )


@migrations()
def m025_history(db: Database) -> None:
    """Settled rows of inbox and outbox have tables of their own; the views see both."""
    db.execute(
        """
        CREATE TABLE inbox_history (
            id INTEGER PRIMARY KEY,
            event_id TEXT NOT NULL UNIQUE, message_key TEXT UNIQUE,
            lane TEXT NOT NULL, payload TEXT NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            due TEXT NOT NULL, received_at TEXT NOT NULL, finished_at TEXT, error TEXT,
            trouble TEXT
        ) STRICT
        """
    )
    db.execute(
        """
        CREATE TABLE outbox_history (
            id INTEGER PRIMARY KEY,
            lane TEXT NOT NULL, ticket INTEGER, notice TEXT NOT NULL,
            channel TEXT NOT NULL, thread_ts TEXT, under INTEGER, edits INTEGER, only_for TEXT,
            state TEXT NOT NULL, uncertain INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL,
            created_at TEXT NOT NULL, sent_at TEXT,
            sent_channel TEXT, sent_ts TEXT, error TEXT,
            way TEXT NOT NULL DEFAULT 'post', urgency INTEGER NOT NULL DEFAULT 0, place TEXT,
            set_aside_at TEXT
        ) STRICT
        """
    )
    db.execute(
        "CREATE INDEX outbox_history_ticket ON outbox_history (ticket) WHERE ticket IS NOT NULL"
    )
    db.execute("CREATE INDEX outbox_history_sent ON outbox_history (sent_channel, sent_ts)")
    db.execute(
        "CREATE INDEX outbox_history_edits ON outbox_history (edits) WHERE edits IS NOT NULL"
    )
    inbox = (
        "id, event_id, message_key, lane, payload, state, attempts, due, received_at, "
        "finished_at, error, trouble"
    )
    outbox = (
        "id, lane, ticket, notice, channel, thread_ts, under, edits, only_for, state, "
        "uncertain, attempts, due, created_at, sent_at, sent_channel, sent_ts, error, "
        "way, urgency, place, set_aside_at"
    )
    for table, columns in (("inbox", inbox), ("outbox", outbox)):
        db.execute(
            f"CREATE VIEW all_{table} AS SELECT {columns} FROM {table} "
            f"UNION ALL SELECT {columns} FROM {table}_history"
        )


@migrations()
def m035_sealing(db: Database) -> None:
    """By what the key of sealed conversations is known again; empty where nothing is sealed."""
    db.execute("CREATE TABLE sealing (proof TEXT NOT NULL) STRICT")


@migrations()
def m027_conversations(db: Database) -> None:
    """Several tickets in one thread, and the last notices of a ticket by index."""
    db.execute("ALTER TABLE tickets ADD COLUMN root_ts TEXT")
    db.execute(
        "CREATE INDEX tickets_root ON tickets (team, channel, root_ts) WHERE root_ts IS NOT NULL"
    )
    db.execute("CREATE INDEX outbox_latest ON outbox (ticket, id) WHERE edits IS NULL")


@migrations()
def m041_share(db: Database) -> None:
    """Whose doing a delivery is, and when each person's share has room again."""
    db.execute("ALTER TABLE inbox ADD COLUMN author TEXT")
    db.execute("ALTER TABLE inbox ADD COLUMN slowed INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE inbox ADD COLUMN overlong INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX inbox_held ON inbox (due) WHERE state = 'held'")
    db.execute(
        "CREATE TABLE shares (user TEXT PRIMARY KEY, used_until TEXT NOT NULL, told_at TEXT) STRICT"
    )


@migrations()
def m042_never_sent(db: Database) -> None:
    """What was skipped or dropped is put away as well."""
    db.execute(
        "CREATE INDEX outbox_never_sent ON outbox (created_at) "
        "WHERE state IN ('skipped', 'dropped')"
    )


@migrations()
def m047_cause_told(db: Database) -> None:
    """Whether the requester reads the cause too; until now they always did."""
    db.execute("ALTER TABLE escalations ADD COLUMN cause_told INTEGER NOT NULL DEFAULT 1")


@migrations()
def m045_taken_back(db: Database) -> None:
    """Messages that were deleted before they came: by their places, and no word of them."""
    db.execute(
        "CREATE TABLE taken_back (team TEXT NOT NULL, channel TEXT NOT NULL, ts TEXT NOT NULL, "
        "at TEXT NOT NULL, PRIMARY KEY (team, channel, ts)) STRICT"
    )
