"""What leaves Slack, inside a unit of work: events of tickets, and pages; sent by the outbox."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from bot.desk.beyond import (
    AboutProblem,
    Happening,
    Outgoing,
    Page,
    PageState,
    Target,
    Targets,
    about,
    after,
    at_rest,
    commented,
    in_a_line,
    page_key,
    problem_in_a_line,
)
from bot.desk.ids import EscalationId, TicketId, UserId
from bot.desk.tickets import Escalation, EscalationState, Ticket, TicketState
from bot.store.codec import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber
    from bot.store.outbox.rows import OutboxRows
    from bot.store.tickets.escalations import SqliteEscalations
    from bot.store.tickets.tickets import SqliteTickets

log = structlog.get_logger(__name__)

SALT = 12
"""So many letters make a page's name one that nobody guesses."""


@dataclass(frozen=True)
class _Told:
    """Something that is told once the transaction is about to end, as all stands then."""

    what: Happening
    ticket: TicketId
    escalation: EscalationId | None = None
    page: Page | None = None
    says: str = ""
    author: UserId | None = None


class BeyondRows:
    """Gathers what happens within a transaction, and writes what targets are told of it.

    What is written tells of the state at the transaction's end: a ticket that is opened and then
    kept to a group is told of as one that is kept.
    """

    def __init__(
        self, database: Database, clock: Clock, targets: Targets, scrubber: Scrubber
    ) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock
        self._targets = targets
        self._scrubber = scrubber
        self._told: list[_Told] = []
        self._problems: list[tuple[Happening, AboutProblem, str | None]] = []

    # --- what the tables tell

    def happened(
        self, what: Happening, ticket: TicketId, escalation: EscalationId | None = None,
        says: str = "",
    ) -> None:  # fmt: skip
        """Tell all targets that listen for it; a target hears of a ticket what it may."""
        if self._targets:
            self._told.append(_Told(what, ticket, escalation, says=says))

    def commented(self, ticket: TicketId, author: UserId, text: str) -> None:
        """Tell of a person's message on a ticket; that which opened it is told of already."""
        opened = any(each.what is Happening.OPENED and each.ticket == ticket for each in self._told)
        if self._targets and not opened:
            told = _Told(Happening.COMMENTED, ticket, says=text, author=author)
            self._told.append(told)

    def problem(self, what: Happening, told: AboutProblem, group: str | None) -> None:
        """Tell all targets that listen for it of a recurring problem, or of a wish."""
        if self._targets:
            self._problems.append((what, told, group))

    def ticket_moved(self, ticket: Ticket, was: TicketState | None) -> None:
        """Tell what a ticket's new state means."""
        if was is None:
            self.happened(Happening.OPENED, ticket.id)
        if was in {None, ticket.state}:
            return
        if ticket.is_settled and was not in {TicketState.RESOLVED, TicketState.CLOSED}:
            self.happened(Happening.SETTLED, ticket.id)
            self._end_pages(ticket.id)
        if ticket.state is TicketState.CLOSED:
            self.happened(Happening.CLOSED, ticket.id)
        if ticket.state in {TicketState.OPEN, TicketState.ESCALATED} and was in {
            TicketState.RESOLVED, TicketState.CLOSED,
        }:  # fmt: skip
            self.happened(Happening.REOPENED, ticket.id)

    def escalation_moved(
        self, now: Escalation, was: EscalationState | None, had: tuple[str | None, str | None]
    ) -> None:
        """Tell what an escalation's new state means, and what becomes of its pages."""
        if was is None:
            self.happened(Happening.ESCALATED, now.ticket, now.id)
            return
        assignee, rested = had
        if now.state is was:
            if was is EscalationState.ACKNOWLEDGED and now.assignee not in {assignee, None}:
                self.happened(Happening.HANDED_OVER, now.ticket, now.id)
            if was is EscalationState.PENDING and (now.snooze is None) != (rested is None):
                for page in self.pages_of(now.ticket):
                    self._move(page, at_rest(page, now.id, begins=now.snooze is not None))
            return
        if now.state is EscalationState.ACKNOWLEDGED:
            self.happened(Happening.TAKEN, now.ticket, now.id)
        elif now.state is EscalationState.PENDING:
            self.happened(Happening.GIVEN_BACK, now.ticket, now.id)
        for page in self.pages_of(now.ticket):
            self._move(page, after(page, now.id, was, now.state))

    # --- pages

    def page(self, escalation: Escalation, to: Sequence[str]) -> tuple[str, ...]:
        """Page by these targets what they have not been paged for yet; names those that are."""
        open_now = {each.target for each in self.pages_of(escalation.ticket)
                    if each.escalation == escalation.id}  # fmt: skip
        called = []
        for name in to:
            target = self._targets.named(name)
            if target is None or name in open_now:
                continue
            key = page_key(escalation.ticket, uuid4().hex[:SALT])
            page = Page(key, escalation.ticket, escalation.id, name)
            self._db.execute(
                "INSERT INTO pages (key, ticket, escalation, target, state, raised_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [key, page.ticket, page.escalation, name, page.state, stamp(self._clock())],
            )
            self._told.append(_Told(Happening.PAGE, page.ticket, page.escalation, page))
            called.append(name)
        return tuple(called)

    def pages_of(self, ticket: TicketId) -> tuple[Page, ...]:
        """Give the pages of a ticket that are not over."""
        if not self._targets:
            return ()
        rows = self._db.execute(
            "SELECT * FROM pages WHERE ticket = ? AND state <> 'ended' ORDER BY raised_at, key",
            [ticket],
        ).fetchall()
        return tuple(_page(row) for row in rows)

    def find(self, key: str) -> Page | None:
        """Find a page by the name that its target knows."""
        row = self._db.execute("SELECT * FROM pages WHERE key = ?", [key]).fetchone()
        return _page(row) if row else None

    def _end_pages(self, ticket: TicketId) -> None:
        for page in self.pages_of(ticket):
            self._move(page, PageState.ENDED)

    def _move(self, page: Page, to: PageState) -> None:
        if to is page.state:
            return
        self._db.execute("UPDATE pages SET state = ? WHERE key = ?", [to, page.key])
        what = Happening.PAGE_TAKEN if to is PageState.TAKEN else Happening.PAGE_ENDED
        self._told.append(_Told(what, page.ticket, page.escalation, page))

    # --- writing

    def flush(
        self, outbox: OutboxRows, tickets: SqliteTickets, escalations: SqliteEscalations
    ) -> None:
        """Write what targets are told; what cannot be told takes nothing else with it."""
        told, self._told = self._told, []
        for each in told:
            try:
                self._write(each, outbox, tickets, escalations)
            except sqlite3.Error:
                raise
            except Exception as failure:
                log.exception("not_told_beyond", ticket=each.ticket, exc_info=failure)
        problems, self._problems = self._problems, []
        for what, known, group in problems:
            title = self._scrubber.scrub(known.title or "").text or None
            clean = replace(known, title=title)
            for target in self._targets.hearing(what, group, None):
                says = problem_in_a_line(what, clean)
                key, now = uuid4().hex, self._clock()
                outbox.send_out(Outgoing(target.name, what, key, now, says, problem=clean))

    def _write(
        self,
        told: _Told,
        outbox: OutboxRows,
        tickets: SqliteTickets,
        escalations: SqliteEscalations,
    ) -> None:
        ticket = tickets.get(told.ticket)
        if ticket is None:
            return
        one = told.escalation
        escalation = escalations.get(one) if one else escalations.latest_for(told.ticket)
        if told.page is not None:
            named = self._targets.named(told.page.target)
            hearing: tuple[Target, ...] = (named,) if named else ()
        else:
            group = escalation.group if escalation else None
            hearing = self._targets.hearing(told.what, group, ticket.priority)
        for target in hearing:
            known = about(ticket, escalation, target, self._scrubber)
            says = self._scrubber.scrub(told.says).text
            if told.author is not None:
                known, says = commented(known, told.author, says), ""
            outgoing = Outgoing(
                target.name,
                told.what,
                uuid4().hex,
                self._clock(),
                in_a_line(told.what, known)
                if known.kept_back or not says
                else f"{known.name}: {says}",
                known,
                told.page.key if told.page else None,
            )
            outbox.send_out(outgoing, ticket.id)


def _page(row: sqlite3.Row) -> Page:
    return Page(
        row["key"],
        TicketId(row["ticket"]),
        EscalationId(row["escalation"]),
        row["target"],
        PageState(row["state"]),
    )
