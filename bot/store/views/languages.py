"""In which language people are spoken to, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import ChannelId, UserId


def language_of(database: Database, whom: str) -> str:
    """Give the language of a person, or of a direct conversation; empty where it is not known."""
    row = database.execute(
        "SELECT language FROM languages WHERE user = ?1 "
        "UNION ALL SELECT language FROM languages WHERE direct = ?1",
        [whom],
    ).fetchone()
    return str(row["language"]) if row else ""


class LanguageRows:
    """The table of languages inside a unit of work."""

    def __init__(self, database: Database) -> None:
        """Work on the open transaction of a database."""
        self._db = database

    def of(self, whom: str) -> str:
        """Give the language of a person, or of a direct conversation; empty if not known."""
        return language_of(self._db, whom)

    def speak(self, user: UserId, language: str, direct: ChannelId | None = None) -> None:
        """Speak to a person in a language from now on, also where they write to us directly."""
        self._db.execute(
            "INSERT INTO languages (user, language, direct) VALUES (?, ?, ?) "
            "ON CONFLICT (user) DO UPDATE SET language = excluded.language, "
            "direct = coalesce(excluded.direct, direct)",
            [user, language, direct],
        )
