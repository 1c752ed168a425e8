"""Escalations in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.errors import StaleStateError
from bot.desk.ids import EscalationId, NoticeId, Thread, TicketId, UserId
from bot.desk.privacy import Clean, NoScrubber
from bot.desk.tickets import Escalation, EscalationState, Settlement, Snooze
from bot.desk.tiers import Tier
from bot.store.codec import dump_strings, load_strings, moment, stamp
from bot.store.database import expect, insert
from bot.store.tickets.tickets import unheard

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber


Had = tuple[str | None, str | None]
NOBODY: Had = (None, None)


class SqliteEscalations:
    """The escalations table."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        scrubber: Scrubber | None = None,
        moved: Callable[[Escalation, EscalationState | None, Had], None] = unheard,
    ) -> None:
        """Work on the open transaction of a database; secrets are not written down here.

        `moved` is told of an escalation, of its state before, None where it is new, and of who
        had it, and who let it rest.
        """
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()
        self._moved = moved

    def open(
        self, ticket: TicketId, tier: Tier, group: str, reasons: tuple[str, ...]
    ) -> Escalation:
        """Open an escalation; a ticket has at most one open at a time."""
        now = self._clock()
        reasons = tuple(self._scrubber.scrub(reason).text for reason in reasons)
        row: dict[str, Any] = {
            "ticket": ticket,
            "tier": tier.value,
            "group_name": group,
            "state": EscalationState.PENDING.value,
            "reasons": dump_strings(reasons),
            "opened_at": stamp(now),
            "updated_at": stamp(now),
        }
        number = EscalationId(insert(self._db, "escalations", row))
        escalation = Escalation(number, ticket, tier, group, now, reasons)
        self._moved(escalation, None, NOBODY)
        return escalation

    def get(self, escalation: EscalationId) -> Escalation | None:
        """Find an escalation by its id."""
        return self._one("id = ?", [escalation])

    def open_for(self, ticket: TicketId) -> Escalation | None:
        """Find the escalation of a ticket that somebody still has to act on."""
        return self._one("ticket = ? AND state IN ('pending', 'acknowledged')", [ticket])

    def latest_for(self, ticket: TicketId) -> Escalation | None:
        """Find the last escalation of a ticket, open or not."""
        return self._one("ticket = ? ORDER BY id DESC LIMIT 1", [ticket])

    def all_for(self, ticket: TicketId) -> tuple[Escalation, ...]:
        """Give all escalations of a ticket, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM escalations WHERE ticket = ? ORDER BY id", [ticket]
        ).fetchall()
        return tuple(_escalation(row) for row in rows)

    def in_thread(self, thread: Thread) -> Escalation | None:
        """Find the escalation whose card opened this thread."""
        return self._one(
            "card = (SELECT id FROM all_outbox WHERE sent_channel = ? AND sent_ts = ? "
            "AND edits IS NULL)",
            [thread.channel, thread.ts],
        )

    def assigned(self) -> tuple[Escalation, ...]:
        """Give the open escalations that somebody has."""
        rows = self._db.execute(
            "SELECT * FROM escalations WHERE state IN ('pending', 'acknowledged') "
            "AND assignee IS NOT NULL ORDER BY id"
        ).fetchall()
        return tuple(_escalation(row) for row in rows)

    def without_timer(self) -> tuple[Escalation, ...]:
        """Find open escalations that no timer will ever speak of."""
        rows = self._db.execute(
            "SELECT * FROM escalations WHERE state IN ('pending', 'acknowledged') "
            "AND NOT EXISTS (SELECT 1 FROM timers WHERE timers.ticket = escalations.ticket "
            "AND timers.state IN ('set', 'paused')) LIMIT 100"
        ).fetchall()
        return tuple(_escalation(row) for row in rows)

    def _one(self, where: str, values: list[Any]) -> Escalation | None:
        row = self._db.execute(f"SELECT * FROM escalations WHERE {where}", values).fetchone()
        return _escalation(row) if row else None

    def save(self, escalation: Escalation, *, was: EscalationState) -> None:
        """Compare and set: write the escalation if it still is in the state it was read in."""
        settled, snooze = escalation.settlement, escalation.snooze
        said = self._said
        had = NOBODY if self._moved is unheard else self._had(escalation.id)
        changed = self._db.execute(
            "UPDATE escalations SET state = ?, assignee = ?, card = ?, findings = ?, "
            "settled_by = ?, cause = ?, fix = ?, prevention = ?, right_tier = ?, "
            "article_wanted = ?, article_words = ?, cause_told = ?, snoozed_by = ?, "
            "snoozed_until = ?, updated_at = ? "
            "WHERE id = ? AND state = ?",
            [
                escalation.state.value,
                escalation.assignee,
                escalation.card,
                said(escalation.findings),
                settled.by if settled else None,
                said(settled.cause) if settled else None,
                said(settled.fix) if settled else None,
                said(settled.prevention) if settled else "",
                settled.right_tier.value if settled and settled.right_tier else None,
                int(settled.article_wanted) if settled else 0,
                said(settled.article_words) if settled else "",
                int(settled.cause_told) if settled else 0,
                snooze.by if snooze else None,
                stamp(snooze.until) if snooze else None,
                stamp(self._clock()),
                escalation.id,
                was.value,
            ],
        )
        expect(self._db, changed, StaleStateError(escalation.name))
        self._moved(escalation, was, had)

    def _had(self, escalation: EscalationId) -> Had:
        row = self._db.execute(
            "SELECT assignee, snoozed_by FROM escalations WHERE id = ?", [escalation]
        ).fetchone()
        return (row["assignee"], row["snoozed_by"]) if row else NOBODY

    def _said(self, text: str) -> str:
        return self._scrubber.scrub(text).text


def _escalation(row: sqlite3.Row) -> Escalation:
    return Escalation(
        id=EscalationId(row["id"]),
        ticket=TicketId(row["ticket"]),
        tier=Tier(row["tier"]),
        group=row["group_name"],
        opened_at=moment(row["opened_at"]),
        reasons=tuple(map(Clean, load_strings(row["reasons"]))),
        state=EscalationState(row["state"]),
        assignee=UserId(row["assignee"]) if row["assignee"] else None,
        card=NoticeId(row["card"]) if row["card"] else None,
        findings=row["findings"],
        settlement=_settlement(row) if row["settled_by"] else None,
        snooze=_snooze(row) if row["snoozed_by"] else None,
    )


def _snooze(row: sqlite3.Row) -> Snooze:
    return Snooze(UserId(row["snoozed_by"]), moment(row["snoozed_until"]))


def _settlement(row: sqlite3.Row) -> Settlement:
    return Settlement(
        by=UserId(row["settled_by"]),
        cause=row["cause"],
        fix=row["fix"],
        prevention=row["prevention"],
        right_tier=Tier(row["right_tier"]) if row["right_tier"] else None,
        article_wanted=bool(row["article_wanted"]),
        article_words=row["article_words"],
        cause_told=bool(row["cause_told"]),
    )
