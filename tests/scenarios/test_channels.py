"""A channel is closed, renamed, left: the admin hears of it, and everybody else is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import BOT, MEI, Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office of its own: its channels are changed."""
    with Office(tmp_path) as mine:
        yield mine


def alarms(office: Office) -> list[str]:
    """Give what the admin was told, oldest first."""
    return [str(row[0]) for row in office.rows("SELECT says FROM alarms ORDER BY id")]


def test_a_channel_is_archived_and_comes_back(office: Office) -> None:
    """The admin is told both; meanwhile who is on call gets the card directly."""
    office.playground.control("channel", channel="l2-support", do="archive", user=MEI)
    office.mei.wait_for(lambda: any("is archived" in each for each in alarms(office)))
    asked = office.ask(office.ana, "The vpn drops, and the channel is shut")
    asked.waits_for("passed it to the specialists on call")
    dm = office.mei.dm(BOT)
    office.mei.wait_for(
        lambda: [each for each in office.mei.sees(dm) if "channel is shut" in str(each)]
    )
    office.playground.control("channel", channel="l2-support", do="unarchive", user=MEI)
    office.playground.control("member", channel="l2-support", user=BOT)
    office.mei.wait_for(lambda: any("used again" in each for each in alarms(office)))
    office.ask(office.ana, "The vpn drops in the attic")
    assert "[Take it]" in office.card(office.mei, "in the attic").top


def test_a_channel_that_was_renamed_is_used_until_the_admin_has_written_its_name(
    office: Office,
) -> None:
    """Nobody on call is missed for a name."""
    office.ask(office.ana, "The vpn drops before the renaming")
    office.card(office.mei, "before the renaming")
    office.playground.control(
        "channel", channel="l2-support", do="rename", name="l2-heroes", user=MEI
    )
    office.mei.wait_for(lambda: any("another name" in each for each in alarms(office)))
    office.ask(office.tom, "The vpn drops after the renaming")
    assert "[Take it]" in office.card(office.mei, "after the renaming", "l2-heroes").top


def test_the_app_is_thrown_out_and_invited_again(office: Office) -> None:
    """Both are told; of other people's comings and goings nothing is."""
    office.playground.control("member", channel="l2-support", user=MEI, remove=True)
    office.playground.control("member", channel="l2-support", user=MEI)
    office.playground.control("member", channel="l2-support", user=BOT, remove=True)
    office.mei.wait_for(lambda: any("the app was removed" in each for each in alarms(office)))
    office.playground.control("member", channel="l2-support", user=BOT)
    office.mei.wait_for(lambda: any("in it again" in each for each in alarms(office)))
    assert len(alarms(office)) == 2
