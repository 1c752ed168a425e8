"""Incidents among reports, and requesters who are back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts, UserId
from bot.desk.incidents import IncidentPolicy, gathering_of, tier_of_return
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


def test_reports_by_others_that_look_alike_are_gathered() -> None:
    """The earliest is the root; the new reporter counts."""
    found = gathering_of([report(1002, "U2"), report(1001, "U1")], UserId("U9"))
    assert found is not None
    assert found.root == 1001
    assert found.requesters == 3


def test_a_report_like_a_follower_joins_what_the_follower_joined() -> None:
    """Words differ from report to report: any of them leads to the root."""
    found = gathering_of([report(1005, "U2", duplicate_of=1001)], UserId("U9"))
    assert found is not None
    assert found.root == 1001


def test_the_root_is_a_report_that_people_have() -> None:
    """An earlier one that was answered by an article follows it."""
    reports = [report(1001, "U1"), report(1002, "U2")]
    found = gathering_of(reports, UserId("U9"), {TicketId(1002)})
    assert found is not None
    assert found.root == 1002


def test_ones_own_earlier_report_makes_no_incident() -> None:
    """Who asks twice is one person."""
    assert gathering_of([report(1001, "U9")], UserId("U9")) is None


def test_whose_trouble_is_over_reports_nothing() -> None:
    """They said that it is solved."""
    solved = replace(report(1001, "U1"), state=TicketState.RESOLVED)
    assert gathering_of([solved], UserId("U9")) is None


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
