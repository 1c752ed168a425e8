"""The model that replicas serve together: its files as one, by number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.database import reading, transaction

if TYPE_CHECKING:
    from pathlib import Path


class SharedModel:
    """What the machine that learned last put here for all."""

    def __init__(self, path: Path) -> None:
        """Work on a desk's database."""
        self._path = path

    def stands(self) -> tuple[int, str]:
        """Give the number of the last one, and upon which shipped model it was learned; 0, ""."""
        with reading(self._path) as db:
            row = db.execute("SELECT number, upon FROM shared_model").fetchone()
        return (int(row[0]), str(row[1])) if row else (0, "")

    def fetch(self) -> tuple[int, bytes]:
        """Give the last one with its number."""
        with reading(self._path) as db:
            row = db.execute("SELECT number, data FROM shared_model").fetchone()
        return int(row[0]), bytes(row[1])

    def put(self, upon: str, data: bytes, *, after: int) -> bool:
        """Put one here in place of that of a number; False where another one is there by now."""
        with transaction(self._path) as db:
            if after:
                done = db.execute(
                    "UPDATE shared_model SET number = number + 1, upon = ?, data = ? "
                    "WHERE number = ?",
                    [upon, data, after],
                )
            else:
                done = db.execute(
                    "INSERT INTO shared_model (id, number, upon, data) VALUES (1, 1, ?, ?) "
                    "ON CONFLICT (id) DO NOTHING",
                    [upon, data],
                )
            return int(done.rowcount) == 1
