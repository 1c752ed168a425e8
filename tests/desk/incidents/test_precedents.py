"""Incidents among reports, and requesters who are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.incidents import IncidentPolicy, incident_among, tier_of_return
from bot.desk.tickets import Resolution, Ticket, TicketState
from bot.desk.tiers import Tier

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
POLICY = IncidentPolicy()


def report(number: int, requester: str, duplicate_of: int | None = None) -> Ticket:
    """Build a ticket that people work on."""
    thread = Thread(TeamId("T"), ChannelId("C"), Ts(str(number)))
    return Ticket(
        TicketId(number), thread, UserId(requester), "down", Ts(str(number)), NOW,
        state=TicketState.ESCALATED,
        duplicate_of=TicketId(duplicate_of) if duplicate_of else None,
    )  # fmt: skip


def test_reports_by_others_that_look_alike_are_one_incident() -> None:
    """The earliest is the root; the new reporter counts."""
    recent = [report(1002, "U2"), report(1001, "U1"), report(1003, "U3")]
    likeness = {TicketId(1001): 0.6, TicketId(1002): 0.55, TicketId(1003): 0.2}
    incident = incident_among(recent, likeness, UserId("U9"), POLICY)
    assert incident is not None
    assert incident.root == 1001
    assert incident.requesters == 3


def test_a_report_like_a_follower_joins_what_the_follower_joined() -> None:
    """Words differ from report to report: any of them leads to the root."""
    recent = [report(1005, "U2", duplicate_of=1001)]
    incident = incident_among(recent, {TicketId(1005): 0.8}, UserId("U9"), POLICY)
    assert incident is not None
    assert incident.root == 1001


def test_ones_own_earlier_report_makes_no_incident() -> None:
    """Who asks twice is one person."""
    assert incident_among([report(1001, "U9")], {TicketId(1001): 1.0}, UserId("U9"), POLICY) is None


@pytest.mark.parametrize(
    ("resolution", "age", "asked", "tier"),
    [
        (Resolution.L2, timedelta(days=2), Tier.L2, Tier.L3),
        (Resolution.L2, timedelta(days=2), Tier.L1, Tier.L2),
        (Resolution.L3, timedelta(days=2), Tier.L3, Tier.L3),
        (Resolution.ARTICLE, timedelta(hours=1), Tier.L1, Tier.L2),
        (Resolution.ARTICLE, timedelta(days=3), Tier.L1, None),
        (Resolution.WITHDRAWN, timedelta(hours=1), Tier.L1, None),
    ],
)
def test_a_persistent_problem_goes_up_a_tier(
    resolution: Resolution, age: timedelta, asked: Tier, tier: Tier | None
) -> None:
    """What people fixed and came back goes one up; a how-to asked again later does not."""
    before = replace(
        report(1001, "U1"),
        state=TicketState.CLOSED,
        resolution=resolution,
        opened_at=NOW - age,
    )
    going = tier_of_return([before], asked, NOW, POLICY)
    assert (going[0] if going else None) == tier
