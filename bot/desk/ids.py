"""The identities that the desk speaks of, as types instead of bare strings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType

TicketId = NewType("TicketId", int)
EscalationId = NewType("EscalationId", int)
NoticeId = NewType("NoticeId", int)
IncidentId = NewType("IncidentId", int)
TeamId = NewType("TeamId", str)
UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)
Ts = NewType("Ts", str)

DESK = TicketId(0)
"""Stands in the audit trail for the desk itself, where something concerns no ticket."""

FIRST_TICKET = 1001
"""Ticket numbers start here, so that a number is recognised as one."""

HOME = "home:"
"""Begins the name of a person's Home where a channel's name may stand: `home:U…`."""


@dataclass(frozen=True)
class Thread:
    """A Slack thread; its timestamp means nothing without its channel."""

    team: TeamId
    channel: ChannelId
    ts: Ts


def ticket_name(ticket: TicketId) -> str:
    """Give a ticket's number as people say it: `T-1042`."""
    return f"T-{ticket}"


def parse_ticket_name(text: str) -> TicketId | None:
    """Read `T-1042`, `t1042` or `1042`; None where it is no ticket's number."""
    found = re.fullmatch(r"(?:t-?)?(\d{1,12})", text.strip(), re.IGNORECASE)
    return TicketId(int(found.group(1))) if found else None


def incident_name(incident: IncidentId) -> str:
    """Give an incident's number as people say it: `INC-7`."""
    return f"INC-{incident}"


def parse_incident_name(text: str) -> IncidentId | None:
    """Read `INC-7` or `inc7`; None where it is no incident's number."""
    found = re.fullmatch(r"inc-?(\d{1,9})", text.strip(), re.IGNORECASE)
    return IncidentId(int(found.group(1))) if found else None
