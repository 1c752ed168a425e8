"""The bot is killed at every instant of a conversation, and comes back.

Nothing that was said is lost, and nobody sees anything twice.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.playground.errors import Refused
from tests.faults.killed_bot import POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.office import Office

SCRIPT = Path(__file__).with_name("killed_bot.py")


@contextmanager
def bot(office: Office, *death: str) -> Iterator[subprocess.Popen[str]]:
    """Run the bot as a process until the block ends; with a point and a count, it dies by then."""
    playground = office.playground
    command = [
        sys.executable, str(SCRIPT), str(office.settings.db), playground.api_url,
        playground.bot_token, playground.app_token, *death,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def dies(process: subprocess.Popen[str]) -> None:
    """Wait for the death that was arranged."""
    assert process.wait(20) == -signal.SIGKILL


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("count", [1, 2])
def test_a_call_for_people_survives_a_kill(workspace: Office, point: str, count: int) -> None:
    """One reply, one card, one handoff: whatever the bot was doing when it died.

    The first passage of each point belongs to the reply; the second to the card, or to the event
    that the reply itself caused.
    """
    with bot(workspace, point, str(count)) as process:
        asked = workspace.ask(workspace.ana, f"The vpn drops, {point}")
        dies(process)
    with bot(workspace):
        card = workspace.card(workspace.mei, f"The vpn drops, {point}")
        workspace.settle()
        assert [reply[:30] for reply in asked.replies] == ["This needs a person to look in"]
        assert len(card.replies) == 1
        assert len(workspace.cards(workspace.mei, point)) == 1


@pytest.mark.parametrize("point", POINTS)
def test_a_press_survives_a_kill(workspace: Office, point: str) -> None:
    """*Take it*, and the bot dies on it: taken once, told once, or still there to be pressed."""
    with bot(workspace):
        asked = workspace.ask(workspace.ana, "The vpn drops, and then")
        card = workspace.card(workspace.mei, "and then")
        workspace.settle()
    with bot(workspace, point, "1") as process, contextlib.suppress(Refused):
        # Where the bot dies before it acknowledged, the page says so, as Slack does.
        card.press("Take it")
    dies(process)
    with bot(workspace):
        workspace.settle()
        if workspace.rows("SELECT assignee FROM escalations") == [(None,)]:
            assert point == "before an event is stored"
            card.press("Take it")
        card.top_becomes("taken by <@U0MEI00001>")
        asked.waits_for("has taken")
        workspace.settle()
        assert asked.count("has taken") == 1
        assert card.whispers() == []
