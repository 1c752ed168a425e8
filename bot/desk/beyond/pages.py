"""A page: one call through one target, from its being raised to its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.tickets import EscalationState

if TYPE_CHECKING:
    from bot.desk.ids import EscalationId, TicketId


class PageState(StrEnum):
    """Where a page stands."""

    RAISED = "raised"
    TAKEN = "acknowledged"
    ENDED = "ended"


@dataclass(frozen=True)
class Page:
    """A page of an escalation by a target, and what that target knows it by."""

    key: str
    ticket: TicketId
    escalation: EscalationId
    target: str
    state: PageState = PageState.RAISED


def at_rest(page: Page, moved: EscalationId, *, begins: bool) -> PageState:
    """Tell where a page stands as somebody lets an escalation rest, or its rest is over.

    Who lets it rest has seen it. Afterwards the ladder raises a page anew.
    """
    if page.escalation != moved:
        return page.state
    if begins:
        return PageState.TAKEN
    return PageState.ENDED if page.state is PageState.TAKEN else page.state


def after(page: Page, moved: EscalationId, was: EscalationState, now: EscalationState) -> PageState:
    """Tell where a page stands after an escalation of its ticket moved.

    Who takes an escalation acknowledges its pages, and ends those of the stages before. What
    nobody took and moved up a tier keeps calling, until somebody there takes it. What was put
    back to the queue is raised anew as its ladder is climbed again.
    """
    own = page.escalation == moved
    match now:
        case EscalationState.ACKNOWLEDGED:
            return PageState.TAKEN if own else PageState.ENDED
        case EscalationState.ESCALATED if was is EscalationState.PENDING:
            return page.state
        case EscalationState.PENDING if was is EscalationState.PENDING:
            return page.state
        case EscalationState.RESOLVED:
            return PageState.ENDED
        case _:
            return PageState.ENDED if own else page.state
