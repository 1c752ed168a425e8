"""The articles of a desk, brought with it: into a file, or to where machines share them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import blake2b
from typing import TYPE_CHECKING

from bot.store.articles.places import place_of
from bot.store.database import StoreError, server_of
from kb.errors import KnowledgeBaseError
from kb.index.database import DatabaseFile
from kb.shared.rows import everything

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.store.copying.ends import End
    from kb.shared.rows import Row

TRIES = 3
"""Of a desk that is served, an article may be written between bringing and comparing."""


def bring_articles(source: End, target: End) -> int:
    """Bring them, and compare every row; gives how many articles there are.

    Raises:
        StoreError: the server has others already, or the two are not the same in the end.
    """
    to_server = server_of(target.path) is not None
    server, file = (target, source) if to_server else (source, target)
    place = place_of(server.path)
    if place is None or (to_server and not _has_articles(file.path)):
        return 0
    generation, base = place.stands()
    if not generation and not to_server:
        return 0
    try:
        if to_server and generation and _base_of(file.path) != base:
            raise StoreError(
                f"{server.name} holds articles already, and not those of {file.name}; "
                "name an empty database."
            )
        for _ in range(TRIES):
            with closing(DatabaseFile(file.path, place)) as opened, place.since(0) as there:
                ours, theirs = _sum(everything(opened.database.conn)), _sum(there)
                articles = int(opened.rows("select count(*) from kb_articles")[0][0])
            if ours == theirs:
                break
    except KnowledgeBaseError as failure:
        raise StoreError(f"The articles were not copied: {failure}") from failure
    if ours != theirs:
        raise StoreError(
            f"The articles on {server.name} are not those of {file.name}; "
            "name an empty database and copy again."
        )
    return articles


def _has_articles(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as db:
        sql = "SELECT 1 FROM sqlite_master WHERE name = 'kb_articles'"
        return db.execute(sql).fetchone() is not None


def _base_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT value FROM kb_state WHERE name = 'identity'").fetchone()
    return str(found[0]) if found else ""


def _sum(rows: Iterable[Row]) -> tuple[int, int]:
    """Count and hash rows that are there, in whatever order they come."""
    count = total = 0
    for row in rows:
        if row.values is not None:
            told = f"{row.part}\x1f{row.key}\x1f{row.values}".encode("utf-8", "backslashreplace")
            digest = blake2b(told + b"\x1f" + (row.data or b""), digest_size=16).digest()
            count, total = count + 1, total + int.from_bytes(digest, "big")
    return count, total
