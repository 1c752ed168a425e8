"""Slack is slow, refuses, loses answers and connections: everything arrives, and arrives once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import Playground
from tests.scenarios.office import BOT, MEI, Office, configuration
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare


def test_a_rate_limit_is_obeyed(office: Office) -> None:
    """429 with Retry-After: nothing is sent to that channel before the time is up."""
    office.fault("rate_limit", "chat.postMessage", retry_after=2)
    asked = office.ask(office.ana, "my password is limited")
    asked.waits_for("Reset your password")
    refused = next(e for e in office.playground.record(office._since) if e["kind"] == "fault")
    posted = office.calls("chat.postMessage")
    assert posted[0]["at"] - refused["at"] >= 2
    office.settle()
    assert len(asked.replies) == len(posted) == 1


@pytest.mark.parametrize(("kind", "times"), [("lost_answer", 3), ("drop", 1), ("server_error", 1)])
def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    office: Office, kind: str, times: int
) -> None:
    """It is looked for before it is sent again: in a thread, or the card in a channel."""
    office.fault(kind, "chat.postMessage", times=times)
    asked = office.ask(office.ana, f"The vpn drops: {kind}")
    card = office.card(office.mei, f"The vpn drops: {kind}")
    office.settle()
    assert len(asked.replies) == 1
    assert len(card.replies) == 1
    assert len(office.cards(office.mei, f"The vpn drops: {kind}")) == 1
    card.press("Take it")
    card.top_becomes("taken by")


@pytest.mark.parametrize("kind", ["lost_answer", "server_error", "rate_limit"])
def test_an_edit_and_a_mark_survive_trouble(office: Office, kind: str) -> None:
    """Both can be repeated without harm."""
    asked = office.ask(office.ana, f"The vpn drops, edit: {kind}")
    card = office.card(office.mei, f"edit: {kind}")
    office.settle()
    office.fault(kind, "chat.update")
    office.fault(kind, "reactions.add")
    card.press("Take it")
    card.top_becomes("taken by")
    added = asked.say("more")
    card.waits_for("> more")
    office.ana.wait_for(lambda: asked.marks(added) == ["eyes"], PATIENCE_S)
    office.settle()
    assert card.count("> more") == 1


def test_user_groups_that_cannot_be_read_call_the_fallback(tmp_path: Path) -> None:
    """The card is posted all the same, and says what could not be read."""
    with Office(tmp_path, file=configuration(l2={"fallback": [MEI]})) as office:
        office.fault("server_error", "usergroups.list", times=5)
        office.ask(office.ana, "The vpn drops, who is there?")
        card = office.card(office.mei, "who is there?")
        assert "Slack's user groups cannot be read now" in card.top
        assert f"<@{MEI}>" in card.top


def test_a_direct_message_whose_answer_was_lost_is_not_sent_twice(tmp_path: Path) -> None:
    """A card that goes to somebody directly is looked for in the direct messages."""
    with Office(tmp_path, file=configuration(l3={"channel": "l3-moved-away"})) as office:
        office.fault("lost_answer", "chat.postMessage", times=3)
        asked = office.ask(office.tom, "The order system is down, lost and found")
        dm = office.priya.dm(BOT)
        card = office.card(office.priya, "lost and found", dm)
        office.settle()
        assert len(asked.replies) == 1
        assert len(card.replies) == 1
        assert len(office.cards(office.priya, "lost and found", dm)) == 1


def test_a_slow_slack_keeps_the_order(office: Office) -> None:
    """Two messages of one thread stand in the order in which they were decided."""
    office.fault("slow", "chat.postMessage", seconds=0.5, times=2)
    asked = office.ask(office.ana, "my password is slow")
    asked.waits_for("Reset your password")
    office.settle()
    asked.say("thank you")
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    said = [reply for reply in asked.replies if "Reset" in reply or "are welcome" in reply]
    assert "Reset your password" in said[0]
    assert len(said) == 2


def test_a_connection_dropped_mid_answer_loses_nothing(office: Office) -> None:
    """The answer goes over the Web API all the same; the connection comes back by itself."""
    office.fault("slow", "chat.postMessage", seconds=0.3)
    asked = office.ask(office.ana, "my password, and the line goes dead")
    office.playground.control("settle")
    office.playground.control("drop")
    asked.waits_for("Reset your password")
    again = office.ask(office.tom, "my password, on the new line")
    again.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == len(again.replies) == 1


def test_an_envelope_lost_on_the_way_is_delivered_again(office: Office) -> None:
    """Slack waits three seconds for the acknowledgement, then sends it once more."""
    office.fault("swallow")
    asked = office.ask(office.ana, "my password, swallowed")
    office.playground.advance(3)
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1


def test_a_word_more_that_arrives_before_its_question_is_kept(office: Office) -> None:
    """The question is lost on its way and comes again; what was added to it came through."""
    office.fault("swallow")
    asked = office.ask(office.ana, "The vpn drops, and is lost on its way")
    added = asked.say("and it drops again")
    # It is kept, unless the question was found in Slack's history by then.
    office.ana.wait_for(
        lambda: office.rows(
            "SELECT 1 FROM inbox WHERE state = 'early' "
            "UNION ALL SELECT 1 FROM tickets WHERE question LIKE '%lost on its way'"
        ),
        PATIENCE_S,
    )
    office.playground.advance(3)
    card = office.card(office.mei, "lost on its way")
    office.settle()
    assert office.rows("SELECT count(*) FROM conversation WHERE ts = ?", added) == [(1,)]
    assert "and it drops again" in "\n".join(card.replies)


def test_slack_asks_to_reconnect(office: Office) -> None:
    """`refresh_requested`, some times a day: nobody notices."""
    office.playground.control("disconnect", reason="refresh_requested")
    asked = office.ask(office.ana, "my password, refreshed")
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1


def test_the_workspace_restarts_while_the_bot_runs(tmp_path: Path) -> None:
    """The bot reconnects, finds its messages again, and goes on where it was."""
    with Office(tmp_path, state=tmp_path / "workspace.db") as office:
        asked = office.ask(office.ana, "The vpn drops before the restart")
        card = office.card(office.mei, "before the restart")
        office.settle()
        port = office.playground._port
        office.playground.stop()
        office.playground = Playground(state=tmp_path / "workspace.db", port=port).start()
        office.ana.wait_for(lambda: office.ana.boot()["is_connected"], 40)
        card.press("Take it")
        asked.waits_for("has taken")
        office.ask(office.tom, "my password after the restart").waits_for("Reset your password")
        office.settle()
        assert asked.count("has taken") == 1
