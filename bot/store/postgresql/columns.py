"""The shape of a desk's database as this version's own steps make it, in SQLite's words."""

from __future__ import annotations

from functools import cache

from sqlite_utils import Database

from bot.store.migrations import migrations
from bot.store.sealing import register


def pattern() -> Database:
    """Make an empty database in memory."""
    database = Database(memory=True)
    register(database.conn)
    migrations.apply(database)
    return database


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """Name the columns of a table or view; none where there is no such table."""
    return _columns().get(table, ())


@cache
def _columns() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    database = pattern()
    rows = database.execute(
        "SELECT t.name, c.name FROM sqlite_master AS t JOIN pragma_table_info(t.name) AS c "
        "WHERE t.type IN ('table', 'view') ORDER BY t.name, c.cid"
    )
    for table, column in rows.fetchall():
        found[table] = (*found.get(table, ()), column)
    database.close()
    return found
