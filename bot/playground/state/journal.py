"""The workspace's memory on disk: changed records are written as they change."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from bot.playground.errors import PlaygroundError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Journal:
    """Records by kind and id in one SQLite file; without a path it remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        """Open or make the file."""
        self._dirty: dict[tuple[str, str], str | None] = {}
        self._db: sqlite3.Connection | None = None
        if path is not None:
            try:
                self._db = _opened(path)
            except (OSError, sqlite3.Error) as error:
                raise PlaygroundError(
                    f"{path} cannot keep the workspace's state: {error}"
                ) from error

    def load(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Every record of a kind, by id."""
        if self._db is not None:
            query = "SELECT id, body FROM records WHERE kind = ? ORDER BY id"
            for record_id, body in self._db.execute(query, (kind,)):
                yield record_id, json.loads(body)

    def put(self, kind: str, record_id: str, body: Any) -> None:
        """Remember a record as it is now; written at the next flush."""
        if self._db is not None:
            self._dirty[kind, record_id] = json.dumps(body, separators=(",", ":"))

    def drop(self, kind: str, record_id: str) -> None:
        """Forget a record; written at the next flush."""
        if self._db is not None:
            self._dirty[kind, record_id] = None

    def flush(self) -> None:
        """Write what changed, in one transaction."""
        if self._db is None or not self._dirty:
            return
        changes, self._dirty = self._dirty, {}
        gone = [key for key, body in changes.items() if body is None]
        kept = [(*key, body) for key, body in changes.items() if body is not None]
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("DELETE FROM records WHERE kind = ? AND id = ?", gone)
        self._db.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", kept)
        self._db.execute("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        self._dirty.clear()
        if self._db is not None:
            self._db.execute("DELETE FROM records")

    def close(self) -> None:
        """Write what is left and close the file."""
        self.flush()
        if self._db is not None:
            self._db.close()
            self._db = None


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    # Under WAL without a sync per commit, a killed process loses nothing; only a power cut could,
    # and this is a playground.
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(
        "CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, body TEXT NOT NULL,"
        " PRIMARY KEY (kind, id)) WITHOUT ROWID"
    )
    return db
