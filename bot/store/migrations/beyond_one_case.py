"""More than one case: incidents, rest, drafts, gaps, and what leaves Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.migrations.registry import migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


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


@migrations()
def m063_counted_by_the_hour(db: Database) -> None:
    """Tickets of each hour by their end, and what of them is under way: Homes count no tickets."""
    db.execute(
        "CREATE TABLE ticket_hours (hour TEXT NOT NULL, resolution TEXT NOT NULL, "
        "tickets INTEGER NOT NULL, live INTEGER NOT NULL, PRIMARY KEY (hour, resolution)) "
        "STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX ticket_hours_live ON ticket_hours (live) WHERE live > 0")
    hour, end = "substr({0}opened_at, 1, 13)", "coalesce({0}resolution, '')"
    live = (
        "({0}state IN ('open', 'answered', 'escalated') OR ({0}state = 'resolved' "
        "AND {0}duplicate_of IS NOT NULL AND {0}told_of_end = 0))"
    )
    db.execute(
        f"INSERT INTO ticket_hours SELECT {hour.format('')}, {end.format('')}, count(*), "
        f"sum({live.format('')}) FROM tickets GROUP BY 1, 2"
    )
    comes, goes = (
        f"INSERT INTO ticket_hours VALUES ({hour.format(row)}, {end.format(row)}, {by}1, "
        f"{by}{live.format(row)}) ON CONFLICT (hour, resolution) DO UPDATE "
        "SET tickets = tickets + excluded.tickets, live = live + excluded.live;"
        for row, by in (("new.", ""), ("old.", "-"))
    )
    changed = " OR ".join(
        f"old.{each} IS NOT new.{each}"
        for each in ("state", "resolution", "duplicate_of", "told_of_end", "opened_at")
    )
    db.execute(f"CREATE TRIGGER ticket_hours_opened AFTER INSERT ON tickets BEGIN {comes} END")
    db.execute(f"CREATE TRIGGER ticket_hours_deleted AFTER DELETE ON tickets BEGIN {goes} END")
    db.execute(
        f"CREATE TRIGGER ticket_hours_moved AFTER UPDATE ON tickets WHEN {changed} "
        f"BEGIN {goes} {comes} END"
    )


@migrations()
def m064_what_colleagues_do(db: Database) -> None:
    """What moves in a group is marked, so that open Homes of its engineers are built again.

    A move writes one row of its group, however many look: who is behind is found when there is
    time for it. The group `*` is everybody's who works on tickets: incidents.
    """
    db.execute(
        "CREATE TABLE group_moves (group_name TEXT PRIMARY KEY, mark INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )
    db.execute("ALTER TABLE home_viewers ADD COLUMN of_groups TEXT NOT NULL DEFAULT '[]'")
    db.execute("ALTER TABLE home_viewers ADD COLUMN built_at TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE home_viewers ADD COLUMN seen INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "CREATE INDEX home_viewers_of_groups ON home_viewers (opened_at) WHERE of_groups <> '[]'"
    )
    moved = (
        "INSERT INTO group_moves SELECT {}, coalesce(max(mark), 0) + 1 FROM group_moves WHERE true "
        "ON CONFLICT (group_name) DO UPDATE SET mark = excluded.mark;"
    )
    step = ["state", "assignee", "group_name", "urgency", "snoozed_by", "snoozed_until"]
    line = ["state", "owner", "title"]
    for name, event, columns, groups in (
        ("called", "INSERT ON escalations", (), ("new.group_name",)),
        ("handled", "UPDATE ON escalations", step, ("new.group_name", "old.group_name")),
        ("began", "INSERT ON incidents", (), ("'*'",)),
        ("went_on", "UPDATE ON incidents", line, ("'*'",)),
        ("told", "INSERT ON incident_updates", (), ("'*'",)),
    ):
        changed = " OR ".join(f"old.{each} IS NOT new.{each}" for each in columns)
        when = f"WHEN {changed} " if changed else ""
        steps = " ".join(moved.format(each) for each in groups)
        db.execute(f"CREATE TRIGGER group_moves_{name} AFTER {event} {when}BEGIN {steps} END")
    db.execute(
        "CREATE TRIGGER group_moves_waits AFTER UPDATE ON tickets "
        "WHEN old.waiting_since IS NOT new.waiting_since BEGIN "
        "INSERT INTO group_moves SELECT e.group_name, "
        "(SELECT coalesce(max(mark), 0) + 1 FROM group_moves) FROM escalations AS e "
        "WHERE e.ticket = new.id AND e.state IN ('pending', 'acknowledged') "
        "ON CONFLICT (group_name) DO UPDATE SET mark = excluded.mark; END"
    )


@migrations()
def m057_problems(db: Database) -> None:
    """Causes that recur and wishes, taken together; their words stay on their tickets."""
    db.execute(
        """
        CREATE TABLE problems (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            typical INTEGER NOT NULL REFERENCES tickets (id),
            state TEXT NOT NULL DEFAULT 'open', link TEXT,
            decided_by TEXT, decided_at TEXT, made_at TEXT NOT NULL
        ) STRICT
        """
    )
    db.execute(
        "CREATE TABLE problem_tickets (ticket INTEGER NOT NULL REFERENCES tickets (id), "
        "problem INTEGER NOT NULL REFERENCES problems (id), PRIMARY KEY (problem, ticket)) "
        "STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX problem_tickets_of ON problem_tickets (ticket)")
    db.execute(
        "CREATE TABLE wishes (ticket INTEGER PRIMARY KEY REFERENCES tickets (id), "
        "wished INTEGER NOT NULL) STRICT"
    )


@migrations()
def m043_languages(db: Database) -> None:
    """In which language people are spoken to, and where they speak to us directly."""
    db.execute(
        "CREATE TABLE languages (user TEXT PRIMARY KEY, language TEXT NOT NULL, direct TEXT) STRICT"
    )
    db.execute("CREATE INDEX languages_direct ON languages (direct) WHERE direct IS NOT NULL")


@migrations()
def m058_articles_to_update(db: Database) -> None:
    """What tells that articles need an update: their links, when they were, and who does now."""
    db.execute(
        "CREATE TABLE article_links (article TEXT NOT NULL, url TEXT NOT NULL, "
        "says TEXT NOT NULL, since TEXT NOT NULL, checked_at TEXT NOT NULL, "
        "PRIMARY KEY (article, url)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE TABLE article_updates (article TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT")
    db.execute(
        "CREATE TABLE article_ailments (article TEXT PRIMARY KEY, failed INTEGER NOT NULL, "
        "told INTEGER NOT NULL, step INTEGER, tickets TEXT NOT NULL, proposed TEXT NOT NULL, "
        "links TEXT NOT NULL) STRICT"
    )


@migrations()
def m062_figures(db: Database) -> None:
    """How sure the gate was of its answers, where links lead, and indexes for figures."""
    db.execute(
        "CREATE TABLE chances (ticket INTEGER NOT NULL REFERENCES tickets (id), "
        "article TEXT NOT NULL, chance REAL NOT NULL, at TEXT NOT NULL, "
        "PRIMARY KEY (ticket, article)) STRICT"
    )
    db.execute("CREATE INDEX audit_opened ON audit (ticket, details) WHERE what = 'opened'")
    moves = (
        "what IN ('resolved', 'taken', 'replied to the requester', 'sent to the requester', "
        "'asked the requester')"
    )
    db.execute(f"CREATE INDEX audit_moves ON audit (what, ticket, at) WHERE {moves}")
    db.execute("CREATE TABLE workspaces (team TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT")


@migrations()
def m070_live_sources(db: Database) -> None:
    """What came of the last try to bring in each live source, and when the next one is."""
    db.execute(
        "CREATE TABLE live_sources (name TEXT PRIMARY KEY, kind TEXT NOT NULL, "
        "articles INTEGER NOT NULL DEFAULT 0, says TEXT NOT NULL DEFAULT '', "
        "notes TEXT NOT NULL DEFAULT '', began_at TEXT, done_at TEXT, next_at TEXT, "
        "failures INTEGER NOT NULL DEFAULT 0, fingerprint TEXT NOT NULL DEFAULT '') "
        "STRICT, WITHOUT ROWID"
    )


@migrations()
def m066_figure_blocks(db: Database) -> None:
    """What is counted of 2048 tickets each, as numbers; whatever moves of one lets its block go."""
    db.execute(
        "CREATE TABLE figure_blocks (block INTEGER PRIMARY KEY, layout INTEGER NOT NULL, "
        "names TEXT NOT NULL, tickets BLOB NOT NULL, calls BLOB NOT NULL, moves BLOB NOT NULL, "
        "failures BLOB NOT NULL) STRICT"
    )
    for table, number in (("tickets", "id"), ("escalations", "ticket"), ("audit", "ticket")):
        for verb, rows in (("INSERT", ["new"]), ("UPDATE", ["new", "old"]), ("DELETE", ["old"])):
            gone = " ".join(
                f"DELETE FROM figure_blocks WHERE block = {row}.{number} / 2048;" for row in rows
            )
            db.execute(
                f"CREATE TRIGGER figure_blocks_{table}_{verb.lower()} AFTER {verb} ON {table} "
                f"BEGIN {gone} END"
            )


@migrations()
def m073_heard(db: Database) -> None:
    """Where a sign was given that the messages that wait were heard: once, whoever restarts."""
    db.execute(
        "CREATE TABLE heard (channel TEXT NOT NULL, thread_ts TEXT NOT NULL, at TEXT NOT NULL, "
        "PRIMARY KEY (channel, thread_ts)) STRICT, WITHOUT ROWID"
    )


@migrations()
def m085_odds(db: Database) -> None:
    """What the gate gave each message, to lean by what came of it."""
    db.execute(
        "CREATE TABLE odds (ticket INTEGER PRIMARY KEY REFERENCES tickets (id), "
        "article TEXT NOT NULL, best REAL NOT NULL, articles REAL NOT NULL, "
        "no_article REAL NOT NULL, person REAL NOT NULL, gate TEXT NOT NULL, at TEXT NOT NULL) "
        "STRICT"
    )


@migrations()
def m071_copying(db: Database) -> None:
    """Of which desk this database is half a copy, and what that held; empty in a whole one."""
    db.execute("CREATE TABLE copying (source TEXT NOT NULL, sums TEXT NOT NULL) STRICT")


@migrations()
def m072_installations(db: Database) -> None:
    """Where the app is installed, for a process that serves several; tokens are sealed."""
    db.execute(
        "CREATE TABLE installations (home TEXT PRIMARY KEY, name TEXT NOT NULL, "
        "token TEXT NOT NULL, refresh_token TEXT, expires_at TEXT, bot_user TEXT NOT NULL, "
        "installer TEXT NOT NULL, installed_at TEXT NOT NULL, ended_at TEXT, "
        "ended_why TEXT NOT NULL DEFAULT '', welcomed_at TEXT, "
        "stands TEXT NOT NULL DEFAULT 'stopped', says TEXT NOT NULL DEFAULT '', "
        "stands_since TEXT) STRICT, WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE install_states (state TEXT PRIMARY KEY, until TEXT NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )
