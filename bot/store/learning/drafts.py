"""Drafts of articles in SQLite."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from bot.desk.ids import NoticeId, TicketId, UserId
from bot.desk.learning import Draft, DraftId, DraftState, Near, Text
from bot.desk.privacy import NoScrubber
from bot.store.codec import dump_strings, load_strings, moment, stamp
from bot.store.database import insert, marks_for
from bot.store.learning.effects import Effects
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.learning import Effect
    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber


class SqliteDrafts:
    """The drafts table."""

    def __init__(self, database: Database, clock: Clock, scrubber: Scrubber | None = None) -> None:
        """Work on the open transaction of a database; secrets are not written down here."""
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()

    def propose(self, draft: Draft) -> Draft:
        """Write a new draft down; gives it with its number."""
        row = {
            **self._words(draft.text),
            "ticket": draft.ticket,
            "group_name": draft.group,
            "article": draft.article,
            "area": draft.area,
            "sources": json.dumps(draft.sources),
            "threads": json.dumps(draft.threads),
            "near": _near(draft),
            "state": draft.state.value,
            "made_at": stamp(draft.made_at),
            "updated_at": stamp(draft.made_at),
        }
        number = DraftId(insert(self._db, "drafts", row))
        kept = self.get(number)
        return kept if kept is not None else replace(draft, id=number)

    def get(self, draft: DraftId) -> Draft | None:
        """Find a draft by its number."""
        row = self._db.execute("SELECT * FROM drafts WHERE id = ?", [draft]).fetchone()
        return _draft(row) if row else None

    def of(self, ticket: TicketId) -> Draft | None:
        """Find the latest draft that a ticket proposed."""
        row = self._db.execute(
            "SELECT * FROM drafts WHERE ticket = ? ORDER BY id DESC LIMIT 1", [ticket]
        ).fetchone()
        return _draft(row) if row else None

    def save(self, draft: Draft) -> None:
        """Write a draft's words and state."""
        changes = {
            **self._words(draft.text),
            "article": draft.article,
            "sources": json.dumps(draft.sources),
            "threads": json.dumps(draft.threads),
            "near": _near(draft),
            "state": draft.state.value,
            "revision": draft.revision,
            "decided_by": draft.by,
            "notice": draft.notice,
            "updated_at": stamp(self._clock()),
        }
        told = ", ".join(f"{name} = ?" for name in changes)
        self._db.execute(f"UPDATE drafts SET {told} WHERE id = ?", [*changes.values(), draft.id])

    def effect(self, draft: Draft) -> Effect | None:
        """Tell what a draft's article did since; None where it is none yet."""
        return Effects(self._db, self._clock).of(draft)

    def about(self, tickets: Sequence[TicketId]) -> tuple[Draft, ...]:
        """Find the drafts that some of these tickets are sources of, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM drafts WHERE EXISTS (SELECT 1 FROM json_each(sources) "
            f"WHERE CAST(value AS INTEGER) IN ({marks_for(tickets)})) ORDER BY id",
            list(tickets),
        ).fetchall()
        return tuple(_draft(row) for row in rows)

    def listed(self, *states: DraftState) -> tuple[Draft, ...]:
        """Give the drafts in these states, oldest first; all of them without one."""
        wanted = [state.value for state in states or tuple(DraftState)]
        marks = marks_for(wanted)
        rows = self._db.execute(
            f"SELECT * FROM drafts WHERE state IN ({marks}) ORDER BY id", wanted
        ).fetchall()
        return tuple(_draft(row) for row in rows)

    def made(self, since: datetime, until: datetime) -> tuple[Draft, ...]:
        """Give the drafts of tickets that are for all that were made in a time, as made."""
        return self._between("made_at", since, until)

    def decided(self, since: datetime, until: datetime) -> tuple[Draft, ...]:
        """Give those on which somebody had the last word in a time."""
        return self._between("updated_at", since, until)

    def _between(
        self, what: Literal["made_at", "updated_at"], since: datetime, until: datetime
    ) -> tuple[Draft, ...]:
        rows = self._db.execute(
            f"SELECT * FROM drafts WHERE {what} >= ? AND {what} < ? AND EXISTS "
            f"(SELECT 1 FROM tickets WHERE tickets.id = drafts.ticket AND tickets.{FOR_ALL}) "
            "ORDER BY id",
            [stamp(since), stamp(until)],
        ).fetchall()
        return tuple(_draft(row) for row in rows)

    def _words(self, text: Text) -> dict[str, str]:
        def clean(words: str) -> str:
            return self._scrubber.scrub(words).text

        return {
            "title": clean(text.title),
            "questions": dump_strings(tuple(clean(each) for each in text.questions)),
            "body": clean(text.body),
        }


def _near(draft: Draft) -> str:
    return json.dumps([[each.article, each.title, each.failed] for each in draft.near])


def _draft(row: Any) -> Draft:
    # What was forgotten is empty.
    questions = row["questions"]
    return Draft(
        id=DraftId(row["id"]),
        ticket=TicketId(row["ticket"]),
        group=row["group_name"],
        text=Text(
            row["title"],
            load_strings(questions) if questions else (),
            row["body"],
        ),
        article=row["article"],
        area=row["area"],
        sources=tuple(TicketId(each) for each in json.loads(row["sources"])),
        made_at=moment(row["made_at"]),
        threads=tuple((TicketId(ticket), link) for ticket, link in json.loads(row["threads"])),
        near=tuple(Near(*each) for each in json.loads(row["near"])),
        state=DraftState(row["state"]),
        revision=row["revision"],
        by=UserId(row["decided_by"]) if row["decided_by"] else None,
        notice=NoticeId(row["notice"]) if row["notice"] else None,
        decided_at=moment(row["updated_at"]),
    )
