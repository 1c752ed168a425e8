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


@migrations()
def m048_incidents(db: Database) -> None:
    """A disturbance that several people report: its root is the ticket that people work on."""
    db.execute(
        """
        CREATE TABLE incidents (
            id INTEGER PRIMARY KEY,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            title TEXT NOT NULL, owner TEXT, declared_by TEXT,
            state TEXT NOT NULL, opened_at TEXT NOT NULL, ended_at TEXT
        ) STRICT
        """
    )
    db.execute("CREATE UNIQUE INDEX incidents_open ON incidents (ticket) WHERE state = 'open'")
    db.execute("CREATE INDEX incidents_ticket ON incidents (ticket, id)")
    db.execute(
        "CREATE INDEX tickets_affected ON tickets (duplicate_of, requester) "
        "WHERE duplicate_of IS NOT NULL"
    )


@migrations()
def m049_incident_news(db: Database) -> None:
    """What everyone was told of an incident, and the messages that show it in channels."""
    db.execute(
        """
        CREATE TABLE incident_updates (
            id INTEGER PRIMARY KEY,
            incident INTEGER NOT NULL REFERENCES incidents (id),
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            at TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX incident_updates_of ON incident_updates (incident, id)")
    db.execute(
        "CREATE TABLE incident_banners (incident INTEGER NOT NULL REFERENCES incidents (id), "
        "banner INTEGER NOT NULL, PRIMARY KEY (incident, banner)) STRICT"
    )


@migrations()
def m046_overtaken(db: Database) -> None:
    """Messages whose edit was handled in their place, beside those that were deleted first."""
    db.execute("ALTER TABLE taken_back ADD COLUMN edited INTEGER NOT NULL DEFAULT 0")


@migrations()
def m050_rest_and_rank(db: Database) -> None:
    """Who lets an escalation rest, and until when; its place by priority: P1 is found first."""
    db.execute("ALTER TABLE escalations ADD COLUMN snoozed_by TEXT")
    db.execute("ALTER TABLE escalations ADD COLUMN snoozed_until TEXT")
    db.execute("ALTER TABLE escalations ADD COLUMN urgency INTEGER NOT NULL DEFAULT 5")
    rank = "SELECT coalesce(CAST(substr(priority, 2) AS INTEGER), 5) FROM tickets"
    unsettled = "state IN ('pending', 'acknowledged')"
    db.execute(
        f"UPDATE escalations SET urgency = ({rank} WHERE id = escalations.ticket) WHERE {unsettled}"
    )
    db.execute(
        "CREATE TRIGGER escalations_ranked AFTER INSERT ON escalations BEGIN UPDATE escalations "
        f"SET urgency = ({rank} WHERE id = new.ticket) WHERE id = new.id; END"
    )
    db.execute(
        "CREATE TRIGGER tickets_ranked AFTER UPDATE OF priority ON tickets "
        "WHEN new.priority IS NOT old.priority BEGIN UPDATE escalations "
        f"SET urgency = coalesce(CAST(substr(new.priority, 2) AS INTEGER), 5) "
        f"WHERE ticket = new.id AND {unsettled}; END"
    )
    db.execute(
        "CREATE INDEX escalations_ranked ON escalations (group_name, state, urgency, id) "
        f"WHERE {unsettled}"
    )
    db.execute(
        f"CREATE INDEX escalations_mine ON escalations (assignee, urgency, id) WHERE {unsettled}"
    )


@migrations()
def m054_drafts(db: Database) -> None:
    """Articles proposed from resolutions, and what became of them."""
    db.execute(
        """
        CREATE TABLE drafts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            ticket INTEGER NOT NULL REFERENCES tickets (id),
            group_name TEXT NOT NULL,
            title TEXT NOT NULL, questions TEXT NOT NULL, body TEXT NOT NULL,
            article TEXT NOT NULL, area TEXT NOT NULL,
            sources TEXT NOT NULL, near TEXT NOT NULL,
            state TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1,
            decided_by TEXT, notice INTEGER, made_at TEXT NOT NULL, updated_at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute("CREATE INDEX drafts_of ON drafts (ticket)")
    db.execute("CREATE INDEX drafts_open ON drafts (id) WHERE state = 'open'")


@migrations()
def m051_home_choices(db: Database) -> None:
    """What each person wants to see on their Home; and what somebody put off, by index."""
    db.execute(
        "CREATE TABLE home_choices (user TEXT PRIMARY KEY, group_name TEXT, priority TEXT, "
        "shown TEXT, pages TEXT NOT NULL DEFAULT '{}') STRICT"
    )
    db.execute(
        "CREATE INDEX escalations_resting ON escalations (snoozed_by, urgency, id) "
        "WHERE snoozed_by IS NOT NULL"
    )


@migrations()
def m060_early(db: Database) -> None:
    """What came before the message that it is under waits for it."""
    db.execute("CREATE INDEX inbox_early ON inbox (due) WHERE state = 'early'")
    db.execute("CREATE INDEX inbox_early_lane ON inbox (lane) WHERE state = 'early'")


@migrations()
def m052_beyond_slack(db: Database) -> None:
    """Pages that left Slack, by the names that their targets know; urgent ones by one index."""
    db.execute(
        """
        CREATE TABLE pages (
            key TEXT PRIMARY KEY, ticket INTEGER NOT NULL, escalation INTEGER NOT NULL,
            target TEXT NOT NULL, state TEXT NOT NULL, raised_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX pages_of ON pages (ticket) WHERE state <> 'ended'")


@migrations()
def m055_gaps(db: Database) -> None:
    """Questions that no article answers, taken together; their words stay on their tickets."""
    db.execute(
        """
        CREATE TABLE gaps (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            typical INTEGER NOT NULL REFERENCES tickets (id),
            state TEXT NOT NULL DEFAULT 'open',
            decided_by TEXT, decided_at TEXT, near TEXT, made_at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        "CREATE TABLE gap_questions (ticket INTEGER PRIMARY KEY REFERENCES tickets (id), "
        "gap INTEGER NOT NULL REFERENCES gaps (id)) STRICT"
    )
    db.execute("CREATE INDEX gap_questions_of ON gap_questions (gap)")
    db.execute("CREATE TABLE learning_runs (what TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")


@migrations()
def m056_looked_over(db: Database) -> None:
    """Automatic answers that an engineer looks over, and what they said."""
    db.execute(
        "CREATE TABLE looked_over (ticket INTEGER NOT NULL REFERENCES tickets (id), "
        "article TEXT NOT NULL, asked_at TEXT NOT NULL, is_right INTEGER, looked_by TEXT, at TEXT, "
        "PRIMARY KEY (ticket, article)) STRICT"
    )
