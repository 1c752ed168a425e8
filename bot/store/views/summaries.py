"""A ticket on one line, out of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ChannelId, EscalationId, TicketId, Ts, UserId
from bot.desk.promises import Priority, Promise
from bot.desk.tickets import EscalationState, Resolution, TicketState
from bot.desk.tiers import Tier
from bot.desk.views import TicketSummary
from bot.store.codec import moment
from bot.store.sealing import opened

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

SUMMARY = """
SELECT t.id, t.requester, t.question, t.state, t.opened_at, t.updated_at, t.channel, t.resolution,
       t.priority, t.waiting_since, t.duplicate_of, t.confirmed, t.restricted_to, t.told_of_end,
       t.asked_ts, e.tier, e.group_name, e.state AS step, e.assignee, e.id AS escalation,
       e.snoozed_by, e.snoozed_until,
       coalesce((SELECT sent_channel || ' ' || sent_ts FROM outbox WHERE id = e.card),
                (SELECT sent_channel || ' ' || sent_ts FROM outbox_history WHERE id = e.card)
       ) AS card_at
FROM tickets AS t LEFT JOIN escalations AS e
  ON e.id = (SELECT max(id) FROM escalations WHERE ticket = t.id)
"""


def summary_of(row: sqlite3.Row, due: datetime | None, promise: Promise | None) -> TicketSummary:
    """Give a ticket, with the promise that falls due next."""
    return TicketSummary(
        id=TicketId(row["id"]),
        requester=UserId(row["requester"]),
        question=opened(row["question"]),
        state=TicketState(row["state"]),
        opened_at=moment(row["opened_at"]),
        updated_at=moment(row["updated_at"]),
        channel=ChannelId(row["channel"]),
        resolution=Resolution(row["resolution"]) if row["resolution"] else None,
        priority=Priority(row["priority"]) if row["priority"] else None,
        waiting=row["waiting_since"] is not None,
        duplicate_of=TicketId(row["duplicate_of"]) if row["duplicate_of"] else None,
        confirmed=bool(row["confirmed"]),
        told_of_end=bool(row["told_of_end"]),
        restricted_to=row["restricted_to"],
        tier=Tier(row["tier"]) if row["tier"] else None,
        group=row["group_name"],
        step=EscalationState(row["step"]) if row["step"] else None,
        assignee=UserId(row["assignee"]) if row["assignee"] else None,
        due=due,
        promise=promise,
        escalation=EscalationId(row["escalation"]) if row["escalation"] else None,
        snoozed_by=UserId(row["snoozed_by"]) if row["snoozed_by"] else None,
        snoozed_until=moment(row["snoozed_until"]) if row["snoozed_until"] else None,
        asked_ts=Ts(row["asked_ts"]),
        card_at=_place(row["card_at"]),
    )


def _place(written: str | None) -> tuple[ChannelId, Ts] | None:
    if written is None:
        return None
    channel, _, ts = written.partition(" ")
    return ChannelId(channel), Ts(ts)
