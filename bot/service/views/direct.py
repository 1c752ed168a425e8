"""Tickets as one person may read them: a direct message is shown to those who handle it alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.privacy import UNQUOTED, is_direct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.desk.ids import UserId
    from bot.desk.views import TicketSummary


def may_read(ticket: TicketSummary, reader: UserId | None, groups: Collection[str]) -> bool:
    """Tell whether somebody of these resolver groups may read what a ticket asks."""
    concerned = reader in {ticket.requester, ticket.assignee} or ticket.group in groups
    return concerned or not is_direct(ticket.channel)


def readable_by(
    tickets: Iterable[TicketSummary], reader: UserId | None, groups: Collection[str]
) -> tuple[TicketSummary, ...]:
    """Give tickets without the words that somebody may not read."""
    return tuple(
        ticket if may_read(ticket, reader, groups) else replace(ticket, question=UNQUOTED)
        for ticket in tickets
    )
