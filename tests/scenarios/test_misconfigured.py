"""A workspace that is not as the configuration says: people are reached all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import CapturingLogger

from bot.cli.doctor import _database, _places
from bot.slack.app import web_client
from bot.slack.manifest import manifest
from tests.scenarios.office import BOT, MEI, Office, configuration
from tests.scenarios.screen import PATIENCE_S, Screen, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Person

pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """L2's user group does not exist; L3's channel does not either."""
    file = configuration(
        l2={"usergroup": "l2-heroes", "fallback": [MEI]}, l3={"channel": "l3-moved-away"}
    )
    with Office(tmp_path_factory.mktemp("misconfigured"), file=file) as opened:
        yield opened


def direct_card(office: Office, engineer: Person, phrase: str) -> Screen:
    """Wait for an escalation that comes to somebody directly."""
    dm = engineer.dm(BOT)

    def look() -> Screen | None:
        for message in engineer.sees(dm):
            if phrase in reads(message) and message.get("bot_id"):
                found = office.screen(engineer, dm, message["ts"])
                return found if found.count("Handoff of") else None
        return None

    return engineer.wait_for(look, PATIENCE_S)


def test_the_fallback_is_mentioned_where_the_user_group_is_missing(office: Office) -> None:
    """And a note says why; the fallback may act, others of the office may not."""
    asked = office.ask(office.ana, "The vpn drops, and no group")
    card = office.card(office.mei, "and no group")
    assert f"On call: <@{MEI}>" in card.top
    assert "The user group @l2-heroes does not exist or is empty." in card.top
    card.seen_by(office.jonas).press("Take it")
    card.seen_by(office.jonas).waits_for_whisper("resolver group only")
    card.press("Take it")
    asked.waits_for(f"<@{MEI}> (L2) has taken")


def test_an_escalation_without_a_channel_goes_to_somebody_on_call_directly(
    office: Office,
) -> None:
    """Priya gets card and handoff in her direct messages, and can settle it from there."""
    asked = office.ask(office.tom, "The order system is down, nobody home")
    asked.waits_for("the engineers who own the system (L3)")
    card = direct_card(office, office.priya, "nobody home")
    assert "The channel l3-moved-away could not be reached" in card.top
    card.press("Take it")
    asked.waits_for("<@U0PRIYA001> (L3) has taken")
    card.top_becomes("taken by <@U0PRIYA001>")
    asked.say("it is getting worse")
    card.waits_for("it is getting worse")
    card.press("Resolve")
    office.priya.wait_for(office.priya.modal)
    assert office.priya.submit({"cause": "A fuse", "fix": "A new fuse"}) is None
    asked.waits_for("has resolved")
    office.settle()
    assert "[Resolve]" not in card.top


def test_the_doctor_shows_what_could_not_be_delivered_and_why(office: Office) -> None:
    """Undelivered notices, missing channels and groups, each in a line with its remedy."""
    office.ask(office.tom, "The order system is down, call a doctor")
    direct_card(office, office.priya, "call a doctor")
    office.settle()
    lines = [f"{finding.subject}: {finding.says}" for finding in _database(office.settings)]
    undelivered = [line for line in lines if line.startswith("undelivered")]
    assert any("There is no channel 'l3-moved-away'" in line for line in undelivered)

    client = web_client(office.playground.bot_token, office.playground.api_url)
    found = {finding.subject: finding for finding in _places(office.settings, client)}
    assert found["channel l3-moved-away"].good is False
    assert "create it and invite the app" in found["channel l3-moved-away"].says
    assert "The user group @l2-heroes does not exist" in found["group l2"].says


def test_a_bot_that_was_thrown_out_of_the_channel_reaches_people_directly(
    office: Office,
) -> None:
    """The channel exists, but the bot is no member any more."""
    office.playground.control("member", channel="l2-support", user=BOT, remove=True)
    try:
        asked = office.ask(office.ana, "The vpn drops, and the door is shut")
        card = direct_card(office, office.mei, "the door is shut")
        assert "could not be reached" in card.top
        card.press("Take it")
        asked.waits_for(f"<@{MEI}> (L2) has taken")
    finally:
        office.playground.control("member", channel="l2-support", user=BOT)


def test_nobody_on_call_at_all_is_said_to_the_requester(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """No channel, no group, no fallback: the requester is told that nobody was reached."""
    file = configuration(l2={"channel": "nowhere", "usergroup": None})
    with Office(tmp_path_factory.mktemp("nobody"), file=file) as alone:
        asked = alone.ask(alone.ana, "The vpn drops, hello?")
        asked.waits_for("I could not reach anybody on call")


def test_a_missing_scope_is_said_at_the_start(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anybody needs it: who is a guest could not be told without."""
    office = Office(tmp_path_factory.mktemp("scopes"))
    office.open()
    try:
        described = manifest()
        described["oauth_config"]["scopes"]["bot"].remove("users:read")
        office.playground.control("manifest", manifest=described)
        said = CapturingLogger()
        monkeypatch.setattr("bot.bootstrap.parts.log", said)
        office.bot_comes()
        missing = [call.kwargs["scope"] for call in said.calls if call.args == ("scope_missing",)]
        assert missing == ["users:read"]
        office.ask(office.ana, "The vpn drops all the same").waits_for("passed it to")
    finally:
        office.close()
