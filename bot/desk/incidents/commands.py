"""What people do with an incident."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.addresses import Spot
from bot.desk.ids import EscalationId, TicketId, UserId


@dataclass(frozen=True)
class NameIncident:
    """*Declare an incident*, and later its title and owner."""

    at: Spot
    escalation: EscalationId
    title: str
    owner: UserId | None = None


@dataclass(frozen=True)
class UpdateEveryone:
    """*Update everyone*: all who reported it, in their own threads, and the banners."""

    at: Spot
    escalation: EscalationId
    text: str


@dataclass(frozen=True)
class OtherProblem:
    """*Mine is another problem*: a reporter was joined to what is not theirs."""

    at: Spot
    ticket: TicketId


IncidentPress = NameIncident | UpdateEveryone | OtherProblem
