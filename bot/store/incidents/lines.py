"""Incidents on a line, for cards' readers, Homes and lists; each query has its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import IncidentId, UserId
from bot.desk.tickets import IncidentLine
from bot.store.codec import moment
from bot.store.database import marks_for
from bot.store.incidents.incidents import AFFECTED
from bot.store.sealing import opened

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from sqlite_utils import Database

LINES = f"""
SELECT i.*, {AFFECTED} AS affected, u.at AS told_at, u.text AS told
FROM incidents AS i LEFT JOIN incident_updates AS u
  ON u.id = (SELECT max(id) FROM incident_updates WHERE incident = i.id)
WHERE i.id = (SELECT max(id) FROM incidents WHERE ticket = i.ticket)
"""


def lines_of(database: Database, roots: Collection[int]) -> dict[int, IncidentLine]:
    """Give the last incident on each of these tickets, by ticket."""
    if not roots:
        return {}
    marks = marks_for(roots)
    rows = database.execute(f"{LINES} AND i.ticket IN ({marks})", list(roots)).fetchall()
    return {int(row["ticket"]): _line(row) for row in rows}


def roots_running(database: Database, limit: int) -> list[int]:
    """Give the tickets of the open incidents, the newest first."""
    rows = database.execute(
        "SELECT ticket FROM incidents WHERE state = 'open' ORDER BY id DESC LIMIT ?", [limit]
    ).fetchall()
    return [int(row["ticket"]) for row in rows]


def _line(row: sqlite3.Row) -> IncidentLine:
    return IncidentLine(
        IncidentId(row["id"]),
        opened(row["title"]),
        UserId(row["owner"]) if row["owner"] else None,
        moment(row["opened_at"]),
        int(row["affected"]),
        moment(row["told_at"]) if row["told_at"] else None,
        row["state"] != "open",
        opened(row["told"] or ""),
    )
