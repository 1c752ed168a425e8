"""A card has four or five buttons, and *More…* has the rest: together all that can be done."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from bot.desk.ids import IncidentId, TicketId
from bot.desk.tickets import About, EscalationState, IncidentLine
from bot.desk.tiers import Tier
from bot.playground.blockkit.surfaces import check_view
from bot.slack import actions as ids
from bot.slack.blocks.tickets.further import further_modal, offered
from bot.slack.blocks.tickets.row import buttons_of
from bot.slack.blocks.tickets.thread_modals import of_ticket
from tests import builders as a

ORIGIN = ids.ModalOrigin(7, a.L2_CHANNEL, "1.0", None)
INCIDENT = IncidentLine(IncidentId(1), "VPN gateway", a.MEI, a.NOON, 40)
MOST = 5

STANDINGS: dict[str, dict[str, Any]] = {
    "nobody has it": {"state": EscalationState.PENDING},
    "meant for somebody": {"state": EscalationState.PENDING, "assignee": a.MEI},
    "seen": {"state": EscalationState.PENDING, "snoozed_by": a.MEI},
    "taken": {"state": EscalationState.ACKNOWLEDGED, "assignee": a.MEI},
    "resting": {"state": EscalationState.ACKNOWLEDGED, "assignee": a.MEI, "snoozed_by": a.MEI},
    "taken outside Slack": {"state": EscalationState.ACKNOWLEDGED},
}
ALWAYS = {ids.RESOLVE, ids.ASK, ids.REPLY, ids.INCIDENT, ids.HAND_OVER, ids.PRIORITY,
          ids.DUPLICATE, ids.MUTE}  # fmt: skip


def about(standing: str, tier: Tier = Tier.L2, *, incident: bool = False) -> About:
    """An escalation that stands like this."""
    line = INCIDENT if incident else None
    return About(TicketId(1001), "The VPN drops", tier, (), line, **STANDINGS[standing])


@pytest.mark.parametrize(
    ("standing", "tier", "incident"), list(product(STANDINGS, Tier, (False, True)))
)
def test_all_that_can_be_done_is_on_the_card_or_behind_more(
    standing: str, tier: Tier, *, incident: bool
) -> None:
    """Each once; what would be refused is not offered."""
    known = about(standing, tier, incident=incident)
    row, rest = buttons_of(known), offered(known)
    assert len(row) <= MOST - 1
    assert not set(row) & set(rest)
    everything = {*row, *rest}
    assert everything >= ALWAYS
    taken = known.state is EscalationState.ACKNOWLEDGED
    assert (ids.TAKE in everything) == (not taken or known.assignee is None)
    assert (ids.FOR_NOW in everything) == (not taken and known.snoozed_by is None)
    assert (ids.WAKE in everything) == (taken and known.snoozed_by is not None)
    assert (ids.SNOOZE in everything) == (taken and known.snoozed_by is None)
    assert (ids.ESCALATE in everything) == (tier is not Tier.L3)
    assert (ids.RETURN in everything) == (tier is Tier.L3 and taken)
    assert (ids.QUEUE in everything) == (taken or known.assignee is not None)
    assert (ids.UPDATE_ALL in row) == incident
    check_view(of_ticket(further_modal(ORIGIN, known), known), "modal")


def test_whoever_cannot_be_looked_up_still_chooses() -> None:
    """Slack's directory may be away; who may not is refused at the end, as everywhere."""
    view = further_modal(ORIGIN, None)
    check_view(view, "modal")
    assert {ids.ESCALATE, ids.HAND_OVER, ids.MUTE} <= set(offered(None))


def test_what_is_settled_says_so() -> None:
    """Nothing is asked that would be refused."""
    settled = About(TicketId(1001), "It drops", Tier.L2, state=EscalationState.RESOLVED)
    view = further_modal(ORIGIN, settled)
    check_view(view, "modal")
    assert "submit" not in view
    assert "settled or was passed on" in str(view["blocks"])


def test_words_follow_how_it_stands() -> None:
    """What is muted is unmuted, what is an incident is not declared again."""
    known = About(TicketId(1001), "It drops", Tier.L2, incident=INCIDENT, muted=True)
    said = str(further_modal(ORIGIN, known)["blocks"])
    assert "Remind the requester again" in said
    assert "Declare" not in said
