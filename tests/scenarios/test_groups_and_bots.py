"""Group direct messages, and apps whose posts are requests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

from bot.playground.state.seed import PersonSeed
from bot.settings.file import WhoSettings
from tests.scenarios.office import ANA, BOT, TOM, Office, configuration, larkfield

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Seed

pytestmark = pytest.mark.rare

MONITOR, OTHER = "U0MONITOR1", "U0PARCEL01"


def with_apps() -> Seed:
    """The sample workspace with two other apps in #warehouse."""
    seed = larkfield()
    apps = (
        PersonSeed(MONITOR, "monitor", "Monitor", is_bot=True),
        PersonSeed(OTHER, "parcels", "Parcels", is_bot=True),
    )
    channels = tuple(
        replace(each, members=(*each.members, MONITOR, OTHER)) if each.name == "warehouse" else each
        for each in seed.channels
    )
    return replace(seed, people=(*seed.people, *apps), channels=channels)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which the posts of one app are requests."""
    who = WhoSettings(share=10_000, bots=("B0MONITOR1",))
    file = configuration().model_copy(update={"who": who})
    with Office(tmp_path_factory.mktemp("apps"), seed=with_apps(), file=file) as opened:
        yield opened


def test_in_a_group_direct_message_it_answers_whoever_mentions_it(office: Office) -> None:
    """What the others talk about there is none of its business."""
    client = WebClient(office.playground.bot_token, base_url=office.playground.api_url)
    group = client.conversations_open(users=[ANA, TOM])["channel"]["id"]
    office.tom.say(group, "my password again, how do I reset it?")
    office.settle()
    assert office.calls("chat.postMessage") == []
    asked = office.screen(
        office.ana, group, office.ana.say(group, f"<@{BOT}> how do I reset my password?")
    )
    asked.waits_for("[That solved it]")
    office.settle()
    assert len(asked.replies) == 1
    seen = asked.seen_by(office.tom)
    seen.say("mine too")
    office.settle()
    asked.press("Talk to a person")
    assert office.card(office.mei, "reset my password").count("Handoff of")


def test_only_a_configured_app_asks(office: Office) -> None:
    """The other's words are nobody's, with or without a mention."""
    office.say_as(OTHER, "warehouse", f"<@{BOT}> The vpn drops, says a parcel")
    office.say_as(MONITOR, "warehouse", f"<@{BOT}> The vpn drops, says a probe")
    assert "[Take it]" in office.card(office.mei, "says a probe").top
    office.settle()
    assert office.cards(office.mei, "says a parcel") == []


def test_an_app_that_asked_is_never_sent_a_direct_message(office: Office) -> None:
    """Its channel is gone: what it would have read is set aside, for the admin."""
    office.say_as(MONITOR, "warehouse", f"<@{BOT}> The vpn drops, says the second probe")
    card = office.card(office.mei, "second probe")
    office.playground.control("channel", channel="warehouse", do="archive", user=ANA)
    card.press("Take it")
    card.top_becomes("taken by")
    office.settle()
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "The gateway", "fix": "Restarted"}) is None
    card.top_becomes("resolved")
    office.settle()
    places = {call["arguments"].get("channel") for call in office.calls("chat.postMessage")}
    assert MONITOR not in places
    refused = office.rows("SELECT error FROM outbox WHERE state = 'dead'")
    assert any("is_archived" in row[0] for row in refused)


def test_what_an_app_alone_would_read_is_not_sent(office: Office) -> None:
    """A pasted password is told to whoever pasted it, alone; an app is told nothing."""
    office.playground.control("channel", channel="warehouse", do="unarchive", user=ANA)
    told = f"<@{BOT}> The vpn drops, password: Kw7!ffe-2Qpz, says the third probe"
    office.say_as(MONITOR, "warehouse", told)
    office.card(office.mei, "third probe")
    office.settle()
    private = office.calls("chat.postEphemeral") + office.calls("chat.postMessage")
    assert not [c for c in private if MONITOR in {c["arguments"].get("user"),
                                                  c["arguments"].get("channel")}]  # fmt: skip
    (row,) = office.rows("SELECT error FROM outbox WHERE error LIKE '%an app alone%'")
    assert "reads no such messages" in row[0]
