"""Who is on call, as people see it: the board, taking over, a swap; the user group follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.groups import OnCallSettings
from tests.scenarios.office import JONAS, MEI, SAM, Office, configuration
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground import Person

pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose L2 takes daily turns; Mei's turn lasts for all of the test."""
    rota = {"members": [MEI, JONAS], "every": 300}
    file = configuration(l2={"rota": rota, "lead": SAM, "zone": "Europe/Berlin"})
    file = file.model_copy(update={"oncall": OnCallSettings(sync_usergroup=True)})
    with Office(tmp_path_factory.mktemp("oncall"), file=file) as opened:
        yield opened


def whispered(person: Person, phrase: str, channel: str = "l2-support") -> dict[str, Any]:
    """Wait for a message that this person alone sees."""

    def look() -> dict[str, Any] | None:
        found = [each for each in person.ephemerals(channel) if phrase in reads(each)]
        return found[-1] if found else None

    return person.wait_for(look, PATIENCE_S)


def on_call(office: Office) -> str:
    """Who is on call for L2 as the board shows it to Ana; it answers her alone."""
    before = len(office.ana.ephemerals("it-help"))
    office.ana.command("it-help", "/oncall l2")
    office.ana.wait_for(lambda: len(office.ana.ephemerals("it-help")) > before, PATIENCE_S)
    return reads(office.ana.ephemerals("it-help")[-1]).splitlines()[1]


def test_a_shift_is_taken_over_and_everybody_sees_it(office: Office) -> None:
    """Asked, confirmed, told to the group; the next call reaches who took it."""
    members = {MEI: office.mei, JONAS: office.jonas}
    now = on_call(office)
    first = MEI if MEI in now else JONAS
    other = JONAS if first == MEI else MEI
    members[other].command("l2-support", "/oncall take l2 for 4h")
    asked = whispered(members[other], "[Confirm]")
    office.screen(members[other], "l2-support", asked["ts"]).press_on(asked, "Confirm")
    whispered(members[other], "the group is told")
    told = [reads(each) for each in office.sam.sees("l2-support")]
    assert any("has changed who is on call" in each for each in told)
    assert other in on_call(office)
    office.ask(office.ana, "The vpn drops in the cellar, please send a person")
    office.settle()


def test_somebody_outside_is_refused_alone(office: Office) -> None:
    """An employee takes no shift."""
    office.ana.command("it-help", "/oncall take l2")
    whispered(office.ana, "Only the people of l2", "it-help")


def test_help_is_given_for_what_cannot_be_read(office: Office) -> None:
    """With what can be said."""
    office.mei.command("l2-support", "/oncall juggle")
    assert "/oncall swap" in reads(whispered(office.mei, "juggle"))


def test_the_user_group_was_made_equal_to_who_is_on_call(office: Office) -> None:
    """Mei and Jonas were both in it; at the bot's first look one of them is left."""

    def look() -> bool:
        site = office.playground._running()
        return len(site.workspace.usergroups["S0L2ONCALL"].users) == 1

    office.ana.wait_for(look, PATIENCE_S)
