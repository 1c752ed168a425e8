"""Nobody was there for a while: what was written is found in Slack, and handled once."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground import Playground
from bot.store.inbox import Inbox
from tests.scenarios.office import BOT, Office
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare

MINUTES = 20


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Office]:
    """An office whose bot was at work, and has gone."""
    with Office(tmp_path) as office:
        office.ask(office.ana, "my password, before").waits_for("Reset your password")
        office.settle()
        yield office


def come_back(office: Office) -> None:
    """Let twenty minutes pass, so that Slack gives up delivering; then let the bot come."""
    pass_in_vain(office)
    office.bot_comes()


def pass_in_vain(office: Office) -> None:
    """Let time pass until Slack has given up what it could not deliver, and then some."""
    for _ in range(20):
        office.playground.advance(5 * 60)
        office._pause.wait(0.05)
        if not office.unacknowledged():
            break
    assert office.unacknowledged() == 0, "Slack has not given up"
    office.playground.advance(MINUTES * 60)


def test_ten_questions_of_twenty_minutes_are_all_answered_once_and_said_late(away: Office) -> None:
    """In the channel and directly; each answer says when it was asked."""
    away.bot_leaves()
    direct = away.tom.dm(BOT)
    asked = [away.ask(away.ana, f"my password is gone, {n}") for n in range(5)]
    asked += [away.ask(away.tom, f"my password, directly, {n}", direct) for n in range(3)]
    asked += [away.ask(away.ana, f"The vpn drops, {n}", "ask-anything") for n in range(2)]
    come_back(away)
    for question in asked[:8]:
        assert "asked at" in question.waits_for("Reset your password")
    for question in asked[8:]:
        assert "asked at" in question.waits_for("specialists on call")
    away.settle()
    assert [len(question.replies) for question in asked] == [1] * 10
    assert len(away.rows("SELECT 1 FROM tickets")) == 11


def test_what_was_said_in_a_known_thread_is_found_as_well(away: Office) -> None:
    """A follow-up reaches the engineers, and an answer to a new question its asker's next word."""
    open_ticket = away.ask(away.ana, "The vpn drops, since noon")
    card = away.card(away.mei, "since noon")
    away.settle()
    away.bot_leaves()
    open_ticket.say("and it is slow as well")
    new = away.ask(away.tom, "my password, and then more")
    new.say("thank you in advance")
    come_back(away)
    card.waits_for("> and it is slow as well")
    new.waits_for("Reset your password")
    away.settle()
    assert card.count("> and it is slow as well") == 1
    said = away.rows("SELECT text FROM conversation WHERE author = ?", away.tom.id)
    assert ("thank you in advance",) in said


def test_an_edit_meanwhile_is_followed_and_a_deleted_question_is_withdrawn(away: Office) -> None:
    """As if somebody had been there."""
    edited = away.ask(away.ana, "The vpn drops, to be edited")
    card = away.card(away.mei, "to be edited")
    taken_back = away.ask(away.tom, "The vpn drops, to be taken back")
    other = away.card(away.mei, "to be taken back")
    away.settle()
    away.bot_leaves()
    away.ana.edit("it-help", edited.ts, "The vpn drops, and was edited")
    away.tom.delete("it-help", taken_back.ts)
    rewritten = away.ask(away.ana, "my pasword")
    away.ana.edit("it-help", rewritten.ts, "my password, rewritten")
    gone = away.ask(away.ana, "my password, which I found again")
    away.ana.delete("it-help", gone.ts)
    come_back(away)
    rewritten.waits_for("Reset your password")
    card.waits_for("> The vpn drops, and was edited")
    other.waits_for("nobody is needed any more")
    away.settle()
    assert len(away.rows("SELECT 1 FROM tickets")) == 4
    assert sum("changed a message to" in reply for reply in card.replies) == 1


def test_coming_back_twice_handles_nothing_twice(away: Office) -> None:
    """What was read once is known."""
    away.bot_leaves()
    asked = away.ask(away.ana, "my password, once only")
    come_back(away)
    asked.waits_for("Reset your password")
    away.settle()
    away.bot_leaves()
    come_back(away)
    away.ask(away.ana, "my password, afterwards").waits_for("Reset your password")
    away.settle()
    assert len(asked.replies) == 1


def test_slack_restarts_and_has_forgotten_what_it_had_to_deliver(tmp_path: Path) -> None:
    """The bot stays; the gap is read when the new connection stands."""
    with Office(tmp_path, state=tmp_path / "workspace.db") as office:
        office.ask(office.ana, "my password, before").waits_for("Reset your password")
        office.settle()
        port = office.playground._port
        office.playground.control("mute")
        asked = office.ask(office.ana, "my password, unheard")
        pass_in_vain(office)
        office.playground.stop()
        office.playground = Playground(state=tmp_path / "workspace.db", port=port).start()
        office.ana.wait_for(lambda: office.ana.boot()["is_connected"], 40)
        asked.waits_for("Reset your password")
        office.settle()
        assert len(asked.replies) == 1


@pytest.mark.parametrize("where", ["it-help", "a direct message", "a thread that is known"])
def test_what_no_disk_took_for_an_hour_is_read_from_slack_by_itself(
    away: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Slack has given up, the line was never away, and nobody starts anything again."""
    before = away.ask(away.ana, f"my password, before the disk is full ({where})")
    before.waits_for("Reset your password")
    away.settle()
    put = Inbox.put

    def refuse(*_: Any) -> bool:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Inbox, "put", refuse)
    channel = away.ana.dm(BOT) if where == "a direct message" else "it-help"
    if where == "a thread that is known":
        asked = before
        before.say("that did not help at all, I need a person")
    else:
        asked = away.ask(away.ana, "my password, and no disk takes it", channel)
    seen = len(asked.replies)
    pass_in_vain(away)
    listening = away._working().listening
    assert listening._slips.since is not None
    # Slack's clock went ahead, ours did not: it slipped as long ago as Slack says.
    listening._slips.since -= 3 * 3_600
    monkeypatch.setattr(Inbox, "put", put)
    away.ana.wait_for(lambda: len(asked.replies) > seen, PATIENCE_S)
    away.settle()
    away.ana.wait_for(lambda: listening._slips.since is None, PATIENCE_S)
