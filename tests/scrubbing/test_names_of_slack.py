"""What Slack calls people, channels and messages is no secret, however it looks."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.ids import TicketId, UserId
from bot.desk.privacy import for_others
from bot.desk.tickets import Handoff, Progress
from bot.desk.tiers import Tier
from bot.scrubbing.scrubber import RuleScrubber
from tests import builders as a

SCRUBBER = RuleScrubber()
PEOPLE = ("U0PRIYA001", "U0JONAS001", "U07QX4ZK9PD", "W012A3CDE5F", "U0SAM00001")


@pytest.mark.parametrize("user", PEOPLE)
@pytest.mark.parametrize(
    "words",
    [
        "{}",
        "<@{}>",
        "<@{}> looks into it",
        "ask <@{}|priya>, she has the login",
        "from {}: it works again",
        "https://larkfield.slack.com/team/{}",
    ],
)
def test_a_mention_stays_a_mention(words: str, user: str) -> None:
    """Alone, in words, and beside words that announce a password."""
    assert user in SCRUBBER.scrub(words.format(user)).text


@pytest.mark.parametrize(
    "address",
    [
        "https://larkfield.slack.com/archives/C0ITHELP01/p1772452800000100",
        "<#C0ITHELP01|it-help>",
        "https://larkfield.slack.com/archives/C0L2SUPP01/p1772452800000100?thread_ts=1772452800.000100&cid=C0L2SUPP01",
        "<!subteam^S0L2ONCALL>",
    ],
)
def test_an_address_within_slack_stays_whole(address: str) -> None:
    """Links to threads are how engineers get anywhere."""
    assert SCRUBBER.scrub(f"see {address} please").text == f"see {address} please"


@pytest.mark.parametrize("user", PEOPLE)
def test_who_did_it_goes_to_others_as_it_is(user: str) -> None:
    """A field that holds an id is no text of anybody."""
    said = Progress(TicketId(1001), "taken", Tier.L2, UserId(user))
    assert for_others(said, Destination(a.IT_HELP), SCRUBBER) == said


def test_articles_are_named_as_they_are() -> None:
    """By the names of their files, whatever these look like."""
    odd = ("kb-7Xq9-pLm2", "2fa-Reset-v2", "vpn-slow-or-drops")
    said = Handoff(TicketId(1001), (), odd, odd)
    assert for_others(said, Destination(a.L2_CHANNEL), SCRUBBER) == said


def test_what_is_told_apart_by_its_type_is_known() -> None:
    """A rename of the types would let ids through to the scrubber unseen."""
    types: dict[str, Any] = {field.name: field.type for field in fields(Progress)}
    assert types["by"] == "UserId | None"


@pytest.mark.parametrize("handle", ["@l2-heroes", "@it.helpdesk", "@network_oncall", "@payroll"])
def test_who_is_called_by_a_handle_is_read(handle: str) -> None:
    """Frontline itself writes so of groups and people."""
    text = f"The user group {handle} does not exist or is empty."
    assert RuleScrubber().scrub(text).text == text
    assert "hunter2" not in RuleScrubber().scrub("my pw @hunter2 doesnt work").text


@pytest.mark.parametrize("title", ["Rotate an API key or a service secret", "My Drive is full"])
@pytest.mark.parametrize("share", ["under 1", "3", "15"])
def test_chances_on_a_card_are_read(title: str, share: str) -> None:
    """A tier and a figure are two words, as an odd password is."""
    for text in (
        f"Chances: “{title}” 71%, L2 {share}%, L3 {share}%, another or no article 1%.",
        f"May need a person: 27% (L2 under 1%, L3 {share}%). Called from 13%.",
        f"Chances: L3 {share}%, “{title}” {share}%, asks for nothing 4%, L2 2%.",
    ):
        assert SCRUBBER.scrub(text).text == text
