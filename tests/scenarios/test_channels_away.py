"""A channel that is away for a while: what was meant for it comes when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import ANA, BOT, MEI, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose channels every test leaves as it found them."""
    with Office(tmp_path_factory.mktemp("away")) as opened:
        yield opened


def alarms(office: Office) -> list[str]:
    """Give what the admin was told, oldest first."""
    return [str(row[0]) for row in office.rows("SELECT says FROM alarms ORDER BY id")]


def tells(office: Office, phrase: str) -> None:
    """Wait until the last that the admin was told is this."""
    office.mei.wait_for(lambda: phrase in (alarms(office) or [""])[-1])


def test_whoever_mentions_it_where_it_is_not_and_invites_it_is_answered(office: Office) -> None:
    """Slack tells of such a mention only once the app is invited; then it is a question."""
    office.playground.control("channel", do="create", name="lobby", user=ANA)
    asked = office.ana.say("lobby", f"<@{BOT}> how do I reset my password?")
    office.settle()
    assert office.calls("chat.postMessage") == []
    office.ana.act("invite", channel="lobby", user=BOT)
    thread = office.screen(office.ana, "lobby", asked)
    thread.waits_for("[That solved it]")
    office.settle()
    assert len(thread.replies) == 1


def test_what_engineers_missed_in_a_closed_channel_comes_when_it_is_open_again(
    office: Office,
) -> None:
    """The requester's words wait for the thread in which they belong, and say since when."""
    asked = office.ask(office.ana, "The vpn drops behind the closed door")
    card = office.card(office.mei, "closed door")
    card.press("Take it")
    card.top_becomes("taken by")
    office.settle()
    office.playground.control("channel", channel="l2-support", do="archive", user=MEI)
    tells(office, "is archived")
    asked.say("it says error 809")
    office.settle()
    assert card.count("error 809") == 0
    office.playground.control("channel", channel="l2-support", do="unarchive", user=MEI)
    card.waits_for("error 809")
    office.settle()
    assert card.count("error 809") == 1


def test_a_card_is_true_again_when_the_app_is_invited_back(office: Office) -> None:
    """Its changes were refused while the app was away."""
    asked = office.ask(office.ana, "The vpn drops in the tower")
    card = office.card(office.mei, "in the tower")
    office.settle()
    office.playground.control("member", channel="l2-support", user=BOT, remove=True)
    tells(office, "the app was removed")
    office.ana.edit("it-help", asked.ts, "The vpn drops in the tower and in the cellar")
    office.settle()
    assert "cellar" not in card.top
    office.playground.control("member", channel="l2-support", user=BOT)
    card.top_becomes("in the cellar")


def test_a_requester_whose_channel_was_archived_reads_the_answer_in_direct_messages(
    office: Office,
) -> None:
    """Nobody is left without a reply because somebody tidied up."""
    asked = office.ana.say("warehouse", f"<@{BOT}> the vpn drops in the old project")
    thread = office.screen(office.ana, "warehouse", asked)
    thread.waits_for("passed it to")
    card = office.card(office.mei, "old project")
    card.press("Take it")
    card.top_becomes("taken by")
    office.settle()
    office.playground.control("channel", channel="warehouse", do="archive", user=ANA)
    office.settle()
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    done = {"cause": "The gateway", "fix": "The gateway was restarted"}
    assert office.mei.submit(done) is None
    direct = office.ana.dm(BOT)
    office.ana.wait_for(lambda: "gateway was restarted" in str(office.ana.sees(direct)))


@pytest.mark.parametrize("channel", ["l2-support", "it-help"])
def test_a_channel_is_made_private_and_public_again(office: Office, channel: str) -> None:
    """It works on; the admin hears of both."""
    office.playground.control("channel", channel=channel, do="convert", user=MEI)
    tells(office, f"{channel} is private now")
    asked = office.ask(office.ana, f"The vpn drops behind the curtain of {channel}")
    asked.waits_for("passed it to")
    assert "[Take it]" in office.card(office.mei, f"curtain of {channel}").top
    office.playground.control("channel", channel=channel, do="convert", user=MEI)
    tells(office, f"{channel} is public now")
