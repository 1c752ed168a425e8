"""What is somebody's: all that they said, and the articles that came of their tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.privacy.columns import tables_with

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import UserId

THEIRS = "(SELECT id FROM tickets WHERE requester = ?)"
THEIR_WORDS = (
    "SELECT opened(text) FROM conversation WHERE author = ?",
    "SELECT opened(question) FROM tickets WHERE requester = ?",
    f"SELECT opened(text) FROM labels WHERE ticket IN {THEIRS}",
    "SELECT remark FROM ratings WHERE rated_by = ?",
)
PUBLISHED_OF = """
    SELECT DISTINCT article FROM drafts WHERE state IN ('published', 'merged') AND EXISTS (
        SELECT 1 FROM json_each(sources)
        WHERE CAST(value AS INTEGER) IN (SELECT id FROM tickets WHERE requester = ?)
    )
"""


def published_of(db: Database, user: UserId) -> frozenset[str]:
    """Give the articles that drafts of somebody's tickets became, or were added to."""
    if "drafts" not in tables_with(db, "sources"):
        return frozenset()
    rows = db.execute(PUBLISHED_OF, [user]).fetchall()
    return frozenset(str(row[0]) for row in rows)
