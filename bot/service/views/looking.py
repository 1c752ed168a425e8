"""What an engineer's modal shows and checks before anything is done: nothing here is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.tickets import About, subject_of
from bot.service.learning.problems import may_decide
from bot.service.learning.reviewing import review, review_to_merge
from bot.service.promises.resting import LONGEST, next_morning
from bot.service.tickets.cards import incident_line
from bot.service.tickets.duplicates import root_of
from bot.service.tickets.escalating import group_of
from bot.service.tickets.taking import may_act

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.addresses import Spot
    from bot.desk.ids import EscalationId, TicketId, UserId
    from bot.desk.learning import Draft, DraftId, Problem, ProblemId
    from bot.desk.tickets import Alike
    from bot.service.context import Desk


@dataclass(frozen=True)
class EngineersLooks:
    """Looks that an engineer takes from a card; who may not act is shown nothing."""

    desk: Desk

    def about(self, at: Spot, escalation: EscalationId) -> About | None:
        """Tell what an escalation is about and what called a person."""
        if not may_act(self.desk, at, escalation):
            return None
        with self.desk.look() as uow:
            known = uow.escalations.get(escalation)
            ticket = uow.tickets.get(known.ticket) if known else None
            line = incident_line(uow, ticket) if ticket else None
        if known is None or ticket is None:
            return None
        incident = line if line is not None and not line.ended else None
        return About(
            ticket.id,
            subject_of(ticket.question),
            known.tier,
            known.reasons,
            incident,
            known.state,
            known.assignee,
            known.snooze.by if known.snooze else None,
            ticket.muted,
        )

    def draft(self, at: Spot, draft: DraftId, *, merging: bool = False) -> Draft | None:
        """Give a draft to whoever decides on it; None where it is decided, or not for them."""
        seen = (review_to_merge if merging else review)(self.desk, at, draft)
        return seen.draft if seen.draft and seen.draft.is_open and not seen.against else None

    def problem(self, at: Spot, problem: ProblemId) -> Problem | None:
        """Give a problem to whoever decides on it; None where it is not for them."""
        if not may_decide(self.desk, at.user):
            return None
        with self.desk.look() as uow:
            return uow.problems.get(problem)

    def originals(self, at: Spot, escalation: EscalationId, typed: str) -> tuple[Alike, ...]:
        """Find the tickets that this one may be the same as, by what was typed so far."""
        if not may_act(self.desk, at, escalation):
            return ()
        with self.desk.look() as uow:
            known = uow.escalations.get(escalation)
            return uow.lookalikes.found(typed, known.ticket) if known else ()

    def against_hand_over(self, escalation: EscalationId, to: UserId) -> str | None:
        """Say why somebody cannot have an escalation; None where they can."""
        with self.desk.look() as uow:
            known = uow.escalations.get(escalation)
        if known is None:
            return None
        group = group_of(self.desk, known)
        if self.desk.may_act(to, (group,)):
            return "They have it already." if known.assignee == to else None
        handle = f"@{group.usergroup}" if group.usergroup else group.name
        return f"They are not in the group {handle}. Choose a member of it."

    def morning(self, escalation: EscalationId) -> datetime | None:
        """Give when an escalation's group begins tomorrow, or next, on the group's own clock."""
        with self.desk.look() as uow:
            known = uow.escalations.get(escalation)
        if known is None:
            return None
        hours = group_of(self.desk, known).hours
        return next_morning(hours, self.desk.clock()).astimezone(hours.zone)

    def against_snooze(self, until: datetime) -> str | None:
        """Say why nothing can rest until a time; None where it can."""
        if self.desk.clock() < until <= self.desk.clock() + LONGEST:
            return None
        return "Choose a time that is yet to come, within four weeks."

    def against_duplicate(self, escalation: EscalationId, original: TicketId) -> str | None:
        """Say why a ticket cannot be the same as another; None where it can."""
        with self.desk.look() as uow:
            known = uow.escalations.get(escalation)
            root = root_of(uow, original)
            open_one = uow.escalations.open_for(root.id) if root else None
        if known is None:
            return None
        if root is None or root.is_restricted:
            return "There is no ticket of that number."
        if root.id == known.ticket:
            return "That is this ticket itself."
        if open_one is None and not root.is_settled:
            return f"Nobody works on {root.name}, so nothing would come of it."
        return None
