"""What a desk's database is made of, read off one that was just made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlite_utils import Database

from bot.store.migrations import migrations
from bot.store.sealing import register

OF_THE_PLACE = frozenset(
    {
        "_sqlite_migrations",
        "base_rows",
        "copying",
        "holder",
        "paces",
        "replicas",
        "sealing",
        "shared_model",
    }
)
"""What is of a database and not of the desk in it."""
WORDS = "ticket_words"
"""SQLite keeps it as a full-text table, which has tables of its own."""


@dataclass(frozen=True)
class Table:
    """A table of the desk."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    """What its rows are sorted by; none twice."""
    within: tuple[str, ...] = ()
    """Columns that name another row of the same table, which may come later."""
    number: str | None = None
    """The column that a new row is numbered in."""


@dataclass(frozen=True)
class Pattern:
    """All of them, those first that others refer to, and what SQLite does by itself."""

    tables: tuple[Table, ...]
    triggers: tuple[tuple[str, str], ...]
    """Name and statement."""


@cache
def pattern() -> Pattern:
    """Read it."""
    database = Database(memory=True)
    register(database.conn)
    migrations.apply(database)
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'ticket\\_words\\_%' "
        "ESCAPE '\\' AND name <> 'ticket_vocabulary' ORDER BY rowid"
    ).fetchall()
    triggers = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid"
    ).fetchall()
    wanted = [str(name) for (name,) in names if name not in OF_THE_PLACE]
    return Pattern(
        tuple(_table(database, name) for name in _sorted(database, wanted)),
        tuple((str(name), str(sql)) for name, sql in triggers),
    )


def _parents(database: Database, table: str) -> dict[str, str]:
    rows = database.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()
    return {str(row[3]): str(row[2]) for row in rows}


def _sorted(database: Database, names: list[str]) -> list[str]:
    """Put tables behind those that they refer to."""
    done: list[str] = []
    while len(done) < len(names):
        for name in names:
            parents = set(_parents(database, name).values()) - {name}
            if name not in done and parents <= set(done):
                done.append(name)
    return done


def _table(database: Database, name: str) -> Table:
    if name == WORDS:
        return Table(name, ("rowid", "question", "cause", "fix"), ("rowid",))
    rows = database.execute(f'PRAGMA table_info("{name}")').fetchall()
    key = [str(row[1]) for row in sorted(rows, key=lambda row: row[5]) if row[5]]
    columns = tuple(str(row[1]) for row in rows)
    types = {str(row[1]): str(row[2]) for row in rows}
    numbered = key[0] if len(key) == 1 and types[key[0]] == "INTEGER" else None
    within = tuple(each for each, parent in _parents(database, name).items() if parent == name)
    return Table(name, columns, tuple(key or columns), within, numbered)
