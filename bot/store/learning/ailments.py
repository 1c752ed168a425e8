"""What tells that articles need an update, in SQLite: failures, edits proposed, outdated links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import Ailing, Link, Proposed, Word
from bot.store.codec import load_strings, moment, stamp
from bot.store.learning.gaps import QUOTABLE, failed_steps
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

ACTED_ON = (
    "EXISTS (SELECT 1 FROM drafts, json_each(drafts.sources) "
    "WHERE CAST(value AS INTEGER) = tickets.id AND drafts.state <> 'open')"
)
"""Its draft was published, merged, or found not worth it."""


class SqliteAilments:
    """The evidence that articles need an update."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def words(self, since: datetime) -> tuple[Word, ...]:
        """Give what requesters said since then, and since an article's last update."""
        rows = self._db.execute(
            "SELECT id, opened_at, articles_shown, articles_failed, resolution FROM tickets "
            f"WHERE opened_at >= ? AND {FOR_ALL} AND articles_shown <> '[]' "
            "AND (articles_failed <> '[]' OR resolution = 'by article') ORDER BY id",
            [stamp(since)],
        ).fetchall()
        steps = failed_steps(self._db, [row["id"] for row in rows])
        fresh = self._fresh()
        found = []
        for row in rows:
            ticket, at = TicketId(row["id"]), row["opened_at"]
            failed = load_strings(row["articles_failed"])
            said = [
                Word(name, ticket, solved=False, step=steps.get((row["id"], name)))
                for name in failed
            ]
            standing = [each for each in load_strings(row["articles_shown"]) if each not in failed]
            if row["resolution"] == "by article" and standing:
                said.append(Word(standing[-1], ticket, solved=True))
            found += [each for each in said if at >= fresh.get(each.article, "")]
        return tuple(found)

    def proposed(self, since: datetime) -> tuple[Proposed, ...]:
        """Give what engineers wrote that articles should say, as far as nobody acted on it."""
        rows = self._db.execute(
            "SELECT tickets.id AS id, articles_failed, tickets.opened_at AS opened_at, "
            "ended.article_words AS said, ended.fix AS fix FROM escalations AS ended "
            "JOIN tickets ON tickets.id = ended.ticket WHERE ended.settled_by IS NOT NULL "
            "AND (ended.article_wanted OR opened(ended.article_words) <> '') "
            f"AND ended.updated_at >= ? AND {QUOTABLE} AND articles_failed <> '[]' "
            f"AND NOT {ACTED_ON} ORDER BY tickets.id",
            [stamp(since)],
        ).fetchall()
        fresh = self._fresh()
        found = []
        for row in rows:
            article = load_strings(row["articles_failed"])[-1]
            if row["opened_at"] >= fresh.get(article, ""):
                said = row["said"] or row["fix"] or ""
                found.append(Proposed(article, TicketId(row["id"]), said))
        return tuple(found)

    def links(self) -> tuple[Link, ...]:
        """Give the links that lead nowhere, or elsewhere."""
        rows = self._db.execute(
            "SELECT * FROM article_links WHERE says <> '' ORDER BY article, url"
        ).fetchall()
        return tuple(
            Link(
                row["article"],
                row["url"],
                row["says"],
                moment(row["since"]),
                moment(row["checked_at"]),
            )
            for row in rows
        )

    def checked(self, article: str, url: str) -> datetime | None:
        """Tell when a link was looked at last."""
        row = self._db.execute(
            "SELECT checked_at FROM article_links WHERE article = ? AND url = ?", [article, url]
        ).fetchone()
        return moment(row["checked_at"]) if row else None

    def note_link(self, article: str, url: str, says: str | None) -> None:
        """Write down what a link answers: nothing wrong is empty, None is not known."""
        now = stamp(self._clock())
        self._db.execute(
            "INSERT INTO article_links (article, url, says, since, checked_at) "
            "VALUES (?, ?, coalesce(?, ''), ?, ?) ON CONFLICT (article, url) DO UPDATE SET "
            "checked_at = excluded.checked_at, says = coalesce(?, says), "
            "since = iif((coalesce(?, says) = '') = (says = ''), since, excluded.since)",
            [article, url, says, now, now, says, says],
        )

    def forget_links(self, known: Iterable[tuple[str, str]]) -> None:
        """Let go of the links that no article names any more."""
        there = set(known)
        rows = self._db.execute("SELECT article, url FROM article_links").fetchall()
        for article, url in {(row["article"], row["url"]) for row in rows} - there:
            self._db.execute(
                "DELETE FROM article_links WHERE article = ? AND url = ?", [article, url]
            )

    def updated(self, article: str) -> None:
        """Note that an article was looked over: earlier evidence counts no more."""
        self._db.execute(
            "INSERT INTO article_updates (article, at) VALUES (?, ?) "
            "ON CONFLICT (article) DO UPDATE SET at = excluded.at",
            [article, stamp(self._clock())],
        )
        self._db.execute("DELETE FROM article_links WHERE article = ?", [article])
        self._db.execute("DELETE FROM article_ailments WHERE article = ?", [article])

    def keep(self, ailing: Sequence[Ailing]) -> None:
        """Write down which articles need an update, for those who look."""
        self._db.execute("DELETE FROM article_ailments")
        for each in ailing:
            self._db.execute(
                "INSERT INTO article_ailments (article, failed, told, step, tickets, proposed, "
                "links) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    each.article,
                    each.failed,
                    each.told,
                    each.step,
                    json.dumps(each.tickets),
                    json.dumps(each.proposed),
                    json.dumps(each.links, ensure_ascii=False),
                ],
            )

    def kept(self) -> tuple[Ailing, ...]:
        """Give the articles that needed an update when last looked."""
        rows = self._db.execute("SELECT * FROM article_ailments ORDER BY rowid").fetchall()
        return tuple(
            Ailing(
                row["article"],
                row["failed"],
                row["told"],
                row["step"],
                tuple(TicketId(each) for each in json.loads(row["tickets"])),
                tuple(TicketId(each) for each in json.loads(row["proposed"])),
                load_strings(row["links"]),
            )
            for row in rows
        )

    def _fresh(self) -> dict[str, str]:
        """Give when articles were updated last: looked over, or a draft made part of them."""
        rows = self._db.execute(
            "SELECT article, max(at) AS at FROM (SELECT article, at FROM article_updates UNION ALL "
            "SELECT article, updated_at FROM drafts WHERE state = 'merged') GROUP BY article"
        ).fetchall()
        return {row["article"]: row["at"] for row in rows}
