"""Is this file our database, whole and of this version? Copies of it, made and put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.store.database import (
    StoreError,
    applied_to,
    connect,
    newer_words,
    private_file,
    refuse_strangers,
    server_of,
)
from bot.store.holding import Holding
from bot.store.migrations import migrations
from bot.store.postgresql.locks import LOOK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlite_utils import Database

    Reads = sqlite3.Connection | Database

NO_DESK = (
    "empty. The first start makes a new desk; if there was one, FRONTLINE_DB names another "
    "database than before."
)
MOST_NAMED = 5
LEAP_OF_TICKETS, LEAP = 1_000, 100_000
"""So many numbers are left out where a backup is put back: more than were given since it."""
POINTERS = (
    ("conversation", "ticket", "tickets"),
    ("escalations", "ticket", "tickets"),
    ("escalations", "card", "outbox"),
    ("timers", "ticket", "tickets"),
    ("timers", "escalation", "escalations"),
    ("labels", "ticket", "tickets"),
    ("ratings", "ticket", "tickets"),
    ("steps_tried", "ticket", "tickets"),
)
"""Columns that name a row of another table; where it is missing, the row is an orphan."""


CLOSED = "SELECT current_setting('transaction_read_only')"


@dataclass(frozen=True)
class Condition:
    """One thing that was looked at in a database."""

    subject: str
    good: bool
    says: str


def examine(path: Path) -> Iterator[Condition]:
    """Look whether a database is whole; changes nothing.

    Raises:
        StoreError: there is no such file, or it is none of ours.
    """
    if server_of(path) is not None:
        yield from _on_server(path)
        return
    with closing(opened(path)) as db:
        yield _integrity(db)
        yield _foreign_keys(db)
        yield _version(db)
        yield _orphans(db)


def _on_server(path: Path) -> Iterator[Condition]:
    """Look at a desk on a server, whose pages are the server's own affair."""
    refuse_strangers(path)
    with closing(connect(path)) as db:
        row = db.execute("SELECT current_setting('server_version')").fetchone()
        yield Condition("server", good=True, says=f"PostgreSQL {row[0]}; it answers.")
        closed = db.execute(CLOSED).fetchone()[0] == "on"
        says = "rows can be written."
        if closed:
            says = (
                "it takes no rows: the server is a standby, or read-only. Name the primary in "
                "FRONTLINE_DB, or end `default_transaction_read_only`."
            )
        yield Condition("writing", not closed, says)
        if not _is_made(db):
            yield Condition("version", good=True, says=NO_DESK)
            return
        yield _version(db)
        yield _replicas(db)
        yield _orphans(db)


def _replicas(db: Database) -> Condition:
    """Name the processes that serve a desk on a server."""
    rows = db.conn.run(LOOK).fetchall()  # type: ignore[attr-defined]
    there = [f"process {row['pid']} on {row['host']}" for row in rows if row["session"]]
    says = f"{len(there)}: {', '.join(there)}." if there else "none serves now."
    return Condition("replicas", good=True, says=says)


def _is_made(db: Database) -> bool:
    """Whether an empty database on a server was made a desk's."""
    return db.execute("SELECT to_regclass('_sqlite_migrations')").fetchone()[0] is not None


def is_current(path: Path) -> bool:
    """Whether a desk on a server is there, and has this version's shape."""
    known = {each.name for each in migrations._migrations}  # noqa: SLF001 - no other way to name them
    with closing(connect(path)) as db:
        return _is_made(db) and applied_to(db) == known


def opened(path: Path) -> sqlite3.Connection:
    """Open a database that must exist, for reading alone.

    Raises:
        StoreError: there is no such file, it is empty, or it is none of ours.
    """
    if not path.is_file():
        raise StoreError(f"There is no database {path}; check the path, or --db.")
    if path.stat().st_size == 0:
        raise StoreError(f"The file {path} is empty: there is no database in it.")
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    except sqlite3.OperationalError as failure:
        # Locked, on a disk that takes nothing, or in a folder of somebody else: it may be whole.
        raise StoreError(
            f"The database {path} cannot be opened ({failure}); that says nothing of damage. Look "
            "whether its disk is mounted and may be written, and whose its folder is."
        ) from failure
    except sqlite3.Error as failure:
        raise StoreError(
            f"The database {path} is damaged ({failure}); put a backup back with "
            "`frontline db restore FILE`."
        ) from failure
    if "_sqlite_migrations" not in tables:
        db.close()
        raise StoreError(f"{path} is a database of something else than Frontline.")
    return db


