"""Who may ask and press: strangers, guests, those who left, and those who left a group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.playground.state.seed import PersonSeed
from tests.scenarios.office import JONAS, MEI, Office, configuration, larkfield

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Seed
    from bot.settings.file import FileSettings

EVA, GIL = "U0EVASTR01", "U0GILGUE01"


def shared() -> Seed:
    """The sample workspace with somebody of another organisation, and a guest, in #it-help."""
    seed = larkfield()
    eva = PersonSeed(EVA, "eva", "Eva Strand", team="T0OTHER001")
    gil = PersonSeed(GIL, "gil", "Gil Moss", is_guest=True)
    channels = tuple(
        replace(each, members=(*each.members, EVA, GIL)) if each.name == "it-help" else each
        for each in seed.channels
    )
    return replace(seed, people=(*seed.people, eva, gil), channels=channels)


def with_help() -> FileSettings:
    """The sample configuration, by which what the collection `help` says is told to anybody."""
    file = configuration()
    return file.model_copy(update={"who": file.who.model_copy(update={"public": ("help",)})})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose help channel is shared with another organisation."""
    with Office(tmp_path_factory.mktemp("shared"), seed=shared(), file=with_help()) as opened:
        yield opened


def test_a_stranger_is_told_what_is_public_and_no_more(office: Office) -> None:
    """Alone, without a ticket, an address or anything to press; not from other articles."""
    eva = office.person(EVA)
    asked = office.ask(eva, "The office printer is grey at the strangers' counter")
    told = asked.waits_for_whisper("Printer offline")
    assert "what I may tell anybody" in told
    assert "larkfield.example" not in str(asked.person.ephemerals())
    assert "[" not in told.partition("Printer offline")[2]
    office.settle()
    assert asked.replies == []
    assert office.rows("SELECT 1 FROM tickets WHERE requester = ?", EVA) == []
    assert office.holding("strangers' counter") == set()
    office.ask(eva, "My password and a printer at the strangers' counter")
    office.settle()
    assert not [each for each in asked.whispers() if "Reset your password" in each]


def test_a_stranger_is_told_once_and_nothing_is_kept(office: Office) -> None:
    """No ticket, no words in any table; the second message is met with silence."""
    eva = office.person(EVA)
    asked = office.ask(eva, "The vpn drops at the strangers' desk")
    assert "another organisation" in asked.waits_for_whisper("another organisation")
    office.ask(eva, "The vpn drops at the strangers' desk again")
    office.settle()
    assert len([each for each in asked.whispers() if "cannot help you" in each]) == 1
    assert asked.replies == []
    assert office.holding("strangers' desk") == set()


def test_a_strangers_press_is_refused(office: Office) -> None:
    """Buttons that they see are not for them."""
    asked = office.ask(office.ana, "My password, seen by Eva")
    asked.waits_for("[That solved it]")
    office.settle()
    theirs = asked.seen_by(office.person(EVA))
    told = len(theirs.whispers())
    theirs.press("That solved it")
    office.person(EVA).wait_for(lambda: len(theirs.whispers()) > told)
    assert "another organisation" in theirs.whispers()[-1]
    office.settle()
    assert asked.count("Glad that it is solved") == 0


def test_a_guest_may_ask_and_not_act(office: Office) -> None:
    """Even in the user group: by default a guest takes nothing."""
    asked = office.ask(office.person(GIL), "The vpn drops at the guests' desk")
    asked.waits_for("passed it to")
    office.playground.control("group", usergroup="S0L2ONCALL", users=[MEI, JONAS, GIL])
    office.playground.control("member", channel="l2-support", user=GIL)
    card = office.card(office.mei, "guests' desk").seen_by(office.person(GIL))
    card.press("Take it")
    card.waits_for_whisper("resolver group only")
    assert "nobody has taken it yet" in card.top
    office.playground.control("group", usergroup="S0L2ONCALL", users=[MEI, JONAS])


def test_who_leaves_the_group_may_act_no_longer(office: Office) -> None:
    """At once, by Slack's event, though the membership was read a moment ago."""
    office.ask(office.ana, "The vpn drops while Jonas moves on")
    card = office.card(office.jonas, "Jonas moves on")
    card.press("Take it")
    card.top_becomes("taken by")
    office.playground.control("group", usergroup="S0L2ONCALL", users=[MEI])
    office.settle()
    told = len(card.whispers())
    card.press("Resolve")
    office.jonas.wait_for(office.jonas.modal)
    office.jonas.submit({"cause": "I", "fix": "guess"})
    office.jonas.wait_for(lambda: len(card.whispers()) > told)
    assert "resolver group only" in card.whispers()[-1]
    office.playground.control("group", usergroup="S0L2ONCALL", users=[MEI, JONAS])


def test_a_deactivated_person_may_not_press(office: Office) -> None:
    """`user_change` is heard, and what was known of them is forgotten."""
    asked = office.ask(office.tom, "My password, before I leave")
    asked.waits_for("[That solved it]")
    office.settle()
    office.playground.control("person", user="U0TOM00001", is_deleted=True)
    office.settle()
    asked.press("That solved it")
    asked.waits_for_whisper("may not ask here")
    assert asked.count("Glad that it is solved") == 0
    office.playground.control("person", user="U0TOM00001", is_deleted=False)


def test_a_strangers_edit_opens_no_way_round(office: Office) -> None:
    """What was passed over becomes a question by its edit; theirs does not."""
    eva = office.person(EVA)
    talk = office.ask(eva, "@tom lunch at the strangers' table?")
    office.settle()
    eva.edit("it-help", talk.ts, "@frontline The vpn drops at the strangers' table")
    office.settle()
    assert talk.replies == []
    assert office.holding("strangers' table") == set()
