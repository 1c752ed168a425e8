"""The machine's clock is set while the bot works: nobody mute, nothing twice, nothing closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.settings.file import DeskSettings
from tests import builders as a
from tests.fakes import TurnableClock
from tests.scenarios.office import BOT, SAM, Office, configuration
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

HOUR, DAY = 3_600.0, 86_400.0


@pytest.mark.parametrize("jump", [-HOUR, 180.0, 30 * DAY])
def test_the_desk_goes_on_when_the_clock_is_set(tmp_path: Path, jump: float) -> None:
    """An answer is not closed, an escalation calls nobody for it; new questions are answered."""
    clock = TurnableClock()
    file = configuration().model_copy(update={"desk": DeskSettings(admins=(SAM,))})
    slack = lambda: a.NOON + timedelta(seconds=clock.passed)  # noqa: E731 - one line is enough
    with Office(tmp_path, file=file, clock=clock, slack_time=slack) as office:
        answered = office.ask(office.ana, "my password, before the jump")
        answered.waits_for("Reset your password")
        called = office.ask(office.tom, "The vpn drops, before the jump")
        card = office.card(office.mei, "The vpn drops, before the jump")
        office.settle()
        said = len(answered.replies), len(called.replies), len(card.replies)

        clock.jump(jump)
        office.wake()
        told = office.sam.dm(BOT)
        office.sam.wait_for(
            lambda: any("was moved" in reads(m) for m in office.sam.sees(told)), PATIENCE_S
        )
        office.wake()
        office.ask(office.ana, "my password, after the jump").waits_for("Reset your password")
        office.settle()
        assert (len(answered.replies), len(called.replies), len(card.replies)) == said
        assert office.rows("SELECT 1 FROM tickets WHERE state = 'closed'") == []

        office.turn(days=3.5)
        assert "closed" in office.rows("SELECT state FROM tickets ORDER BY id")[0]
