"""The bot is killed at every instant of a conversation, and comes back.

Nothing that was said is lost, and nobody sees anything twice.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from bot.playground.errors import Refused
from tests.faults.killed_bot import POINTS, Death, bot, dies
from tests.scenarios.office import BOT
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from tests.scenarios.office import Office

MANY = 8
"""So many posts have been begun when the bot is killed."""
SENDING = ("between state and sending", "between sending and noting", "after noting")
DEATHS = [
    *(Death(point) for point in POINTS),
    # the first thing sent is the reply, the second the card, the third the handoff
    *(
        pytest.param(Death(point, passage), marks=pytest.mark.rare)
        for point in SENDING
        for passage in (2, 3)
    ),
]


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: f"{death.point} {death.passage}")
def test_a_call_for_people_survives_a_kill(workspace: Office, death: Death) -> None:
    """One reply, one card, one handoff: whatever the bot was doing when it died."""
    about = f"{death.point}, time {death.passage}"
    with bot(workspace, death) as process:
        asked = workspace.ask(workspace.ana, f"The vpn drops {about}")
        dies(process)
    with bot(workspace):
        card = workspace.card(workspace.mei, about)
        workspace.settle()
        assert [reply[:30] for reply in asked.replies] == ["This needs a person to look in"]
        assert len(card.replies) == 1
        assert len(workspace.cards(workspace.mei, about)) == 1


@pytest.mark.rare
@pytest.mark.parametrize("point", POINTS)
def test_a_press_survives_a_kill(workspace: Office, point: str) -> None:
    """*Take it*, and the bot dies on it: taken once and told once, or still there to be pressed."""
    with bot(workspace):
        asked = workspace.ask(workspace.ana, f"The vpn drops {point} of a press")
        card = workspace.card(workspace.mei, f"{point} of a press")
        workspace.settle()
    with bot(workspace, Death(point)) as process:
        # Where the bot dies before it acknowledged, the page says so, as Slack does.
        with contextlib.suppress(Refused):
            card.press("Take it")
        dies(process)
    with bot(workspace):
        workspace.settle()
        if workspace.rows("SELECT assignee FROM escalations ORDER BY id")[-1] == (None,):
            assert point == "before an event is stored"
            card.press("Take it")
        card.top_becomes("taken by <@U0MEI00001>")
        asked.waits_for("has taken")
        workspace.settle()
        assert asked.count("has taken") == 1
        assert card.whispers() == []


@pytest.mark.rare
def test_a_kill_amid_many_calls_loses_and_doubles_nothing(workspace: Office) -> None:
    """Of the calls under way some were carried out and not noted, some are carried out later."""
    workspace.fault("slow", "chat.postMessage", seconds=1.0, times=100, probability=0.5)
    workspace.fault("late_answer", "chat.postMessage", seconds=1.0, times=100)
    noted = "SELECT count(*) FROM outbox WHERE state = 'sent'"
    people = (workspace.ana, workspace.tom, workspace.mei, workspace.jonas, workspace.priya)
    with bot(workspace):
        before = workspace.rows(noted)[0][0]
        asked = [
            workspace.ask(each, f"my password, amid many {number}", place)
            for each in people
            for number, place in enumerate(("it-help", each.dm(BOT), each.dm(BOT)))
        ]
        workspace.ana.wait_for(lambda: under_way(workspace) >= MANY, PATIENCE_S)
        assert workspace.rows(noted)[0][0] - before < under_way(workspace)
    with bot(workspace):
        workspace.settle()
        for each in asked:
            assert len(each.replies) == 1, each.replies
            assert "Reset your password" in each.replies[0]


def under_way(office: Office) -> int:
    """How many posts Slack has begun with; answers to all of them are late."""
    begun = [entry for entry in office.playground.record() if entry.get("fault") == "slow"]
    carried_out = [call for call in office.calls("chat.postMessage") if call["took"] is not None]
    return len(begun) + len(carried_out)