def backup(
    path: Path, target: Path, change: Callable[[sqlite3.Connection], None] = lambda _: None
) -> int:
    """Copy a database while it is in use, as of one instant; gives the size in bytes.

    `change` is made to the copy before it stands there under its name.

    Raises:
        StoreError: there is nothing to copy, or the target exists or cannot be written.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; give the backup another name.")
    beside = target.with_name(f"{target.name}.part")
    with closing(opened(path)) as source:
        try:
            private_file(beside)
            with closing(sqlite3.connect(beside)) as copy:
                # One step: a copy in steps begins anew whenever somebody writes.
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                # Of the place, and not of the desk: who worked on it, what machines shared.
                for table in ("holder", "shared_model"):
                    if _has(copy, table):
                        copy.execute(f"DELETE FROM {table}")
                change(copy)
                copy.commit()
            beside.replace(target)
        except (sqlite3.Error, OSError) as failure:
            beside.unlink(missing_ok=True)
            raise StoreError(f"The backup {target} could not be written ({failure}).") from failure
    return target.stat().st_size


def restore(source: Path, path: Path) -> Path | None:
    """Put a backup in the place of a database; gives where the one before was put aside.

    Numbers that were given since the backup are not given again: their cards and buttons still
    stand in Slack, and would act on what has the number next.

    Raises:
        StoreError: the backup is not whole, or a bot works on the database.
    """
    holding = Holding(path, lambda: datetime.now(UTC))
    holding.lock()
    try:
        refuse_damaged(source)
        given = _numbers(path)
        aside = _put_aside(path)
        backup(source, path, lambda copy: leap_beyond(copy, given))
    finally:
        holding.unlock()
    return aside


def _numbers(path: Path) -> dict[str, int]:
    """Read the last number of each table; a database that cannot be read tells none."""
    try:
        with closing(opened(path)) as db:
            found = db.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    except (StoreError, sqlite3.Error):
        return {}
    return {str(table): int(last) for table, last in found}


def refuse_damaged(source: Path) -> None:
    """Refuse a backup that is not whole.

    Raises:
        StoreError: with what is wrong with it.
    """
    for condition in examine(source):
        if not condition.good:
            raise StoreError(f"{source} is not put back: {condition.subject}: {condition.says}")


def leap_beyond(copy: sqlite3.Connection, given: dict[str, int]) -> None:
    """Let a backup number what is new beyond what it has, and beyond what was given since."""
    there = dict(copy.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    numbered = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    for (table,) in copy.execute(numbered).fetchall():
        last = max(int(there.get(table, 0)), given.get(table, 0))
        leap = LEAP_OF_TICKETS if table == "tickets" else LEAP
        beyond = (last // leap + 2) * leap
        copy.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
        copy.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, beyond])


def _put_aside(path: Path) -> Path | None:
    """Put the file away, and its write-ahead log even where the file itself is gone."""
    was_there = path.exists()
    aside = free_name(path)
    for suffix in ("-wal", "-shm", ""):
        # The write-ahead log belongs to its file: left behind, it would be read into the backup.
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside if was_there else None


def free_name(path: Path) -> Path:
    """Give the name beside a database under which what was there before is put aside."""
    number = 1
    while (aside := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return aside


def _has(db: Reads, table: str) -> bool:
    found = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table])
    return found.fetchone() is not None


def _integrity(db: sqlite3.Connection) -> Condition:
    try:
        found = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({MOST_NAMED})")]
    except sqlite3.Error as failure:
        found = [str(failure)]
    good = found == ["ok"]
    says = "every page and index is whole." if good else "; ".join(found).replace("\n", " ")
    return Condition("pages", good, says)


def _foreign_keys(db: sqlite3.Connection) -> Condition:
    try:
        broken = db.execute("PRAGMA foreign_key_check").fetchmany(MOST_NAMED)
    except sqlite3.Error as failure:
        return Condition("references", good=False, says=f"cannot be checked ({failure}).")
    if not broken:
        return Condition("references", good=True, says="every one is kept.")
    named = ", ".join(f"{table} row {row} ({parent})" for table, row, parent, _ in broken)
    return Condition("references", good=False, says=f"rows refer to what is gone: {named}.")


def _version(db: Reads) -> Condition:
    try:
        applied = applied_to(db)
    except sqlite3.Error as failure:
        return Condition("version", good=False, says=f"cannot be read ({failure}).")
    known = [each.name for each in migrations._migrations]  # noqa: SLF001 - no other way to name them
    newer = sorted(applied - set(known))
    if newer:
        return Condition("version", good=False, says=newer_words(newer))
    pending = [name for name in known if name not in applied]
    says = f"{known[-1]}, this version's."
    if pending:
        says = f"{len(pending)} steps behind this version's; the next start makes them."
    return Condition("version", good=True, says=says)


def _orphans(db: Reads) -> Condition:
    lost = []
    for table, column, parent in POINTERS:
        if not (_has(db, table) and _has(db, parent)):
            continue
        try:
            count = db.execute(
                f"SELECT count(*) FROM {table} AS child WHERE {column} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {parent} WHERE id = child.{column})"
            ).fetchone()[0]
        except sqlite3.Error as failure:
            return Condition("orphans", good=False, says=f"cannot be looked for ({failure}).")
        if count:
            lost.append(f"{count} of {table} without their {parent} row")
    return Condition("orphans", not lost, f"{'; '.join(lost)}." if lost else "none.")
