"""In which language people are spoken to, in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import ChannelId, Thread, TicketId, UserId


IN_THREAD = """(
  SELECT coalesce(max(CASE WHEN state NOT IN ('resolved', 'closed') THEN id END), max(id)) FROM (
    SELECT id, state FROM tickets WHERE team = ?3 AND channel = ?4 AND thread_ts = ?5
    UNION ALL SELECT id, state FROM tickets WHERE team = ?3 AND channel = ?4 AND root_ts = ?5
  ) AS here)"""
"""Of a thread's tickets the newest that is not settled, as `tickets.in_thread` finds it."""
SPEAK = f"""
UPDATE tickets SET spoken = ?1 WHERE requester = ?2 AND spoken <> ?1 AND id = {IN_THREAD}
"""
KNOWN = f"""
SELECT l.language, l.direct, (
  SELECT coalesce(nullif(t.spoken, ''), l.language) FROM tickets AS t
  WHERE t.requester = ?2 AND t.id = {IN_THREAD}) AS there
FROM (SELECT 1 AS one) AS one LEFT JOIN languages AS l ON l.user = ?1
"""


LANGUAGE_OF = """(SELECT language FROM (
  SELECT language FROM languages WHERE user = {0}
  UNION ALL SELECT language FROM languages WHERE direct = {0}) AS known LIMIT 1)"""
"""The language of a person, or of a direct conversation, within another statement."""
LANGUAGE_ON = f"""(SELECT coalesce(nullif(t.spoken, ''), {LANGUAGE_OF.format("t.requester")}, '')
  FROM tickets AS t WHERE t.id = {{0}})"""
"""The language of a ticket: that of its last words, else that of its requester."""


def language_of(database: Database, whom: str) -> str:
    """Give the language of a person, or of a direct conversation; empty where it is not known."""
    row = database.execute(f"SELECT {LANGUAGE_OF.format('?1')}", [whom]).fetchone()
    return str(row[0] or "")


def language_on(database: Database, ticket: int) -> str:
    """Give the language of a ticket: that of its last words, else that of its requester."""
    row = database.execute(f"SELECT {LANGUAGE_ON.format('?1')}", [ticket]).fetchone()
    return str(row[0] or "")


class LanguageRows:
    """The table of languages inside a unit of work."""

    def __init__(self, database: Database) -> None:
        """Work on the open transaction of a database."""
        self._db = database

    def of(self, whom: str) -> str:
        """Give the language of a person, or of a direct conversation; empty if not known."""
        return language_of(self._db, whom)

    def known(self, user: UserId, thread: Thread | None = None) -> tuple[str, str, str]:
        """Give a person's language, where they write to us directly, and that of a thread.

        The last is that of the thread's ticket, where it is this person's. What is not known is
        empty.
        """
        where = (thread.team, thread.channel, thread.ts) if thread else (None, None, None)
        found = self._db.execute(KNOWN, [user, user, *where]).fetchone()
        language, direct, there = (str(each or "") for each in found)
        return language, direct, there

    def speak(self, user: UserId, language: str, direct: ChannelId | None = None) -> None:
        """Speak to a person in a language from now on, also where they write to us directly."""
        self._db.execute(
            "INSERT INTO languages (user, language, direct) VALUES (?, ?, ?) "
            "ON CONFLICT (user) DO UPDATE SET language = excluded.language, "
            "direct = coalesce(excluded.direct, direct)",
            [user, language, direct],
        )

    def on(self, ticket: TicketId) -> str:
        """Give the language in which a ticket is spoken of; empty if not known."""
        return language_on(self._db, ticket)

    def speak_in(self, thread: Thread, language: str, user: UserId) -> None:
        """Speak of a thread's ticket in a language from now on, where it is this person's."""
        self._db.execute(SPEAK, [language, user, thread.team, thread.channel, thread.ts])
