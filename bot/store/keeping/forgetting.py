"""Forgetting a person: every copy of their words goes, and their id becomes nobody's.

Where copies are is read off the schema (columns.py), so that new tables are not overlooked. It
goes step by step, each a transaction of its own; the tickets and conversations, by which all else
is found, come last, so that a run that was cut short is simply run again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import NoticeId, TicketId
from bot.desk.privacy import Erased
from bot.store.articles.places import articles
from bot.store.codec import dump_notice
from bot.store.database import connect, server_of, transaction
from bot.store.keeping.theirs import THEIR_WORDS, published_of
from bot.store.outbox import OutboxRows
from bot.store.privacy.columns import (
    ARTICLES,
    NEITHER,
    holding,
    plain,
    tables_with,
    text_columns,
    words_in,
)
from bot.store.privacy.erasing import (
    NOTICES,
    WAITS_BEYOND,
    Replacing,
    empty_on_ticket,
    erasing,
    keep_back_on_ticket,
    kind_of,
    replace_in,
    replace_in_drafts,
    replace_in_notices,
    unlearn,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ids import UserId
    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber
    from bot.store.privacy.columns import Column

FORGOTTEN = "(forgotten)"
PROVED_FROM = 12
"""Words of so many characters are searched for everywhere; shorter ones are said by others too."""


@dataclass
class Forgotten:
    """What was done, table by table, and what is left."""

    tickets: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    left: tuple[tuple[Column, int], ...] = ()
    words: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    """Articles that were published of their tickets, or added to."""

    def count(self, what: str, rows: int) -> None:
        """Add to what was done."""
        if rows:
            self.rows[what] = self.rows.get(what, 0) + rows


class Forgetting:
    """Forgets one person."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        scrubber: Scrubber,
        user: UserId,
        as_learned: Callable[[str], str] = str,
    ) -> None:
        """Name the database and the person; nothing is changed yet.

        `as_learned` gives a message as the knowledge base learns it.
        """
        self._path = path
        self._clock = clock
        self._scrubber = scrubber
        self._user = user
        self._as_learned = as_learned
        # Their tickets stay one person's, of whom nothing is known: figures go on adding up.
        self._nobody = f"UGONE{secrets.token_hex(4).upper()}"
        self.done = Forgotten()

    def run(self) -> Forgotten:
        """Do it; gives what was done and what, by a search of every text column, is left."""
        with transaction(self._path) as db:
            theirs, words = self._found(db)
            self.done.articles = published_of(db, self._user)
        self.done.tickets, self.done.words = len(theirs), words
        change = Replacing(words, self._scrubber, FORGOTTEN)
        with articles(self._path) as base:
            base.execute("PRAGMA secure_delete = ON")
            self._learned(base, change)
        for step in (self._payloads, self._notices, self._on_tickets):
            with transaction(self._path) as db, erasing(db):
                db.execute("PRAGMA secure_delete = ON")
                step(db, theirs, change)
        self._identity()
        self._compact()
        self.done.left = self.prove(words)
        return self.done

    def prove(self, words: frozenset[str]) -> tuple[tuple[Column, int], ...]:
        """Search every text column of every table for the person's id and words."""
        database = connect(self._path)
        try:
            long = (each for each in sorted(words) if len(each) >= PROVED_FROM)
            return (
                *holding(database, self._user),
                *holding(database, *long, but=ARTICLES),
            )
        finally:
            database.close()

    # --- what there is

    def _found(self, db: Database) -> tuple[tuple[int, ...], frozenset[str]]:
        theirs = tuple(
            int(row[0])
            for row in db.execute(
                "SELECT id FROM tickets WHERE requester = ? ORDER BY id", [self._user]
            )
        )
        words = {
            str(row[0])
            for query in THEIR_WORDS
            for row in db.execute(query, [self._user]).fetchall()
        }
        lines = {line for each in words for line in each.splitlines()}
        every = words | {line for line in lines if len(line) >= PROVED_FROM}
        placeholders = {"", FORGOTTEN, "(deleted)", "(expired)"}
        return theirs, frozenset(each for each in every if each.strip() not in placeholders)

    # --- the copies

    def _learned(self, db: Database, change: Replacing) -> None:
        """What was learned as a question of an article, and what resembles their words in it."""
        learned = "kb_learned" in tables_with(db, "collection", "article", "text", "hash")
        texts = db.execute("SELECT DISTINCT text FROM kb_learned").fetchall() if learned else ()
        theirs = {self._as_learned(form) for form in change.forms}
        gone = [str(text) for (text,) in texts if text in theirs or change(text) != text]
        self.done.count("learned questions", unlearn(db, gone))

    def _payloads(self, db: Database, _: tuple[int, ...], __: Replacing) -> None:
        """What Slack delivered about them and could not be handled."""
        for table in tables_with(db, "payload", "event_id"):
            emptied = db.execute(
                f"UPDATE \"{table}\" SET payload = '{{}}' WHERE instr({plain('payload')}, ?) > 0 "
                "AND state NOT IN ('pending', 'in_flight')",
                [self._user],
            )
            self.done.count(table, emptied.rowcount)

    def _notices(self, db: Database, theirs: tuple[int, ...], change: Replacing) -> None:
        """Notices on their tickets go; those that quote them elsewhere lose the quotation."""
        shown: set[int] = set()
        for table in tables_with(db, *NOTICES):
            for ticket in theirs:
                shown |= self._erase_notices(db, table, ticket)
            others = f"instr({plain('notice')}, ?) > 0 OR {_quoting(theirs)}"
            shown |= replace_in_notices(db, table, others, [self._user], change)
            home = f"home:{self._user}"
            gone = db.execute(
                f'DELETE FROM "{table}" WHERE channel IN (?, ?) AND (sent_ts IS NULL '
                "OR channel = ?)",
                [home, self._user, home],
            )
            self.done.count(table, gone.rowcount)
        outbox = OutboxRows(db, self._clock)
        for number in sorted(shown):
            posted = outbox.get(NoticeId(number))
            if posted is not None:
                outbox.put(posted.notice, Destination(posted.destination.channel, edits=number))
        self.done.count("messages to be edited in Slack", len(shown))

    def _erase_notices(self, db: Database, table: str, ticket: int) -> set[int]:
        erased = dump_notice(Erased(TicketId(ticket)))
        db.execute(
            f"DELETE FROM \"{table}\" WHERE ticket = ? AND state IN ('pending', 'in_flight') "
            f"AND NOT ({WAITS_BEYOND})",
            [ticket],
        )
        keep_back_on_ticket(db, table, ticket)
        rows = db.execute(
            f'SELECT id, edits, only_for, sent_ts, notice FROM "{table}" WHERE ticket = ?', [ticket]
        ).fetchall()
        changed = db.execute(
            f'UPDATE "{table}" SET notice = ?, error = NULL WHERE ticket = ? '
            f"AND NOT ({WAITS_BEYOND})",
            [erased, ticket],
        )
        self.done.count(table, changed.rowcount)
        return {
            int(row["id"])
            for row in rows
            if row["edits"] is None and row["only_for"] is None and row["sent_ts"] is not None
            if kind_of(row["notice"]) not in {"seen", "erased", "home_view"}
        }

    def _on_tickets(self, db: Database, theirs: tuple[int, ...], change: Replacing) -> None:
        """All words on their tickets, whoever wrote them; and their own on tickets of others."""
        for table in tables_with(db, "ticket"):
            if table in tables_with(db, *NOTICES):
                continue
            columns = words_in(db, table)
            for ticket in theirs:
                for column in columns:
                    self.done.count(table, empty_on_ticket(db, table, column, ticket))
        for ticket in theirs:
            self.done.count("drafts", replace_in_drafts(db, TicketId(ticket), change))
        others = [
            int(row[0])
            for row in db.execute(
                "SELECT DISTINCT ticket FROM conversation WHERE author = ? UNION "
                "SELECT DISTINCT ticket FROM audit WHERE actor = ?",
                [self._user, self._user],
            )
        ]
        for ticket in set(others) - set(theirs):
            for table in tables_with(db, "ticket"):
                if table not in tables_with(db, *NOTICES):
                    self.done.count(table, replace_in(db, table, "ticket", [ticket], change))
        db.execute("DELETE FROM labels WHERE text = ''")
        db.execute("UPDATE conversation SET text = '', files = '[]' WHERE author = ?", [self._user])
        for ticket in theirs:
            self._close(db, ticket)

    def _close(self, db: Database, ticket: int) -> None:
        """What is open ends: nobody is left to answer."""
        db.execute(
            "UPDATE timers SET state = 'cancelled' WHERE ticket = ? AND state IN ('set', 'paused')",
            [ticket],
        )
        db.execute(
            "UPDATE escalations SET state = 'resolved' WHERE ticket = ? "
            "AND state IN ('pending', 'acknowledged')",
            [ticket],
        )
        db.execute(
            "UPDATE tickets SET question = ?, state = 'closed', waiting_since = NULL, "
            "resolution = coalesce(resolution, 'withdrawn') WHERE id = ?",
            [FORGOTTEN, ticket],
        )
        self.done.count("tickets", 1)

    def _identity(self) -> None:
        """Whatever still names them names nobody, in every text column there is, one by one."""
        with transaction(self._path) as db:
            db.execute("DELETE FROM home_viewers WHERE user = ?", [self._user])
            db.execute("DELETE FROM home_choices WHERE user = ?", [self._user])
            db.execute("DELETE FROM turned_away WHERE user = ?", [self._user])
            db.execute("DELETE FROM whispered WHERE user = ?", [self._user])
            db.execute("DELETE FROM languages WHERE user = ?", [self._user])
            columns = text_columns(db)
        for column in columns:
            if column.table in {"ticket_words", "kb_words"} or column in NEITHER:
                continue
            with transaction(self._path) as db, erasing(db):
                changed = db.execute(
                    f'UPDATE "{column.table}" SET "{column.name}" = '
                    f'as_before(replace({plain(column.name)}, ?, ?), "{column.name}") '
                    f"WHERE instr({plain(column.name)}, ?) > 0",
                    [self._user, self._nobody, self._user],
                )
            self.done.count(f"{column.table}.{column.name}", changed.rowcount)

    def _compact(self) -> None:
        """Leave no trace in the index of words, in free pages, or in the write-ahead log."""
        if server_of(self._path) is not None:
            database = connect(self._path)
            database.execute("VACUUM")
            database.close()
            return
        with transaction(self._path) as db:
            db.execute("PRAGMA secure_delete = ON")
            db.execute("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')")
        database = connect(self._path)
        try:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            database.close()


def _quoting(theirs: tuple[int, ...]) -> str:
    numbers = ", ".join(str(ticket) for ticket in theirs) or "NULL"
    return f"id IN (SELECT notice FROM quotes WHERE ticket IN ({numbers}))"
