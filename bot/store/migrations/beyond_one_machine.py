"""More than one machine and one message: replicas, shared models, and what is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.migrations.registry import migrations

if TYPE_CHECKING:
    from sqlite_utils import Database


@migrations()
def m067_replicas(db: Database) -> None:
    """Who serves beside others, who has a row in hand, and how fast all together may send."""
    db.execute(
        "CREATE TABLE replicas (id INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT NOT NULL, "
        "pid INTEGER NOT NULL, since TEXT NOT NULL, knows TEXT NOT NULL) STRICT"
    )
    db.execute(
        "CREATE TABLE paces (name TEXT PRIMARY KEY, kept TEXT NOT NULL, at TEXT NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )
    for table in ("inbox", "outbox"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN holder INTEGER NOT NULL DEFAULT 0")


@migrations()
def m075_asked_what(db: Database) -> None:
    """Threads in which it was asked what is wanted are found by where they are."""
    for table in ("outbox", "outbox_history"):
        db.execute(
            f"CREATE INDEX {table}_asked ON {table} (channel, thread_ts) "
            "WHERE ticket IS NULL AND thread_ts IS NOT NULL"
        )


@migrations()
def m078_language_of_a_ticket(db: Database) -> None:
    """A ticket is spoken of in the language in which it was last written."""
    db.execute("ALTER TABLE tickets ADD COLUMN spoken TEXT NOT NULL DEFAULT ''")


@migrations()
def m090_base_rows(db: Database) -> None:
    """The articles of several machines; a desk in a file has them in tables of their own."""
    db.execute(
        "CREATE TABLE base_rows (part TEXT NOT NULL, key TEXT NOT NULL, "
        "generation INTEGER NOT NULL, held TEXT, data BLOB, PRIMARY KEY (part, key)) "
        "STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX base_rows_generation ON base_rows (generation, part, key)")


@migrations()
def m091_shared_model(db: Database) -> None:
    """What one machine learned, for all that serve; a desk in a file has it in a folder."""
    db.execute(
        "CREATE TABLE shared_model (id INTEGER PRIMARY KEY CHECK (id = 1), "
        "number INTEGER NOT NULL, upon TEXT NOT NULL, data BLOB NOT NULL) STRICT"
    )


@migrations()
def m092_words_offered(db: Database) -> None:
    """Which questions were offered to which article's page, so that each is offered once."""
    db.execute(
        "CREATE TABLE words_offered (ticket INTEGER NOT NULL, article TEXT NOT NULL, "
        "at TEXT NOT NULL, PRIMARY KEY (ticket, article)) STRICT, WITHOUT ROWID"
    )


@migrations()
def m095_weight_of_gaps(db: Database) -> None:
    """What a gap costs and whose it is, as of the last look: Homes are built again and again."""
    db.execute("ALTER TABLE gaps ADD COLUMN weight REAL NOT NULL DEFAULT 0")
    db.execute(
        "CREATE INDEX gaps_dearest ON gaps (weight DESC, id) WHERE state IN ('open', 'in work')"
    )
    db.execute("ALTER TABLE gaps ADD COLUMN group_name TEXT NOT NULL DEFAULT ''")


@migrations()
def m097_whispered(db: Database) -> None:
    """Under which messages their writer alone was shown the answer, which stands in no thread."""
    db.execute(
        "CREATE TABLE whispered (channel TEXT NOT NULL, ts TEXT NOT NULL, user TEXT NOT NULL, "
        "at TEXT NOT NULL, PRIMARY KEY (channel, ts)) STRICT, WITHOUT ROWID"
    )


@migrations()
def m093_what_a_replica_reads(db: Database) -> None:
    """What each replica can read of notices and timers; an older one does not say."""
    db.execute("ALTER TABLE replicas ADD COLUMN speaks TEXT NOT NULL DEFAULT ''")


@migrations()
def m094_told_until(db: Database) -> None:
    """When Slack last told any replica anything; what was read from its history is not told."""
    db.execute("ALTER TABLE presence ADD COLUMN told_until TEXT")


@migrations()
def m100_threads_of_drafts(db: Database) -> None:
    """Where the tickets of a draft were asked, so that its message leads to their threads."""
    db.execute("ALTER TABLE drafts ADD COLUMN threads TEXT NOT NULL DEFAULT '[]'")


@migrations()
def m104_passed_over(db: Database) -> None:
    """Which of those messages were met with silence instead: what is added below is heard."""
    db.execute("ALTER TABLE whispered ADD COLUMN silent INTEGER NOT NULL DEFAULT 0")


@migrations()
def m096_pictures_alone(db: Database) -> None:
    """Which of those messages were a picture without a word: what is written next tells of it."""
    db.execute("ALTER TABLE whispered ADD COLUMN picture INTEGER NOT NULL DEFAULT 0")
