"""The escalation: a ticket passed to a tier's resolver group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.errors import TransitionError
from bot.desk.ids import EscalationId, NoticeId, TicketId, UserId, ticket_name

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.tiers import Tier


ASKED_FOR_PERSON = "The requester asked for a person."
"""The reason of an escalation that its requester pressed for."""


class EscalationState(StrEnum):
    """Where an escalation stands."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    ESCALATED = "escalated"
    RETURNED = "returned"


ESCALATION_TRANSITIONS: dict[EscalationState, frozenset[EscalationState]] = {
    EscalationState.PENDING: frozenset(
        {EscalationState.ACKNOWLEDGED, EscalationState.RESOLVED, EscalationState.ESCALATED}
    ),
    EscalationState.ACKNOWLEDGED: frozenset(
        {
            EscalationState.PENDING,
            EscalationState.RESOLVED,
            EscalationState.ESCALATED,
            EscalationState.RETURNED,
        }
    ),
    EscalationState.RESOLVED: frozenset(),
    EscalationState.ESCALATED: frozenset(),
    EscalationState.RETURNED: frozenset(),
}
"""From each state, the states that may follow; a settled escalation stays as it is."""


@dataclass(frozen=True)
class Settlement:
    """What an engineer wrote down at the end."""

    by: UserId
    cause: str
    fix: str
    prevention: str = ""
    right_tier: Tier | None = None
    article_wanted: bool = False
    article_words: str = ""
    cause_told: bool = False
    """Whether the requester reads the cause too, and not the fix alone."""

    @property
    def told(self) -> str:
        """What of the cause the requester and those who follow read."""
        return self.cause if self.cause_told else ""


@dataclass(frozen=True)
class Snooze:
    """Somebody has seen it, and says until when reminders and calls wait."""

    by: UserId
    until: datetime


@dataclass(frozen=True)
class Escalation:
    """A ticket in the hands of a resolver group."""

    id: EscalationId
    ticket: TicketId
    tier: Tier
    group: str
    opened_at: datetime
    reasons: tuple[str, ...]
    state: EscalationState = EscalationState.PENDING
    assignee: UserId | None = None
    card: NoticeId | None = None
    findings: str = ""
    settlement: Settlement | None = None
    snooze: Snooze | None = None
    """Ends with whatever is done about it, and when its time is over."""

    @property
    def name(self) -> str:
        """The escalation as people speak of it."""
        return f"{ticket_name(self.ticket)} at {self.tier}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act on it."""
        return bool(ESCALATION_TRANSITIONS[self.state])

    def _move(self, to: EscalationState) -> Escalation:
        if to not in ESCALATION_TRANSITIONS[self.state]:
            raise TransitionError(self.name, self.state, to)
        return replace(self, state=to, snooze=None)

    def taken_by(self, engineer: UserId) -> Escalation:
        """Acknowledge: the engineer becomes the assignee."""
        return replace(self._move(EscalationState.ACKNOWLEDGED), assignee=engineer)

    def taken_beyond(self) -> Escalation:
        """Acknowledge for somebody in another system whom Slack does not know."""
        return replace(self._move(EscalationState.ACKNOWLEDGED), assignee=None)

    def reassigned(self, engineer: UserId) -> Escalation:
        """Hand it over; the state stays: what was pending still is to be taken."""
        if not self.is_open:
            raise TransitionError(self.name, self.state, "reassigned")
        return replace(self, assignee=engineer, snooze=None)

    def requeued(self) -> Escalation:
        """Put it back to the queue: nobody has it, and it is to be taken again."""
        state = self.state if self.state is EscalationState.PENDING else None
        moved = self if state else self._move(EscalationState.PENDING)
        return replace(moved, assignee=None, snooze=None)

    def snoozed(self, by: UserId, until: datetime) -> Escalation:
        """Let it rest until a time; the state stays."""
        if not self.is_open:
            raise TransitionError(self.name, self.state, "snoozed")
        return replace(self, snooze=Snooze(by, until))

    def awake(self) -> Escalation:
        """End its rest."""
        return replace(self, snooze=None)

    def passed_on(self, findings: str) -> Escalation:
        """Escalate to the next tier, with what was found so far."""
        return replace(self._move(EscalationState.ESCALATED), findings=findings)

    def returned(self, reason: str) -> Escalation:
        """Give it back to the tier that it came from, with a reason."""
        return replace(self._move(EscalationState.RETURNED), findings=reason)

    def resolved(self, settlement: Settlement | None) -> Escalation:
        """Settle it; None where the requester needs nobody any more."""
        return replace(self._move(EscalationState.RESOLVED), settlement=settlement)
