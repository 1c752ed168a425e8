"""What is asked of the articles without opening them: how many, their areas, who may see them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kb.shared.rows import PARTS

if TYPE_CHECKING:
    from sqlite_utils import Database

SHARED = "SELECT held FROM base_rows WHERE part = ? AND held IS NOT NULL"


def count_of(db: Database) -> int:
    """Give how many articles there are."""
    return len(_rows(db, "kb_articles", "id"))


def areas_of(db: Database) -> dict[str, str]:
    """Give the area of each article by its id; none where there are no articles."""
    return {each["id"]: each["area"] for each in _rows(db, "kb_articles", "id", "area")}


def kept_from_some(db: Database) -> frozenset[str]:
    """Name the articles that not everybody may see."""
    about = _rows(db, "kb_collections", "name", "visible_to")
    kept = {each["name"] for each in about if each["visible_to"] != "[]"}
    found = _rows(db, "kb_articles", "collection", "id")
    return frozenset(each["id"] for each in found if each["collection"] in kept)


def _rows(db: Database, part: str, *columns: str) -> list[dict[str, str]]:
    """Read columns of a table of the articles, wherever a desk has them."""
    there = db.execute(
        "SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table'", [part]
    ).fetchone()
    if there is not None:
        rows = db.execute(f"SELECT {', '.join(columns)} FROM {part}").fetchall()
        return [dict(zip(columns, map(str, row), strict=True)) for row in rows]
    shared = db.execute(SHARED, [part]).fetchall()
    return [dict(zip(PARTS[part].columns, json.loads(row[0]), strict=True)) for row in shared]
