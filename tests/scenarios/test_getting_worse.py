"""A danger that gets worse: what to do is said again, and those on call hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

WORSE = "it may be getting worse"
AGAIN = "I have passed that on. If it gets worse"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample workspace."""
    with Office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def test_what_is_added_is_answered_and_pings_who_is_on_call(office: Office) -> None:
    """In the engineers' thread, and the card says so."""
    asked = office.ask(office.ana, "The rack in room 1 smells of burning")
    # Words for who does not want to go on would be odd for a fire.
    assert "do not want to go on" not in asked.waits_for("ring *112* now")
    card = office.card(office.priya, "rack in room 1", "l3-engineering")
    asked.say("should I unplug something?")
    assert "unplug nothing that smokes" in asked.waits_for(AGAIN)
    noted = card.waits_for(WORSE)
    assert "should I unplug something?" in noted
    assert "<!subteam^S0L3ONCALL>" in noted
    office.settle()
    assert "got worse, or more was told, at" in card.top


def test_quick_additions_are_one_ping_and_each_is_answered(office: Office) -> None:
    """What follows at once stands below it."""
    asked = office.ask(office.tom, "My laptop was stolen on the train, gecko")
    card = office.card(office.priya, "gecko", "l3-engineering")
    asked.say("he is signing in with it")
    asked.say("now my mail is gone as well")
    asked.waits_for("I have passed that on. Until somebody writes here", 2)
    card.waits_for("my mail is gone")
    assert card.count(WORSE) == 1


def test_who_has_it_is_pinged(office: Office) -> None:
    """And nobody else, once it is taken; thanks ping nobody."""
    asked = office.ask(office.ana, "Im Lager riecht verbrannt, Newt")
    card = office.card(office.priya, "Newt", "l3-engineering")
    card.press("Take it")
    card.top_becomes("taken by")
    asked.say("thank you")
    card.waits_for("thank you")
    assert card.count(WORSE) == 0
    asked.say("there is smoke now")
    assert "<@U0PRIYA001>" in card.waits_for(WORSE)
