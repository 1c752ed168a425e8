"""What is edited or deleted in Slack changes in every copy, those that Slack shows included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.ids import NoticeId, TicketId
from bot.desk.learning import DraftCard, GapReport, ProblemReport, WordsReport
from bot.desk.tickets import Card, Handoff, ThreadNote, with_files
from bot.store.articles.places import articles
from bot.store.database import server_of
from bot.store.privacy.columns import tables_with
from bot.store.privacy.erasing import (
    DELETED,
    NOTICES,
    Replacing,
    erasing,
    replace_in_notices,
    replace_on_ticket,
    unlearn,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.notices import Notice
    from bot.desk.ports.delivery import Outbox
    from bot.desk.privacy import Scrubber
    from bot.desk.tickets import File

LEARNED = "SELECT 1 FROM base_rows WHERE part = 'kb_learned' AND instr(held, ?) > 0 LIMIT 1"


class Copies:
    """The copies of what is said on a ticket."""

    def __init__(self, database: Database, outbox: Outbox, scrubber: Scrubber, path: Path) -> None:
        """Work on the open transaction of a database; what Slack shows is edited by the outbox.

        `path` names the database; where that is on a server, this file has a copy of the articles.
        """
        self._path = path
        self._db = database
        self._outbox = outbox
        self._scrubber = scrubber

    def replace(
        self, ticket: TicketId, words: str, new: str | None, files: tuple[File, ...] = ()
    ) -> None:
        """Replace a message's words on its ticket, and where other tickets quote it."""
        if not words.strip():
            return
        instead = DELETED if new is None else new
        change = Replacing(_parts(words, files), self._scrubber, instead)
        with erasing(self._db):
            replace_on_ticket(self._db, ticket, change)
        if new is None:
            self._unlearn(change.forms)
        shown: set[int] = set()
        where = "ticket = ? OR id IN (SELECT notice FROM quotes WHERE ticket = ?)"
        for table in tables_with(self._db, *NOTICES):
            shown |= replace_in_notices(self._db, table, where, [ticket, ticket], change)
        for number in sorted(shown):
            self._edit(NoticeId(number), ticket)

    def _unlearn(self, words: Iterable[str]) -> None:
        """Take out what articles learned, wherever they are."""
        if server_of(self._path) is None:
            unlearn(self._db, words)
            return
        told = [[json.dumps(each, ensure_ascii=False)] for each in words]
        if not any(self._db.execute(LEARNED, each).fetchone() for each in told):
            return
        with articles(self._path) as base:
            unlearn(base, words)

    def _edit(self, notice: NoticeId, ticket: TicketId) -> None:
        posted = self._outbox.get(notice)
        # A card shows the truth by itself: whoever changes its ticket refreshes it.
        if posted is not None and not isinstance(posted.notice, Card):
            to = Destination(posted.destination.channel, edits=posted.id)
            self._outbox.put(posted.notice, to, ticket)


def _parts(words: str, files: tuple[File, ...]) -> tuple[str, ...]:
    """Give the words with and without the files that stand below them.

    What people type may look like a file and is words; where files were once on record with the
    words alone, only their looks tell.
    """
    told = words.removesuffix(with_files("", files)).strip() if files else words
    unlike = "\n".join(line for line in words.splitlines() if not line.startswith("[file: "))
    return (words, told, unlike)


def quoted_by(notice: Notice) -> frozenset[TicketId]:
    """Give the other tickets whose words a notice quotes."""
    if isinstance(notice, Handoff):
        alike = {each.ticket for each in notice.alike}
        return frozenset(alike | {each.ticket for each in notice.similar})
    if isinstance(notice, DraftCard):
        return frozenset(notice.sources)
    if isinstance(notice, GapReport):
        return frozenset(line.typical for line in notice.lines)
    if isinstance(notice, WordsReport):
        return frozenset(line.ticket for line in notice.lines)
    if isinstance(notice, ProblemReport):
        return frozenset(each for line in notice.lines for each in line.sources)
    if isinstance(notice, ThreadNote) and notice.other is not None:
        return frozenset({notice.other})
    return frozenset()
