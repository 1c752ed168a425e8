"""Frontline itself fails: nobody is left in silence, and nothing is done twice."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from bot.playground.errors import Refused
from bot.store.inbox import Inbox

if TYPE_CHECKING:
    from bot.bootstrap import Application
    from tests.scenarios.office import Office


def failing_put(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let the store refuse the next deliveries, as a full disk does."""
    put, left = Inbox.put, list(range(times))

    def refuse(inbox: Inbox, delivery: Any) -> bool:
        if left:
            left.pop()
            raise sqlite3.OperationalError("database or disk is full")
        return put(inbox, delivery)

    monkeypatch.setattr(Inbox, "put", refuse)


def test_an_event_that_could_not_be_stored_is_not_acknowledged(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack delivers it again, and then it is answered exactly once."""
    failing_put(monkeypatch, times=1)
    asked = office.ask(office.ana, "my password, and a full disk")
    # The client acknowledges at once or never: after three seconds Slack tries again.
    office.ana.wait_for(lambda: envelopes(office, "full disk"))
    office.playground.advance(3)
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1
    sent = envelopes(office, "full disk")
    assert [envelope["retry_attempt"] for envelope in sent] == [0, 1]
    acknowledged = [
        entry["envelope_id"]
        for entry in office.playground.record(office._since)
        if entry["kind"] == "ack"
    ]
    assert sent[0]["envelope_id"] not in acknowledged
    assert sent[1]["envelope_id"] in acknowledged


def envelopes(office: Office, phrase: str) -> list[dict[str, Any]]:
    """The envelopes in which a message went out."""
    return [
        entry["envelope"]
        for entry in office.playground.record(office._since)
        if entry["kind"] == "envelope" and phrase in str(entry["envelope"]["payload"])
    ]


def test_a_press_that_could_not_be_stored_is_said_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack shows the presser a warning; pressing again works."""
    asked = office.ask(office.ana, "my password, and a press")
    asked.waits_for("Reset your password")
    office.settle()
    failing_put(monkeypatch, times=1)
    with ThreadPoolExecutor(1) as beside:
        pressed = beside.submit(asked.press, "That solved it")
        office.ana.wait_for(lambda: envelopes(office, "frontline.solved"))
        office.playground.advance(3)
        with pytest.raises(Refused, match="did not respond in time"):
            pressed.result(10)
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    office.settle()
    assert asked.count("Glad that it is solved") == 1


def test_a_handler_that_fails_apologises_and_calls_a_person(office: Office) -> None:
    """No traceback on anybody's screen; the question reaches L2 all the same."""
    asked = office.ask(office.ana, "please divide by zero")
    apology = asked.waits_for("I am sorry, something went wrong on my side")
    assert "I have passed it to a person as *T-" in apology
    card = office.card(office.mei, "divide by zero")
    assert "Frontline itself failed on this message (TriageBrokenError)." in card.top
    office.settle()
    assert len(asked.replies) == 1
    card.press("Take it")
    asked.waits_for("has taken")
    for call in office.calls("chat.postMessage"):
        assert "Traceback" not in str(call["arguments"])
    assert [row["error"] for row in application(office).store.inbox.failures()] == [
        "TriageBrokenError"
    ]


def test_a_follow_up_that_fails_calls_a_person_too(office: Office) -> None:
    """Also in the middle of a conversation."""
    asked = office.ask(office.ana, "my password, for now")
    asked.waits_for("Reset your password")
    office.settle()
    asked.say("and now divide by zero")
    asked.waits_for("something went wrong on my side")
    assert "<@U0ANA00001>: and now divide by zero" in office.card(office.mei, "for now").waits_for(
        "Handoff of"
    )


def test_a_failing_press_is_said_privately_and_can_be_repeated(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice tried, then the presser alone is told; nothing was changed."""
    asked = office.ask(office.ana, "my password, broken button")
    asked.waits_for("Reset your password")
    office.settle()
    with monkeypatch.context() as broken:
        broken.setattr("bot.service.asking.answering.withdraw", _fails)
        asked.press("That solved it")
        asked.waits_for_whisper("that went wrong on my side and nothing was changed")
    assert "[That solved it]" in asked.replies[0]
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")


def _fails(*_: Any) -> None:
    raise ZeroDivisionError


def test_a_failure_that_passes_is_not_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt fails, the second succeeds: one answer, no apology."""
    triage, left = office.triager.triage, [True]

    def stumble(text: str, **named: Any) -> Any:
        if left:
            left.pop()
            raise TimeoutError(text)
        return triage(text, **named)

    monkeypatch.setattr(office.triager, "triage", stumble)
    asked = office.ask(office.ana, "my password, second try")
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1


def test_a_locked_database_is_waited_for(office: Office) -> None:
    """Somebody else writes for a second: events wait, and are answered in the end."""
    other = sqlite3.connect(office.settings.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = office.ask(office.ana, "my password, patiently")
    office.ana.wait_for(lambda: envelopes(office, "patiently"))
    other.execute("COMMIT")
    other.close()
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1


def test_a_stop_and_a_start_pick_up_what_was_left(office: Office) -> None:
    """What people wrote while the bot was away is answered when it comes back."""
    office.bot_leaves()
    asked = office.ask(office.ana, "my password, while you were away")
    office.bot_comes()
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1


def application(office: Office) -> Application:
    """The running bot."""
    assert office.application is not None
    return office.application
