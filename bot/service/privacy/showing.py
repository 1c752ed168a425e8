"""*Show*: what was masked, to those who handle it; who looked stands in the audit trail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId, UserId
from bot.desk.tickets import with_names
from bot.service.tickets.duplicates import root_of
from bot.service.tickets.taking import may_act

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.tickets import Line
    from bot.service.context import Desk


def show_masked(desk: Desk, at: Spot, ticket: TicketId) -> tuple[Line, ...] | None:
    """Give the messages of a ticket that hold secrets, as written; None where one may not see them.

    Only while somebody works on it; it is audited before it is shown. Nothing of it is stored.
    """
    with desk.look() as uow:
        # Who works on the original handles what its duplicates' requesters write as well.
        root = root_of(uow, ticket)
        escalation = uow.escalations.open_for(root.id) if root else None
    if escalation is None or not may_act(desk, at, escalation.id):
        return None
    with desk.unit_of_work() as uow:
        uow.audit.note(ticket, UserId(at.user), "looked at what was masked")
        conversation = uow.conversation.of(ticket)
    whole = (replace(line, text=with_names(line.text, line.files)) for line in conversation)
    return tuple(line for line in whole if not line.deleted and desk.scrubber.scrub(line.text))
