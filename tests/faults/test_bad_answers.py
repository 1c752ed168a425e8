"""Slack answers badly: cut off, for an hour not at all, of one method only, in another order."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.slack import app
from bot.slack.people.standings import Standings
from bot.worker import AT_ONCE
from tests.scenarios.office import BOT, Office
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

AN_HOUR = 3_600
READ = (
    "users.list", "users.info", "usergroups.list", "usergroups.users.list",
    "conversations.list", "conversations.open",
)  # fmt: skip
WRITTEN = ("chat.postMessage", "chat.update", "reactions.add", "views.publish")


def doctor(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the doctor beside the bot."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", office.playground.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", office.playground.app_token)
    monkeypatch.setenv("SLACK_API_URL", office.playground.api_url)
    config = office.folder / "frontline.toml"
    config.write_text(
        '[channels.it-help]\nmode = "questions"\n[groups.l2]\ntier = "L2"\n'
        'channel = "l2-support"\nusergroup = "l2-oncall"\n[groups.l3]\ntier = "L3"\n'
        'channel = "l3-engineering"\nusergroup = "l3-oncall"\n',
        "utf-8",
    )
    given = ["--config", str(config), "doctor", "--db", str(office.settings.db)]
    return CliRunner().invoke(frontline, given).output


@pytest.mark.parametrize("kind", ["cut", "drop"])
@pytest.mark.parametrize("method", [*READ, *WRITTEN])
def test_an_answer_that_is_cut_off_loses_and_doubles_nothing(
    tmp_path: Path, kind: str, method: str
) -> None:
    """By its length or by a proxy that calls it whole; of what is read and of what was done."""
    with Office(tmp_path) as office:
        office.fault(kind, method)
        asked = office.ask(office.ana, f"The vpn drops, cut off: {method}")
        card = office.card(office.mei, f"cut off: {method}")
        office.mei.open_home()
        card.press("Take it")
        card.top_becomes("taken by")
        added = asked.say("since monday")
        office.ana.wait_for(lambda: asked.marks(added) == ["eyes"], PATIENCE_S)
        office.settle()
        replies = asked.replies
        assert len(replies) == len(set(replies))
        assert asked.count("has taken") == 1
        assert len(office.cards(office.mei, f"cut off: {method}")) == 1
        assert card.count("> since monday") == 1
        assert office.rows("SELECT count(*) FROM outbox WHERE state = 'dead'") == [(0,)]
        assert office.rows("SELECT count(*) FROM sending_stops") == [(0,)]


@pytest.mark.parametrize("method", ["chat.update", "reactions.add", "views.publish"])
def test_a_limit_of_an_hour_on_one_method_stops_that_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Answers, cards and threads go on; the doctor says what waits, until when and why."""
    with Office(tmp_path) as office:
        office.fault("rate_limit", method, retry_after=AN_HOUR)
        asked = office.ask(office.ana, f"The vpn drops, limited: {method}")
        card = office.card(office.mei, f"limited: {method}")
        office.mei.open_home()
        card.press("Take it")
        asked.waits_for("has taken")
        asked.say("since monday")
        card.waits_for("> since monday")
        waits = (
            "SELECT count(*) FROM outbox WHERE state = 'pending' AND error LIKE '%asks to wait%'"
        )
        office.ana.wait_for(lambda: office.rows(waits) == [(1,)], PATIENCE_S)
        other = office.ask(office.tom, f"my password, limited: {method}")
        other.waits_for("Reset your password")
        said = doctor(office, monkeypatch)
        assert "waits until" in said
        assert "Slack asks to wait" in said
        assert "Everything else goes on" in said


def test_a_call_that_hangs_holds_nobody_else(tmp_path: Path) -> None:
    """Its answer never comes: others are answered meanwhile, and it is sent once in the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "TIMEOUT_S", 3)
        with Office(tmp_path) as office:
            office.fault("hang", "chat.postMessage", seconds=600)
            hung = office.ask(office.ana, "my password hangs", "ask-anything")
            office.ana.wait_for(
                lambda: [e for e in office.playground.record() if e["kind"] == "hang"], PATIENCE_S
            )
            others = [office.ask(office.tom, f"my password, number {n}") for n in range(8)]
            for other in others:
                other.waits_for("Reset your password")
            hung.waits_for("Reset your password")
            office.settle()
            calls = [str(e["arguments"].get("thread_ts")) for e in office.calls("chat.postMessage")]
            assert calls.index(hung.ts) > max(calls.index(other.ts) for other in others)
            assert all(len(each.replies) == 1 for each in (hung, *others))


def test_look_ups_that_hang_hold_nobody_else(tmp_path: Path) -> None:
    """More of them than messages are decided at once, and for longer than anybody waits here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "TIMEOUT_S", AN_HOUR)
        with Office(tmp_path) as office:
            engineers = (office.mei, office.jonas, office.priya)
            cards = []
            for number in range(AT_ONCE + 2):
                office.ask(office.ana, f"The vpn drops, case{number}xyz")
                cards.append(office.card(engineers[number % 3], f"case{number}xyz"))
            office.settle()
            office.fault("hang", "users.info", seconds=AN_HOUR, times=len(cards))
            # As a minute later: who somebody is is asked again at each press.
            patch.setattr(Standings.of, "__defaults__", (0.0,))
            for each in cards:
                Thread(
                    target=each.press_on, args=(each.messages[0], "Take it"), daemon=True
                ).start()
            hung = partial(hangs_of, office, "users.info")
            office.ana.wait_for(lambda: len(hung()) == len(cards), PATIENCE_S)
            office.ask(office.tom, "my password, another").waits_for("Reset your password")


def hangs_of(office: Office, method: str) -> list[dict[str, Any]]:
    """What hung of a method so far."""
    hung = (each for each in office.playground.record() if each["kind"] == "hang")
    return [each for each in hung if each["method"] == method]


@pytest.mark.parametrize("place", ["it-help", "direct"])
@pytest.mark.parametrize("edits", [1, 3])
def test_a_question_whose_edit_comes_first_is_answered_once_as_it_reads_now(
    office: Office, place: str, edits: int
) -> None:
    """The answer is to the last words, and the first ones come to nothing."""
    channel = office.tom.dm(BOT) if place == "direct" else place
    office.fault("delay_event", event_type="message", seconds=0.6)
    ts = office.tom.say(channel, f"how do I add a plant? {place} {edits}")
    for number in range(edits):
        office.tom.edit(channel, ts, f"how do I reset my password? {place} {edits} {number}")
    asked = office.screen(office.tom, channel, ts)
    asked.waits_for("Reset your password")
    office.tom.wait_for(
        lambda: office.rows("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)],
        PATIENCE_S,
    )
    office.settle()
    assert asked.count("Reset your password") == 1
    assert office.rows("SELECT count(*) FROM tickets WHERE asked_ts = ?", ts) == [(1,)]
