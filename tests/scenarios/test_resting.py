"""What rests: each side sees who has it, until when, and what happens then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.fakes import TurnableClock
from tests.scenarios.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare

EVERYBODY = "The vpn drops for everybody: nobody can log in"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose clock stands until the story turns it."""
    clock = TurnableClock(datetime(2026, 3, 3, 10, 0, tzinfo=UTC))
    with Office(tmp_path, clock=clock) as opened:
        yield opened


def test_seen_snoozed_and_put_back_every_side_knows(office: Office) -> None:
    """Mei has seen it, takes it, lets it rest over a restart, and gives it up; Jonas takes it."""
    asked = office.ask(office.ana, EVERYBODY)
    asked.waits_for("passed it")
    card = office.card(office.mei, "for everybody")
    card.press("Acknowledge for 30 minutes")
    card.top_becomes("<@U0MEI00001> has seen it and looks at it until")
    theirs = card.seen_by(office.jonas)
    theirs.waits_for("anybody can still take it")
    office.turn(minutes=29)
    assert card.count("Nobody has taken") == 0
    office.turn(minutes=1)
    assert "<@U0MEI00001>" in card.waits_for("The 30 minutes are over")
    office.turn(minutes=5)
    card.waits_for("Nobody has taken")

    card.press("Take it")
    asked.waits_for("<@U0MEI00001> (L2) has taken")
    card.press("Snooze")
    assert card.fill({"span": "hour", "until": 1_700_000_000}) == {
        "until": "Choose a time that is yet to come, within four weeks."
    }
    assert card.fill({"span": "hour", "until": None}) is None
    card.top_becomes("rests until")
    office.bot_leaves()
    office.bot_comes()
    office.turn(minutes=59)
    assert card.count("has rested") == 0
    office.turn(minutes=1)
    assert "<@U0MEI00001>" in card.waits_for("has rested; it is your turn again")
    office.settle()
    assert "rests until" not in card.top

    card.choose("Back to the queue")
    card.waits_for("put T-1001 back to the queue. Nobody has it now.")
    asked.waits_for("it waits for a colleague")
    card.top_becomes("nobody has taken it yet")
    theirs.press("Take it")
    asked.waits_for("<@U0JONAS001> (L2) has taken")


def test_the_requesters_word_wakes_it(office: Office) -> None:
    """What they add may change everything."""
    asked = office.ask(office.ana, "The vpn drops when I weigh pumpkins")
    asked.waits_for("passed it")
    card = office.card(office.mei, "weigh pumpkins")
    card.press("Take it")
    card.press("Snooze")
    assert card.fill({"span": "morning"}) is None
    assert "Mon" not in card.waits_for("lets it rest until")
    card.top_becomes("rests until")
    asked.say("now the screen is black as well")
    card.waits_for("now the screen is black as well")
    office.settle()
    assert "rests until" not in card.top


def test_what_a_deactivated_engineer_had_is_everybodys_again(office: Office) -> None:
    """The account is closed in the evening; its owner never gives anything up."""
    asked = office.ask(office.ana, EVERYBODY)
    card = office.card(office.jonas, "for everybody")
    card.seen_by(office.mei).press("Take it")
    asked.waits_for("<@U0MEI00001> (L2) has taken")
    office.playground.control("person", user="U0MEI00001", is_deleted=True)
    office.turn(minutes=6)
    office.look_at_rotas()
    card.waits_for("<@U0MEI00001> has left the workspace, so")
    asked.waits_for("waits for a colleague")
    card.press("Take it")
    asked.waits_for("<@U0JONAS001> (L2) has taken")
